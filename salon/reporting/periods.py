"""The days, and the place, that a report is about: read from its address."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from salon.addresses import YEARS
from salon.models import Location

PRESETS = [
    ("today", "Today"),
    ("yesterday", "Yesterday"),
    ("week", "This week"),
    ("month", "This month"),
    ("last_month", "Last month"),
    ("quarter", "This quarter"),
    ("year", "This year"),
    ("last_year", "Last year"),
]


def day_field(label: str) -> forms.DateField:
    """A day that need not be given."""
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Enter a day like 2026-11-24."},
    )


@dataclass(frozen=True)
class Period:
    """From the beginning of `start` to the end of `end`: business dates, both in it.

    `place` None: every location.
    """

    start: dt.date
    end: dt.date
    place: Location | None = None

    @property
    def before(self) -> dt.date:
        """The last day before it: its opening figures are as of that day's end."""
        return self.start - dt.timedelta(days=1)


def span_of(preset: str, today: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last day of a preset, of this month by default. Weeks begin on Monday."""
    month = today.replace(day=1)
    if preset == "today":
        return today, today
    if preset == "yesterday":
        return today - dt.timedelta(days=1), today - dt.timedelta(days=1)
    if preset == "week":
        return today - dt.timedelta(days=today.weekday()), today
    if preset == "last_month":
        last = month - dt.timedelta(days=1)
        return last.replace(day=1), last
    if preset == "quarter":
        return month.replace(month=3 * ((today.month - 1) // 3) + 1), today
    if preset == "year":
        return month.replace(month=1), today
    if preset == "last_year":
        return dt.date(today.year - 1, 1, 1), dt.date(today.year - 1, 12, 31)
    return month, today


class _Placed(forms.Form):
    location = forms.ChoiceField(required=False, label="Location")

    def __init__(
        self, *args: Any, today: dt.date, places: Sequence[Location], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.places = {str(place.pk): place for place in places}
        names = [(key, place.name) for key, place in self.places.items()]
        field = self.fields["location"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Every location"), *names]
        if len(names) < 2:
            del self.fields["location"]

    def chosen(self, name: str) -> Any:
        """What was typed there, where it makes sense; None else."""
        self.is_valid()
        value = getattr(self, "cleaned_data", {}).get(name)
        if isinstance(value, dt.date) and value.year not in YEARS:
            return None
        return value

    def _say(self, **days: dt.date) -> None:
        written = {name: day.isoformat() for name, day in days.items()}
        self.initial = {**self.initial, **written}
        if self.is_bound and not self.errors:
            self.data = {**{name: self.data.get(name) for name in self.data}, **written}

    @property
    def place(self) -> Location | None:
        return self.places.get(self.chosen("location") or "")


class PeriodForm(_Placed):
    """`?period=last_month` or `?start=…&end=…`, and `&location=`. This month by default."""

    period = forms.ChoiceField(required=False, choices=[("", "These days"), *PRESETS])
    start = day_field("From")
    end = day_field("To")
    field_order = ["period", "start", "end", "location"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", "This day is before the first one.")
        return cleaned

    @property
    def preset(self) -> str:
        """The preset that is shown; none where days were typed."""
        typed = self.chosen("start") or self.chosen("end")
        return self.chosen("period") or ("" if typed else "month")

    def fill(self) -> None:
        """Let the fields say which days are shown, where nothing that was typed is wrong."""
        self._say(start=self.value.start, end=self.value.end)

    @property
    def value(self) -> Period:
        """What was asked for, as far as it makes sense; the rest is as by default."""
        preset, start, end = (self.chosen(name) for name in ("period", "start", "end"))
        first, last = span_of(preset or "month", self.today)
        if not preset and (start or end):
            last = end or max(self.today, start)
            first = start or last.replace(day=1)
        return Period(first, last, self.place)


class AsOfForm(_Placed):
    """`?on=2026-11-24` and `&location=`. As of the end of today by default."""

    on = day_field("As of the end of")
    field_order = ["on", "location"]

    def fill(self) -> None:
        """Let the field say which day is shown, where nothing that was typed is wrong."""
        self._say(on=self.day)

    @property
    def day(self) -> dt.date:
        return self.chosen("on") or self.today
