"""Adding lines to an order, and changing them."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from checkout.finding import product_by_code
from checkout.forms.base import ActForm
from checkout.models import LineItem
from clients.models import Client
from salon.desk import Desk
from salon.forms import AmountInput, MoneyInput
from salon.models import Location, Product, Service, StaffMember, TaxRate

NOT_A_CHOICE = "Choose one of those that are offered."


def providers(location: Location) -> QuerySet[StaffMember]:
    """Who gives services there, and whoever belongs to no location."""
    return StaffMember.objects.filter(
        Q(location=location) | Q(location=None), is_active=True, is_provider=True
    )


class StaffField(forms.ModelChoiceField):
    """Who gave it, as buttons (checkout/_staff.html); its choices are the providers of the desk."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "With")
        super().__init__(
            queryset=StaffMember.objects.none(),
            widget=forms.RadioSelect,
            empty_label=None,
            blank=True,
            error_messages={"required": "Choose who gave it.", "invalid_choice": NOT_A_CHOICE},
            **kwargs,
        )

    def offer(self, desk: Desk, also: StaffMember | None = None) -> None:
        """Let the desk choose among its providers, and whoever the line names already."""
        offered = providers(desk.location)
        self.queryset = offered | StaffMember.objects.filter(pk=also.pk) if also else offered


class ServiceForm(ActForm):
    """A service, and with whom."""

    staff = StaffField()
    service = forms.ModelChoiceField(
        Service.objects.all(),
        widget=forms.Select(attrs={"id": "find-service"}),
        error_messages={"required": "Choose a service.", "invalid_choice": NOT_A_CHOICE},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].offer(self.desk)  # type: ignore[attr-defined]


class ProductForm(ActForm):
    """A product of the list, or the one whose SKU was typed or scanned."""

    product = forms.ModelChoiceField(
        Product.objects.all(), required=False, error_messages={"invalid_choice": NOT_A_CHOICE}
    )
    q = forms.CharField(label="Find or scan a product", required=False, max_length=80)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        typed = cleaned.get("q", "")
        if self.errors or cleaned.get("product"):
            return cleaned
        if not typed:
            self.add_error("q", "Type a name, a brand or a SKU, or scan the barcode.")
            return cleaned
        cleaned["product"] = product_by_code(typed)
        if cleaned["product"] is None:
            self.add_error("q", f"No one product is called “{typed}”. Choose from the list.")
        return cleaned


class CustomForm(ActForm):
    """An amount that is not in the catalog."""

    description = forms.CharField(
        label="What for",
        max_length=120,
        help_text="As it should read on the receipt.",
        error_messages={"required": "Say what it is for, as it should read on the receipt."},
    )
    amount = MoneyInput(label="Amount", widget=AmountInput({"data-tender": ""}))
    tax_rate = forms.ModelChoiceField(
        TaxRate.objects.active(),
        label="Tax",
        required=False,
        empty_label="No tax",
        error_messages={"invalid_choice": NOT_A_CHOICE},
    )
    staff = StaffField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].offer(self.desk)  # type: ignore[attr-defined]


class AccountCreditsForm(ActForm):
    """Account credit: for whom, how much."""

    beneficiary = forms.ModelChoiceField(
        Client.objects.all(),
        label="Whose balance",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choose whom to credit.", "invalid_choice": NOT_A_CHOICE},
    )
    amount = MoneyInput(label="Amount", widget=AmountInput({"autofocus": "", "data-tender": ""}))


class ChangeLineForm(ActForm):
    """Another quantity, price or staff member of a line; only what its kind lets one change."""

    meant = {"amount": "unit_price"}

    quantity = forms.IntegerField(
        min_value=1,
        max_value=999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Enter a quantity from 1 to 999."
        ),
    )
    # With what the page showed beside it, so that a price that nobody touched counts as not typed.
    unit_price = MoneyInput(label="Price", allow_zero=True, show_hidden_initial=True)
    staff = StaffField(required=False)

    def __init__(
        self,
        *args: Any,
        line: LineItem,
        changes: tuple[str, ...],
        needs_staff: bool = False,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {name: getattr(line, name) for name in changes}
        super().__init__(*args, **kwargs)
        self.fields["staff"].offer(self.desk, also=line.staff)  # type: ignore[attr-defined]
        self.fields["staff"].required = needs_staff
        for name in {"quantity", "unit_price", "staff"} - set(changes):
            del self.fields[name]

    @property
    def wanted(self) -> dict[str, Any]:
        """Valid form: what change_line takes; no price where nobody typed one."""
        typed = {name: self.cleaned_data.get(name) for name in ("quantity", "unit_price", "staff")}
        if "unit_price" not in self.changed_data:
            typed["unit_price"] = None
        return typed
