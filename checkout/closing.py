"""Closing an order: the sale counts, and its money moves from open orders to its accounts."""

from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects
from djmoney.money import Money

from appointments.finishing import finish
from appointments.locking import lock_all
from checkout.allocating import Share, allocate
from checkout.charges import shares as provider_shares
from checkout.charges.waiting import check_none_open
from checkout.errors import Refused
from checkout.funds import standing_funds
from checkout.left_over import lock_sales, settle_left_over
from checkout.line_kinds import kind_of, provider_of
from checkout.locking import check_fresh, lock, require
from checkout.models import Allocation, LineItem, LineTax, Order, Tender
from checkout.models.orders import Totals
from checkout.proposing import apply_proposed
from checkout.tender_kinds import BALANCE, CARD
from ledger import accounts
from ledger.kinds import EntryKind
from ledger.legs import Leg, Move, Open
from ledger.posting import Cause, post
from salon import permissions
from salon.desk import Desk
from salon.money import minor, money


@transaction.atomic
def close_order(
    *, order: Order, desk: Desk, revision: int | None = None, left_over: str = BALANCE
) -> Order:
    """Close an order whose payments equal its total. Closing it again answers with the closed one.

    A deposit that it proposes is applied first. What is left of it then becomes balance, or goes
    back to the card (`left_over`).
    One entry: open orders against each line's account and tax. Writes the allocations that refunds
    read, and the transfers of providers' shares of card payments. Raises Refused: no lines,
    something left to pay, too much paid, money with no place.
    """
    require(desk, permissions.MODIFY_SALES, "start a checkout or modify sales")
    locked = lock(order)
    if locked.status == Order.Status.CLOSED:
        return locked
    check_fresh(locked, revision)
    check_none_open(locked, "The sale stays open.")
    if left_over == CARD:
        lock_sales(locked)
    lines = locked.lines.select_related("beneficiary", "staff__merchant_account").with_taxes()
    return _close(locked, list(lines), list(locked.tenders.all()), desk, left_over)


def close_new(order: Order, lines: list[LineItem], tenders: list[Tender], desk: Desk) -> Order:
    """As `close_order`, one that was made in this very transaction with these lines and payments:
    nobody else has it, and nothing is read again. Raises Refused.
    """
    require(desk, permissions.MODIFY_SALES, "start a checkout or modify sales")
    prefetch_related_objects(lines, Prefetch("taxes", LineTax.objects.select_related("rate")))
    return _close(order, lines, tenders, desk, BALANCE)


def _close(
    locked: Order, lines: list[LineItem], tenders: list[Tender], desk: Desk, left_over: str
) -> Order:
    locked.closed_at, locked.closed_by = desk.at, desk.staff  # Kinds of line ask for them.
    locked.business_date = desk.business_date
    _hold_what_lines_concern(locked, lines)
    provider_shares.hold(provider_shares.concerned(lines, tenders))
    totals = Totals(lines, tenders)
    if totals.remaining.amount > 0 and apply_proposed(locked, desk):
        tenders = list(locked.tenders.all())
        totals = Totals(lines, tenders)
    _check(lines, totals.remaining)
    due = _share_out(locked, lines, tenders)
    if totals.total:
        _post(locked, lines, minor(totals.total), desk)
    else:  # A sale of nothing but free lines moves no money.
        for line in lines:
            kind_of(line).closed(line, [])
    locked.status = Order.Status.CLOSED
    locked.revision += 1  # Under the lock: as `touch`, in the same query.
    locked.save()
    provider_shares.hand_on(locked, due, desk)
    if locked.appointment:
        finish(appointment=locked.appointment)
        settle_left_over(locked, left_over, desk)
    return locked


def _hold_what_lines_concern(order: Order, lines: list[LineItem]) -> None:
    """Lock it before any account is: who decides about a visit's deposit locks in that order, too.

    One query where the order or a line of it is of a visit.
    """
    visits = [order.appointment_id, *(line.appointment_id for line in lines)]
    locked = lock_all(visit for visit in visits if visit)
    if order.appointment_id:
        order.appointment = locked[order.appointment_id]
    for line in lines:
        kind_of(line).hold(line)


def _check(lines: list[LineItem], remaining: Money) -> None:
    if not lines:
        raise Refused("There is nothing on this sale yet. Add a service or a product first.")
    if remaining.amount > 0:
        raise Refused(f"{remaining} remains to be paid. The sale stays open.")
    if remaining.amount < 0:
        raise Refused(
            f"{-remaining} more was paid than the sale costs. Take that much back from a payment "
            "first."
        )


def _share_out(order: Order, lines: list[LineItem], tenders: list[Tender]) -> provider_shares.Due:
    """Write which money paid which line, and whose each line is; what providers are due of it."""
    shares = allocate(lines, standing_funds(order, tenders))
    allocations = Allocation.objects.bulk_create([_allocation(share) for share in shares])
    _name_providers(lines)
    return provider_shares.due_of(allocations)


def _name_providers(lines: list[LineItem]) -> None:
    """Write whose each line is from now on. One query, none where all are the house's."""
    for line in lines:
        line.provider = provider_of(line)
    LineItem.objects.bulk_update([line for line in lines if line.provider], ["provider"])


def _post(order: Order, lines: list[LineItem], total: int, desk: Desk) -> None:
    """One entry for the whole order; then each kind is told of the lots that its line opened."""
    by_line = [(line, [*kind_of(line).credit_legs(line), *_tax_legs(line)]) for line in lines]
    legs: list[Leg] = [Move(accounts.OPEN_ORDERS, total)]
    legs += [leg for _, line_legs in by_line for leg in line_legs if leg.amount]
    posted = post(
        key=f"order:{order.uuid}:close",
        kind=EntryKind.SALE,
        legs=legs,
        desk=desk,
        cause=Cause("order", str(order.uuid)),
    )
    order.entry_id = posted.entry_id
    opened = iter(posted.opened)
    for line, line_legs in by_line:
        lots = [next(opened) for leg in line_legs if isinstance(leg, Open)]
        kind_of(line).closed(line, lots)


def _tax_legs(line: LineItem) -> list[Leg]:
    """One for each rate that the line was charged."""
    return [Move(accounts.tax(tax.rate), -minor(tax.amount)) for tax in line.taxes.all()]


def _allocation(share: Share) -> Allocation:
    return Allocation(
        line=share.line, tender=share.fund.tender, lot=share.fund.lot, amount=money(share.amount)
    )
