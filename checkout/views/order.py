"""The order's page, and the light question whether it changed."""

import uuid as uuids

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from checkout import offering
from checkout.errors import Refused
from checkout.finding_orders import find_order, stand_of
from checkout.presenting import OrderPage
from checkout.recent_use import just_used
from checkout.views.answering import over, panel_of, sale
from checkout.views.sales import made
from salon import permissions, recent, said
from salon.access import permission_required
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

    The page asks every few seconds with the revision and the stand that it shows, and with the
    payment panel that is open, whose typed amounts are kept. Two queries when nothing changed.
    """
    found = find_order(order)
    is_same_order = request.GET.get("revision") == str(found.revision)
    if is_same_order and request.GET.get("stand") == str(stand_of(found)):
        return HttpResponse(status=204)
    if not found.is_open:
        return over(request, found)
    page = OrderPage(found, request.desk)
    news = _balance_news(page) if is_same_order else CHANGED
    return sale(request, page, panel=_kept_panel(request, page), news=news)


def _balance_news(page: OrderPage) -> str:
    if page.client is None or page.balance is None:
        return ""
    use = just_used(page.client, besides=page.order)
    happened = use or f"{page.client}’s balance just changed at another till."
    return f"{happened} {said.amount(page.balance.available)} is available now."


def _kept_panel(request: DeskRequest, page: OrderPage) -> dict | None:
    """The open payment panel again, with what was typed; amounts that nobody touched follow."""
    try:
        offer = offering.payment_offer(request.GET.get("panel", ""))
    except Refused:
        return None
    if not page.can_pay:
        return None
    initial = offer.initial(page, request.GET)
    kept = {
        name: value
        for name, value in request.GET.items()
        if name in offer.form.base_fields and value != request.GET.get(f"prefilled_{name}")
    }
    form = offer.form(order=page.order, desk=page.desk, initial=initial | kept)
    return panel_of(offer, page, form, request.GET)
