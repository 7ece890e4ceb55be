"""A visit as its client reads it: what, when, with whom, what is paid, until when it is free."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from djmoney.money import Money

from appointments.models import Appointment, AppointmentService
from appointments.times import say_time
from deposits.fates.held import held_for_visits
from deposits.models import DepositRequest
from deposits.rules.cancellation import CancellationTerms, terms_of
from salon import clock, said
from salon.models import Location
from salon.money import money
from salon.policy import Policy
from salon.terms import TermsBook


@dataclass(frozen=True)
class Line:
    """One service: "Cut & finish", "with Maya, 3:15 pm", 60 minutes."""

    name: str
    who: str
    starts: str
    minutes: int
    price: Money


@dataclass(frozen=True)
class OwnVisit:
    """Amounts are without added tax, so what remains is said with "about"."""

    visit: Appointment
    rows: list[AppointmentService]
    lines: list[Line]
    held: Money
    credited: Money
    """Paid as a deposit where deposits are not set aside: it is part of the account credit."""
    value: Money
    terms: CancellationTerms

    @property
    def location(self) -> Location:
        return self.visit.location

    @property
    def is_gone(self) -> bool:
        """It does not take place, nor is it waiting for anything."""
        return self.visit.is_gone

    @property
    def when(self) -> str:
        """Tue, Nov 24, 3:15 pm."""
        return said_at(self.visit.starts_at, self.location)

    @property
    def ends(self) -> str:
        """4:15 pm."""
        last = max((row.ends_at for row in self.rows), default=self.visit.starts_at)
        return say_time(last, self.location.zone)

    @property
    def with_whom(self) -> str:
        """Maya; Maya and Theo."""
        return said.listed(dict.fromkeys(line.who for line in self.lines))

    @property
    def what(self) -> str:
        """Cut & finish, Gloss."""
        return ", ".join(line.name for line in self.lines)

    @property
    def sentence(self) -> str:
        """Tue, Nov 24, 3:15 pm with Maya."""
        return f"{self.when} with {self.with_whom}" if self.lines else self.when

    @property
    def remains(self) -> Money:
        """What the deposit leaves of the price; never below zero."""
        return max(self.value - self.held, money(0))

    @property
    def deadline(self) -> str:
        """Mon, Nov 23, 3:15 pm."""
        return said_at(self.terms.deadline_at, self.location)


def own_visit(visit: Appointment) -> OwnVisit:
    """Everything that pages and e-mails say of one visit: three queries, and those of its terms;
    up to two more where nothing is held.
    """
    rows = list(visit.services.select_related("service", "staff"))
    lines = _lines(visit, rows)
    value = sum((line.price for line in lines), money(0))
    held = held_for_visits([visit]).get(visit.pk, money(0))
    credited = money(0) if held else _credited(visit)
    return OwnVisit(visit, rows, lines, held, credited, value, terms_of(visit))


def said_at(moment: dt.datetime, location: Location) -> str:
    """Tue, Nov 24, 3:15 pm on the location's clock; which one, in an hour that comes twice."""
    zone = location.zone
    today = clock.now().astimezone(zone).date()
    return f"{said.day(moment.astimezone(zone).date(), today)}, {say_time(moment, zone)}"


def _credited(visit: Appointment) -> Money:
    paid = visit.deposit_requests.filter(status=DepositRequest.Status.CONFIRMED, amount__gt=0)
    total = sum((request.amount for request in paid), money(0))
    return total if total and not Policy.of(visit.location).earmark_deposits else money(0)


def _lines(visit: Appointment, rows: list[AppointmentService]) -> list[Line]:
    book = TermsBook.at(visit.location, [row.service for row in rows])
    return [
        Line(
            name=row.service.name,
            who=str(row.staff),
            starts=say_time(row.starts_at, visit.location.zone),
            minutes=int((row.ends_at - row.starts_at).total_seconds()) // 60,
            price=book.terms(row.service, visit.location, row.staff).price,
        )
        for row in rows
    ]
