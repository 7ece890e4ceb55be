"""All rows go in, in one transaction: clients, then an opening entry for each balance."""

from collections.abc import Iterator, Sequence

from django.db import connection, transaction
from django.db.models import Max

from imports import already, clients_of_rows
from imports.models import Decision, Import, Row, Status
from imports.progress import Telling, telling
from ledger.opening import Opening, open_balances
from ledger.posting import Cause
from salon import clock
from salon.desk import Desk

CAUSE = "import"
AT_ONCE = 1000


def key_of(import_: Import, number: int) -> str:
    """The key of a row's entry: the same row goes in once, however often it is tried."""
    return f"import:{import_.uuid}:{number}"


def take_in(import_: Import) -> Import:
    """Run by the worker. Killed at any point, nothing is in and it can be started again.

    Locks the import, then the known clients and their accounts until all is in. An import that is
    not to go in (any more) stays as it is.
    """
    with telling(import_) as told, transaction.atomic():
        locked = Import.objects.select_for_update(no_key=True).get(pk=import_.pk)
        if locked.status != Status.IMPORTING:
            return locked
        locked.started_at = clock.now()
        told.begin("Making clients", locked.rows_in)
        _make_clients(locked, told)
        clients_of_rows.welcome_known(locked)
        already.refuse_more(locked)
        told.begin("Opening balances", locked.rows_in)
        _open_balances(locked, desk_of(locked), told)
        # Deferred guards look at every entry when it is committed: that takes its time, too.
        told.begin("Checking that everything adds up", 0)
        locked.status, locked.finished_at = Status.DONE, clock.now()
        locked.save()
    return locked


def desk_of(import_: Import) -> Desk:
    """Who confirmed it, at its location, now: nobody stands at a till."""
    return Desk(staff=import_.confirmed_by, location=import_.location, by_itself=True)


def _make_clients(import_: Import, told: Telling) -> None:
    clients_of_rows.number_new(import_)
    for first, last in _ranges(import_):
        told.add(clients_of_rows.make_new(import_, first, last))


def _ranges(import_: Import) -> Iterator[tuple[int, int]]:
    """First and last numbers that a batch can have."""
    most = import_.rows.aggregate(most=Max("number"))["most"] or 0
    for first in range(1, most + 1, AT_ONCE):
        yield first, first + AT_ONCE - 1


def _open_balances(import_: Import, desk: Desk, told: Telling) -> None:
    cause = Cause(CAUSE, str(import_.uuid))
    for rows in _batches(import_):
        owing = [row for row in rows if row.amount]
        entries = open_balances([_opening(import_, row) for row in owing], desk=desk, cause=cause)
        _note_entries(owing, entries)
        told.add(len(rows))


def _opening(import_: Import, row: Row) -> Opening:
    assert row.client_id is not None
    return Opening(
        key=key_of(import_, row.number),
        client_id=row.client_id,
        amount=row.amount,
        is_paid=import_.is_paid,
        expires_on=row.expires_on,
        # Nobody can owe who was made a moment ago, but by an earlier row.
        may_owe=row.decision == Decision.MATCH or row.same_as is not None,
    )


def _note_entries(rows: Sequence[Row], entries: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update imports_row r set entry_id = e.entry "
            "from unnest(%s::bigint[], %s::bigint[]) as e (row, entry) where r.id = e.row",
            [[row.pk for row in rows], list(entries)],
        )


def _batches(import_: Import) -> Iterator[list[Row]]:
    after = 0
    while rows := list(
        import_.rows.going_in()
        .filter(number__gt=after)
        .only("of_id", "number", "client_id", "amount", "expires_on", "decision", "same_as")
        .order_by("number")[:AT_ONCE]
    ):
        yield rows
        after = rows[-1].number
