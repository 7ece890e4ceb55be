"""Addresses of cards."""

from django.urls import URLPattern, path

from cards.urls_on_file import on_file_urls
from cards.views import events

app_name = "cards"

urlpatterns: list[URLPattern] = [
    path("cards/events/", events.take, name="events"),
    *on_file_urls,
]
