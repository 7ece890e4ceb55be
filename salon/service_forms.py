"""Parsing what is typed about a service. The rules are in updating_services.py."""

from typing import Any

from django import forms
from django.db.models import Q

from salon.forms import AmountInput, MoneyInput, RefusableForm
from salon.models import Service, ServiceCategory, StaffMember, TaxRate
from salon.service_parts import Holder, prefix_of
from salon.terms import LONGEST, LONGEST_BUFFER, ServiceTerms
from salon.updating_services import Own

MINUTES = {
    "required": "Enter how many minutes it takes.",
    "invalid": "Enter whole minutes, like 45.",
    "min_value": "Enter at least 1 minute.",
    "max_value": f"Enter at most {LONGEST} minutes.",
}


def minutes_field(**more: Any) -> forms.IntegerField:
    """A box for minutes."""
    box = forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(
        min_value=1, max_value=LONGEST, widget=box, error_messages=MINUTES, **more
    )


def buffer_field(label: str) -> forms.IntegerField:
    """A box for minutes that are kept free; empty is none."""
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=LONGEST_BUFFER,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            **MINUTES,
            "min_value": "Enter 0 or more minutes.",
            "max_value": f"Enter at most {LONGEST_BUFFER} minutes.",
        },
    )


class ServiceForm(RefusableForm):
    """The service itself, and who gives it. `seen`: the fingerprint of what the page showed."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    name = forms.CharField(
        max_length=120,
        help_text="In the book, at checkout and on the receipt.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter what the service is called."},
    )
    category = forms.ModelChoiceField(
        ServiceCategory.objects.all(),
        empty_label="Choose a category",
        error_messages={
            "required": "Choose a category.",
            "invalid_choice": "This category is not there any more. Choose another.",
        },
    )
    price = MoneyInput(allow_zero=True)
    minutes = minutes_field()
    buffer_before = buffer_field("Minutes kept free before")
    buffer_after = buffer_field("Minutes kept free after")
    books_online = forms.BooleanField(
        label="Clients may book it online",
        required=False,
        widget=forms.CheckboxInput(attrs={"value": "on"}),
    )
    tax_rate = forms.ModelChoiceField(
        TaxRate.objects.none(),
        label="Tax",
        required=False,
        empty_label="No tax",
        error_messages={"invalid_choice": "This tax is not charged any more. Choose another."},
    )
    staff = forms.ModelMultipleChoiceField(
        StaffMember.objects.none(),
        required=False,
        error_messages={
            "invalid_choice": "Somebody who was ticked does not give services any more. Nothing "
            "was saved. Load the page again.",
            "invalid_pk_value": "Somebody who was ticked is not known. Load the page again.",
        },
    )

    def __init__(
        self, data: Any = None, *, service: Service | None, people: list[StaffMember], seen: str
    ) -> None:
        super().__init__(data, initial=_of(service, seen), use_required_attribute=False)
        kept = Q(pk=service.tax_rate_id) if service else Q()
        self.fields["tax_rate"].queryset = TaxRate.objects.filter(  # type: ignore[attr-defined]
            Q(archived_at=None) | kept
        )
        offered = StaffMember.objects.filter(pk__in=[person.pk for person in people])
        self.fields["staff"].queryset = offered  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        """One blank between words, whatever was typed."""
        return " ".join(self.cleaned_data["name"].split())

    def clean_buffer_before(self) -> int:
        return self.cleaned_data["buffer_before"] or 0

    def clean_buffer_after(self) -> int:
        return self.cleaned_data["buffer_after"] or 0


class OwnForm(forms.Form):
    """What one location or person does differently. Left empty, it follows `usual`."""

    price = MoneyInput(required=False, allow_zero=True, widget=AmountInput())
    minutes = minutes_field(required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        holder: Holder,
        own: Own,
        usual: ServiceTerms | None,
        words: tuple[str, str],
    ) -> None:
        initial = {"price": own.price, "minutes": own.minutes}
        super().__init__(
            data, initial=initial, prefix=prefix_of(holder), use_required_attribute=False
        )
        for name, label in zip(("price", "minutes"), words, strict=True):
            self.fields[name].label = label
        if usual is not None:
            self.fields["price"].widget.attrs["placeholder"] = AmountInput().format_value(
                usual.price
            )
            self.fields["minutes"].widget.attrs["placeholder"] = str(usual.minutes)

    @property
    def was_sent(self) -> bool:
        """Whether the page that was sent had these fields; else nobody said anything here."""
        return self.add_prefix("price") in self.data or self.add_prefix("minutes") in self.data

    @property
    def own(self) -> Own:
        """Valid form: what was typed."""
        return Own(self.cleaned_data["price"], self.cleaned_data["minutes"])


def _of(service: Service | None, seen: str) -> dict[str, Any]:
    if service is None:
        return {"minutes": 60, "buffer_before": 0, "buffer_after": 0, "books_online": True}
    return {
        "seen": seen,
        "name": service.name,
        "category": service.category_id,
        "price": service.price,
        "minutes": service.minutes,
        "buffer_before": service.buffer_before,
        "buffer_after": service.buffer_after,
        "books_online": service.books_online,
        "tax_rate": service.tax_rate_id,
        "staff": [person.pk for person in service.staff.all()],
    }
