"""The visit form as a whole: who and when, and the rows of services."""

from __future__ import annotations

import datetime as dt
import uuid as uuids
from functools import cached_property
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.http import QueryDict

from appointments.booking import fingerprint
from appointments.catalog import Catalog
from appointments.errors import Busy, Refused
from appointments.forms import MOST_ROWS, Rows, RowsFormSet, VisitForm
from appointments.models import Appointment
from appointments.segments import Wanted
from clients.models import Client
from salon import clock
from salon.models import Location

PREFIX = "row"
QUARTER = dt.timedelta(minutes=15)


class VisitEntry:
    """A form and its rows: fresh, as typed so far, or sent to be saved.

    `data` is what was sent to be saved; `draft` is what was typed so far, shown again unchecked.
    Five queries, whatever the number of rows: four of the catalog, one for the client.
    """

    def __init__(
        self,
        location: Location,
        visit: Appointment | None = None,
        *,
        data: QueryDict | None = None,
        draft: QueryDict | None = None,
    ) -> None:
        self.location, self.visit = location, visit
        self.catalog = Catalog(location, visit)
        fresh = _of(visit, location) if visit else {"uuid": uuids.uuid4()}
        fresh_rows = _rows_of(visit, self.catalog) if visit else []
        if draft is not None:
            fresh = {**fresh, **_typed(draft)}
            fresh_rows = _typed_rows(draft) or fresh_rows
        kept = visit.client if visit else None
        self.form = VisitForm(data, initial=fresh, location=location, client=kept)
        rows = RowsFormSet(
            data,
            initial=None if data is not None else fresh_rows or [{}],
            prefix=PREFIX,
            form_kwargs={"catalog": self.catalog},
        )
        self.rows = cast(Rows, rows)

    @cached_property
    def client(self) -> Client | None:
        """Who was chosen so far. One query for a new visit, none for one that exists."""
        if self.visit:
            return self.visit.client
        try:
            chosen: Client = self.form.fields["client"].clean(self.form["client"].value())
        except ValidationError:
            return None
        return chosen

    @property
    def is_valid(self) -> bool:
        """Both parts; each is checked, so that all errors show at once."""
        return all([self.form.is_valid(), self.rows.is_valid()])

    @property
    def picks_client(self) -> bool:
        """Whether the box that finds a client takes the focus: nothing can be done before."""
        return not self.form.is_bound and self.client is None

    def focus_on_row(self, index: int) -> None:
        """Where the person goes on: the service of a row."""
        if self.client is not None:
            self.rows.forms[index].fields["service"].widget.attrs["autofocus"] = True

    @property
    def wanted(self) -> list[Wanted]:
        return self.rows.wanted

    @property
    def can_add(self) -> bool:
        return len(self.rows.forms) < MOST_ROWS

    def refuse(self, refused: Refused) -> None:
        """Show a refusal above the form, and where it is about one of its fields, there too."""
        self.form.add_error(None, refused.message)
        if isinstance(refused, Busy):
            self.form.add_error("time", "Somebody is busy at this time.")


def with_row_added(data: QueryDict) -> QueryDict:
    """What was typed, with one more row; it begins with the staff member of the last."""
    return _with_rows(data, [*_typed_rows(data), {"staff": _last_staff(data)}])


def without_row(data: QueryDict, index: int) -> QueryDict:
    """What was typed, without one row."""
    rows = _typed_rows(data)
    return _with_rows(data, [row for i, row in enumerate(rows) if i != index])


def with_start(data: QueryDict, start: str, location: Location) -> QueryDict:
    """What was typed, at another start: a moment as ISO text, as the page offered it."""
    try:
        local = dt.datetime.fromisoformat(start).astimezone(location.zone)
    except (ValueError, OverflowError):
        return data
    changed = data.copy()
    changed["date"], changed["time"] = f"{local:%Y-%m-%d}", f"{local:%H:%M}"
    changed["which"] = "second" if local.fold else "first"
    return changed


def next_quarter(location: Location) -> dt.datetime:
    """The coming quarter of an hour on the location's clock: when a walk-in would start."""
    now = clock.now()
    since = dt.timedelta(seconds=now.timestamp() % QUARTER.total_seconds())
    soon = now + (QUARTER - since if since else since)
    return soon.astimezone(location.zone)


def _of(visit: Appointment, location: Location) -> dict[str, Any]:
    local = visit.starts_at.astimezone(location.zone)
    return {
        "uuid": visit.uuid,
        "seen": fingerprint(visit),
        "date": local.date(),
        "time": local.time(),
        "which": "second" if local.fold else "first",
        "note": visit.note,
    }


def _rows_of(visit: Appointment, catalog: Catalog) -> list[dict[str, Any]]:
    """What the visit has; the time is left open where it is the usual one."""
    rows = []
    for part in visit.services.all():
        minutes = int((part.ends_at - part.starts_at).total_seconds() // 60)
        is_usual = minutes == catalog.minutes(part.service, part.staff)
        rows.append(
            {
                "service": part.service_id,
                "staff": part.staff_id,
                "minutes": None if is_usual else minutes,
            }
        )
    return rows


def _typed(data: QueryDict) -> dict[str, Any]:
    return {name: data.get(name) for name in VisitForm.base_fields if name in data}


def _typed_rows(data: QueryDict) -> list[dict[str, Any]]:
    count = data.get(f"{PREFIX}-TOTAL_FORMS", "")
    if not (count.isdecimal() and len(count) < 4):
        return []
    return [
        {name: data.get(f"{PREFIX}-{i}-{name}", "") for name in ("service", "staff", "minutes")}
        for i in range(min(int(count), MOST_ROWS))
    ]


def _last_staff(data: QueryDict) -> str:
    rows = _typed_rows(data)
    return rows[-1]["staff"] if rows else ""


def _with_rows(data: QueryDict, rows: list[dict[str, Any]]) -> QueryDict:
    changed = data.copy()
    for name in [name for name in changed if name.startswith(f"{PREFIX}-")]:
        del changed[name]
    changed[f"{PREFIX}-TOTAL_FORMS"] = str(len(rows))
    for i, row in enumerate(rows):
        for name, value in row.items():
            changed[f"{PREFIX}-{i}-{name}"] = str(value)
    return changed
