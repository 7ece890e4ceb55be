"""What the program asks of a card processor. It knows no request, no HTML and no order.

Every call that could move money takes an idempotency key, derived from the row that was written
before the call: the same key again is answered with what the first call did. `reference` names
that row at the processor, so that a person finds it there. No call is made inside a database
transaction.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from djmoney.money import Money


class PaymentStatus(StrEnum):
    """How far a payment has come. Only SUCCEEDED has taken money."""

    READY = "ready"
    """Made; nothing was asked of the card, or the card declined: a confirmation may follow."""
    WAITING = "waiting"
    """The client has to act: 3-D Secure, or a card at the reader."""
    PROCESSING = "processing"
    """The processor does not know yet."""
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"
    """It can never take money any more."""


class PageStatus(StrEnum):
    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


class RefundStatus(StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True)
class Card:
    """What may be shown of a card."""

    brand: str
    """As people read it: Visa."""
    last4: str
    exp_month: int
    exp_year: int


@dataclass(frozen=True)
class Decline:
    """Why a card was not charged. `code` is the processor's; `said` is for the desk."""

    code: str
    said: str


@dataclass(frozen=True)
class Payment:
    """One payment as the processor has it."""

    id: str
    status: PaymentStatus
    amount: Money
    reference: str = ""
    card: Card | None = None
    method: str = ""
    """The processor's token of the card, where it was kept."""
    decline: Decline | None = None
    """The last try failed; the payment itself may still be confirmed."""
    fee: Money | None = None
    """What the processor keeps of it; None while it does not say."""


@dataclass(frozen=True)
class Page:
    """A page of the processor's own, where the client types the card."""

    id: str
    url: str
    status: PageStatus
    payment: Payment | None = None
    """Once somebody tried to pay."""
    setup_id: str = ""
    """Of a page that saves a card, once that is done."""


@dataclass(frozen=True)
class SavedCard:
    """A card that the client allowed to be kept."""

    method: str
    card: Card


@dataclass(frozen=True)
class CardRefundAnswer:
    """One refund as the processor has it."""

    id: str
    status: RefundStatus
    amount: Money
    reference: str = ""
    why: str = ""
    """Why it failed, for the desk."""


@dataclass(frozen=True)
class ReaderState:
    """A card reader at the desk."""

    id: str
    label: str
    is_online: bool


@dataclass(frozen=True)
class Event:
    """Something that the processor tells by itself. `object` is its plain data."""

    id: str
    type: str
    at: dt.datetime
    object: Mapping[str, Any] = field(default_factory=dict)


class GatewayError(Exception):
    """Something went wrong at the processor; str() is a sentence for the desk."""


class Declined(GatewayError):
    """The card said no. Nothing was charged."""

    def __init__(self, decline: Decline, payment: Payment | None = None) -> None:
        super().__init__(decline.said)
        self.decline = decline
        self.payment = payment


class NeedsClient(Declined):
    """The bank wants the client to confirm (3-D Secure), who is not there. Nothing was charged."""


class Rejected(GatewayError):
    """The processor does not do this, and certainly did not: wrong state, too much, unknown."""


class Unclear(GatewayError):
    """No answer, or none to rely on: it may have happened. Ask again; never act on it."""


class Forged(GatewayError):
    """A message that claims to be the processor's and is not."""


class Gateway(Protocol):
    """One card processor. All methods raise Rejected and Unclear; few raise Declined."""

    name: str
    is_test: bool

    def make_customer(self, *, reference: str, name: str, email: str, key: str) -> str:
        """The processor's id for a client, to whom cards on file belong."""

    def open_payment_page(
        self,
        *,
        amount: Money,
        reference: str,
        key: str,
        description: str,
        back_url: str,
        expires_at: dt.datetime,
        customer: str = "",
        keep_card: bool = False,
    ) -> Page:
        """A hosted page that takes `amount`. `expires_at` is 30 minutes to 24 hours from now.

        `keep_card`: the card that pays is the customer's from then on, to be charged without them.
        """

    def open_saving_page(self, *, customer: str, reference: str, key: str, back_url: str) -> Page:
        """A hosted page that keeps a card of the customer and charges nothing."""

    def page(self, page_id: str) -> Page:
        """How a hosted page stands, with its payment."""

    def expire_page(self, page_id: str) -> Page:
        """Close a hosted page; where the client was faster, it answers COMPLETE."""

    def make_payment(
        self,
        *,
        amount: Money,
        reference: str,
        key: str,
        description: str,
        customer: str = "",
        at_reader: bool = False,
    ) -> Payment:
        """A payment that nothing is asked of yet: moves no money."""

    def confirm_payment(self, payment_id: str, *, method: str, key: str) -> Payment:
        """Charge a card on file, the client not being there. Raises Declined, NeedsClient."""

    def payment(self, payment_id: str) -> Payment:
        """How a payment stands."""

    def cancel_payment(self, payment_id: str) -> Payment:
        """Make sure it takes nothing any more; where it has, it answers SUCCEEDED."""

    def readers(self) -> list[ReaderState]:
        """The card readers of the account."""

    def show_on_reader(self, reader_id: str, payment_id: str, *, key: str) -> None:
        """Ask for the card at a reader. Rejected where it is busy or offline."""

    def clear_reader(self, reader_id: str) -> None:
        """Stop asking there."""

    def saved_card(self, setup_id: str) -> SavedCard:
        """The card that a saving page kept."""

    def forget_card(self, method: str) -> None:
        """Take a card off its customer; one that is gone already is fine."""

    def refund(
        self, payment_id: str, *, amount: Money, reference: str, key: str
    ) -> CardRefundAnswer:
        """Give back to the card. Rejected: more than is left of the charge, or no such charge."""

    def refunds_of(self, payment_id: str) -> list[CardRefundAnswer]:
        """All refunds of a payment, the oldest first."""

    def transfer(
        self, *, amount: Money, account: str, reference: str, key: str, payment_id: str = ""
    ) -> str:
        """Hand money on to a provider's own account; the transfer's id.

        With `payment_id` out of that charge, though it is pending still, and never more than it
        took; without, out of what is available.
        """

    def take_back_transfer(
        self, transfer_id: str, *, amount: Money, reference: str, key: str
    ) -> str:
        """Take so much of a transfer back; the reversal's id."""

    def find_taking_back(self, transfer_id: str, reference: str) -> str:
        """The id of the reversal of that transfer with this reference; empty: there is none."""

    def find_transfer(self, reference: str, *, account: str, since: dt.datetime) -> str:
        """The id of the transfer to `account` with this reference; empty: there is none."""

    def read_event(self, body: bytes, signature: str) -> Event:
        """An event as it was sent, its signature checked. Raises Forged."""
