"""Selling a gift card, paying with one, and what is done with one. They parse; the verbs decide."""

from typing import Any

from django import forms
from djmoney.money import Money

from checkout.errors import Refused
from checkout.forms.base import ActForm
from giftcards import guessing
from giftcards.looking_up import find_card
from giftcards.models import GiftCard
from giftcards.selling import Gift
from salon.forms import AmountInput, MoneyInput

EMAIL, PRINT, PLASTIC = "email", "print", "plastic"
_ASKED_BY = {EMAIL: ("to_email", "send_on"), PLASTIC: ("number",)}
"""Fields that only one way needs."""
_PLAIN = {"autocomplete": "off"}
_CODE = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class SellForm(ActForm):
    """How much, for whom, and how it gets there; only what that way needs is asked for."""

    amount = MoneyInput(label="Amount", widget=AmountInput({"data-tender": ""}))
    way = forms.ChoiceField(
        label="How it gets there",
        choices=[(EMAIL, "By e-mail"), (PRINT, "Printed here"), (PLASTIC, "Plastic card")],
        initial=EMAIL,
        widget=forms.RadioSelect({"class": "segments"}),
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choose how the card gets to whom it is for."
        ),
    )
    number = forms.CharField(
        label="Number of the card",
        max_length=60,
        help_text="Scan it, or type it as it stands on the card.",
        error_messages={"required": "Scan the card, or type its number."},
        widget=forms.TextInput(_CODE),
    )
    to_name = forms.CharField(
        label="For whom", required=False, max_length=120, widget=forms.TextInput(_PLAIN)
    )
    to_email = forms.EmailField(
        label="Their e-mail",
        max_length=254,
        error_messages={
            "required": "Enter the address that the card goes to.",
            "invalid": "Enter an e-mail address like clara@example.com.",
        },
        widget=forms.EmailInput(_PLAIN),
    )
    send_on = forms.DateField(
        label="Send it on",
        required=False,
        help_text="Empty: as soon as the sale is closed.",
        error_messages={"invalid": "Choose a day, or leave it empty to send it at once."},
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    from_name = forms.CharField(
        label="From", required=False, max_length=120, widget=forms.TextInput(_PLAIN)
    )
    message = forms.CharField(
        label="Message",
        required=False,
        max_length=500,
        error_messages={"max_length": "Say it in at most 500 characters."},
        widget=forms.Textarea({"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        # What another way asks for, and what is wrong with it, does not count.
        for way, names in _ASKED_BY.items():
            if cleaned.get("way") != way:
                for name in names:
                    self.errors.pop(name, None)
                    cleaned.setdefault(name)
        return cleaned

    @property
    def gift(self) -> Gift:
        """What was filled in for the chosen way."""
        cleaned = self.cleaned_data
        is_mailed = cleaned["way"] == EMAIL
        return Gift(
            number=cleaned["number"] if cleaned["way"] == PLASTIC else "",
            from_name=cleaned["from_name"],
            to_name=cleaned["to_name"],
            to_email=cleaned["to_email"] if is_mailed else "",
            message=cleaned["message"],
            send_on=cleaned["send_on"] if is_mailed else None,
        )


class CodeForm(ActForm):
    """The code of a card that is to pay."""

    code = forms.CharField(
        label="Code of the gift card",
        max_length=60,
        error_messages={"required": "Scan the card, or type its code."},
        widget=forms.TextInput({**_CODE, "autofocus": ""}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """`card` and what is `left` on it are set once they are known."""
        super().__init__(*args, **kwargs)
        self.card: GiftCard | None = None
        self.left: Money | None = None

    def clean_code(self) -> str:
        self.card = _card_of(self, guessing.at_the_desk(self.desk.staff))
        return self.card.code


class RedeemForm(CodeForm):
    """So much of a card that was looked up."""

    amount = MoneyInput(label="Amount to apply", widget=AmountInput({"data-tender": ""}))


class BalanceForm(forms.Form):
    """The code of a card that somebody asks about."""

    code = forms.CharField(
        label="Code of the gift card",
        max_length=60,
        error_messages={"required": "Scan the card, or type its code."},
        widget=forms.TextInput(_CODE),
    )

    def __init__(self, data: Any = None, *, who: str) -> None:
        super().__init__(data, use_required_attribute=False)
        self.who = who
        self.card: GiftCard | None = None

    def clean_code(self) -> str:
        self.card = _card_of(self, self.who)
        return self.card.code


class ReasonForm(forms.Form):
    """Why a card is blocked, or unblocked."""

    reason = forms.CharField(
        label="Reason",
        max_length=240,
        error_messages={
            "required": "Say why, so that the next one who looks knows.",
            "max_length": "Say it in at most 240 characters.",
        },
        widget=forms.TextInput(_PLAIN),
    )


class SendForm(forms.Form):
    """Where a card's e-mail goes. `uuid` names the act: sent twice, it sends one."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    to = forms.EmailField(
        label="E-mail",
        max_length=254,
        error_messages={
            "required": "Enter the address that the card goes to.",
            "invalid": "Enter an e-mail address like clara@example.com.",
        },
        widget=forms.EmailInput(_PLAIN),
    )


def _card_of(form: forms.Form, who: str) -> GiftCard:
    try:
        return find_card(form.cleaned_data["code"], who)
    except Refused as refused:
        raise forms.ValidationError(refused.message) from refused
