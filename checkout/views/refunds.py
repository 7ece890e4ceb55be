"""Refunding a closed sale; taking payments of an open one back."""

import uuid as uuids
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from checkout import words
from checkout.errors import Refused, StaleOrder
from checkout.forms.refunds import RefundForm
from checkout.models import Order, Refund
from checkout.refund_outcome import Outcome
from checkout.refund_page import RefundPage
from checkout.sale import Sale, sale_or_404
from ledger.errors import LedgerError
from salon.addresses import uuid_of
from salon.forms import MoneyInput
from salon.http import DeskRequest

UNSEEN = "Nothing was done yet. Look over what will happen, then press the button again."
CHANGED = (
    "What would happen has changed since you looked, so nothing was done. "
    "Look it over and press the button again."
)


@require_http_methods(["GET", "HEAD", "POST"])
def refund(request: DeskRequest, order: uuids.UUID) -> HttpResponse:
    """By line or by payment, as often as something is left; a form sent twice refunds once."""
    page = _page(request, sale_or_404(order))
    if page.sale.order.status == Order.Status.VOIDED:
        messages.warning(request, f"{page.sale.order} was voided: nothing is left to give back.")
        return redirect("checkout:order", order=order)
    if request.method != "POST":
        query = request.GET
        form = page.draft(query.get("line", ""), query.get("tender", ""), "all" in query)
        return _show(request, page, form, page.outcome(form))
    if twin := _twin(page.sale.order, request.POST.get("uuid", "")):
        return _done(request, twin)
    form = page.form(request.POST)
    outcome = page.outcome(form)
    if outcome:
        page.refuse_closed_ways(form, outcome)
        agreed = form.cleaned_data.get("agreed", "")
        if not form.errors and agreed != outcome.agreed:
            form.add_error(None, CHANGED if agreed else UNSEEN)
    if form.errors or outcome is None:
        return _show(request, page, form, outcome, status=422)
    try:
        return _done(request, page.do(form, outcome))
    except (Refused, LedgerError) as refusal:
        return _refused(request, page, refusal)


@require_POST
def preview(request: DeskRequest, order: uuids.UUID) -> HttpResponse:
    """What the form would do, while it is being filled in. Changes nothing."""
    page = _page(request, sale_or_404(order))
    form = page.form(request.POST)
    context = _context(request, page, form, page.outcome(form))
    return render(request, "checkout/_refund_outcome.html", context | {"is_preview": True})


def _page(request: DeskRequest, sale: Sale) -> RefundPage:
    page = RefundPage(sale, request.desk)
    if not request.user.has_perm(page.permission):
        raise PermissionDenied(page.permission)
    return page


def _twin(order: Order, uuid: str) -> Refund | None:
    """What this very form has already done."""
    name = uuid_of(uuid)
    return Refund.objects.filter(order=order, uuid=name).first() if name else None


def _done(request: DeskRequest, refund: Refund) -> HttpResponse:
    messages.success(request, words.told(refund))
    return redirect("checkout:order", order=refund.order.uuid)


def _refused(request: DeskRequest, page: RefundPage, refusal: Exception) -> HttpResponse:
    """Another till was faster: the sale as it is now, what was typed, and what happened."""
    now = _page(request, sale_or_404(page.sale.order.uuid))
    if now.sale.order.status != page.sale.order.status:
        messages.error(request, str(refusal))
        return redirect("checkout:order", order=now.sale.order.uuid)
    form = now.form(request.POST)
    outcome = now.outcome(form)
    if not isinstance(refusal, Refused):
        refusal = Refused(f"{refusal} Nothing was refunded.")
    form.refuse(refusal)
    status = 409 if isinstance(refusal, StaleOrder) else 422
    return _show(request, now, form, outcome, status)


def _show(
    request: DeskRequest,
    page: RefundPage,
    form: RefundForm,
    outcome: Outcome | None,
    status: int = 200,
) -> HttpResponse:
    context = _context(request, page, form, outcome)
    return render(request, "checkout/refund.html", context, status=status)


def _context(
    request: DeskRequest, page: RefundPage, form: RefundForm, outcome: Outcome | None
) -> dict[str, Any]:
    query = request.POST.get("find_client", "")
    return {
        "page": page,
        "sale": page.sale,
        "form": form,
        "mode": form.current_mode,
        "rows": page.rows(form),
        "outcome": outcome,
        "query": query,
        "balance": page.balance(form, outcome) if outcome else None,
        "found": page.found_clients(form, outcome, query) if outcome else [],
        "uuid": form["uuid"].value() if form.is_bound else uuids.uuid4(),
        "taker": page.taker(form) if outcome else None,
        "asks_client": outcome is not None and page.asks_client(outcome),
        "ways": [(way, form[way.name].errors) for way in outcome.ways] if outcome else [],
        "sign": MoneyInput().currency_sign,
    }
