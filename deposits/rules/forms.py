"""Parsing a deposit rule, an exception for a client, and a question to the policy."""

from typing import Any

from django import forms
from django.utils.functional import cached_property

from clients.models import Client
from deposits.models import ClientDeposit, DepositRule
from deposits.rules.ruling import RuleCard
from deposits.rules.terms_forms import TermsForm
from salon.forms import MoneyInput, RefusableForm
from salon.models import Location, Service, StaffMember
from salon.money import money

ROWS = 3
"""So many services can be asked about at once."""


class _Marked(RefusableForm, TermsForm):
    """Fields that belong to one kind show with it (manage.css)."""

    def __init__(self, data: Any = None, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial, use_required_attribute=False)
        for name in ("kind", "percent", "amount"):
            self.fields[name].widget.attrs[f"data-deposit-{name}"] = ""
            self.fields[name].is_one_of = True  # type: ignore[attr-defined]


class RuleForm(_Marked):
    """One general rule."""

    who = forms.ChoiceField(
        label="For",
        choices=DepositRule.Who.choices,
        initial=DepositRule.Who.EVERYBODY,
        widget=forms.Select(attrs={"data-deposit-who": ""}),
    )
    no_shows = forms.IntegerField(
        label="From so many earlier no-shows on",
        initial=1,
        min_value=1,
        max_value=99,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "data-deposit-no-shows": ""}),
    )
    location = forms.ModelChoiceField(
        Location.objects.active(), label="At", required=False, empty_label="Every location"
    )
    minimum_value = MoneyInput(
        label="Only for bookings of at least",
        required=False,
        allow_zero=True,
        help_text="What all services of the booking cost. Empty: any booking.",
    )
    field_order = ("who", "no_shows", "location", "kind", "percent", "amount", "minimum_value")

    def __init__(self, data: Any = None, *, rule: DepositRule | None = None) -> None:
        super().__init__(data, initial=_of(rule))
        self.fields["no_shows"].is_one_of = True  # type: ignore[attr-defined]
        self.fields["location"].is_one_of = True  # type: ignore[attr-defined]

    @property
    def card(self) -> RuleCard:
        """Valid form: the rule as it was sent."""
        typed = self.cleaned_data
        kind, percent, amount = self.terms
        return RuleCard(
            who=typed["who"],
            kind=kind,
            percent=percent,
            amount=amount,
            location=typed["location"],
            minimum_value=typed["minimum_value"] or money(0),
            no_shows=typed["no_shows"] or 1,
        )


class ExceptionForm(_Marked):
    """An exception for one client."""

    note = forms.CharField(
        label="Why",
        required=False,
        max_length=240,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Seen by staff only.",
    )

    def __init__(self, data: Any = None, *, row: ClientDeposit | None = None) -> None:
        initial = (
            {"kind": row.kind, "percent": row.percent, "amount": row.amount, "note": row.note}
            if row
            else {"kind": ClientDeposit.Kind.NONE}
        )
        super().__init__(data, initial=initial)


class QuestionForm(forms.Form):
    """Which rule wins? Services with people, a location; the client is picked beside it."""

    location = forms.ModelChoiceField(Location.objects.active(), empty_label=None)

    def __init__(self, data: Any, *, location: Location) -> None:
        filled = {**data, "location": data.get("location") or location.pk}
        super().__init__(filled, use_required_attribute=False)
        services = Service.objects.active().select_related("category")
        people = StaffMember.objects.filter(is_active=True, is_provider=True)
        for i in range(ROWS):
            self.fields[f"service-{i}"] = forms.ModelChoiceField(
                services,
                label="Service" if i == 0 else "And",
                required=False,
                empty_label="Choose a service" if i == 0 else "Nothing else",
            )
            self.fields[f"staff-{i}"] = forms.ModelChoiceField(
                people, label="With", required=False, empty_label="Anyone"
            )
            for name in (f"service-{i}", f"staff-{i}"):
                self.fields[name].is_one_of = True  # type: ignore[attr-defined]

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each service with its person."""
        return [(self[f"service-{i}"], self[f"staff-{i}"]) for i in range(ROWS)]

    @cached_property
    def services(self) -> list[tuple[Service, StaffMember | None]]:
        """Those that were chosen."""
        if not self.is_valid():
            return []
        typed = self.cleaned_data
        pairs = [(typed[f"service-{i}"], typed[f"staff-{i}"]) for i in range(ROWS)]
        return [(service, staff) for service, staff in pairs if service]


def client_named(text: str) -> Client | None:
    """Whom the address names, if anybody. One query."""
    if not text.isascii() or not text.isdecimal() or len(text) > 12:
        return None
    return Client.objects.filter(pk=int(text)).first()


def _of(rule: DepositRule | None) -> dict[str, Any]:
    if rule is None:
        return {}
    names = ("who", "no_shows", "location", "kind", "percent", "amount")
    least = rule.minimum_value or None
    return {name: getattr(rule, name) for name in names} | {"minimum_value": least}
