"""Parsing what is typed under Manage > Hours. The rules are in setting_hours and taking_off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet

from appointments.hours import MIDNIGHT, Week
from appointments.models import WorkingHours
from appointments.times import TYPED, at_wall_or_after
from salon.models import Location, StaffMember

PARTS = ("a", "b")
"""A day is typed as one stretch, or as two with a break between them."""
FOLLOWS, OWN = "follows", "own"


def time_field(label: str) -> forms.TimeField:
    """A box for a time of day, which may stay empty."""
    return forms.TimeField(
        label=label,
        required=False,
        input_formats=TYPED,
        widget=forms.TimeInput(attrs={"type": "time", "class": "input"}, format="%H:%M"),
        error_messages={"invalid": "Enter a time like 9:00 am."},
    )


@dataclass(frozen=True)
class DayRow:
    """One day of the week as the form draws it."""

    day: int
    name: str
    fields: list[tuple[forms.BoundField, forms.BoundField]]

    @property
    def errors(self) -> list[str]:
        return [str(e) for pair in self.fields for field in pair for e in field.errors]

    @property
    def has_break(self) -> bool:
        """Whether a second stretch is typed or wrong: then it is shown."""
        return any(field.value() or field.errors for field in self.fields[1])


class WeekForm(forms.Form):
    """Hours of a week. `follows`: for somebody who need not have their own, what they do then.

    `seen`: the fingerprint of what the page showed. `usual`: what the boxes begin with where there
    are no own hours yet.
    """

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    hours = forms.ChoiceField(label="Hours", widget=forms.RadioSelect)

    def __init__(
        self,
        data: Any = None,
        *,
        week: Week,
        seen: str,
        follows: str = "",
        usual: Week | None = None,
    ) -> None:
        super().__init__(
            data,
            initial={
                "seen": seen,
                "hours": OWN if week else FOLLOWS,
                **_typed(week or usual or {}),
            },
            use_required_attribute=False,
        )
        self.follows = follows
        if follows:
            choices = [(FOLLOWS, follows), (OWN, "Own hours")]
            self.fields["hours"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["hours"]
        for day in WorkingHours.Weekday:
            for part, which in zip(PARTS, ("", ", after the break"), strict=True):
                self.fields[f"{part}-{day}-from"] = time_field(f"{day.label} from{which}")
                self.fields[f"{part}-{day}-until"] = time_field(f"{day.label} until{which}")

    @property
    def rows(self) -> list[DayRow]:
        return [
            DayRow(
                day,
                str(day.label),
                [(self[f"{part}-{day}-from"], self[f"{part}-{day}-until"]) for part in PARTS],
            )
            for day in WorkingHours.Weekday
        ]

    def clean(self) -> dict[str, Any]:
        self.week: Week = {}
        if self.follows and self.cleaned_data.get("hours") == FOLLOWS:
            # The boxes are not shown then, and nobody could mend them.
            for name in [name for name in self.errors if name != "hours"]:
                del self.errors[name]
        else:
            for day in WorkingHours.Weekday:
                self.week[day] = tuple(self._of_day(day))
            self.week = {day: times for day, times in self.week.items() if times}
            if self.follows and not self.week and not self.errors:
                self.add_error(
                    "hours",
                    "Enter hours on at least one day. For somebody who is away, add time off "
                    "instead.",
                )
        return self.cleaned_data

    def _of_day(self, day: WorkingHours.Weekday) -> Iterator[tuple[dt.time, dt.time]]:
        last: dt.time | None = None
        for part in PARTS:
            since_name, until_name = f"{part}-{day}-from", f"{part}-{day}-until"
            since, until = self.cleaned_data.get(since_name), self.cleaned_data.get(until_name)
            if since_name in self.errors or until_name in self.errors:
                return
            if since is None and until is None:
                continue
            if since is None or until is None:
                missing = since_name if since is None else until_name
                self.add_error(missing, f"{day.label}: enter from when and until when.")
                return
            # Midnight ends a day; it never begins one's evening.
            until = MIDNIGHT if until == dt.time() else until
            if until <= since:
                self.add_error(until_name, f"{day.label}: the end is not after the beginning.")
                return
            if last is not None and since < last:
                self.add_error(since_name, f"{day.label}: begin again after the break.")
                return
            last = until
            yield since, until


class TimeOffForm(forms.Form):
    """Who is off, and when: whole days, or from one time to another."""

    uuid = forms.UUIDField(required=False, widget=forms.HiddenInput)
    staff = forms.ModelChoiceField(
        StaffMember.objects.none(),
        label="Who",
        empty_label="Choose",
        error_messages={
            "required": "Choose who is off.",
            "invalid_choice": "This person does not work here any more. Choose somebody else.",
        },
    )
    first = forms.DateField(
        label="First day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose the day.", "invalid": "Enter a day like 2026-11-24."},
    )
    last = forms.DateField(
        label="Last day",
        required=False,
        help_text="Empty: that day alone.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Enter a day like 2026-11-24."},
    )
    since = time_field("From")
    until = time_field("Until")
    reason = forms.CharField(
        required=False,
        max_length=120,
        help_text="Like holiday or lunch. Seen by staff only.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    beside_visits = forms.BooleanField(
        label="Add it all the same; the visits stay in the book", required=False
    )

    def __init__(
        self,
        data: Any = None,
        *,
        location: Location,
        people: QuerySet[StaffMember],
        initial: Any = None,
    ) -> None:
        super().__init__(data, initial=initial, use_required_attribute=False)
        self.location = location
        self.fields["staff"].queryset = people  # type: ignore[attr-defined]
        self.fields["since"].help_text = "Empty: whole days."
        self.starts_at: dt.datetime | None = None
        self.ends_at: dt.datetime | None = None

    @property
    def asks_beside(self) -> bool:
        """Whether visits were found in the way: then the question what to do is shown."""
        return bool("beside_visits" in self.errors or self["beside_visits"].value())

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        first = cleaned.get("first")
        if first is None or self.errors:
            return cleaned
        last = cleaned.get("last") or first
        since, until = cleaned.get("since"), cleaned.get("until")
        zone = self.location.zone
        try:
            self.starts_at = at_wall_or_after(first, since or dt.time(), zone)
            if not until:
                last += dt.timedelta(days=1)
            self.ends_at = at_wall_or_after(last, until or dt.time(), zone)
        except OverflowError:
            self.add_error("first", "Choose a day within the next years.")
            return cleaned
        if self.ends_at <= self.starts_at:
            self.add_error("until" if until else "last", "It ends after it begins.")
        return cleaned


def _typed(week: Week) -> dict[str, dt.time]:
    """The boxes of a week; of a day with more than two stretches the first two are shown."""
    found = {}
    for day, times in week.items():
        for part, (starts, ends) in zip(PARTS, times, strict=False):
            found[f"{part}-{day}-from"] = starts
            found[f"{part}-{day}-until"] = dt.time() if ends >= MIDNIGHT else ends
    return found
