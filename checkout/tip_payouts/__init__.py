"""Tips on their way to who earned them.

A tip stands on the ledger's account of who earned it (checkout/tips.py) until it is paid out; tips
of a provider with a merchant account of their own never stand there, and go by checkout/providers.

    owed.py      what each person is owed: the balance of that account, nothing else
    paying.py    pay_tips: one person or several, the whole or a part
    undoing.py   undo_payout: a reversal, into the drawer that the cash came from
    earned.py    where it comes from: sales, refunds and payments, entry by entry
    slips.py     what a payment covered, to print and to sign
    days.py      what some days moved, for the report
"""
