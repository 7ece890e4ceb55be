"""The app's checks of the books, run by `verify_ledger` beside those of the floors below.

Each is a query as ledger/verifying.py describes: a row for each thing looked at, NULL when it is
well. Rows keep amounts in the currency's units, the ledger in minor units.
"""

from checkout.charges.verifying import paid_or_got_it_back
from ledger import verifying
from memberships.purposes import ENROLMENT, PERIOD

# What is not in a lot has settled what the client owed; restricted money never does.
PAID_PERIODS_ADDED_THEIR_MONEY = """
select case
    when sale is distinct from 'closed' or kind is distinct from 'membership' then
        format('period %s: paid, and line %s of its sale #%s (%s) is a %s',
               uuid, line_id, order_id + 1000, sale, kind)
    when sold <> price then
        format('period %s costs %s, and was sold for %s on sale #%s',
               uuid, price, sold, order_id + 1000)
    when astray then
        format('period %s: its lots were not opened by sale #%s, or are of another kind',
               uuid, order_id + 1000)
    when paid_lot > paid or bonus_lot > bonus then
        format('period %s: lots of %s and %s, it adds %s and a bonus of %s',
               uuid, paid_lot, bonus_lot, paid, bonus)
    when paid - paid_lot + bonus - bonus_lot > settled then
        format('period %s: lots of %s and %s for %s and a bonus of %s, %s settled what was owed',
               uuid, paid_lot, bonus_lot, paid, bonus, settled)
    end
from (
    select p.uuid, p.price, p.order_id, p.line_id, o.status as sale, l.kind,
           l.unit_price * l.quantity as sold,
           (least(p.adds, l.amount) * {units})::bigint as paid,
           ((p.adds - least(p.adds, l.amount)) * {units})::bigint as bonus,
           coalesce(opened.amount, 0) as paid_lot, coalesce(extra.amount, 0) as bonus_lot,
           (opened.opened_by_id, opened.source, opened.is_paid, opened.restriction)
               <> (o.entry_id, 'membership', true, p.buys)
           or (extra.opened_by_id, extra.source, extra.is_paid, extra.restriction)
               <> (o.entry_id, 'membership', false, p.buys) as astray,
           case when p.buys = 'any' then coalesce((
               select -sum(g.amount) from ledger_posting g
               join ledger_account a on a.id = g.account_id
               where g.entry_id = o.entry_id and a.kind = 'receivable'), 0)
           else 0 end as settled
    from memberships_period p
    left join checkout_order o on o.id = p.order_id
    left join checkout_lineitem l on l.id = p.line_id and l.order_id = p.order_id
    left join ledger_lot opened on opened.id = p.paid_lot_id
    left join ledger_lot extra on extra.id = p.bonus_lot_id
    where p.status = 'paid'
) as paid_ones
"""

OTHER_PERIODS_ADDED_NOTHING = """
select case when p.paid_lot_id is not null or p.bonus_lot_id is not null or o.status = 'closed' then
    format('period %s: %s, and sale #%s of it is %s, with lots %s and %s',
           p.uuid, p.status, o.id + 1000, o.status, p.paid_lot_id, p.bonus_lot_id) end
from memberships_period p left join checkout_order o on o.id = p.order_id
where p.status <> 'paid'
"""

SOLD_LINES_HAVE_THEIR_PERIOD = """
select case when periods + trials <> 1 then
    format('sale #%s, line %s: sold as a membership, it pays %s periods and begins %s trials',
           order_id + 1000, id, periods, trials) end
from (
    select l.id, l.order_id,
           (select count(*) from memberships_period p
            where p.line_id = l.id and p.status = 'paid') as periods,
           (select count(*) from memberships_enrolment e
            where e.line_id = l.id and e.status = 'started' and e.has_trial) as trials
    from checkout_lineitem l
    join checkout_order o on o.id = l.order_id and o.status = 'closed'
    where l.kind = 'membership'
) as sold
"""

SALES_POSTED_WHAT_THEY_ADD = """
select case when posted_bonus <> bonus or posted_income <> income then
    format('sale #%s: memberships add a bonus of %s and earn %s, its entry posted %s and %s',
           id + 1000, bonus, income, posted_bonus, posted_income) end
from (
    select o.id, (sold.bonus * {units})::bigint as bonus,
           (sold.income * {units})::bigint as income,
           coalesce(sum(g.amount) filter (where a.kind = 'goodwill'), 0) as posted_bonus,
           coalesce(-sum(g.amount) filter (where a.name = 'income/memberships'), 0)
               as posted_income
    from (
        select l.order_id,
               coalesce(sum(p.adds - least(p.adds, l.amount)), 0) as bonus,
               sum(case when l.kind = 'joining_fee' then l.amount
                   else l.amount - least(coalesce(p.adds, 0), l.amount) end) as income
        from checkout_lineitem l
        left join memberships_period p on p.line_id = l.id
        where l.kind in ('membership', 'joining_fee')
        group by l.order_id
    ) as sold
    join checkout_order o on o.id = sold.order_id and o.status = 'closed'
    left join ledger_posting g on g.entry_id = o.entry_id
    left join ledger_account a on a.id = g.account_id
    group by o.id, sold.bonus, sold.income
) as sales
"""

ENROLMENTS_STARTED_ONCE_PAID = """
select case
    when e.status = 'started' and m.id is null then
        format('enrolment %s: started, and nobody is a member by it', e.uuid)
    when e.status <> 'started' and m.id is not null then
        format('enrolment %s: %s, and membership %s began by it', e.uuid, e.status, m.id)
    when m.client_id <> e.client_id then
        format('enrolment %s is of client %s, its membership of client %s',
               e.uuid, e.client_id, m.client_id)
    when e.status = 'started' and e.line_id is not null and o.status <> 'closed' then
        format('enrolment %s: started, and its sale #%s is %s', e.uuid, o.id + 1000, o.status)
    when e.status = 'started' and e.line_id is null and not e.has_trial then
        format('enrolment %s: started, and nothing was paid for it', e.uuid)
    end
from memberships_enrolment e
left join memberships_membership m on m.enrolment_id = e.id
left join checkout_lineitem l on l.id = e.line_id
left join checkout_order o on o.id = l.order_id
"""

CARDS_PAID_THE_SALE_OF_WHAT_THEY_ARE_FOR = """
select case when paid is distinct from named then
    format('card payment %s: paid sale #%s, and what it is for says sale #%s',
           uuid, paid + 1000, named + 1000) end
from (
    select a.uuid, c.order_id as paid, coalesce(p.order_id, l.order_id) as named
    from cards_attempt a
    join checkout_ordercharge c on c.attempt_id = a.id and c.tender_id is not null
    left join memberships_period p
        on a.purpose = 'membership' and p.uuid::text = a.reference and p.status = 'paid'
    left join memberships_enrolment e
        on a.purpose = 'enrolment' and e.uuid::text = a.reference and e.status = 'started'
    left join checkout_lineitem l on l.id = e.line_id
    where a.purpose in ('membership', 'enrolment') and a.status = 'succeeded'
) as charged
"""

ONE_MEMBERSHIP_OF_A_PLAN = """
select case when count(*) > 1 then
    format('client %s: %s memberships of plan %s at a time', client_id, count(*), plan_id) end
from memberships_membership where status <> 'ended' group by client_id, plan_id
"""

CHECKS = {
    "Periods of memberships that are paid added their money": PAID_PERIODS_ADDED_THEIR_MONEY,
    "Periods of memberships that are not paid added nothing": OTHER_PERIODS_ADDED_NOTHING,
    "Sales of memberships pay one period each, or begin a trial": SOLD_LINES_HAVE_THEIR_PERIOD,
    "Sales of memberships posted what they add and earn": SALES_POSTED_WHAT_THEY_ADD,
    "Enrolments that were paid began a membership": ENROLMENTS_STARTED_ONCE_PAID,
    "Cards that paid to enrol have it in a sale, or got it straight back": (
        paid_or_got_it_back(ENROLMENT, "enrolment")
    ),
    "Cards that paid a billing period have it in a sale, or got it straight back": (
        paid_or_got_it_back(PERIOD, "membership")
    ),
    "Cards that paid a membership paid the sale of what they are for": (
        CARDS_PAID_THE_SALE_OF_WHAT_THEY_ARE_FOR
    ),
    "Clients are members of a plan once at a time": ONE_MEMBERSHIP_OF_A_PLAN,
}


def add_checks() -> None:
    """Called once, when the program starts."""
    verifying.register_all(CHECKS)
