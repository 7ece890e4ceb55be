"""A client moves their own visit: the same services, another time, the deposit goes along."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from appointments import changes, moving
from appointments.canceling import signed, with_line
from appointments.free_times import Slot, free_times
from appointments.locking import lock
from appointments.models import Appointment
from deposits.fates.carrying import carry_of
from deposits.models import BookingSettings
from deposits.own import telling
from deposits.own.standing import NotOnline, why_not_moved
from deposits.own.visit import OwnVisit, own_visit, said_at
from deposits.rules.cancellation import CancellationTerms, accept, terms_for, terms_of
from salon import clock
from salon.desk import Desk


@dataclass(frozen=True)
class Device:
    """From where somebody acts, as evidence for what they agreed to."""

    address: str | None
    words: str


def last_day(facts: OwnVisit, settings: BookingSettings, at: dt.datetime) -> dt.date:
    """As far as the salon takes bookings, and as its deposit may go. The queries of `carry_of`."""
    today = clock.business_date(facts.location, at)
    last = today + dt.timedelta(days=settings.latest_days)
    until = carry_of(facts.visit).until
    return min(last, until) if until else last


def free_for(
    facts: OwnVisit,
    settings: BookingSettings,
    *,
    first: dt.date,
    last: dt.date,
    anyone: bool,
    at: dt.datetime,
) -> dict[dt.date, list[Slot]]:
    """The starts that its client may move it to, but its present one. As `free_times`."""
    if first > last:
        return {}
    visit = facts.visit
    days = free_times(
        location=visit.location,
        services=[(row.service, None if anyone else row.staff) for row in facts.rows],
        first=first,
        last=last,
        every=settings.start_every,
        not_before=at + dt.timedelta(minutes=settings.earliest_minutes),
        online=True,
        apart_from=visit,
    )
    return {
        day: [slot for slot in slots if slot.starts_at != visit.starts_at]
        for day, slots in days.items()
    }


def terms_at(facts: OwnVisit, starts_at: dt.datetime) -> CancellationTerms:
    """The policy for the visit, were it at another time: its client agrees to that in moving it."""
    return terms_for(value=facts.value, starts_at=starts_at, location=facts.location)


@transaction.atomic
def move_online(*, visit: Appointment, slot: Slot, seen: str, desk: Desk, device: Device) -> None:
    """Give it another time, and with `slot.staff` for its services in order; tell the client.

    `seen`: the `fingerprint` of what the client looked at. Raises NotOnline where it may not be
    moved any more, Busy where the time is gone, StaleVisit where the salon changed it meanwhile.
    Locks its sales, the visit, then the staff.
    """
    changes.prepare(visit)
    locked = lock(visit)
    was = locked.starts_at
    if was == slot.starts_at:
        return  # The form arrived twice.
    _refuse(locked, slot, desk)
    facts = own_visit(locked)
    staff = {row.pk: person for row, person in zip(facts.rows, slot.staff, strict=True)}
    moved = moving.move(
        appointment=locked, starts_at=slot.starts_at, staff=staff, seen=seen, desk=desk
    )
    _note(moved, was, desk)
    _agree(moved, facts, device, desk)
    telling.tell_moved(moved, was)


def _refuse(visit: Appointment, slot: Slot, desk: Desk) -> None:
    if why := why_not_moved(visit, terms_of(visit).deadline_at, desk.at):
        raise NotOnline(f"{why} Nothing was changed.")
    if why := carry_of(visit, slot.starts_at).why_not:
        raise NotOnline(f"{why} Nothing was changed.")


def _note(visit: Appointment, was: dt.datetime, desk: Desk) -> None:
    """For the desk, which sees notes."""
    before = said_at(was, visit.location)
    visit.note = with_line(visit.note, f"Moved by {signed(desk)}: it was {before}.")
    visit.save(update_fields=["note"])


def _agree(visit: Appointment, facts: OwnVisit, device: Device, desk: Desk) -> None:
    """What was shown for the new time; a consent to keep a card stays as it was given."""
    before = visit.policy_acceptances.order_by("-id").first()
    accept(
        visit=visit,
        request=None,
        terms=terms_at(facts, visit.starts_at),
        address=device.address,
        device=device.words,
        card_terms=before.card_terms if before else "",
        at=desk.at,
    )
