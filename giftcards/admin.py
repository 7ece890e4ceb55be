"""Gift cards for reading: what is on them, how they stand, who stopped them. Codes are masked."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from djmoney.money import Money

from giftcards.desk_parts import matching
from giftcards.listing import ACTIVE, ALL, BLOCKED, FILTERS, SPENT
from giftcards.models import Block, GiftCard, Mailing
from giftcards.standing import may_see_code, status_of
from ledger.admin import LedgerAdmin
from salon import clock, said
from salon.desk import Desk
from salon.money import money

VIEW = "ledger.view_account"
"""A card is an account in the ledger: who reads those here reads cards, too."""


class StandingFilter(admin.SimpleListFilter):
    """As the tabs of the desk's own list."""

    title = "how it stands"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(ACTIVE, "Active"), (SPENT, "Used up"), (BLOCKED, "Blocked")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.value() or ALL
        return queryset.filter(**FILTERS.get(asked, {}))


class _Looked(admin.TabularInline):
    """Rows of a card, for reading."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(VIEW))


class BlockInline(_Looked):
    model = Block
    fields = ["at", "by", "reason", "lifted_at", "lifted_by", "lifted_reason"]


class MailingInline(_Looked):
    model = Mailing
    verbose_name_plural = "E-mails"
    fields = ["to", "asked_at", "asked_by", "due_at", "sent_at", "dropped"]


@admin.register(GiftCard)
class GiftCardAdmin(LedgerAdmin):
    """Blocked, sent and refunded at the desk, under Sales > Gift cards."""

    list_display = ["ending", "stands", "on_it", "sold_for", "blocked_by", "to_name", "issued_at"]
    list_filter = [StandingFilter, "is_physical"]
    search_fields = ["to_name"]  # What is found by it: get_search_results.
    search_help_text = "The last four characters of the code, a name or an e-mail address."
    readonly_fields = ["ending", "whole_code", "stands", "on_it", "sold_for"]
    inlines = [BlockInline, MailingInline]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(VIEW))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[GiftCard]:
        desk = _desk_of(request)
        today: dt.date = desk.business_date if desk else clock.now().date()
        return GiftCard.objects.issued().standing(today).prefetch_related("blocks__by")

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[GiftCard], bool]:
        """Never by more of a code than is shown: else it is tried out letter by letter."""
        return (matching(search_term, queryset) if search_term else queryset), False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Nor by an address that was made up: `?code__startswith=7K`."""
        if lookup.startswith("code"):
            return False
        return super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    def get_fields(self, request: HttpRequest, obj: GiftCard | None = None) -> list[Any]:
        """The whole code for whom the desk's page of the card shows it to."""
        desk = _desk_of(request)
        shows_code = bool(obj and desk and may_see_code(obj, desk))
        code = "whole_code" if shows_code else "ending"
        about = ["from_name", "to_name", "to_email", "message", "send_on", "is_physical"]
        return [code, "stands", "on_it", "sold_for", *about, "issued_at"]

    @admin.display(description="Code")
    def ending(self, card: GiftCard) -> str:
        return card.masked

    @admin.display(description="Code")
    def whole_code(self, card: GiftCard) -> str:
        return card.shown_code

    @admin.display(description="How it stands")
    def stands(self, card: GiftCard) -> str:
        return status_of(card).label

    @admin.display(description="Left")
    def on_it(self, card: GiftCard) -> str:
        return said.amount(money(card.spendable))  # type: ignore[attr-defined]

    @admin.display(description="Sold for")
    def sold_for(self, card: GiftCard) -> str:
        sold: Money | None = card.line.amount if card.line else None
        return said.amount(sold) if sold is not None else "brought over"

    @admin.display(description="Blocked by")
    def blocked_by(self, card: GiftCard) -> str:
        """Of the block that stands."""
        return next((str(block.by) for block in card.blocks.all() if not block.lifted_at), "")


def _desk_of(request: HttpRequest) -> Desk | None:
    return getattr(request, "desk", None)
