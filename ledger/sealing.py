"""Sealing a location's day: from then on it takes no entry, and its seal says what it held.

Upper floors say what is in the way, in AppConfig.ready():

    sealing.ask("checkout", why_not)
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import psycopg
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from ledger.models import Seal
from salon import clock, permissions, said
from salon.desk import Desk
from salon.errors import Refusal
from salon.models import Location

NOTHING = "Nothing was sealed."
LONGEST_NOTE = 240
_SEALED = "SL012"
"""ledger_seal_day found that day, or a later one, sealed."""


@dataclass(frozen=True)
class Obstacle:
    """What has to be done before a day can be sealed, and the page where it is done."""

    sentence: str
    url: str = ""
    action: str = ""


Asked = Callable[[Location, dt.date], Iterable[Obstacle]]
"""asked(location, on): what stands against sealing the location's days up to that one."""

_asked: dict[str, Asked] = {}


class SealRefused(Refusal):
    """Nothing was sealed. `field`: the input that it is about; `obstacles`: what to do first."""

    def __init__(self, message: str, field: str = "", obstacles: Iterable[Obstacle] = ()) -> None:
        super().__init__(message, field)
        self.obstacles = list(obstacles)


def ask(name: str, why_not: Asked) -> None:
    """Ask this app, too. `name` is the app's own; registering again replaces."""
    _asked[name] = why_not


def obstacles_to(location: Location, on: dt.date) -> list[Obstacle]:
    """Everything that stands against sealing this day, by app."""
    return [obstacle for name in sorted(_asked) for obstacle in _asked[name](location, on)]


def seals_of(location: Location) -> QuerySet[Seal]:
    """The seals of a location, the last first, with who sealed and the one before."""
    seals = Seal.objects.filter(location=location).select_related("staff", "previous")
    return seals.order_by("-business_date")


def seal_of(location: Location, on: dt.date) -> Seal | None:
    """The seal of exactly that day. One query."""
    return seals_of(location).filter(business_date=on).first()


def sealed_through(location: Location) -> dt.date | None:
    """The last sealed day: what is dated up to it stands for good. One query."""
    days = seals_of(location).values_list("business_date", flat=True)
    return days.first()


def counts_for(location: Location, day: dt.date) -> dt.date:
    """The day that what is done on `day` counts for: that one, or the first that is not sealed.

    As ledger_post has it for entries. One query.
    """
    through = sealed_through(location)
    return day if through is None else max(day, through + dt.timedelta(days=1))


def seal_day(*, location: Location, on: dt.date, desk: Desk, note: str = "") -> list[Seal]:
    """Seal a business date of a location, with each earlier one that has entries since the last.

    The new seals in order of their days; for a day that has one, that seal. Waits at most three
    seconds for who is posting, and lets nobody post meanwhile: call it in no transaction that has
    locked anything. Five queries and those of who is asked. Raises SealRefused.
    """
    _check(location, on, desk, note)
    through = sealed_through(location)
    if through is not None and on <= through:
        return _sealed(location, on)
    if obstacles := obstacles_to(location, on):
        raise SealRefused(f"{obstacles[0].sentence} {NOTHING}", obstacles=obstacles)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "select ledger_seal_day(%s, %s, %s, %s, %s)",
                [location.pk, on, desk.person.pk, desk.at, note.strip()],
            )
            made = [row[0] for row in cursor.fetchall()]
    except DatabaseError as error:
        return _answer(error, location, on)
    return list(seals_of(location).filter(pk__in=made).order_by("business_date"))


def _check(location: Location, on: dt.date, desk: Desk, note: str) -> None:
    if desk.staff is None or not desk.staff.has_perm(permissions.SEAL_DAYS):
        raise SealRefused(
            f"Your role may not close a day for good. Ask a manager or an owner. {NOTHING}"
        )
    today = clock.business_date(location, desk.at)
    if on > today:
        raise SealRefused(
            f"{said.day(on, today)} is still to come. {NOTHING} Seal it once it is over.", "on"
        )
    if len(note.strip()) > LONGEST_NOTE:
        raise SealRefused(f"Say it in at most {LONGEST_NOTE} characters. {NOTHING}", "note")


def _sealed(location: Location, on: dt.date) -> list[Seal]:
    """What answers for a day up to the last seal: its own, or that it had nothing to seal."""
    found = seal_of(location, on)
    if found is not None:
        return [found]
    through = sealed_through(location)
    assert through is not None
    raise SealRefused(
        f"{location} is sealed up to {said.day(through, clock.business_date(location))}, and "
        f"{said.day(on, clock.business_date(location))} had no entries by then. {NOTHING}",
        "on",
    )


def _answer(error: DatabaseError, location: Location, on: dt.date) -> list[Seal]:
    """Somebody was faster, or is posting for longer than one waits."""
    cause = error.__cause__
    if isinstance(cause, psycopg.Error) and cause.sqlstate == _SEALED:
        return _sealed(location, on)
    if isinstance(cause, psycopg.errors.LockNotAvailable):
        raise SealRefused(f"Somebody is posting right now. {NOTHING} Try again.") from error
    raise error
