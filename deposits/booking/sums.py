"""What a booking comes to, said before it is made: in the bar at the foot of every step.

Who books is not known yet, so the deposit is what is asked of somebody new; the last step says the
exact one. The figures go along in the address, signed: the page of times has enough to ask the
database, and nobody can make a link that shows others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.core.signing import Signer
from djmoney.money import Money

from deposits.booking.menu import Menu
from deposits.booking.steps import Walk
from deposits.rules.policy import asked_of
from salon import clock, links, said
from salon.money import minor, money

_signer = Signer(salt="deposits.sums")


@dataclass(frozen=True)
class Sums:
    """`is_from`: somebody who may give it takes more. `minutes`: at least."""

    value: Money
    deposit: Money
    minutes: int
    is_from: bool

    @property
    def price(self) -> str:
        """$85.00; from $85.00."""
        return f"{'from ' if self.is_from else ''}{said.amount(self.value)}"

    @property
    def length(self) -> str:
        return minutes_said(self.minutes)


def summed(walk: Walk) -> Walk:
    """The walk with what it comes to. At most nine queries."""
    sums = reckon(walk)
    figures = f"{minor(sums.value)}-{minor(sums.deposit)}-{sums.minutes}-{int(sums.is_from)}"
    return replace(walk, sum=f"{figures}:{_signer.signature(_scope(walk) + figures)}")


def sums_of(walk: Walk) -> Sums | None:
    """What the address says that it comes to; None where it says nothing, or of something else."""
    figures, _, signature = walk.sum.partition(":")
    if not links.is_signed(_signer, _scope(walk) + figures, signature):
        return None
    value, deposit, minutes, is_from = (int(figure) for figure in figures.split("-"))
    return Sums(money(value), money(deposit), minutes, bool(is_from))


def reckon(walk: Walk, menu: Menu | None = None) -> Sums:
    """What the services come to with whom was asked for, or with the cheapest."""
    menu = menu or Menu(walk.shop.location)
    services = [service for service in walk.services if service.pk in menu.dishes]
    people = [menu.who(service, walk.named.get(service.pk)) for service in services]
    least = [
        min(one, key=lambda person: (minor(person.terms.price), person.terms.minutes))
        for one in people
    ]
    asked = asked_of(
        client=None,
        services=[
            (service, found[0].staff if len(found) == 1 else None)
            for service, found in zip(services, people, strict=True)
        ],
        location=walk.shop.location,
        at=walk.at or clock.now(),
    )
    return Sums(
        value=sum((person.terms.price for person in least), money(0)),
        deposit=asked.amount,
        minutes=sum(min(one.terms.minutes for one in found) for found in people),
        is_from=any(len({one.terms.price for one in found}) > 1 for found in people),
    )


def minutes_said(minutes: int) -> str:
    """45 min; 1 h 30 min; 2 h."""
    hours, rest = divmod(minutes, 60)
    return " ".join([*([f"{hours} h"] if hours else []), *([f"{rest} min"] if rest else [])])


def _scope(walk: Walk) -> str:
    """What the figures are of: the location, the services, whom was asked for."""
    whom = [f"{one.pk}.{walk.named.get(one.pk) or 'any'}" for one in walk.services]
    return "-".join([str(walk.shop.location.pk), *whom, ""])
