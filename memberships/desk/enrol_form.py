"""Parsing the sheet that sells a membership at checkout."""

from typing import Any

from django import forms

from cards.models import CardOnFile
from checkout.forms.base import ActForm
from memberships.models import Plan


class EnrolForm(ActForm):
    """Which plan, which card of the client's, and that they agree. The verb decides the rest."""

    plan = forms.ModelChoiceField(
        queryset=Plan.objects.active(),
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choose a plan. Nothing was added."
        ),
    )
    card = forms.ModelChoiceField(
        queryset=CardOnFile.objects.none(),
        required=False,
        widget=forms.RadioSelect,
        error_messages={
            "invalid_choice": "That card was removed. Choose another one. Nothing was added."
        },
    )
    consented = forms.BooleanField(required=False)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        client = self.order.client
        if client is not None:
            cards = CardOnFile.objects.standing().filter(client=client)
            self.fields["card"].queryset = cards  # type: ignore[attr-defined]
