"""Parsing how much deposit is asked: a kind, and the percentage or amount that goes with it."""

from decimal import Decimal
from typing import Any

from django import forms
from djmoney.money import Money

from deposits.models import DepositTerms
from salon.forms import MoneyInput

Kind = DepositTerms.Kind


def percent_field(**more: Any) -> forms.DecimalField:
    """A box for a percentage, above 0 and up to 100."""
    return forms.DecimalField(
        label="Percent",
        required=False,
        min_value=Decimal("0.01"),
        max_value=Decimal(100),
        max_digits=5,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "invalid": "Enter a percentage like 30.",
            "min_value": "Enter a percentage above 0.",
            "max_value": "Enter at most 100.",
            "max_decimal_places": "Enter at most 2 digits after the point.",
            "max_digits": "Enter a percentage like 30.",
        },
        **more,
    )


class TermsForm(forms.Form):
    """A kind and its figure; the figure of another kind is let go."""

    kind = forms.ChoiceField(label="Deposit", choices=Kind.choices, initial=Kind.PERCENT)
    percent = percent_field()
    amount = MoneyInput(label="Amount", required=False, allow_zero=True)

    @property
    def is_asked(self) -> bool:
        """Whether the terms are wanted at all."""
        return True

    def clean(self) -> dict[str, Any]:
        """What goes with the kind must be there, and above zero."""
        typed = super().clean() or self.cleaned_data
        if not self.is_asked:
            return typed
        kind = typed.get("kind")
        if kind == Kind.PERCENT and typed.get("percent") is None and "percent" not in self.errors:
            self.add_error("percent", "Enter the percentage.")
        if kind == Kind.AMOUNT and not typed.get("amount") and "amount" not in self.errors:
            self.add_error("amount", "Enter an amount above zero.")
        return typed

    @property
    def terms(self) -> tuple[str, Decimal | None, Money | None]:
        """Valid form: kind, percent, amount; None for what the kind does not need."""
        typed = self.cleaned_data
        kind = typed["kind"]
        return (
            kind,
            typed["percent"] if kind == Kind.PERCENT else None,
            typed["amount"] if kind == Kind.AMOUNT else None,
        )
