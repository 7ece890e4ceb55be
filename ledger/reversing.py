"""Reversing a journal entry: another entry, leg by leg the opposite, linked to it."""

from collections.abc import Iterable

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
        key=reversal_key(entry.pk),
        kind=kind,
        legs=opposites(entry.pk, postings),
        desk=desk,
        note=note,
        cause=Cause(entry.cause_kind, entry.cause_id),
        reverses=entry.pk,
    )


def reversal_key(entry: int) -> str:
    """The key of an entry's one reversal."""
    return f"entry:{entry}:reverse"


def opposites(entry: int, postings: Iterable[Posting]) -> list[Leg]:
    """The legs that undo an entry. `postings`: all of it, last line first, with lot and account."""
    return [_opposite(posting, entry) for posting in postings]


def _opposite(posting: Posting, entry: int) -> Leg:
    if posting.lot is None:
        return Move(posting.account.name, -posting.amount)
    if posting.amount > 0:
        return Restore(posting.lot.pk, posting.amount)
    return Take(posting.lot.pk, -posting.amount, whole=posting.lot.opened_by_id == entry)
