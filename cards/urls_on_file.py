"""Addresses of cards on file: the desk's, and the page on a client's phone."""

from django.urls import path

from cards.views import adding, on_file, saving

on_file_urls = [
    path("clients/<int:pk>/cards/", on_file.of_client, name="of_client"),
    path("clients/<int:pk>/cards/add/", adding.add, name="add_card"),
    path("clients/<int:pk>/cards/<int:card>/default/", on_file.choose_default, name="default_card"),
    path("clients/<int:pk>/cards/<int:card>/remove/", on_file.remove, name="remove_card"),
    path("cards/savings/<uuid:saving>/code/", adding.code, name="code"),
    path("cards/savings/<uuid:saving>/back/", adding.back, name="saving_back"),
    path("cards/savings/<uuid:saving>/cancel/", adding.cancel, name="cancel_saving"),
    path("keep-card/<uuid:saving>/<str:signature>/", saving.keep, name="keep"),
]
