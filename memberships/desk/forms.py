"""Parsing what the desk asks of a membership. The verbs decide."""

import uuid
from typing import Any

from django import forms

from salon.forms import RefusableForm

_REASON = {"autocomplete": "off", "maxlength": "240"}


class ActForm(RefusableForm):
    """`uuid`: sent twice it acts once. `seen`: the stamp of the quote that was shown."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        start = {"uuid": uuid.uuid4(), **(initial or {})}
        super().__init__(data, initial=start, use_required_attribute=False)


class ReasonForm(ActForm):
    reason = forms.CharField(
        label="Why", required=False, max_length=240, widget=forms.TextInput(_REASON)
    )


class WaiveForm(ActForm):
    reason = forms.CharField(
        label="Why",
        max_length=240,
        widget=forms.TextInput(_REASON),
        error_messages={"required": "Say why, for who looks at it later. Nothing was let go."},
    )


class PauseForm(ReasonForm):
    until = forms.DateField(
        label="Until",
        required=False,
        help_text="It resumes by itself on this day. Empty: until somebody resumes it.",
        error_messages={"invalid": "Choose a day, or leave it empty. Nothing was paused."},
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    field_order = ("uuid", "seen", "until", "reason")


class CardForm(ActForm):
    card = forms.IntegerField(
        error_messages=dict.fromkeys(
            ("required", "invalid"), "Choose a card. The card is still the same."
        )
    )
