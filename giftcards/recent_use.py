"""Telling the second till what the first one did with a card a moment ago."""

import datetime as dt

from checkout.models import Order
from giftcards.models import GiftCard
from ledger.models import Posting
from salon.money import money

MOMENT = dt.timedelta(minutes=15)


def just_used(card: GiftCard, besides: Order) -> str:
    """ "$60.00 of it was just used on sale #1042." or nothing. Two queries."""
    use = (
        Posting.objects.filter(account=card.account_id, amount__gt=0, entry__cause_kind="order")
        .exclude(entry__cause_id=str(besides.uuid))
        .order_by("-version")
        .values("amount", "entry__cause_id", "entry__recorded_at")
        .first()
    )
    if not use or use["entry__recorded_at"] < besides.opened_at - MOMENT:
        return ""
    order = Order.objects.filter(uuid=use["entry__cause_id"]).first()
    return f"{money(use['amount'])} of it was just used on sale #{order.number}." if order else ""
