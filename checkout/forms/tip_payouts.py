"""Paying out tips. It only parses."""

import re
import uuid as uuids
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from djmoney.money import Money

from checkout.tip_payouts.owed import Standing
from checkout.tip_payouts.paying import LONGEST_REFERENCE
from salon import said
from salon.desk import Desk
from salon.forms import AmountInput, MoneyInput, RefusableForm
from salon.models import BusinessSettings, StaffMember, TipsPaid
from salon.money import minor, money

_INCOMPLETE = "This form came in incomplete. Nothing was paid. Load the page again."
_PERSON = re.compile(r"(\d{1,9}):(\d{1,12})", re.ASCII)


class _PayForm(RefusableForm):
    """`uuid` names the act: the same form sent twice pays once."""

    uuid = forms.UUIDField(
        widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), _INCOMPLETE)
    )
    how = forms.ChoiceField(
        label="How it is paid",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose how it is paid."),
    )
    reference = forms.CharField(
        label="Reference",
        required=False,
        max_length=LONGEST_REFERENCE,
        help_text="Which payroll or transfer it goes with. Not needed for cash.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": f"Say it in at most {LONGEST_REFERENCE} characters."},
    )

    def __init__(self, data: Any = None, *, desk: Desk, initial: dict[str, Any]) -> None:
        first = BusinessSettings.current().tips_paid
        ways = [(TipsPaid.CASH.value, f"Cash from {desk.till}")] if desk.till else []
        ways += [(way.value, way.label) for way in TipsPaid if way != TipsPaid.CASH]
        given = {"uuid": uuids.uuid4(), "how": first, **initial}
        super().__init__(data, initial=given, use_required_attribute=False)
        self.fields["how"].choices = ways  # type: ignore[attr-defined]
        # Needed or not by how it is paid, as its help says.
        self.fields["reference"].is_one_of = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors.pop("uuid", None):
            raise ValidationError(_INCOMPLETE)
        return cleaned


class PayTipsForm(_PayForm):
    """One person, the whole or a part."""

    amount = MoneyInput(label="Amount", widget=AmountInput())
    field_order = ("uuid", "amount", "how", "reference")

    def __init__(self, data: Any = None, *, desk: Desk, standing: Standing) -> None:
        super().__init__(data, desk=desk, initial={"amount": standing.owed})
        self.person = standing.person

    @property
    def amounts(self) -> dict[StaffMember, Money]:
        return {self.person: self.cleaned_data["amount"]}


class _People(forms.MultipleChoiceField):
    """`12:2050`: who, and what the page said they are owed, which is what they are paid.

    By then it may be another sum: whether it can still be paid is for the verb to say.
    """

    def valid_value(self, value: str) -> bool:
        return bool(_PERSON.fullmatch(value))


class PayAllForm(_PayForm):
    """Everybody who is chosen, each the whole that the page showed."""

    people = _People(
        label="Who is paid",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose who is paid.",
            "invalid_choice": _INCOMPLETE,
            "invalid_list": _INCOMPLETE,
        },
    )
    field_order = ("uuid", "people", "how", "reference")

    def __init__(self, data: Any = None, *, desk: Desk, standings: Sequence[Standing]) -> None:
        owed = [each for each in standings if each.owed]
        super().__init__(data, desk=desk, initial={"people": [_value(each) for each in owed]})
        self.known = {each.person.pk: each.person for each in standings}
        self.fields["people"].choices = [(_value(each), _label(each)) for each in owed]  # type: ignore[attr-defined]

    def clean_people(self) -> dict[StaffMember, Money]:
        amounts: dict[StaffMember, Money] = {}
        for value in self.cleaned_data["people"]:
            pk, _, cents = value.partition(":")
            person = self.known.get(int(pk))
            if person is None or person in amounts:
                raise ValidationError(_INCOMPLETE)
            amounts[person] = money(int(cents))
        return amounts

    @property
    def amounts(self) -> dict[StaffMember, Money]:
        return dict(self.cleaned_data["people"])


def _value(standing: Standing) -> str:
    return f"{standing.person.pk}:{minor(standing.owed)}"


def _label(standing: Standing) -> str:
    return f"{standing.person} {said.amount(standing.owed)}"
