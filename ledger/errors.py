"""What the ledger refuses, by name. The message of each is fit for the desk."""

import json
from typing import Any

import psycopg
from django.db import DatabaseError


class LedgerError(Exception):
    """The act was refused and nothing was written. `figures` are the numbers behind the message."""

    def __init__(self, message: str, figures: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.figures = figures or {}


class NotEnoughCredit(LedgerError):
    """Less is available than was asked for: `figures["available"]`, minor units."""


class KeyConflict(LedgerError):
    """The idempotency key already stands for another act: a programming error or a forged form."""


class UnknownLot(LedgerError):
    """There is no such lot."""


class LotMoved(LedgerError):
    """The credit was spent or moved meanwhile: `figures["remaining"]`, minor units."""


class MoreThanTaken(LedgerError):
    """More would be given back than was ever taken out of that lot."""


class BadAmount(LedgerError):
    """A leg of zero, below zero, or of a kind that its account does not take."""


class NotReversible(LedgerError):
    """A reversal is not reversed: the act that it undid is done anew."""


class AppendOnly(LedgerError):
    """Somebody tried to change what is recorded."""


class Unbalanced(LedgerError):
    """The legs do not add up to zero."""


BY_SQLSTATE: dict[str, type[LedgerError]] = {
    "SL001": NotEnoughCredit,
    "SL002": KeyConflict,
    "SL003": UnknownLot,
    "SL004": LotMoved,
    "SL005": MoreThanTaken,
    "SL006": BadAmount,
    "SL007": NotReversible,
    "SL010": AppendOnly,
    "SL011": Unbalanced,
}


def named(error: DatabaseError) -> LedgerError | None:
    """The ledger's own name for a database error, or None when it is not the ledger's."""
    cause = error.__cause__
    if not isinstance(cause, psycopg.Error):
        return None
    kind = BY_SQLSTATE.get(cause.sqlstate or "")
    if kind is None:
        return None
    detail = cause.diag.message_detail
    return kind(cause.diag.message_primary or "", json.loads(detail) if detail else {})
