"""What is lost when a membership ends whose money does not stay.

Each period keeps whether its money stays. What is not spent then of the lots of the others, and of
what they became, is taken from the balance: what was paid is breakage, a bonus comes back to
goodwill. What is held for a visit stays with it; so does what a refund brings back after the end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from djmoney.money import Money

from ledger import accounts
from ledger.descent import families_of
from ledger.errors import LotMoved
from ledger.kinds import EntryKind
from ledger.legs import Leg, Move, Take
from ledger.models import Lot
from ledger.posting import Cause, Posted, post
from memberships.changing import history
from memberships.models import Event, Membership, Period
from memberships.purposes import CAUSE
from salon import said
from salon.desk import Desk
from salon.money import money

_TRIES = 20
"""How often what is left is read anew, where it is spent at the same moment."""


@dataclass(frozen=True)
class Left:
    """What is unspent of a membership's lots on the day that it ends.

    `lots` are lost, `kept` are held for visits; `stays`: some of its money is not lost by its end.
    """

    lots: list[Lot]
    kept: list[Lot]
    stays: bool

    @property
    def lost(self) -> Money:
        return _sum(self.lots)

    @property
    def bonus(self) -> Money:
        return _sum(lot for lot in self.lots if not lot.is_paid)

    @property
    def held(self) -> Money:
        return _sum(self.kept)


def left_of(membership: Membership, on: dt.date) -> Left:
    """What of its money would be lost by its end on this day, as it stands now. Two queries.

    Lots that expire before that day are lost by that, not by the end.
    """
    periods = membership.periods.filter(status=Period.Status.PAID)
    rows = list(periods.values_list("stays", "paid_lot", "bonus_lot"))
    mortal = [lot for stays, *lots in rows if not stays for lot in lots if lot]
    unspent = [
        lot
        for family in families_of(mortal).values()
        for lot in family
        if lot.is_open and (lot.expires_on is None or lot.expires_on >= on)
    ]
    return Left(
        lots=[lot for lot in unspent if lot.appointment_id is None],
        kept=[lot for lot in unspent if lot.appointment_id is not None],
        stays=any(stays and any(lots) for stays, *lots in rows),
    )


def lapse(membership: Membership, desk: Desk) -> Posted | None:
    """Take what is lost from the balance, once; None where nothing is.

    With the membership locked, in the transaction that ends it. `desk` is at its location. Locks
    the accounts. Spent at the same moment, what is still left then is taken.
    """
    for _ in range(_TRIES):
        left = left_of(membership, desk.business_date)
        if not left.lots:
            return None
        try:
            with transaction.atomic():
                posted = _post(membership, left, desk)
        except LotMoved:
            continue
        _tell(membership, left, desk)
        return posted
    raise LotMoved("What is left of this membership's money moves all the time.")


def _post(membership: Membership, left: Left, desk: Desk) -> Posted:
    total, bonus = _cents(left.lots), _cents(lot for lot in left.lots if not lot.is_paid)
    legs: list[Leg] = [Take(lot.pk, lot.remaining) for lot in left.lots]
    if total - bonus:
        legs.append(Move(accounts.BREAKAGE, bonus - total))
    if bonus:
        legs.append(Move(accounts.GOODWILL, -bonus))
    return post(
        key=f"membership:{membership.uuid}:lapse",
        kind=EntryKind.EXPIRY,
        legs=legs,
        desk=desk,
        note=f"{membership.plan} ended: what was not spent is lost",
        cause=Cause(CAUSE, str(membership.uuid)),
    )


def _tell(membership: Membership, left: Left, desk: Desk) -> None:
    of_it = f", {said.amount(left.bonus)} of it a bonus" if left.bonus else ""
    text = f"{said.amount(left.lost)} that was not spent is lost{of_it}."
    history.write(membership, Event.Kind.LAPSED, text, at=desk.at, by=desk.staff, till=desk.till)


def _sum(lots: Iterable[Lot]) -> Money:
    return money(_cents(lots))


def _cents(lots: Iterable[Lot]) -> int:
    return sum(lot.remaining for lot in lots)
