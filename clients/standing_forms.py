"""Forms about merging and blocking a client."""

from typing import Any

from django import forms

from clients.merge_contacts import GONE, KEPT, to_choose
from clients.merge_parts import Pair


class MergeForm(forms.Form):
    """Which of two names, phones, e-mails stays, where both have one. `seen`: what was shown."""

    seen = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, pair: Pair, seen: str) -> None:
        super().__init__(data, initial={"seen": seen})
        for field in to_choose(pair):
            self.fields[field.name] = forms.ChoiceField(
                label=field.label,
                choices=[(KEPT, field.said(pair.kept)), (GONE, field.said(pair.gone))],
                initial=KEPT,
                widget=forms.RadioSelect,
                error_messages={"required": "Choose one.", "invalid_choice": "Choose one."},
            )

    @property
    def choices(self) -> dict[str, str]:
        """What was chosen, by field."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class BlockForm(forms.Form):
    reason = forms.CharField(
        max_length=240,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Staff see it on the client’s page; the client never does.",
        error_messages={
            "required": "Say why: it stands on the client’s page.",
            "max_length": "Say it in at most %(limit_value)d characters.",
        },
    )
