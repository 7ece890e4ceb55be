"""Tips: a percentage of the services, one amount for all, or so much for each."""

from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Q
from djmoney.money import Money

from checkout import tips
from checkout.forms.base import ActForm
from checkout.forms.lines import NOT_A_CHOICE
from checkout.models import LineItem
from salon import tip_shortcuts
from salon.forms import AmountInput, MoneyInput
from salon.models import BusinessSettings, StaffMember
from salon.money import money

PERCENT, TOTAL, EACH = "percent", "total", "each"


class TipInput(MoneyInput):
    """An amount that may be left empty, as one leaves out whoever gets none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_zero=True, **kwargs)

    def validate(self, value: Money | None) -> None:
        if value is not None:
            super().validate(value)


class TipForm(ActForm):
    """One sheet, three ways to say it; `how` tells which was pressed. It only parses."""

    how = forms.ChoiceField(
        choices=[(PERCENT, PERCENT), (TOTAL, TOTAL), (EACH, EACH)],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose a tip."),
    )
    percent = forms.DecimalField(required=False)
    total = TipInput(
        label="Tip",
        widget=AmountInput({"autofocus": "", "data-tender": ""}),
    )
    other = forms.ModelChoiceField(
        StaffMember.objects.none(),
        label="Somebody else",
        required=False,
        empty_label="Nobody else",
        error_messages={"invalid_choice": NOT_A_CHOICE},
    )
    other_amount = TipInput(label="Their tip")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines: list[LineItem] = list(self.order.lines.select_related("staff"))
        self.people = _people(self.lines)
        for person in self.people:
            self.fields[_field(person)] = TipInput(
                label=f"Tip for {person}",
                widget=AmountInput(_ready(only=len(self.people) == 1)),
            )
            self.initial.setdefault(_field(person), self._standing().get(person))
        names = " and ".join(str(person) for person in self.people)
        self.fields["total"].help_text = f"Shared by what the services of {names} cost."
        works_here = Q(location=self.desk.location) | Q(location=None)
        here = StaffMember.objects.filter(works_here, is_active=True)
        named = [person.pk for person in self.people]
        self.fields["other"].queryset = here.exclude(pk__in=named)  # type: ignore[attr-defined]
        if standing := self._standing():
            self.initial.setdefault("total", sum(standing.values(), money(0)))

    @cached_property
    def shortcuts(self) -> list[tuple[Decimal, Money]]:
        """20 %: $17.00. None where there is no service, or nobody who gave one."""
        if not tips.shares(tips.basis(self.lines), self.lines):
            return []
        shortcuts = [(p, tips.by_percent(p, self.lines)) for p in percents_offered()]
        return [(percent, amount) for percent, amount in shortcuts if amount]

    @property
    def each(self) -> list[forms.BoundField]:
        """The amounts by person."""
        return [self[_field(person)] for person in self.people]

    @property
    def others(self) -> bool:
        """Whether there is anybody else here to give a part to. One query."""
        return self.fields["other"].queryset.exists()  # type: ignore[attr-defined]

    @property
    def opens_each(self) -> bool:
        """What was typed person by person is to be mended."""
        return self.is_bound and self.data.get("how") == EACH

    @property
    def is_uneven(self) -> bool:
        """The tips that stand are shared otherwise than by what the services cost."""
        standing = self._standing()
        total = sum(standing.values(), money(0))
        return bool(standing) and standing != {
            staff: part for staff, part in tips.shares(total, self.lines).items() if part
        }

    @property
    def amounts(self) -> dict[StaffMember, Money]:
        """Valid form, EACH: so much for everybody who is named."""
        cleaned = self.cleaned_data
        amounts = {person: cleaned[_field(person)] for person in self.people}
        if cleaned.get("other"):
            amounts[cleaned["other"]] = cleaned["other_amount"]
        return {person: amount for person, amount in amounts.items() if amount}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        how = cleaned.get("how")
        self._forget_other_ways(how)
        if how == PERCENT and cleaned.get("percent") not in percents_offered():
            self.add_error("percent", "Choose one of the percentages that are offered.")
        if how == TOTAL and "total" not in self.errors and cleaned.get("total") is None:
            self.add_error("total", "Enter a tip, or 0 for none.")
        if how == EACH and cleaned.get("other") and not cleaned.get("other_amount"):
            self.add_error("other_amount", "Enter an amount above zero.")
        if how == EACH and cleaned.get("other_amount") and not cleaned.get("other"):
            self.add_error("other", "Choose whose tip it is.")
        return cleaned

    def _forget_other_ways(self, how: str | None) -> None:
        """What stands in a box of another way is nobody's mistake."""
        of_way = {PERCENT: {"percent"}, TOTAL: {"total"}}
        of_way[EACH] = {"other", "other_amount", *map(_field, self.people)}
        for way, names in of_way.items():
            if way != how:
                for name in names:
                    self.errors.pop(name, None)

    def _standing(self) -> dict[StaffMember, Money]:
        return {
            line.staff: line.amount for line in self.lines if line.kind == tips.TIP and line.staff
        }


def _people(lines: list[LineItem]) -> list[StaffMember]:
    """Who has part in the sale: those of its services first, then all that have a tip already."""
    earners = list(tips.shares(tips.basis(lines), lines))
    tipped = [line.staff for line in lines if line.kind == tips.TIP and line.staff]
    return list(dict.fromkeys([*earners, *tipped]))


def percents_offered() -> list[Decimal]:
    """The owner's shortcuts; none where they cannot be read. One query."""
    try:
        return tip_shortcuts.parse(BusinessSettings.current().tip_percents)
    except ValueError:
        return []


def _field(person: StaffMember) -> str:
    return f"tip_{person.pk}"


def _ready(only: bool) -> dict[str, str]:
    """Where there is one box only, it is the one that is typed into."""
    return {"autofocus": "", "data-tender": ""} if only else {}
