"""From held lots back to the sales that sold them, and what of them their cards can take back."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from appointments.models import Appointment
from checkout.models import LineItem, Order, Tender
from checkout.refundable import Refundable
from checkout.tender_kinds import kind_of
from ledger.descent import origins_of
from ledger.kinds import AccountKind
from ledger.models import Lot
from salon.money import minor


@dataclass(frozen=True)
class CardPart:
    """So much of one sale's credit that its cards can take back, minor units."""

    line: LineItem
    lots: list[Lot]
    cents: int
    references: list[str]
    """Of the payments that paid it."""
    is_by_hand: bool
    """Some of it goes back on a terminal that is not connected."""


def lots_held_for(visit_id: int | None) -> list[Lot]:
    """All that is held for a visit, whoever's it is. One query, none without a visit."""
    if visit_id is None:
        return []
    lots = Lot.objects.filter(
        is_open=True, appointment=visit_id, account__kind=AccountKind.CLIENT_CREDIT
    )
    return list(lots.select_related("account").order_by("id"))


def for_cards(lots: Iterable[Lot], left: Mapping[int, int]) -> Iterator[CardPart]:
    """What of these lots can go back to cards, with so much `left` in each (minor units by id).

    Two queries, and three for each sale that sold them.
    """
    for line, of_line in _sold_by(lots):
        refundable = Refundable(line.order, of_line)
        most = minor(refundable.of_line_by_card(line))
        if cents := min(sum(left[lot.pk] for lot in of_line), most):
            paid_by = [a.tender for a in refundable.allocations if a.line_id == line.pk]
            references = [tender.reference for tender in paid_by]
            is_by_hand = any(_is_by_hand(tender) for tender in paid_by)
            yield CardPart(line, of_line, cents, references, is_by_hand)


def lock_sales_of(lots: Iterable[Lot], and_of: Iterable[Appointment] = ()) -> None:
    """Lock the sales that sold these lots, and the open ones of visits, by id.

    Before a visit and any account is: refunding locks the sales too, and so does closing one. Four
    queries at most.
    """
    sales = {line.order_id for line, _ in _sold_by(lots)}
    if visits := list(and_of):
        open_ones = Order.objects.filter(appointment__in=visits, status=Order.Status.OPEN)
        sales |= set(open_ones.values_list("pk", flat=True))
    if sales:
        locked = Order.objects.select_for_update(of=("self",)).filter(pk__in=sales)
        list(locked.order_by("pk").values_list("pk"))


def _is_by_hand(tender: Tender) -> bool:
    kind = kind_of(tender)
    return kind.is_card and not kind.when_back


def _sold_by(lots: Iterable[Lot]) -> list[tuple[LineItem, list[Lot]]]:
    """Which sales' lines these lots come from, with the lots of each. Two queries."""
    by_origin: dict[int, list[Lot]] = defaultdict(list)
    by_id = {lot.pk: lot for lot in lots}
    for lot_id, origin in origins_of(by_id).items():
        by_origin[origin].append(by_id[lot_id])
    if not by_origin:
        return []
    lines = LineItem.objects.filter(opened_lot__in=by_origin).select_related("order__client")
    return [(line, by_origin[line.opened_lot_id]) for line in lines if line.opened_lot_id]
