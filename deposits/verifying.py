"""The app's checks of the books, run by `verify_ledger` beside those of the floors below.

Each is a query as ledger/verifying.py describes: a row for each thing looked at, NULL when it is
well. Rows keep amounts in the currency's units, the ledger in minor units.
"""

from checkout.charges.verifying import paid_or_got_it_back
from deposits.purposes import DEPOSIT
from ledger import verifying

CONFIRMED_ARE_PAID = """
select case
    when sold is not null and sold <> amount then
        format('deposit request %s of %s: its sale has %s of deposit for this visit',
               uuid, amount, sold)
    when sold is null and set_aside is distinct from amount * {units} then
        format('deposit request %s of %s: confirmed, sold by no sale, and %s were set aside',
               uuid, amount, coalesce(set_aside, 0))
    when sold is not null and set_aside is not null then
        format('deposit request %s of %s: sold and set aside as well', uuid, amount)
    end
from (
    select r.uuid, r.amount,
           case when r.order_id is not null then coalesce((
               select sum(l.unit_price * l.quantity) from checkout_lineitem l
               join checkout_order o on o.id = l.order_id and o.status = 'closed'
               where l.order_id = r.order_id and l.kind = 'deposit'
                 and coalesce(l.appointment_id, r.appointment_id) = r.appointment_id
           ), 0) end as sold,
           (select sum(lot.amount) from ledger_entry e
            join ledger_lot lot on lot.opened_by_id = e.id
            where e.key = format('deposit_request:%s:earmark', r.uuid)
              and lot.appointment_id = r.appointment_id) as set_aside
    from deposits_depositrequest r
    where r.status = 'confirmed' and r.amount > 0
) as confirmed
"""

OTHERS_ARE_NOT_PAID = """
select case
    when order_id is not null or set_aside > 0 then
        format('deposit request %s: %s, and its payment stands', uuid, status)
    when status <> 'returned' and charged > 0 then
        format('deposit request %s: %s, and %s of its card payments went through',
               uuid, status, charged)
    when status = 'returned' and charged = 0 then
        format('deposit request %s: sent back, and no card was charged for it', uuid)
    end
from (
    select r.uuid, r.status, r.order_id,
           (select count(*) from ledger_entry e
            where e.key = format('deposit_request:%s:earmark', r.uuid)) as set_aside,
           (select count(*) from cards_attempt a
            where a.purpose = 'deposit' and a.reference = r.uuid::text
              and a.status = 'succeeded') as charged
    from deposits_depositrequest r where r.status <> 'confirmed'
) as others
"""

CARDS_PAID_THE_SALE_OF_THEIR_REQUEST = """
select case when paid is distinct from named then
    format('card payment %s: paid sale #%s, and its deposit request says sale #%s',
           a.uuid, paid + 1000, named + 1000) end
from (
    select a.uuid, c.order_id as paid, r.order_id as named
    from cards_attempt a
    join checkout_ordercharge c on c.attempt_id = a.id and c.tender_id is not null
    left join deposits_depositrequest r on r.uuid::text = a.reference
    where a.purpose = 'deposit' and a.status = 'succeeded'
) as a
"""

WAITING_HOLD_THEIR_TIME = """
select case
    when visit = 'pending' and not occupies or visit = 'lapsed' and occupies then
        format('visit %s: %s, and its time is %s', uuid, visit,
               case when occupies then 'taken' else 'free' end)
    when visit = 'pending' and waiting <> 1 then
        format('visit %s: waits for a deposit, and %s requests for one wait', uuid, waiting)
    when visit = 'lapsed' and waiting > 0 then
        format('visit %s: lapsed, and a request for a deposit waits', uuid)
    end
from (
    select v.uuid, v.status as visit,
           (select count(*) from deposits_depositrequest r
            where r.appointment_id = v.id and r.status = 'waiting') as waiting,
           exists (select from appointments_appointmentservice s
                   where s.appointment_id = v.id and s.occupies) as occupies
    from appointments_appointment v where v.status in ('pending', 'lapsed')
) as visits
"""

CHECKS = {
    "Deposit requests that are confirmed are paid in full": CONFIRMED_ARE_PAID,
    "Deposit requests that are not confirmed keep no money": OTHERS_ARE_NOT_PAID,
    "Cards that paid a deposit have it in a sale, or got it straight back": (
        paid_or_got_it_back(DEPOSIT, "deposit")
    ),
    "Cards that paid a deposit paid the sale that its request names": (
        CARDS_PAID_THE_SALE_OF_THEIR_REQUEST
    ),
    "Visits that wait for a deposit hold their time, lapsed ones do not": WAITING_HOLD_THEIR_TIME,
}


def add_checks() -> None:
    """Add them; called once, when the program starts."""
    verifying.register_all(CHECKS)
