"""What the processor keeps of a charge."""

from cards.gateway import Payment
from cards.models import Attempt
from ledger import accounts
from ledger.kinds import EntryKind
from ledger.legs import Move
from ledger.posting import Cause, post
from salon.desk import Desk
from salon.money import minor


def post_fee(attempt: Attempt, payment: Payment, desk: Desk) -> None:
    """Post the fee of a paid attempt, once; nothing while the processor does not say it yet.

    Call inside the transaction that holds the attempt's lock.
    """
    if payment.fee is None or not payment.fee or attempt.fee_entry_id:
        return
    cents = minor(payment.fee)
    posted = post(
        key=attempt.key("fee"),
        kind=EntryKind.FEE,
        legs=[Move(accounts.PROCESSOR_FEES, cents), Move(accounts.PROCESSOR, -cents)],
        desk=desk,
        cause=Cause("card", str(attempt.uuid)),
    )
    attempt.fee_entry_id = posted.entry_id
    attempt.save(update_fields=["fee_entry"])
