"""The addresses of the whole site. Upper apps are named as strings only."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path

from salon import switch_views, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", views.log_in, name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("location/", views.switch_location, name="switch-location"),
    path("switch/", switch_views.switch, name="switch"),
    path("switch/here/", switch_views.here, name="still-here"),
    path("switch/look/", switch_views.look, name="still-there"),
    path("pin/", switch_views.my_pin, name="my-pin"),
    path("till/switch/", views.switch_till, name="switch-till"),
    path("search/", views.search_everything, name="search"),
    path("admin/login/", views.admin_log_in),
    path("admin/", admin.site.urls),
    path("manage/", include("salon.manage_urls")),
    path("", include("appointments.urls")),
    path("", include("clients.urls")),
    path("", include("ledger.urls")),
    path("", include("cards.urls")),
    path("", include("checkout.urls")),
    path("", include("giftcards.urls")),
    path("", include("deposits.urls")),
    path("", include("memberships.urls")),
    path("", include("reports.urls")),
    path("", include("imports.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("outbox/", include("salon.outbox_urls")))

handler403 = "salon.views.forbidden"
handler500 = "salon.views.server_error"
