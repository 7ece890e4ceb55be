"""A client who has a balance or owes something is not archived: it would be out of sight."""

from collections.abc import Iterable

from django.urls import reverse

from clients.merge_parts import Obstacle
from clients.models import Client
from ledger.balances import balance_of
from salon import said
from salon.desk import Desk


def why_not_archive(client: Client, desk: Desk) -> Iterable[Obstacle]:
    """The balance, what is held of it, and the debt, each with its figure. One query."""
    balance = balance_of(client, desk.business_date)
    page = reverse("ledger:payment_methods", args=[client.pk])
    free = balance.stored - balance.held
    if free:
        yield Obstacle(
            f"{said.amount(free)} of account credit is left. "
            "Spend it, refund it or take it away first.",
            url=page,
            link="Payment Methods",
        )
    if balance.held:
        yield Obstacle(
            f"{said.amount(balance.held)} is held for visits. Use it or give it back first.",
            url=page,
            link="Payment Methods",
        )
    if balance.owes:
        yield Obstacle(
            f"{client.name} owes {said.amount(balance.owes)}. Settle that first.",
            url=page,
            link="Payment Methods",
        )
