"""How enrolling online stands, after asking the processor."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from enum import StrEnum

from djmoney.money import Money

from cards import attempts, gateways
from cards.decline_words import NOTHING, happened_to_holder
from cards.gateway import GatewayError
from cards.models import Attempt
from memberships.enrolling.online import due_of
from memberships.enrolling.paying import finish_card, saving_of
from memberships.models import Enrolment, Membership
from memberships.own.links import read_enrolment
from memberships.purposes import ENROLMENT
from salon import clock
from salon.errors import Refusal

Status = Enrolment.Status


class Stand(StrEnum):
    """Where it stands for whoever enrols."""

    DONE = "done"
    OPEN = "open"
    """The card page is open."""
    UNPAID = "unpaid"
    """The card page was closed, or the card declined: another try."""
    LAPSED = "lapsed"
    RETURNED = "returned"


@dataclass(frozen=True)
class Outcome:
    """`attempt`: the last one, if any. `due` includes tax; zero where only a card is kept."""

    enrolment: Enrolment
    stand: Stand
    attempt: Attempt | None
    due: Money
    membership: Membership | None

    @property
    def is_card_alone(self) -> bool:
        """Nothing is due now: only a card is kept."""
        return not self.due

    @property
    def is_unanswered(self) -> bool:
        """The processor did not open its page. One query where only a card is kept."""
        if self.is_card_alone:
            saving = saving_of(self.enrolment)
            return saving is not None and not saving.page_id
        return self.attempt is not None and self.attempt.is_open and not self.attempt.url

    @property
    def minutes_left(self) -> int:
        """How long it can still be paid."""
        assert self.enrolment.expires_at is not None  # nosec B101 - online it has one
        left = self.enrolment.expires_at - clock.now()
        return max(0, math.ceil(left / dt.timedelta(minutes=1)))

    @property
    def declined(self) -> str:
        """Why the card was declined, for whoever holds it; empty where none was."""
        if self.attempt is None or not self.attempt.failure:
            return ""
        happened = happened_to_holder(self.attempt.failure)
        return f"{happened} {NOTHING} Try it again, or another card."


def outcome_of(enrolment: Enrolment, token: str) -> Outcome:
    """How it stands, after asking the processor where something may have happened there.

    Never inside a transaction.
    """
    attempt = _last_attempt(enrolment)
    if enrolment.status in (Status.WAITING, Status.LAPSED) and gateways.connected():
        if attempt and attempt.is_open:
            attempt = attempts.look(attempt)
        if enrolment.card_saving:
            _finish(enrolment)
        enrolment = read_enrolment(token)
    rows = Membership.objects.filter(enrolment=enrolment)
    return Outcome(
        enrolment=enrolment,
        stand=_stand(enrolment, attempt),
        attempt=attempt,
        due=due_of(enrolment),
        membership=rows.first() if enrolment.status == Status.STARTED else None,
    )


def _stand(enrolment: Enrolment, attempt: Attempt | None) -> Stand:
    if enrolment.status == Status.STARTED:
        return Stand.DONE
    if enrolment.status == Status.RETURNED:
        return Stand.RETURNED
    assert enrolment.expires_at is not None  # nosec B101 - online it has one
    if enrolment.status == Status.LAPSED or enrolment.expires_at <= clock.now():
        return Stand.LAPSED
    return Stand.OPEN if attempt and attempt.is_open else Stand.UNPAID


def _last_attempt(enrolment: Enrolment) -> Attempt | None:
    rows = Attempt.objects.filter(purpose=ENROLMENT, reference=str(enrolment.uuid))
    # One that is open may still take money, whatever was tried after it.
    return rows.open().order_by("-id").first() or rows.order_by("-id").first()


def _finish(enrolment: Enrolment) -> None:
    try:
        finish_card(enrolment)
    except (GatewayError, Refusal):
        return  # Not answered: the page says that it waits, and asks again.
