"""What who books online types: who they are, and what they agree to."""

from typing import Any

from django import forms
from djmoney.money import Money

from clients.forms_contact import ContactForm
from deposits.booking.booker import Booker
from deposits.models.settings import CardFor
from salon.forms import MoneyInput

INCOMPLETE = "This page came in incomplete. Nothing was booked or charged. Try again."


class DetailsForm(ContactForm):
    """Who comes."""

    incomplete = INCOMPLETE
    email_help = "The confirmation goes there, with a link to move or cancel."

    note = forms.CharField(
        label="Anything we should know?",
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"max_length": "That is too long: at most %(limit_value)d characters."},
    )
    uuid = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].help_text = "In case something comes up on the day."

    @property
    def booker(self) -> Booker:
        """Valid form: who this is."""
        said = self.cleaned_data
        return Booker(
            first_name=said["first_name"],
            last_name=said["last_name"],
            email=said["email"],
            phone=said["phone"].as_e164,
            note=said["note"],
        )

    @property
    def typed(self) -> list[tuple[str, str]]:
        """Names and values as they were typed, for the hidden inputs of the pages after this."""
        found = [(field.name, str(field.value() or "")) for field in self if field.name != "uuid"]
        return [(name, value) for name, value in found if value]


class PolicyForm(forms.Form):
    """That the cancellation policy is agreed to. Not ticked beforehand."""

    policy = forms.BooleanField(
        label="I have read the cancellation policy and agree to it",
        error_messages={"required": "Tick that you agree to the cancellation policy."},
    )

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, use_required_attribute=False, **more)


class AgreeForm(PolicyForm):
    """What is agreed to, and the amount that the page showed. Nothing is ticked beforehand."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    expected = MoneyInput(widget=MoneyInput.hidden_widget, allow_zero=True)
    keep_card = forms.BooleanField(
        required=False,
        error_messages={
            "required": "Tick that the card may be kept: without it this can’t be booked online."
        },
    )

    def __init__(self, data: Any = None, *, card_for: str, **more: Any) -> None:
        super().__init__(data, **more)
        if card_for == CardFor.NEVER:
            del self.fields["keep_card"]
        else:
            required = card_for == CardFor.REQUIRED
            self.fields["keep_card"].required = required
            self.fields["keep_card"].label = "Keep my card on file for the fees named above" + (
                "" if required else " (optional)"
            )

    @property
    def keeps_card(self) -> bool:
        """Valid form: whether the client agreed to that."""
        return bool(self.cleaned_data.get("keep_card"))

    @property
    def shown(self) -> Money:
        """Valid form: the amount that the page showed."""
        return self.cleaned_data["expected"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if {"uuid", "expected"} & self.errors.keys():
            self.errors.pop("uuid", None)
            self.errors.pop("expected", None)
            raise forms.ValidationError(INCOMPLETE)
        return cleaned
