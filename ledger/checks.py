"""The ledger's own checks, as `verifying` runs them: what is kept twice has to agree.

Each query reads its tables once. Beware of NULL in what is compared: a row whose comparison is
unknown would count as well, hence `is distinct from`.
"""

from ledger import seal_checks, snapshot_check

ENTRIES_BALANCE = """
select case when legs < 2 or total <> 0 or currencies is distinct from true then
    format('entry %s: %s legs, off by %s%s', id, legs, total,
           case when not currencies then ', in several currencies' end) end
from (
    select e.id, count(p.entry_id) as legs, coalesce(sum(p.amount), 0) as total,
           min(a.currency) = max(a.currency) as currencies
    from ledger_entry e
    left join ledger_posting p on p.entry_id = e.id
    left join ledger_account a on a.id = p.account_id
    group by e.id
) as entries
"""

POSTINGS_BELONG = """
select case
    when e.id is null or a.id is null then
        format('entry %s, line %s: on account %s, and one of them does not exist',
               p.entry_id, p.line, p.account_id)
    when p.business_date is distinct from e.business_date then
        format('entry %s, line %s: dated %s, its entry %s',
               p.entry_id, p.line, p.business_date, e.business_date)
    when (p.lot_id is not null) <> (a.kind in ('client_credit', 'gift_card')) then
        format('entry %s, line %s: on %s with lot %s',
               p.entry_id, p.line, a.name, coalesce(p.lot_id::text, 'none'))
    when p.lot_id is not null and l.account_id is distinct from p.account_id then
        format('entry %s, line %s: on %s, and lot %s is of another account',
               p.entry_id, p.line, a.name, p.lot_id)
    when num_nulls(p.version, p.balance_after) <> num_nulls(a.version, a.balance) then
        format('entry %s, line %s: on %s with version %s, balance %s', p.entry_id, p.line, a.name,
               coalesce(p.version::text, 'none'), coalesce(p.balance_after::text, 'none'))
    end
from ledger_posting p
left join ledger_entry e on e.id = p.entry_id
left join ledger_account a on a.id = p.account_id
left join ledger_lot l on l.id = p.lot_id
"""

# Constraints would make all tills take turns on a location's row, hence this look.
NAMED_ROWS_EXIST = """
select case when l.id is null or s.id is null and e.staff_id is not null then
    format('entry %s: at location %s, by staff member %s, and one of them does not exist',
           e.id, e.location_id, coalesce(e.staff_id::text, 'none')) end
from ledger_entry e
left join salon_location l on l.id = e.location_id
left join salon_staffmember s on s.id = e.staff_id
union all
select case when a.id is null or e.id is null or p.id is null and l.parent_id is not null then
    format('lot %s: on account %s, by entry %s, parent %s, and one of them does not exist',
           l.id, l.account_id, l.opened_by_id, coalesce(l.parent_id::text, 'none')) end
from ledger_lot l
left join ledger_account a on a.id = l.account_id
left join ledger_entry e on e.id = l.opened_by_id
left join ledger_lot p on p.id = l.parent_id
"""

BALANCES_ADD_UP = """
select case when a.balance is distinct from coalesce(p.total, 0)
              or a.version is distinct from coalesce(p.postings, 0) then
    format('%s: balance %s, its postings make %s; version %s of %s postings',
           a.name, a.balance, coalesce(p.total, 0), a.version, coalesce(p.postings, 0)) end
from ledger_account a
left join (
    select account_id, sum(amount) as total, count(*) as postings
    from ledger_posting where version is not null group by account_id
) as p on p.account_id = a.id
where a.kind in ('client_credit', 'receivable', 'gift_card')
"""

VERSIONS_FOLLOW = """
select case
    when p.version <> version_before + 1 then
        format('%s: version %s follows %s', a.name, p.version, version_before)
    when balance_after <> balance_before + amount then
        format('%s, version %s: %s and %s are not %s',
               a.name, p.version, balance_before, amount, balance_after)
    when balance_after <> 0 and (balance_after > 0) <> (a.kind = 'receivable') then
        format('%s, version %s: balance %s is out of bounds', a.name, p.version, balance_after)
    end
from (
    select account_id, version, amount, balance_after,
           lag(version, 1, 0::bigint) over history as version_before,
           lag(balance_after, 1, 0::bigint) over history as balance_before
    from ledger_posting
    where version is not null
    window history as (partition by account_id order by version)
) as p
join ledger_account a on a.id = p.account_id
"""

LOTS_ADD_UP = """
select case
    when remaining is distinct from left_over or opened is distinct from amount then
        format('lot %s: opened with %s of %s, %s remain and its postings leave %s',
               id, coalesce(opened, 0), amount, remaining, coalesce(left_over, 0))
    when is_open <> (remaining > 0) or remaining not between 0 and amount
         or card_ceiling not between 0 and amount then
        format('lot %s: %s of %s remain, %s may go to a card, is it open: %s',
               id, remaining, amount, card_ceiling, is_open)
    end
from (
    select l.id, l.amount, l.remaining, l.is_open, l.card_ceiling, -sum(p.amount) as left_over,
           -sum(p.amount) filter (where p.entry_id = l.opened_by_id and p.amount < 0) as opened
    from ledger_lot l left join ledger_posting p on p.lot_id = l.id
    group by l.id
) as lots
"""

# A child whose opening entry was reversed no longer counts, as in sql/posting.sql.
CHILDREN_FIT = """
select case when given > gone or to_card > card_ceiling then
    format('lot %s: %s went out of it and its children got %s; %s may go to a card, theirs %s',
           id, gone, given, card_ceiling, to_card) end
from (
    select parent.id, parent.amount - parent.remaining as gone, parent.card_ceiling,
           sum(child.amount) as given, sum(child.card_ceiling) as to_card
    from ledger_lot parent join ledger_lot child on child.parent_id = parent.id
    where not exists (select from ledger_entry r where r.reverses_id = child.opened_by_id)
    group by parent.id
) as parents
"""

ACCOUNTS_HOLD_THEIR_LOTS = """
select case when -a.balance is distinct from coalesce(l.total, 0) then
    format('%s: owed %s, its lots hold %s', a.name, -a.balance, coalesce(l.total, 0)) end
from ledger_account a
left join (
    select account_id, sum(remaining) as total from ledger_lot group by account_id
) as l on l.account_id = a.id
where a.kind in ('client_credit', 'gift_card')
"""

ACCOUNTS_ARE_NAMED = """
select case
    when split_part(name, '/', 1) <> kind
         or case when kind in ('client_credit', 'receivable')
                 then split_part(name, '/', 2) is distinct from 'client:' || client_id
                 else client_id is not null end then
        format('%s: is %s of client %s', name, kind, coalesce(client_id::text, 'none'))
    when num_nonnulls(balance, version)
         <> case when kind in ('client_credit', 'receivable', 'gift_card') then 2 else 0 end then
        format('%s: balance %s, version %s', name,
               coalesce(balance::text, 'none'), coalesce(version::text, 'none'))
    end
from ledger_account
"""

REVERSALS_MIRROR = """
select case when astray > 0 then
    format('entry %s: does not mirror entry %s', id, reverses_id) end
from (
    select id, reverses_id, count(*) filter (where total <> 0) as astray
    from (
        select r.id, r.reverses_id, p.account_id, p.lot_id, sum(p.amount) as total
        from ledger_entry r
        cross join lateral (values (r.id), (r.reverses_id)) as side (entry_id)
        left join ledger_posting p on p.entry_id = side.entry_id
        where r.reverses_id is not null
        group by r.id, r.reverses_id, p.account_id, p.lot_id
    ) as legs
    group by id, reverses_id
) as reversals
"""

MERGED_CLIENTS_HAVE_NOTHING = """
select case
    when s.merged_into_id is not null then
        format('client %s: merged into %s, who was merged, too', c.id, s.id)
    when c.archived_at is null then format('client %s: merged into %s and not archived', c.id, s.id)
    when a.left_over <> 0 then
        format('client %s: merged into %s, and %s still stands on the accounts',
               c.id, s.id, a.left_over)
    end
from clients_client c
join clients_client s on s.id = c.merged_into_id
left join (
    select client_id, sum(abs(balance)) as left_over from ledger_account
    where client_id is not null group by client_id
) as a on a.client_id = c.id
"""

CHECKS = {
    "Entries balance, in one currency, with two legs or more": ENTRIES_BALANCE,
    "Postings agree with their entry, account and lot": POSTINGS_BELONG,
    "Entries and lots name what exists": NAMED_ROWS_EXIST,
    "Balances and versions are what the postings make": BALANCES_ADD_UP,
    "Versions have no gap, and each balance follows from the last": VERSIONS_FOLLOW,
    "Lots hold what their postings left": LOTS_ADD_UP,
    "Lots and their children hold no more than was put in": CHILDREN_FIT,
    "Accounts owe what their lots hold": ACCOUNTS_HOLD_THEIR_LOTS,
    "Accounts are what their names say": ACCOUNTS_ARE_NAMED,
    "Reversals mirror what they reverse": REVERSALS_MIRROR,
    "Merged clients hold and owe nothing any more": MERGED_CLIENTS_HAVE_NOTHING,
    **seal_checks.CHECKS,
    **snapshot_check.CHECKS,
}
