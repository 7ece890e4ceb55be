"""Checkout's addresses: making a sale, and what can be done with one that is made."""

from django.urls import path

from checkout.views import (
    client,
    closing,
    deposit,
    discounts,
    lines,
    opening,
    order,
    payments,
    receipts,
    refunds,
    sales,
    settling,
    tills,
    visit_chips,
    voids,
)

app_name = "checkout"

urlpatterns = [
    # Making a sale
    path("sales/new/", opening.new, name="new"),
    path("sales/for-visit/<uuid:visit>/", opening.for_visit, name="open_for_visit"),
    path("sales/add-to-balance/<int:client>/", opening.add_to_balance, name="add_to_balance"),
    path("sales/for-visits/chips/", visit_chips.visit_chips, name="visit_chips"),
    path("sales/<uuid:order>/", order.order, name="order"),
    path("sales/<uuid:order>/state/", order.state, name="state"),
    path("sales/<uuid:order>/client/", client.client, name="client"),
    path("sales/<uuid:order>/lines/<slug:kind>/", lines.add_line, name="add_line"),
    path("sales/<uuid:order>/line/<uuid:line>/", lines.line, name="line"),
    path("sales/<uuid:order>/line/<uuid:line>/remove/", lines.remove, name="remove_line"),
    path("sales/<uuid:order>/settle/", settling.settle, name="settle"),
    path("sales/<uuid:order>/line/<uuid:line>/discount/", discounts.discount, name="discount_line"),
    path("sales/<uuid:order>/discount/", discounts.discount, name="discount"),
    path(
        "sales/<uuid:order>/discount/<uuid:discount>/remove/",
        discounts.remove,
        name="remove_discount",
    ),
    path("sales/<uuid:order>/payments/<slug:kind>/", payments.pay, name="pay"),
    path("sales/<uuid:order>/payment/<uuid:tender>/back/", payments.back, name="take_back"),
    path("sales/<uuid:order>/deposit/", deposit.deposit, name="deposit"),
    path("sales/<uuid:order>/close/", closing.close, name="close"),
    path("sales/<uuid:order>/closed/", closing.closed, name="closed"),
    # Sales that are made: list, receipt, refund, void
    path("sales/", sales.sales, name="list"),
    path("sales/<uuid:order>/receipt/", receipts.receipt, name="receipt"),
    path("sales/<uuid:order>/receipt/email/", receipts.email, name="email_receipt"),
    path("sales/<uuid:order>/refund/", refunds.refund, name="refund"),
    path("sales/<uuid:order>/refund/preview/", refunds.preview, name="refund_preview"),
    path(
        "sales/<uuid:order>/refund/<uuid:refund>/receipt/",
        receipts.refund_receipt,
        name="refund_receipt",
    ),
    path("sales/<uuid:order>/void/", voids.void, name="void"),
    path("clients/<int:client>/sales/", sales.client_sales, name="client_sales"),
    # The till
    path("till/", tills.till, name="till"),
    path("till/sessions/", tills.sessions, name="till_sessions"),
    path("till/sessions/<uuid:session>/", tills.session, name="till_session"),
    path("till/<int:till>/", tills.till, name="till_of"),
    path("till/<int:till>/open/", tills.open_, name="open_till"),
    path("till/<int:till>/pay-in/", tills.pay, {"direction": "in"}, name="pay_in"),
    path("till/<int:till>/pay-out/", tills.pay, {"direction": "out"}, name="pay_out"),
    path("till/<int:till>/close/", tills.close, name="close_till"),
]
