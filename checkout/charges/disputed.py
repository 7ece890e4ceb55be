"""Providers' shares of card payments that a client's bank took back for good.

The charge is the house's, and so is the dispute: it loses the whole payment. Where the owner says
so (Lost disputes are taken back from the provider), who earned a part of it owes that part:

    debit payable to the provider       credit disputes lost

What went out as a transfer comes back by one; the rest is kept back from what they earn next.
"""

import uuid as uuids
from collections import defaultdict
from collections.abc import Mapping

from cards import gateways
from cards.models import Dispute
from cards.sending import send_after_commit
from cards.transferring import begin_taking_back, left_of
from checkout.charges import shares
from checkout.models import Allocation, LineItem, Order, OrderCharge, Tender
from checkout.refundable import Refundable
from ledger import accounts
from ledger.kinds import EntryKind
from ledger.legs import Move
from ledger.models import Entry
from ledger.posting import Cause, post
from ledger.reversing import reverse
from salon.desk import Desk
from salon.models import BusinessSettings, MerchantAccount
from salon.money import minor, money, split


def take_shares(dispute: Dispute) -> None:
    """Let providers owe back what the payment paid of their lines, less what was refunded.

    Call once, when it is lost, with the order's row locked. Nothing where the setting is off, or
    while the sale is open: then nobody has earned it. Locks the providers.
    """
    charges = OrderCharge.objects.filter(attempt=dispute.attempt, tender__isnull=False)
    charge = charges.select_related("tender__order").first()
    if charge is None or not BusinessSettings.current().lost_disputes_to_providers:
        return
    assert charge.tender is not None  # nosec B101 - filtered
    order = charge.tender.order
    if order.status != Order.Status.CLOSED:
        return
    due = _due(Refundable(order), charge.tender, minor(dispute.amount))
    shares.hold(due)
    desk = _desk(dispute)
    for provider, cents in due.items():
        post(
            key=_key(dispute, provider),
            kind=EntryKind.DISPUTE_SHARE,
            legs=[Move(accounts.provider(provider), cents), Move(accounts.DISPUTES_LOST, -cents)],
            desk=desk,
            cause=Cause("order", str(order.uuid)),
        )
        _take_transfers_back(dispute, order, provider, cents, desk)


def give_shares_back(dispute: Dispute) -> None:
    """The bank gave the payment back after all: what was taken for it is payable again."""
    providers = MerchantAccount.objects.filter(is_house=False)
    keys = {_key(dispute, provider): provider for provider in providers}
    taken = list(Entry.objects.filter(key__in=keys))
    shares.hold(keys[entry.key] for entry in taken)
    for entry in taken:
        reverse(entry=entry, desk=_desk(dispute), note="The dispute was won after all")


def _due(refundable: Refundable, tender: Tender, disputed: int) -> Mapping[MerchantAccount, int]:
    """Minor units, above zero, by provider: of what is left of the payment, pro rata of what is
    disputed. Without tax, which is the house's to pay."""
    by_line: dict[LineItem, list[Allocation]] = defaultdict(list)
    for allocation in refundable.allocations:
        by_line[allocation.line].append(allocation)
    left, theirs = 0, defaultdict[MerchantAccount, int](int)
    for line, of_line in by_line.items():
        for allocation, net in zip(of_line, shares.net_of(of_line), strict=True):
            if allocation.tender_id != tender.pk:
                continue
            stands = refundable.left[allocation.pk]
            left += stands
            # A deposit that opened a lot is nobody's until that is redeemed.
            if line.provider and not line.opened_lot_id:
                theirs[line.provider] += split(net, [stands, minor(allocation.amount) - stands])[0]
    parts = split(min(disputed, left), [*theirs.values(), left - sum(theirs.values())])
    return {provider: part for provider, part in zip(theirs, parts, strict=False) if part}


def _take_transfers_back(
    dispute: Dispute, order: Order, provider: MerchantAccount, cents: int, desk: Desk
) -> None:
    """What of the share went to their own account comes back from it; sent after commit."""
    if not gateways.connected():
        return
    left = money(cents)
    for transfer in shares.handed_on(order, provider).filter(attempt=dispute.attempt):
        amount = min(left, left_of(transfer))
        if amount.amount <= 0:
            continue
        back = begin_taking_back(
            transfer=transfer,
            amount=amount,
            purpose=shares.SHARE,
            reference=str(order.uuid),
            desk=desk,
            uuid=uuids.uuid5(transfer.uuid, f"dispute:{dispute.gateway_id}"),
            note=f"Lost dispute of sale #{order.number}",
        )
        send_after_commit(back)
        left -= amount


def _key(dispute: Dispute, provider: MerchantAccount) -> str:
    return f"dispute:{dispute.gateway_id}:share:{provider.pk}"


def _desk(dispute: Dispute) -> Desk:
    return Desk(staff=None, location=dispute.attempt.location)
