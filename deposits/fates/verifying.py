"""Checks of decisions about deposits and of fees, run by `verify_ledger`.

As in deposits/verifying.py: a row for each thing looked at, NULL when it is well.
"""

from checkout.charges.verifying import paid_or_got_it_back
from deposits.purposes import FEE
from ledger import verifying

DECISIONS_ADD_UP = """
select case when parts <> held then
    format('decision %s: %s was held, and its parts make %s', uuid, held, parts) end
from (
    select d.uuid, d.held, sum(f.amount) as parts
    from deposits_decision d join deposits_fate f on f.decision_id = d.id
    group by d.id
) as decisions
"""

FATES_POSTED_WHAT_THEY_SAY = """
select case
    when kind = 'refunded' and refunded is distinct from amount then
        format('fate %s: %s back to the card, and its refunds give %s',
               uuid, amount, coalesce(refunded, 0))
    when kind <> 'refunded' and taken is distinct from amount * {units} then
        format('fate %s: %s %s, and its entry takes %s from what was held for visit %s',
               uuid, amount, kind, coalesce(taken, 0), visit)
    when kind <> 'refunded' and (undone_at is not null) <> is_undone then
        format('fate %s: undone is %s, its entry''s reversal is %s',
               uuid, undone_at is not null, is_undone)
    end
from (
    select f.uuid, f.kind, f.amount, f.undone_at, d.appointment_id as visit,
           (select sum(p.amount) from ledger_posting p
            join ledger_lot l on l.id = p.lot_id and l.appointment_id = d.appointment_id
            where p.entry_id = f.entry_id and p.amount > 0) as taken,
           f.undone_entry_id is not null as is_undone,
           (select sum(part.amount) from deposits_fate_refunds r
            join checkout_refundpart part on part.refund_id = r.refund_id
            where r.fate_id = f.id) as refunded
    from deposits_fate f join deposits_decision d on d.id = f.decision_id
) as fates
"""

FEES_ARE_SETTLED_AS_THEY_SAY = """
select case
    when status = 'covered' and from_deposit <> amount then
        format('fee %s of %s: covered, and %s came out of the deposit', uuid, amount, from_deposit)
    when status in ('paid', 'owed') and coalesce(sold, 0) < amount - from_deposit then
        format('fee %s of %s: %s, its deposit paid %s and its sale %s',
               uuid, amount, status, from_deposit, coalesce(sold, 0))
    when from_deposit > forfeited then
        format('fee %s: %s of it came out of the deposit, of which %s was forfeited',
               uuid, from_deposit, forfeited)
    end
from (
    select f.uuid, f.status, f.amount, f.from_deposit,
           (select sum(l.quantity * l.unit_price) from checkout_lineitem l
            join checkout_order o on o.id = l.order_id and o.status = 'closed'
            where l.order_id = f.order_id and l.kind = 'fee') as sold,
           coalesce((select sum(a.amount) from deposits_fate a
            where a.decision_id = f.decision_id and a.kind = 'forfeited'
              and a.undone_at is null), 0) as forfeited
    from deposits_fee f where f.status <> 'waived'
) as fees
"""

CHECKS = {
    "Decisions about deposits add up to what was held": DECISIONS_ADD_UP,
    "Fates of deposits posted what they say": FATES_POSTED_WHAT_THEY_SAY,
    "Fees are settled as they say": FEES_ARE_SETTLED_AS_THEY_SAY,
    "Cards that paid a fee have it in a sale, or got it straight back": paid_or_got_it_back(
        FEE, "fee"
    ),
}


def add_checks() -> None:
    """Called once, when the program starts."""
    verifying.register_all(CHECKS)
