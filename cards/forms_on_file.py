"""Keeping a client's card: who is asked where, and the client's tick."""

from typing import Any

from django import forms

PHONE, SCREEN = "phone", "screen"
_NO_TICK = "Tick the box: no card is kept without it."


class AddCardForm(forms.Form):
    """On the client's phone, or here, where the client ticks the box now."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    way = forms.ChoiceField(choices=[(PHONE, PHONE), (SCREEN, SCREEN)])
    agreed = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("way") == SCREEN and not cleaned.get("agreed"):
            self.add_error("agreed", _NO_TICK)
        return cleaned


class AgreeForm(forms.Form):
    """The client's own tick."""

    agreed = forms.BooleanField(error_messages={"required": _NO_TICK})

    def full_clean(self) -> None:
        """What is missing gets the focus."""
        super().full_clean()
        if self.is_bound and "agreed" in self.errors:
            self.fields["agreed"].widget.attrs["autofocus"] = True
