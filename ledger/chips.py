"""What clients have, as chips for a page of a floor below: all rows of a list in one answer.

A page that lists visits, or clients, asks once, when it is loaded:

    <div hx-get="/balances/chips/?visits=12,15" hx-trigger="load" hx-swap="none"></div>
    <div hx-get="/balances/chips/?clients=42,43" hx-trigger="load" hx-swap="none"></div>

and the answer fills `#money-of-<visit's uuid>`, or every `.balance-of-<client's id>`. Where the
client is the same in every row, `?held=12,15` fills `#held-of-<visit's uuid>` with deposits alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Sum
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.decorators.http import require_safe
from djmoney.money import Money

from appointments.models import Appointment
from ledger.balances import Balance, balances_of
from ledger.models import Lot
from salon import permissions, said
from salon.access import permission_required
from salon.http import DeskRequest
from salon.money import money
from salon.toggles import balances_enabled

MOST = 500
"""Rows that one page may ask for."""


@dataclass(frozen=True)
class Chips:
    """What goes into one place of the page. `deposit`: held for this very visit."""

    place: str
    balance: Balance
    deposit: Money

    @property
    def deposit_said(self) -> str:
        return f"{said.amount(self.deposit)} deposit"

    @property
    def held_elsewhere(self) -> Money:
        return max(self.balance.held - self.deposit, money(0))


@permission_required(permissions.VIEW_BALANCES)
@require_safe
def balance_chips(request: DeskRequest) -> HttpResponse:
    """Out-of-band fragments. Four queries at most: the toggle, the visits, what is held, balances.

    Where client account balances are switched off only money held for visits is shown.
    """
    visit_ids, client_ids, held_ids = (
        numbers(request.GET.get(name, "")) for name in ("visits", "clients", "held")
    )
    if visit_ids is None or client_ids is None or held_ids is None:
        return HttpResponseBadRequest("Send ids, parted by commas.")
    if held_ids:
        return _held_alone(request, held_ids)
    visits = list(Appointment.objects.filter(pk__in=visit_ids)) if visit_ids else []
    deposits = _held_for(visits)
    balances = balances_of(
        {*client_ids, *(visit.client_id for visit in visits)}, on=request.desk.business_date
    )
    chips = [
        Chips(f"#money-of-{visit.uuid}", balances[visit.client_id], deposits[visit.pk])
        for visit in visits
    ]
    chips += [Chips(f".balance-of-{pk}", balances[pk], money(0)) for pk in client_ids]
    context = {
        "chips": chips,
        "is_on": balances_enabled(request.desk.location),
        "deposits": sum(deposits.values(), money(0)),
        "for_visits": bool(visits),
    }
    return render(request, "ledger/_chips.html", context)


def _held_alone(request: DeskRequest, visit_ids: Sequence[int]) -> HttpResponse:
    """What is held for each visit, and nothing else of its client's. Two queries."""
    visits = list(Appointment.objects.filter(pk__in=visit_ids))
    deposits = _held_for(visits)
    nothing = Balance(*[money(0)] * 4)
    chips = [Chips(f"#held-of-{visit.uuid}", nothing, deposits[visit.pk]) for visit in visits]
    return render(request, "ledger/_chips.html", {"chips": [c for c in chips if c.deposit]})


def _held_for(visits: Sequence[Appointment]) -> dict[int, Money]:
    """What each visit's client holds for it, by the visit's id. One query, none without visits."""
    held = {visit.pk: money(0) for visit in visits}
    if visits:
        own = F("appointment__client")
        lots = Lot.objects.filter(is_open=True, appointment__in=visits, account__client=own)
        for visit_id, total in lots.values_list("appointment").annotate(Sum("remaining")):
            held[visit_id] = money(total)
    return held


def numbers(text: str) -> list[int] | None:
    """Ids from a query: none for an empty one, None for one that nobody's page would send."""
    parts = [part for part in text.split(",") if part]
    if len(parts) > MOST or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    return [int(part) for part in parts if len(part) < 19]
