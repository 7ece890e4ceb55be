"""Visits as cards of a column: services that follow one another, and who stands beside whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from appointments.booking import fingerprint
from appointments.calendar import Axis, Block, Card, Place, Span
from appointments.models import Appointment, AppointmentService
from appointments.times import say_time
from salon import said
from salon.models import Location, StaffMember

MOST_LANES = 4


def runs_of(visit: Appointment) -> list[list[AppointmentService]]:
    """The services of a visit, those in one that the same person gives without a break.

    Reads the visit's services (prefetched ones are used).
    """
    runs: list[list[AppointmentService]] = []
    for _, group in groupby(visit.services.all(), key=lambda part: part.staff_id):
        runs.append(list(group))
    return runs


def cards_of(
    visits: Iterable[Appointment],
    person: StaffMember,
    axis: Axis,
    location: Location,
    now: dt.datetime,
) -> list[Card]:
    """What this person does in these visits and within these hours, by time, side by side."""
    found = []
    for visit in visits:
        runs = runs_of(visit)
        for index, run in enumerate(runs):
            if run[0].staff_id == person.pk:
                found.append(_card(visit, run, runs, index, axis, location, now))
    cards = [card for card in found if card is not None]
    return side_by_side(sorted(cards, key=lambda card: (card.place.row, card.visit.is_gone)))


def buffers_of(visits: Iterable[Appointment], person: StaffMember, axis: Axis) -> list[Block]:
    """The minutes that are kept free before and after what this person does."""
    blocks = []
    for visit in visits:
        for part in visit.services.all():
            if part.staff_id != person.pk or not part.occupies:
                continue
            for span in (Span(part.busy_from, part.starts_at), Span(part.ends_at, part.busy_until)):
                place = axis.place(span) if span.minutes else None
                if place:
                    blocks.append(Block("buffer", place, f"{span.minutes} min kept free"))
    return blocks


def side_by_side(cards: Sequence[Card]) -> list[Card]:
    """Cards that overlap share the width. Only what is canceled ever stands beside something."""
    placed: list[Card] = []
    cluster: list[Card] = []
    ends_at = 0
    for card in cards:
        if cluster and card.place.row >= ends_at:
            placed += _laned(cluster)
            cluster = []
        ends_at = max(ends_at if cluster else 0, card.place.row + card.place.rows)
        cluster.append(card)
    return placed + _laned(cluster)


def _laned(cluster: Sequence[Card]) -> list[Card]:
    free_at: list[int] = []
    lanes = []
    for card in cluster:
        lane = next((i for i, row in enumerate(free_at) if row <= card.place.row), len(free_at))
        free_at[lane : lane + 1] = [card.place.row + card.place.rows]
        lanes.append(min(lane, MOST_LANES - 1))
    count = min(max(lanes, default=0) + 1, MOST_LANES)
    return [replace(card, lane=i, lanes=count) for card, i in zip(cluster, lanes, strict=True)]


def _card(
    visit: Appointment,
    run: Sequence[AppointmentService],
    runs: Sequence[Sequence[AppointmentService]],
    index: int,
    axis: Axis,
    location: Location,
    now: dt.datetime,
) -> Card | None:
    span = Span(run[0].starts_at, run[-1].ends_at)
    place = axis.place(span)
    if place is None:
        return None
    others = dict.fromkeys(one[0].staff.name for one in runs if one[0].staff_id != run[0].staff_id)
    return Card(
        visit=visit,
        place=Place(place.row, place.rows),
        time=say_time(span.since, location.zone),
        until=say_time(span.until, location.zone),
        services=", ".join(part.service.name for part in run),
        segments=",".join(str(part.pk) for part in run),
        starts_at=span.since,
        seen=fingerprint(visit),
        is_first=index == 0,
        with_others=said.listed(others),
        is_late=visit.status == Appointment.Status.BOOKED and span.since < now < span.until,
    )
