"""Addresses of memberships at the desk, of the public pages, and of a member's own link."""

from django.urls import path

from memberships.views import (
    desk,
    desk_acts,
    figures,
    join,
    join_done,
    own,
    own_ask,
    own_card,
    report,
)

app_name = "memberships"

urlpatterns = [
    # At the desk
    path("memberships/figures/", figures.figures, name="figures"),
    path("memberships/report/", report.report, name="report"),
    path("memberships/", desk.memberships, name="list"),
    path("memberships/<uuid:uuid>/", desk.one, name="one"),
    path("memberships/<uuid:uuid>/send-link/", desk_acts.send_link, name="send_link"),
    path("memberships/<uuid:uuid>/<slug:code>/", desk_acts.act, name="act"),
    path("memberships/periods/<uuid:uuid>/retry/", desk_acts.retry_period, name="retry"),
    path("memberships/periods/<uuid:uuid>/take/", desk_acts.take, name="take"),
    path("memberships/periods/<uuid:uuid>/charge/", desk_acts.charge, name="charge"),
    path("memberships/periods/<uuid:uuid>/skip/", desk_acts.skip, name="skip"),
    path("clients/<int:pk>/memberships/", desk.of_client, name="of_client"),
    path("sales/<uuid:order>/memberships/<int:pk>/", desk.at_checkout, name="at_checkout"),
    # For strangers
    path("join/", join.plans, name="join"),
    path("join/done/<str:token>/", join_done.done, name="join_done"),
    path("join/again/<str:token>/", join_done.again, name="join_again"),
    path("join/<slug:slug>/", join.plan, name="join_plan"),
    # By a member's own link
    path("membership/", own_ask.ask, name="own_ask"),
    path("membership/<str:token>/", own.own, name="own"),
    path("membership/<str:token>/pay/", own.pay, name="own_pay"),
    path("membership/<str:token>/card/", own_card.card, name="own_card"),
    path("membership/<str:token>/card/back/", own_card.card_back, name="own_card_back"),
    path("membership/<str:token>/cancel/", own.cancel, name="own_cancel"),
    path("membership/<str:token>/keep/", own.keep, name="own_keep"),
    path("membership/<str:token>/receipt/<uuid:order>/", own.receipt, name="own_receipt"),
]
