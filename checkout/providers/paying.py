"""Paying a provider what the house owes them: by hand, or by a transfer to their own account."""

import uuid as uuids
from collections.abc import Callable
from typing import Any

from django.db import transaction
from djmoney.money import Money

from cards.models import Transfer
from cards.sending import send_after_commit
from cards.transferring import (
    begin_taking_back,
    begin_transfer,
    hold_account,
    left_of,
    pay_by_hand,
    payable_to,
)
from checkout.errors import Refused
from checkout.locking import require
from checkout.tills.cash import drawer_holding
from ledger import accounts
from salon import errors, permissions, said
from salon.desk import Desk
from salon.models import MerchantAccount
from salon.money import minor, money

BANK, CASH, OTHER = "bank", "cash", "other"
PAYABLE = "payable"
"""The purpose of a transfer that somebody asked for here; a sale's share has another."""


def mark_paid(
    *,
    account: MerchantAccount,
    amount: Money,
    how: str,
    desk: Desk,
    uuid: uuids.UUID,
    note: str = "",
) -> Transfer:
    """Write that the house paid a provider itself: BANK, CASH out of the desk's till, or OTHER.

    `amount` is above zero and at most what is payable now. The same `uuid` again answers with the
    payment that it made. Locks the account, then the till. Raises Refused; nothing is paid then.
    """
    return _told(lambda: _mark_paid(account, amount, how, desk, uuid, note.strip()))


def transfer_now(
    *, account: MerchantAccount, amount: Money, desk: Desk, uuid: uuids.UUID, note: str = ""
) -> Transfer:
    """Hand so much of what is payable on to their own account at the processor, after commit.

    Like mark_paid else.
    """
    return _told(lambda: _transfer(account, amount, desk, uuid, note.strip()))


def ask_again(*, transfer: Transfer, desk: Desk) -> Transfer:
    """Ask anew for a transfer, or for taking one back, that the processor refused; after commit.

    No more than is payable, or left to take back, by now. Once: the same again answers with what it
    wrote. Raises Refused.
    """
    return _told(lambda: _ask_again(transfer, desk))


def asked_again(transfer: Transfer) -> uuids.UUID:
    """The name of what `ask_again` writes for it."""
    return uuids.uuid5(transfer.uuid, "again")


def _told(act: Callable[[], Transfer]) -> Transfer:
    """In checkout's words."""
    try:
        return act()
    except errors.Refused as refused:
        raise Refused(refused.message, field=refused.field) from refused


@transaction.atomic
def _mark_paid(
    account: MerchantAccount, amount: Money, how: str, desk: Desk, uuid: uuids.UUID, note: str
) -> Transfer:
    if twin := _begun(account, amount, desk, uuid):
        return twin
    if how == OTHER and not note:
        raise Refused("Say how it was paid. Nothing was written down.", field="note")
    return pay_by_hand(
        account=account,
        amount=amount,
        how=how,
        credit=_left(how, amount, desk),
        desk=desk,
        uuid=uuid,
        note=note,
    )


@transaction.atomic
def _transfer(
    account: MerchantAccount, amount: Money, desk: Desk, uuid: uuids.UUID, note: str
) -> Transfer:
    if twin := _begun(account, amount, desk, uuid):
        return twin
    _check_payable(account, amount)
    transfer = begin_transfer(
        account=account,
        amount=amount,
        purpose=PAYABLE,
        reference="",
        desk=desk,
        uuid=uuid,
        note=note,
    )
    send_after_commit(transfer)
    return transfer


@transaction.atomic
def _ask_again(transfer: Transfer, desk: Desk) -> Transfer:
    _require(desk)
    account = hold_account(transfer.account)
    uuid = asked_again(transfer)
    if twin := Transfer.objects.filter(uuid=uuid).first():
        return twin
    if Transfer.objects.get(pk=transfer.pk).status != Transfer.Status.REFUSED:
        raise Refused("The processor did not refuse this. Nothing was asked.")
    common: dict[str, Any] = {
        "purpose": transfer.purpose,
        "reference": transfer.reference,
        "desk": desk,
        "uuid": uuid,
        "note": transfer.note,
    }
    if transfer.takes_back:
        amount = min(transfer.amount, left_of(transfer.takes_back))
        _check_some(amount, "Nothing of that transfer is left to take back.")
        row = begin_taking_back(transfer=transfer.takes_back, amount=amount, **common)
    else:
        amount = min(transfer.amount, payable_to(account))
        _check_some(amount, f"{account} is owed nothing now. Nothing was transferred.")
        row = begin_transfer(account=account, amount=amount, attempt=transfer.attempt, **common)
    send_after_commit(row)
    return row


def _begun(
    account: MerchantAccount, amount: Money, desk: Desk, uuid: uuids.UUID
) -> Transfer | None:
    """Under the account's lock: what this form has paid already. Raises Refused."""
    _require(desk)
    if minor(amount) <= 0:
        raise Refused("Enter an amount above zero.", field="amount")
    hold_account(account)
    twin = Transfer.objects.filter(uuid=uuid).first()
    if twin and (twin.account_id, twin.amount) != (account.pk, amount):
        raise Refused(
            "This form was already used for another payment. Nothing more was paid. "
            "Load the page again."
        )
    return twin


def _left(how: str, amount: Money, desk: Desk) -> str:
    """The ledger account that the money left."""
    if how == CASH:
        return drawer_holding(amount, desk)
    if how == BANK:
        return accounts.BANK
    if how == OTHER:
        return accounts.other_tender("providers")
    raise Refused("Choose how it was paid.", field="how")


def _check_payable(account: MerchantAccount, amount: Money) -> None:
    payable = max(payable_to(account), money(0))
    if amount > payable:
        raise Refused(
            f"{account} is owed {said.amount(payable)} now. Nothing was transferred. "
            "Look at the page again.",
            field="amount",
        )


def _check_some(amount: Money, why: str) -> None:
    if minor(amount) <= 0:
        raise Refused(why)


def _require(desk: Desk) -> None:
    require(desk, permissions.PAY_PROVIDERS, "pay providers")
