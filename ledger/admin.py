"""The ledger for reading: nobody adds, changes or deletes here; the database would not let them.
And the owner's chart of accounts, for keeping."""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ledger.exporting.chart_form import AccountCodeForm
from ledger.models import Account, AccountCode, Entry, Lot, Posting
from salon import said
from salon.changing_settings import snapshot
from salon.money import money
from salon.recording import ReadOnly, Recorded

COUNTED = 10_000


class CappedPaginator(Paginator):
    """Counts ten thousand rows at most: the newest are what anybody pages through."""

    @cached_property
    def count(self) -> int:
        newest: QuerySet[Any] = self.object_list[:COUNTED]  # type: ignore[assignment]
        return newest.count()


class LedgerAdmin(ReadOnly):
    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50


@admin.register(Entry)
class EntryAdmin(LedgerAdmin):
    list_display = ["id", "kind", "business_date", "location", "staff", "reason", "note"]
    list_filter = ["kind", "location"]
    list_select_related = ["location", "staff"]
    search_fields = ["=key", "=cause_id"]
    search_help_text = "The key of an entry, or the id of what caused it."
    fields = [
        "kind",
        "legs",
        "business_date",
        "occurred_at",
        "recorded_at",
        "location",
        "staff",
        "reason",
        "note",
        "reverses",
        "cause_kind",
        "cause_id",
        "key",
    ]
    readonly_fields = ["legs"]

    @admin.display(description="Postings")
    def legs(self, entry: Entry) -> SafeString:
        """Debit and credit by line; both columns add up to the same."""
        postings = entry.postings.select_related("account", "lot").order_by("line")
        rows = format_html_join(
            "",
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            (
                (
                    posting.account,
                    *_sides(posting),
                    posting.lot_id or "",
                )
                for posting in postings
            ),
        )
        return format_html(
            "<table><thead><tr><th>Account</th><th>Debit</th><th>Credit</th><th>Lot</th></tr></thead>"
            "<tbody>{}</tbody></table>",
            rows,
        )


@admin.register(Account)
class AccountAdmin(LedgerAdmin):
    list_display = ["name", "kind", "client", "balance_said", "version"]
    list_filter = ["kind"]
    list_select_related = ["client"]
    search_fields = ["=name"]
    fields = ["name", "kind", "currency", "client", "balance_said", "version"]
    readonly_fields = ["balance_said"]
    ordering = ["id"]

    @admin.display(description="Balance")
    def balance_said(self, account: Account) -> str:
        """House accounts keep none; the trial balance adds up their postings."""
        if account.balance is None:
            return "not kept"
        side = "credit" if account.balance < 0 else "debit"
        amount = said.amount(money(abs(account.balance), account.currency))
        return f"{amount} {side}" if account.balance else amount


@admin.register(Lot)
class LotAdmin(LedgerAdmin):
    list_display = ["id", "account", "source", "left", "of", "since", "expires_on", "restriction"]
    list_filter = ["is_open", "source", "restriction"]
    list_select_related = ["account"]
    search_fields = ["=id"]
    ordering = ["-id"]
    exclude = ["amount", "remaining", "card_ceiling"]
    readonly_fields = ["left", "of", "to_the_card"]

    @admin.display(description="Left")
    def left(self, lot: Lot) -> str:
        return said.amount(money(lot.remaining))

    @admin.display(description="Of")
    def of(self, lot: Lot) -> str:
        return said.amount(money(lot.amount))

    @admin.display(description="May go back to the card")
    def to_the_card(self, lot: Lot) -> str:
        return said.amount(money(lot.card_ceiling))

    def get_queryset(self, request: Any) -> QuerySet[Lot]:
        return super().get_queryset(request).select_related("opened_by", "parent")


@admin.register(AccountCode)
class AccountCodeAdmin(Recorded):
    """Nothing points at a code: it can be taken away, and leaves a record of that."""

    form = AccountCodeForm
    list_display = ["code", "title", "kind", "name"]
    list_filter = ["kind"]
    search_fields = ["=code", "title"]
    # One by one: taking away many at a time would leave no record.
    actions = None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: AccountCode) -> None:
        self._record(request, obj, snapshot(obj), dict.fromkeys(snapshot(obj), ""))
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[AccountCode]) -> None:
        for row in queryset:
            self._record(request, row, snapshot(row), dict.fromkeys(snapshot(row), ""))
        super().delete_queryset(request, queryset)


def _sides(posting: Posting) -> tuple[str, str]:
    amount = said.amount(money(abs(posting.amount), posting.account.currency))
    return (amount, "") if posting.amount > 0 else ("", amount)
