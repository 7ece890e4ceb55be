"""Writing a payment: its entry and its row. Whether it may be taken was asked before."""

from checkout.errors import StaleOrder
from checkout.locking import touch
from checkout.models import Tender
from checkout.tender_kinds import Taking, kind_named
from ledger import accounts
from ledger.errors import LotMoved
from ledger.kinds import EntryKind
from ledger.legs import Move
from ledger.posting import Cause, post
from salon.money import minor


def post_tender(tender: Tender, taking: Taking) -> Tender:
    """Post a payment of the locked order and save it. Raises Refused, and NotEnoughCredit."""
    order, desk = taking.order, taking.desk
    kind = kind_named(tender.kind)
    try:
        posted = post(
            key=f"tender:{tender.uuid}:take",
            kind=EntryKind.TENDER,
            legs=[
                *kind.debit_legs(tender, taking),
                Move(accounts.OPEN_ORDERS, -minor(tender.amount)),
            ],
            desk=desk,
            cause=Cause("order", str(order.uuid)),
        )
    except LotMoved as moved:
        raise StaleOrder(
            "The deposit was changed at another till a moment ago. Nothing was taken. "
            "This is how it stands now: look it over and go on."
        ) from moved
    kind.posted(tender, taking, posted.entry_id)
    tender.order = order
    tender.entry_id = posted.entry_id
    tender.taken_at = desk.at
    tender.taken_by = desk.staff
    tender.save(force_insert=True)
    touch(order)
    return tender
