"""Forms for PINs: taking over a tablet, and choosing a PIN. Wrong tries count as in logging in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from salon import guessing, pins
from salon.models import StaffMember

PAUSED = "Too many wrong {what} for {name}. Wait five minutes, or log in with the password."


class _Digits(forms.PasswordInput):
    """Hidden as it is typed; a tablet shows its number keys. A browser may not keep it."""

    def __init__(self, **attrs: str) -> None:
        told = {"inputmode": "numeric", "autocomplete": "off", "maxlength": str(pins.LONGEST)}
        super().__init__({**told, **attrs})


class SwitchForm(forms.Form):
    """Who takes over, and their PIN."""

    staff = forms.TypedChoiceField(
        label="Who is there?",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose your name."),
    )
    pin = forms.CharField(
        label="PIN",
        strip=True,
        widget=_Digits(**{"data-pin": ""}),
        error_messages={"required": "Enter your PIN."},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        request: HttpRequest,
        people: list[StaffMember],
        chosen: StaffMember | None = None,
    ) -> None:
        super().__init__(data, use_required_attribute=False)
        self.request = request
        self.people = {str(person.pk): person for person in people}
        self.fields["staff"].choices = [  # type: ignore[attr-defined]
            (key, str(person)) for key, person in self.people.items()
        ]
        self.initial["staff"] = str(chosen.pk) if chosen in people and chosen else None

    @property
    def person(self) -> StaffMember:
        """Valid form: who takes over."""
        return self.people[self.cleaned_data["staff"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not {"staff", "pin"} <= cleaned.keys():
            return cleaned
        if not guessing.may_try(self._counted, self.request):
            self.add_error("pin", PAUSED.format(what="PINs", name=self.person))
        elif pins.fits(self.person, cleaned["pin"]):
            guessing.forget(self._counted, self.request)
        else:
            self.add_error(
                "pin", f"That is not {self.person}’s PIN. {self.request.user} is still at the desk."
            )
        return cleaned

    @property
    def _counted(self) -> str:
        """By person; apart from wrong passwords, so that a PIN never bars the way by password."""
        return f"pin of {self.person.pk}"


class PinForm(forms.Form):
    """A PIN of one's own, twice, and the password that shows who asks for it."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password."},
    )
    pin = forms.CharField(
        label="New PIN",
        help_text=f"{pins.SHORTEST} to {pins.LONGEST} digits.",
        widget=_Digits(),
        error_messages={"required": f"Enter {pins.SHORTEST} to {pins.LONGEST} digits."},
    )
    again = forms.CharField(
        label="The same PIN again",
        widget=_Digits(),
        error_messages={"required": "Enter the PIN a second time."},
    )

    def __init__(self, data: Any = None, *, request: HttpRequest, staff: StaffMember) -> None:
        super().__init__(data, use_required_attribute=False)
        self.request = request
        self.staff = staff

    def clean_password(self) -> str:
        """The same tries as in logging in: this page is no way round that pause."""
        password = self.cleaned_data["password"]
        if not guessing.may_try(self.staff.username, self.request):
            raise ValidationError("Too many wrong passwords. Wait five minutes, then try again.")
        if not self.staff.check_password(password):
            raise ValidationError("That is not your password. Your PIN was not changed.")
        guessing.forget(self.staff.username, self.request)
        return password

    def clean_pin(self) -> str:
        pin = self.cleaned_data["pin"]
        if wrong := pins.what_is_wrong(pin):
            raise ValidationError(wrong)
        return pin

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if {"pin", "again"} <= cleaned.keys() and cleaned["pin"] != cleaned["again"]:
            self.add_error("again", "The two PINs are not the same. Enter it again.")
        return cleaned
