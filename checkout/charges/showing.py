"""How charges read at the desk: the open ones as rows among the payments, the others as news."""

from dataclasses import dataclass
from functools import cached_property

from djmoney.money import Money

from cards.models import Attempt
from checkout.charges.readers import label_of
from checkout.charges.waiting import pays
from checkout.models import OrderCharge
from salon import said

NO_ANSWER = "The processor does not answer. Nothing is known yet: we keep asking."
NOT_CANCELED = "The processor does not answer. It is canceled as soon as it does."


@dataclass(frozen=True)
class ShownCharge:
    """An open charge as its row reads."""

    charge: OrderCharge

    @property
    def attempt(self) -> Attempt:
        return self.charge.attempt

    @property
    def amount(self) -> Money:
        """What of the order it will pay."""
        return pays(self.charge)

    @property
    def is_canceling(self) -> bool:
        """Somebody called it off; it is over once the processor says so."""
        return self.attempt.cancel_asked_at is not None

    @property
    def is_unknown(self) -> bool:
        """The processor was asked and has not answered yet."""
        return self.is_canceling or self.attempt.status == Attempt.Status.STARTED

    @cached_property
    def name(self) -> str:
        """Waiting for the client’s phone. One query for a reader."""
        attempt = self.attempt
        if attempt.way == Attempt.Way.PHONE:
            return "Waiting for the client’s phone"
        if attempt.way == Attempt.Way.SCREEN:
            return "Waiting for the card page"
        if attempt.way == Attempt.Way.READER:
            return f"Waiting for the reader {label_of(attempt.reader_id)}".rstrip()
        return f"Charging {attempt.card_said}"

    @property
    def note(self) -> str:
        """What is known of it besides."""
        if self.is_canceling:
            return NOT_CANCELED
        if self.is_unknown:
            return NO_ANSWER
        notes = [f"and {said.amount(self.charge.tip)} tip"] if self.charge.tip else []
        if self.attempt.failure:
            notes.append(self.attempt.failure)
        if self.attempt.way == Attempt.Way.ON_FILE:
            notes.append("The bank has not decided yet.")
        return " · ".join(notes)

    @property
    def page_url(self) -> str:
        """The card page, where it was opened on this screen."""
        is_here = self.attempt.way == Attempt.Way.SCREEN and not self.is_unknown
        return self.attempt.url if is_here else ""


@dataclass(frozen=True)
class News:
    """What became of a charge: an alert of this kind."""

    kind: str
    title: str
    text: str = ""


def paid(charge: OrderCharge) -> str:
    """Visa •••• 4242 paid $46.40, $6.40 of it tip."""
    attempt = charge.attempt
    tip = f", {said.amount(charge.tip)} of it tip" if charge.tip else ""
    return f"{attempt.card_said or 'The card'} paid {said.amount(attempt.amount)}{tip}."


def news_of(charge: OrderCharge) -> News:
    """What came of a charge that has ended; or it is one that the client has just begun."""
    attempt = charge.attempt
    if attempt.status == Attempt.Status.SUCCEEDED:
        return News("info", paid(charge))
    if attempt.status == Attempt.Status.FAILED:
        return News("error", attempt.failure or "The card was declined. Nothing was charged.")
    if attempt.status == Attempt.Status.CANCELED:
        return News("warning", attempt.failure or _canceled(charge))
    return News("info", "The client is paying on their phone.")


def news_of_canceling(charge: OrderCharge) -> News:
    """What became of the wish to cancel it."""
    attempt = charge.attempt
    if attempt.status == Attempt.Status.SUCCEEDED:
        return News("warning", "The client was faster.", f"{paid(charge)} It was not canceled.")
    if attempt.is_open:
        return News("warning", "Not canceled yet.", NOT_CANCELED)
    return News("info", _canceled(charge))


def _canceled(charge: OrderCharge) -> str:
    amount = said.amount(charge.attempt.amount)
    return f"The card payment of {amount} was canceled. Nothing was charged."
