"""How a way to pay asks the processor. Any of these may be cut off, and is called again.

Nothing here writes: what the processor says goes to recording.py. A page is shown, and a card is
asked, only once the processor's id for it is kept: so an attempt without an id took nothing.
"""

from abc import ABC, abstractmethod

from cards import recording
from cards.gateway import Decline, Gateway, Rejected
from cards.models import Attempt
from cards.recording import NOBODY_PAID, Ending, declined


class Way(ABC):
    """One way to pay. All may raise Unclear and Rejected: then the attempt stays as it is."""

    late = NOBODY_PAID
    """Why it is canceled when its time is over."""

    @abstractmethod
    def send(self, gateway: Gateway, attempt: Attempt) -> Attempt:
        """Ask for the money; again, it does nothing twice."""

    @abstractmethod
    def look(self, gateway: Gateway, attempt: Attempt) -> Attempt:
        """See how it stands, and finish what was cut off where that is safe."""

    def cancel(self, gateway: Gateway, attempt: Attempt, ending: Ending) -> Attempt:
        """Make sure that it takes nothing any more."""
        row = recording.end_unheard(attempt, ending)
        return self._cancel_known(gateway, row, ending) if row.is_open else row

    @abstractmethod
    def _cancel_known(self, gateway: Gateway, attempt: Attempt, ending: Ending) -> Attempt:
        """Cancel it at the processor, by the id that is kept."""


def is_called_off(attempt: Attempt) -> bool:
    """It has ended meanwhile, or somebody asked to cancel it."""
    return not attempt.is_open or attempt.cancel_asked_at is not None


def refused(rejected: Rejected) -> Ending:
    """The processor does not do it: an end with its words."""
    return declined(Decline("rejected", str(rejected)))
