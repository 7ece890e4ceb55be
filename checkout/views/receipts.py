"""Receipts: on the screen for printing, and by e-mail."""

import uuid as uuids

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from checkout.charges.to_cards import refused_of
from checkout.forms.receipts import EmailReceiptForm
from checkout.models import Refund
from checkout.receipts import receipt_of, refund_receipt_of
from checkout.sale import Sale, sale_or_404
from checkout.sending_receipts import queue_receipt
from salon import permissions
from salon.access import permission_required
from salon.http import DeskRequest


@require_safe
@permission_required(permissions.MODIFY_SALES)
def receipt(request: DeskRequest, order: uuids.UUID) -> HttpResponse:
    """The receipt of a sale as it stands now, with what has gone back."""
    sale = sale_or_404(order)
    context = {"sale": sale, "receipt": receipt_of(sale)}
    return render(request, "checkout/receipt.html", context)


@require_safe
@permission_required(permissions.MODIFY_SALES)
def refund_receipt(request: DeskRequest, order: uuids.UUID, refund: uuids.UUID) -> HttpResponse:
    """The receipt of one refund of a sale."""
    sale = sale_or_404(order)
    given_back = _refund(sale, refund)
    context = {
        "sale": sale,
        "refund": given_back,
        "receipt": refund_receipt_of(sale, given_back),
        "refused": refused_of(sale.card_refunds, given_back),
    }
    return render(request, "checkout/receipt.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(permissions.MODIFY_SALES)
def email(request: DeskRequest, order: uuids.UUID) -> HttpResponse:
    """Ask for the address, then queue the receipt; `?refund=` names one of the sale's refunds.

    A sheet over the sale for htmx, else a page of its own.
    """
    sale = sale_or_404(order)
    named = request.GET.get("refund", "")
    refund = _refund(sale, named) if named else None
    client = (refund.client if refund else None) or sale.order.client
    initial = {"to": client.email if client else "", "uuid": uuids.uuid4()}
    form = EmailReceiptForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        queue_receipt(order=sale.order, refund=refund, desk=request.desk, **form.cleaned_data)
        messages.success(request, f"The receipt is on its way to {form.cleaned_data['to']}.")
        return redirect("checkout:order", order=order)
    context = {"sale": sale, "refund": refund, "form": form}
    status = 422 if form.errors else 200
    return render(request, "checkout/email_receipt.html", context, status=status)


def _refund(sale: Sale, uuid: uuids.UUID | str) -> Refund:
    found = next((refund for refund in sale.refunds if str(refund.uuid) == str(uuid)), None)
    if found is None:
        raise Http404("There is no such refund.")
    return found
