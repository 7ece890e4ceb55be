"""What reports ask besides the days and the place."""

from django import forms

from ledger.balances_query import BALANCE, NAME
from salon.reporting.periods import AsOfForm, PeriodForm


def name_field() -> forms.CharField:
    """A client's name, or part of one."""
    return forms.CharField(
        required=False,
        label="Client",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Name"}),
    )


class ClientPeriodForm(PeriodForm):
    """`&client=` beside the days and the place."""

    client = name_field()
    field_order = ["period", "start", "end", "client", "location"]

    @property
    def words(self) -> str:
        return self.chosen("client") or ""


class BalancesForm(AsOfForm):
    """`&client=` and `&sort=` beside the day and the place."""

    client = name_field()
    sort = forms.ChoiceField(
        required=False, label="Order", choices=[("", "Most first"), (NAME, "By name")]
    )
    field_order = ["on", "client", "sort", "location"]

    @property
    def words(self) -> str:
        return self.chosen("client") or ""

    @property
    def order(self) -> str:
        return self.chosen("sort") or BALANCE
