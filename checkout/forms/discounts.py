"""Giving a discount: one of the owner's, or a percentage or an amount of one's own."""

from typing import Any

from django import forms

from checkout.forms.base import ActForm
from checkout.models import PresetDiscount
from salon.forms import MoneyInput

PERCENT = "Enter a percentage like 10 or 12.5, up to 100."


class PercentField(forms.DecimalField):
    """Above 0, up to 100, two digits after the point at most. Takes "10", "10%", "12.5 %"."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=5, decimal_places=2, **kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}
        codes = ("invalid", "max_digits", "max_whole_digits", "max_decimal_places")
        self.error_messages |= dict.fromkeys(codes, PERCENT)

    def to_python(self, value: Any) -> Any:
        return super().to_python(str(value or "").strip().removesuffix("%").strip())


class DiscountForm(ActForm):
    """A preset's button sends that alone; the other fields are checked by the verb together."""

    preset = forms.ModelChoiceField(
        PresetDiscount.objects.all(),
        required=False,
        error_messages={"invalid_choice": "Choose one of the discounts that are offered."},
    )
    percent = PercentField(label="Percent off", required=False)
    amount = MoneyInput(label="or amount off", required=False)
    reason = forms.CharField(
        label="Why",
        max_length=120,
        help_text="As it should read on the receipt.",
        error_messages={
            "required": "Say why, as it should read on the receipt: “Returning client”.",
            "max_length": "Say it in at most 120 characters.",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A preset's name is its reason.
        self.fields["reason"].required = not self.data.get("preset")
        for name in ("percent", "amount"):
            # Neither is optional: it is one of the two. templates/django/forms/field.html looks.
            self.fields[name].is_one_of = True  # type: ignore[attr-defined]

    @property
    def wanted(self) -> dict[str, Any]:
        """What the verb takes."""
        return {name: self.cleaned_data[name] for name in ("preset", "percent", "amount", "reason")}
