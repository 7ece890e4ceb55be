"""How the desk takes a deposit: the other half of the Account Credits sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from djmoney.money import Money

from appointments.models import Appointment
from checkout.adding_deposits import DEPOSIT, add_deposit, visits_ahead
from checkout.forms.base import ActForm
from checkout.forms.deposits import DepositForm
from checkout.models import LineItem
from checkout.offering import Button
from checkout.offers.lines import AccountCreditsOffer
from checkout.offers.payments import quick
from checkout.presenting import OrderPage
from ledger.models import Lot
from salon import clock, said
from salon.money import money


@dataclass(frozen=True)
class VisitChoice:
    """A visit to choose: "Tue 3:15 pm with Maya · Cut & finish"."""

    visit: Appointment
    held: Money
    here: bool

    @property
    def label(self) -> str:
        services = list(self.visit.services.all())
        people = said.listed(dict.fromkeys(str(part.staff) for part in services))
        what = ", ".join(part.service.name for part in services)
        with timezone.override(self.visit.location.zone):
            return f"{said.moment(self.visit.starts_at, clock.now())} with {people} · {what}"

    @property
    def note(self) -> str:
        """What it costs, what is held for it already, and where it is if not here."""
        parts = list(self.visit.services.all())
        notes = [said.amount(sum((part.service.price for part in parts), money(0)))]
        notes += [f"{said.amount(self.held)} held already"] if self.held else []
        return " · ".join([*notes, *([] if self.here else [str(self.visit.location)])])


class DepositOffer(AccountCreditsOffer):
    """Opened from the Account Credits sheet, whose first question is what the money is for."""

    kind = DEPOSIT
    form = DepositForm

    def buttons(self, page: OrderPage) -> list[Button]:
        return []

    def initial(self, page: OrderPage, asked: Mapping[str, str]) -> dict[str, Any]:
        return super().initial(page, asked) | {"visit": asked.get("visit", "")}

    def shows(self, page: OrderPage, form: ActForm, asked: Mapping[str, str]) -> dict[str, Any]:
        shows = super().shows(page, form, asked)
        earmarks = page.policy.earmark_deposits
        whose = shows["other"] or (None if shows["picks"] else page.client)
        visits = list(visits_ahead(whose, page.order)) if whose and earmarks else []
        return shows | {
            "is_deposit": True,
            "earmarks": earmarks,
            "whose": whose,
            "can_add": bool(whose) and (bool(visits) or not earmarks),
            "visits": _choices(visits, page),
            "chosen_visit": str(form["visit"].value() or ""),
            "by_card_only": page.policy.deposits_by_card_only,
            "quick": quick(20, 30, 50, 100),
        }

    def notes(self, line: LineItem) -> list[str]:
        if line.appointment_id is None:
            return super().notes(line)
        return ["Held for this visit once the sale is closed"]

    def add(self, page: OrderPage, form: Any) -> LineItem:
        return add_deposit(
            order=page.order,
            beneficiary=form.cleaned_data["beneficiary"],
            visit=form.cleaned_data["visit"],
            amount=form.cleaned_data["amount"],
            desk=page.desk,
            **form.identity,
        )


def _choices(visits: list[Appointment], page: OrderPage) -> list[VisitChoice]:
    """One query, none without visits."""
    held: dict[int | None, int] = {}
    if visits:
        lots = Lot.objects.filter(is_open=True, appointment__in=visits)
        held = dict(lots.values_list("appointment").annotate(Sum("remaining")))
    here = page.desk.location.pk
    return [
        VisitChoice(visit, money(held.get(visit.pk, 0)), visit.location_id == here)
        for visit in visits
    ]
