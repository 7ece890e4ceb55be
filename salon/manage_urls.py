"""The addresses under Manage."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from salon import manage_views as views

app_name = "manage"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="manage:services"), name="start"),
    path("services/", views.services, name="services"),
    path("services/new/", views.new_service, name="new_service"),
    path("services/<int:pk>/", views.service, name="service"),
    path("services/<int:pk>/archive/", views.archive, name="archive_service"),
    path("services/<int:pk>/restore/", views.restore, name="restore_service"),
]
