"""Paying a provider. It only parses."""

import uuid as uuids
from typing import Any

from django import forms

from checkout.providers.paying import BANK, CASH, OTHER
from salon.desk import Desk
from salon.forms import AmountInput, MoneyInput, RefusableForm

_INCOMPLETE = "This form came in incomplete. Nothing was paid. Load the page again."


class PayForm(RefusableForm):
    """`uuid` names the payment: the same form sent twice pays once."""

    uuid = forms.UUIDField(
        widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), _INCOMPLETE)
    )
    amount = MoneyInput(label="Amount", widget=AmountInput())

    def __init__(self, data: Any = None, *, desk: Desk, payable: Any) -> None:
        initial = {"uuid": uuids.uuid4(), "amount": payable, "how": BANK}
        super().__init__(data, initial=initial, use_required_attribute=False, prefix=self.prefix)
        self.desk = desk


class ByHandForm(PayForm):
    """Something that was paid already, and is written down."""

    prefix = "hand"

    how = forms.ChoiceField(
        label="How it was paid",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose how it was paid."),
    )
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=240,
        help_text="Its number at the bank, what the cash was for.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "Say it in at most 240 characters."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        till = self.desk.till
        cash = [(CASH, f"Cash from {till}")] if till else []
        ways = [(BANK, "Bank transfer"), *cash, (OTHER, "Another way")]
        self.fields["how"].choices = ways  # type: ignore[attr-defined]


class TransferForm(PayForm):
    """So much to their own account at the processor."""

    prefix = "transfer"
