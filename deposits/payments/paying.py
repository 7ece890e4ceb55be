"""Paying what a deposit request asks: by a card on the processor's page, or from the balance.

    attempt = begin_payment(...)            # under the request's lock; nothing is asked yet
    attempt = attempts.send(attempt)        # outside of a transaction: attempt.url is the page
    attempts.look(attempt)                  # back from the page; taking.py hears what came of it

    saving = open_card_page(...)            # where no money is asked, only a card to be kept
    request = finish_card(request)          # back from that page

Several attempts of one request may be open: a card was declined, another tab. The first that is
paid counts; another goes straight back.
"""

import uuid as uuids

from django.db import transaction

from cards import attempts
from cards.attempts import begin
from cards.models import Attempt, CardOnFile, CardSaving
from cards.on_file import remove_card
from cards.saving import lead_back, open_saving, saving_named
from cards.saving_end import cancel_saving, finish_saving
from deposits.errors import Refused, as_refused
from deposits.locking import lock_request
from deposits.models import DepositRequest
from deposits.payments.asking import require_asking
from deposits.payments.earmarking import check_allowed, earmark
from deposits.payments.taking import confirm_visit, confirmed, open_attempts
from deposits.purposes import DEPOSIT
from salon import clock
from salon.desk import Desk
from salon.models import BusinessSettings

Status = DepositRequest.Status
_BEFORE_PAYING = {
    Status.CONFIRMED: "This is settled already. Nothing was charged.",
    Status.CANCELED: "This was canceled meanwhile. Nothing was charged. Please call the salon.",
    Status.LAPSED: "The time to pay is over. Nothing was charged. Book again, or call the salon.",
    Status.RETURNED: "This can’t be paid any more. Nothing was charged. Please call the salon.",
}


@transaction.atomic
def begin_payment(*, request: DepositRequest, back_url: str, uuid: uuids.UUID) -> Attempt:
    """Write that a card is to pay it; `cards.attempts.send` opens the page once this has committed.

    `back_url` is where that page leads back to. The same `uuid` again answers with the attempt that
    it wrote. Locks the visit, then the request. Raises Refused where it is not to be paid any more.
    """
    locked = lock_request(request.uuid)
    with as_refused():
        twin = attempts.begun_before(uuid=uuid, purpose=DEPOSIT, reference=str(locked.uuid))
    if twin:
        return twin
    check_payable(locked)
    if not locked.amount:
        raise Refused("No money is asked for this. Nothing was charged.")
    visit = locked.appointment
    with as_refused():
        return begin(
            purpose=DEPOSIT,
            reference=str(locked.uuid),
            amount=locked.amount,
            way=Attempt.Way.PHONE,
            description=f"Deposit, {BusinessSettings.current().name}",
            desk=Desk(staff=None, location=visit.location, by_itself=True),
            uuid=uuid,
            client=visit.client.survivor,
            keep_card=locked.keep_card,
            back_url=back_url,
        )


def check_payable(request: DepositRequest) -> None:
    """Raise Refused where a locked request is settled, over, or its visit is gone."""
    if not request.is_waiting:
        raise Refused(_BEFORE_PAYING[Status(request.status)])
    if request.expires_at <= clock.now():
        raise Refused(_BEFORE_PAYING[Status.LAPSED])
    visit = request.appointment
    if not (visit.is_open or visit.is_pending):
        raise Refused(_BEFORE_PAYING[Status.CANCELED])


def cancel_attempts_of(uuid: uuids.UUID | str) -> int:
    """Close the card pages of a request that is settled; how many were open.

    Never inside a transaction. One that was paid meanwhile goes straight back.
    """
    request = DepositRequest.objects.get(uuid=uuid)
    if request.status in (Status.WAITING, Status.LAPSED):
        return 0
    waiting = list(open_attempts(request))
    for attempt in waiting:
        attempts.cancel(attempt)
    close_card_page(request)
    return len(waiting)


# --- A card to be kept, and no money ------------------------------------------------------------


def open_card_page(*, request: DepositRequest, back_url: str) -> CardSaving:
    """The processor's page that keeps the card (`.url`); open already, the same.

    Never inside a transaction. Raises Refused where the request is not waiting for a card any more,
    or the processor does not answer.
    """
    with transaction.atomic():
        locked = lock_request(request.uuid)
        check_payable(locked)
        saving = saving_of(locked)
        if saving is None:
            raise Refused("No card is asked for this. No card was kept.")
        lead_back(saving, back_url)
    with as_refused():
        return open_saving(saving)


def finish_card(request: DepositRequest) -> DepositRequest:
    """Ask whether the card is kept; then the request is confirmed, and its visit stands.

    Where it came too late, the time is taken again if it is still free; if it is not, no card is
    kept. Never inside a transaction. Any number of times. Raises Unclear: ask again.
    """
    saving = saving_of(request)
    card = finish_saving(saving) if saving else None
    if card is None:
        return DepositRequest.objects.select_related("appointment").get(pk=request.pk)
    return card_kept(request, card)


def card_kept(request: DepositRequest, card: CardOnFile) -> DepositRequest:
    """The card that a request waited for is kept. Never inside a transaction."""
    done = _confirm_kept(request)
    if done.status != Status.CONFIRMED and card.removed_at is None:
        remove_card(card=card, desk=Desk(staff=None, location=done.appointment.location))
    return done


def close_card_page(request: DepositRequest) -> None:
    """No card is kept by it from now on; where the client was faster, as `finish_card`.

    Never inside a transaction. Raises Unclear and NotAnswered: the page may still be open.
    """
    saving = saving_of(request)
    if saving and (card := cancel_saving(saving)):
        card_kept(request, card)


def saving_of(request: DepositRequest) -> CardSaving | None:
    """Where a card is to be kept for it. One query."""
    return saving_named(request.card_saving)


@transaction.atomic
def _confirm_kept(request: DepositRequest) -> DepositRequest:
    locked = lock_request(request.uuid)
    if locked.status not in (Status.WAITING, Status.LAPSED):
        return locked
    desk = Desk(staff=None, location=locked.appointment.location, by_itself=True)
    try:
        with transaction.atomic():
            confirm_visit(locked)
            confirmed(locked, desk)
    except Refused:
        locked.refresh_from_db()
    return locked


# --- From the balance ---------------------------------------------------------------------------


@transaction.atomic
def pay_from_balance(*, request: DepositRequest, desk: Desk) -> DepositRequest:
    """Set so much of the client's balance aside for the visit, where the owner allows it.

    It is no sale: the money was taken before. Settled already, it answers with the request. Raises
    Refused, field "amount" where less is free.
    """
    require_asking(desk)
    locked = lock_request(request.uuid)
    if locked.status == Status.CONFIRMED:
        return locked
    check_payable(locked)
    check_allowed(locked)
    confirm_visit(locked)
    earmark(request=locked, desk=desk)
    confirmed(locked, desk)
    return locked
