"""Taking an import back: every opening entry reversed, the clients that it made archived."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.urls import reverse

from imports import clients_of_rows, leaving, tasks
from imports.errors import Refused
from imports.mapping import lock
from imports.models import Import, Status
from imports.progress import Telling, telling
from imports.taking_in import AT_ONCE, CAUSE
from ledger.errors import LedgerError
from ledger.models import Entry
from ledger.opening import close_balances
from ledger.posting import Cause
from salon import clock
from salon.desk import Desk

SHOWN = 50
MOVED_ON = (
    "Somebody spent or moved some of it a moment ago. Everything is still in. The page names the "
    "clients who are in the way."
)


@dataclass(frozen=True)
class InTheWay:
    """A client whose imported balance is not as it came. `url`: the page where that is seen."""

    name: str
    why: str
    url: str


@dataclass(frozen=True)
class Outlook:
    """What taking back would meet. `in_the_way`: the first 50 of `how_many` clients."""

    in_the_way: list[InTheWay]
    how_many: int


def outlook(import_: Import) -> Outlook:
    """Who is in the way of taking it back now. One query, however many rows."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_THE_WAY, {"import": import_.pk, "shown": SHOWN})
        found = cursor.fetchall()
    ways = [
        InTheWay(name, why, reverse("ledger:payment_methods", args=[client]))
        for client, name, why, _ in found
    ]
    return Outlook(ways, found[0][3] if found else 0)


@transaction.atomic
def take_back(*, import_: Import, desk: Desk) -> Import:
    """Have the worker take it back. Raises Refused while anything of it was spent or moved.

    Locks the import.
    """
    locked = lock(import_, [Status.DONE])
    if many := outlook(locked).how_many:
        clients = "1 client has" if many == 1 else f"{many:,} clients have"
        raise Refused(
            f"{clients} spent or moved what was imported. Undo that first. Nothing was taken back."
        )
    locked.taken_back_by = desk.person
    locked.status, locked.error = Status.TAKING_BACK, ""
    locked.save()
    tasks.ask(tasks.take_back, locked)
    return locked


def undo(import_: Import) -> Import:
    """Run by the worker, in one transaction: killed at any point, everything is still in.

    Locks the import, then its clients, then their accounts. Raises Refused where somebody spent
    meanwhile.
    """
    with telling(import_) as told, transaction.atomic():
        locked = Import.objects.select_for_update(no_key=True).get(pk=import_.pk)
        if locked.status != Status.TAKING_BACK:
            return locked
        clients_of_rows.lock_all(locked)
        _reverse_all(locked, told)
        clients_of_rows.empty_again(locked)
        told.begin("Archiving clients", 0)
        locked.stayed = leaving.archive_made(locked)
        told.begin("Checking that everything adds up", 0)
        locked.status, locked.taken_back_at = Status.TAKEN_BACK, clock.now()
        locked.save()
    return locked


def _reverse_all(import_: Import, told: Telling) -> None:
    desk = Desk(staff=import_.taken_back_by, location=import_.location, by_itself=True)
    cause = Cause(CAUSE, str(import_.uuid))
    told.begin("Reversing balances", import_.rows_in)
    try:
        for entries in _entries(import_):
            close_balances(entries, desk=desk, cause=cause)
            told.add(len(entries))
    except LedgerError as error:
        raise Refused(MOVED_ON) from error


def _entries(import_: Import) -> Iterator[list[int]]:
    """The last first: what a later row settled is owed again before an earlier one is undone."""
    mine = import_.rows.filter(entry_id__isnull=False).values("entry_id")
    before = 2**62
    while entries := list(
        Entry.objects.filter(pk__in=mine, pk__lt=before)
        .order_by("-pk")
        .values_list("pk", flat=True)[:AT_ONCE]
    ):
        yield entries
        before = entries[-1]


# A debt is in the way where less is owed now than undoing its entry takes off, the last entry
# first. Entries that somebody reversed by hand are undone already.
_IN_THE_WAY = """
with mine as (
    select r.entry_id, r.client_id from imports_row r
    where r.of_id = %(import)s and r.entry_id is not null
      and not exists (select from ledger_entry e where e.reverses_id = r.entry_id)
),
spent as (
    select m.client_id, case
        when c.merged_into_id is not null then 'Merged into another client.'
        when l.expires_on is not null and l.remaining = 0 and exists (
            select from ledger_posting p join ledger_entry e on e.id = p.entry_id
            where p.lot_id = l.id and e.kind = 'expiry') then 'The credit expired.'
        else 'Some of the credit was spent or moved.' end as why
    from mine m
    join ledger_lot l on l.opened_by_id = m.entry_id
    join clients_client c on c.id = m.client_id
    where l.remaining <> l.amount
),
owed as (
    select m.client_id, a.balance - sum(p.amount) over (
               partition by a.id order by m.entry_id desc) as left_over
    from mine m
    join ledger_posting p on p.entry_id = m.entry_id
    join ledger_account a on a.id = p.account_id and a.kind = 'receivable'
),
ways as (
    select client_id, why from spent
    union
    select client_id, 'What was owed has been paid.' from owed where left_over < 0
),
told as (select client_id, min(why) as why from ways group by client_id)
select c.id, trim(c.first_name || ' ' || c.last_name), t.why, count(*) over ()
from told t join clients_client c on c.id = t.client_id
order by c.last_name, c.first_name, c.id
limit %(shown)s
"""
