"""Paying on one's own phone: the tip, and where the receipt goes."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from djmoney.money import Money

from checkout import tips
from checkout.charges.self_checkout import SelfCheckout
from checkout.forms.receipts import EmailReceiptForm
from checkout.forms.tips import TipInput, percents_offered
from salon.forms import AmountInput, MoneyInput
from salon.money import money

NONE, OWN = "none", "own"


@dataclass(frozen=True)
class TipChoice:
    """One tip to choose: what it sends and says; `amount` is None where it has none of its own."""

    code: str
    label: str
    amount: Money | None
    is_chosen: bool

    @property
    def typed(self) -> str:
        """The amount as one would type it, for the script that adds it up."""
        return AmountInput().format_value(self.amount) or "" if self.amount else ""


class SelfPayForm(forms.Form):
    """`amount` is the one that the page showed: another one is never charged."""

    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    amount = MoneyInput(widget=MoneyInput.hidden_widget)
    choice = forms.ChoiceField(
        label="Add a tip?",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of the tips that are offered."},
    )
    own_tip = TipInput(label="Your tip", widget=AmountInput({"class": "input"}))

    def __init__(self, data: Any = None, *, checkout: SelfCheckout, **kwargs: Any) -> None:
        super().__init__(data, use_required_attribute=False, **kwargs)
        self.checkout = checkout
        self.tips = _tips(checkout) if checkout.takes_tips else {}
        shown = [(code, f"{code} %") for code in self.tips]
        self.fields["choice"].choices = [  # type: ignore[attr-defined]
            (NONE, "No tip"),
            *shown,
            *([(OWN, "Another amount")] if checkout.takes_tips else []),
        ]
        self.initial.setdefault("choice", NONE)

    @property
    def tip(self) -> Money:
        """Valid form: what is added."""
        choice = self.cleaned_data["choice"] or NONE
        if choice == OWN:
            return self.cleaned_data["own_tip"] or money(0)
        return self.tips.get(choice, money(0))

    @property
    def choices(self) -> list[TipChoice]:
        """As the page shows them."""
        chosen = self["choice"].value() or NONE
        return [
            TipChoice(code, label, self.tips.get(code), code == chosen)
            for code, label in self.fields["choice"].choices  # type: ignore[attr-defined]
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if {"revision", "uuid", "amount"} & self.errors.keys():
            for name in ("revision", "uuid", "amount"):
                self.errors.pop(name, None)
            raise ValidationError("This page came in incomplete. Nothing was charged. Try again.")
        if cleaned.get("choice") != OWN:
            self.errors.pop("own_tip", None)
        elif "own_tip" not in self.errors and not cleaned.get("own_tip"):
            self.add_error("own_tip", "Enter your tip, or choose “No tip”.")
        return cleaned


class SelfEmailForm(EmailReceiptForm):
    """On a phone: nothing takes the focus, and the phone may fill in its owner's address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].label = "Your e-mail address"
        self.fields["to"].widget = forms.EmailInput({"autocomplete": "email"})


def _tips(checkout: SelfCheckout) -> dict[str, Money]:
    """The owner's percents of the services, those that make an amount."""
    found = {
        _code(percent): tips.by_percent(percent, checkout.lines) for percent in percents_offered()
    }
    return {code: amount for code, amount in found.items() if amount}


def _code(percent: Decimal) -> str:
    return f"{percent.normalize():f}"
