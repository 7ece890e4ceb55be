"""Reversing a journal entry: another entry, leg by leg the opposite, linked to it."""

from django.db import transaction

from ledger.kinds import EntryKind
from ledger.legs import Leg, Move, Restore, Take
from ledger.models import Entry, Posting
from ledger.posting import Cause, Posted, post
from salon.desk import Desk


@transaction.atomic
def reverse(*, entry: Entry, desk: Desk, note: str = "", kind: str = EntryKind.REVERSAL) -> Posted:
    """Undo an entry on its exact terms: lots it opened are taken whole, lots it drew are restored.

    Asked again, it answers with the first reversal. Raises LotMoved when credit that the entry
    opened was spent or moved since: then what it became has to be undone first.
    """
    postings = (
        Posting.objects.filter(entry=entry).select_related("lot", "account").order_by("-line")
    )
    return post(
        key=f"entry:{entry.pk}:reverse",
        kind=kind,
        legs=[_opposite(posting, entry) for posting in postings],
        desk=desk,
        note=note,
        cause=Cause(entry.cause_kind, entry.cause_id),
        reverses=entry.pk,
    )


def _opposite(posting: Posting, entry: Entry) -> Leg:
    if posting.lot is None:
        return Move(posting.account.name, -posting.amount)
    if posting.amount > 0:
        return Restore(posting.lot.pk, posting.amount)
    return Take(posting.lot.pk, -posting.amount, whole=posting.lot.opened_by_id == entry.pk)
