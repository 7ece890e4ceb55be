"""The order's page, and the light question whether it changed."""

import uuid as uuids

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from cards.models import Attempt
from checkout import offering
from checkout.charges.following import happened, look_after, told
from checkout.charges.waiting import pays
from checkout.errors import Refused
from checkout.finding_orders import find_order, stand_of
from checkout.models import OrderCharge
from checkout.offers.payments import typed
from checkout.presenting import OrderPage
from checkout.recent_use import just_used
from checkout.tender_kinds import CHARGE
from checkout.views.answering import over, panel_of, sale, tell
from checkout.views.sales import made
from salon import permissions, recent, said
from salon.access import permission_required
from salon.addresses import uuid_of
from salon.http import DeskRequest
from salon.shared_tablet import passive

CHANGED = "This sale was changed at another till. This is how it stands now."


@require_safe
@permission_required(permissions.MODIFY_SALES)
def order(request: DeskRequest, order: uuids.UUID) -> HttpResponseBase:
    """An open order: the register. A closed or voided one: what was sold and paid."""
    found = find_order(order)
    address = reverse("checkout:order", args=[found.uuid])
    recent.remember(request, "sale", address, f"#{found.number}")
    if not found.is_open:
        return made(request, found)
    return sale(request, OrderPage(found, request.desk), open_sheet=request.GET.get("open", ""))


@require_safe
@passive
@permission_required(permissions.MODIFY_SALES)
def state(request: DeskRequest, order: uuids.UUID) -> HttpResponseBase:
    """204 while nothing changed; else the sale as it stands now, and what happened.

    The page asks every few seconds with the revision and the stand that it shows, with the charges
    that it shows as open, and with the payment panel that is open, whose typed amounts are kept
    unless its payment is on the sale already: its answer was lost on the way.
    Two queries when nothing changed, one more with a panel open that can be switched off; while
    charges are open the processor is asked, too.
    """
    found = find_order(order)
    waits = _uuids(request.GET.getlist("waits"))
    if waits:
        look_after(found, waits)
        found = find_order(order)
    is_same_order = request.GET.get("revision") == str(found.revision)
    if is_same_order and request.GET.get("stand") == str(stand_of(found)):
        page = OrderPage(found, request.desk)
        off = _why_off(request, page) if found.is_open else ""
        return sale(request, page, news=off, is_paying=True) if off else HttpResponse(status=204)
    charges = [] if is_same_order else happened(found, waits, _number(request.GET.get("seen")))
    if not found.is_open:
        tell(request, told(charges))
        return over(request, found)
    return _changed(request, OrderPage(found, request.desk), charges, is_same_order)


def _changed(
    request: DeskRequest, page: OrderPage, charges: list[OrderCharge], is_same_order: bool
) -> HttpResponse:
    if arrived := _arrived(request, page):
        return sale(request, page, news=arrived, told=told(charges), is_paying=True)
    news = _balance_news(page) if is_same_order else "" if charges else CHANGED
    news = _why_off(request, page) or news
    return sale(request, page, panel=_panel(request, page, charges), news=news, told=told(charges))


def _open_offer(request: DeskRequest) -> offering.PaymentOffer | None:
    """Whose panel is open; None without one, or with one that never was."""
    try:
        return offering.payment_offer(request.GET.get("panel", ""))
    except Refused:
        return None


def _why_off(request: DeskRequest, page: OrderPage) -> str:
    offer = _open_offer(request)
    return offer.is_off(page) if offer else ""


def _arrived(request: DeskRequest, page: OrderPage) -> str:
    """What the open panel already did: drawn again, it would be another payment."""
    acts = _uuids(request.GET.getlist("uuid"))
    taken = [shown for shown in page.tenders if shown.tender.uuid in acts]
    if taken:
        return f"Your payment had arrived: {taken[0].name}, {said.amount(taken[0].amount)}."
    if any(shown.attempt.uuid in acts for shown in page.charges):
        return "Your charge had arrived: it waits for the card."
    return ""


def _uuids(texts: list[str]) -> set[uuids.UUID]:
    return {uuid for text in texts[:20] if (uuid := uuid_of(text))}


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0


def _balance_news(page: OrderPage) -> str:
    if page.client is None or page.balance is None:
        return ""
    use = just_used(page.client, besides=page.order)
    happened = use or f"{page.client}’s balance just changed at another till."
    return f"{happened} {said.amount(page.balance.available)} is available now."


def _panel(request: DeskRequest, page: OrderPage, charges: list[OrderCharge]) -> dict | None:
    """The open panel again; none of the client's phone once it pays. After a decline the amount."""
    begun = any(charge.by_client for charge in charges)
    if begun and request.GET.get("way") == Attempt.Way.PHONE:
        return None
    declined = [one for one in charges if one.attempt.status == Attempt.Status.FAILED]
    if declined and "panel" not in request.GET and not declined[-1].by_client:
        offer = offering.payment_offer(CHARGE)
        return _drawn(page, offer, {"amount": typed(pays(declined[-1]))}) if page.can_pay else None
    return _kept_panel(request, page)


def _drawn(page: OrderPage, offer: offering.PaymentOffer, asked: dict[str, str]) -> dict:
    form = offer.form(order=page.order, desk=page.desk, initial=offer.initial(page, asked))
    return panel_of(offer, page, form, asked)


def _kept_panel(request: DeskRequest, page: OrderPage) -> dict | None:
    """The open payment panel again, with what was typed; amounts that nobody touched follow."""
    offer = _open_offer(request)
    if offer is None or not page.can_pay or offer.is_off(page):
        return None
    initial = offer.initial(page, request.GET)
    kept = {
        name: value
        for name, value in request.GET.items()
        if name in offer.form.base_fields and value != request.GET.get(f"prefilled_{name}")
    }
    form = offer.form(order=page.order, desk=page.desk, initial=initial | kept)
    return panel_of(offer, page, form, request.GET)
