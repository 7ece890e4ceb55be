"""Asking a card on file, or one at a reader.

A payment is made first, which moves nothing; its id is kept; and only then is the card asked.
"""

import logging
from abc import abstractmethod

from cards import recording
from cards.asking import Way, is_called_off, refused
from cards.gateway import (
    Decline,
    Declined,
    Gateway,
    GatewayError,
    NeedsClient,
    Payment,
    PaymentStatus,
    Rejected,
)
from cards.models import Attempt
from cards.recording import CANCELED, NEEDS_CLIENT, NO_ANSWER, Ending, declined

log = logging.getLogger(__name__)


class ByPayment(Way):
    """Made first, then asked of a card: on file or at a reader."""

    at_reader = False

    def _made(self, gateway: Gateway, attempt: Attempt) -> Attempt:
        """The attempt with its payment at the processor, of which nothing is asked yet."""
        if attempt.payment_id:
            return recording.keep(attempt)
        try:
            payment = gateway.make_payment(
                amount=attempt.amount,
                reference=str(attempt.uuid),
                key=attempt.key("make"),
                description=attempt.description,
                customer=attempt.customer.gateway_id if attempt.customer else "",
                at_reader=self.at_reader,
            )
        except Rejected as rejected:
            return recording.end_unheard(attempt, refused(rejected))
        return recording.keep(attempt, payment_id=payment.id)

    def send(self, gateway: Gateway, attempt: Attempt) -> Attempt:
        """Make the payment, then ask the card; nothing is asked once it was called off."""
        row = self._made(gateway, attempt)
        if not row.payment_id:
            return row
        if is_called_off(row):
            return self._cancel_known(gateway, row, CANCELED)
        return self._ask_card(gateway, row)

    @abstractmethod
    def _ask_card(self, gateway: Gateway, attempt: Attempt) -> Attempt:
        """Ask the card for the payment that was made."""

    def _cancel_known(self, gateway: Gateway, attempt: Attempt, ending: Ending) -> Attempt:
        try:
            payment = gateway.cancel_payment(attempt.payment_id)
        except Rejected:  # Not while the processor works on it.
            payment = gateway.payment(attempt.payment_id)
        return recording.record(attempt, payment, ending)


class OnFile(ByPayment):
    """A kept card; the client is not there."""

    late = NO_ANSWER

    def _ask_card(self, gateway: Gateway, attempt: Attempt) -> Attempt:
        assert attempt.card is not None
        try:
            payment = gateway.confirm_payment(
                attempt.payment_id, method=attempt.card.method, key=attempt.key("confirm")
            )
        except NeedsClient:
            return self._cancel_known(gateway, attempt, NEEDS_CLIENT)
        except Declined as refusal:
            return self._cancel_known(gateway, attempt, declined(refusal.decline))
        except Rejected as rejected:
            return self._cancel_known(gateway, attempt, refused(rejected))
        return self._judge(gateway, attempt, payment)

    def look(self, gateway: Gateway, attempt: Attempt) -> Attempt:
        """Never confirms: what was cut off before that is left alone, and canceled in the end."""
        if not attempt.payment_id:
            return attempt
        return self._judge(gateway, attempt, gateway.payment(attempt.payment_id))

    def _judge(self, gateway: Gateway, attempt: Attempt, payment: Payment) -> Attempt:
        if payment.status == PaymentStatus.WAITING:
            return self._cancel_known(gateway, attempt, NEEDS_CLIENT)
        if payment.status != PaymentStatus.READY:
            return recording.record(attempt, payment)
        if payment.decline:
            return self._cancel_known(gateway, attempt, _said_later(payment.decline))
        return attempt


class AtReader(ByPayment):
    """A card reader at the desk, which the processor drives."""

    at_reader = True

    def _ask_card(self, gateway: Gateway, attempt: Attempt) -> Attempt:
        try:
            gateway.show_on_reader(attempt.reader_id, attempt.payment_id, key=attempt.key("show"))
        except Rejected as rejected:
            return self._cancel_known(gateway, attempt, refused(rejected))
        return recording.waits(attempt)

    def look(self, gateway: Gateway, attempt: Attempt) -> Attempt:
        """A reader that was not known to ask is told again: only a card that is held to it pays."""
        if attempt.payment_id:
            payment = gateway.payment(attempt.payment_id)
            if payment.decline and payment.status == PaymentStatus.READY:
                return self._cancel_known(gateway, attempt, declined(payment.decline))
            is_new = attempt.status == Attempt.Status.STARTED
            if payment.status != PaymentStatus.READY or not is_new:
                return recording.record(attempt, payment)
        return self.send(gateway, attempt)

    def _cancel_known(self, gateway: Gateway, attempt: Attempt, ending: Ending) -> Attempt:
        _clear_reader(gateway, attempt)
        return super()._cancel_known(gateway, attempt, ending)


def _clear_reader(gateway: Gateway, attempt: Attempt) -> None:
    """Stop the reader from asking, unless it asks for another sale meanwhile.

    Without an answer it may go on asking, for a payment that is canceled and takes nothing.
    """
    shown = Attempt.objects.filter(reader_id=attempt.reader_id, status=Attempt.Status.WAITING)
    if shown.exclude(pk=attempt.pk).exists():
        return
    try:
        gateway.clear_reader(attempt.reader_id)
    except GatewayError as error:
        log.info("attempt %s: the reader was not cleared: %s", attempt.uuid, error)


def _said_later(decline: Decline) -> Ending:
    """Why a card on file was declined, read off its payment: the same words as at the time."""
    return NEEDS_CLIENT if decline.code == NEEDS_CLIENT.code else declined(decline)
