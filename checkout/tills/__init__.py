"""The till: what should be in a drawer, what is, and who moved it.

What should be in it is never kept: it is what stands on the ledger's account of the till. Opening
makes that true (the difference to what was counted comes from the safe, or goes there), every act
in cash keeps it true, and closing compares it with what was counted: over or short.

    opening.py   open_till: the float
    moving.py    pay_in, pay_out: cash that no sale moves
    closing.py   close_till: counted, over or short, the rest to the safe
    cash.py      the account that cash of a sale moves, and whether it may now
    locking.py   one till, one writer at a time
    figures.py   what a session's cash did, read from the ledger
    sessions.py  the sessions that were
    verifying.py its checks of the books

Acts on a till hold its row; cash of sales shares it. So the entries on a till's account have ids in
the order of what was done, and a session owns those between two ids.
"""
