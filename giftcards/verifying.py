"""The app's checks of the books, run by `verify_ledger` beside those of the floors below."""

from ledger import verifying

ISSUED_WITH_THEIR_SALE = """
select case
    when a.kind <> 'gift_card' or a.name <> 'gift_card/card:' || g.id then
        format('gift card %s: its account is %s', g.id, a.name)
    when l.id is not null and o.status <> 'closed' then
        format('gift card %s: issued, and its sale #%s is %s', g.id, o.id + 1000, o.status)
    when l.id is not null and (l.kind <> 'gift_card' or l.opened_lot_id is null) then
        format('gift card %s: issued by line %s, a %s without its lot', g.id, l.id, l.kind)
    end
from giftcards_giftcard g
join ledger_account a on a.id = g.account_id
left join checkout_lineitem l on l.id = g.line_id
left join checkout_order o on o.id = l.order_id
"""

SOLD_ONES_ARE_ISSUED = """
select case when g.id is null or g.account_id is null then
    format('sale #%s, line %s: closed, and its gift card is not issued', o.id + 1000, l.id) end
from checkout_lineitem l
join checkout_order o on o.id = l.order_id and o.status = 'closed'
left join giftcards_giftcard g on g.line_id = l.id
where l.kind = 'gift_card'
"""

ACCOUNTS_HAVE_THEIR_CARD = """
select case
    when g.id is null then format('%s: no gift card has this account', a.name)
    when -a.balance is distinct from coalesce(lots.remaining, 0) then
        format('gift card %s: %s on its account, its lots hold %s',
               g.id, -a.balance, coalesce(lots.remaining, 0))
    end
from ledger_account a
left join giftcards_giftcard g on g.account_id = a.id
left join (
    select account_id, sum(remaining) as remaining from ledger_lot group by account_id
) as lots on lots.account_id = a.id
where a.kind = 'gift_card'
"""

PAYMENTS_NAME_THEIR_CARD = """
select case when a.kind is distinct from 'gift_card' or tenders.drawn is distinct from a.id then
    format('payment %s on sale #%s: by the card of %s, its entry drew account %s',
           tenders.id, tenders.order_id + 1000, coalesce(a.name, 'nobody'),
           coalesce(tenders.drawn::text, 'none')) end
from (
    select t.id, t.order_id, t.account_id, min(p.account_id) as drawn
    from checkout_tender t
    left join ledger_posting p on p.entry_id = t.entry_id and p.lot_id is not null
    where t.kind = 'gift_card'
    group by t.id
) as tenders
left join ledger_account a on a.id = tenders.account_id
"""

CHECKS = {
    "Issued gift cards have their account and a closed sale": ISSUED_WITH_THEIR_SALE,
    "Gift cards of closed sales are issued": SOLD_ONES_ARE_ISSUED,
    "Gift cards' accounts owe what their lots hold": ACCOUNTS_HAVE_THEIR_CARD,
    "Gift card payments name the card that they drew": PAYMENTS_NAME_THEIR_CARD,
}


def add_checks() -> None:
    """Called once, when the program starts."""
    verifying.register_all(CHECKS)
