"""Taking payments, and giving them back while the order is open."""

from typing import Any

from django import forms
from djmoney.money import Money

from cards.models import Attempt, CardOnFile
from checkout.forms.base import ActForm
from checkout.models import CustomPayment, Tender
from salon.forms import AmountInput, MoneyInput


class PaymentForm(ActForm):
    """So much of what remains."""

    amount = MoneyInput(label="Amount", widget=AmountInput({"data-tender": ""}))


NO_WAY = "Choose how the card is charged. Nothing was charged."


class ChargeForm(PaymentForm):
    """So much from a card: `way` is the button that was pressed, as `charge_value` writes it."""

    way = forms.CharField(
        max_length=100, error_messages=dict.fromkeys(("required", "max_length"), NO_WAY)
    )
    card: CardOnFile | None = None
    reader_id = ""

    def clean_way(self) -> str:
        """Sets `card` or `reader_id`, where the way needs one."""
        way, _, which = self.cleaned_data["way"].partition("-")
        if way == Attempt.Way.ON_FILE and which.isdecimal() and len(which) < 19:
            self.card = CardOnFile.objects.filter(pk=which).first()
        if way == Attempt.Way.READER:
            self.reader_id = which[:80]
        if way != Attempt.Way.SCREEN and not (self.card or self.reader_id):
            raise forms.ValidationError(NO_WAY)
        return str(way)


def charge_value(way: str, which: object = "") -> str:
    """What a button of ChargeForm sends: on_file-3, reader-tmr_1, screen."""
    return f"{way}-{which}" if which else way


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
