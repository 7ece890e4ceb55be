"""The tills' checks of the books; how a check reads is told in ledger/verifying.py."""

CLOSED_TILLS_POSTED_WHAT_THEY_COUNTED = """
select case
    when coalesce(over_short, 0) <> (expected - counted) * {units} then
        format('%s of %s: %s expected, %s counted, its entry %s posted %s as over/short',
               till, business_date, expected, counted, closing_entry_id, coalesce(over_short, 0))
    when coalesce(to_safe, 0) <> (counted - left_in) * {units} then
        format('%s of %s: %s counted, %s left in, its entry %s brought %s to the safe',
               till, business_date, counted, left_in, closing_entry_id, coalesce(to_safe, 0))
    end
from (
    select s.id, t.name as till, s.business_date, s.expected, s.counted, s.left_in,
           s.closing_entry_id,
           sum(p.amount) filter (where a.kind = 'over_short') as over_short,
           sum(p.amount) filter (where a.name = 'cash/safe:' || t.location_id) as to_safe
    from checkout_tillsession s
    join salon_till t on t.id = s.till_id
    left join ledger_posting p on p.entry_id = s.closing_entry_id
    left join ledger_account a on a.id = p.account_id
    where s.closed_at is not null
    group by s.id, t.id
) as closed
"""

FLOATS_AND_CASH_MAKE_THE_EXPECTED = """
select case when float * {units} + moved <> expected * {units} then
    format('%s of %s: %s float and %s moved make no %s expected',
           till, business_date, float, moved, expected) end
from (
    select s.id, t.name as till, s.business_date, s.float, s.expected, (
        select coalesce(sum(p.amount), 0) from ledger_posting p
        join ledger_account a on a.id = p.account_id
        where a.name = 'cash/till:' || s.till_id
          and p.entry_id > s.opened_after and p.entry_id <= s.closed_after
    ) as moved
    from checkout_tillsession s join salon_till t on t.id = s.till_id
    where s.closed_at is not null
) as closed
"""

MOVEMENTS_POSTED_WHAT_THEY_SAY = """
select case when posted is distinct from amount * {units} then
    format('%s, cash paid %s (%s): %s by hand, its entry %s posted %s',
           till, direction, reason, abs(amount), entry_id, coalesce(posted, 0)) end
from (
    select m.id, t.name as till, m.direction, m.reason, m.entry_id,
           case m.direction when 'in' then m.amount else -m.amount end as amount,
           sum(p.amount) filter (where a.name = 'cash/till:' || m.till_id) as posted
    from checkout_cashmovement m
    join salon_till t on t.id = m.till_id
    left join ledger_posting p on p.entry_id = m.entry_id
    left join ledger_account a on a.id = p.account_id
    group by m.id, t.id
) as movements
"""

CHECKS = {
    "Closed tills posted what was over, short and brought to the safe": (
        CLOSED_TILLS_POSTED_WHAT_THEY_COUNTED
    ),
    "Floats and the cash since make what tills should hold": FLOATS_AND_CASH_MAKE_THE_EXPECTED,
    "Cash moved by hand posted what it says": MOVEMENTS_POSTED_WHAT_THEY_SAY,
}
