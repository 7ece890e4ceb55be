"""What this app adds to the frame: what clients have, beside their names."""

from collections.abc import Sequence

from clients import figures
from clients.figures import Figure
from clients.models import Client
from ledger.balances import Balance, balances_of
from salon import permissions, rail, said
from salon.desk import Desk
from salon.toggles import balances_enabled


def add_to_the_desk() -> None:
    """Called once, when the program starts."""
    rail.cover("clients", "ledger")
    figures.add(available_of)


def available_of(clients: Sequence[Client], desk: Desk) -> dict[int, list[Figure]]:
    """Available, Held and Owes, where there are any. Two queries at most, none for who may not see.

    Nothing where client account balances are switched off.
    """
    if desk.staff is None or not desk.staff.has_perm(permissions.VIEW_BALANCES):
        return {}
    if not balances_enabled(desk.location):
        return {}
    balances = balances_of(clients, desk.business_date)
    return {client_id: _figures(balance) for client_id, balance in balances.items()}


def _figures(balance: Balance) -> list[Figure]:
    kinds = {"credit": balance.available, "held": balance.held, "owes": balance.owes}
    return [Figure(said.amount(amount), kind) for kind, amount in kinds.items() if amount]
