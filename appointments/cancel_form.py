"""Parsing what the desk says about a visit that does not happen. The rules are in canceling.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse

from appointments.models import Appointment


class HintedRadios(forms.RadioSelect):
    """Cards that say below their label what it means."""

    hints: Mapping[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if hint := self.hints.get(str(value)):
            option["attrs"]["hint"] = hint
        return option


class CancelForm(forms.Form):
    """Why a visit does not happen: which of the kinds it is, and in one's own words."""

    LATE, NO_SHOW = "late", "no_show"
    REASONS = {
        "client": ("The client canceled", "In time, by the cancellation policy."),
        LATE: ("Late cancellation", "After the deadline of the policy."),
        NO_SHOW: ("No-show", "The client never came."),
        "salon": ("We canceled", ""),
        "mistake": ("Booked by mistake", ""),
    }

    reason = forms.ChoiceField(
        label="What happened",
        widget=HintedRadios,
        error_messages={"required": "Choose what happened."},
    )
    detail = forms.CharField(
        label="In your words", required=False, max_length=240, help_text="Kept with the visit."
    )

    def __init__(self, *args: Any, visit: Appointment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Who has not paid yet can be neither late nor missed.
        barred = (self.LATE, self.NO_SHOW) if visit.is_pending else ()
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)
        reason.choices = [
            (key, label) for key, (label, _) in self.REASONS.items() if key not in barred
        ]
        reason.widget.hints = {key: hint for key, (_, hint) in self.REASONS.items()}
        # Each kind has consequences of its own: choosing another draws the sheet anew.
        reason.widget.attrs |= {
            "hx-get": reverse("appointments:cancel", args=[visit.uuid]),
            "hx-trigger": "change",
            "hx-target": "#cancel-form",
            "hx-swap": "outerHTML",
            "hx-params": "reason,detail,back,sheet",
            "hx-include": "closest form",
        }

    @property
    def chosen(self) -> str:
        """The kind that is chosen or was sent, if it is one."""
        value = str(self["reason"].value() or "")
        return value if value in dict(self.fields["reason"].choices) else ""  # type: ignore[attr-defined]

    @property
    def said(self) -> str:
        """The reason in words: what was chosen, and what was typed."""
        key = self.cleaned_data["reason"]
        chosen = "" if key in (self.LATE, self.NO_SHOW) else self.REASONS[key][0]
        return ". ".join(filter(None, [chosen, self.cleaned_data["detail"].strip()]))
