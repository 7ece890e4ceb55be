"""Custom Deposit for Online Booking: on the page of a service, for it, a location, a person."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.forms import BooleanField, Form

from deposits.models import DepositTerms, ServiceDeposit
from deposits.rules.terms_checks import check_terms
from deposits.rules.terms_forms import TermsForm
from deposits.rules.words import how
from salon.models import Location, Service, StaffMember
from salon.service_parts import Holder, Part, add

Kind = DepositTerms.Kind
LABEL = "Custom Deposit for Online Booking"


class CustomDepositForm(TermsForm):
    """One holder's own word. The box off: what is more general counts."""

    custom = BooleanField(label=LABEL, required=False)
    field_order = ("custom", "kind", "percent", "amount")

    def __init__(
        self, data: Any = None, *, prefix: str, row: ServiceDeposit | None, whose: str
    ) -> None:
        super().__init__(data, prefix=prefix, initial=_of(row), use_required_attribute=False)
        # Sent without these fields, by an older page: nobody said anything here.
        self.fields["kind"].required = False
        for name in ("kind", "percent", "amount"):
            self.fields[name].is_one_of = True  # type: ignore[attr-defined]
        labels = {"kind": "Deposit", "percent": "Deposit in percent", "amount": "Deposit amount"}
        for name, label in labels.items():
            self.fields[name].label = f"{label}{whose}"
            self.fields[name].widget.attrs[f"data-deposit-{name}"] = ""
        self.fields["custom"].widget.attrs["data-deposit-custom"] = ""
        self.told = f"Custom deposit: {how(row)}" if row else ""

    @property
    def was_sent(self) -> bool:
        return self.add_prefix("kind") in self.data

    @property
    def is_asked(self) -> bool:
        return self.was_sent and bool(self.cleaned_data.get("custom"))

    def clean_kind(self) -> str:
        """A page that was sent without it says nothing; a box that is off needs none."""
        return self.cleaned_data["kind"] or Kind.PERCENT


class CustomDeposits(Part):
    """The fields beside price and minutes. One query for all of them."""

    key = "deposit"

    def forms(
        self, service: Service | None, holders: Sequence[Holder], data: Any = None
    ) -> Mapping[Holder, Form]:
        rows = _rows_of(service) if service else {}
        return {
            holder: CustomDepositForm(
                data, prefix=self.prefix(holder), row=rows.get(holder), whose=_whose(holder)
            )
            for holder in holders
        }

    def snapshot(self, service: Service) -> dict[str, str]:
        rows = _rows_of(service)
        named = Counter(str(holder) for holder in rows)
        return {
            f"custom deposit{_whose(holder, is_twice=named[str(holder)] > 1)}": how(row)
            for holder, row in rows.items()
        }

    def save(self, service: Service, forms: Mapping[Holder, Form]) -> None:
        rows = _rows_of(service)
        for holder, form in forms.items():
            if isinstance(form, CustomDepositForm) and form.was_sent:
                _save(service, holder, form, rows.get(holder))


def _save(
    service: Service, holder: Holder, form: CustomDepositForm, row: ServiceDeposit | None
) -> None:
    if not form.is_asked:
        if row is not None:
            row.delete()
        return
    kind, percent, amount = form.terms
    check_terms(kind, percent, amount)
    row = row or ServiceDeposit(service=service, **_holding(holder))
    if row.pk is None or (row.kind, row.percent, row.amount) != (kind, percent, amount):
        row.kind, row.percent, row.amount = kind, percent, amount
        row.save()


def _rows_of(service: Service) -> dict[Holder, ServiceDeposit]:
    rows = ServiceDeposit.objects.filter(service=service).select_related("location", "staff")
    return {row.location or row.staff: row for row in rows}


def _holding(holder: Holder) -> dict[str, Any]:
    if isinstance(holder, Location):
        return {"location": holder}
    return {"staff": holder} if isinstance(holder, StaffMember) else {}


def _whose(holder: Holder, *, is_twice: bool = False) -> str:
    """With Maya, at Midtown, with a blank before; nothing for the service's own."""
    if isinstance(holder, Location):
        return f" at {holder}"
    if isinstance(holder, StaffMember):
        return f" with {holder} ({holder.username})" if is_twice else f" with {holder}"
    return ""


def _of(row: ServiceDeposit | None) -> dict[str, Any]:
    if row is None:
        return {"custom": False, "kind": Kind.PERCENT}
    return {"custom": True, "kind": row.kind, "percent": row.percent, "amount": row.amount}


def add_to_services() -> None:
    """Called once, when the program starts."""
    add(CustomDeposits())
