"""Asking the card processor how a payment stands that somebody waits for."""

import logging

from django.db import transaction

from cards import attempts, gateways
from cards.gateway import Rejected, Unclear
from deposits.errors import Refused
from deposits.models import DepositRequest
from deposits.own.telling import address_of_payer, ask_to_pay
from deposits.payments.paying import finish_card
from deposits.payments.taking import open_attempts

log = logging.getLogger(__name__)


def look_at(request: DepositRequest) -> DepositRequest:
    """The request as it stands once the processor was asked. Never inside a transaction.

    Where it does not answer, the request stays as it is: the sweep goes on asking.
    """
    if gateways.connected():
        try:
            for attempt in open_attempts(request):
                attempts.look(attempt)
            if request.is_waiting and request.card_saving:
                finish_card(request)
        except (Unclear, Rejected, Refused) as error:
            log.warning("deposit request %s: no answer: %s", request.uuid, error)
    return DepositRequest.objects.get(pk=request.pk)


@transaction.atomic
def send_again(*, request: DepositRequest) -> DepositRequest:
    """Send the link once more to the same address. Raises Refused where nobody waits for it."""
    locked = DepositRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not locked.is_waiting:
        raise Refused(f"This deposit is {locked.get_status_display().lower()}. Nothing was sent.")
    if not address_of_payer(locked):
        raise Refused(
            "There is no e-mail address. Nothing was sent. Copy the link instead, or add an "
            "address to the client."
        )
    ask_to_pay(locked)
    return locked
