"""What this program knows of card payments. No card number is ever among it."""

from cards.models.attempts import Attempt
from cards.models.events import Dispute, Payout, ProcessorEvent
from cards.models.on_file import CardOnFile, CardSaving, ProcessorCustomer
from cards.models.refunds import CardRefund
from cards.models.transfers import Transfer

__all__ = [
    "Attempt",
    "CardOnFile",
    "CardRefund",
    "CardSaving",
    "Dispute",
    "Payout",
    "ProcessorCustomer",
    "ProcessorEvent",
    "Transfer",
]
