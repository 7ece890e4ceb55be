"""Adjusting a client's balance by hand: a signed amount with a reason, never a new total."""

import uuid

from django.db import transaction
from djmoney.money import Money

from clients.models import Client
from ledger import accounts
from ledger.errors import LedgerError
from ledger.kinds import AdjustReason, EntryKind, Source
from ledger.legs import Draw, Leg, Move, Open, Terms
from ledger.posting import Cause, Posted, post
from salon import permissions
from salon.desk import Desk
from salon.money import minor, money
from salon.toggles import balances_enabled


class AdjustmentRefused(LedgerError):
    """This person, place or client may not have this adjustment; nothing changed."""


@transaction.atomic
def adjust_balance(
    *, client: Client, amount: Money, reason: str, note: str, desk: Desk, key: uuid.UUID
) -> Posted:
    """Add a gift (amount > 0) at the salon's expense, or take credit away (amount < 0).

    `key` comes with the form: the same form sent twice adjusts once. Money in settles what the
    client owes first. Raises AdjustmentRefused (permission, limit, toggle, archived client, zero)
    and NotEnoughCredit when more would be taken than is available.
    """
    _check(client, amount, reason, desk)
    return post(
        key=f"adjustment:{key}",
        kind=EntryKind.ADJUSTMENT,
        legs=_legs(client, minor(amount)),
        desk=desk,
        reason=reason,
        note=note,
        cause=Cause("client", str(client.pk)),
    )


def _legs(client: Client, cents: int) -> list[Leg]:
    account = accounts.credit_of(client)
    if cents < 0:
        return [Draw(account, -cents), Move(accounts.GOODWILL, cents)]
    gift = Open(
        account,
        cents,
        Terms(source=Source.GOODWILL, is_paid=False),
        settles=accounts.owed_by(client),
    )
    return [gift, Move(accounts.GOODWILL, cents)]


def _check(client: Client, amount: Money, reason: str, desk: Desk) -> None:
    if not desk.person.has_perm(permissions.ADJUST_BALANCES):
        raise AdjustmentRefused("Your role may not adjust client account balances.")
    if not balances_enabled(desk.location):
        raise AdjustmentRefused("Client Account Balances are switched off at this location.")
    if client.is_archived:
        raise AdjustmentRefused(f"{client.name} is archived. Restore the client first.")
    if reason not in AdjustReason.values:
        raise AdjustmentRefused("Choose a reason.")
    if not amount:
        raise AdjustmentRefused("Enter an amount other than zero.")
    role = desk.person.role
    limit = role.adjustment_limit if role else money(0)
    if limit is not None and abs(amount) > limit:
        raise AdjustmentRefused(
            f"Your role may adjust by at most {limit} at a time. Ask a manager or an owner."
        )
