"""Providers' shares of card payments that a client's bank took back for good.

The charge is the house's, and so is the dispute: it loses the whole payment. Where the owner says
so (Lost disputes are taken back from the provider), who earned a part of it owes that part:

    debit payable to the provider       credit disputes lost

What went out as a transfer comes back by one; the rest is kept back from what they earn next. What
is refunded since is the house's loss: so much of the share is payable to them again.
"""

import uuid as uuids
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Sum

from cards import gateways
from cards.models import Dispute
from cards.sending import send_after_commit
from cards.transferring import begin_taking_back, left_of
from checkout.charges import shares
from checkout.models import Allocation, LineItem, Order, OrderCharge, Refund, Tender
from checkout.refundable import Portion, Refundable
from checkout.tender_kinds import CHARGE
from ledger import accounts
from ledger.kinds import EntryKind
from ledger.legs import Move
from ledger.models import Entry, Posting
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
    providers = {str(each.pk): each for each in MerchantAccount.objects.filter(is_house=False)}
    entries = list(Entry.objects.filter(key__startswith=_key(dispute)).order_by("pk"))
    shares.hold(providers[_provider_of(entry.key)] for entry in entries)
    for entry in entries:
        reverse(entry=entry, desk=_desk(dispute), note="The dispute was won after all")


Again = Mapping[tuple[Dispute, MerchantAccount], int]
"""Minor units, above zero: so much of a share is payable again."""


def borne_twice(refundable: Refundable, portions: Iterable[Portion]) -> Again:
    """What providers would bear twice of lost payments, once so much of the sale is refunded.

    What is taken from them is never more than what is left to them of what the payment paid. Call
    with the order locked. No queries where no charge is refunded; else one, and one by dispute.
    """
    going: dict[int, int] = defaultdict(int)
    tenders: set[Tender] = set()
    for portion in portions:
        going[portion.allocation.pk] += portion.amount
        if portion.allocation.tender.kind == CHARGE:
            tenders.add(portion.allocation.tender)
    again: dict[tuple[Dispute, MerchantAccount], int] = {}
    for tender, disputes in _lost(tenders).items():
        _, left = _standing(refundable, tender, going)
        for dispute in disputes:
            for provider, taken in _taken(dispute, left).items():
                stays = min(taken, left[provider])
                left[provider] -= stays
                if taken > stays:
                    again[dispute, provider] = taken - stays
    return again


def give_back(refund: Refund, again: Again, desk: Desk) -> None:
    """Post it. Call with the providers held."""
    for (dispute, provider), cents in again.items():
        post(
            key=f"{_key(dispute, provider)}:refund:{refund.uuid}",
            kind=EntryKind.DISPUTE_SHARE,
            legs=[Move(accounts.DISPUTES_LOST, cents), Move(accounts.provider(provider), -cents)],
            desk=desk,
            note=f"Given back: refund {refund.number} is taken from them already",
            cause=Cause("order", str(refund.order.uuid)),
        )


def still_due(due: Mapping[MerchantAccount, int], again: Again) -> Mapping[MerchantAccount, int]:
    """What a refund has come back from transfers, less what came back for the dispute."""
    given: dict[MerchantAccount, int] = defaultdict(int)
    for (_, provider), cents in again.items():
        given[provider] += cents
    return {provider: max(cents - given[provider], 0) for provider, cents in due.items()}


def _lost(tenders: Iterable[Tender]) -> Mapping[Tender, list[Dispute]]:
    """The lost disputes of these payments, the oldest first. One query, none without payments."""
    found: dict[Tender, list[Dispute]] = defaultdict(list)
    if by_pk := {tender.pk: tender for tender in tenders}:
        rows = Dispute.objects.filter(
            status=Dispute.Status.LOST, attempt__order_charge__tender__in=by_pk
        )
        for row in rows.select_related("attempt__order_charge").order_by("pk"):
            found[by_pk[row.attempt.order_charge.tender_id or 0]].append(row)
    return found


def _taken(dispute: Dispute, providers: Iterable[MerchantAccount]) -> Mapping[MerchantAccount, int]:
    """What of a lost one stands taken from each of these. One query."""
    by_name = {accounts.provider(provider): provider for provider in providers}
    rows = Posting.objects.filter(
        entry__key__startswith=_key(dispute), account__name__in=by_name
    ).order_by()
    found = rows.values_list("account__name").annotate(Sum("amount"))
    return {by_name[name]: cents for name, cents in found}


def _due(refundable: Refundable, tender: Tender, disputed: int) -> Mapping[MerchantAccount, int]:
    """Minor units, above zero, by provider: of what is left of the payment, pro rata of what is
    disputed. Without tax, which is the house's to pay."""
    left, theirs = _standing(refundable, tender, {})
    parts = split(min(disputed, left), [*theirs.values(), left - sum(theirs.values())])
    return {provider: part for provider, part in zip(theirs, parts, strict=False) if part}


def _standing(
    refundable: Refundable, tender: Tender, going: Mapping[int, int]
) -> tuple[int, dict[MerchantAccount, int]]:
    """What is left of a payment once so much of each allocation goes back, and what of that is
    each provider's, without tax."""
    by_line: dict[LineItem, list[Allocation]] = defaultdict(list)
    for allocation in refundable.allocations:
        by_line[allocation.line].append(allocation)
    left, theirs = 0, defaultdict[MerchantAccount, int](int)
    for line, of_line in by_line.items():
        for allocation, net in zip(of_line, shares.net_of(of_line), strict=True):
            if allocation.tender_id != tender.pk:
                continue
            stands = refundable.left[allocation.pk] - going.get(allocation.pk, 0)
            left += stands
            # A deposit that opened a lot is nobody's until that is redeemed.
            if line.provider and not line.opened_lot_id:
                theirs[line.provider] += split(net, [stands, minor(allocation.amount) - stands])[0]
    return left, theirs


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


def _key(dispute: Dispute, provider: MerchantAccount | None = None) -> str:
    """That of a provider's share; without one, what all of the dispute's begin with."""
    return f"dispute:{dispute.gateway_id}:share:{provider.pk if provider else ''}"


def _provider_of(key: str) -> str:
    """The id in it."""
    return key.partition(":share:")[2].partition(":")[0]


def _desk(dispute: Dispute) -> Desk:
    return Desk(staff=None, location=dispute.attempt.location)
