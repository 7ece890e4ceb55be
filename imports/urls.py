"""Addresses of imports."""

from django.urls import path

from imports.views import beginning, columns, one, rows, taking

app_name = "imports"

urlpatterns = [
    path("imports/", beginning.imports, name="list"),
    path("imports/new/", beginning.new, name="new"),
    path("imports/<uuid:uuid>/", one.one, name="one"),
    path("imports/<uuid:uuid>/columns/", columns.columns, name="columns"),
    path("imports/<uuid:uuid>/check/", columns.check_again, name="check_again"),
    path("imports/<uuid:uuid>/progress/", one.progress, name="progress"),
    path("imports/<uuid:uuid>/rows/<int:number>/", rows.decide_row, name="decide"),
    path("imports/<uuid:uuid>/problems/", rows.problems, name="problems"),
    path("imports/<uuid:uuid>/take-in/", taking.take_in, name="take_in"),
    path("imports/<uuid:uuid>/discard/", taking.leave, name="discard"),
    path("imports/<uuid:uuid>/again/", taking.ask_again, name="ask_again"),
    path("imports/<uuid:uuid>/take-back/", taking.take_out, name="take_back"),
]
