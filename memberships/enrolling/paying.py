"""Paying an enrolment online on the processor's page, or having a card kept where nothing is due.

    attempt = begin_payment(...)            # under the enrolment's lock; nothing is asked yet
    attempt = attempts.send(attempt)        # outside of a transaction: attempt.url is the page
    attempts.look(attempt)                  # back from the page; purpose.py hears what came of it

    saving = open_card_page(...)            # where nothing is due now
    enrolment = finish_card(enrolment)      # back from that page, or by the job

Several attempts of one enrolment may be open: a card was declined, another tab. The first that is
paid counts; another goes straight back.
"""

import uuid as uuids

from django.db import transaction
from django.db.models import QuerySet

from cards import attempts
from cards.models import Attempt, CardOnFile, CardSaving
from cards.on_file import remove_card
from cards.saving import lead_back, open_saving, saving_named
from cards.saving_end import cancel_saving, finish_saving
from memberships.enrolling.begun import begin_without_sale
from memberships.enrolling.online import due_of
from memberships.errors import Refused, as_refused
from memberships.locking import lock_enrolment
from memberships.models import Enrolment
from memberships.purposes import ENROLMENT
from salon import clock
from salon.desk import Desk
from salon.models import BusinessSettings

Status = Enrolment.Status
_WHY_NOT = {
    Status.STARTED: "You are a member already. Nothing was charged.",
    Status.LAPSED: "The time to pay is over. Nothing was charged. Begin again, or call the salon.",
    Status.RETURNED: "This can’t be paid any more. Nothing was charged. Please call the salon.",
}


@transaction.atomic
def begin_payment(*, enrolment: Enrolment, back_url: str, uuid: uuids.UUID) -> Attempt:
    """Write that a card is to pay it; `cards.attempts.send` opens the page once this has committed.

    The card that pays is kept. The same `uuid` again answers with the attempt that it wrote. Locks
    the enrolment. Raises Refused where it is not to be paid any more.
    """
    locked = lock_enrolment(enrolment.uuid)
    with as_refused():
        twin = attempts.begun_before(uuid=uuid, purpose=ENROLMENT, reference=str(locked.uuid))
    if twin:
        return twin
    _check_waits(locked)
    if locked.card_saving:
        raise Refused("Nothing is due for this now. Nothing was charged.")
    with as_refused():
        return attempts.begin(
            purpose=ENROLMENT,
            reference=str(locked.uuid),
            amount=due_of(locked),
            way=Attempt.Way.PHONE,
            description=f"{locked.plan.name}, {BusinessSettings.current().name}",
            desk=Desk(staff=None, location=locked.location, by_itself=True),
            uuid=uuid,
            client=locked.client.survivor,
            keep_card=True,
            back_url=back_url,
        )


def open_attempts(enrolment: Enrolment) -> QuerySet[Attempt]:
    """The payments of an enrolment that may still take money."""
    return Attempt.objects.open().filter(purpose=ENROLMENT, reference=str(enrolment.uuid))


def open_card_page(*, enrolment: Enrolment, back_url: str) -> CardSaving:
    """The processor's page that keeps the card (`.url`); open already, the same.

    Never inside a transaction. Raises Refused where it is not waiting for a card any more, or the
    processor does not answer.
    """
    with transaction.atomic():
        locked = lock_enrolment(enrolment.uuid)
        _check_waits(locked)
        saving = saving_of(locked)
        if saving is None:
            raise Refused("No card is asked for this. No card was kept.")
        lead_back(saving, back_url)
    with as_refused():
        return open_saving(saving)


def finish_card(enrolment: Enrolment) -> Enrolment:
    """Ask whether the card is kept; then they are a member.

    Never inside a transaction. Any number of times. Raises Unclear: ask again.
    """
    saving = saving_of(enrolment)
    card = finish_saving(saving) if saving else None
    if card is None:
        return Enrolment.objects.get(pk=enrolment.pk)
    return _card_kept(enrolment, card)


def close_pages(uuid: uuids.UUID | str) -> int:
    """Close the card pages of an enrolment that is over; how many were open.

    Never inside a transaction. What was paid meanwhile goes straight back. One that lapsed keeps
    its pages: who pays late is a member after all, where that still can be.
    """
    enrolment = Enrolment.objects.get(uuid=uuid)
    if enrolment.status in (Status.WAITING, Status.LAPSED):
        return 0
    waiting = list(open_attempts(enrolment))
    for attempt in waiting:
        attempts.cancel(attempt)
    return len(waiting)


def close_card_page(enrolment: Enrolment) -> None:
    """No card is kept by it from now on; where the client was faster, as `finish_card`.

    Never inside a transaction. Raises Unclear and NotAnswered: the page may still be open.
    """
    saving = saving_of(enrolment)
    if saving and (card := cancel_saving(saving)):
        _card_kept(enrolment, card)


def saving_of(enrolment: Enrolment) -> CardSaving | None:
    """Where a card is to be kept for it. One query, none where something is due."""
    return saving_named(enrolment.card_saving)


def _card_kept(enrolment: Enrolment, card: CardOnFile) -> Enrolment:
    """Nothing begins by it, where that can't be any more: then the card is not kept either."""
    done = begin_without_sale(enrolment, card)
    is_used = done.status == Status.STARTED and done.card_id == card.pk
    if not is_used and card.removed_at is None:
        remove_card(card=card, desk=Desk(staff=None, location=done.location, by_itself=True))
    return done


def _check_waits(enrolment: Enrolment) -> None:
    """Raise Refused where a locked enrolment is settled or over."""
    if not enrolment.is_waiting:
        raise Refused(_WHY_NOT[Status(enrolment.status)])
    if enrolment.expires_at is None or enrolment.expires_at <= clock.now():
        raise Refused(_WHY_NOT[Status.LAPSED])
