"""The book on the screen: which board an address means, and the part of the page that shows it."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.contrib.messages import get_messages
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django_htmx.http import trigger_client_event

from appointments.calendar import Board
from appointments.calendar_day import board_of_day
from appointments.calendar_week import board_of_week, days_of_week
from appointments.day import staff_of_day
from appointments.views.day import asked_day
from salon import clock
from salon.addresses import whole_number
from salon.http import DeskRequest
from salon.models import StaffMember

PART = "book"
"""The id of the part of the page that is drawn anew."""


@dataclass(frozen=True)
class Asked:
    """What an address of the book asks for: a day of everybody, or the week of one person."""

    request: DeskRequest
    query: QueryDict
    is_week: bool

    @cached_property
    def day(self) -> dt.date:
        desk = self.request.desk
        asked = asked_day(self.query.get("date", ""))
        return asked or clock.business_date(desk.location, desk.at)

    @cached_property
    def today(self) -> dt.date:
        return clock.business_date(self.request.desk.location, self.request.desk.at)

    @property
    def iso(self) -> str:
        return self.day.isoformat()

    @property
    def with_gone(self) -> bool:
        return bool(self.query.get("canceled"))

    @property
    def staff_id(self) -> int | None:
        return whole_number(self.query.get("staff"))

    @cached_property
    def choices(self) -> list[StaffMember]:
        """Who can be chosen. One query."""
        return staff_of_day(self.request.desk.location, self.staff_id)

    @cached_property
    def person(self) -> StaffMember | None:
        """Whose week it is: who was asked for, else the first."""
        chosen = [person for person in self.choices if person.pk == self.staff_id]
        return next(iter(chosen or self.choices), None)

    @cached_property
    def board(self) -> Board | None:
        """None where there is nobody whose week could be shown."""
        location = self.request.desk.location
        if not self.is_week:
            return board_of_day(
                location, self.day, staff_id=self.staff_id, with_gone=self.with_gone
            )
        if self.person is None:
            return None
        return board_of_week(location, self.person, self.day, with_gone=self.with_gone)

    def url(self, **change: object) -> str:
        """This view with something else; None leaves a part out."""
        wish = {
            "date": None if self.day == self.today else f"{self.day}",
            "staff": self.staff_id,
            "canceled": 1 if self.with_gone else None,
            "week": self.is_week,
        } | change
        name = "appointments:book_week" if wish.pop("week") else "appointments:book"
        query = urlencode({key: value for key, value in wish.items() if value is not None})
        return reverse(name) + (f"?{query}" if query else "")

    @property
    def links(self) -> dict[str, str]:
        """Where one goes from here."""
        step = dt.timedelta(days=7 if self.is_week else 1)
        person = self.person.pk if self.is_week and self.person else self.staff_id
        return {
            "here": self.url(),
            "before": self.url(date=self.day - step),
            "after": self.url(date=self.day + step),
            "today": self.url(date=None),
            "as_day": self.url(week=False),
            "as_week": self.url(week=True, staff=person),
            "everybody": self.url(staff=None),
            "gone": self.url(canceled=None if self.with_gone else 1),
        }

    @property
    def week_ends(self) -> tuple[dt.date, dt.date]:
        days = days_of_week(self.day)
        return days[0], days[-1]


def asked_by(request: DeskRequest) -> Asked:
    """What the page shows from which htmx sent this, or this very address."""
    here = request.htmx.current_url if request.htmx and request.method == "POST" else None
    parts = urlsplit(here or request.get_full_path())
    is_week = parts.path == reverse("appointments:book_week")
    return Asked(request, QueryDict(parts.query), is_week)


def drawn(request: DeskRequest, asked: Asked) -> tuple[str, str]:
    """The board as HTML, and a stamp that differs as soon as it shows anything else."""
    context = {"asked": asked, "board": asked.board, "links": asked.links}
    html = render_to_string("appointments/_book.html", context, request)
    return html, hashlib.sha256(html.encode()).hexdigest()[:16]


def whole(request: DeskRequest, asked: Asked) -> dict[str, object]:
    """The context of the part: the board, its stamp, and what is asked for beside it."""
    html, stamp = drawn(request, asked)
    return {
        "asked": asked,
        "board": asked.board,
        "links": asked.links,
        "columns": html,
        "stamp": stamp,
    }


def book_again(request: DeskRequest) -> HttpResponseBase:
    """After an act on the book's page: the book as it is now, with what happened as a toast."""
    context = whole(request, asked_by(request))
    html = render_to_string("appointments/_book_part.html", context, request)
    told = {"messages": get_messages(request), "oob": True}
    html += render_to_string("components/toasts.html", told, request)
    return trigger_client_event(HttpResponse(html), "close-sheet", after="swap")
