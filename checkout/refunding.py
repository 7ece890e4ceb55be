"""Refunding a closed order: by line, or any one payment; part or whole, until nothing is left.

Allocations say which money paid what, so money goes back the way it came. What Credits paid returns
as credit on its old terms; everything else to its tender or to the client's balance.
"""

import uuid as uuids
from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db import transaction
from djmoney.money import Money

from checkout.charges import disputed, shares
from checkout.errors import Refused, StaleOrder
from checkout.line_kinds import kind_of as line_kind_of
from checkout.locking import lock, require, touch
from checkout.models import LineItem, LineTax, Order, Refund, RefundPart, Tender
from checkout.refundable import Portion, Refundable
from checkout.taxes import taxes_between
from checkout.tender_kinds import Back
from checkout.tender_kinds import kind_of as tender_kind_of
from checkout.ways_back import check_destination, twin_of
from clients.models import Client
from ledger import accounts
from ledger.errors import LotMoved
from ledger.kinds import EntryKind
from ledger.legs import Leg, Move
from ledger.models import Lot
from ledger.posting import Cause, post
from salon import permissions
from salon.desk import Desk
from salon.money import minor, money, split


@transaction.atomic
def refund_lines(
    *,
    order: Order,
    amounts: Mapping[LineItem, Money],
    destinations: Mapping[int, str],
    desk: Desk,
    uuid: uuids.UUID,
    revision: int | None = None,
    client: Client | None = None,
    reason: str = "",
) -> Refund:
    """Refund so much (with tax) of each line.

    `destinations` says by tender id where its part goes; each tender's own way where it is silent.
    """
    locked, twin = _begin(order, desk, uuid, revision)
    if twin:
        return twin
    refundable = Refundable(locked)
    portions: list[Portion] = []
    for line, amount in amounts.items():
        check_within(amount, refundable.of_line(line), line.description, f"line_{line.pk}")
        portions += refundable.portions_of_line(line, minor(amount))
    return _refund(locked, refundable, portions, destinations, desk, uuid, client, reason)


@transaction.atomic
def refund_tender(
    *,
    tender: Tender,
    amount: Money,
    destination: str,
    desk: Desk,
    uuid: uuids.UUID,
    revision: int | None = None,
    client: Client | None = None,
    reason: str = "",
) -> Refund:
    """Refund so much of one payment by itself; it is taken off the lines that it paid, pro rata."""
    locked, twin = _begin(tender.order, desk, uuid, revision)
    if twin:
        return twin
    refundable = Refundable(locked)
    check_within(amount, refundable.of_tender(tender), tender_kind_of(tender).label, "amount")
    portions = refundable.portions_of_tender(tender, minor(amount))
    return _refund(
        locked, refundable, portions, {tender.pk: destination}, desk, uuid, client, reason
    )


@transaction.atomic
def refund_to_card(
    *,
    line: LineItem,
    within: Collection[Lot],
    amount: Money,
    desk: Desk,
    uuid: uuids.UUID,
    reason: str = "",
) -> Refund:
    """Refund so much of credit that a line sold, out of these lots, to the cards that paid it."""
    locked, twin = _begin(line.order, desk, uuid, None)
    if twin:
        return twin
    refundable = Refundable(locked, within)
    check_within(amount, refundable.of_line_by_card(line), line.description, "")
    portions = refundable.portions_of_line(line, minor(amount), by_card_only=True)
    return _refund(locked, refundable, portions, {}, desk, uuid, None, reason)


def _begin(
    order: Order, desk: Desk, uuid: uuids.UUID, revision: int | None
) -> tuple[Order, Refund | None]:
    require(desk, permissions.REFUND_SALES, "refund and void sales")
    locked = lock(order)
    if twin := twin_of(locked, uuid):
        return locked, twin
    if locked.status != Order.Status.CLOSED:
        raise Refused(
            f"Sale #{locked.number} is {locked.get_status_display().lower()}, so there is nothing "
            "to refund. Take back a payment of an open sale instead."
        )
    if revision is not None and revision != locked.revision:
        raise StaleOrder(
            f"Something of sale #{locked.number} was refunded at another till a moment ago. "
            "Nothing was refunded now. This is how it stands: look it over and go on."
        )
    return locked, None


def check_within(amount: Money, left: Money, what: str, field: str) -> None:
    if minor(amount) <= 0:
        raise Refused("Enter an amount above zero.", field=field)
    if amount > left:
        raise Refused(
            f"Only {left} of {what} can still be refunded. Nothing was refunded.", field=field
        )


def _refund(
    order: Order,
    refundable: Refundable,
    portions: list[Portion],
    destinations: Mapping[int, str],
    desk: Desk,
    uuid: uuids.UUID,
    client: Client | None,
    reason: str,
) -> Refund:
    if not portions:
        raise Refused("Choose what to refund.")
    taker = client or order.client
    ways = ways_of(portions, destinations, taker, desk)
    taxes = taxes_of(refundable, portions)
    backs = _backs(portions, ways, taker, desk)
    due_back = shares.due_back(refundable, portions)
    again = disputed.borne_twice(refundable, portions)
    shares.hold([*due_back, *(provider for _, provider in again)])
    try:
        posted = post(
            key=f"refund:{uuid}:post",
            kind=EntryKind.REFUND,
            legs=[*_debits(refundable, portions, taxes), *_credits(backs)],
            desk=desk,
            note=reason,
            cause=Cause("order", str(order.uuid)),
        )
    except LotMoved as moved:
        raise Refused(
            f"Only {money(moved.figures['remaining'])} of this credit is left; the rest was spent. "
            "Nothing was refunded."
        ) from moved
    refund = Refund.objects.create(
        uuid=uuid,
        order=order,
        before_close=False,
        location=desk.location,
        till=desk.till,
        client=taker,
        at=desk.at,
        by=desk.staff,
        business_date=desk.business_date,
        reason=reason,
        entry_id=posted.entry_id,
    )
    RefundPart.objects.bulk_create(
        RefundPart(
            refund=refund,
            tender=portion.allocation.tender,
            allocation=portion.allocation,
            destination=ways[portion.allocation.tender_id],
            amount=money(portion.amount),
            tax=money(tax),
        )
        for portion, tax in zip(portions, taxes, strict=True)
    )
    for line in dict.fromkeys(portion.allocation.line for portion in portions):
        line_kind_of(line).refunded(line, desk)
    for back in backs:
        tender_kind_of(back.tender).given_back(back, refund)
    shares.take_back(refund, disputed.still_due(due_back, again), desk)
    disputed.give_back(refund, again, desk)
    touch(order)
    return refund


def ways_of(
    portions: list[Portion], destinations: Mapping[int, str], client: Client | None, desk: Desk
) -> dict[int, str]:
    """Each tender's destination, checked against the tender's kind and the lines that go back."""
    ways: dict[int, str] = {}
    for portion in portions:
        tender, line = portion.allocation.tender, portion.allocation.line
        way = destinations.get(tender.pk) or tender_kind_of(tender).destinations[0]
        if way in line_kind_of(line).refund_refuses:
            raise Refused(
                f"A refund of {line.description} cannot go to the balance: it goes back to "
                f"{tender_kind_of(tender).label}.",
                field=f"destination_{tender.pk}",
            )
        if tender.pk not in ways:
            check_destination(tender, way, client, desk)
        ways[tender.pk] = way
    return ways


def taxes_of(refundable: Refundable, portions: list[Portion]) -> list[int]:
    """The tax in each portion. By line the tax refunded so far always keeps step with the gross."""
    by_line: dict[LineItem, list[int]] = defaultdict(list)
    for index, portion in enumerate(portions):
        by_line[portion.allocation.line].append(index)
    taxes = [0] * len(portions)
    for line, indexes in by_line.items():
        gross = [portions[i].amount for i in indexes]
        after = refundable.refunded_gross[line.pk] + sum(gross)
        tax_after, _ = split(minor(line.tax), [after, minor(line.total) - after])
        for i, tax in zip(
            indexes, split(tax_after - refundable.refunded_tax[line.pk], gross), strict=True
        ):
            taxes[i] = tax
    return taxes


def _debits(refundable: Refundable, portions: list[Portion], taxes: list[int]) -> list[Leg]:
    """What the lines give back: their income (or lot), and their taxes. One query where any was."""
    net: dict[LineItem, int] = defaultdict(int)
    tax_by_line: dict[LineItem, int] = defaultdict(int)
    for portion, tax in zip(portions, taxes, strict=True):
        net[portion.allocation.line] += portion.amount - tax
        tax_by_line[portion.allocation.line] += tax
    legs: list[Leg] = []
    for line, amount in net.items():
        if amount:
            legs += line_kind_of(line).refund_legs(line, amount)
    return [*legs, *_tax_legs(refundable, tax_by_line)]


def _tax_legs(refundable: Refundable, tax_by_line: Mapping[LineItem, int]) -> list[Leg]:
    """One leg by line and rate."""
    taxed = [line for line, tax in tax_by_line.items() if tax]
    by_line: dict[int, list[LineTax]] = defaultdict(list)
    if taxed:
        for tax in LineTax.objects.filter(line__in=taxed).select_related("rate"):
            by_line[tax.line_id].append(tax)
    legs: list[Leg] = []
    for line in taxed:
        before = refundable.refunded_tax[line.pk]
        parts = taxes_between(by_line[line.pk], before, before + tax_by_line[line])
        legs += [Move(accounts.tax(tax.rate), part) for tax, part in parts if part]
    return legs


def _backs(
    portions: list[Portion], ways: Mapping[int, str], client: Client | None, desk: Desk
) -> list[Back]:
    """What goes back of each payment, lot by lot for those that drew lots."""
    parts: dict[Tender, dict[Lot | None, int]] = defaultdict(lambda: defaultdict(int))
    for portion in portions:
        allocation = portion.allocation
        parts[allocation.tender][allocation.lot] += portion.amount
    return [
        Back(tender, ways[tender.pk], list(by_lot.items()), client, desk)
        for tender, by_lot in parts.items()
    ]


def _credits(backs: list[Back]) -> list[Leg]:
    """Where it goes: each payment's kind says so."""
    return [leg for back in backs for leg in tender_kind_of(back.tender).refund_legs(back)]
