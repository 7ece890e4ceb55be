"""What is typed on the pages of an import: the file, and the control total."""

from collections.abc import Sequence
from typing import Any

from django import forms
from djmoney.money import Money

from imports.models import Import
from imports.uploading import earlier
from salon.forms import MoneyInput, RefusableForm
from salon.models import Location
from salon.money import currency

MOST_IN_ALL = 10**12
"""No control total is above this, in whole units of the currency."""


class UploadForm(RefusableForm):
    """The file, and where its clients and balances belong."""

    file = forms.FileField(
        label="The file",
        help_text="CSV or Excel (.xlsx). Choose it, or drop it here.",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,text/csv"}),
        error_messages={
            "required": "Choose a file. Nothing was sent.",
            "invalid": "Choose a file. Nothing was sent.",
            "max_length": "The file’s name is too long. Give it a shorter one.",
        },
    )
    location = forms.ChoiceField(
        label="Location",
        help_text="New clients belong to it, and their balances count as sold there. "
        "They can be used everywhere.",
        error_messages={"invalid_choice": "Choose one of the locations."},
    )

    def __init__(
        self, *args: Any, places: Sequence[Location], here: Location, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["class"] = "drop-file"
        self.places = {str(place.pk): place for place in places}
        self.here = here
        field = self.fields["location"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, place.name) for key, place in self.places.items()]
        field.initial = str(here.pk)
        if len(places) < 2:
            del self.fields["location"]

    @property
    def place(self) -> Location:
        """The location that was chosen; the desk's own where there is one only."""
        return self.places.get(self.cleaned_data.get("location", ""), self.here)


class ControlTotal(MoneyInput):
    """An amount that may be below zero: what clients owe can be more than what they have."""

    default_error_messages = {"required": "Enter the total that your old system shows."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(most=Money(MOST_IN_ALL, currency()), allow_zero=True, **kwargs)

    def to_python(self, value: Any) -> Money | None:
        text = str(value if value is not None else "").strip()
        below = text.startswith(("-", "−", "–"))
        found = super().to_python(text[1:].strip() if below else text)
        return -found if found is not None and below else found

    def validate(self, value: Money | None) -> None:
        super().validate(None if value is None else abs(value))


class ConfirmForm(RefusableForm):
    """The control total, and that the rows were looked at. One query.

    `earlier`: the import of this very file that is in already.
    """

    control_total = ControlTotal(
        label="Total of the balances in your old system",
        help_text="All credit less all that clients owe, as its own report says it. Where it is "
        "not what these rows come to, something was lost on the way, and nothing goes in.",
    )
    leave_out_errors = forms.BooleanField(required=False)
    again = forms.BooleanField(
        label="Import this file a second time, with every balance once more",
        error_messages={
            "required": "This very file was imported before. Take that import back first, or tick "
            "this box."
        },
    )
    looked = forms.BooleanField(
        label="I looked at the matches: they are the same people",
        error_messages={"required": "Look at the matches first, then tick this box."},
    )

    def __init__(self, *args: Any, import_: Import, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left = import_.rows_error
        self.fields["leave_out_errors"].label = (
            f"Leave out the {left:,} rows with problems"
            if left != 1
            else "Leave out the row with a problem"
        )
        if not left:
            del self.fields["leave_out_errors"]
        self.earlier = earlier(import_)
        if not self.earlier:
            del self.fields["again"]
        if not import_.rows_match:
            del self.fields["looked"]
