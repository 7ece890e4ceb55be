"""The ledger's rows. Only the database function `ledger_post` writes them; here they are read.

Amounts are bigint minor units, debit positive: a client's stored value, which the salon owes, is
therefore zero or negative on its account; a lot's `amount` and `remaining` are plain value.
"""

from ledger.models.accounts import Account, AccountCode
from ledger.models.journal import Entry, Posting
from ledger.models.lots import Lot
from ledger.models.reading import ReadOnly
from ledger.models.seals import Seal
from ledger.models.snapshots import DaySum, Snapshot

__all__ = [
    "Account",
    "AccountCode",
    "DaySum",
    "Entry",
    "Lot",
    "Posting",
    "ReadOnly",
    "Seal",
    "Snapshot",
]
