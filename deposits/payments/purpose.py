"""Deposits, as something that cards pay for (cards/purposes.py)."""

from django.urls import reverse

from cards import purposes
from cards.models import Attempt, CardRefund
from checkout.charges import refused_back
from deposits.locking import lock_request
from deposits.models import DepositRequest
from deposits.payments.taking import CAUSE, take
from deposits.purposes import DEPOSIT
from ledger import causes
from ledger.posting import Cause
from salon.desk import Desk


class DepositPurpose(purposes.Purpose):
    """A request for a deposit, by its uuid."""

    code = DEPOSIT

    def lock(self, reference: str) -> None:
        """The visit, then the request."""
        lock_request(reference)

    def paid(self, attempt: Attempt, desk: Desk) -> None:
        """Held for its visit, or straight back to the card."""
        take(attempt, desk)

    def refund_moved(self, refund: CardRefund) -> None:
        """Of a payment that went straight back: what the card refuses is the client's balance."""
        request = lock_request(refund.reference)
        cause = Cause(CAUSE, str(request.uuid))
        refused_back.to_the_balance(refund, request.appointment.client.survivor, cause)

    def url(self, reference: str) -> str:
        """The page of its visit's deposit."""
        return url_of(reference) or ""


def url_of(reference: str) -> str | None:
    """The page of the deposit of a request's visit. One query."""
    requests = DepositRequest.objects.filter(uuid=reference)
    visit = requests.values_list("appointment__uuid", flat=True).first()
    return reverse("deposits:of_visit", args=[visit]) if visit else None


def register_deposit_purpose() -> None:
    """Called once, when the program starts."""
    purposes.register(DepositPurpose())
    refused_back.settles(DEPOSIT)
    causes.add(CAUSE, url_of=url_of)
