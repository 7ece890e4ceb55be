"""A member's own page, by a signed link: how it stands, and what they can do about it."""

import uuid as uuids

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checkout.models import Order
from checkout.receipts import receipt_of
from checkout.sale import find_sale
from memberships.changing.canceling import cancel as cancel_it
from memberships.changing.canceling import keep as keep_it
from memberships.changing.quotes import Quote
from memberships.errors import Refused
from memberships.models import Membership, Period
from memberships.own.forms import EndForm
from memberships.own.links import membership_token, read_membership
from memberships.own.page import OwnPage
from memberships.own.paying import pay_owed, what_came_of
from memberships.views.own_gate import by_the_member, of_membership, show
from salon.addresses import uuid_of
from salon.guessing import Tries
from salon.public_pages import SeeOther

_PAYING = Tries("membership-paid-online", 5, 60 * 60)
"""A card that is asked again and again is closed by its bank."""
TOO_OFTEN = (
    "Your card was asked several times within an hour. Nothing was charged just now. Change the "
    "card, try again later, or call us."
)


@of_membership
@require_safe
def own(request: HttpRequest, membership: Membership) -> HttpResponse:
    """How it stands, the next charge, the last ones, the card; what came of paying (`of`)."""
    paid = _period(membership, request.GET.get("of"))
    return show(request, membership, told=what_came_of(paid) if paid else None)


@of_membership
@require_POST
def pay(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Ask the card on file for what is owed, now. Pressed twice, it tells of the first."""
    asked = _period(membership, request.POST.get("of"))
    if asked and asked.status in (Period.Status.PAID, Period.Status.CHARGING):
        return _home(membership, asked)
    if not _PAYING.take(str(membership.uuid)):
        return show(request, membership, notice=TOO_OFTEN, status=429)
    try:
        period = pay_owed(membership, request.POST.get("seen", ""))
    except Refused as refused:
        return show(request, _fresh(membership), notice=refused.message, status=409)
    return _home(membership, period)


@of_membership
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What canceling to the end means, and doing it."""
    return _act(request, membership, "own_cancel")


@of_membership
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What taking the cancellation back means, and doing it."""
    return _act(request, membership, "own_keep")


@of_membership
@require_safe
def receipt(request: HttpRequest, membership: Membership, order: uuids.UUID) -> HttpResponse:
    """The receipt of one of the membership's own charges."""
    client = membership.client.survivor_id
    paid = membership.periods.filter(order__uuid=order, order__client=client, status="paid")
    sale = find_sale(order) if paid.exists() else None
    if sale is None or sale.order.status != Order.Status.CLOSED:
        raise Http404("There is no such receipt.")
    return show(request, membership, "own_receipt", receipt=receipt_of(sale), sale=sale)


def _act(request: HttpRequest, membership: Membership, template: str) -> HttpResponse:
    """A quote, and its button; what is confirmed is what was seen."""
    quote = _quote(membership, template)
    if quote is None:
        return _home(membership)
    if request.method != "POST":
        form = EndForm(initial={"seen": quote.stamp})
        return show(request, membership, template, quote=quote, form=form)
    form = EndForm(request.POST)
    if not form.is_valid():
        return show(request, membership, template, quote=quote, form=form, status=422)
    try:
        _do(membership, template, **form.cleaned_data)
    except Refused as refused:
        return _refused(request, _fresh(membership), template, form, refused)
    return _home(membership)


def _refused(
    request: HttpRequest, membership: Membership, template: str, form: EndForm, refused: Refused
) -> HttpResponse:
    """What it means now, with what was typed; home where there is nothing to do any more."""
    quote = _quote(membership, template)
    if quote is None:
        return _home(membership)
    form = EndForm(initial={**form.cleaned_data, "seen": quote.stamp})
    more = {"quote": quote, "form": form, "notice": refused.message}
    return show(request, membership, template, status=409, **more)


def _home(membership: Membership, of: Period | None = None) -> HttpResponse:
    """The page itself, which a browser may load again; `of`: what it tells of."""
    here = reverse("memberships:own", args=[membership_token(membership)])
    return SeeOther(f"{here}?of={of.uuid}" if of else here)


def _period(membership: Membership, uuid: str | None) -> Period | None:
    """One of the membership's own. One query where one is named."""
    named = uuid_of(uuid)
    if named is None:
        return None
    rows = membership.periods.select_related("plan", "tax_rate")
    return rows.filter(uuid=named).first()


def _quote(membership: Membership, template: str) -> Quote | None:
    facts = OwnPage(membership)
    return facts.cancel if template == "own_cancel" else facts.keep


def _do(membership: Membership, template: str, *, seen: str, reason: str) -> None:
    desk = by_the_member(membership)
    if template == "own_keep":
        keep_it(membership=membership, desk=desk, by_client=True, seen=seen)
        return
    cancel_it(
        membership=membership, at_once=False, reason=reason, desk=desk, by_client=True, seen=seen
    )


def _fresh(membership: Membership) -> Membership:
    """As it is by now."""
    return read_membership(membership_token(membership))
