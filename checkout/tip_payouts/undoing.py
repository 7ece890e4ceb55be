"""Undoing a payment of tips: a reversal, and cash is back in the drawer that it came from."""

from django.db import transaction

from checkout.errors import Refused
from checkout.locking import require
from checkout.models import TipPayout
from checkout.tills.locking import check_here, check_in_use, counted_since, hold
from checkout.tip_payouts.owed import hold_people
from ledger.kinds import EntryKind
from ledger.reversing import reverse
from salon import permissions, said
from salon.desk import Desk

NOTHING = "Nothing was undone."


@transaction.atomic
def undo_payout(*, payout: TipPayout, desk: Desk) -> TipPayout:
    """Take a payment of tips back: they are owed again. Again, it answers with the first undoing.

    Cash has to be back in its till, at this location, and the till not counted since. Locks the
    person, then the till. Raises Refused.
    """
    require(desk, permissions.PAY_TIPS, "pay out tips")
    hold_people([payout.staff])
    rows = TipPayout.objects.select_related("staff", "till__location", "entry")
    row = rows.get(pk=payout.pk)
    if row.is_undone:
        return row
    if row.till:
        _check_till(row, desk)
    posted = reverse(entry=row.entry, desk=desk, kind=EntryKind.TIPS)
    row.undone_at, row.undone_by, row.undo_entry_id = desk.at, desk.person, posted.entry_id
    row.save(update_fields=["undone_at", "undone_by", "undo_entry"])
    return row


def _check_till(row: TipPayout, desk: Desk) -> None:
    assert row.till is not None  # nosec B101 - asked just before
    till = hold(row.till)
    check_here(till, desk, NOTHING)
    check_in_use(till, NOTHING)
    if counted_since(till, row.entry_id):
        raise Refused(
            f"{till} was counted since {row.staff} was paid, and the count has the "
            f"{said.amount(row.amount)} as gone. {NOTHING} If they never got it, the till was over "
            "by as much: hand it to them."
        )
