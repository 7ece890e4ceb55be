"""Parsing where a visit was dropped."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from appointments.forms import AHEAD, BACK
from appointments.models import Appointment
from salon import clock
from salon.addresses import whole_number
from salon.models import StaffMember

UNREAD = "Where to was not understood. Nothing was moved. Load the book again."


class MoveForm(forms.Form):
    """The new start, and who gives which service instead: `staff-<its id>`."""

    start = forms.CharField(max_length=40)
    seen = forms.CharField(required=False, max_length=40)

    def __init__(self, data: Any, *, visit: Appointment) -> None:
        super().__init__(data)
        self.visit = visit
        self.starts_at = visit.starts_at
        self.staff: dict[int, StaffMember] = {}

    @property
    def problem(self) -> str:
        """The first thing that is wrong, in words."""
        return next((str(error) for errors in self.errors.values() for error in errors), UNREAD)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the next form has to say again, apart from the start."""
        people = [(f"staff-{pk}", str(person.pk)) for pk, person in self.staff.items()]
        return [("seen", self.data.get("seen", "")[:40]), *people]

    @property
    def with_whom(self) -> str:
        """Who will give it all."""
        rows = self.visit.services.all()
        names = (self.staff.get(row.pk, row.staff).name for row in rows)
        return ", ".join(dict.fromkeys(names))

    def clean_start(self) -> str:
        typed: str = self.cleaned_data["start"]
        try:
            moment = dt.datetime.fromisoformat(typed)
            if moment.tzinfo is None:
                raise ValueError(typed)
            moment = moment.astimezone(dt.UTC)
        except (ValueError, OverflowError) as error:
            raise forms.ValidationError(UNREAD) from error
        now = clock.now()
        if not now - BACK <= moment <= now + AHEAD:
            raise forms.ValidationError(
                "Nothing was moved. Choose a day within the last year or the next two."
            )
        self.starts_at = moment
        return typed

    def clean(self) -> dict[str, Any]:
        wish = {
            row.pk: whole_number(self.data.get(f"staff-{row.pk}"))
            for row in self.visit.services.all()
        }
        asked = {pk: person for pk, person in wish.items() if person}
        people = StaffMember.objects.in_bulk(set(asked.values())) if asked else {}
        if set(asked.values()) - set(people):
            self.add_error(None, "That person is not here any more. Nothing was moved.")
        self.staff = {pk: people[person] for pk, person in asked.items() if person in people}
        return self.cleaned_data
