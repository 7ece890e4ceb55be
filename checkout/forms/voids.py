"""Voiding an open sale."""

from django import forms


class VoidForm(forms.Form):
    """`revision` is the one that the page showed."""

    revision = forms.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            "This form came in incomplete. Nothing was voided. Load the page again.",
        ),
    )
    reason = forms.CharField(
        label="Reason",
        max_length=240,
        error_messages={
            "required": "Say why the sale is voided.",
            "max_length": "Say it in at most 240 characters.",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
