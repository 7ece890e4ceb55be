"""Providers' shares of card payments: handed on when a sale closes, taken back when it is refunded.

A charge is the house's. Of what it paid (the allocations), a provider with a merchant account of
their own is due what it paid of their services and tips, without the tax. Where that account is
connected to the processor it goes out as one transfer for each provider; else, and for whatever
account credit or cash paid, it stays payable (checkout/providers).
"""

import uuid as uuids
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import QuerySet
from djmoney.money import Money

from cards import gateways
from cards.models import Attempt, Transfer
from cards.sending import send_after_commit
from cards.transferring import (
    begin_taking_back,
    begin_transfer,
    hold_account,
    left_of,
    payable_to,
)
from checkout.line_kinds import provider_of
from checkout.models import Allocation, LineItem, Order, Refund, Tender
from checkout.refundable import Portion, Refundable
from checkout.tender_kinds import CHARGE
from salon.desk import Desk
from salon.models import MerchantAccount
from salon.money import minor, money, split

SHARE = "share"
"""The purpose of such a transfer; its reference is the sale's uuid."""

Due = Mapping[tuple[MerchantAccount, Tender], int]
"""Minor units, above zero: so much of a card payment is a provider's."""


def due_of(allocations: Iterable[Allocation]) -> Due:
    """What goes out at close. No queries where lines have their providers and payments are loaded.

    Nothing while no processor is connected: it stays payable.
    """
    due: dict[tuple[MerchantAccount, Tender], int] = defaultdict(int)
    for provider, of_line in _by_line(allocations):
        for allocation, net in zip(of_line, net_of(of_line), strict=True):
            if _is_charged(allocation) and net:
                due[provider, allocation.tender] += net
    return due


def due_back(refundable: Refundable, portions: Iterable[Portion]) -> Mapping[MerchantAccount, int]:
    """What of it comes back when so much is refunded, whatever way the client's money goes.

    Counted up from what has gone of each allocation, so that however many refunds there are, they
    take back exactly what went out. No queries.
    """
    going: dict[int, int] = defaultdict(int)
    for portion in portions:
        going[portion.allocation.pk] += portion.amount
    due: dict[MerchantAccount, int] = defaultdict(int)
    for provider, of_line in _by_line(refundable.allocations):
        for allocation, net in zip(of_line, net_of(of_line), strict=True):
            if _is_charged(allocation):
                left, part = refundable.left[allocation.pk], going[allocation.pk]
                due[provider] += _gone(net, allocation, left - part) - _gone(net, allocation, left)
    return {provider: cents for provider, cents in due.items() if cents}


def concerned(lines: Iterable[LineItem], tenders: Iterable[Tender]) -> set[MerchantAccount]:
    """Who may be due something when these lines, with these payments, close. No queries."""
    if not gateways.connected() or not any(tender.kind == CHARGE for tender in tenders):
        return set()
    found = {provider_of(line) for line in lines}
    return {provider for provider in found if provider and provider.processor_account}


def hold(providers: Iterable[MerchantAccount]) -> None:
    """Lock their accounts, before anything is posted and before a till's row.

    One order for all: orders, providers, tills and clients, their accounts in the ledger.
    """
    for provider in sorted(set(providers), key=lambda provider: provider.pk):
        hold_account(provider)


def hand_on(order: Order, due: Due, desk: Desk) -> None:
    """Write a transfer for each share of a charge; sent after commit. Call once the sale is posted.

    What the provider owes the house is kept back first. One query, and six for each.
    """
    charges = _charges_of(order) if due else {}
    for (provider, tender), cents in due.items():
        amount = min(money(cents), payable_to(provider))
        if amount.amount <= 0:
            continue
        transfer = begin_transfer(
            account=provider,
            amount=amount,
            purpose=SHARE,
            reference=str(order.uuid),
            desk=desk,
            uuid=uuids.uuid5(tender.uuid, f"share:{provider.pk}"),
            note=f"Sale #{order.number}",
            attempt=charges[tender.pk],
        )
        send_after_commit(transfer)


def _charges_of(order: Order) -> dict[int | None, Attempt]:
    """The attempts that paid an order, by tender."""
    charges = order.charges.filter(tender__isnull=False).select_related("attempt")
    return {charge.tender_id: charge.attempt for charge in charges}


def take_back(refund: Refund, due: Mapping[MerchantAccount, int], desk: Desk) -> None:
    """Have shares come back, never more than went out; sent after commit.

    What the transfers do not cover, the provider owes the house.
    """
    for provider, cents in due.items():
        left = money(cents)
        for transfer in handed_on(refund.order, provider):
            left -= _take_back(transfer, left, refund, desk)


def _take_back(transfer: Transfer, wanted: Money, refund: Refund, desk: Desk) -> Money:
    amount = min(wanted, left_of(transfer))
    if amount.amount > 0:
        back = begin_taking_back(
            transfer=transfer,
            amount=amount,
            purpose=SHARE,
            reference=str(refund.order.uuid),
            desk=desk,
            uuid=uuids.uuid5(refund.uuid, f"share:{transfer.uuid}"),
            note=f"Refund {refund.number}",
        )
        send_after_commit(back)
    return amount


def handed_on(order: Order, provider: MerchantAccount) -> QuerySet[Transfer]:
    """The sale's transfers to a provider, the last one first."""
    sent = Transfer.objects.filter(purpose=SHARE, reference=str(order.uuid), account=provider)
    standing = sent.filter(takes_back=None).exclude(status=Transfer.Status.REFUSED)
    return standing.select_related("account").order_by("-pk")


def _by_line(
    allocations: Iterable[Allocation],
) -> Iterable[tuple[MerchantAccount, Sequence[Allocation]]]:
    """All that paid each line of a provider who is connected. Nothing where nobody is."""
    if not gateways.connected():
        return []
    by_line: dict[LineItem, list[Allocation]] = defaultdict(list)
    for allocation in allocations:
        by_line[allocation.line].append(allocation)
    return [
        (line.provider, of_line)
        for line, of_line in by_line.items()
        if line.provider and line.provider.processor_account
    ]


def net_of(of_line: Sequence[Allocation]) -> list[int]:
    """What each paid of the line without its tax, by largest remainder."""
    return split(minor(of_line[0].line.amount), [minor(a.amount) for a in of_line])


def _gone(net: int, allocation: Allocation, left: int) -> int:
    """What of its net has gone back while so much of it is left."""
    return split(net, [minor(allocation.amount) - left, left])[0]


def _is_charged(allocation: Allocation) -> bool:
    return allocation.tender.kind == CHARGE
