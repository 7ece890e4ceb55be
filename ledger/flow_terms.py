"""What makes a figure of a report: which movements, and with which sign.

Stored value counts as what is owed for it: above zero, the salon owes more; so do its flows, as
ledger/liability.py has them. Of every other account debit is above zero.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from ledger.kinds import AccountKind, Flow
from ledger.liability import CAME_IN

_STORED = (AccountKind.CLIENT_CREDIT, AccountKind.GIFT_CARD)


@dataclass(frozen=True)
class Asked:
    """Business dates, both in it; None for whatever. `location_id`: where it happened.

    `elsewhere`: only what happened at another location than the one that sold it.
    """

    start: dt.date
    end: dt.date
    kind: str = AccountKind.CLIENT_CREDIT.value
    flow: str = ""
    source: str | None = None
    holder_id: int | None = None
    is_houses: bool = False
    sold_at_id: int | None = None
    location_id: int | None = None
    elsewhere: bool = False

    @property
    def filters(self) -> dict[str, Any]:
        """Columns of `ledger_movement` that all rows have in common."""
        wanted = {"sold_at_id": self.sold_at_id, "location_id": self.location_id}
        found: dict[str, Any] = {name: key for name, key in wanted.items() if key is not None}
        if self.holder_id is not None or self.is_houses:
            found["holder_id"] = self.holder_id
        return found

    @property
    def terms(self) -> list["Term"]:
        """Which movements make the figure, and with which sign."""
        sign = -1 if self.kind in _STORED else 1
        if self.kind not in _STORED or not self.flow:
            terms = [Term(self.kind, self.flow, None, sign)]
        else:
            own = Flow.MOVED if self.flow == Flow.SETTLED else self.flow
            terms = [Term(self.kind, own, None, sign), *self._settling()]
        if self.source is None:
            return terms
        return [
            Term(term.kind, term.flow, self.source, term.sign)
            for term in terms
            if term.source in (None, self.source)
        ]

    def _settling(self) -> list["Term"]:
        owed, flow = AccountKind.RECEIVABLE.value, Flow.SETTLED.value
        if self.kind != AccountKind.CLIENT_CREDIT:
            return []
        if self.flow == Flow.SETTLED:
            return [Term(owed, flow, None, 1)]
        came_in = {way.value: source.value for source, way in CAME_IN.items()}
        came_in[Flow.CORRECTED.value] = ""
        known = self.flow in came_in
        return [Term(owed, flow, came_in[self.flow], -1)] if known else []


@dataclass(frozen=True)
class Term:
    """One kind of movement; "" or None for every flow or source."""

    kind: str
    flow: str
    source: str | None
    sign: int
