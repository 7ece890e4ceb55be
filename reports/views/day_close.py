"""The day's close: payments against drawers, sales, what is for later; and sealing it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ledger.models import Seal
from ledger.sealing import Obstacle, SealRefused, obstacles_to, seal_day, seal_of
from reports import day_close, day_sales, day_tables, days_around
from reports.day_form import DayForm, SealForm
from salon import clock, permissions, said
from salon.access import permission_required
from salon.http import DeskRequest
from salon.models import Location
from salon.money import money
from salon.reporting.page import Figure, Page, show
from salon.reporting.periods import Period
from salon.reporting.tables import Table

KEY = "day-close"
_FUTURE = "Money of today for what clients come for later. It is no income yet."
_PAST = "What was paid for before, or is still to be paid: no money of this day."


@permission_required(permissions.VIEW_REPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: DeskRequest) -> HttpResponseBase:
    """The day, and with POST its seal. Thirty queries at most, besides those of the frame."""
    which = DayForm(request.GET or None, here=request.desk.location, places=request.locations)
    if request.method == "POST":
        return _sealed(request, which)
    return _shown(request, which, SealForm(initial={"on": which.day}))


def _sealed(request: DeskRequest, which: DayForm) -> HttpResponseBase:
    """Seal what the form names, and go to its page; or the page again, with why not."""
    form = SealForm(request.POST)
    if form.is_valid():
        on, place = form.cleaned_data["on"], which.place
        try:
            seal_day(location=place, on=on, desk=request.desk, note=form.cleaned_data["note"])
        except SealRefused as refusal:
            form.refuse(refusal)
            return _shown(request, which, form, status=409 if not refusal.field else 422)
        messages.success(request, f"{said.day(on, request.desk.business_date)} is sealed.")
        return HttpResponseRedirect(_url(on, place))
    return _shown(request, which, form, status=422)


def _shown(
    request: DeskRequest, which: DayForm, form: SealForm, status: int = 200
) -> HttpResponseBase:
    on, place = which.day, which.place
    moved = day_close.moved_on(on, place)
    held, waiting = day_close.waiting_on(on, place)
    sheet = Sheet(on, place)
    parts = {
        "sheet": sheet,
        "period": Period(on, on, place),
        "place": place,
        "seal_form": form,
        "late": days_around.late_on(on, place),
        "waiting": waiting,
        "held": held,
        "may_seal": request.user.has_perm(permissions.SEAL_DAYS),
    }
    figures = [
        Figure("Payments", money(sum(each.paid for each in moved)), is_main=True),
        Figure("Given back", money(sum(each.given_back for each in moved))),
        Figure("Sales", money(-sum(each.net for each in moved if day_sales.is_earned(each)))),
        Figure("On open sales at the end", held),
    ]
    tables = _tables(on, place, moved)
    page = Page(KEY, which, tables, figures, "reports/day_close.html", parts)
    return show(request, page, status=status)


def _tables(on: dt.date, place: Location, moved: Sequence[day_close.Moved]) -> list[Table]:
    future, past = day_close.credit_on(on, place)
    discounts = day_close.discounts_on(on, place)
    note = f"Discounts of {said.amount(discounts)} are taken off already." if discounts else ""
    tables = [
        day_tables.payments(moved, list(place.tills.order_by("id"))),
        day_tables.drawers(day_close.sessions_on(on, place)),
        day_sales.sales(moved, note),
        day_tables.credit("future", "Taken for the future", future, _FUTURE),
        day_tables.credit("past", "Used from the past", past, _PAST),
        day_tables.other_money(moved),
    ]
    return [table for table in tables if table.lines or table.key != "other"]


@dataclass(frozen=True)
class Sheet:
    """The day's seal, or what is in its way; and the days around it."""

    on: dt.date
    place: Location

    @cached_property
    def today(self) -> dt.date:
        return clock.business_date(self.place)

    @cached_property
    def seal(self) -> Seal | None:
        return seal_of(self.place, self.on)

    @cached_property
    def digest(self) -> str:
        """In hexadecimal digits, as the printed sheet has it."""
        return bytes(self.seal.digest).hex() if self.seal else ""

    @cached_property
    def digest_before(self) -> str:
        before = self.seal.previous if self.seal else None
        return bytes(before.digest).hex() if before else ""

    @cached_property
    def obstacles(self) -> list[Obstacle]:
        return obstacles_to(self.place, self.on)

    @cached_property
    def days(self) -> list[tuple[days_around.Day, str]]:
        """Each with its page."""
        around = days_around.days_around(self.on, self.today, self.place)
        return [(day, _url(day.on, self.place)) for day in around]

    @property
    def is_covered(self) -> bool:
        """A later day is sealed, and this one had nothing then: nor can it get anything."""
        return any(day.on == self.on and day.is_sealed for day, _ in self.days)

    @property
    def is_to_come(self) -> bool:
        return self.on > self.today

    @property
    def earlier(self) -> list[dt.date]:
        """Days of those around that are sealed along with this one."""
        return [
            day.on for day, _ in self.days if day.on < self.on and day.entries and not day.is_sealed
        ]

    @property
    def before_url(self) -> str:
        return _url(self.on - dt.timedelta(days=1), self.place)

    @property
    def after_url(self) -> str:
        """The next day's page; none for today."""
        return _url(self.on + dt.timedelta(days=1), self.place) if self.on < self.today else ""


def _url(on: dt.date, place: Location) -> str:
    return f"{reverse('reports:day-close')}?{urlencode({'location': place.pk, 'on': on})}"
