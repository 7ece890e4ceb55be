"""What somebody types who wants to be a member."""

from typing import Any

from django import forms

from clients.forms_contact import ContactForm
from memberships.enrolling.joiner import Joiner
from salon.forms import MoneyInput


class JoinForm(ContactForm):
    """Who it is, what they agree to, and what the page showed. Nothing is ticked beforehand."""

    incomplete = "This page came in incomplete. Nothing was charged. Try again."
    email_help = "The link to your membership goes there, and word before each charge."

    consent = forms.BooleanField(
        label="I agree to these charges",
        error_messages={"required": "Tick that you agree to the charges."},
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    expected = MoneyInput(widget=MoneyInput.hidden_widget, allow_zero=True)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    @property
    def joiner(self) -> Joiner:
        """Valid form: who this is."""
        said = self.cleaned_data
        return Joiner(
            first_name=said["first_name"],
            last_name=said["last_name"],
            email=said["email"],
            phone=said["phone"].as_e164,
        )

    @property
    def typed(self) -> dict[str, str]:
        """Who it is, as it was typed."""
        names = ("first_name", "last_name", "phone", "email")
        return {name: str(self[name].value() or "") for name in names}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if {"uuid", "expected", "seen"} & self.errors.keys():
            for name in ("uuid", "expected", "seen"):
                self.errors.pop(name, None)
            raise forms.ValidationError(self.incomplete)
        return cleaned
