"""By what the lines of providers were paid on some days, told by the allocations of their sales."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from checkout.charges.shares import net_of
from checkout.models import Allocation, OrderCharge
from checkout.tender_kinds import CARD, CHARGE, CREDITS
from ledger import accounts
from ledger.models import Posting
from salon.models import Location
from salon.money import minor, split

ByProvider = Mapping[int, Mapping[str, int]]
"""Minor units by name, by the id of a merchant account."""


@dataclass(frozen=True)
class Days:
    """Business dates, both in it. `place`: where it was sold, or paid; None: everywhere."""

    start: dt.date
    end: dt.date
    place: Location | None = None


def earned(days: Days) -> ByProvider:
    """What paid their lines, without tax; and what of the processor's fees fell on that."""
    by_line: dict[int, list[Allocation]] = defaultdict(list)
    for allocation in _allocations(days):
        by_line[allocation.line_id].append(allocation)
    fees = _fees(_allocations(days).filter(tender__kind=CHARGE))
    shares: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for of_line in by_line.values():
        provider = of_line[0].line.provider_id or 0
        for allocation, net in zip(of_line, net_of(of_line), strict=True):
            shares[provider][_paid_by(allocation, provider)] += net
            shares[provider]["fees"] += _fee(fees.get(allocation.tender_id, 0), allocation)
    return shares


def _allocations(days: Days) -> QuerySet[Allocation]:
    # A deposit that goes to them at once opens a lot: it is earned when that is redeemed.
    rows = Allocation.objects.filter(
        line__provider__isnull=False,
        line__opened_lot=None,
        line__order__entry__business_date__range=(days.start, days.end),
    )
    if days.place:
        rows = rows.filter(line__order__entry__location=days.place)
    return rows.select_related("line", "tender", "lot")


def _paid_by(allocation: Allocation, provider: int) -> str:
    if allocation.tender.kind in (CHARGE, CARD):
        return "by_card"
    if allocation.lot and allocation.lot.holder_id == provider:
        return "deposits"
    is_stored = allocation.tender.kind == CREDITS or allocation.tender.account_id
    return "redeemed" if is_stored else "otherwise"


def _fees(charged: QuerySet[Allocation]) -> dict[int, int]:
    """What the processor kept of these payments, by tender. Two queries."""
    tenders = charged.order_by().values("tender")
    charges = OrderCharge.objects.filter(tender__in=tenders, attempt__fee_entry__isnull=False)
    entries = dict(charges.values_list("attempt__fee_entry", "tender"))
    postings = Posting.objects.filter(
        entry__in=charges.values("attempt__fee_entry"), account__name=accounts.PROCESSOR_FEES
    )
    return {entries[entry]: cents for entry, cents in postings.values_list("entry", "amount")}


def _fee(fee: int, allocation: Allocation) -> int:
    """Pro rata: what of the payment's fee falls on this part of it."""
    if not fee:
        return 0
    part, whole = minor(allocation.amount), minor(allocation.tender.amount)
    return split(fee, [part, max(whole - part, 0)])[0]
