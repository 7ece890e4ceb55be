"""Taking payments, and taking them back while the order is open."""

import uuid as uuids

from django.http import HttpResponseBase, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from checkout.errors import StaleOrder
from checkout.forms.base import ActForm
from checkout.forms.payments import TakeBackForm
from checkout.models import Tender
from checkout.offering import Outcome, PaymentOffer, payment_offer
from checkout.presenting import OrderPage
from checkout.shown_tenders import ShownTender
from checkout.taking_back import take_back
from checkout.views.answering import (
    afresh,
    context_of,
    done,
    first_error,
    go,
    on_open_order,
    panel_of,
    sale,
    sheet,
    tried,
)
from checkout.ways_open import ways_open
from salon import said
from salon.http import DeskRequest


@require_http_methods(["GET", "HEAD", "POST"])
@on_open_order
def pay(request: DeskRequest, page: OrderPage, kind: str) -> HttpResponseBase:
    """The panel of one way to pay, and taking the payment."""
    offer = payment_offer(kind)
    if request.method != "POST":
        return _panel(request, page, offer)
    form = offer.form(request.POST, order=page.order, desk=page.desk)
    form.came_from = request.build_absolute_uri("/").rstrip("/")
    if tried(form, lambda: offer.take(page, form)):
        outcome = form.made if isinstance(form.made, Outcome) else Outcome("Payment taken.")
        if outcome.address:
            return go(request, outcome.address)
        return done(request, page.order, say=outcome.say, is_paying=True)
    return _again(request, page, offer, form)


def _panel(request: DeskRequest, page: OrderPage, offer: PaymentOffer) -> HttpResponseBase:
    if not page.can_pay or not offer.buttons(page):
        return sale(request, page)
    initial = offer.initial(page, request.GET)
    form = offer.form(order=page.order, desk=page.desk, initial=initial)
    panel = panel_of(offer, page, form, request.GET)
    if not request.htmx:
        return sale(request, page, panel=panel)
    return render(request, "checkout/_tendering.html", context_of(page) | {"panel": panel})


def _again(
    request: DeskRequest, page: OrderPage, offer: PaymentOffer, form: ActForm
) -> HttpResponseBase:
    """The panel with what was typed and why it was refused, on the order as it stands now."""
    status = 409 if form.is_stale else 422
    fresh = afresh(request, page.order)
    if not fresh.can_pay:
        refusal = first_error(form)
        return sale(request, fresh, refusal=refusal, is_paying=True, status=status)
    panel = panel_of(offer, fresh, form, QueryDict())
    return sale(request, fresh, panel=panel, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@on_open_order
def back(request: DeskRequest, page: OrderPage, tender: uuids.UUID) -> HttpResponseBase:
    """The sheet that asks how much of a payment goes back and where to, and taking it back."""
    shown = _tender(page, tender, even_returned=request.method == "POST")
    ways = ways_open(shown.tender, page.order.client, page.desk)
    data = request.POST if request.method == "POST" else None
    too_much = page.overpaid or shown.amount
    form = TakeBackForm(
        data,
        order=page.order,
        desk=page.desk,
        tender=shown.tender,
        ways=ways,
        initial={"amount": min(too_much, shown.amount), "destination": ways[0][0]},
    )
    if data is not None and tried(form, lambda: _take_back(page, shown.tender, form)):
        amount = said.amount(form.cleaned_data["amount"])
        return done(request, page.order, say=f"{amount} taken back.", is_paying=True)
    return sheet(request, page, "checkout/_take_back.html", form, shown=shown, ways=ways)


def _take_back(page: OrderPage, tender: Tender, form: TakeBackForm) -> None:
    take_back(
        tender=tender,
        amount=form.cleaned_data["amount"],
        destination=form.cleaned_data["destination"],
        desk=page.desk,
        **form.identity,
    )


def _tender(page: OrderPage, uuid: uuids.UUID, even_returned: bool) -> ShownTender:
    """Raises StaleOrder for a payment that does not stand on this order.

    `even_returned`: a form sent twice still finds its payment, and the verb what it did.
    """
    for shown in page.shown(even_returned=even_returned):
        if shown.tender.uuid == uuid:
            return shown
    raise StaleOrder("That payment is no longer on this sale. Nothing was taken back.")
