"""What a client may do by themselves with a visit of theirs, and why not."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from appointments.errors import Refused
from appointments.models import Appointment
from deposits.fates.carrying import carry_of
from deposits.models import BookingSettings
from deposits.own.visit import said_at

Status = Appointment.Status


class NotOnline(Refused):
    """Refused in words for the client. What else refuses speaks to the desk, perhaps of others."""


class Stand(StrEnum):
    """Where a visit stands for its client at a moment."""

    PENDING = "pending"
    AHEAD = "ahead"
    HERE = "here"
    """Checked in, or its time has come."""
    DONE = "done"
    CANCELED = "canceled"
    LATE = "late"
    MISSED = "missed"
    LAPSED = "lapsed"


_STANDS = {
    Status.PENDING: Stand.PENDING,
    Status.CHECKED_IN: Stand.HERE,
    Status.DONE: Stand.DONE,
    Status.CANCELED: Stand.CANCELED,
    Status.LATE: Stand.LATE,
    Status.NO_SHOW: Stand.MISSED,
    Status.LAPSED: Stand.LAPSED,
}


def stand_of(visit: Appointment, at: dt.datetime) -> Stand:
    """No queries."""
    if visit.status == Status.BOOKED:
        return Stand.AHEAD if at < visit.starts_at else Stand.HERE
    return _STANDS[Status(visit.status)]


def why_not_moved(visit: Appointment, deadline_at: dt.datetime, at: dt.datetime) -> str:
    """Why its client cannot move it online now; empty where they can.

    A client who is blocked books nothing online, nor anybody where online booking is off. What is
    held for the visit may be carried only so often; without a deposit nothing is counted.
    """
    settings = BookingSettings.current()
    if stand_of(visit, at) != Stand.AHEAD:
        return "This visit can’t be moved any more."
    if not settings.online_booking or visit.client.is_blocked:
        return "Visits are not moved online at the moment."
    if at >= deadline_at:
        return f"It could be moved free of charge until {said_at(deadline_at, visit.location)}."
    return carry_of(visit).why_not
