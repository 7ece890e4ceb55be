"""Telling the second till what the first one did a moment ago."""

import datetime as dt

from django.db.models import Sum

from checkout.models import Order
from clients.models import Client
from ledger.kinds import AccountKind
from ledger.models import Posting
from salon.money import money

MOMENT = dt.timedelta(minutes=15)


def just_used(client: Client, besides: Order) -> str:
    """ "$40.00 of this balance was just used on sale #1042." or nothing. Two queries."""
    use = (
        Posting.objects.filter(
            account__client=client,
            account__kind=AccountKind.CLIENT_CREDIT,
            amount__gt=0,
            entry__cause_kind="order",
        )
        .exclude(entry__cause_id=str(besides.uuid))
        .order_by("-version")
        .values("entry_id", "entry__cause_id", "entry__recorded_at")
        .first()
    )
    if not use or use["entry__recorded_at"] < besides.opened_at - MOMENT:
        return ""
    total = Posting.objects.filter(entry=use["entry_id"], lot__isnull=False).aggregate(
        total=Sum("amount")
    )["total"]
    order = Order.objects.filter(uuid=use["entry__cause_id"]).first()
    return f"{money(total)} of this balance was just used on sale #{order.number}." if order else ""
