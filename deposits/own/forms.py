"""What the pages of a client's own links send."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from salon.addresses import YEARS, whole_number


class CancelForm(forms.Form):
    """`seen`: what was shown of the consequence."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Would you tell us why?",
        max_length=240,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_reason(self) -> str:
        return " ".join(self.cleaned_data["reason"].split())


class MoveForm(forms.Form):
    """One time that was shown, and with whom. `seen`: the visit's fingerprint then."""

    start = forms.CharField(max_length=40, widget=forms.HiddenInput)
    staff = forms.CharField(max_length=200, widget=forms.HiddenInput)
    who = forms.ChoiceField(choices=[("same", ""), ("anyone", "")], widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def clean_start(self) -> dt.datetime:
        moment = moment_of(self.cleaned_data["start"])
        if moment is None:
            raise forms.ValidationError("Choose a time.")
        return moment

    def clean_staff(self) -> list[int]:
        return [whole_number(part) or 0 for part in self.cleaned_data["staff"].split(".")]


class WalletForm(forms.Form):
    """Who asks for a link to their wallet."""

    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        error_messages={
            "required": "Type the e-mail address that the salon has of you.",
            "invalid": "This is no whole e-mail address. Look it over, like clara@example.com.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs |= {"autocomplete": "email", "inputmode": "email"}


def moment_of(text: str) -> dt.datetime | None:
    """A moment as our own addresses write it (2026-11-24T20:15:00Z); None for what is none."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    is_one = moment.tzinfo is not None and moment.year in YEARS
    return moment.astimezone(dt.UTC) if is_one else None


def day_of(text: str) -> dt.date | None:
    """A day as our own addresses write it; None for what is none."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None
