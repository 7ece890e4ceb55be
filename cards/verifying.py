"""The app's checks of the books, run by `verify_ledger` beside those of the floors below.

Each is a query as ledger/verifying.py describes: a row for each thing looked at, NULL when it is
well. Rows keep amounts in the currency's units, the ledger in minor units.
"""

from ledger import verifying

REFUNDS_FIT_THEIR_CHARGE = """
select case
    when a.status <> 'succeeded' then
        format('card payment %s: %s, and %s of it was refunded', a.uuid, a.status, r.gone)
    when r.gone > a.amount then
        format('card payment %s: took %s, and %s of it was refunded', a.uuid, a.amount, r.gone)
    end
from cards_attempt a
join (
    select attempt_id, coalesce(sum(amount) filter (where status <> 'refused'), 0) as gone
    from cards_cardrefund group by attempt_id
) as r on r.attempt_id = a.id
"""

REFUNDS_ARE_WHAT_THEY_SAY = """
select case
    when status in ('pending', 'done') and gateway_id = '' then
        format('card refund %s: %s, and the processor has no name for it', uuid, status)
    when instead_entry_id is not null and status <> 'refused' then
        format('card refund %s: %s, and settled another way by entry %s',
               uuid, status, instead_entry_id)
    end
from cards_cardrefund
"""

CHARGES_ARE_NAMED = """
select case when payment_id = '' then
    format('card payment %s: paid, and the processor has no name for it', uuid) end
from cards_attempt where status = 'succeeded'
"""

FEES_ARE_OF_CHARGES = """
select case when status <> 'succeeded' or kind <> 'fee' or key <> format('attempt:%s:fee', uuid)
              or coalesce(kept, 0) <= 0 or kept is distinct from -taken then
    format('card payment %s: %s, its fee is entry %s, %s, which puts %s on fees and %s on the '
           'processor', uuid, status, entry_id, kind, coalesce(kept, 0), coalesce(taken, 0)) end
from (
    select a.uuid, a.status, e.id as entry_id, e.kind, e.key,
           sum(p.amount) filter (where account.name = 'fees/processor') as kept,
           sum(p.amount) filter (where account.name = 'card/processor') as taken
    from cards_attempt a
    join ledger_entry e on e.id = a.fee_entry_id
    left join ledger_posting p on p.entry_id = e.id
    left join ledger_account account on account.id = p.account_id
    group by a.id, e.id
) as fees
"""

TRANSFERS_POSTED_ONCE_DONE = """
select case
    when (status = 'done') <> (entry_id is not null) then
        format('transfer %s: %s, its entry is %s', uuid, status, coalesce(entry_id::text, 'none'))
    when status = 'done' and by_hand = '' and gateway_id = '' then
        format('transfer %s: done, and the processor has no name for it', uuid)
    when entry_id is not null and posted is distinct from wanted then
        format('transfer %s: of %s, its entry %s puts %s on what they are owed',
               uuid, amount, entry_id, coalesce(posted, 0))
    end
from (
    select t.*,
           case when t.takes_back_id is null then t.amount else -t.amount end * {units} as wanted,
           (select sum(p.amount) from ledger_posting p
            join ledger_account a on a.id = p.account_id
            where p.entry_id = t.entry_id and a.name = 'provider/merchant:' || t.account_id
           ) as posted
    from cards_transfer t
) as transfers
"""

TAKEN_BACK_FITS_ITS_TRANSFER = """
select case
    when parent.account_id <> back.account_id or parent.by_hand <> ''
         or parent.takes_back_id is not null then
        format('transfer %s: taken back by another, of account %s, and it is of account %s%s',
               parent.uuid, back.account_id, parent.account_id,
               case when parent.by_hand <> '' then ', paid by hand' else '' end)
    when back.gone > parent.amount or parent.status <> 'done' and back.posted > 0 then
        format('transfer %s: %s of %s, and %s of it were taken back',
               parent.uuid, parent.status, parent.amount, back.gone)
    end
from cards_transfer parent
join (
    select takes_back_id, account_id, count(entry_id) as posted,
           coalesce(sum(amount) filter (where status <> 'refused'), 0) as gone
    from cards_transfer where takes_back_id is not null group by takes_back_id, account_id
) as back on back.takes_back_id = parent.id
"""

DISPUTES_POSTED_WHAT_THEY_SAY = """
select case
    when withdrawn_entry_id is not null and withdrawn is distinct from cents
         or closed_entry_id is not null and closed is distinct from -cents then
        format('dispute %s of %s: entry %s puts %s on disputed, entry %s puts %s', gateway_id,
               amount, coalesce(withdrawn_entry_id::text, 'none'), coalesce(withdrawn, 0),
               coalesce(closed_entry_id::text, 'none'), coalesce(closed, 0))
    -- Where all of the payment had gone back before, at most the fee moves, and nothing at the end.
    when cents > 0 and (closed_entry_id is not null)
         <> (withdrawn_entry_id is not null and status <> 'open') then
        format('dispute %s: %s, withdrawn by entry %s, closed by entry %s', gateway_id, status,
               coalesce(withdrawn_entry_id::text, 'none'), coalesce(closed_entry_id::text, 'none'))
    end
from (
    select d.*, d.amount * {units} as cents,
           coalesce((
               select sum(p.amount) from ledger_posting p
               join ledger_account a on a.id = p.account_id and a.name = 'card/disputed'
               where p.entry_id = d.withdrawn_entry_id
           ), 0) as withdrawn,
           coalesce((
               select sum(p.amount) from ledger_posting p
               join ledger_account a on a.id = p.account_id and a.name = 'card/disputed'
               where p.entry_id = d.closed_entry_id
           ), 0) as closed
    from cards_dispute d
) as disputes
"""

DISPUTED_IS_WHAT_IS_UNDECIDED = """
select case when posted <> undecided then
    format('%s stand on disputed, the undecided disputes make %s', posted, undecided) end
from (
    select
        coalesce((
            select sum(p.amount) from ledger_posting p join ledger_account a on a.id = p.account_id
            where a.name = 'card/disputed'
        ), 0) as posted,
        coalesce((
            select sum(amount) * {units} from cards_dispute
            where withdrawn_entry_id is not null and closed_entry_id is null
        ), 0) as undecided
) as both_sides
"""

PAYOUTS_POSTED_WHAT_THEY_SAY = """
select case
    when failed_entry_id is not null and paid_entry_id is null then
        format('payout %s: failed by entry %s, and never paid', gateway_id, failed_entry_id)
    when paid_entry_id is not null and paid is distinct from cents
         or failed_entry_id is not null and failed is distinct from -cents then
        format('payout %s of %s: entry %s puts %s on the bank, entry %s puts %s', gateway_id,
               amount, paid_entry_id, coalesce(paid, 0), coalesce(failed_entry_id::text, 'none'),
               coalesce(failed, 0))
    end
from (
    select o.*, o.amount * {units} as cents,
           (select sum(p.amount) from ledger_posting p
            join ledger_account a on a.id = p.account_id and a.kind = 'bank'
            where p.entry_id = o.paid_entry_id) as paid,
           (select sum(p.amount) from ledger_posting p
            join ledger_account a on a.id = p.account_id and a.kind = 'bank'
            where p.entry_id = o.failed_entry_id) as failed
    from cards_payout o
) as payouts
"""

# A dispute that was lost and then won all the same has a third entry, which only its key names.
ENTRIES_HAVE_THEIR_ROW = """
select case when known.entry_id is null and won.id is null then
    format('entry %s: %s, and no row of the card processor has it', e.id, e.kind) end
from ledger_entry e
left join (
    select fee_entry_id as entry_id from cards_attempt where fee_entry_id is not null
    union select entry_id from cards_transfer where entry_id is not null
    union select withdrawn_entry_id from cards_dispute where withdrawn_entry_id is not null
    union select closed_entry_id from cards_dispute where closed_entry_id is not null
    union select paid_entry_id from cards_payout where paid_entry_id is not null
    union select failed_entry_id from cards_payout where failed_entry_id is not null
) as known on known.entry_id = e.id
left join cards_dispute won on e.key = format('dispute:%s:won', won.gateway_id)
where e.kind in ('fee', 'dispute', 'payout', 'settle_up')
"""

CHECKS = {
    "Card refunds never go beyond their charge": REFUNDS_FIT_THEIR_CHARGE,
    "Card refunds are as far as they say": REFUNDS_ARE_WHAT_THEY_SAY,
    "Card payments that were paid are named at the processor": CHARGES_ARE_NAMED,
    "Processor fees are of card payments that were paid": FEES_ARE_OF_CHARGES,
    "Transfers to providers posted once, when they were done": TRANSFERS_POSTED_ONCE_DONE,
    "No more is taken back than was transferred": TAKEN_BACK_FITS_ITS_TRANSFER,
    "Disputes posted what they say": DISPUTES_POSTED_WHAT_THEY_SAY,
    "What is disputed is what the undecided disputes make": DISPUTED_IS_WHAT_IS_UNDECIDED,
    "Payouts posted what they say": PAYOUTS_POSTED_WHAT_THEY_SAY,
    "Entries of the processor have their row": ENTRIES_HAVE_THEIR_ROW,
}


def add_checks() -> None:
    """Add them; called once, when the program starts."""
    verifying.register_all(CHECKS)
