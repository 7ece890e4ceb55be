"""The list of cards, one of them, and what can be done with it."""

import uuid as uuids
from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checkout.errors import Refused
from giftcards import guessing
from giftcards.blocking import block, unblock
from giftcards.forms import BalanceForm, ReasonForm, SendForm
from giftcards.history import history_of
from giftcards.listing import ACTIVE, ALL, BLOCKED, FILTERS, SPENT, outstanding, page_of, row_of
from giftcards.mailing import resend, title_of
from giftcards.models import GiftCard
from giftcards.standing import may_see_code
from salon import permissions, qr
from salon.access import permission_required
from salon.addresses import whole_number
from salon.http import DeskRequest
from salon.models import BusinessSettings

_TABS = [(ACTIVE, "Active"), (SPENT, "Used up"), (BLOCKED, "Blocked"), (ALL, "All")]


@require_safe
@permission_required(permissions.MODIFY_SALES)
def cards(request: DeskRequest) -> HttpResponse:
    """All cards by status, or those searched for; what the salon owes on them. Two queries."""
    text = request.GET.get("q", "").strip()[:100]
    status = request.GET.get("status", "")
    status = status if status in FILTERS else (ALL if text else ACTIVE)
    keys = {name: whole_number(request.GET.get(name)) or 0 for name in ("before", "after")}
    page = page_of(request.desk.business_date, text=text, status=status, **keys)

    def address(**more: object) -> str:
        asked = {"q": text, "status": status, **more}
        return f"?{urlencode({name: value for name, value in asked.items() if value})}"

    context = {
        "q": text,
        "page": page,
        "status": status,
        "tabs": [
            {"label": label, "url": address(status=value), "current": value == status}
            for value, label in _TABS
        ],
        "outstanding": outstanding(),
        "newer_url": address(after=page.newer) if page.newer else "",
        "older_url": address(before=page.older) if page.older else "",
        "form": BalanceForm(who=guessing.at_the_desk(request.desk.staff)),
    }
    is_partial = request.htmx and request.htmx.target == "cards"
    return render(
        request, "giftcards/_cards.html" if is_partial else "giftcards/cards.html", context
    )


@require_POST
@permission_required(permissions.MODIFY_SALES)
def look_up(request: DeskRequest) -> HttpResponse:
    """Somebody asks what is left on a card: its page, or why there is none. Wrong codes count."""
    form = BalanceForm(request.POST, who=guessing.at_the_desk(request.desk.staff))
    if form.is_valid() and form.card is not None and form.card.account_id:
        return redirect("giftcards:card", card=form.card.uuid)
    if form.card is not None:
        form.add_error("code", "This card is not sold yet: its sale is open, or was voided.")
    return render(request, "giftcards/look_up.html", {"form": form}, status=422)


@require_safe
@permission_required(permissions.MODIFY_SALES)
def card(request: DeskRequest, card: uuids.UUID) -> HttpResponse:
    """One card: what is left, who has it, what happened with it. Five queries."""
    found = _standing(request, card)
    context = {
        "card": found,
        "row": row_of(found),
        "story": history_of(found),
        "order": found.line.order if found.line else None,
        "shows_code": may_see_code(found, request.desk),
        "may_block": request.user.has_perm(permissions.REFUND_SALES),
    }
    return render(request, "giftcards/card.html", context)


@require_safe
@permission_required(permissions.MODIFY_SALES)
def of_sale(request: DeskRequest, order: uuids.UUID) -> HttpResponse:
    """For the slot on a sale's pages: the cards that it issued, to be handed over. One query."""
    cards = GiftCard.objects.issued().standing(request.desk.business_date)
    found = list(cards.filter(line__order__uuid=order).order_by("pk"))
    rows = [(row_of(card), may_see_code(card, request.desk)) for card in found]
    return render(request, "giftcards/_of_sale.html", {"rows": rows})


@require_safe
@permission_required(permissions.MODIFY_SALES)
def printed(request: DeskRequest, card: uuids.UUID) -> HttpResponse:
    """The card on paper, to be handed over."""
    found = _standing(request, card)
    if not may_see_code(found, request.desk):
        messages.error(
            request,
            "A card is printed on the day it is sold. Later, ask a manager: whoever sees its code "
            "can pay with it.",
        )
        return redirect("giftcards:card", card=card)
    business = BusinessSettings.current().name
    context = {
        "card": found,
        "row": row_of(found),
        "business": business,
        "business_name": business,
        "title": title_of(found, business),
        "qr": qr.svg(found.code),
        "location": found.line.order.location if found.line else request.desk.location,
    }
    return render(request, "giftcards/print.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(permissions.MODIFY_SALES)
def send(request: DeskRequest, card: uuids.UUID) -> HttpResponse:
    """Send the card's e-mail, again or elsewhere."""
    found = _standing(request, card)
    initial = {"to": found.to_email, "uuid": uuids.uuid4()}
    form = SendForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            resend(card=found, desk=request.desk, **form.cleaned_data)
        except Refused as refused:
            field = refused.field if refused.field in form.fields else None
            why = refused.message.replace("Nothing was taken.", "Nothing was sent.")
            form.add_error(field, why)
        else:
            messages.success(request, f"The card is on its way to {form.cleaned_data['to']}.")
            return redirect("giftcards:card", card=card)
    status = 422 if form.errors else 200
    context = {"card": found, "row": row_of(found), "form": form}
    return render(request, "giftcards/send.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(permissions.REFUND_SALES)
def block_card(request: DeskRequest, card: uuids.UUID) -> HttpResponse:
    """Ask why, then let the card pay no more."""
    return _with_reason(request, card, block, "blocked", "giftcards/block.html")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(permissions.REFUND_SALES)
def unblock_card(request: DeskRequest, card: uuids.UUID) -> HttpResponse:
    """Ask why, then let the card pay again."""
    return _with_reason(request, card, unblock, "unblocked", "giftcards/unblock.html")


def _with_reason(
    request: DeskRequest, card: uuids.UUID, act: Callable, done: str, template: str
) -> HttpResponse:
    found = _standing(request, card)
    form = ReasonForm(
        request.POST if request.method == "POST" else None, use_required_attribute=False
    )
    if form.is_bound and form.is_valid():
        try:
            act(card=found, reason=form.cleaned_data["reason"], desk=request.desk)
        except Refused as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            messages.success(request, f"Gift card {found.masked} is {done}.")
            return redirect("giftcards:card", card=card)
    context = {"card": found, "row": row_of(found), "form": form}
    return render(request, template, context, status=422 if form.errors else 200)


def _standing(request: DeskRequest, uuid: uuids.UUID) -> GiftCard:
    """The issued card as it stands today. One query; Http404 where there is none."""
    cards = GiftCard.objects.issued().standing(request.desk.business_date)
    found = cards.select_related("line__order__location").filter(uuid=uuid).first()
    if found is None:
        raise Http404("There is no such gift card.")
    return found
