"""Charges on the order page: the readers, and what is open: looked at, canceled, come back from."""

import uuid as uuids

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cards import attempts, gateways
from checkout.charges.following import told
from checkout.charges.showing import NO_ANSWER, News, news_of_canceling
from checkout.charges.waiting import charges_of
from checkout.errors import Refused, StaleOrder
from checkout.finding_orders import find_order
from checkout.models import Order, OrderCharge
from checkout.offers.charges import reader_choices
from checkout.presenting import OrderPage
from checkout.views.answering import done, on_open_order, tell
from salon import permissions
from salon.access import permission_required
from salon.http import DeskRequest


@require_safe
@on_open_order
def readers(request: DeskRequest, page: OrderPage) -> HttpResponse:
    """Fills the slot of the card panel: asking the processor must not keep the panel waiting."""
    context = {"order": page.order, "readers": reader_choices()}
    return render(request, "checkout/_readers.html", context)


@require_POST
@on_open_order
def look(request: DeskRequest, page: OrderPage, charge: uuids.UUID) -> HttpResponseBase:
    """Ask again, at once, how a charge stands."""
    found = _charge_on(page.order, charge)
    found.attempt = attempts.look(found.attempt)
    if found.attempt.is_open:
        news = [News("warning", NO_ANSWER)] if found.attempt.status == "started" else []
        return done(request, page.order, told=news, say="Nothing new.", is_paying=True)
    return done(request, page.order, told=told([found]), is_paying=True)


@require_POST
@on_open_order
def cancel(request: DeskRequest, page: OrderPage, charge: uuids.UUID) -> HttpResponseBase:
    """Make sure that nothing is charged; where the client was faster, that is told."""
    found = _charge_on(page.order, charge)
    found.attempt = attempts.cancel(found.attempt)
    return done(request, page.order, told=[news_of_canceling(found)], is_paying=True)


@require_safe
@permission_required(permissions.MODIFY_SALES)
def back(request: DeskRequest, order: uuids.UUID, charge: uuids.UUID) -> HttpResponseBase:
    """From the processor's page back to this screen: what came of it."""
    found = find_order(order)
    try:
        ours = _charge_on(found, charge)
    except Refused as refusal:
        tell(request, [News("error", refusal.message)])
    else:
        ours.attempt = attempts.look(ours.attempt)
        tell(request, _news_of_return(ours))
    return redirect("checkout:order", order=order)


def _news_of_return(charge: OrderCharge) -> list[News]:
    if not charge.attempt.is_open:
        return told([charge])
    why = charge.attempt.failure or "The page was left before it was paid."
    return [News("warning", why, "It waits: open it again, or cancel it.")]


def _charge_on(order: Order, uuid: uuids.UUID) -> OrderCharge:
    """Raises StaleOrder for a charge of another order; Refused without a processor."""
    if not gateways.connected():
        raise Refused("No card processor is connected. Nothing was asked of it.")
    found = next((one for one in charges_of(order) if one.attempt.uuid == uuid), None)
    if found is None:
        raise StaleOrder("That charge is not on this sale. Nothing was done.")
    return found
