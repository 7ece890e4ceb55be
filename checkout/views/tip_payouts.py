"""Tips that the salon has for its people: what each is owed, where from, and paying it out."""

import datetime as dt
import uuid as uuids
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from checkout.errors import Refused
from checkout.forms.tip_payouts import PayAllForm, PayTipsForm
from checkout.models import TipPayout
from checkout.providers.paid_by import Days
from checkout.tip_payouts.days import Tipped, tipped
from checkout.tip_payouts.earned import statement
from checkout.tip_payouts.owed import Standing, standing_of, standings
from checkout.tip_payouts.paying import pay_tips
from checkout.tip_payouts.slips import payouts_of, slips_of
from checkout.tip_payouts.undoing import undo_payout
from salon import permissions, said
from salon.access import permission_required
from salon.addresses import whole_number
from salon.http import DeskRequest
from salon.models import StaffMember
from salon.money import money
from salon.refusing import refusal_told

may_pay = permission_required(permissions.PAY_TIPS)


@may_pay
@require_safe
def listed(request: DeskRequest) -> HttpResponse:
    """Each person with what they are owed now. Ten queries, however many there are."""
    return _list(request)


@may_pay
@require_POST
def pay_all(request: DeskRequest) -> HttpResponse:
    """Pay everybody who is chosen what the page said."""
    form = PayAllForm(request.POST, desk=request.desk, standings=standings())
    if not form.is_valid():
        return _list(request, form, status=422)
    try:
        paid = _pay(request, form)
    except Refused as refusal:
        form.refuse(refusal)
        return _list(request, form, status=409)
    if any(payout.is_undone for payout in paid):
        return redirect("checkout:tips")
    return redirect("checkout:tip_slips", act=paid[0].act)


@may_pay
@require_safe
def person(request: DeskRequest, pk: int) -> HttpResponse:
    """One person: what they are owed, paying it, where it comes from, and what was paid."""
    return _one(request, _person(pk))


@may_pay
@require_POST
def pay(request: DeskRequest, pk: int) -> HttpResponse:
    """Pay one person."""
    standing = _person(pk)
    form = PayTipsForm(request.POST, desk=request.desk, standing=standing)
    if not form.is_valid():
        return _one(request, standing, form, status=422)
    try:
        _pay(request, form)
    except Refused as refusal:
        form.refuse(refusal)
        return _one(request, _person(pk), form, status=409)
    return redirect("checkout:tips_of", pk=pk)


@may_pay
@require_POST
def undo(request: DeskRequest, payout: uuids.UUID) -> HttpResponse:
    """Take a payment back."""
    row = get_object_or_404(TipPayout.objects.select_related("staff"), uuid=payout)
    with refusal_told(request):
        undo_payout(payout=row, desk=request.desk)
        amount = said.amount(row.amount)
        messages.success(request, f"{amount} in tips was not paid to {row.staff} after all.")
    return redirect("checkout:tips_of", pk=row.staff_id)


@may_pay
@require_safe
def slips(request: DeskRequest, act: uuids.UUID) -> HttpResponse:
    """What was paid in one act, to print: a slip for each person."""
    found = slips_of(act)
    if not found:
        raise Http404
    return render(request, "checkout/tip_slips.html", {"slips": found})


def _pay(request: DeskRequest, form: PayTipsForm | PayAllForm) -> list[TipPayout]:
    paid = pay_tips(
        amounts=form.amounts,
        how=form.cleaned_data["how"],
        reference=form.cleaned_data["reference"],
        uuid=form.cleaned_data["uuid"],
        desk=request.desk,
    )
    _tell(request, paid)
    return paid


def _tell(request: DeskRequest, paid: list[TipPayout]) -> None:
    """What was paid; of a form from before an undoing, that it pays nothing any more."""
    if undone := [payout for payout in paid if payout.is_undone]:
        names = said.listed(str(payout.staff) for payout in undone)
        messages.error(
            request,
            f"Nothing was paid now. This form had paid {names}, and that was undone since. To pay "
            "it again, use the form as it is now.",
        )
        return
    total = said.amount(sum((payout.amount for payout in paid), money(0)))
    names = said.listed(str(payout.staff) for payout in paid)
    messages.success(request, f"{total} in tips was paid to {names}.")


def _list(request: DeskRequest, form: PayAllForm | None = None, status: int = 200) -> HttpResponse:
    found = standings()
    month = {each.person.pk: each for each in tipped(_this_month(request))}
    rows = [(each, month[each.person.pk]) for each in found if _matters(each, month)]
    context = {
        "rows": rows,
        "owed": sum((each.owed for each in found), money(0)),
        "form": form or PayAllForm(desk=request.desk, standings=found),
        "is_first": not TipPayout.objects.exists(),
    }
    return render(request, "checkout/tips_owed.html", context, status=status)


def _matters(each: Standing, month: dict[int, Tipped]) -> bool:
    """Who left with nothing owed is not shown."""
    return each.person.is_active or bool(each.balance) or not month[each.person.pk].is_empty


def _one(
    request: DeskRequest, standing: Standing, form: PayTipsForm | None = None, status: int = 200
) -> HttpResponse:
    before = whole_number(request.GET.get("before"))
    context: dict[str, Any] = {
        "standing": standing,
        "month": _month_of(standing.person, request),
        "statement": statement(standing.person, before),
        "paid": payouts_of(standing.person, whole_number(request.GET.get("payments"))),
        "is_first": before is None,
        "form": form or PayTipsForm(desk=request.desk, standing=standing),
        "failed": form,
    }
    return render(request, "checkout/tips_of.html", context, status=status)


def _month_of(who: StaffMember, request: DeskRequest) -> Tipped | None:
    """None where they never had a tip from the house."""
    return next((each for each in tipped(_this_month(request)) if each.person == who), None)


def _this_month(request: DeskRequest) -> Days:
    today: dt.date = request.desk.business_date
    return Days(today.replace(day=1), today)


def _person(pk: int) -> Standing:
    people = StaffMember.objects.select_related("merchant_account")
    return standing_of(get_object_or_404(people, pk=pk))
