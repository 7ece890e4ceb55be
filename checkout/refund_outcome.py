"""What a refund would do, before anybody presses the button. Reading only: nothing is locked.

The rules are those of `refunding` and `taking_back`; here their result is put into words.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from djmoney.money import Money

from checkout import words
from checkout.funds import drawn_by
from checkout.line_kinds import kind_of as line_kind_of
from checkout.models import LineItem, Tender
from checkout.refund_ways import Debt, Way, way_of
from checkout.refundable import Portion, Refundable
from checkout.refunding import check_within, taxes_of
from checkout.sale import Sale
from checkout.statuses import SaleStatus, status_of
from checkout.tender_kinds import BALANCE, CREDITS
from checkout.tender_kinds import kind_of as tender_kind_of
from checkout.ways_back import last_drawn_first
from clients.models import Client
from ledger.balances import balance_of
from ledger.models import Lot
from salon.desk import Desk
from salon.money import minor, money
from salon.toggles import balances_enabled


@dataclass(frozen=True)
class LinePart:
    """What goes back of one line: `amount` with `tax` in it."""

    line: LineItem
    amount: Money
    tax: Money

    @property
    def taken_out_of(self) -> str:
        """What held the value that this line sold: Clara Nuñez’s account credit."""
        return line_kind_of(self.line).stored_in(self.line)

    @property
    def taken(self) -> Money:
        """What of it is taken out of there; the rest was earned, or is tax."""
        kind = line_kind_of(self.line)
        if not kind.sells_credit:
            return money(0)
        return money(kind.taken_out(self.line, minor(self.amount - self.tax)))

    @property
    def canceled(self) -> Money:
        """What else is taken away: what is left of a bonus that came with it."""
        return money(line_kind_of(self.line).cancels(self.line))


@dataclass(frozen=True)
class Outcome:
    """All that would happen. `agreed` stands for it: the form carries what the desk has seen."""

    ways: list[Way]
    lines: list[LinePart]
    becomes: SaleStatus
    left: Money
    """What can still be refunded afterwards; on an open sale, what then remains to be paid."""
    agreed: str = field(repr=False)
    lacks_client: bool = False

    @property
    def total(self) -> Money:
        return sum((way.amount for way in self.ways), money(0))

    @property
    def is_possible(self) -> bool:
        return all(way.destination for way in self.ways) and not self.lacks_client

    @property
    def to_client(self) -> Money:
        """What a client's balance grows by."""
        grows = (way.amount for way in self.ways if way.destination in (BALANCE, CREDITS))
        return sum(grows, money(0))

    @property
    def credit_lines(self) -> list[LinePart]:
        """Lines that sold account credit: the refund takes it out of somebody's balance."""
        return [part for part in self.lines if part.taken or part.canceled]

    def taken_from(self, client: Client) -> Money:
        """What of this client's credit it takes away."""
        theirs = [p for p in self.credit_lines if p.line.beneficiary_id == client.pk]
        return sum((part.taken + part.canceled for part in theirs), money(0))

    @property
    def destinations(self) -> dict[int, str]:
        return {way.tender.pk: way.destination for way in self.ways}


def of_lines(
    sale: Sale,
    refundable: Refundable,
    amounts: Mapping[LineItem, Money],
    wishes: Mapping[int, str],
    client: Client | None,
    desk: Desk,
) -> Outcome:
    """Refunding so much of these lines. Raises Refused like refund_lines."""
    portions: list[Portion] = []
    for line, amount in amounts.items():
        check_within(amount, refundable.of_line(line), line.description, f"line_{line.pk}")
        portions += refundable.portions_of_line(line, minor(amount))
    return _refund(sale, refundable, portions, wishes, client, desk)


def of_payment(
    sale: Sale,
    refundable: Refundable,
    tender: Tender,
    amount: Money,
    wishes: Mapping[int, str],
    client: Client | None,
    desk: Desk,
) -> Outcome:
    """Refunding so much of one payment. Raises Refused like refund_tender."""
    check_within(amount, refundable.of_tender(tender), words.payment(tender), f"amount_{tender.pk}")
    portions = refundable.portions_of_tender(tender, minor(amount))
    return _refund(sale, refundable, portions, wishes, client, desk)


def of_taking_back(
    sale: Sale,
    tender: Tender,
    amount: Money,
    wishes: Mapping[int, str],
    client: Client | None,
    desk: Desk,
) -> Outcome:
    """Taking so much of a payment back from an open sale. Two queries more for Credits."""
    check_within(amount, tender.standing, words.payment(tender), f"amount_{tender.pk}")
    taker = client or sale.order.client
    balances_on = balances_enabled(desk.location)
    lots = _lots_given_back(tender, amount)
    way = way_of(tender, amount, [], lots, wishes, taker, desk, balances_on, _debt_of(taker, desk))
    left = sale.totals.remaining + amount
    return _outcome(sale, [way], [], SaleStatus.OPEN, left, taker, desk)


def ways_of_voiding(sale: Sale, desk: Desk) -> list[Way]:
    """Each payment the way that it came, the last one first, as void_order does it."""
    taker = sale.order.client
    debt = _debt_of(taker, desk)
    return [
        way_of(
            tender,
            tender.standing,
            [],
            _lots_given_back(tender, tender.standing),
            {tender.pk: tender.kind},
            taker,
            desk,
            True,
            debt,
        )
        for tender in reversed(sale.tenders)
        if tender.standing
    ]


def _lots_given_back(tender: Tender, amount: Money) -> list[tuple[Lot, int]]:
    """What of `amount` goes back into which lots; the rest comes off what the client owes."""
    if not tender_kind_of(tender).draws_lots:
        return []
    from_lots = minor(amount) - min(minor(amount), minor(tender.owed_standing))
    return last_drawn_first(drawn_by([tender])[tender.pk], from_lots)


def _refund(
    sale: Sale,
    refundable: Refundable,
    portions: list[Portion],
    wishes: Mapping[int, str],
    client: Client | None,
    desk: Desk,
) -> Outcome:
    by_tender: dict[int, list[Portion]] = defaultdict(list)
    for portion in portions:
        by_tender[portion.allocation.tender_id].append(portion)
    taker = client or sale.order.client
    balances_on = balances_enabled(desk.location)
    debt = _debt_of(taker, desk)
    ways = []
    for tender in sale.tenders:
        if group := by_tender[tender.pk]:
            lots = [(part.allocation.lot, part.amount) for part in group if part.allocation.lot]
            lines = {part.allocation.line for part in group}
            amount = money(sum(part.amount for part in group))
            ways.append(way_of(tender, amount, lines, lots, wishes, taker, desk, balances_on, debt))
    lines_back = _line_parts(sale, refundable, portions)
    total = sum((way.amount for way in ways), money(0))
    becomes = status_of(sale.order, sale.totals.total, sale.refunded + total)
    refundable_now = sum((refundable.of_line(line) for line in sale.lines), money(0))
    return _outcome(sale, ways, lines_back, becomes, refundable_now - total, taker, desk)


def _debt_of(client: Client | None, desk: Desk) -> Debt:
    """What the client owes now. One query; none for a walk-in."""
    return Debt(balance_of(client, desk.business_date).owes if client else money(0))


def _line_parts(sale: Sale, refundable: Refundable, portions: list[Portion]) -> list[LinePart]:
    gross: dict[int, int] = defaultdict(int)
    taxes: dict[int, int] = defaultdict(int)
    for portion, tax in zip(portions, taxes_of(refundable, portions), strict=True):
        gross[portion.allocation.line_id] += portion.amount
        taxes[portion.allocation.line_id] += tax
    return [
        LinePart(line, money(gross[line.pk]), money(taxes[line.pk]))
        for line in sale.lines
        if gross[line.pk]
    ]


def _outcome(
    sale: Sale,
    ways: list[Way],
    lines: list[LinePart],
    becomes: SaleStatus,
    left: Money,
    taker: Client | None,
    desk: Desk,
) -> Outcome:
    facts = [
        str(sale.order.uuid),
        sale.order.revision,
        taker.pk if taker else None,
        desk.till.pk if desk.till else None,
        [(way.tender.pk, way.destination, minor(way.amount)) for way in ways],
        [(part.line.pk, minor(part.amount)) for part in lines],
    ]
    agreed = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:24]
    lacks_client = taker is None and any(way.destination == BALANCE for way in ways)
    return Outcome(ways, lines, becomes, left, agreed, lacks_client)
