"""What the columns of a file are, and how its rows are taken in: a field for each column."""

from dataclasses import fields
from typing import Any

from django import forms

from imports.known_columns import FIELDS, ONCE
from imports.mapping import Options, options_of
from imports.models import BalancesAre, Earlier, Import, OnMatch, Twice
from salon.forms import RefusableForm

LEFT_OUT = "Leave out"
NAMES = ("name", "first_name", "last_name")
_OPTIONS = [option.name for option in fields(Options)]
_HINTS: dict[str, str] = {
    BalancesAre.PAID: "Money that you hold for them, as if they had bought it here.",
    BalancesAre.GOODWILL: "Presents and rewards: drawn after what was paid for.",
    OnMatch.FILL: "Phone, e-mail or note, where the client has none here. Nothing is overwritten.",
    OnMatch.LEAVE: "Only the balance goes in.",
    Twice.REFUSE: "Mend the file, or leave those rows out.",
    Twice.SKIP: "The first row counts.",
    Twice.ADD: "For files with a row for each balance.",
    Earlier.ASK: "A file that came before would double them. Each is left out unless you add it.",
    Earlier.ADD: "For balances that are new since.",
}


class HintedRadios(forms.RadioSelect):
    """Each choice with what it means under it."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["hint"] = _HINTS.get(str(value), "")
        return option


class ColumnsForm(RefusableForm):
    """A field for each column of the file, and how its rows are dealt with."""

    balances_are = forms.ChoiceField(
        label="The balances", choices=BalancesAre.choices, widget=HintedRadios
    )
    on_match = forms.ChoiceField(
        label="Clients who are here already", choices=OnMatch.choices, widget=HintedRadios
    )
    twice = forms.ChoiceField(
        label="People who are in the file twice", choices=Twice.choices, widget=HintedRadios
    )
    had_before = forms.ChoiceField(
        label="Clients with a balance from an earlier import",
        choices=Earlier.choices,
        widget=HintedRadios,
    )
    expires_on = forms.DateField(
        label="Balances expire on",
        required=False,
        help_text="For rows that name no day of their own. Empty: never.",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Enter a day like 2026-11-24."},
    )

    def __init__(self, *args: Any, import_: Import, **kwargs: Any) -> None:
        options = options_of(import_)
        kwargs["initial"] = {name: getattr(options, name) for name in _OPTIONS}
        super().__init__(*args, **kwargs)
        self.columns = list(import_.columns)
        for place, column in enumerate(self.columns):
            known = import_.mapping[place] if place < len(import_.mapping) else ""
            self.fields[_key(place)] = forms.ChoiceField(
                label=f"What is in “{column or f'column {place + 1}'}”?",
                choices=[("", LEFT_OUT), *FIELDS.items()],
                required=False,
                initial=known,
                widget=forms.Select(attrs={"class": "input"}),
                error_messages={"invalid_choice": "Choose one of the list."},
            )

    @property
    def column_fields(self) -> list[forms.BoundField]:
        """One for each column, in order."""
        return [self[_key(place)] for place in range(len(self.columns))]

    @property
    def mapping(self) -> list[str]:
        return [self.cleaned_data.get(_key(place), "") for place in range(len(self.columns))]

    @property
    def options(self) -> Options:
        return Options(**{name: self.cleaned_data[name] for name in _OPTIONS})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for place, field in enumerate(self.mapping):
            before = self.mapping.index(field)
            if field in ONCE and before < place:
                self.add_error(
                    _key(place),
                    f"“{self.columns[before]}” is the {FIELDS[field].lower()} already. "
                    "Choose one of the two.",
                )
        if not any(name in self.mapping for name in NAMES):
            self.add_error(None, "Say which column has the clients’ names.")
        return cleaned


def _key(place: int) -> str:
    return f"column-{place}"
