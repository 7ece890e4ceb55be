"""Today, at the root of the site, and what one does to a visit."""

from django.urls import path

from appointments.views import acts, client, day, entry

app_name = "appointments"
urlpatterns = [
    path("", day.today, name="today"),
    path("visits/new/", entry.new, name="new"),
    path("visits/<uuid:uuid>/edit/", entry.edit, name="edit"),
    path("visits/<uuid:uuid>/cancel/", acts.cancel_visit, name="cancel"),
    path("visits/<uuid:uuid>/check-in/", acts.check_in_visit, name="check_in"),
    path("visits/<uuid:uuid>/restore/", acts.restore_visit, name="restore"),
    path("clients/<int:pk>/visits/", client.client_visits, name="client_visits"),
]
