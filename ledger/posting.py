"""Writing a journal entry: one call to the database for each."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection, transaction

from ledger.errors import named
from ledger.legs import Leg
from salon.desk import Desk
from salon.money import currency

_CALL = """select entry_id, is_new, opened from ledger_post(
    %s::text, %s::text, %s::jsonb, %s::text, %s::timestamptz, %s::date, %s::bigint, %s::bigint,
    %s::text, %s::text, %s::text, %s::text, %s::bigint)"""


@dataclass(frozen=True)
class Cause:
    """Which row caused an entry: what its line in a statement opens."""

    kind: str = ""
    id: str = ""


@dataclass(frozen=True)
class Posted:
    """The entry that stands for the key. `opened`: a lot for each Open leg, in order; None where
    all of it settled what was owed. Empty on a replay."""

    entry_id: int
    is_new: bool
    opened: list[int | None]


def post(
    *,
    key: str,
    kind: str,
    legs: Sequence[Leg],
    desk: Desk,
    reason: str = "",
    note: str = "",
    cause: Cause = Cause(),
    reverses: int | None = None,
) -> Posted:
    """Write one balanced entry, or find the one that `key` already wrote.

    Call inside a transaction that also writes the row that caused the entry. Locks the client
    accounts in the legs (by id) until that transaction ends. One query. Raises the LedgerErrors;
    after any of them the transaction can only be rolled back. An entry whose legs do not balance is
    refused at commit.
    """
    parameters: list[Any] = [
        key,
        kind,
        json.dumps([leg.as_json() for leg in legs]),
        currency(),
        desk.at,
        desk.business_date,
        desk.location.pk,
        desk.staff.pk if desk.staff else None,
        reason,
        note,
        cause.kind,
        cause.id,
        reverses,
    ]
    try:
        with transaction.mark_for_rollback_on_error(), connection.cursor() as cursor:
            cursor.execute(_CALL, parameters)
            entry_id, is_new, opened = cursor.fetchone()
    except DatabaseError as error:
        refusal = named(error)
        if refusal is None:
            raise
        raise refusal from error
    return Posted(entry_id, is_new, list(opened))
