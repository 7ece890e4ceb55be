"""What a card refused to take back: asked again, or given to the client another way.

The books count it as given back to the card since it was refunded, so it left what stands at the
processor. Where it goes elsewhere instead, it comes from there.
"""

from django.db import transaction

from cards.models import CardRefund
from cards.refunding import retry_refund, settle_instead
from cards.sending import send_after_commit
from checkout.errors import Refused
from checkout.locking import lock, require, touch
from checkout.models import Order
from checkout.tender_kinds import BALANCE, CASH, into_balance
from checkout.tills.cash import drawer
from clients.models import Client
from ledger import accounts
from ledger.kinds import EntryKind
from ledger.legs import Leg, Move
from ledger.posting import Cause, post
from salon import errors, permissions
from salon.desk import Desk
from salon.money import minor
from salon.toggles import balances_enabled


def try_again(*, refund: CardRefund, tries: int, desk: Desk) -> CardRefund:
    """Ask the card anew, once this has committed.

    `tries` is what the page showed: sent twice, it asks once. Locks the sale. Raises Refused: it
    was settled another way, or the card took it after all.
    """
    try:
        return _try_again(refund, tries, desk)
    except errors.Refused as refused:
        raise Refused(refused.message, field=refused.field) from refused


@transaction.atomic
def _try_again(refund: CardRefund, tries: int, desk: Desk) -> CardRefund:
    _, row = _locked(refund, desk)
    if row.tries > tries and not row.instead_entry_id:
        return row
    row = retry_refund(row)
    send_after_commit(row)
    return row


def to_balance(*, refund: CardRefund, client: Client, desk: Desk) -> CardRefund:
    """Give it to a client's balance, settling first what they owe; it may go to a card later.

    Once: the same again answers with what was done. Locks the sale, then the client. Raises
    Refused.
    """
    if not balances_enabled(desk.location):
        raise Refused(
            "Client Account Balances are switched off at this location, so nothing can go to one."
        )
    return _instead(refund, BALANCE, client, desk)


def in_cash(*, refund: CardRefund, desk: Desk) -> CardRefund:
    """Give it in cash from the desk's till. Once, as to_balance. Shares the till."""
    if not desk.person.has_perm(permissions.REFUND_CARD_IN_CASH):
        raise Refused("Your role may not give cash back for a card payment. Ask an owner.")
    return _instead(refund, CASH, None, desk)


def _instead(refund: CardRefund, how: str, client: Client | None, desk: Desk) -> CardRefund:
    try:
        return _settled(refund, how, client, desk)
    except errors.Refused as refused:
        raise Refused(refused.message, field=refused.field) from refused


@transaction.atomic
def _settled(refund: CardRefund, how: str, client: Client | None, desk: Desk) -> CardRefund:
    order, row = _locked(refund, desk)
    if row.instead_entry_id:
        return _same(row, how)
    cents = minor(row.amount)
    leg: Leg = (
        into_balance(client, cents, card_ceiling=cents) if client else Move(drawer(desk), -cents)
    )
    posted = post(
        key=f"card-refund:{row.uuid}:instead",
        kind=EntryKind.REFUND,
        legs=[Move(accounts.PROCESSOR, cents), leg],
        desk=desk,
        note=f"{row.attempt.card_said or 'The card'} refused it",
        cause=Cause("order", str(order.uuid)),
    )
    row = settle_instead(row, how=how, entry_id=posted.entry_id)
    touch(order)
    return row


def _same(row: CardRefund, how: str) -> CardRefund:
    if row.instead != how:
        raise Refused(
            "This was settled another way a moment ago. Nothing was given back a second time."
        )
    return row


def _locked(refund: CardRefund, desk: Desk) -> tuple[Order, CardRefund]:
    """The sale, locked, and the refund as it is now: who changes it holds the sale, too."""
    require(desk, permissions.REFUND_SALES, "refund and void sales")
    order = lock(refund.attempt.order_charge.order)
    return order, CardRefund.objects.select_related("attempt").get(pk=refund.pk)
