"""A tax rate in the admin: one by itself, or the sum of several parts."""

from decimal import Decimal
from typing import Any

from django import forms

from salon import said
from salon.models import TaxRate


class TaxRateForm(forms.ModelForm):
    """Says what would make a rate with parts something else than their sum."""

    class Meta:
        model = TaxRate
        fields = ["name", "percent", "is_included", "parts"]
        widgets = {"parts": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "parts" not in self.fields:
            return
        mine = self.instance.parts.all() if self.instance.pk else TaxRate.objects.none()
        offered = TaxRate.objects.active().filter(parts=None).exclude(pk=self.instance.pk)
        self.fields["parts"].queryset = (  # type: ignore[attr-defined]
            TaxRate.objects.filter(pk__in=[rate.pk for rate in [*offered, *mine]])
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        parts = list(cleaned.get("parts") or [])
        if parts:
            self._check(parts, cleaned.get("percent"), cleaned.get("is_included", False))
        return cleaned

    def _check(self, parts: list[TaxRate], percent: Decimal | None, is_included: bool) -> None:
        whole = self.instance.part_of.first() if self.instance.pk else None
        if whole:
            self.add_error("parts", f"It is a part of {whole} itself, so it can have none.")
        if len(parts) == 1:
            self.add_error("parts", "Choose two parts at least, or none.")
        total = sum_of(parts)
        if percent is not None and percent != total:
            sums = " + ".join(said.percent(part.percent) for part in parts)
            self.add_error("percent", f"Its parts make {sums} = {said.percent(total)}: enter that.")
        if is_included != all(part.is_included for part in parts):
            self.add_error(
                "is_included",
                "Tick it when all parts are included in prices, and only then: each part says so "
                "for itself.",
            )


def sum_of(parts: list[TaxRate]) -> Decimal:
    return sum((part.percent for part in parts), Decimal(0))


def keep_the_sum(whole: TaxRate) -> bool:
    """Make a rate the sum of its parts again, after one of them changed. True where it was not."""
    parts = list(whole.parts.all())
    now = (sum_of(parts), all(part.is_included for part in parts))
    if now == (whole.percent, whole.is_included):
        return False
    whole.percent, whole.is_included = now
    whole.save(update_fields=["percent", "is_included"])
    return True
