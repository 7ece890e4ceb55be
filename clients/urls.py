"""The addresses of clients; ledger and checkout add pages below /clients/<id>/."""

from django.urls import path

from clients import merge_views, standing_views, views

app_name = "clients"
urlpatterns = [
    path("clients/", views.client_list, name="list"),
    path("clients/search/", views.search, name="search"),
    path("clients/new/", views.new, name="new"),
    path("clients/<int:pk>/", views.detail, name="detail"),
    path("clients/<int:pk>/edit/", views.edit, name="edit"),
    path("clients/<int:pk>/merge/", merge_views.merge, name="merge"),
    path("clients/<int:pk>/archive/", standing_views.archive, name="archive"),
    path("clients/<int:pk>/restore/", standing_views.restore, name="restore"),
    path("clients/<int:pk>/block/", standing_views.block, name="block"),
    path("clients/<int:pk>/unblock/", standing_views.unblock, name="unblock"),
]
