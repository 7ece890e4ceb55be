"""A card that refuses what went straight back to it: then the client gets it as account balance.

There is no sale from which somebody could give it another way, and the salon may not keep it. Where
the client's bank has taken it already (a dispute), it stays to be decided there; where that ends
well for the salon, the client gets it then.
"""

from django.db import transaction

from cards.models import CardRefund, Dispute
from cards.purposes import purpose_of
from cards.refund_sending import locked_refund
from cards.refunding import settle_instead
from checkout.tender_kinds import BALANCE, into_balance
from clients.models import Client
from ledger import accounts
from ledger.kinds import EntryKind
from ledger.legs import Move
from ledger.posting import Cause, post
from salon.desk import Desk
from salon.money import minor

_NOT_THE_SALONS = (Dispute.Status.OPEN, Dispute.Status.LOST)
_purposes: set[str] = set()


def settles(purpose: str) -> None:
    """What went straight back under this purpose, and was refused, becomes balance.

    Called once for each, when the program starts; its `refund_moved` calls `to_the_balance`.
    """
    _purposes.add(purpose)


def to_the_balance(refund: CardRefund, client: Client, cause: Cause) -> None:
    """Call when a refund has moved, with it locked; one that is not refused is left alone.

    Once: one that was settled another way already stays so. Locks the client.
    """
    if refund.status != CardRefund.Status.REFUSED or refund.instead_entry_id:
        return
    if refund.attempt.disputes.exclude(status=Dispute.Status.WON).exists():
        return
    cents = minor(refund.amount)
    posted = post(
        key=f"card-refund:{refund.uuid}:instead",
        kind=EntryKind.REFUND,
        legs=[Move(accounts.PROCESSOR, cents), into_balance(client, cents, card_ceiling=cents)],
        desk=Desk(staff=None, location=refund.location, by_itself=True),
        note=f"{refund.attempt.card_said or 'The card'} refused it",
        cause=cause,
    )
    settle_instead(refund, how=BALANCE, entry_id=posted.entry_id)


def after_disputes_won() -> int:
    """What cards refused while a dispute was open, and the salon won it since; how many rows.

    Any number of workers at once. Each in a transaction of its own, locked as where it moved.
    """
    refused = CardRefund.objects.stranded().filter(purpose__in=_purposes)
    rows = list(refused.exclude(attempt__disputes__status__in=_NOT_THE_SALONS).order_by("pk"))
    for row in rows:
        with transaction.atomic():
            purpose_of(row).refund_moved(locked_refund(row))
    return len(rows)
