"""Which rule counts for each service of a booking, and why the others do not.

The rules are tried from the most particular to the most general; the first that covers a service
has it:

    1. the exception for this client          4. the rule for new clients
    2. an exemption, by whoever gives one     5. the service's custom deposit: the person's own,
    3. the rule for clients with earlier         the location's, the service's
       no-shows                               6. the rule for everybody

3, 4 and 6 count once the whole booking is worth their minimum; of several such rules the
location's own goes first, then the one with the higher bar.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from checkout import deposit_exemptions
from clients.models import Client
from deposits.models import (
    BookingSettings,
    ClientDeposit,
    DepositRule,
    DepositTerms,
    ServiceDeposit,
)
from deposits.rules import words
from deposits.rules.known_clients import Past, past_of
from salon import said
from salon.models import Location, Service, StaffMember
from salon.money import minor, money

Who = DepositRule.Who

STEPS = {
    1: "Exception for this client",
    2: "Exemption",
    3: "Clients with earlier no-shows",
    4: "New clients",
    5: "Custom deposit of the service",
    6: "Everybody",
}


@dataclass(frozen=True)
class Item:
    """One service of the booking. `price`: minor units."""

    service: Service
    staff: StaffMember | None
    price: int


@dataclass(frozen=True)
class Candidate:
    """One rule that was tried. `terms` None: nothing is asked. `covers`: positions of items."""

    step: int
    name: str
    terms: DepositTerms | None = None
    covers: frozenset[int] = frozenset()
    why_not: str = ""

    @property
    def how(self) -> str:
        """30 % of the price"""
        return words.how(self.terms) if self.terms else "no deposit"

    @property
    def is_there(self) -> bool:
        """False for a step at which nobody set anything."""
        return self.terms is not None or bool(self.covers)


class Finder:
    """Tries the rules for one booking. At most five queries, and those of the exemptions."""

    def __init__(
        self,
        *,
        client: Client | None,
        items: Sequence[Item],
        location: Location,
        at: dt.datetime,
    ) -> None:
        self.client, self.items, self.location, self.at = client, items, location, at
        self._all = frozenset(range(len(items)))
        self._value = sum(item.price for item in items)

    def candidates(self) -> list[Candidate]:
        """Every rule that there is, in the order in which they are tried; none at a step: told."""
        found = [*self._exception(), *self._exemption(), *self._rules(), *self._custom()]
        there = {candidate.step for candidate in found}
        empty = [
            Candidate(step, name, why_not="There is none.")
            for step, name in STEPS.items()
            if step not in there
        ]
        return sorted([*found, *empty], key=lambda candidate: candidate.step)

    def _exception(self) -> Iterator[Candidate]:
        if self.client is None:
            return
        rows = ClientDeposit.objects.filter(client=self.client.survivor_id)
        for row in rows.select_related("client"):
            yield Candidate(1, words.exception(row), row, self._all)

    def _exemption(self) -> Iterator[Candidate]:
        reasons = deposit_exemptions.reasons_for(
            client=self.client,
            services=[item.service for item in self.items],
            location=self.location,
            at=self.at,
            members_pay=lambda: BookingSettings.current().members_pay_deposits,
        )
        for reason in dict.fromkeys(reasons.values()):
            yield Candidate(2, reason, None, self._with(reasons, reason))

    def _with(self, reasons: Mapping[int, str], reason: str) -> frozenset[int]:
        """Positions of the services that this reason exempts."""
        items = enumerate(self.items)
        return frozenset(i for i, item in items if reasons.get(item.service.pk) == reason)

    def _rules(self) -> Iterator[Candidate]:
        here = Q(location=self.location) | Q(location=None)
        rows = DepositRule.objects.active().filter(here).select_related("location")
        past = past_of(self.client)
        for rule in sorted(rows, key=_order):
            yield self._tried(rule, past)

    def _tried(self, rule: DepositRule, past: Past) -> Candidate:
        why_not = self._not_meant(rule, past) or self._too_small(rule)
        covers = frozenset() if why_not else self._all
        return Candidate(_STEP_OF[Who(rule.who)], words.whom(rule), rule, covers, why_not)

    def _not_meant(self, rule: DepositRule, past: Past) -> str:
        if rule.who == Who.NO_SHOWS and past.no_shows < rule.no_shows:
            has = words.no_shows(past.no_shows) if past.no_shows else "no no-show"
            return f"{self._named} has {has}."
        if rule.who == Who.NEW and not past.is_new:
            return f"{self._named} was here before."
        return ""

    def _too_small(self, rule: DepositRule) -> str:
        if self._value >= minor(rule.minimum_value):
            return ""
        value = said.amount(money(self._value))
        return f"The booking is worth {value}, less than {said.amount(rule.minimum_value)}."

    def _custom(self) -> Iterator[Candidate]:
        services = {item.service.pk for item in self.items}
        people = {item.staff.pk for item in self.items if item.staff}
        theirs = Q(staff__in=people) | Q(staff=None)
        here = Q(location=self.location) | Q(location=None)
        rows = ServiceDeposit.objects.filter(theirs, here, service__in=services)
        related = rows.select_related("service", "location", "staff")
        for row in sorted(related, key=_particular):
            covers = frozenset(i for i in self._all if _fits(row, self.items[i]))
            why_not = "" if covers else f"{row.service} is with somebody else."
            yield Candidate(5, words.custom(row), row, covers, why_not)

    @property
    def _named(self) -> str:
        return str(self.client) if self.client else "Somebody new"


def in_order(rules: Iterable[DepositRule]) -> list[DepositRule]:
    """As they are tried."""
    return sorted(rules, key=lambda rule: (_STEP_OF[Who(rule.who)], *_order(rule)))


_STEP_OF = {Who.NO_SHOWS: 3, Who.NEW: 4, Who.EVERYBODY: 6}


def _order(rule: DepositRule) -> tuple[bool, int, int, int]:
    """The location's own first, then who missed more visits, then the dearer bookings."""
    missed = rule.no_shows if rule.who == Who.NO_SHOWS else 0
    return rule.location_id is None, -missed, -minor(rule.minimum_value), rule.pk


def _particular(row: ServiceDeposit) -> tuple[int, int]:
    return (0 if row.staff_id else 1 if row.location_id else 2), row.pk


def _fits(row: ServiceDeposit, item: Item) -> bool:
    if row.service_id != item.service.pk:
        return False
    return row.staff_id is None or (item.staff is not None and row.staff_id == item.staff.pk)
