"""The addresses of clients; ledger and checkout add pages below /clients/<id>/."""

from django.urls import path

from clients import views

app_name = "clients"
urlpatterns = [
    path("clients/", views.client_list, name="list"),
    path("clients/search/", views.search, name="search"),
    path("clients/new/", views.new, name="new"),
    path("clients/<int:pk>/", views.detail, name="detail"),
    path("clients/<int:pk>/edit/", views.edit, name="edit"),
]
