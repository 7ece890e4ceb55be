"""What a provider is owed, handed on to their own account at the processor, or paid by hand.

    with transaction.atomic():
        transfer = begin_transfer(...)      # beside what it follows from
        send_after_commit(transfer)         # cards/sending.py; the sweep sends what this could not

A transfer posts when the processor has done it: debit what the provider is owed, credit what stands
at the processor. What is paid by hand posts at once.
"""

import uuid as uuids
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Sum
from djmoney.money import Money

from cards import gateways
from cards.errors import NotConnected, NotTransferable
from cards.models import Attempt, Transfer
from ledger import accounts
from ledger.kinds import EntryKind
from ledger.legs import Move
from ledger.models import Lot, Posting
from ledger.posting import Cause, post
from salon import said
from salon.desk import Desk
from salon.models import MerchantAccount
from salon.money import minor, money


def hold_account(account: MerchantAccount) -> MerchantAccount:
    """The account, to which nobody else pays until the transaction ends.

    Before a till's row is shared: who holds a till waits for nothing else.
    """
    return MerchantAccount.objects.select_for_update(of=("self",), no_key=True).get(pk=account.pk)


def payable_to(account: MerchantAccount) -> Money:
    """What the house owes them and has not begun to hand on; below zero: they owe the house.

    What they hold for clients, deposits that nobody has spent, they owe to nobody yet.
    """
    posted = Posting.objects.filter(account__name=accounts.provider(account))
    owed = -(posted.aggregate(sum=Sum("amount"))["sum"] or 0)
    waiting = Transfer.objects.filter(account=account, status=Transfer.Status.WAITING)
    out = waiting.filter(takes_back=None).aggregate(sum=Sum("amount"))["sum"] or 0
    back = waiting.exclude(takes_back=None).aggregate(sum=Sum("amount"))["sum"] or 0
    return money(owed + held_by([account]).get(account.pk, 0)) - Money(
        out - back, money(0).currency
    )


def held_by(accounts_of: Iterable[MerchantAccount]) -> dict[int, int]:
    """What stands in lots whose money each of them has, minor units by id. One query."""
    lots = Lot.objects.filter(is_open=True, holder__in=list(accounts_of)).order_by()
    return dict(lots.values_list("holder").annotate(Sum("remaining")))


@transaction.atomic
def begin_transfer(
    *,
    account: MerchantAccount,
    amount: Money,
    purpose: str,
    reference: str,
    desk: Desk,
    uuid: uuids.UUID,
    note: str = "",
    attempt: Attempt | None = None,
) -> Transfer:
    """Write that `amount` goes to a provider's own account; nothing is asked of the processor yet.

    `attempt`: the charge of which it is a share, at most what that took; without one it comes out
    of what is available at the processor. The same `uuid` again answers with what it wrote. Locks
    the account. Raises NotConnected, and NotTransferable where they have no account there.
    """
    _check_connected()
    held = hold_account(account)
    if not held.processor_account:
        raise NotTransferable(
            f"{held} has no account at the card processor. Nothing was transferred. "
            "Pay it by hand instead."
        )
    return _written(
        uuid, held, amount, desk,
        purpose=purpose, reference=reference, note=note, attempt=attempt,
    )  # fmt: skip


@transaction.atomic
def begin_taking_back(
    *,
    transfer: Transfer,
    amount: Money,
    purpose: str,
    reference: str,
    desk: Desk,
    uuid: uuids.UUID,
    note: str = "",
) -> Transfer:
    """Write that so much of a transfer comes back; it is asked once the transfer itself is done.

    The same `uuid` again answers with what it wrote. Locks the account. Raises NotTransferable
    beyond what is left of the transfer, and for one that was paid by hand.
    """
    _check_connected()
    held = hold_account(transfer.account)
    if found := Transfer.objects.filter(uuid=uuid).first():
        return found
    left = left_of(transfer)
    if amount > left:
        raise NotTransferable(
            f"Only {said.amount(left)} of this transfer to {held} can still be taken back. "
            "Nothing was taken back."
        )
    return _written(
        uuid, held, amount, desk,
        takes_back=transfer, purpose=purpose, reference=reference, note=note,
    )  # fmt: skip


def left_of(transfer: Transfer) -> Money:
    """How much of a transfer may still be taken back: nothing of what was paid by hand."""
    row = Transfer.objects.get(pk=transfer.pk)
    if row.by_hand or row.takes_back_id or row.status == Transfer.Status.REFUSED:
        return money(0)
    standing = row.taken_back_by.exclude(status=Transfer.Status.REFUSED)
    gone = standing.aggregate(sum=Sum("amount"))["sum"]
    return row.amount - Money(gone or 0, row.amount.currency)


@transaction.atomic
def pay_by_hand(
    *,
    account: MerchantAccount,
    amount: Money,
    how: str,
    credit: str,
    desk: Desk,
    uuid: uuids.UUID,
    note: str = "",
) -> Transfer:
    """The house paid a provider itself; posts at once. `how`: cash, bank.

    `credit` is the ledger account that the money left: a till's, or `accounts.BANK`. The same
    `uuid` again answers with what it wrote. Locks the account; where cash leaves a till, call
    `hold_account`, then share the till, then this. Raises NotTransferable beyond what is payable.
    """
    held = hold_account(account)
    if found := Transfer.objects.filter(uuid=uuid).first():
        return found
    payable = payable_to(held)
    if amount > payable:
        raise NotTransferable(
            f"{held} is owed {said.amount(max(payable, money(0)))} now. Nothing was paid. "
            "Look at the list again.",
            field="amount",
        )
    row = _written(uuid, held, amount, desk, by_hand=how, note=note)
    return mark_done(row, credit=credit, desk=desk)


def mark_done(row: Transfer, *, credit: str, desk: Desk, gateway_id: str = "") -> Transfer:
    """Post it and note that it is done. Call under the row's lock, inside its transaction."""
    cents = minor(row.amount) * (-1 if row.takes_back_id else 1)
    posted = post(
        key=f"transfer:{row.uuid}:done",
        kind=EntryKind.SETTLE_UP,
        legs=[Move(accounts.provider(row.account), cents), Move(credit, -cents)],
        desk=desk,
        note=row.note,
        cause=Cause("transfer", str(row.uuid)),
    )
    row.status, row.ended_at, row.entry_id = Transfer.Status.DONE, desk.at, posted.entry_id
    row.gateway_id, row.failure = gateway_id, ""
    row.save(update_fields=["status", "ended_at", "entry", "gateway_id", "failure"])
    return row


def _check_connected() -> None:
    if not gateways.connected():
        raise NotConnected("Nothing was transferred. Pay it by hand instead.")


def _written(
    uuid: uuids.UUID, account: MerchantAccount, amount: Money, desk: Desk, **more: object
) -> Transfer:
    values = {
        "account": account,
        "amount": amount,
        "location": desk.location,
        "asked_at": desk.at,
        "asked_by": desk.staff,
        **more,
    }
    return Transfer.objects.get_or_create(uuid=uuid, defaults=values)[0]
