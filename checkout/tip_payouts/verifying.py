"""The checks of tips that were paid out; how a check reads is told in ledger/verifying.py."""

PAYOUTS_POSTED_WHAT_THEY_SAY = """
select case
    when paid is distinct from amount * {units} then
        format('tips paid to staff %s: %s, its entry %s posted %s',
               staff_id, amount, entry_id, coalesce(paid, 0))
    when how = 'cash' and cash is distinct from -amount * {units} then
        format('tips paid to staff %s: %s in cash, its entry %s moved %s in till %s',
               staff_id, amount, entry_id, coalesce(cash, 0), till_id)
    when undone_at is not null and back is distinct from -amount * {units} then
        format('tips paid to staff %s: %s undone, its entry %s posted %s',
               staff_id, amount, undo_entry_id, coalesce(back, 0))
    end
from (
    select o.*, (
        select sum(p.amount) from ledger_posting p join ledger_account a on a.id = p.account_id
        where p.entry_id = o.entry_id and a.name = 'tips/staff:' || o.staff_id
    ) as paid, (
        select sum(p.amount) from ledger_posting p join ledger_account a on a.id = p.account_id
        where p.entry_id = o.entry_id and a.name = 'cash/till:' || o.till_id
    ) as cash, (
        select sum(p.amount) from ledger_posting p join ledger_account a on a.id = p.account_id
        where p.entry_id = o.undo_entry_id and a.name = 'tips/staff:' || o.staff_id
    ) as back
    from checkout_tippayout o
) as payouts
"""

ENTRIES_HAVE_THEIR_ROW = """
select case when known.entry_id is null then
    format('entry %s: tips paid out, and no payment has it', e.id) end
from ledger_entry e
left join (
    select entry_id from checkout_tippayout
    union all select undo_entry_id from checkout_tippayout where undo_entry_id is not null
) as known on known.entry_id = e.id
where e.kind = 'tips'
"""

CHECKS = {
    "Tips paid out posted what they say": PAYOUTS_POSTED_WHAT_THEY_SAY,
    "Entries of tips paid out have their payment": ENTRIES_HAVE_THEIR_ROW,
}
