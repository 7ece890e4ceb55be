"""The legs of an entry: what callers say; `sql/posting.sql` acts on them.

Amounts are minor units. Only `Move` is signed (debit positive); the others are positive value.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from json.encoder import encode_basestring_ascii as _quoted

from ledger.kinds import GUARDED

_GUARDED = tuple(f"{kind}/" for kind in GUARDED)


@dataclass(frozen=True)
class Move:
    """One signed posting on an account without lots. Debit positive."""

    account: str
    amount: int

    def as_text(self) -> str:
        return f'{{"do":"move","account":{_quoted(self.account)},"amount":{self.amount}}}'


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

    def as_text(self) -> str:
        """The terms that are given, each after a comma."""
        text = ""
        for name in _TERMS:
            value = getattr(self, name)
            if value is not None and name not in self.cleared:
                text += f',"{name}":{_value(value)}'
        if self.expires_on is not None and "expires_on" not in self.cleared:
            text += f',"expires_on":"{self.expires_on.isoformat()}"'
        for name in self.cleared:
            text += f',"{name}":null'
        return text


@dataclass(frozen=True)
class Open:
    """A new lot of stored value; `settles` names a receivable that is paid off first."""

    account: str
    amount: int
    terms: Terms = field(default_factory=Terms)
    parent: int | None = None
    settles: str | None = None

    def as_text(self) -> str:
        text = f'{{"do":"open","account":{_quoted(self.account)},"amount":{self.amount}'
        text += self.terms.as_text()
        if self.parent is not None:
            text += f',"parent":{self.parent}'
        if self.settles is not None:
            text += f',"settles":{_quoted(self.settles)}'
        return text + "}"


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

    def as_text(self) -> str:
        text = f'{{"do":"draw","account":{_quoted(self.account)},"amount":{self.amount}'
        for name, cap in self.caps.items():
            text += f',"{name}":{cap}'
        if self.visit is not None:
            text += f',"visit":{self.visit}'
        if self.short is not None:
            account, limit = self.short
            text += f',"short":{{"account":{_quoted(account)},"limit":{limit}}}'
        return text + "}"


@dataclass(frozen=True)
class Take:
    """Out of one lot. `whole`: only while nothing has gone from it. Raises LotMoved."""

    lot: int
    amount: int
    whole: bool = False

    def as_text(self) -> str:
        whole = _value(self.whole)
        return f'{{"do":"take","lot":{self.lot},"amount":{self.amount},"whole":{whole}}}'


@dataclass(frozen=True)
class Restore:
    """Back into the lot that it was drawn from, on its exact terms."""

    lot: int
    amount: int

    def as_text(self) -> str:
        return f'{{"do":"restore","lot":{self.lot},"amount":{self.amount}}}'


Leg = Move | Open | Draw | Take | Restore


def as_text(legs: Sequence[Leg]) -> str:
    """The legs as the JSON that `ledger_post` acts on.

    It is a fifth of a posting's Python by `json`, hence by hand; to the letter what that wrote,
    since an act is told again by its text.
    """
    return "[" + ",".join([leg.as_text() for leg in legs]) + "]"


def _value(value: bool | int | str) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def touches_several(legs: Sequence[Leg]) -> bool:
    """Whether more than one guarded account may be touched: then they are locked in one order.

    A lot's account is not known here, so each lot counts as one.
    """
    touched: set[str | int | None] = set()
    for leg in legs:
        if isinstance(leg, Move):
            if leg.account.startswith(_GUARDED):
                touched.add(leg.account)
        elif isinstance(leg, Open):
            touched |= {leg.account, leg.settles, leg.parent}
        elif isinstance(leg, Draw):
            touched |= {leg.account, leg.short[0] if leg.short else None}
        else:
            touched.add(leg.lot)
    return len(touched - {None}) > 1
