"""Checkout's checks of the books, run by `verify_ledger` beside the ledger's own.

Each is a query as ledger/verifying.py describes: a row for each thing looked at, NULL when it is
well. Rows keep amounts in the currency's units, the ledger in minor units.
"""

from checkout.charges import verifying as charges
from checkout.tills import verifying as tills
from checkout.tip_payouts import verifying as tip_payouts
from ledger import verifying

# The open orders account never names which order an entry is of; its tenders' entries do. A house
# account's postings have no version: said here, an index has all that is asked. `offset 0`: once.
OPEN_ORDERS_HOLD_STANDING_TENDERS = """
select case when -posted <> standing then
    format('open orders hold %s, the payments that stand on open sales make %s', -posted, standing)
    end
from (
    select
        coalesce((
            select sum(p.posted) from ledger_account a, lateral (
                select sum(p.amount) as posted from ledger_posting p
                where p.account_id = a.id and p.version is null
            ) as p where a.kind = 'open_orders'
        ), 0) as posted,
        coalesce((
            select sum(t.amount - t.taken_back) * {units} from checkout_tender t
            join checkout_order o on o.id = t.order_id where o.status = 'open'
        ), 0) as standing
    offset 0
) as both_sides
"""

TENDERS_POSTED_WHAT_THEY_TOOK = """
select case when -coalesce(posted, 0) <> amount * {units} then
    format('payment %s on sale #%s: took %s, its entry %s posted %s',
           id, order_id + 1000, amount, entry_id, -coalesce(posted, 0)) end
from (
    select t.id, t.order_id, t.amount, t.entry_id,
           sum(p.amount) filter (where a.kind = 'open_orders') as posted
    from checkout_tender t
    left join ledger_posting p on p.entry_id = t.entry_id
    left join ledger_account a on a.id = p.account_id
    group by t.id
) as tenders
"""

TENDERS_OWE_WHAT_THEY_POSTED = """
select case when owed * {units} <> coalesce(posted, 0) then
    format('payment %s on sale #%s: %s owed, its entry %s put %s on what the client owes',
           id, order_id + 1000, owed, entry_id, coalesce(posted, 0)) end
from (
    select t.id, t.order_id, t.owed, t.entry_id,
           sum(p.amount) filter (where a.kind = 'receivable') as posted
    from checkout_tender t
    left join ledger_posting p on p.entry_id = t.entry_id
    left join ledger_account a on a.id = p.account_id
    group by t.id
) as tenders
"""

TENDERS_GAVE_BACK_WHAT_THEIR_PARTS_SAY = """
select case when taken_back <> parts then
    format('payment %s on sale #%s: %s taken back, its parts make %s',
           id, order_id + 1000, taken_back, parts) end
from (
    select t.id, t.order_id, t.taken_back, coalesce(sum(p.amount), 0) as parts
    from checkout_tender t
    left join checkout_refundpart p on p.tender_id = t.id and p.allocation_id is null
    group by t.id
) as tenders
"""

LINES_ARE_PAID = """
select case when allocated <> total then
    format('sale #%s, line %s: costs %s, allocations pay %s', order_id + 1000, id, total, allocated)
    end
from (
    select l.id, l.order_id, l.amount + l.tax as total, coalesce(sum(a.amount), 0) as allocated
    from checkout_lineitem l
    join checkout_order o on o.id = l.order_id and o.status = 'closed'
    left join checkout_allocation a on a.line_id = l.id
    group by l.id
) as lines
"""

PAYMENTS_ARE_SPENT = """
select case when allocated <> standing then
    format('sale #%s, payment %s: %s stands, allocations use %s',
           order_id + 1000, id, standing, allocated) end
from (
    select t.id, t.order_id, t.amount - t.taken_back as standing,
           coalesce(sum(a.amount), 0) as allocated
    from checkout_tender t
    join checkout_order o on o.id = t.order_id and o.status = 'closed'
    left join checkout_allocation a on a.tender_id = t.id
    group by t.id
) as tenders
"""

ALLOCATIONS_OUTLAST_REFUNDS = """
select case
    when refunded > amount then
        format('allocation %s (line %s): %s paid, %s refunded', id, line_id, amount, refunded)
    when astray then format('allocation %s: refunded as another payment''s', id)
    end
from (
    select a.id, a.line_id, a.amount, sum(p.amount) as refunded,
           bool_or(p.tender_id <> a.tender_id) as astray
    from checkout_allocation a join checkout_refundpart p on p.allocation_id = a.id
    group by a.id
) as refunded_ones
"""

VOIDED_SALES_HOLD_NOTHING = """
select case when standing <> 0 then
    format('sale #%s is voided, %s stands on it', id + 1000, standing) end
from (
    select o.id, coalesce(sum(t.amount - t.taken_back), 0) as standing
    from checkout_order o left join checkout_tender t on t.order_id = o.id
    where o.status = 'voided' group by o.id
) as voided
"""

LINES_SUM_THEIR_TAXES = """
select case when tax <> taxes then
    format('sale #%s, line %s: tax %s, its rates make %s', order_id + 1000, id, tax, taxes) end
from (
    select l.id, l.order_id, l.tax, coalesce(sum(t.amount), 0) as taxes
    from checkout_lineitem l left join checkout_linetax t on t.line_id = l.id
    group by l.id
) as lines
"""

LINES_COME_TO_THEIR_PRICE = """
select case when amount + discount + included <> price then
    format('sale #%s, line %s: %s + %s discount + %s tax in the price, and it was %s',
           order_id + 1000, id, amount, discount, included, price) end
from (
    select l.id, l.order_id, l.amount, l.discount, l.quantity * l.unit_price as price,
           coalesce(sum(t.amount) filter (where t.is_included), 0) as included
    from checkout_lineitem l left join checkout_linetax t on t.line_id = l.id
    group by l.id
) as lines
"""

DISCOUNTS_TOOK_OFF_WHAT_THEY_SAY = """
select case when by_line <> by_discount then
    format('sale #%s: discounts take off %s, its lines say %s',
           id + 1000, by_discount, by_line) end
from (
    select o.id,
           (select coalesce(sum(l.discount), 0) from checkout_lineitem l where l.order_id = o.id)
               as by_line,
           (select coalesce(sum(d.taken_off), 0) from checkout_discount d where d.order_id = o.id)
               as by_discount
    from checkout_order o
) as orders
"""

CHECKS = {
    "Open orders hold what stands on open sales": OPEN_ORDERS_HOLD_STANDING_TENDERS,
    "Payments posted what they took": TENDERS_POSTED_WHAT_THEY_TOOK,
    "Payments owe what they posted as owed": TENDERS_OWE_WHAT_THEY_POSTED,
    "Payments gave back what their parts say": TENDERS_GAVE_BACK_WHAT_THEIR_PARTS_SAY,
    "Lines of closed sales are paid in full": LINES_ARE_PAID,
    "Payments of closed sales are spent in full": PAYMENTS_ARE_SPENT,
    "Refunds give back no more than was paid": ALLOCATIONS_OUTLAST_REFUNDS,
    "Voided sales hold no money": VOIDED_SALES_HOLD_NOTHING,
    "Taxes of lines are the sums of their rates": LINES_SUM_THEIR_TAXES,
    "Lines come to their price": LINES_COME_TO_THEIR_PRICE,
    "Discounts took off what they say": DISCOUNTS_TOOK_OFF_WHAT_THEY_SAY,
}


def add_checks() -> None:
    """Called once, when the program starts."""
    verifying.register_all({**CHECKS, **tills.CHECKS, **charges.CHECKS, **tip_payouts.CHECKS})
