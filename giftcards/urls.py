"""Addresses of gift cards: the desk's pages, the checkout's look-up, and the card's own page."""

from django.urls import path

from giftcards.views import cards, paying, public

app_name = "giftcards"

urlpatterns = [
    path("gift-cards/", cards.cards, name="list"),
    path("gift-cards/look-up/", cards.look_up, name="look_up"),
    path("gift-cards/<uuid:card>/", cards.card, name="card"),
    path("gift-cards/<uuid:card>/print/", cards.printed, name="print"),
    path("gift-cards/<uuid:card>/send/", cards.send, name="send"),
    path("gift-cards/<uuid:card>/block/", cards.block_card, name="block"),
    path("gift-cards/<uuid:card>/unblock/", cards.unblock_card, name="unblock"),
    path("sales/<uuid:order>/gift-cards/", cards.of_sale, name="of_sale"),
    path("sales/<uuid:order>/gift-card/", paying.find, name="find"),
    path("gift/<uuid:card>/<str:signature>/", public.gift, name="public"),
]
