"""How much deposit is asked, and why.

    asked = asked_of(client=clara, services=[(cut, maya)], location=midtown, at=starts_at)
    asked.amount        # $25.50
    asked.sentence      # "A deposit of $25.50 is asked: 30 % of $85.00."

Which rule counts is in finding.py, what it comes to in figuring.py. A tax that is added at
checkout is no part of what a booking is worth. Reads only; nothing is promised by asking.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from djmoney.money import Money

from appointments.models import Appointment
from clients.models import Client
from deposits.models import DepositTerms
from deposits.rules.figuring import shares
from deposits.rules.finding import Candidate, Finder, Item
from salon import said
from salon.models import Location, Service, StaffMember
from salon.money import minor, money
from salon.policy import Policy
from salon.terms import TermsBook

NOBODY = "No rule asks for a deposit"


@dataclass(frozen=True)
class Part:
    """One service of the booking: its price, what is asked for it, and by which rule."""

    service: Service
    staff: StaffMember | None
    price: Money
    asked: Money
    rule: str
    """Everybody at Midtown: 20 % of the price"""
    by: Candidate | None = None

    @property
    def named(self) -> str:
        """Cut & finish with Maya"""
        return f"{self.service} with {self.staff}" if self.staff else str(self.service)


@dataclass(frozen=True)
class Asked:
    """The deposit for a booking. `value` is the services' price without added tax."""

    amount: Money
    value: Money
    parts: tuple[Part, ...]
    reason: str
    """Which rules counted, for the desk; why none is asked where none is."""
    tried: tuple[Candidate, ...] = ()
    """Every rule in order; empty where Client Account Balances are off."""

    @property
    def sentence(self) -> str:
        """Words for client and desk: what is asked, without naming whom a rule is for."""
        if not self.amount:
            exempt = _exemption(self.parts)
            return f"No deposit is asked: {exempt}." if exempt else "No deposit is asked."
        if self.amount == self.value:
            return f"Full payment of {said.amount(self.value)} is asked."
        return f"A deposit of {said.amount(self.amount)} is asked: {self._made_of}."

    @property
    def explained(self) -> str:
        """Several lines for the desk: each service, what is asked for it, and by which rule."""
        lines = [
            f"{part.named}, {said.amount(part.price)}: {said.amount(part.asked)}. {part.rule}."
            for part in self.parts
        ]
        return "\n".join([self.sentence, *lines] if lines and self.tried else [self.reason])

    @property
    def _made_of(self) -> str:
        """30 % of $85.00; $20.00 for Gloss."""
        groups: dict[Candidate | None, list[Part]] = {}
        for part in self.parts:
            groups.setdefault(part.by, []).append(part)
        return "; ".join(_told(by, parts) for by, parts in groups.items() if _sum(parts))


def asked_of(
    *,
    client: Client | None,
    services: Sequence[tuple[Service, StaffMember | None]],
    location: Location,
    at: dt.datetime,
) -> Asked:
    """What is asked of this client, or of somebody new (None), for these services there.

    `at` is the start of the visit. Without a person a service costs what it costs at the location.
    Nothing is asked where Client Account Balances are off: there would be nowhere to keep it. At
    most seven queries, and those of the exemptions.
    """
    book = TermsBook.at(location, [service for service, _ in services])
    items = [
        Item(service, staff, minor(book.terms(service, location, staff).price))
        for service, staff in services
    ]
    if not Policy.of(location).balances:
        return _asked(items, [], _off(location))
    finder = Finder(client=client, items=items, location=location, at=at)
    return _asked(items, finder.candidates())


def asked_for_visit(visit: Appointment) -> Asked:
    """What the policy asks for a visit as it is booked now, paid or not. As `asked_of`, and one."""
    rows = visit.services.select_related("service", "staff")
    return asked_of(
        client=visit.client,
        services=[(row.service, row.staff) for row in rows],
        location=visit.location,
        at=visit.starts_at,
    )


def value_of(visit: Appointment) -> Money:
    """What the visit's services cost with their people, without added tax. Two queries."""
    rows = list(visit.services.select_related("service", "staff"))
    book = TermsBook.at(visit.location, [row.service for row in rows])
    prices = [book.terms(row.service, visit.location, row.staff).price for row in rows]
    return sum(prices, money(0))


def _asked(items: Sequence[Item], tried: Sequence[Candidate], reason: str = "") -> Asked:
    winners = [_winner(i, tried) for i in range(len(items))]
    parts = tuple(
        Part(item.service, item.staff, money(item.price), money(cents), _rule(by, reason), by)
        for item, by, cents in zip(items, winners, _figured(items, winners), strict=True)
    )
    amount = sum((part.asked for part in parts), money(0))
    value = money(sum(item.price for item in items))
    return Asked(amount, value, parts, reason or _reason(parts), tuple(tried))


def _winner(position: int, tried: Sequence[Candidate]) -> Candidate | None:
    return next((candidate for candidate in tried if position in candidate.covers), None)


def _figured(items: Sequence[Item], winners: Sequence[Candidate | None]) -> list[int]:
    """Each service's share, by the group of services that one rule covers."""
    found = [0] * len(items)
    for by in set(winners) - {None}:
        group = [i for i, winner in enumerate(winners) if winner == by]
        terms = by.terms if by else None
        for i, cents in zip(group, shares(terms, [items[i].price for i in group]), strict=True):
            found[i] = cents
    return found


def _rule(by: Candidate | None, otherwise: str) -> str:
    return f"{by.name}: {by.how}" if by else otherwise or NOBODY


def _reason(parts: Sequence[Part]) -> str:
    """The rules that counted, each once; those that ask for something, where any does."""
    asking = [part for part in parts if part.asked] or parts
    return "; ".join(dict.fromkeys(part.rule for part in asking)) or NOBODY


def _off(location: Location) -> str:
    return (
        f"Client Account Balances are switched off at {location}, so no deposit can be kept there "
        "and none is asked"
    )


def _exemption(parts: Sequence[Part]) -> str:
    """The reason of whoever exempted them, which may be told; other rules are not."""
    found = {part.by.name for part in parts if part.by and part.by.terms is None}
    return next(iter(found), "").rstrip(".")


def _sum(parts: Sequence[Part]) -> Money:
    return sum((part.asked for part in parts), money(0))


def _told(by: Candidate | None, parts: Sequence[Part]) -> str:
    terms = by.terms if by else None
    prices = said.amount(sum((part.price for part in parts), money(0)))
    if terms is not None and terms.kind == DepositTerms.Kind.PERCENT:
        assert terms.percent is not None  # nosec B101 - the database demands one
        return f"{said.percent(terms.percent)} of {prices}"
    return f"{said.amount(_sum(parts))} for {', '.join(str(part.service) for part in parts)}"
