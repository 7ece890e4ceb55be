"""The tables of the report on deposits."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from django.urls import reverse
from djmoney.money import Money

from appointments.models import Appointment
from appointments.times import when
from clients.models import Client
from ledger.models import Entry
from reports.deposits import RollForward, Use
from reports.held_visits import Held, services_of, why
from reports.linking import cause_names, cause_url, entry_url
from salon.money import money
from salon.reporting.tables import Column, Kind, Line, Table

SHOWN = 100
"""Rows of a list on the page; its file has all."""
READ = 500
Row = TypeVar("Row")

_STEPS = [
    ("opening", "Held at the beginning"),
    ("taken", "Taken"),
    ("set_aside", "Set aside from the balance"),
    ("applied", "Applied at checkout"),
    ("moved_out", "Moved to another visit or client: out"),
    ("moved_in", "Moved to another visit or client: in"),
    ("kept", "Kept as account balance"),
    ("refunded", "Refunded"),
    ("forfeited", "Forfeited"),
    ("expired", "Expired"),
    ("corrected", "Corrections"),
]
_ROLL = [
    Column("what", "What", is_title=True),
    Column("amount", "Amount", Kind.MONEY, is_amount=True),
]
HELD = [
    Column("client", "Client", is_title=True),
    Column("visit", "Visit"),
    Column("services", "Services", is_extra=True),
    Column("since", "Taken", Kind.DAY),
    Column("age", "Days held", Kind.COUNT, is_extra=True),
    Column("amount", "Held", Kind.MONEY, is_amount=True),
]
OVER = [*HELD[:3], Column("why", "Why"), *HELD[3:]]
_USED = [
    Column("day", "Day", Kind.DAY),
    Column("client", "Client", is_title=True),
    Column("cause", "Where"),
    Column("visit", "Visit"),
    Column("amount", "Amount", Kind.MONEY, is_amount=True),
]


def rolled_table(rolled: RollForward) -> Table:
    """Steps of nothing are left out, but for the first two."""
    lines = [
        Line({"what": label, "amount": money(getattr(rolled, key))})
        for key, label in _STEPS
        if getattr(rolled, key) or key in ("opening", "taken")
    ]
    closing = Line({"what": "Held at the end", "amount": money(rolled.closing)})
    moves = "What moves leaves one visit and comes to another: together nothing."
    note = moves if rolled.moved_in or rolled.moved_out else ""
    return Table(_ROLL, lines, title="How it came to that", total=closing, note=note)


def held_table(
    key: str, title: str, held: Sequence[Held], on: dt.date, columns: Sequence[Column]
) -> Table:
    return Table(
        columns,
        list(_held_lines(held[:SHOWN], on)),
        title=title,
        key=key,
        total=Line({"client": "Total", "amount": summed(held)}),
        empty="Nothing is held for any.",
        note=_cut(held),
        file_lines=_in_parts(held, lambda part: _held_lines(part, on)),
    )


def _held_lines(held: Sequence[Held], on: dt.date) -> Iterator[Line]:
    services = services_of(each.visit.pk for each in held)
    for each in held:
        yield Line(
            {
                "client": each.client.name,
                "visit": when(each.visit),
                "visit_at": _begins(each.visit),
                "services": services.get(each.visit.pk, ""),
                "why": why(each),
                "since": each.since,
                "age": (on - each.since).days,
                "amount": money(each.amount),
            },
            url=_visit_url(each.visit),
        )


def used_table(key: str, title: str, found: Sequence[Use]) -> Table:
    total_line = Line({"client": "Total", "amount": summed(found)})
    return Table(
        _USED,
        _used_lines(found[:SHOWN]),
        title=title,
        key=key,
        total=total_line,
        empty="Nothing on these days.",
        note=_cut(found),
        file_lines=_in_parts(found, _used_lines),
    )


def _used_lines(found: Sequence[Use]) -> list[Line]:
    """Four queries, and one for each kind of cause."""
    if not found:
        return []
    entries = Entry.objects.in_bulk({use.entry_id for use in found})
    clients = Client.objects.in_bulk({use.client_id for use in found})
    rows = Appointment.objects.select_related("location")
    visits = rows.in_bulk({use.visit_id for use in found})
    names = cause_names((entry.cause_kind, entry.cause_id) for entry in entries.values())
    return [
        _used_line(use, entries[use.entry_id], clients[use.client_id], visits[use.visit_id], names)
        for use in found
    ]


def _used_line(
    use: Use,
    entry: Entry,
    client: Client,
    visit: Appointment,
    names: dict[tuple[str, str], str],
) -> Line:
    cause = (entry.cause_kind, entry.cause_id)
    return Line(
        {
            "day": use.on,
            "client": client.name,
            "cause": names.get(cause) or entry.get_kind_display(),
            "visit": when(visit),
            "visit_at": _begins(visit),
            "amount": money(use.amount),
        },
        url=reverse("ledger:entry", args=[client.pk, entry.pk]),
        links={
            "day": entry_url(entry.pk),
            "cause": cause_url(*cause),
            "visit": _visit_url(visit),
        },
    )


def _in_parts(
    rows: Sequence[Row], lines_of: Callable[[Sequence[Row]], Iterable[Line]]
) -> Iterator[Line]:
    """Names are looked up for READ rows at a time, as the file is written.

    A visit is told by its moment there, which a spreadsheet can sort.
    """
    rest = iter(rows)
    while part := list(islice(rest, READ)):
        for line in lines_of(part):
            yield replace(line, values={**line.values, "visit": line.values["visit_at"]})


def _begins(visit: Appointment) -> dt.datetime:
    """On the clock of its location."""
    return visit.starts_at.astimezone(visit.location.zone)


def _cut(rows: Sequence[object]) -> str:
    more = len(rows) - SHOWN
    return f"{more:,} more are in the file; the total is of all." if more > 0 else ""


def summed(rows: Sequence[Held] | Sequence[Use]) -> Money:
    return money(sum(row.amount for row in rows))


def _visit_url(visit: Appointment) -> str:
    return reverse("appointments:visit", args=[visit.uuid])
