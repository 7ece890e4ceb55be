"""What `screening` asks of all rows at once.

Sums are weighed: each entry, day and version has a weight of its own, 0 to 2^29, made of a seed
that is drawn anew with each run. What is alike on both sides is alike under any weights; what is
not comes out alike once in half a billion runs. No group for each of millions of entries has to be
made for it, and no two tables of millions be joined. Hashes fold numbers to 32 bits, and weighed
amounts have to fit into 64 (PostgreSQL refuses to go beyond): what does not is looked at closely.
Modulo a prime of 31 bits, millions of them add up without numbers of any length.
"""

# An entry's weight is that of its id and day together. Amounts of an entry add up to zero; its
# first line brings one number, its second another: what is left is both of them for each entry,
# unless one has no two lines, or a line has no entry or another day.
#
# Versions: (balance before) by its weight less (balance after) by the next one's. Along an account,
# all but the first and the last fall out; what is put on top of each balance counts the versions.
#
# Days: by account, since then their kinds are known without a join.
POSTINGS = """
with posted as (
    select account_id, count(*) as postings, count(version) as versions,
           count(lot_id) as lots, min(balance_after) as lowest, max(balance_after) as highest,
           count(*) filter (where amount = 0 or version >> 32 <> 0) as unfit,
           sum(((amount + case line when 1::smallint then {first} when 2::smallint then {second}
                         else 0 end)
               * (hashint4extended(business_date - date '2000-01-01',
                      hashint8extended(entry_id, {seed})) & 536870911) % {prime})::int) as weighed,
           sum(((amount + {extra})
               * (hashint4extended(business_date - date '2000-01-01', {seed}) & 536870911)
               % {prime})::int) filter (where entry_id <= {through}) as days,
           sum((((balance_after - amount + {extra})
                   * (hashint8extended(version, {seed}) & 536870911)
               - (balance_after + {extra})
                   * (hashint8extended(version + 1, {seed}) & 536870911)
               ) % {prime})::int) as history,
           bit_xor(ledger_row_hash(p)) as hash
    from ledger_posting p group by account_id
), accounts as (
    select p.*, a.id, a.kind, a.currency, a.balance, a.version,
           a.kind in ('client_credit', 'receivable', 'gift_card') as guarded,
           a.kind in ('client_credit', 'gift_card') as stored
    from posted p full join ledger_account a on a.id = p.account_id
)
select coalesce(sum(postings), 0)::bigint, coalesce(sum(versions), 0)::bigint,
       coalesce(sum(lots), 0)::bigint, coalesce(sum(weighed), 0), coalesce(bit_xor(hash), 0),
       coalesce(sum(days % {prime} * (hashtextextended(kind, {seed}) & 536870911)), 0),
       coalesce(sum(unfit), 0) = 0
           and (select coalesce(min(entry_id) > 0 and max(entry_id) >> 32 = 0, true)
                from ledger_posting),
       count(distinct currency) <= 1,
       coalesce(bool_and(
           id is not null and lots = case when stored then postings else 0 end
           and versions = case when version is null then 0 else postings end
           and (version is null) = (balance is null) and (guarded or highest is null)
       ) filter (where postings > 0), true),
       count(*) filter (where guarded),
       coalesce(bool_and((
           version = coalesce(postings, 0) and (coalesce(history, 0)
               - {extra}::numeric * (hashint8extended(1, {seed}) & 536870911)
               + (balance + {extra}::numeric)
                   * (hashint8extended(version + 1, {seed}) & 536870911)) % {prime} = 0
       ) is true) filter (where guarded), true),
       coalesce(bool_and(
           case when kind = 'receivable' then lowest >= 0 else highest <= 0 end), true)
from accounts
"""

ENTRIES = """
with by_day as (
    select location_id, staff_id, business_date, count(*) as entries,
           sum(hashint4extended(business_date - date '2000-01-01',
                   hashint8extended(id, {seed})) & 536870911) as weights,
           bit_xor(ledger_row_hash(e)) as hash
    from ledger_entry e group by location_id, staff_id, business_date
)
select coalesce(sum(d.entries), 0)::bigint, coalesce(sum(weights), 0), coalesce(bit_xor(hash), 0),
       coalesce(bool_and(
           l.id is not null and (s.id is not null or d.staff_id is null)), true),
       (select coalesce(min(id) > 0 and max(id) >> 32 = 0, true) from ledger_entry),
       count(distinct (d.location_id, d.business_date)),
       coalesce(bool_and(
           seal.id is not null or d.business_date > t.through or t.through is null), true),
       coalesce(array_agg(distinct d.business_date::text) filter (where seal.id is null),
           array[]::text[])
from by_day d
left join ledger_seal seal using (location_id, business_date)
left join (
    select location_id, max(business_date) as through from ledger_seal group by location_id
) as t using (location_id)
left join salon_location l on l.id = d.location_id
left join salon_staffmember s on s.id = d.staff_id
"""

# What POSTINGS cannot see: lines behind the second that add up to zero by themselves, of no entry
# or of another day than theirs. One of them is then a debit, and most of these lines are credits.
THIRD_LINES = """
select count(*) from ledger_posting p
where p.line not in (1, 2) and p.amount > 0 and not exists (
    select from ledger_entry e where e.id = p.entry_id and e.business_date = p.business_date)
"""

DAY_SUMS = """
select count(distinct (business_date, kind)), coalesce(sum((amount + {extra}::numeric * postings)
           * (hashint4extended(business_date - date '2000-01-01', {seed}) & 536870911)
           * (hashtextextended(kind, {seed}) & 536870911)), 0)
from ledger_daysum
"""

LOTS = """
select count(*) as lots, coalesce(sum(postings), 0) as postings,
       count(*) filter (where astray > 0) as astray,
       count(*) filter (where (
           remaining = left_over and opened = amount and is_open = (remaining > 0)
           and remaining between 0 and amount and card_ceiling between 0 and amount
       ) is not true) as wrong
from (
    select l.amount, l.remaining, l.is_open, l.card_ceiling,
           count(p.lot_id) as postings, -sum(p.amount) as left_over,
           -sum(p.amount) filter (where p.entry_id = l.opened_by_id and p.amount < 0) as opened,
           count(*) filter (where p.account_id <> l.account_id) as astray
    from (select * from ledger_lot where {range:id}) as l
    left join (
        select lot_id, entry_id, account_id, amount from ledger_posting where {range:lot_id}
    ) as p on p.lot_id = l.id
    group by l.id, l.amount, l.remaining, l.is_open, l.card_ceiling, l.opened_by_id, l.account_id
) as lots
"""

ORPHANS = """
select count(*) from ledger_lot l left join ledger_lot parent on parent.id = l.parent_id
where l.parent_id is not null and parent.id is null
"""
