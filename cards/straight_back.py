"""A card paid for what is not to be had any more: all of it goes straight back to the card.

In the books it came and went, in one entry; the card hears of it once that has committed.
"""

import uuid as uuids

from cards.keeping import drop_what_paid
from cards.models import Attempt, CardRefund
from cards.refunding import begin_refund
from cards.sending import send_after_commit
from ledger import accounts
from ledger.kinds import EntryKind
from ledger.legs import Move
from ledger.posting import Cause, post
from salon.desk import Desk
from salon.money import minor

# Derives the refund from the attempt.
_STRAIGHT_BACK = uuids.UUID("0f7b8a52-6e0b-4a55-9d6e-0f5d4c1f4d37")


def give_straight_back(
    *, attempt: Attempt, why: str, cause: Cause, reference: str, desk: Desk
) -> CardRefund:
    """Post that it came and went, and begin its refund; called again, it finds both.

    `attempt` has succeeded and is locked; a card that was kept with it is removed again. `why`
    begins the entry's note; `reference` is what the refund names under the attempt's own purpose.
    """
    drop_what_paid(attempt)
    cents = minor(attempt.amount)
    post(
        key=attempt.key("straight_back"),
        kind=EntryKind.TENDER_BACK,
        legs=[Move(accounts.PROCESSOR, cents), Move(accounts.PROCESSOR, -cents)],
        desk=desk,
        note=f"{why}: all of it goes back to {attempt.card_said or 'the card'}.",
        cause=cause,
    )
    refund = begin_refund(
        attempt=attempt,
        amount=attempt.amount,
        purpose=attempt.purpose,
        reference=reference,
        desk=desk,
        uuid=uuids.uuid5(_STRAIGHT_BACK, str(attempt.uuid)),
    )
    send_after_commit(refund)
    return refund
