"""Enrolments online, as something that cards pay for (cards/purposes.py)."""

from django.urls import reverse

from cards import purposes
from cards.models import Attempt, CardRefund
from checkout.charges import refused_back
from ledger import causes
from ledger.posting import Cause
from memberships.enrolling.begun import take
from memberships.locking import lock_enrolment
from memberships.models import Enrolment
from memberships.purposes import ENROLMENT
from salon.desk import Desk


class EnrolmentPurpose(purposes.Purpose):
    """An enrolment online, by its uuid."""

    code = ENROLMENT

    def lock(self, reference: str) -> None:
        """The enrolment's row."""
        lock_enrolment(reference)

    def paid(self, attempt: Attempt, desk: Desk) -> None:
        """They are a member, or it goes straight back to the card."""
        take(attempt, desk)

    def refund_moved(self, refund: CardRefund) -> None:
        """Of a payment that went straight back: what the card refuses is the client's balance."""
        enrolment = lock_enrolment(refund.reference)
        cause = Cause(ENROLMENT, str(enrolment.uuid))
        refused_back.to_the_balance(refund, enrolment.client.survivor, cause)

    def url(self, reference: str) -> str:
        """The page of whoever enrolled."""
        return url_of(reference) or ""


def url_of(reference: str) -> str | None:
    """The client's page. One query."""
    clients = Enrolment.objects.filter(uuid=reference).values_list("client", flat=True)
    client = clients.first()
    return reverse("clients:detail", args=[client]) if client else None


def register_enrolment_purpose() -> None:
    """Called once, when the program starts."""
    purposes.register(EnrolmentPurpose())
    refused_back.settles(ENROLMENT)
    causes.add(ENROLMENT, url_of=url_of)
