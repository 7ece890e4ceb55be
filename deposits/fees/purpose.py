"""What card payments of the purpose "fee" pay for: a Fee, by its uuid."""

from __future__ import annotations

import logging
import uuid as uuids

from django.db import InterfaceError, OperationalError, transaction
from django.urls import reverse

from cards import purposes
from cards.models import Attempt, CardRefund
from cards.straight_back import give_straight_back
from checkout.charges import refused_back
from checkout.charges.paid_sale import sell_paid
from checkout.models import Order
from deposits.fees.charging import card_failed
from deposits.fees.sale import fee_line
from deposits.models import Fee
from deposits.purposes import FEE
from ledger.posting import Cause
from salon import clock
from salon.desk import Desk
from salon.waiting import locked_row

log = logging.getLogger(__name__)

# Derives the sale from the fee.
_SALE = uuids.UUID("6f0f3d0e-51f2-4d5b-9d1a-0b9a54b1e8c7")

CAUSE = "fee"
"""What the entry of a fee that went straight back names as its cause."""
UNSOLD = "The card paid, but no sale could be made of it: the card gets it back."


class FeePurpose(purposes.Purpose):
    code = FEE

    def lock(self, reference: str) -> None:
        """The fee's row."""
        _locked(reference)

    def paid(self, attempt: Attempt, desk: Desk) -> None:
        """A closed sale of the fee. One that is settled otherwise by now goes straight back.

        So does one that can't be sold, whatever the reason, and the fee is to do: the money is
        taken. Only a lost connection or a deadlock is raised: who looks again tries again.
        """
        fee = _locked(attempt.reference)
        if not _is_due(fee):
            state = fee.get_status_display().lower()
            _send_back(fee, attempt, f"The fee was {state} before the card was charged", desk)
            return
        try:
            with transaction.atomic():
                fee.order = _sell(fee, attempt, desk)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("fee %s could not be recorded", fee.uuid)
            fee = _locked(attempt.reference)
            _send_back(fee, attempt, "The fee could not be sold", desk)
            fee.status, fee.failure = Fee.Status.TO_DO, UNSOLD
        else:
            fee.status, fee.failure = Fee.Status.PAID, ""
        fee.save(update_fields=["order", "status", "failure"])

    def ended(self, attempt: Attempt) -> None:
        """The card did not pay: the client owes it where they may, else somebody has to look."""
        fee = _locked(attempt.reference)
        if fee.status == Fee.Status.CHARGING:
            at_salon = Desk(staff=None, location=fee.location, at=clock.now(), by_itself=True)
            card_failed(fee, attempt.failure or "The card did not pay.", at_salon)

    def refund_moved(self, refund: CardRefund) -> None:
        """Of a payment that went straight back: what the card refuses is the client's balance."""
        fee = _locked(refund.reference)
        refused_back.to_the_balance(refund, fee.client.survivor, Cause(CAUSE, str(fee.uuid)))

    def url(self, reference: str) -> str:
        """Where the desk decides about the visit's deposit."""
        visit = Fee.objects.values_list("appointment__uuid", flat=True).get(uuid=reference)
        return reverse("deposits:decide", args=[visit])


def _locked(reference: str) -> Fee:
    rows = Fee.objects.select_for_update(of=("self",))
    related = ("client__merged_into", "location", "appointment__location", "order")
    return locked_row(rows.select_related(*related), uuid=reference)


def _is_due(fee: Fee) -> bool:
    """Whether nothing else has settled it, nor is a sale of it open at a desk."""
    at_desk = fee.order is not None and fee.order.is_open
    return fee.status in (Fee.Status.CHARGING, Fee.Status.TO_DO) and not at_desk


def _sell(fee: Fee, attempt: Attempt, desk: Desk) -> Order:
    return sell_paid(
        attempt=attempt,
        lines=[fee_line(fee)],
        client=fee.client.survivor,
        desk=_alone(fee, desk),
        uuid=uuids.uuid5(_SALE, str(attempt.uuid)),
    )


def _send_back(fee: Fee, attempt: Attempt, why: str, desk: Desk) -> None:
    give_straight_back(
        attempt=attempt,
        why=why,
        cause=Cause(CAUSE, str(fee.uuid)),
        reference=str(fee.uuid),
        desk=desk,
    )


def _alone(fee: Fee, desk: Desk) -> Desk:
    return Desk(staff=desk.staff, location=fee.location, at=desk.at, by_itself=True)


def register_fee_purpose() -> None:
    """Called once, when the program starts."""
    purposes.register(FeePurpose())
    refused_back.settles(FEE)
