"""The list of gift cards: by status, searched, in pages by key."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum
from djmoney.money import Money

from giftcards.desk_parts import matching
from giftcards.models import GiftCard, GiftCardQuerySet
from giftcards.standing import Status, status_of
from ledger.kinds import AccountKind
from ledger.models import Account
from salon.money import money

PAGE = 40
ACTIVE, SPENT, BLOCKED, ALL = "active", "spent", "blocked", "all"
FILTERS: dict[str, dict[str, Any]] = {
    ACTIVE: {"spendable__gt": 0, "is_blocked": False},
    SPENT: {"spendable": 0, "is_blocked": False},
    BLOCKED: {"is_blocked": True},
    ALL: {},
}


@dataclass(frozen=True)
class Row:
    card: GiftCard
    left: Money
    sold_for: Money | None
    status: Status


@dataclass(frozen=True)
class Page:
    """Newest first; `newer` and `older` are keys, 0 at the ends."""

    rows: list[Row]
    newer: int = 0
    older: int = 0


def page_of(
    today: dt.date, *, text: str = "", status: str = ALL, before: int = 0, after: int = 0
) -> Page:
    """PAGE cards older than `before`, or newer than `after`. One query."""
    cards: GiftCardQuerySet = GiftCard.objects.issued()
    if text:
        cards = matching(text, cards)
    cards = cards.standing(today).filter(**FILTERS.get(status, {}))
    if after:
        found = list(cards.filter(pk__gt=after).order_by("pk")[: PAGE + 1])
        more, found = len(found) > PAGE, found[:PAGE][::-1]
        has_newer, has_older = more, True
    else:
        found = list((cards.filter(pk__lt=before) if before else cards).order_by("-pk")[: PAGE + 1])
        has_newer, has_older = bool(before), len(found) > PAGE
        found = found[:PAGE]
    rows = [row_of(card) for card in found]
    if not rows:
        return Page([])
    return Page(rows, found[0].pk if has_newer else 0, found[-1].pk if has_older else 0)


def row_of(card: GiftCard) -> Row:
    """Of a card from standing(). No queries."""
    left = money(card.spendable)  # type: ignore[attr-defined]
    return Row(card, left, card.line.amount if card.line else None, status_of(card))


def outstanding() -> tuple[Money, int]:
    """What the salon owes whoever has a card, and on how many cards it stands. One query."""
    found = Account.objects.filter(kind=AccountKind.GIFT_CARD).aggregate(
        total=Sum("balance"), cards=Count("pk", filter=Q(balance__lt=0))
    )
    return money(-(found["total"] or 0)), found["cards"]
