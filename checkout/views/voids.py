"""Voiding an open sale: what goes back first, why, and then it is over."""

import uuid as uuids

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from checkout.errors import Refused
from checkout.forms.voids import VoidForm
from checkout.models import Order
from checkout.refund_outcome import ways_of_voiding
from checkout.sale import Sale, sale_or_404
from checkout.voiding import void_order
from ledger.errors import LedgerError
from salon import permissions, said
from salon.access import permission_required
from salon.http import DeskRequest
from salon.money import money


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(permissions.REFUND_SALES)
def void(request: DeskRequest, order: uuids.UUID) -> HttpResponse:
    """Void an open sale; every payment goes back exactly as it came."""
    sale = sale_or_404(order)
    if sale.order.status == Order.Status.CLOSED:
        messages.warning(request, f"{sale.order} is closed. Refund it instead of voiding it.")
        return redirect("checkout:refund", order=order)
    if sale.order.status == Order.Status.VOIDED:
        return redirect("checkout:order", order=order)
    if request.method != "POST":
        return _show(request, sale, VoidForm(initial={"revision": sale.order.revision}))
    form = VoidForm(request.POST)
    if not form.is_valid():
        return _show(request, sale, form, status=422)
    try:
        void_order(order=sale.order, desk=request.desk, **form.cleaned_data)
    except (Refused, LedgerError) as refusal:
        return _refused(request, sale, form.cleaned_data["reason"], str(refusal))
    given_back = f" {said.amount(sale.totals.paid)} was given back." if sale.totals.paid else ""
    messages.success(request, f"{sale.order} was voided.{given_back}")
    return redirect("checkout:order", order=order)


def _refused(request: DeskRequest, sale: Sale, reason: str, why: str) -> HttpResponse:
    """The sale as it is now, with the reason that was typed."""
    now = sale_or_404(sale.order.uuid)
    if not now.order.is_open:
        messages.error(request, why)
        return redirect("checkout:order", order=now.order.uuid)
    form = VoidForm({"revision": now.order.revision, "reason": reason})
    form.is_valid()
    form.add_error(None, why)
    return _show(request, now, form, status=409)


def _show(request: DeskRequest, sale: Sale, form: VoidForm, status: int = 200) -> HttpResponse:
    ways = ways_of_voiding(sale, request.desk)
    context = {
        "sale": sale,
        "form": form,
        "ways": ways,
        "total": sum((way.amount for way in ways), money(0)),
        "by_hand": [way for way in ways if way.tender.kind == "card"],
    }
    return render(request, "checkout/void.html", context, status=status)
