"""Money on its way back to cards: how far it is, and what to do with what a card refused."""

import uuid as uuids
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cards.models import CardRefund
from checkout.charges.in_dispute import open_at
from checkout.charges.refused import in_cash, to_balance, try_again
from checkout.charges.to_cards import ToCard, card_refunds_of, refused_at, shown
from checkout.errors import Refused
from checkout.forms.refused import RefusedForm
from checkout.models import Order
from checkout.sale import sale_or_404
from checkout.sale_story import story_of
from checkout.sending_receipts import sent_receipts
from clients.searching import find_clients
from ledger.errors import LedgerError
from salon import permissions, said
from salon.access import permission_required
from salon.http import DeskRequest

FOUND_AT_MOST = 6


@require_safe
@permission_required(permissions.MODIFY_SALES)
def state(request: DeskRequest, order: uuids.UUID) -> HttpResponse:
    """For the page of a sale while money is on its way: what changed since `?revision=`; else 204.

    One query while nothing has.
    """
    seen = request.GET.get("revision", "")
    if Order.objects.filter(uuid=order, revision=seen if seen.isdecimal() else -1).exists():
        return HttpResponse(status=204)
    sale = sale_or_404(order)
    context = {
        "sale": sale,
        "order": sale.order,
        "to_cards": shown(sale.card_refunds),
        "story": story_of(sale, sent_receipts(sale.order)),
        "is_news": True,
    }
    return render(request, "checkout/_refund_to_cards.html", context)


@require_safe
@permission_required(permissions.MODIFY_SALES)
def to_decide(request: DeskRequest) -> HttpResponse:
    """For Today: what cards refused at this location and nobody has decided, and open disputes.
    Two queries.
    """
    location = request.desk.location
    context = {"refused": shown(refused_at(location)), "disputes": open_at(location)}
    return render(request, "checkout/_refund_worklist.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(permissions.REFUND_SALES)
def refused(request: DeskRequest, order: uuids.UUID, refund: uuids.UUID) -> HttpResponse:
    """What to do with one that a card refused. `?q=` finds the client whose balance takes it."""
    row = _row(order, refund)
    if request.method != "POST":
        return _show(request, row, RefusedForm())
    form = RefusedForm(request.POST)
    if not form.is_valid():
        return _show(request, row, form, status=422)
    try:
        messages.success(request, _ACTS[form.cleaned_data["how"]](request, row, form))
    except (Refused, LedgerError) as refusal:
        return _not_done(request, row, form, refusal)
    return redirect("checkout:order", order=order)


def _again(request: DeskRequest, row: CardRefund, form: RefusedForm) -> str:
    try_again(refund=row, tries=form.cleaned_data["tries"], desk=request.desk)
    return f"{said.amount(row.amount)} is being sent to {ToCard(row).card} again."


def _balance(request: DeskRequest, row: CardRefund, form: RefusedForm) -> str:
    client = row.attempt.order_charge.order.client or form.cleaned_data["client"]
    if client is None:
        raise Refused("Choose the client whose balance takes it.", field="client")
    to_balance(refund=row, client=client, desk=request.desk)
    return f"{said.amount(row.amount)} went to the account balance of {client.survivor}."


def _cash(request: DeskRequest, row: CardRefund, form: RefusedForm) -> str:
    in_cash(refund=row, desk=request.desk)
    return f"Give {said.amount(row.amount)} in cash from {request.desk.till}."


_ACTS: dict[str, Callable[[DeskRequest, CardRefund, RefusedForm], str]] = {
    "again": _again,
    "balance": _balance,
    "cash": _cash,
}


def _not_done(
    request: DeskRequest, row: CardRefund, form: RefusedForm, refusal: Exception
) -> HttpResponse:
    """The page with why; the sale's, where somebody else has decided meanwhile."""
    now = _row(row.attempt.order_charge.order.uuid, row.uuid)
    if not ToCard(now).is_refused:
        messages.error(request, str(refusal))
        return redirect("checkout:order", order=now.attempt.order_charge.order.uuid)
    form.refuse(refusal)
    return _show(request, now, form, status=409)


def _row(order: uuids.UUID, refund: uuids.UUID) -> CardRefund:
    sale = Order.objects.filter(uuid=order).first()
    for row in card_refunds_of(sale) if sale else []:
        if row.uuid == refund:
            return row
    raise Http404("There is no such refund.")


def _show(
    request: DeskRequest, row: CardRefund, form: RefusedForm, status: int = 200
) -> HttpResponse:
    to_card = ToCard(row)
    if not to_card.is_refused:
        messages.info(request, to_card.sentence)
        return redirect("checkout:order", order=to_card.order.uuid)
    query = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    context = {
        "refund": to_card,
        "form": form,
        "q": query,
        "found": find_clients(query, FOUND_AT_MOST) if query else [],
    }
    return render(request, "checkout/refund_refused.html", context, status=status)
