"""Sending what was written in a transaction, once that has committed."""

import functools
from collections.abc import Callable
from typing import Any

from django.db import transaction

from cards.attempts import send
from cards.models import Attempt, CardRefund, Transfer
from cards.refund_sending import send_refund
from cards.transfer_sending import send_transfer

_SENDERS: dict[type, Callable[[Any], Any]] = {
    Attempt: send,
    CardRefund: send_refund,
    Transfer: send_transfer,
}


def send_after_commit(row: Attempt | CardRefund | Transfer) -> None:
    """Ask the processor as soon as this transaction has committed; rolled back, never.

    Whatever goes wrong then is logged and no error of the act that wrote the row: the row stands,
    and the sweep finishes what this could not.
    """
    transaction.on_commit(functools.partial(_SENDERS[type(row)], row), robust=True)
