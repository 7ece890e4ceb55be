"""How the money in held lots was paid, for many lots at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from checkout import words
from checkout.models import LineItem, Order
from ledger.descent import origins_of
from ledger.models import Lot
from salon import said


@dataclass(frozen=True)
class Origin:
    """The sale that sold a lot; None where it came from elsewhere: opening balances, a merge."""

    order: Order | None
    how: str
    """Visa •••• 4242; Cash and Check; Brought in, where no sale sold it."""


def origins(lots: Iterable[Lot]) -> dict[int, Origin]:
    """By the id of each lot. Three queries; none for no lots."""
    first = origins_of([lot.pk for lot in lots])
    lines = (
        LineItem.objects.filter(opened_lot__in=set(first.values()))
        .select_related("order")
        .prefetch_related("order__tenders__custom")
    )
    sold = {line.opened_lot_id: line.order for line in lines} if first else {}
    return {lot: _told(sold.get(origin)) for lot, origin in first.items()}


def _told(order: Order | None) -> Origin:
    if order is None:
        return Origin(None, "From the account balance")
    paid = [tender for tender in order.tenders.all() if tender.returned_at is None]
    return Origin(order, said.listed(dict.fromkeys(_named(tender) for tender in paid)))


def _named(tender: words.Tender) -> str:
    return tender.reference or words.payment(tender)
