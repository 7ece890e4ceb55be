"""What card payments are for, as a registry: this floor charges, upper floors say what it paid.

    purposes.register(OrderPurpose())        # in AppConfig.ready()

An attempt names its purpose and a reference; when the processor says that it was paid, the purpose
is told in the same transaction, so that no charge goes unrecorded.
"""

from abc import ABC, abstractmethod

from cards.models import Attempt, CardRefund, Dispute
from salon.desk import Desk


class Purpose(ABC):
    """One thing that cards pay for. Subclass it; one instance for each code."""

    code: str

    @abstractmethod
    def paid(self, attempt: Attempt, desk: Desk) -> None:
        """The card was charged: record it. `attempt` is locked; it is called once.

        It may not refuse: the money is taken. What does not fit any more is recorded all the same,
        and told, or given back. It may come after `ended`, where the client was faster than a
        cancellation.
        """

    # Hooks, not duties.
    def lock(self, reference: str) -> object:
        """Lock what it pays, before its attempts and refunds are: the order's row comes first. The
        row, for an attempt to hold (`Attempt.held`), where the purpose wants it there.

        Called in the transaction that then locks an attempt or a refund, so that an act which holds
        the order and wants a refund does not meet one that holds the refund and wants the order.
        """
        return None

    def ended(self, attempt: Attempt) -> None:  # noqa: B027
        """Nothing was taken and nothing will be: declined or canceled. `attempt` is locked."""

    def changed(self, attempt: Attempt) -> None:  # noqa: B027
        """Its state moved without an end: pages that show it are out of date."""

    def refund_moved(self, refund: CardRefund) -> None:  # noqa: B027
        """A refund went on, came through or was refused. `refund` is locked."""

    def dispute_lost(self, dispute: Dispute) -> None:  # noqa: B027
        """The client's bank keeps it: the loss is posted, in the transaction under way. Once."""

    def dispute_turned(self, dispute: Dispute) -> None:  # noqa: B027
        """What was lost came back after all: likewise, once."""

    def url(self, reference: str) -> str:
        """The desk's page of what it pays; empty where there is none."""
        return ""


_purposes: dict[str, Purpose] = {}


def register(purpose: Purpose) -> None:
    """Add a purpose. Twice the same code is a programming error."""
    if purpose.code in _purposes:
        raise ValueError(f"purpose {purpose.code} is registered already")
    _purposes[purpose.code] = purpose


def purpose_of(row: Attempt | CardRefund) -> Purpose:
    return _purposes[row.purpose]


def check_registered(code: str) -> None:
    """ValueError for a purpose that nobody registered: its payment could not be recorded."""
    if code not in _purposes:
        raise ValueError(f"no purpose {code} is registered")
