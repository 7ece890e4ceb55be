"""Taking payments, and giving them back while the order is open."""

from typing import Any

from django import forms
from djmoney.money import Money

from checkout.forms.base import ActForm
from checkout.models import CustomPayment, Tender
from salon.forms import AmountInput, MoneyInput


class PaymentForm(ActForm):
    """So much of what remains."""

    amount = MoneyInput(label="Amount", widget=AmountInput({"data-tender": ""}))


class CreditsForm(PaymentForm):
    """So much of the client's credit, and of what they may owe."""

    amount = MoneyInput(label="Amount to apply", widget=AmountInput({"data-tender": ""}))
    override_reason = forms.CharField(
        label="Why they may owe more",
        required=False,
        max_length=240,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "Say it in at most 240 characters."},
    )


class SettleForm(ActForm):
    """So much of what the client owes from before; the button says how much."""

    amount = MoneyInput(label="Amount")


class ReferenceForm(PaymentForm):
    """With what ties it to the slip of a terminal, to a check, to a voucher."""

    reference = forms.CharField(
        label="Reference",
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class CustomPaymentForm(ReferenceForm):
    custom = forms.ModelChoiceField(
        CustomPayment.objects.all(),
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choose one of the payment buttons."
        ),
    )


class CashForm(ActForm):
    """Cash given against an amount: all that remains, unless a part is to be paid."""

    meant = {"cash_given": "given"}

    amount = MoneyInput(label="Charge in cash")
    given = MoneyInput(label="Cash given", widget=AmountInput({"data-tender": ""}))

    @property
    def taken(self) -> Money:
        """What of it pays: never more than was given, which may be a part."""
        amount: Money = self.cleaned_data["amount"]
        return min(amount, self.cleaned_data["given"])


class TakeBackForm(ActForm):
    """How much of a payment goes back, and where to."""

    amount = MoneyInput(label="Amount", widget=AmountInput({"data-tender": ""}))
    destination = forms.ChoiceField(
        label="Where it goes",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose where the money goes.",
            "invalid_choice": "This payment cannot go back that way. Choose one of those offered.",
        },
    )

    def __init__(
        self, *args: Any, tender: Tender, ways: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.tender = tender
        self.fields["destination"].choices = ways  # type: ignore[attr-defined]
