"""Who a stranger on a public page is, as they type it."""

from typing import Any

from django import forms
from phonenumber_field.formfields import PhoneNumberField

_PHONE = (
    "Enter your number with its area code, like (212) 555-0142; from another country with + and "
    "the country code."
)


class ContactForm(forms.Form):
    """Subclass it. `website` is a trap: people do not see it, programs fill it in."""

    incomplete = "This page came in incomplete. Nothing was done. Try again."
    email_help = ""

    first_name = forms.CharField(
        max_length=80,
        widget=forms.TextInput({"autocomplete": "given-name", "autocapitalize": "words"}),
        error_messages={"required": "Enter your first name."},
    )
    last_name = forms.CharField(
        max_length=80,
        widget=forms.TextInput({"autocomplete": "family-name", "autocapitalize": "words"}),
        error_messages={"required": "Enter your last name."},
    )
    phone = PhoneNumberField(
        label="Mobile phone",
        widget=forms.TextInput({"autocomplete": "tel", "type": "tel", "inputmode": "tel"}),
        error_messages={"required": "Enter your mobile number.", "invalid": _PHONE},
    )
    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email", "inputmode": "email"}),
        error_messages={
            "required": "Enter your e-mail address.",
            "invalid": "Enter an e-mail address like clara@example.com.",
            "max_length": "That is too long: at most %(limit_value)d characters.",
        },
    )
    website = forms.CharField(
        required=False, widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"use_required_attribute": False} | kwargs)
        self.fields["email"].help_text = self.email_help

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("website"):
            raise forms.ValidationError(self.incomplete)
        return cleaned
