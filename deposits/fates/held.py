"""What is held for a visit: how much, in which lots, and what of it a card can take back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Sum
from djmoney.money import Money

from appointments.models import Appointment
from checkout.sold_lots import for_cards, lots_held_for
from ledger.kinds import AccountKind
from ledger.models import Lot
from salon.money import money

HELD_LOTS = Lot.objects.filter(
    is_open=True, appointment__isnull=False, account__kind=AccountKind.CLIENT_CREDIT
)
"""Everything that is held for visits."""


@dataclass(frozen=True)
class Held:
    """What is held for one visit, whoever's it is. `card` names the cards that paid, if any."""

    visit: Appointment
    lots: list[Lot]
    amount: Money
    to_card: Money
    """At most this much of it can go back to the cards that paid it."""
    card: str
    """Visa •••• 4242; "the card" where it is not known which."""
    is_by_hand: bool = False
    """Some of that goes back on a card terminal, by hand."""

    def __bool__(self) -> bool:
        return bool(self.lots)


def held_for(visit: Appointment) -> Held:
    """All that is held for the visit. One query; where anything is, two and three for each sale."""
    lots = lots_held_for(visit.pk)
    left = {lot.pk: lot.remaining for lot in lots}
    parts = list(for_cards(lots, left)) if lots else []
    to_card = sum(part.cents for part in parts)
    names = dict.fromkeys(name for part in parts for name in part.references if name)
    card = (", ".join(names) or "the card") if to_card else ""
    is_by_hand = any(part.is_by_hand for part in parts)
    return Held(visit, lots, money(sum(left.values())), money(to_card), card, is_by_hand)


def held_for_visits(visits: Iterable[Appointment]) -> dict[int, Money]:
    """What is held for each visit, by its id; without those that have nothing. One query."""
    ids = [visit.pk for visit in visits]
    lots = HELD_LOTS.filter(appointment__in=ids)
    sums = lots.order_by().values_list("appointment").annotate(Sum("remaining")) if ids else []
    return {visit_id: money(total) for visit_id, total in sums}
