"""Adjusting a client's balance by hand: a signed amount with a reason, never a new total.

A gift may have terms: a last day, and what it may be spent on.
"""

import datetime as dt
import uuid

from django.db import transaction
from djmoney.money import Money

from clients.models import Client
from clients.standing import hold, why_not_served
from ledger import accounts
from ledger.errors import LedgerError
from ledger.kinds import AdjustReason, EntryKind, Restriction, Source
from ledger.legs import Draw, Leg, Move, Open, Terms
from ledger.posting import Cause, Posted, post
from salon import permissions
from salon.desk import Desk
from salon.money import minor, money
from salon.toggles import balances_enabled


class AdjustmentRefused(LedgerError):
    """This person, place or client may not have this adjustment; nothing changed.

    `field` names the input that it is about, if any.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def adjust_balance(
    *,
    client: Client,
    amount: Money,
    reason: str,
    note: str,
    desk: Desk,
    key: uuid.UUID,
    expires_on: dt.date | None = None,
    restriction: str = Restriction.ANY,
) -> Posted:
    """Add a gift (amount > 0) at the salon's expense, or take credit away (amount < 0).

    `key` comes with the form: the same form sent twice adjusts once. A gift can be spent until
    `expires_on`, that day included, on what `restriction` says. It settles what the client owes
    first, unless it is restricted. Raises AdjustmentRefused (permission, limit, toggle, archived
    client, zero, terms that make no sense) and NotEnoughCredit when more would be taken than is
    available.
    """
    _check(client, amount, reason, desk)
    _check_terms(amount, expires_on, restriction, desk)
    _refuse_gone(client)
    return post(
        key=f"adjustment:{key}",
        kind=EntryKind.ADJUSTMENT,
        legs=_legs(client, minor(amount), expires_on, restriction),
        desk=desk,
        reason=reason,
        note=note,
        cause=Cause("client", str(client.pk)),
    )


def _legs(client: Client, cents: int, expires_on: dt.date | None, restriction: str) -> list[Leg]:
    account = accounts.credit_of(client)
    if cents < 0:
        return [Draw(account, -cents), Move(accounts.GOODWILL, cents)]
    terms = Terms(
        source=Source.GOODWILL,
        is_paid=False,
        expires_on=expires_on,
        restriction=None if restriction == Restriction.ANY else restriction,
    )
    is_free = restriction == Restriction.ANY
    gift = Open(account, cents, terms, settles=accounts.owed_by(client) if is_free else None)
    return [gift, Move(accounts.GOODWILL, cents)]


def _check_terms(amount: Money, expires_on: dt.date | None, restriction: str, desk: Desk) -> None:
    if restriction not in Restriction.values:
        raise AdjustmentRefused("Choose what the gift may pay for.", "restriction")
    if amount.amount < 0 and restriction != Restriction.ANY:
        raise AdjustmentRefused(
            "What is taken away is not for anything. Choose Anything here, or Add above.",
            "restriction",
        )
    if expires_on is None:
        return
    if amount.amount < 0:
        raise AdjustmentRefused(
            "What is taken away has no last day. Leave it empty, or choose Add above.",
            "expires_on",
        )
    if expires_on < desk.business_date:
        raise AdjustmentRefused(
            "That day is over. Choose today or a later day as the last one.", "expires_on"
        )


def _check(client: Client, amount: Money, reason: str, desk: Desk) -> None:
    if not desk.person.has_perm(permissions.ADJUST_BALANCES):
        raise AdjustmentRefused("Your role may not adjust client account balances.")
    if not balances_enabled(desk.location):
        raise AdjustmentRefused("Client Account Balances are switched off at this location.")
    if refusal := why_not_served(client):
        raise AdjustmentRefused(refusal)
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


def _refuse_gone(client: Client) -> None:
    """A merge or an archiving under way is waited for; who is gone since gets nothing any more."""
    hold(client)
    client.refresh_from_db(fields=["archived_at", "merged_into"])
    if refusal := why_not_served(client):
        raise AdjustmentRefused(f"{refusal} Nothing was changed.")
