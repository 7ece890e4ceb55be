"""Providers with merchant accounts of their own: what they are owed, where from, and paying it."""

import datetime as dt
import uuid as uuids
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from djmoney.money import Money

from cards import gateways
from cards.models import Transfer
from checkout.errors import Refused
from checkout.forms.providers import ByHandForm, PayForm, TransferForm
from checkout.providers.earned import month, statement
from checkout.providers.paying import ask_again, mark_paid, transfer_now
from checkout.providers.payments import payment_of, payments_of, refused_by_account
from checkout.providers.standing import Standing, providers, standings
from salon import permissions, said
from salon.access import permission_required
from salon.addresses import whole_number
from salon.http import DeskRequest
from salon.models import MerchantAccount
from salon.money import money
from salon.refusing import refusal_told

may_pay = permission_required(permissions.PAY_PROVIDERS)


@may_pay
@require_safe
def listed(request: DeskRequest) -> HttpResponse:
    """Each provider with what is payable now. Six queries, however many there are."""
    rows = standings(providers(), request.desk.business_date)
    context = {
        "rows": [row for row in rows if not row.account.is_archived or row.payable],
        "refused": refused_by_account(),
        "payable": sum((row.payable for row in rows if row.payable.amount > 0), money(0)),
    }
    return render(request, "checkout/providers.html", context)


@may_pay
@require_safe
def provider(request: DeskRequest, pk: int) -> HttpResponse:
    """One provider: what is payable, paying it, where it comes from, and what was paid."""
    return _show(request, _standing(request, pk))


@may_pay
@require_POST
def pay(request: DeskRequest, pk: int) -> HttpResponse:
    """Write down what was paid by hand."""
    return _paid(request, pk, ByHandForm, mark_paid, "was paid")


@may_pay
@require_POST
def transfer(request: DeskRequest, pk: int) -> HttpResponse:
    """Hand it on to their own account at the processor."""
    return _paid(request, pk, TransferForm, transfer_now, "is on its way")


@may_pay
@require_POST
def again(request: DeskRequest, payment: uuids.UUID) -> HttpResponse:
    """Ask anew for a transfer that the processor refused."""
    row = _transfer(payment)
    with refusal_told(request):
        asked = ask_again(transfer=row, desk=request.desk)
        _tell(request, asked.pk)
    return redirect("checkout:provider", pk=row.account_id)


@may_pay
@require_safe
def payment(request: DeskRequest, payment: uuids.UUID) -> HttpResponse:
    """One payment, to read and to print."""
    context = {"payment": payment_of(_transfer(payment))}
    return render(request, "checkout/providers_payment.html", context)


@may_pay
@require_safe
def printed(request: DeskRequest, pk: int) -> HttpResponse:
    """A month of a provider's account, to print; `?month=2026-11`, this one by default."""
    standing = _standing(request, pk)
    start = _month(request.GET.get("month", ""), request.desk.business_date)
    context = {
        "standing": standing,
        "month": month(standing.account, start),
        "today": request.desk.business_date,
    }
    return render(request, "checkout/providers_statement.html", context)


def _paid(
    request: DeskRequest, pk: int, kind: type[PayForm], act: Callable[..., Transfer], verb: str
) -> HttpResponse:
    """Do it where the form is right; else, or where it is refused, the page with what was typed."""
    standing = _standing(request, pk)
    form = kind(request.POST, desk=request.desk, payable=standing.payable)
    if not form.is_valid():
        return _show(request, standing, form, status=422)
    try:
        row = act(account=standing.account, desk=request.desk, **form.cleaned_data)
    except Refused as refusal:
        form.refuse(refusal)
        return _show(request, _standing(request, pk), form, status=409)
    _tell(request, row.pk, verb)
    return redirect("checkout:provider", pk=pk)


def _tell(request: DeskRequest, pk: int, verb: str = "is on its way") -> None:
    """As the processor left it: it is asked once the payment is written."""
    row = Transfer.objects.select_related("account").get(pk=pk)
    amount = said.amount(row.amount)
    if row.status == Transfer.Status.REFUSED:
        messages.error(request, f"{amount} was not transferred to {row.account}. {row.failure}")
    elif row.status == Transfer.Status.DONE and not row.by_hand:
        where = "taken back from" if row.takes_back_id else "transferred to"
        messages.success(request, f"{amount} was {where} {row.account}.")
    else:
        messages.success(request, f"{amount} {verb} to {row.account}.")


def _show(
    request: DeskRequest, standing: Standing, form: PayForm | None = None, status: int = 200
) -> HttpResponse:
    before = whole_number(request.GET.get("before"))
    payments = whole_number(request.GET.get("payments"))
    context: dict[str, Any] = {
        "standing": standing,
        "statement": statement(standing.account, before),
        "paid": payments_of(standing.account, payments),
        "is_first": before is None,
        "by_hand": _form(ByHandForm, request, standing.payable, form),
        "may_transfer": standing.is_connected and gateways.connected(),
        "transfer_form": _form(TransferForm, request, standing.payable, form),
        "failed": form,
    }
    return render(request, "checkout/providers_one.html", context, status=status)


def _form(
    kind: type[PayForm], request: DeskRequest, payable: Money, sent: PayForm | None
) -> PayForm:
    return sent if isinstance(sent, kind) else kind(desk=request.desk, payable=payable)


def _standing(request: DeskRequest, pk: int) -> Standing:
    account = get_object_or_404(
        MerchantAccount.objects.filter(is_house=False).prefetch_related("staffmember_set"), pk=pk
    )
    return standings([account], request.desk.business_date)[0]


def _transfer(uuid: uuids.UUID) -> Transfer:
    rows = Transfer.objects.select_related("account", "asked_by", "location", "takes_back")
    return get_object_or_404(rows, uuid=uuid)


def _month(text: str, today: dt.date) -> dt.date:
    if not text:
        return today.replace(day=1)
    try:
        start = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Http404("There is no such month.") from None
    if not 2000 <= start.year <= 2100:
        raise Http404("There is no such month.")
    return start
