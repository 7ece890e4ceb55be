"""What the app adds to the frame: Sales lights up on its pages, the search finds its cards."""

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse

from giftcards import codes
from giftcards.models import GiftCard, GiftCardQuerySet
from giftcards.standing import ACTIVE, status_of
from ledger import account_names
from salon import permissions, rail, said, search
from salon.desk import Desk
from salon.money import money


def add_to_the_desk() -> None:
    """Called once, when the program starts."""
    rail.cover("sales", "giftcards")
    search.add("Gift cards", find_gift_cards, position=25)
    account_names.add("card", named)


def matching(text: str, cards: GiftCardQuerySet) -> GiftCardQuerySet:
    """By the last four characters of the code, by name or by address; never by more of a code."""
    words = " ".join(text.replace("\x00", "").split())[:100]
    named = (
        Q(to_name__icontains=words) | Q(from_name__icontains=words) | Q(to_email__icontains=words)
    )
    ending = codes.normalized(words)
    return cards.filter(named | Q(code__endswith=ending) if len(ending) == 4 else named)


def find_gift_cards(query: str, desk: Desk, limit: int) -> Sequence[search.Hit]:
    """Cards for the search over everything. One query; none for who may not sell."""
    if desk.staff is None or not desk.staff.has_perm(permissions.MODIFY_SALES) or len(query) < 3:
        return []
    cards = matching(query, GiftCard.objects.issued()).standing(desk.business_date)[:limit]
    return [
        search.Hit(
            url=reverse("giftcards:card", args=[card.uuid]),
            name=f"Gift card {card.masked}",
            note=" · ".join(filter(None, [card.to_name or card.from_name, _unless_active(card)])),
            end=said.amount(money(card.spendable)),
        )
        for card in cards
    ]


def named(ids: Sequence[int]) -> dict[int, account_names.Named]:
    """Cards as the ledger's reports call them, with their pages. One query."""
    return {
        card.pk: account_names.Named(card.masked, reverse("giftcards:card", args=[card.uuid]))
        for card in GiftCard.objects.filter(pk__in=ids)
    }


def _unless_active(card: GiftCard) -> str:
    status = status_of(card)
    return "" if status == ACTIVE else status.label
