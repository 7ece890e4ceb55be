"""The entries behind a figure of a report: what moved one kind of account, in one way."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from ledger import account_names, movements
from ledger.flow_terms import Asked
from ledger.kinds import GUARDED, AccountKind, EntryKind, Flow, Source
from ledger.movements import Row
from reports.linking import cause_names, cause_url, entry_url
from salon import permissions, said
from salon.access import permission_required
from salon.http import DeskRequest
from salon.models import MerchantAccount
from salon.money import money
from salon.reporting.page import Figure, Page, address, form_for, show
from salon.reporting.periods import PeriodForm
from salon.reporting.tables import Column, Kind, Line, Table

KEY = "movements"
HOUSE, AWAY = "house", "away"
STORED = "Above zero, the salon owes more for it afterwards; below zero, less."
OWED = "Above zero, clients owe more afterwards; below zero, less."
DEBIT = "Debit is above zero, credit below."


class MovementsForm(PeriodForm):
    """`?kind=&flow=&source=&holder=&sold_at=&where=` beside the days and the place.

    `location`: where it happened. `where=away`: at another location than it was sold.
    """

    kind = forms.ChoiceField(required=False, label="Account", choices=AccountKind.choices)
    flow = forms.ChoiceField(
        required=False, label="What", choices=[("", "Everything"), *Flow.choices]
    )
    source = forms.ChoiceField(
        required=False, label="Source", choices=[("", "Every source"), *Source.choices]
    )
    holder = forms.ChoiceField(required=False, label="Merchant account")
    sold_at = forms.ChoiceField(required=False, label="Sold at")
    where = forms.ChoiceField(
        required=False,
        label="Used",
        choices=[("", "Anywhere"), (AWAY, "Where it was not sold")],
    )
    field_order = [
        *("period", "start", "end", "kind", "flow"),
        *("source", "holder", "location", "sold_at", "where"),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """One query."""
        super().__init__(*args, **kwargs)
        names = [(key, place.name) for key, place in self.places.items()]
        _choose(self.fields["sold_at"], [("", "Every location"), *names])
        if len(names) < 2:
            del self.fields["sold_at"], self.fields["where"]
        else:
            self.fields["location"].label = "Where it happened"
        providers = MerchantAccount.objects.filter(is_house=False).order_by("pk")
        holders = [(str(account.pk), str(account)) for account in providers]
        _choose(self.fields["holder"], [("", "All"), (HOUSE, "The house"), *holders])
        if not holders:
            del self.fields["holder"]

    @property
    def asked(self) -> Asked:
        """What makes sense of it; clients' credit by default."""
        holder, sold_at = self.chosen("holder"), self.chosen("sold_at")
        return Asked(
            self.value.start,
            self.value.end,
            kind=self.chosen("kind") or AccountKind.CLIENT_CREDIT.value,
            flow=self.chosen("flow") or "",
            source=self.chosen("source") or None,
            holder_id=int(holder) if holder and holder != HOUSE else None,
            is_houses=holder == HOUSE,
            sold_at_id=int(sold_at) if sold_at else None,
            location_id=self.place.pk if self.place else None,
            elsewhere=self.chosen("where") == AWAY,
        )


def _choose(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    assert isinstance(field, forms.ChoiceField)  # nosec B101 - as declared above
    field.choices = choices


@permission_required(permissions.VIEW_REPORTS)
@require_safe
def page(request: DeskRequest) -> HttpResponseBase:
    """`?before=` a page's last entry. Six queries at most, and one for each kind of name."""
    form: MovementsForm = form_for(request, MovementsForm)
    asked = form.asked
    before = request.GET.get("before", "")
    is_older = before.isascii() and before.isdigit() and len(before) < 19
    rows, older = movements.page_of(asked, int(before) if is_older else None)
    table = Table(
        _columns(asked, len(request.locations) > 1),
        _lines(rows),
        title="Entries, the last recorded first",
        empty="Nothing moved in this way on these days. Widen the days, or ask for everything.",
        note=_note(asked),
        older_url=address(request, before=str(older)) if older else "",
        newer_url=address(request) if is_older else "",
        file_lines=_file_lines(asked),
    )
    figures = [Figure(_what(asked), text=_total(asked), is_main=True)]
    return show(request, Page(KEY, form, [table], figures))


def _what(asked: Asked) -> str:
    kind = AccountKind(asked.kind).label
    return f"{kind}: {Flow(asked.flow).label.lower()}" if asked.flow else kind


def _total(asked: Asked) -> str:
    """In words, which need no sign: $369.00 less."""
    found = movements.total(asked)
    more, less = ("more", "less") if asked.kind in GUARDED else ("debit", "credit")
    amount = said.amount(money(abs(found)))
    return f"{amount} {more if found > 0 else less}" if found else amount


def _note(asked: Asked) -> str:
    if asked.kind not in GUARDED:
        return DEBIT
    return OWED if asked.kind == AccountKind.RECEIVABLE else STORED


def _columns(asked: Asked, has_places: bool) -> list[Column]:
    columns = [
        Column("day", "Day", Kind.DAY),
        Column("what", "What", is_title=True),
        Column("whose", "Whose"),
        Column("cause", "Belongs to"),
        Column("staff", "By", is_extra=True),
        Column("location", "Location", is_extra=True),
        Column("amount", "Amount", Kind.MONEY, is_amount=True),
    ]
    return [column for column in columns if has_places or column.key != "location"]


def _lines(rows: Sequence[Row]) -> list[Line]:
    causes = cause_names(row.cause for row in rows)
    whose = account_names.named({name for row in rows for name in row.accounts})
    return [
        Line(
            {
                "day": row.day,
                "what": EntryKind(row.kind).label,
                "whose": said.listed(dict.fromkeys(whose[name].name for name in row.accounts)),
                "cause": causes.get(row.cause, ""),
                "staff": row.staff,
                "location": row.location,
                "amount": money(row.amount),
            },
            url=entry_url(row.entry_id),
            links={
                "cause": cause_url(*row.cause),
                "whose": whose[row.accounts[0]].url if row.accounts else "",
            },
        )
        for row in rows
    ]


def _file_lines(asked: Asked) -> Iterator[Line]:
    for rows in movements.batches(asked):
        yield from _lines(rows)
