"""The addresses of the whole site. Upper apps are named as strings only."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path

from salon import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", views.log_in, name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("location/", views.switch_location, name="switch-location"),
    path("search/", views.search_everything, name="search"),
    path("admin/login/", views.admin_log_in),
    path("admin/", admin.site.urls),
    path("", include("appointments.urls")),
    path("", include("clients.urls")),
    path("", include("ledger.urls")),
    path("", include("checkout.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("outbox/", include("salon.outbox_urls")))

handler403 = "salon.views.forbidden"
handler500 = "salon.views.server_error"
