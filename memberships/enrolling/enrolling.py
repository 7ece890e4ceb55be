"""Enrolling somebody at the desk: a line on an open sale. They are a member once it closes."""

import uuid as uuids

from django.db import transaction

from cards.models import CardOnFile
from cards.on_file import expires_before
from checkout.errors import Refused
from checkout.lines import add_line
from checkout.locking import check_fresh, lock, same_order
from checkout.models import LineItem, Order
from clients.models import Client
from clients.standing import why_not_served
from memberships.enrolling.line import enrolment_lines
from memberships.enrolling.members import why_not_again
from memberships.enrolling.offer import Offer, offer_of, why_not_sold
from memberships.enrolling.terms import copy_terms
from memberships.models import Enrolment, Plan
from salon.desk import Desk

NOTHING = "Nothing was added."


@transaction.atomic
def enrol(
    *,
    order: Order,
    plan: Plan,
    client: Client,
    card: CardOnFile | None,
    consented: bool,
    desk: Desk,
    uuid: uuids.UUID,
    revision: int | None = None,
    seen: str = "",
) -> LineItem:
    """Put a membership for `client` on an open sale, with its joining fee as a line of its own.

    The client need not be the one who pays. `card` is charged from then on. What was agreed to is
    kept word by word, as offered today at the sale's location. The same form (`uuid`) again answers
    with the line that it made. `seen`: the stamp of the offer that was read out. Locks the order.
    Raises checkout's Refused: no consent, or to other words than those of now, no card of the
    client's that can be charged, a plan that is not sold here, a member of it already.
    """
    locked = lock(order)
    if twin := LineItem.objects.filter(uuid=uuid).first():
        return same_order(twin, locked)
    check_fresh(locked, revision)
    _check(locked, plan, client, consented)
    chosen = _check_card(card, client, plan, desk)
    offer = offer_of(plan=plan, location=locked.location, on=desk.business_date)
    if seen and seen != offer.stamp:
        raise Refused(
            f"What {client.first_name} agrees to has changed since the sheet was opened. Read out "
            f"the new words, and tick them once they agree. {NOTHING}",
            field="consented",
        )
    enrolment = agreed(offer, client=client, uuid=uuid)
    enrolment.came_from = Enrolment.CameFrom.DESK
    enrolment.card = chosen
    enrolment.asked_at = enrolment.consented_at = desk.at
    enrolment.asked_by = desk.staff
    lines = enrolment_lines(enrolment)
    for line in lines:
        line.order = locked
        add_line(line=line, desk=desk)
    enrolment.line = lines[0]
    enrolment.save()
    return lines[0]


def agreed(offer: Offer, *, client: Client, uuid: uuids.UUID) -> Enrolment:
    """An enrolment on the terms of this offer, not saved: who asks for it says how, and when."""
    enrolment = Enrolment(
        uuid=uuid,
        plan=offer.plan,
        client=client,
        location=offer.location,
        billing_day=offer.plan.billing_day,
        minimum_periods=offer.plan.minimum_periods,
        joining_fee=offer.joining_fee,
        has_trial=offer.has_trial,
        first_from=offer.first.starts_on,
        first_until=offer.first.until_on,
        first_price=offer.first_price,
        first_adds=offer.first_adds,
        consent=offer.consent,
    )
    copy_terms(offer.plan, enrolment)
    return enrolment


def _check(order: Order, plan: Plan, client: Client, consented: bool) -> None:
    if refusal := why_not_sold(plan, order.location):
        raise Refused(f"{refusal} {NOTHING}", field="plan")
    if refusal := why_not_served(client):
        raise Refused(f"{refusal} {NOTHING}", field="client")
    if refusal := why_not_again(client, plan):
        raise Refused(f"{refusal} {NOTHING}", field="plan")
    if not consented:
        raise Refused(
            f"Read out what {client.first_name} agrees to, and tick it once they do. {NOTHING}",
            field="consented",
        )


def _check_card(card: CardOnFile | None, client: Client, plan: Plan, desk: Desk) -> CardOnFile:
    if card is None or card.client_id != client.pk or card.removed_at:
        raise Refused(
            f"{plan} is charged to a card on file of {client.first_name}’s. Choose one, or ask "
            f"for one. {NOTHING}",
            field="card",
        )
    if expires_before(card, desk.business_date):
        raise Refused(f"{card} has expired. Choose another card. {NOTHING}", field="card")
    return card
