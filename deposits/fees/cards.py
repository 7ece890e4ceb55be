"""Which card a fee is charged to by itself.

Whoever books online says who they are by a name and an address, and proves neither. So the cards
that this client keeps are none of theirs to charge, nor even to hear of: what they booked is
charged to the card that was kept with that very booking, or to none. Somebody at the desk who has
asked the client may charge another (`collect`).
"""

from __future__ import annotations

from appointments.models import Appointment
from cards.models import Attempt, CardOnFile
from cards.on_file import default_card, standing_one
from deposits.models import DepositRequest
from deposits.purposes import DEPOSIT


def card_for(visit: Appointment) -> CardOnFile | None:
    """The card for a fee of this visit; None where there is none.

    At most two queries, and one more each time that the card of the booking was kept again.
    """
    booked = _booked_online(visit)
    return default_card(visit.client) if booked is None else _kept_with(booked, visit)


def is_booked_online(visit: Appointment) -> bool:
    """By somebody who need not be its client. One query."""
    return _booked_online(visit) is not None


def why_no_card(visit: Appointment) -> str:
    """Why there is none, for the desk. At most two queries."""
    booked = _booked_online(visit)
    if booked is None or default_card(visit.client) is None:
        return "There is no card on file."
    kept = "the card that was kept with that is not on file any more"
    return (
        f"It was booked online, and {kept if booked.keep_card else 'no card was kept with that'}. "
        "Ask the client before you charge the card that they keep."
    )


def _booked_online(visit: Appointment) -> DepositRequest | None:
    requests = visit.deposit_requests.filter(came_from=DepositRequest.CameFrom.ONLINE)
    return requests.order_by("id").first()


def _kept_with(booked: DepositRequest, visit: Appointment) -> CardOnFile | None:
    """Not once the visit is another client's. One query more each time it was kept again."""
    if not booked.keep_card:
        return None
    cards = CardOnFile.objects.filter(client=visit.client.survivor_id).select_related("customer")
    if booked.card_saving:
        return standing_one(cards.filter(saving__uuid=booked.card_saving).first())
    paid = Attempt.objects.filter(
        purpose=DEPOSIT, reference=str(booked.uuid), status=Attempt.Status.SUCCEEDED
    )
    return standing_one(cards.filter(pk__in=paid.values("card")).first())
