"""A column of the book: hours off, time off, visits and the free time between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from math import ceil, floor
from urllib.parse import urlencode

from django.urls import reverse

from appointments.calendar import Axis, Block, Column, Gap, Span, without
from appointments.calendar_away import Absences, Away
from appointments.calendar_cards import buffers_of, cards_of
from appointments.hours import Hours
from appointments.models import Appointment
from appointments.times import say_time
from salon import clock
from salon.models import Location, StaffMember

OPENS, CLOSES = 9, 18
"""What is shown of a day of which nothing is known."""
SHORTEST_GAP = 15
HOUR = dt.timedelta(hours=1)


def shown_hours(
    location: Location,
    days: Sequence[dt.date],
    people: Sequence[StaffMember],
    hours: Hours,
    visits: Sequence[Appointment],
) -> dict[dt.date, Axis]:
    """The same hours by the clock for each day, wide enough for who works and for all visits."""
    spans = {day: _spans(location, day, people, hours, visits) for day in days}
    starts = [_hour(span.since, day, location) for day in days for span in spans[day]]
    first = floor(min(starts, default=OPENS))
    firsts = {day: _moment(location, day, first) for day in days}
    # By what has passed, not by the clock: a day on which clocks go back has one hour more.
    ends = [(span.until - firsts[day]) / HOUR for day in days for span in spans[day]]
    count = ceil(max(ends, default=CLOSES - OPENS))
    return {day: Axis(moment, count) for day, moment in firsts.items()}


def _spans(
    location: Location,
    day: dt.date,
    people: Sequence[StaffMember],
    hours: Hours,
    visits: Sequence[Appointment],
) -> list[Span]:
    """All that has to be seen of a day: when it is open, who works, what is in the book."""
    windows = [*hours.opening(day), *(one for person in people for one in hours.of(person, day))]
    parts = [
        part
        for visit in visits
        if clock.business_date(location, visit.starts_at) == day
        for part in visit.services.all()
    ]
    return [
        *(Span(one.starts_at, one.ends_at) for one in windows),
        *(Span(part.busy_from, part.busy_until) for part in parts),
    ]


class Columns:
    """Makes the columns of one board; asks nothing of the database.

    `hours` is None where nobody has set any: then all that is shown is as good as working time.
    """

    def __init__(
        self, location: Location, hours: Hours | None, absences: Absences, now: dt.datetime
    ) -> None:
        self.location, self.hours, self.absences, self.now = location, hours, absences, now
        self.today = clock.business_date(location, now)

    def column(
        self,
        person: StaffMember,
        day: dt.date,
        axis: Axis,
        visits: Sequence[Appointment],
        *,
        title: str,
        url: str,
    ) -> Column:
        work = self._work(person, day, axis)
        gone = [one for one in self.absences.of(person, day) if one.span.meets(axis.whole)]
        return Column(
            staff=person,
            day=day,
            axis=axis,
            title=title,
            sub=self._said(work) if self.hours else "",
            url=url,
            add_url=new_url(person, day),
            cards=cards_of(visits, person, axis, self.location, self.now),
            blocks=[
                *_blocks("off", [(span, "") for span in without([axis.whole], work)], axis),
                *_blocks("away", [(one.span, one.why) for one in gone], axis),
                *buffers_of(visits, person, axis),
            ],
            gaps=self._gaps(person, axis, self._free(person, work, gone, visits)),
            is_today=day == self.today,
        )

    def _work(self, person: StaffMember, day: dt.date, axis: Axis) -> list[Span]:
        if self.hours is None:
            return [axis.whole]
        return [Span(one.starts_at, one.ends_at) for one in self.hours.of(person, day)]

    def _free(
        self,
        person: StaffMember,
        work: Sequence[Span],
        gone: Sequence[Away],
        visits: Sequence[Appointment],
    ) -> list[Span]:
        taken = [
            Span(part.busy_from, part.busy_until)
            for visit in visits
            for part in visit.services.all()
            if part.staff_id == person.pk and part.occupies
        ]
        return without(work, [*(one.span for one in gone), *taken])

    def _gaps(self, person: StaffMember, axis: Axis, free: Sequence[Span]) -> list[Gap]:
        gaps = []
        for span in free:
            place = axis.place(span)
            if place is None or span.minutes < SHORTEST_GAP:
                continue
            zone = self.location.zone
            since, until = say_time(span.since, zone), say_time(span.until, zone)
            local = span.since.astimezone(zone)
            label = f"{person.name} is free from {since} to {until}. Add a visit"
            gaps.append(Gap(place, label, new_url(person, local.date(), f"{local:%H:%M}")))
        return gaps

    def _said(self, work: Sequence[Span]) -> str:
        zone = self.location.zone
        said = (f"{say_time(span.since, zone)} – {say_time(span.until, zone)}" for span in work)
        return ", ".join(said).replace(":00", "") or "Off"


def new_url(person: StaffMember, day: dt.date, time: str = "") -> str:
    """The form for a new visit with this person, which leads back to the book."""
    wish = {"back": "book", "date": f"{day}", "row-TOTAL_FORMS": 1, "row-0-staff": person.pk}
    return f"{reverse('appointments:new')}?{urlencode(wish | ({'time': time} if time else {}))}"


def _blocks(kind: str, spans: Sequence[tuple[Span, str]], axis: Axis) -> list[Block]:
    placed = [(axis.place(span), text) for span, text in spans]
    return [Block(kind, place, text) for place, text in placed if place]


def _hour(moment: dt.datetime, day: dt.date, location: Location) -> float:
    """By the clock, counted from the midnight at which `day` begins: 25.5 is half past one."""
    local = moment.astimezone(location.zone)
    return (local.date() - day).days * 24 + local.hour + local.minute / 60


def _moment(location: Location, day: dt.date, hour: int) -> dt.datetime:
    wall = dt.datetime.combine(day, dt.time(), tzinfo=location.zone) + dt.timedelta(hours=hour)
    return wall.astimezone(dt.UTC)
