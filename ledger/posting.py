"""Writing a journal entry: one call to the database for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, transaction

from ledger.errors import named
from ledger.legs import Leg, as_text, touches_several
from salon.desk import Desk
from salon.money import currency

_FACTS = """%s::text, %s::text, %s::text, %s::text, %s::text::timestamptz, %s::text::date,
    %s::bigint, %s::bigint, %s::text, %s::text"""
_WHY = ", p_reason => %s::text, p_note => %s::text, p_reverses => %s::bigint"
_ALONE = ", p_in_order => false"
_TILL = ", p_till => %s::bigint"
# Whether it has words of its own, somebody stands at a till, and it touches several accounts. Each
# text is made once: psycopg keeps what it knows of a query while it is given the same object.
_CALLS = {
    (words, till, several): (
        f"select ledger_post({_FACTS}{_WHY * words}{_TILL * till}{_ALONE * (not several)})"
    )
    for words in (False, True)
    for till in (False, True)
    for several in (False, True)
}


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
    accounts in the legs until that transaction ends. One query. Raises the LedgerErrors;
    after any of them the transaction can only be rolled back. An entry whose legs do not balance is
    refused at commit.
    """
    parameters: list[Any] = [
        key,
        kind,
        as_text(legs),
        currency(),
        # As text: psycopg takes four times as long over a datetime.
        desk.at.isoformat(),
        desk.business_date.isoformat(),
        desk.location.pk,
        desk.staff.pk if desk.staff else None,
        cause.kind,
        cause.id,
    ]
    # Each parameter has its price, and most postings have no words of their own.
    words = bool(reason or note or reverses)
    if words:
        parameters += [reason, note, reverses]
    if desk.till is not None:
        parameters.append(desk.till.pk)
    try:
        cursor = _cursor()
        call = _CALLS[words, desk.till is not None, touches_several(legs)]
        cursor.execute(call, parameters)
        [entry_id, is_new, *opened] = cursor.fetchone()[0]
    except DatabaseError as error:
        give_up(error)
    return Posted(entry_id, bool(is_new), opened)


def give_up(error: DatabaseError) -> NoReturn:
    """Nothing of this transaction stays. Raises the ledger's own refusal, or else the error."""
    if connection.in_atomic_block:
        transaction.set_rollback(True)
    refusal = named(error)
    if refusal is None:
        raise error
    raise refusal from error


def _cursor() -> Any:
    """Django's cursor of this connection, kept from one posting to the next.

    Making one anew took a fifth of a posting. While queries are logged each gets its own, which
    knows how to log.
    """
    # Asked for each time: which one is Django's here depends on more than the thread.
    wrapper = connections[DEFAULT_DB_ALIAS]
    if wrapper.queries_logged:
        return wrapper.cursor()
    kept = getattr(wrapper, "ledger_cursor", None)
    if kept is None or kept.connection is not wrapper.connection:
        # Through Django, which connects, and looks first whether the connection is alive.
        kept = wrapper.ledger_cursor = wrapper.cursor()  # type: ignore[attr-defined]
    return kept
