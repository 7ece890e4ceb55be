"""Fees that are still to do: charged once more, taken at the desk, or waived."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from deposits.fees.charging import collect
from deposits.fees.settling import take_at_desk, waive
from deposits.models import Fee
from salon import permissions, said
from salon.access import permission_required
from salon.http import DeskRequest
from salon.refusing import refusal_told

Status = Fee.Status


@permission_required(permissions.MODIFY_SALES)
@require_POST
def collect_fee(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """Asks the card on file once more."""
    fee = _fee(uuid)
    with refusal_told(request):
        now = collect(fee=fee, desk=request.desk)
        _tell(request, now)
    return _back(request, fee)


@permission_required(permissions.MODIFY_SALES)
@require_POST
def take_fee(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """Opens a sale of it, to be paid in any way."""
    fee = _fee(uuid)
    with refusal_told(request):
        taken = take_at_desk(fee=fee, desk=request.desk)
        assert taken.order is not None  # nosec B101 - that is what it makes
        return redirect("checkout:order", order=taken.order.uuid)
    return _back(request, fee)


@permission_required(permissions.WAIVE_FEES)
@require_POST
def waive_fee(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """Lets the client off, with a reason."""
    fee = _fee(uuid)
    with refusal_told(request):
        waive(fee=fee, reason=request.POST.get("reason", ""), desk=request.desk)
        messages.success(request, f"{fee.client} is let off {said.amount(fee.rest)}.")
    return _back(request, fee)


def _fee(uuid: UUID) -> Fee:
    return get_object_or_404(Fee.objects.select_related("appointment", "client"), uuid=uuid)


def _tell(request: DeskRequest, fee: Fee) -> None:
    rest = said.amount(fee.rest)
    if fee.status == Status.PAID:
        messages.success(request, f"{rest} was charged to the card.")
    elif fee.status == Status.CHARGING:
        messages.info(
            request, f"The card is being asked for {rest}. This page will say how it went."
        )
    elif fee.status == Status.OWED:
        messages.warning(request, f"{fee.failure} {rest} stands on the client’s account as owed.")
    else:
        messages.error(request, f"{fee.failure} Nothing was charged.")


def _back(request: DeskRequest, fee: Fee) -> HttpResponseBase:
    """To the worklist that the button stood on, else to the visit's deposit."""
    worklist = reverse("deposits:fees")
    back = request.POST.get("back", "")
    if back == worklist or back.startswith(f"{worklist}?"):
        return redirect(back)
    return redirect("deposits:decide", uuid=fee.appointment.uuid)
