"""The money standing on an order, tender by tender, and for Credits lot by lot."""

from collections.abc import Iterable
from dataclasses import dataclass

from checkout.models import Order, Refund, Tender
from checkout.tender_kinds import kind_of
from ledger.models import Lot, Posting
from salon.money import minor


@dataclass(frozen=True)
class Fund:
    """So much of a tender; for Credits, out of one lot, or (no lot) of what the client owes.

    Minor units, above zero.
    """

    tender: Tender
    lot: Lot | None
    amount: int

    @property
    def restriction(self) -> str:
        return self.lot.restriction if self.lot else "any"


def standing_funds(order: Order, tenders: Iterable[Tender]) -> list[Fund]:
    """What stands on an open order, in the order of taking and drawing. At most two queries."""
    standing = [tender for tender in tenders if tender.standing]
    drawn = drawn_by([tender for tender in standing if kind_of(tender).draws_lots])
    funds: list[Fund] = []
    for tender in standing:
        if kind_of(tender).draws_lots:
            funds += [Fund(tender, lot, amount) for lot, amount in drawn[tender.pk]]
            # Last, as it was taken: what goes back comes off it first.
            if tender.owed_standing:
                funds.append(Fund(tender, None, minor(tender.owed_standing)))
        else:
            funds.append(Fund(tender, None, minor(tender.standing)))
    return funds


def drawn_by(tenders: list[Tender]) -> dict[int, list[tuple[Lot, int]]]:
    """What each tender that draws lots still draws from which, in the order of drawing.

    The tender's own entry, less what its lots or children of them got back while the order was
    open. At most two queries.
    """
    if not tenders:
        return {}
    taken = {tender.entry_id: tender.pk for tender in tenders}
    given_back = dict(
        Refund.objects.filter(before_close=True, parts__tender__in=tenders).values_list(
            "entry_id", "parts__tender_id"
        )
    )
    drawn: dict[int, dict[Lot, int]] = {tender.pk: {} for tender in tenders}
    postings = (
        Posting.objects.filter(entry__in=[*taken, *given_back], lot__isnull=False)
        .select_related("lot__appointment", "lot__parent")
        .order_by("entry_id", "line")
    )
    for posting in postings:
        lot = posting.lot
        assert lot is not None  # nosec B101 - the query asks for lots
        if posting.entry_id in taken:
            by_lot = drawn[taken[posting.entry_id]]
            by_lot[lot] = by_lot.get(lot, 0) + posting.amount
        else:
            by_lot = drawn[given_back[posting.entry_id]]
            source = lot if lot in by_lot else lot.parent
            # A lot of neither is what the client owed for this payment, and had paid off meanwhile.
            if source in by_lot:
                by_lot[source] += posting.amount
    return {tender.pk: _as_far_as_it_stands(tender, drawn[tender.pk]) for tender in tenders}


def _as_far_as_it_stands(tender: Tender, by_lot: dict[Lot, int]) -> list[tuple[Lot, int]]:
    """What went to a balance and settled a debt opened no lot: it comes off the last drawn."""
    left = minor(tender.standing - tender.owed_standing)
    drawn = []
    for lot, amount in by_lot.items():
        part = min(amount, left)
        left -= part
        if part:
            drawn.append((lot, part))
    return drawn
