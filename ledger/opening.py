"""Opening balances: what clients had, or owed, in the program before. Many at once, and back."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection

from ledger import accounts
from ledger.kinds import AccountKind, EntryKind, Source
from ledger.legs import Leg, Move, Open, Terms, as_text, touches_several
from ledger.models import Posting
from ledger.posting import Cause, give_up
from ledger.reversing import opposites, reversal_key
from salon.desk import Desk
from salon.money import currency


@dataclass(frozen=True)
class Opening:
    """What one client had: `amount` in minor units, below zero for what was owed; never zero.

    `client_id` is that of a client who stands: none that was merged.
    """

    key: str
    client_id: int
    amount: int
    is_paid: bool = True
    expires_on: dt.date | None = None
    may_owe: bool = True
    """False where it is known that the client owes nothing: then one account less is looked at."""

    def legs(self) -> list[Leg]:
        """Credit settles what the client owes already, as any money that comes in."""
        owed = f"{AccountKind.RECEIVABLE}/client:{self.client_id}"
        if self.amount < 0:
            return [Move(owed, -self.amount), Move(accounts.OPENING, self.amount)]
        credit = f"{AccountKind.CLIENT_CREDIT}/client:{self.client_id}"
        terms = Terms(
            source=Source.IMPORT,
            is_paid=self.is_paid,
            expires_on=self.expires_on,
            restriction="any",
        )
        return [
            Open(credit, self.amount, terms, settles=owed if self.may_owe else None),
            Move(accounts.OPENING, self.amount),
        ]


def open_balances(openings: Sequence[Opening], *, desk: Desk, cause: Cause) -> list[int]:
    """One entry for each, in order; their ids. One query; a key that is known writes nothing.

    Call inside a transaction that locked the clients' rows. Raises the LedgerErrors.
    """
    entries = [_wanted(it.key, EntryKind.OPENING, it.legs()) for it in openings]
    return _post_many(entries, desk, cause)


def close_balances(entries: Sequence[int], *, desk: Desk, cause: Cause) -> list[int]:
    """Reverse these entries in their order, on their exact terms; the reversals' ids. Two queries.

    The later of two entries of a client goes first. Raises LotMoved where credit was spent.
    """
    postings: dict[int, list[Posting]] = {entry: [] for entry in entries}
    for posting in (
        Posting.objects.filter(entry__in=entries)
        .select_related("lot", "account")
        .order_by("entry_id", "-line")
    ):
        postings[posting.entry_id].append(posting)
    wanted = [
        {
            **_wanted(reversal_key(entry), EntryKind.REVERSAL, opposites(entry, postings[entry])),
            "reverses": entry,
        }
        for entry in entries
    ]
    return _post_many(wanted, desk, cause)


def _wanted(key: str, kind: str, legs: Sequence[Leg]) -> dict[str, Any]:
    return {"key": key, "kind": kind, "legs": as_text(legs), "in_order": touches_several(legs)}


def _post_many(entries: Sequence[dict[str, Any]], desk: Desk, cause: Cause) -> list[int]:
    if not entries:
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "select ledger_post_many(%s::jsonb, %s, %s, %s, %s, %s, %s, %s, %s)",
                [
                    json.dumps(entries),
                    currency(),
                    desk.at,
                    desk.business_date,
                    desk.location.pk,
                    desk.staff.pk if desk.staff else None,
                    cause.kind,
                    cause.id,
                    desk.till.pk if desk.till else None,
                ],
            )
            return cursor.fetchone()[0]
    except DatabaseError as error:
        give_up(error)
