"""What a client owes from before, settled with the sale: one press adds a line of that amount."""

import uuid as uuids
from collections.abc import Iterable

from django.db import transaction
from djmoney.money import Money

from checkout.credit_lines import AccountCreditsLine
from checkout.errors import Refused, StaleOrder
from checkout.lines import add_account_credits
from checkout.locking import lock
from checkout.models import LineItem, Order, Tender
from clients.models import Client
from ledger.balances import balance_of
from salon.desk import Desk
from salon.money import money


def settled_on(lines: Iterable[LineItem], client: Client) -> Money:
    """What these lines settle of a client's debt when their order closes, if there is as much."""
    return sum((line.amount for line in lines if _settles(line, client)), money(0))


def owed_before(owes: Money, tenders: Iterable[Tender]) -> Money:
    """What of that the client owes from before: without what these payments let them."""
    here = sum((tender.owed_standing for tender in tenders), money(0))
    return max(owes - here, money(0))


@transaction.atomic
def add_settlement(
    *, order: Order, amount: Money, desk: Desk, uuid: uuids.UUID, revision: int | None = None
) -> LineItem:
    """An Account Credits line over what the order's client owes: closing it settles that first.

    The same form again (`uuid`) answers with the line that it made. Raises Refused for a walk-in,
    StaleOrder where less is owed by now.
    """
    locked = lock(order)
    if locked.client is None:
        raise Refused("Choose the client who owes. Nothing was added.", field="client")
    if not LineItem.objects.filter(uuid=uuid).exists():
        _check(locked, locked.client, amount, desk)
    return add_account_credits(
        order=locked,
        beneficiary=locked.client,
        amount=amount,
        desk=desk,
        uuid=uuid,
        revision=revision,
    )


def _check(order: Order, client: Client, amount: Money, desk: Desk) -> None:
    owes = balance_of(client, desk.business_date).owes
    left = owed_before(owes, order.tenders.all()) - settled_on(order.lines.all(), client)
    if amount > left:
        raise StaleOrder(
            f"{client} paid off what they owed meanwhile. Nothing was added."
            if left.amount <= 0
            else f"{client} owes {left} by now. Nothing was added: press Settle again."
        )


def _settles(line: LineItem, client: Client) -> bool:
    return line.kind == AccountCreditsLine.code and line.beneficiary_id == client.pk
