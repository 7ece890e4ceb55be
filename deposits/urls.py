"""Addresses of deposits at the desk, of the public booking pages, and of a client's own links."""

from django.urls import path

from deposits.views import (
    booking,
    booking_done,
    booking_embed,
    booking_link,
    booking_pay,
    exceptions,
    fates,
    fees,
    manage,
    of_visit,
    visit,
    visit_move,
    wallet,
    worklists,
)

app_name = "deposits"

urlpatterns = [
    # The public booking pages. What is fixed goes before what a location or a token may be called.
    path("book/", booking.locations, name="book"),
    path("book/embed.js", booking_embed.script, name="book_embed"),
    path("book/<slug:slug>/", booking.services, name="book_services"),
    path("book/<slug:slug>/who/", booking.staff, name="book_staff"),
    path("book/<slug:slug>/when/", booking.times, name="book_times"),
    path("book/<slug:slug>/you/", booking_pay.details, name="book_details"),
    path("book/<slug:slug>/pay/", booking_pay.pay, name="book_pay"),
    path("book/done/<str:token>/", booking_done.done, name="book_done"),
    path("book/done/<str:token>/again/", booking_done.again, name="book_again"),
    path("book/done/<str:token>/visit.ics", booking_done.calendar, name="book_calendar"),
    path("deposit/<str:token>/", booking_link.pay, name="pay"),
    # At the desk: the worklists, a visit's deposit, a client's
    path("deposits/", worklists.held, name="held"),
    path("deposits/stranded/", worklists.stranded, name="stranded"),
    path("deposits/waiting/", worklists.waiting, name="waiting"),
    path("deposits/fees/", worklists.fees, name="fees"),
    path("deposits/requests/<uuid:uuid>/send/", worklists.send_again, name="send_again"),
    path("deposits/requests/<uuid:uuid>/call-off/", worklists.call_off, name="call_off"),
    path("deposits/requests/<uuid:uuid>/look/", worklists.look, name="look"),
    path("deposits/visits/<uuid:uuid>/", of_visit.of_visit, name="of_visit"),
    path("deposits/visits/<uuid:uuid>/take/", of_visit.take, name="take"),
    path("clients/<int:pk>/deposits/", exceptions.of_client, name="of_client"),
    path("clients/<int:pk>/deposits/exception/", exceptions.exception, name="exception"),
    # What becomes of a deposit, and the fees beyond it
    path("deposits/visits/<uuid:uuid>/decide/", fates.decide_by_hand, name="decide"),
    path("deposits/fates/<uuid:uuid>/undo/", fates.undo_fate, name="undo_fate"),
    path("deposits/fees/<uuid:uuid>/collect/", fees.collect_fee, name="collect_fee"),
    path("deposits/fees/<uuid:uuid>/take/", fees.take_fee, name="take_fee"),
    path("deposits/fees/<uuid:uuid>/waive/", fees.waive_fee, name="waive_fee"),
    # A client's own visit and wallet, by signed links
    path("visit/<str:token>/", visit.visit, name="visit"),
    path("visit/<str:token>/calendar/", visit.calendar, name="visit_calendar"),
    path("visit/<str:token>/move/", visit_move.move, name="visit_move"),
    path("visit/<str:token>/cancel/", visit.cancel, name="visit_cancel"),
    path("wallet/", wallet.ask, name="wallet_ask"),
    path("wallet/<str:token>/", wallet.wallet, name="wallet"),
    path("wallet/<str:token>/history/", wallet.history, name="wallet_history"),
    path("wallet/<str:token>/receipt/<uuid:order>/", wallet.receipt, name="wallet_receipt"),
    path("wallet/<str:token>/deposit/<uuid:asked>/", wallet.pay, name="wallet_pay"),
    path("clients/<int:client>/wallet-link/", wallet.send_link, name="send_wallet_link"),
    # The owner's policy
    path("manage/deposits/", manage.policy, name="policy"),
    path("manage/deposits/rules/new/", manage.rule, name="new_rule"),
    path("manage/deposits/rules/<int:pk>/", manage.rule, name="rule"),
    path("manage/deposits/rules/<int:pk>/archive/", manage.archive, name="archive_rule"),
    path("manage/deposits/rules/<int:pk>/restore/", manage.restore, name="restore_rule"),
]
