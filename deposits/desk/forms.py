"""Parsing a deposit that the desk takes or asks for."""

import uuid
from typing import Any

from django import forms
from djmoney.money import Money

from salon.forms import AmountInput, MoneyInput, RefusableForm


class TakeForm(RefusableForm):
    """How much, and where a link goes. `uuid`: a form sent twice acts once."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    amount = MoneyInput(label="Deposit", widget=AmountInput(attrs={"autofocus": True}))
    email = forms.EmailField(
        label="E-mail, for a payment link",
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": "Enter an e-mail address like clara@example.com."},
    )

    def __init__(self, data: Any = None, *, amount: Money, email: str) -> None:
        initial = {"uuid": uuid.uuid4(), "amount": amount or None, "email": email}
        super().__init__(data, initial=initial, use_required_attribute=False)
