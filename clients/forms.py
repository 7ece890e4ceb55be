"""The form of a client: new, or changed."""

import re
from typing import Any

from django import forms

from clients.duplicates import with_same_contacts
from clients.models import Client
from salon.forms import MoneyInput


class ClientForm(forms.ModelForm):
    """Parses a client. `look_alikes`: others with the same phone or e-mail, not shown before.

    The ids that were shown come back in `seen`, so that the second press saves, and another client
    found meanwhile is still told.
    """

    seen = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    iou_limit = MoneyInput(
        label="May owe at most",
        required=False,
        allow_zero=True,
        show_hidden_initial=True,
        help_text="Empty: as much as the business allows. 0: nothing at all.",
    )

    class Meta:
        model = Client
        fields = ["first_name", "last_name", "phone", "email", "note", "iou_limit"]
        labels = {"email": "E-mail"}
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        error_messages = {
            "first_name": {"required": "Enter the client’s first name."},
            "email": {"invalid": "Enter an e-mail address like clara@example.com."},
        }

    def __init__(self, *args: Any, sets_limit: bool = False, **kwargs: Any) -> None:
        """`sets_limit`: whether this person may say how much the client may owe."""
        super().__init__(*args, **kwargs)
        if not sets_limit:
            del self.fields["iou_limit"]
        self.look_alikes: list[Client] = []
        phone = self.fields["phone"]
        phone.widget.attrs |= {"autocomplete": "off", "inputmode": "tel"}
        phone.error_messages["invalid"] = (
            "Enter a phone number with its area code, like (212) 555-0142; "
            "from another country with + and the country code."
        )

    def clean(self) -> dict[str, Any]:
        """A limit that was not touched stays as it is now, whatever it was when the page was made.

        It is policy, set by few: correcting a name must not put an old one back.
        """
        cleaned = super().clean() or self.cleaned_data
        if "iou_limit" in self.fields and self._leaves_limit:
            cleaned["iou_limit"] = self.initial.get("iou_limit")
        return cleaned

    @property
    def _leaves_limit(self) -> bool:
        """Whether it came back as the page had shown it."""
        was_shown = self["iou_limit"].html_initial_name in self.data
        return was_shown and "iou_limit" not in self.changed_data

    def clean_first_name(self) -> str:
        return " ".join(self.cleaned_data["first_name"].split())

    def clean_last_name(self) -> str:
        return " ".join(self.cleaned_data["last_name"].split())

    def is_new_to_us(self) -> bool:
        """Whether it may be saved: valid, and every look-alike has been shown before. One query."""
        if not self.is_valid():
            return False
        seen = set(self.cleaned_data["seen"].split(","))
        found = list(with_same_contacts(self.instance))
        if all(str(client.pk) in seen for client in found):
            return True
        self.look_alikes = found
        shown = ",".join(str(client.pk) for client in found)
        self.data = {**{name: self.data[name] for name in self.data}, "seen": shown}
        return False


def typed_before(text: str) -> dict[str, str]:
    """What was typed into a search that found nobody, as the start of the form."""
    text = " ".join(text.replace("\x00", "").split())[:160]
    if "@" in text:
        return {"email": text}
    if re.fullmatch(r"[\d\s()+./-]{4,}", text):
        return {"phone": text}
    first, _, last = text.rpartition(" ")
    return {"first_name": first or last, "last_name": last if first else ""}
