"""Parsing what the desk types about a visit. The rules are in booking.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.db.models import Model

from appointments.catalog import Catalog
from appointments.errors import NoSuchHour
from appointments.segments import LONGEST, Wanted
from appointments.times import TYPED, at_wall, comes_twice, say_day
from clients.models import Client
from salon import clock
from salon.models import Location

AHEAD, BACK = dt.timedelta(days=2 * 365), dt.timedelta(days=365)
MOST_ROWS = 12


class ServiceSelect(forms.Select):
    """Each option knows who gives it and how long it takes them, so that the page can say so."""

    catalog: Catalog

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        service = self.catalog.services.get(int(value)) if value else None
        if service is None:
            return option
        if givers := self.catalog.givers.get(service.pk):
            option["attrs"]["data-staff"] = " ".join(map(str, givers))
        option["attrs"]["data-minutes"] = str(self.catalog.minutes(service))
        if own := self.catalog.own_minutes(service):
            option["attrs"]["data-own-minutes"] = " ".join(f"{pk}:{m}" for pk, m in own.items())
        return option


class RowForm(forms.Form):
    """One service of a visit, who gives it, and for how long."""

    service = forms.TypedChoiceField(
        widget=ServiceSelect,
        error_messages={
            "required": "Choose a service.",
            "invalid_choice": "This service is not offered here. Choose another.",
        },
    )
    staff = forms.TypedChoiceField(
        label="With",
        error_messages={
            "required": "Choose who gives it.",
            "invalid_choice": "This person does not work here. Choose somebody else.",
        },
    )
    minutes = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=LONGEST,
        widget=forms.NumberInput(attrs={"placeholder": "Usual", "inputmode": "numeric"}),
        error_messages={
            "invalid": "Enter whole minutes, like 45.",
            "min_value": "Enter at least 1 minute.",
            "max_value": f"Enter at most {LONGEST} minutes.",
        },
    )

    def __init__(self, *args: Any, catalog: Catalog, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        service, staff = self.fields["service"], self.fields["staff"]
        assert isinstance(service, forms.TypedChoiceField)
        assert isinstance(staff, forms.TypedChoiceField)
        service.widget.catalog = catalog
        service.choices, staff.choices = catalog.service_choices(), catalog.staff_choices()
        service.coerce, staff.coerce = _one_of(catalog.services), _one_of(catalog.staff)

    @property
    def wanted(self) -> Wanted | None:
        """What was asked for; None for a row that was left empty."""
        cleaned = self.cleaned_data
        if not cleaned.get("service"):
            return None
        return Wanted(cleaned["service"], cleaned["staff"], cleaned["minutes"])


def _one_of(rows: Mapping[int, Model]) -> Callable[[str], Model]:
    """A coercion to one of the rows; ValueError, which a choice field tells, for any other."""

    def coerce(value: str) -> Model:
        found = rows.get(int(value))
        if found is None:
            raise ValueError(value)
        return found

    return coerce


class Rows(forms.BaseFormSet):
    """The services of a visit, in the order in which they are given."""

    default_error_messages = {
        "missing_management_form": "The form arrived incomplete. Load the page again.",
        "too_many_forms": f"A visit has at most {MOST_ROWS} services.",
    }

    def clean(self) -> None:
        is_whole = self.management_form.is_valid() and not any(self.errors)
        if is_whole and not self.wanted:
            raise forms.ValidationError("Choose at least one service.")

    @property
    def wanted(self) -> list[Wanted]:
        """What the rows ask for; rows left empty are passed over. For valid rows."""
        return [form.wanted for form in self.forms if form.wanted]


RowsFormSet = forms.formset_factory(
    RowForm,
    formset=Rows,
    extra=0,
    max_num=MOST_ROWS,
    validate_max=True,
    absolute_max=MOST_ROWS + 1,
)


class VisitForm(forms.Form):
    """Who comes, and when. `starts_at` is the moment meant, in the zone of the location."""

    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    client = forms.ModelChoiceField(
        Client.objects.active(),
        widget=forms.HiddenInput,
        error_messages={
            "required": "Choose the client.",
            "invalid_choice": "This client is not there any more. Choose another.",
        },
    )
    date = forms.DateField(
        label="Day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose the day.", "invalid": "Enter a day like 2026-11-24."},
    )
    time = forms.TimeField(
        label="Start",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=TYPED,
        error_messages={
            "required": "Choose when it starts.",
            "invalid": "Enter a time like 3:15 pm.",
        },
    )
    which = forms.ChoiceField(
        label="Which of the two",
        required=False,
        choices=[("first", "The first"), ("second", "The second")],
        widget=forms.RadioSelect(attrs={"class": "segments"}),
    )
    note = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Seen by staff only.",
    )

    def __init__(
        self, *args: Any, location: Location, client: Client | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone = location.zone
        self.today = clock.business_date(location)
        self.fixed_client = client
        self.starts_at: dt.datetime | None = None
        if client is not None:
            del self.fields["client"]
        day, time = self._typed("date"), self._typed("time")
        self.is_twice = bool(day and time and comes_twice(day, time, self.zone))
        if not self.is_twice:
            del self.fields["which"]

    def clean_date(self) -> dt.date:
        day: dt.date = self.cleaned_data["date"]
        if not self.today - BACK <= day <= self.today + AHEAD:
            raise forms.ValidationError("Choose a day within the last year or the next two.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        day, time = cleaned.get("date"), cleaned.get("time")
        if day and time:
            self._set_start(day, time.replace(second=0), cleaned.get("which", ""))
        return cleaned

    def _set_start(self, day: dt.date, time: dt.time, which: str) -> None:
        if self.is_twice and not which and "which" not in self.errors:
            self.add_error(
                "which", f"Clocks go back on {say_day(day)}: this time comes twice. Choose which."
            )
        try:
            self.starts_at = at_wall(day, time, self.zone, second=which == "second")
        except NoSuchHour as error:
            self.add_error("time", error.message)

    def _typed(self, name: str) -> Any:
        """The value of a field as far as it can be read, before validation; None otherwise."""
        try:
            return self.fields[name].clean(self[name].value())
        except forms.ValidationError:
            return None
