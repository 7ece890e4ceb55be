"""Card payments of sales and providers' shares: what the rows say against each other and the books.

As in checkout/verifying.py: a row for each thing looked at, NULL when it is well.
"""

CHARGES_ARE_THEIR_ATTEMPTS = """
select case
    when a.id is null then
        format('sale #%s, payment %s: charged to a card, and no card payment says so',
               t.order_id + 1000, t.id)
    when a.status <> 'succeeded' or a.amount <> t.amount or c.order_id <> t.order_id then
        format('sale #%s, payment %s of %s: its card payment %s is %s, of %s, for sale #%s',
               t.order_id + 1000, t.id, t.amount, a.uuid, a.status, a.amount, c.order_id + 1000)
    end
from checkout_tender t
left join checkout_ordercharge c on c.tender_id = t.id
left join cards_attempt a on a.id = c.attempt_id
where t.kind = 'charge'
"""

_PAID_OR_GOT_IT_BACK = """
select case
    when tender_id is null and straight_back is distinct from amount then
        format('card payment %s of %s: paid no {what}, and %s of it went straight back',
               uuid, amount, coalesce(straight_back, 0))
    when tender_id is not null and straight_back is not null then
        format('card payment %s of %s: paid a {what}, and %s of it went straight back',
               uuid, amount, straight_back)
    end
from (
    select a.uuid, a.amount, c.tender_id,
           (select sum(r.amount) from cards_cardrefund r
            where r.attempt_id = a.id and r.purpose = '{purpose}') as straight_back
    from cards_attempt a left join checkout_ordercharge c on c.attempt_id = a.id
    where a.purpose = '{purpose}' and a.status = 'succeeded'
) as charged
"""


def paid_or_got_it_back(purpose: str, what: str) -> str:
    """The check that each card charged for this purpose paid a `what`, or got it straight back."""
    return _PAID_OR_GOT_IT_BACK.replace("{purpose}", purpose).replace("{what}", what)


CARDS_GET_WHAT_REFUNDS_SAY = """
select case when given is distinct from sent then
    format('refund %s, payment %s: %s of it goes back to the card, and %s was sent',
           coalesce(parts.reference, sent_back.reference),
           coalesce(parts.tender_id, sent_back.tender_id), coalesce(given, 0), coalesce(sent, 0))
    end
from (
    select r.uuid::text as reference, p.tender_id, sum(p.amount) as given
    from checkout_refundpart p join checkout_refund r on r.id = p.refund_id
    where p.destination = 'charge' group by r.uuid, p.tender_id
) as parts
full join (
    select b.reference, c.tender_id, sum(b.amount) as sent
    from cards_cardrefund b left join checkout_ordercharge c on c.attempt_id = b.attempt_id
    where b.purpose = 'order_refund' group by b.reference, c.tender_id
) as sent_back
    on sent_back.reference = parts.reference and sent_back.tender_id = parts.tender_id
"""

REFUSED_REFUNDS_WENT_ELSEWHERE = """
select case when moved is distinct from amount * {units} then
    format('card refund %s of %s: given another way by entry %s, which puts %s on the processor',
           uuid, amount, instead_entry_id, coalesce(moved, 0)) end
from (
    select b.uuid, b.amount, b.instead_entry_id,
           (select sum(p.amount) from ledger_posting p
            join ledger_account a on a.id = p.account_id and a.name = 'card/processor'
            where p.entry_id = b.instead_entry_id) as moved
    from cards_cardrefund b where b.instead_entry_id is not null
) as settled
"""

PROVIDERS_ARE_OWED_WHAT_THEY_EARNED = """
select case when owed <> earned - refunded - paid + forfeited + disputed then
    format('provider %s: %s is owed by the ledger; earned %s, refunded %s, paid %s, forfeited %s, '
           'disputed %s', name, owed, earned, refunded, paid, forfeited, disputed) end
from (
    select m.name,
        coalesce((
            select -sum(p.amount) from ledger_posting p join ledger_account a on a.id = p.account_id
            where a.name = 'provider/merchant:' || m.id
        ), 0) as owed,
        coalesce((
            select sum(l.amount) * {units} from checkout_lineitem l
            join checkout_order o on o.id = l.order_id and o.status = 'closed'
            where l.provider_id = m.id and l.kind <> 'deposit'
        ), 0) as earned,
        coalesce((
            select sum(p.amount - p.tax) * {units} from checkout_refundpart p
            join checkout_allocation a on a.id = p.allocation_id
            join checkout_lineitem l on l.id = a.line_id
            where l.provider_id = m.id and l.kind <> 'deposit'
        ), 0) as refunded,
        coalesce((
            select sum(case when t.takes_back_id is null then t.amount else -t.amount end) * {units}
            from cards_transfer t where t.account_id = m.id and t.entry_id is not null
        ), 0) as paid,
        coalesce((
            select -sum(p.amount) from ledger_posting p join ledger_account a on a.id = p.account_id
            join ledger_entry e on e.id = p.entry_id
            left join ledger_entry undone on undone.id = e.reverses_id
            where a.name = 'provider/merchant:' || m.id
              and coalesce(undone.kind, e.kind) = 'forfeit'
        ), 0) as forfeited,
        coalesce((
            select -sum(p.amount) from ledger_posting p join ledger_account a on a.id = p.account_id
            join ledger_entry e on e.id = p.entry_id
            left join ledger_entry undone on undone.id = e.reverses_id
            where a.name = 'provider/merchant:' || m.id
              and coalesce(undone.kind, e.kind) = 'dispute_share'
        ), 0) as disputed
    from salon_merchantaccount m
) as providers
"""

SHARES_ARE_OF_LOST_DISPUTES = """
select case
    when d.id is null then format('entry %s: the share of a dispute that is not known', e.id)
    when d.status = 'open' or (d.status = 'won') <> (back.id is not null) then
        format('entry %s: the dispute is %s, and the share is %s', e.id, d.status,
               case when back.id is null then 'taken' else 'given back' end)
    end
from ledger_entry e
left join cards_dispute d on d.gateway_id = split_part(e.key, ':', 2)
left join ledger_entry back on back.reverses_id = e.id
where e.kind = 'dispute_share'
"""

CHECKS = {
    "Charges are what their card payments took": CHARGES_ARE_THEIR_ATTEMPTS,
    "Charged cards paid a sale, or got it straight back": paid_or_got_it_back("order", "sale"),
    "Cards are sent what refunds give back to them": CARDS_GET_WHAT_REFUNDS_SAY,
    "What a card refused went elsewhere in full": REFUSED_REFUNDS_WENT_ELSEWHERE,
    "Providers are owed what they earned and was not paid": PROVIDERS_ARE_OWED_WHAT_THEY_EARNED,
    "Shares that providers owe back are of lost disputes": SHARES_ARE_OF_LOST_DISPUTES,
}
