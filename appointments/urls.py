"""Today, at the root of the site, and what one does to a visit."""

from django.urls import path

from appointments.views import acts, book, client, day, entry, give, hours, move, visit

app_name = "appointments"
urlpatterns = [
    path("", day.today, name="today"),
    path("calendar/", book.book, name="book"),
    path("calendar/week/", book.book_week, name="book_week"),
    path("visits/new/", entry.new, name="new"),
    path("visits/<uuid:uuid>/", visit.visit, name="visit"),
    path("visits/<uuid:uuid>/edit/", entry.edit, name="edit"),
    path("visits/<uuid:uuid>/cancel/", acts.cancel_visit, name="cancel"),
    path("visits/<uuid:uuid>/move/", move.move_visit, name="move"),
    path("visits/<uuid:uuid>/give/", give.give_visit, name="give"),
    path("visits/<uuid:uuid>/give/clients/", give.clients_for, name="give_clients"),
    path("visits/<uuid:uuid>/check-in/", acts.check_in_visit, name="check_in"),
    path("visits/<uuid:uuid>/restore/", acts.restore_visit, name="restore"),
    path("manage/hours/", hours.hours, name="hours"),
    path("manage/hours/location/", hours.week, name="opening_hours"),
    path("manage/hours/staff/<int:pk>/", hours.week, name="staff_hours"),
    path("manage/hours/time-off/", hours.new_time_off, name="new_time_off"),
    path("manage/hours/time-off/<uuid:uuid>/remove/", hours.end_time_off, name="end_time_off"),
    path("clients/<int:pk>/visits/", client.client_visits, name="client_visits"),
]
