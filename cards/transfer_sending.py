"""Sending transfers, and what takes them back. Never inside a transaction."""

import datetime as dt
import logging

from django.db import transaction

from cards import gateways
from cards.errors import NotConnected
from cards.gateway import Gateway, Rejected, Unclear
from cards.models import Transfer
from cards.transferring import hold_account, mark_done
from ledger import accounts
from salon import clock
from salon.desk import Desk

log = logging.getLogger(__name__)

GIVEN_UP = dt.timedelta(hours=1)
"""As for refunds: by then a call that broke down is over, and its key may be answered with the
error for ever. Where the processor has no such transfer, it is asked anew under another key."""
_Status = Transfer.Status


def send_transfer(transfer: Transfer) -> Transfer:
    """Have the processor do it. The transfer as it stands then; waiting where nobody answers."""
    try:
        return settle_transfer(transfer)
    except (Unclear, Rejected) as error:
        log.warning("transfer %s: %s: %s", transfer.uuid, type(error).__name__, error)
        return _read(transfer)


def settle_transfer(transfer: Transfer) -> Transfer:
    """As `send_transfer`, but an answer that does not come is raised: Unclear, Rejected."""
    gateway = gateways.current()
    if gateway is None:
        raise NotConnected("Nothing was transferred.")
    # First: a key that was not used yet does not grow old.
    sent = settle_transfer(transfer.takes_back) if transfer.takes_back else None
    row, is_first = _noted(transfer)
    if row.status != _Status.WAITING:
        return row
    if sent and sent.status == _Status.REFUSED:
        return _refused(row, "The transfer was never made: there is nothing to take back.")
    found = "" if is_first else _find(gateway, row, sent)
    if found:
        return _done(row, found)
    return _send(gateway, row if is_first else _renewed(row), sent)


def _find(gateway: Gateway, row: Transfer, sent: Transfer | None) -> str:
    """What an earlier call did, whose answer was lost."""
    if sent:
        return gateway.find_taking_back(sent.gateway_id, str(row.uuid))
    since = row.asked_at - dt.timedelta(hours=1)
    return gateway.find_transfer(str(row.uuid), account=row.account.processor_account, since=since)


def _noted(transfer: Transfer) -> tuple[Transfer, bool]:
    """The row as it is, and whether its key is used for the first time; noted before it is."""
    # Durable: refuses to run inside another transaction, where no call may be made.
    with transaction.atomic(durable=True):
        row = Transfer.objects.select_for_update(of=("self",)).get(pk=transfer.pk)
        is_first = row.sent_at is None
        if is_first and row.status == _Status.WAITING:
            row.sent_at = clock.now()
            row.save(update_fields=["sent_at"])
    return _read(transfer), is_first


def _send(gateway: Gateway, row: Transfer, sent: Transfer | None) -> Transfer:
    """`sent`: the transfer that this takes back, where it is not one itself."""
    named = {"reference": str(row.uuid), "key": row.key}
    try:
        if sent:
            made = gateway.take_back_transfer(sent.gateway_id, amount=row.amount, **named)
        else:
            made = gateway.transfer(
                amount=row.amount,
                account=row.account.processor_account,
                payment_id=row.attempt.payment_id if row.attempt else "",
                **named,
            )
    except Rejected as rejected:
        return _refused(row, str(rejected))
    return _done(row, made)


@transaction.atomic
def _renewed(transfer: Transfer) -> Transfer:
    """Under another key, where the last was used long ago and the processor has no transfer."""
    row, now = _locked(transfer), clock.now()
    if row.status == _Status.WAITING and now - (row.sent_at or now) > GIVEN_UP:
        row.tries, row.sent_at = row.tries + 1, now
        row.save(update_fields=["tries", "sent_at"])
    return row


@transaction.atomic
def _done(transfer: Transfer, gateway_id: str) -> Transfer:
    hold_account(transfer.account)
    row = _locked(transfer)
    if row.status == _Status.DONE:
        return row
    desk = Desk(staff=row.asked_by, location=row.location)
    return mark_done(row, credit=accounts.PROCESSOR, desk=desk, gateway_id=gateway_id)


@transaction.atomic
def _refused(transfer: Transfer, why: str) -> Transfer:
    row = _locked(transfer)
    if row.status == _Status.WAITING and row.tries == transfer.tries:
        row.status, row.failure, row.ended_at = _Status.REFUSED, why[:300], clock.now()
        row.save(update_fields=["status", "failure", "ended_at"])
    return row


def _locked(transfer: Transfer) -> Transfer:
    return (
        Transfer.objects.select_for_update(of=("self",))
        .select_related("account", "attempt", "takes_back", "location", "asked_by")
        .get(pk=transfer.pk)
    )


def _read(transfer: Transfer) -> Transfer:
    return Transfer.objects.select_related("account", "attempt", "takes_back").get(pk=transfer.pk)
