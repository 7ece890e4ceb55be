"""The app's checks of the books, run by `verify_ledger` beside those of the floors below.

Each is a query as ledger/verifying.py describes: a row for each thing looked at, NULL when it is
well.
"""

from ledger import verifying

ROWS_ARE_POSTED = """
select case
    when r.entry_id is null then
        case when i.status in ('done', 'taking_back', 'taken_back') and r.amount <> 0
                  and r.decision in ('new', 'match') then
            format('import %s, row %s: a balance of %s, and no entry', i.uuid, r.number, r.amount)
        end
    when i.status not in ('done', 'taking_back', 'taken_back') then
        format('import %s, row %s: has entry %s, and the import is %s',
               i.uuid, r.number, r.entry_id, i.status)
    when e.key is distinct from format('import:%s:%s', i.uuid, r.number)
         or e.kind is distinct from 'opening' then
        format('import %s, row %s: entry %s is not its own', i.uuid, r.number, r.entry_id)
    when p.opening is distinct from r.amount or p.clients is distinct from array[r.client_id] then
        format('import %s, row %s: says %s for client %s, entry %s opens %s for %s',
               i.uuid, r.number, r.amount, r.client_id, r.entry_id, p.opening, p.clients)
    when i.status = 'taken_back' and back.id is null then
        format('import %s, row %s: taken back, and entry %s stands', i.uuid, r.number, r.entry_id)
    end
from imports_row r
join imports_import i on i.id = r.of_id
left join ledger_entry e on e.id = r.entry_id
left join ledger_entry back on back.reverses_id = r.entry_id
left join (
    select p.entry_id, sum(p.amount) filter (where a.kind = 'opening') as opening,
           array_agg(distinct a.client_id) filter (where a.kind <> 'opening') as clients
    from imports_row r
    join ledger_posting p on p.entry_id = r.entry_id
    join ledger_account a on a.id = p.account_id
    group by p.entry_id
) as p on p.entry_id = r.entry_id
"""

TOTALS_AGREE = """
select case
    when i.control_minor is distinct from i.credit_minor - i.owed_minor
         or i.credit_minor <> coalesce(r.credit, 0) or i.owed_minor <> coalesce(r.owed, 0) then
        format('import %s: confirmed with %s, its totals are %s and %s, its rows make %s and %s',
               i.uuid, i.control_minor, i.credit_minor, i.owed_minor,
               coalesce(r.credit, 0), coalesce(r.owed, 0)) end
from imports_import i
left join (
    select of_id, sum(amount) filter (where amount > 0) as credit,
           -sum(amount) filter (where amount < 0) as owed
    from imports_row where decision in ('new', 'match') group by of_id
) as r on r.of_id = i.id
where i.status in ('importing', 'done', 'taking_back', 'taken_back')
"""

# Not a join: right after an import PostgreSQL knows nothing of the rows, and would go through all
# of them for each entry.
ENTRIES_HAVE_ROWS = """
select case when e.id not in (select entry_id from imports_row where entry_id is not null) then
    format('entry %s: of no row of an import', e.id) end
from ledger_entry e
where e.cause_kind = 'import' and e.reverses_id is null
"""

CHECKS = {
    "Imported balances are posted as their rows say": ROWS_ARE_POSTED,
    "Imports come to what was confirmed": TOTALS_AGREE,
    "Entries of imports have their rows": ENTRIES_HAVE_ROWS,
}


def add_checks() -> None:
    """Add them, in AppConfig.ready()."""
    verifying.register_all(CHECKS)
