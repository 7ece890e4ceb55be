"""The legs of an entry: what callers say; `sql/posting.sql` acts on them.

Amounts are minor units. Only `Move` is signed (debit positive); the others are positive value.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ledger.kinds import GUARDED

_GUARDED = tuple(f"{kind}/" for kind in GUARDED)


@dataclass(frozen=True)
class Move:
    """One signed posting on an account without lots. Debit positive."""

    account: str
    amount: int

    def as_json(self) -> dict[str, Any]:
        return {"do": "move", "account": self.account, "amount": self.amount}


_TERMS = ("source", "is_paid", "holder", "visit", "restriction", "card_ceiling")


@dataclass(frozen=True)
class Terms:
    """The terms of a new lot. With a parent, only what is named here differs from the parent's."""

    source: str | None = None
    is_paid: bool | None = None
    holder: int | None = None
    expires_on: dt.date | None = None
    visit: int | None = None
    restriction: str | None = None
    card_ceiling: int | None = None
    cleared: tuple[str, ...] = ()
    """Terms to set to nothing on a child: ("visit",) releases, ("expires_on",) unlimits."""

    def as_json(self) -> dict[str, Any]:
        given: dict[str, Any] = {
            name: value for name in _TERMS if (value := getattr(self, name)) is not None
        }
        if self.expires_on is not None:
            given["expires_on"] = self.expires_on.isoformat()
        for name in self.cleared:
            given[name] = None
        return given


@dataclass(frozen=True)
class Open:
    """A new lot of stored value; `settles` names a receivable that is paid off first."""

    account: str
    amount: int
    terms: Terms = field(default_factory=Terms)
    parent: int | None = None
    settles: str | None = None

    def as_json(self) -> dict[str, Any]:
        leg = {"do": "open", "account": self.account, "amount": self.amount, **self.terms.as_json()}
        if self.parent is not None:
            leg["parent"] = self.parent
        if self.settles is not None:
            leg["settles"] = self.settles
        return leg


@dataclass(frozen=True)
class Draw:
    """Spend in the order of drawing. `caps` limits what comes out of restricted lots.

    Raises NotEnoughCredit unless `short` names (receivable account, limit) for what lacks.
    """

    account: str
    amount: int
    visit: int | None = None
    caps: Mapping[str, int] = field(default_factory=dict)
    short: tuple[str, int] | None = None

    def as_json(self) -> dict[str, Any]:
        leg = {"do": "draw", "account": self.account, "amount": self.amount, **self.caps}
        if self.visit is not None:
            leg["visit"] = self.visit
        if self.short is not None:
            leg["short"] = {"account": self.short[0], "limit": self.short[1]}
        return leg


@dataclass(frozen=True)
class Take:
    """Out of one lot. `whole`: only while nothing has gone from it. Raises LotMoved."""

    lot: int
    amount: int
    whole: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"do": "take", "lot": self.lot, "amount": self.amount, "whole": self.whole}


@dataclass(frozen=True)
class Restore:
    """Back into the lot that it was drawn from, on its exact terms."""

    lot: int
    amount: int

    def as_json(self) -> dict[str, Any]:
        return {"do": "restore", "lot": self.lot, "amount": self.amount}


Leg = Move | Open | Draw | Take | Restore


def touches_several(legs: Sequence[Leg]) -> bool:
    """Whether more than one guarded account may be touched: then they are locked in one order.

    A lot's account is not known here, so each lot counts as one.
    """
    touched: set[str | int | None] = set()
    for leg in legs:
        if isinstance(leg, Take | Restore):
            touched.add(leg.lot)
        elif leg.account.startswith(_GUARDED):
            touched.add(leg.account)
            if isinstance(leg, Open):
                touched |= {leg.settles, leg.parent}
            elif isinstance(leg, Draw) and leg.short:
                touched.add(leg.short[0])
    return len(touched - {None}) > 1
