"""Whether a day's figures are what the trial balance moved by."""

import datetime as dt
from collections.abc import Sequence

from ledger.kinds import AccountKind
from ledger.trial_balance import trial_balance
from reports import day_close
from salon.models import Location
from salon.money import minor
from salon.reporting.registry import Tie


def ties(on: dt.date, place: Location | None = None) -> Sequence[Tie]:
    """What the day moved, beside two trial balances: as of its end, and before it."""
    after, before = (
        {row.kind: minor(row.net) for row in trial_balance(day, by="kind", place=place).rows}
        for day in (on, on - dt.timedelta(days=1))
    )
    moved = day_close.moved_on(on, place)

    def books(kind: AccountKind) -> int:
        return after.get(kind, 0) - before.get(kind, 0)

    tenders = (AccountKind.CASH, AccountKind.CARD, AccountKind.OTHER_TENDER)
    return [
        *(
            Tie(
                f"{kind.label} of that day",
                sum(
                    each.paid - each.given_back + each.otherwise
                    for each in moved
                    if each.account_kind == kind
                ),
                books(kind),
            )
            for kind in tenders
        ),
        *(
            Tie(
                f"{kind.label} of that day",
                -sum(each.net for each in moved if each.account_kind == kind),
                -books(kind),
            )
            for kind in (AccountKind.INCOME, AccountKind.TAX, AccountKind.TIPS)
        ),
    ]
