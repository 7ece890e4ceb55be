"""Telling the second till what the first one did a moment ago."""

import datetime as dt
from typing import NamedTuple

from django.db.models import Sum
from djmoney.money import Money

from checkout.models import Order
from clients.models import Client
from ledger.kinds import AccountKind, EntryKind
from ledger.models import Posting
from salon.money import money

MOMENT = dt.timedelta(minutes=15)


class Use(NamedTuple):
    """A payment out of stored value, and the number of its sale."""

    amount: Money
    sale: int


def just_used(client: Client, besides: Order) -> str:
    """ "$40.00 of this balance was just used on sale #1042." or nothing. Three queries."""
    use = last_use(besides, account__client=client, account__kind=AccountKind.CLIENT_CREDIT)
    return f"{use.amount} of this balance was just used on sale #{use.sale}." if use else ""


def last_use(besides: Order, **whose: object) -> Use | None:
    """The last payment out of an account on another sale, if that was a moment ago.

    `whose` filters postings by their account. Three queries, one where there is none.
    """
    drawn = Posting.objects.filter(
        **whose, amount__gt=0, lot__isnull=False, entry__kind=EntryKind.TENDER
    )
    last = (
        drawn.filter(entry__cause_kind="order")
        .exclude(entry__cause_id=str(besides.uuid))
        .order_by("-version")
        .values("entry_id", "entry__cause_id", "entry__occurred_at")
        .first()
    )
    if not last or last["entry__occurred_at"] < besides.opened_at - MOMENT:
        return None
    order = Order.objects.filter(uuid=last["entry__cause_id"]).first()
    total = drawn.filter(entry=last["entry_id"]).aggregate(total=Sum("amount"))["total"]
    return Use(money(total), order.number) if order else None
