"""The owner's discounts, in the admin."""

from typing import Any

from django import forms

from checkout.models import PresetDiscount


class PresetDiscountForm(forms.ModelForm):
    """A percentage or an amount, above zero; the model says not both."""

    class Meta:
        model = PresetDiscount
        fields = ["name", "percent", "amount", "position"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        amount = cleaned.get("amount")
        if amount is not None and not amount:
            self.add_error("amount", "Enter an amount above zero, or leave it empty.")
        return cleaned
