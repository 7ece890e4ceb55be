"""Which day of which location, and the form that seals it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from ledger.sealing import LONGEST_NOTE
from salon import clock
from salon.forms import RefusableForm
from salon.models import Location
from salon.reporting.periods import AsOfForm, day_field


class DayForm(AsOfForm):
    """`?on=2026-11-21` and `&location=`. Today, here, by default; never of every location."""

    on = day_field("Day")

    def __init__(
        self, data: Mapping[str, Any] | None, *, here: Location, places: Sequence[Location]
    ) -> None:
        self.here = here
        super().__init__(data, today=clock.business_date(here), places=places)
        if field := self.fields.get("location"):
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(key, place.name) for key, place in self.places.items()]
            field.initial = str(here.pk)

    def fill(self) -> None:
        """Let the fields say which day, and of where, is shown."""
        super().fill()
        self.initial = {**self.initial, "location": str(self.place.pk)}
        if self.is_bound and not self.errors:
            self.data = {**self.data, "location": str(self.place.pk)}

    @property
    def place(self) -> Location:
        return super().place or self.here

    @property
    def day(self) -> dt.date:
        return self.chosen("on") or clock.business_date(self.place)


class SealForm(RefusableForm):
    """Closes the day that the address names for good."""

    on = forms.DateField(widget=forms.HiddenInput)
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 2}),
        help_text="What somebody should know who looks at this day later. It can’t be changed.",
        error_messages={"max_length": f"Say it in at most {LONGEST_NOTE} characters."},
    )
