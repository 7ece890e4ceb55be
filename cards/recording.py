"""Writing down what the processor says of an attempt: each a transaction under its lock."""

from dataclasses import dataclass

from django.db import transaction

from cards.fees import post_fee
from cards.gateway import Decline, Page, PageStatus, Payment, PaymentStatus
from cards.keeping import keep_what_paid
from cards.models import Attempt
from cards.purposes import purpose_of
from salon import clock
from salon.desk import Desk
from salon.waiting import locked_row


@dataclass(frozen=True)
class Ending:
    """How an attempt ends that took nothing, and why, in the desk's words."""

    status: str
    code: str = ""
    said: str = ""


CANCELED = Ending(Attempt.Status.CANCELED)
NOBODY_PAID = Ending(
    Attempt.Status.CANCELED, "timed_out", "Nobody paid in time. Nothing was charged."
)
NO_ANSWER = Ending(
    Attempt.Status.CANCELED,
    "no_answer",
    "The card processor did not answer in time. Nothing was charged, and nothing will be. "
    "Try again, or take the payment another way.",
)
NEEDS_CLIENT = Ending(
    Attempt.Status.FAILED,
    "authentication_required",
    "The bank wants the client to confirm this payment. Nothing was charged. "
    "Send it to the client’s phone instead.",
)


def declined(decline: Decline) -> Ending:
    """The card or the processor said no."""
    return Ending(Attempt.Status.FAILED, decline.code, decline.said)


@transaction.atomic
def keep(attempt: Attempt, **ids: str) -> Attempt:
    """Keep what the processor calls it (`page_id`, `url`, `payment_id`); the row as it is then.

    Ids are kept after an end, too: by them a payment that came after all is found. Who means to
    charge by them has to look first whether the row that comes back is still open.
    """
    row = _row(attempt)  # What it pays is none of this: nothing else is locked after it.
    for name, value in ids.items():
        setattr(row, name, value)
    row.save(update_fields=list(ids))  # With no names, nothing is written.
    return row


@transaction.atomic
def waits(attempt: Attempt, failure: str = "") -> Attempt:
    """It is the client's, the reader's or the bank's turn. `failure`: the last try was declined."""
    row = locked(attempt)
    waiting = Attempt.Status.WAITING
    if not row.is_open or (row.status == waiting and row.failure == failure[:300]):
        return row
    row.status, row.failure = waiting, failure[:300]
    row.save(update_fields=["status", "failure"])
    purpose_of(row).changed(row)
    return row


@transaction.atomic
def end_unheard(attempt: Attempt, ending: Ending) -> Attempt:
    """End it while the processor has told no id for it; does nothing where it has by now.

    A page without an id was shown to nobody, and a payment without an id was never confirmed: who
    gets the id later finds the attempt ended (`keep`), and goes no further.
    """
    row = locked(attempt)
    if row.page_id or row.payment_id:
        return row
    return _ended(row, ending)


def record(attempt: Attempt, payment: Payment, ending: Ending = CANCELED) -> Attempt:
    """Write down how its payment stands; `ending` says why, where it can take nothing any more."""
    if payment.status == PaymentStatus.SUCCEEDED:
        return _record_paid(attempt, payment)
    if payment.status == PaymentStatus.CANCELED:
        return _record_end(attempt, ending)
    return waits(attempt)


def record_page(attempt: Attempt, page: Page, ending: Ending = NOBODY_PAID) -> Attempt:
    """Write down how its page stands. One that expired ends it with the last decline, if any."""
    payment = page.payment
    if payment and payment.status == PaymentStatus.SUCCEEDED:
        return _record_paid(attempt, payment)
    refusal = payment.decline if payment else None
    is_undecided = payment is not None and payment.status == PaymentStatus.PROCESSING
    if page.status == PageStatus.EXPIRED and not is_undecided:
        return _record_end(attempt, declined(refusal) if refusal else ending)
    return waits(attempt, refusal.said if refusal else "")


@transaction.atomic
def _record_paid(attempt: Attempt, payment: Payment) -> Attempt:
    """Money that was taken counts, even after another end. Once; its fee when it is known."""
    row = locked(attempt)
    desk = Desk(staff=row.started_by, location=row.location)
    if row.status != Attempt.Status.SUCCEEDED:
        _name_card(row, payment)
        keep_what_paid(row, payment)
        row.status, row.ended_at = Attempt.Status.SUCCEEDED, desk.at
        row.save()
        purpose_of(row).paid(row, desk)
    post_fee(row, payment, desk)
    return row


def _name_card(row: Attempt, payment: Payment) -> None:
    row.payment_id = payment.id
    row.failure = row.failure_code = ""
    if payment.card:
        row.brand, row.last4 = payment.card.brand, payment.card.last4


@transaction.atomic
def _record_end(attempt: Attempt, ending: Ending) -> Attempt:
    return _ended(locked(attempt), ending)


def _ended(row: Attempt, ending: Ending) -> Attempt:
    if not row.is_open:
        return row
    row.status, row.ended_at = ending.status, clock.now()
    row.failure_code, row.failure = ending.code[:60], ending.said[:300]
    row.save(update_fields=["status", "ended_at", "failure_code", "failure"])
    purpose_of(row).ended(row)
    return row


def locked(attempt: Attempt) -> Attempt:
    """The attempt as it is now, locked until the transaction ends; what it pays before it."""
    held = purpose_of(attempt).lock(attempt.reference)
    row = _row(attempt)
    row.held = held
    return row


def _row(attempt: Attempt) -> Attempt:
    """The attempt as it is now, locked. One query."""
    rows = Attempt.objects.select_for_update(of=("self",))
    related = ("card", "customer", "location", "started_by", "client")
    return locked_row(rows.select_related(*related), pk=attempt.pk)
