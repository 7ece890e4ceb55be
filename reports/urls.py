"""Addresses of the reports."""

from django.urls import path

from reports.views import (
    account,
    audit,
    balances,
    breakage,
    day_close,
    deposits,
    dormant,
    gift_cards,
    index,
    ious,
    journal,
    liability,
    movements,
    settle_up,
    tips,
    trial_balance,
    usage,
)

app_name = "reports"

urlpatterns = [
    path("reports/", index.index, name="index"),
    path("reports/day/", day_close.page, name="day-close"),
    path("reports/liability/", liability.page, name="liability"),
    path("reports/dormant/", dormant.page, name="dormant"),
    path("reports/movements/", movements.page, name="movements"),
    path("reports/usage/", usage.page, name="usage"),
    path("reports/balances/", balances.page, name="balances"),
    path("reports/ious/", ious.page, name="ious"),
    path("reports/gift-cards/", gift_cards.page, name="gift_cards"),
    path("reports/breakage/", breakage.page, name="breakage"),
    path("reports/trial-balance/", trial_balance.page, name="trial_balance"),
    path("reports/accounts/<int:pk>/", account.page, name="account"),
    path("reports/entries/<int:pk>/", account.entry, name="entry"),
    path("reports/ties/<slug:key>/", index.ties, name="ties"),
    path("reports/deposits/", deposits.page, name="deposits"),
    path("reports/settle-up/", settle_up.page, name="settle-up"),
    path("reports/tips/", tips.page, name="tips"),
    path("reports/journal/", journal.page, name="journal"),
    path("reports/audit/", audit.audit, name="audit"),
]
