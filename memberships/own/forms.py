"""What a member sends from their own page."""

from typing import Any

from django import forms


class LinkForm(forms.Form):
    """Who asks for the link to their own page."""

    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email", "inputmode": "email"}),
        error_messages={
            "required": "Type the e-mail address that the salon has of you.",
            "invalid": "Enter an e-mail address like clara@example.com.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"use_required_attribute": False} | kwargs)


class EndForm(forms.Form):
    """Canceling, or taking that back. `seen`: the stamp of what was shown of it."""

    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Would you tell us why?",
        max_length=240,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"use_required_attribute": False} | kwargs)

    def clean_reason(self) -> str:
        return " ".join(self.cleaned_data["reason"].split())
