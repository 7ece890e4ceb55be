"""Addresses of deposits at the desk, of the public booking pages, and of a client's own links."""

from django.urls import URLPattern

app_name = "deposits"

urlpatterns: list[URLPattern] = []
