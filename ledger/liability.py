"""What the salon owes its clients, and how it came to that over a period.

    opening + sold + deposits + memberships + refunded to balance + goodwill + imported
    ± corrections − used − IOUs settled − refunded out − forfeited − expired = closing

Figures are minor units of what is owed: above zero, the salon owes more. What money came in to pay
off a debt counts as it came in (sold, say) and as settled, so that it leaves the sum as it is. A
merge that pays a debt out of credit is settled, too.

Each part belongs to the location that sold it. Used at another one, it counts there as used, and
as transferred from here to there.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ledger.kinds import AccountKind, Flow, Source
from ledger.roll_forward import Part, RollForward
from ledger.sums import sums
from salon.models import Location

CAME_IN = {
    Source.PURCHASE: Flow.SOLD,
    Source.DEPOSIT: Flow.DEPOSIT,
    Source.MEMBERSHIP: Flow.MEMBERSHIP,
    Source.REFUND: Flow.REFUNDED_IN,
    Source.GOODWILL: Flow.GOODWILL,
    Source.IMPORT: Flow.IMPORTED,
}
"""The flow of money that settled a debt, by how it came in; a correction, where that is empty."""

_BY = ["kind", "flow", "source", "holder_id", "sold_at_id", "location_id", "is_held"]


@dataclass(frozen=True)
class Liability:
    """As of the end of `end`, and over the days from `start`."""

    credit: RollForward
    cards: RollForward

    @property
    def closing(self) -> int:
        return self.credit.closing + self.cards.closing


def liability(*, start: dt.date, end: dt.date, place: Location | None = None) -> Liability:
    """The roll-forward of client credit, and of gift cards apart. `place`: of what it sold.

    Its closing figure is the trial balance's as of that day, the other way round. Two queries.
    """
    kinds = [AccountKind.CLIENT_CREDIT, AccountKind.GIFT_CARD, AccountKind.RECEIVABLE]
    rows = sums(end=end, by=_BY, parted_at=start, kind=[kind.value for kind in kinds])
    place_id = place.pk if place else None
    cards = [row for row in rows if row["kind"] == AccountKind.GIFT_CARD]
    credit = [row for row in rows if row["kind"] != AccountKind.GIFT_CARD]
    return Liability(
        RollForward(tuple(_parts(credit)), place_id), RollForward(tuple(_parts(cards)), place_id)
    )


def _parts(rows: Iterable[dict]) -> Iterator[Part]:
    for row in rows:
        values = {name: row[name] for name in _BY if name not in ("kind", "is_held")}
        part = Part(
            **values,
            is_held=bool(row["is_held"]),
            is_before=row["is_before"],
            amount=-row["amount"],
        )
        if row["kind"] != AccountKind.RECEIVABLE:
            is_moved = part.flow == Flow.MOVED
            yield replace(part, flow=Flow.SETTLED) if is_moved else part
        elif part.flow == Flow.SETTLED:
            flow = CAME_IN.get(part.source, Flow.CORRECTED)  # type: ignore[call-overload]
            yield replace(part, flow=flow, is_held=False)
            yield replace(part, amount=-part.amount, is_held=False)
