"""What became of a booking, or of a payment link, after asking the processor."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cards import attempts, gateways
from cards.decline_words import NOTHING, happened_to_holder
from cards.gateway import GatewayError
from cards.models import Attempt
from deposits.booking.shop import Shop
from deposits.booking.steps import Walk
from deposits.booking.sums import summed
from deposits.models import DepositRequest
from deposits.own.visit import OwnVisit, own_visit
from deposits.payments.paying import finish_card
from deposits.purposes import DEPOSIT
from salon import clock

Status = DepositRequest.Status


class Stand(StrEnum):
    """Where it stands for the client."""

    DONE = "done"
    GONE = "gone"
    """It was confirmed, and the visit was canceled since."""
    READY = "ready"
    """To be paid, and nothing was tried yet."""
    OPEN = "open"
    """The card page is open."""
    UNPAID = "unpaid"
    """The card page was closed, or the card declined: another try."""
    LAPSED = "lapsed"
    RETURNED = "returned"
    CANCELED = "canceled"


@dataclass(frozen=True)
class Outcome:
    """`attempt`: the last one, if any."""

    asked: DepositRequest
    stand: Stand
    attempt: Attempt | None
    facts: OwnVisit

    @property
    def is_online(self) -> bool:
        """It was booked online; else a link that the desk sent."""
        return self.asked.came_from == DepositRequest.CameFrom.ONLINE

    @property
    def declined(self) -> str:
        """Why the card was declined, for whoever holds it; empty where none was.

        The attempt's own words are the desk's, and may speak of "the client".
        """
        if not self.attempt or not self.attempt.failure:
            return ""
        happened = happened_to_holder(self.attempt.failure)
        return f"{happened} {NOTHING} Try it again, or another card."

    @property
    def is_card_alone(self) -> bool:
        """No money is asked, only that a card is kept."""
        return not self.asked.amount


def outcome_of(asked: DepositRequest) -> Outcome:
    """How it stands, after asking the processor where something may have happened there.

    Never inside a transaction.
    """
    attempt = _last_attempt(asked)
    if asked.status in (Status.WAITING, Status.LAPSED) and gateways.connected():
        if attempt and attempt.is_open:
            attempt = attempts.look(attempt)
        if asked.card_saving and not asked.amount:
            _finish(asked)
        asked = _fresh(asked)
    stand = _stand(asked, attempt)
    return Outcome(asked, stand, attempt, own_visit(asked.appointment))


def other_times(asked: DepositRequest, shop: Shop) -> str:
    """The page of times for the same services with the same people."""
    rows = list(asked.appointment.services.select_related("service"))
    named = {row.service_id: row.staff_id for row in rows}
    walk = Walk(shop, tuple(row.service for row in rows), named)
    return summed(walk).address("times")


def _stand(asked: DepositRequest, attempt: Attempt | None) -> Stand:
    if asked.status == Status.CONFIRMED:
        return Stand.GONE if asked.appointment.is_gone else Stand.DONE
    ended = {
        Status.LAPSED: Stand.LAPSED,
        Status.RETURNED: Stand.RETURNED,
        Status.CANCELED: Stand.CANCELED,
    }
    if asked.status in ended:
        return ended[Status(asked.status)]
    if asked.appointment.is_gone:
        return Stand.CANCELED
    if asked.expires_at <= clock.now():
        return Stand.LAPSED
    if attempt is None:
        return Stand.UNPAID if asked.card_saving else Stand.READY
    return Stand.OPEN if attempt.is_open else Stand.UNPAID


def _last_attempt(asked: DepositRequest) -> Attempt | None:
    rows = Attempt.objects.filter(purpose=DEPOSIT, reference=str(asked.uuid))
    # One that is open may still take money, whatever was tried after it.
    return rows.open().order_by("-id").first() or rows.order_by("-id").first()


def _finish(asked: DepositRequest) -> None:
    try:
        finish_card(asked)
    except GatewayError:
        return  # Not answered: the page says that it waits, and asks again.


def _fresh(asked: DepositRequest) -> DepositRequest:
    rows = DepositRequest.objects.select_related("appointment__client", "appointment__location")
    return rows.get(pk=asked.pk)
