"""Enrolling online: who it is, what they agree to, and what is due for it now.

    enrolment = enrol_online(...)          # one transaction: all of it, or nothing
    attempt = begin_payment(...)           # paying.py, where something is due now
    saving = open_card_page(...)           # paying.py, where only a card is to be kept

Until that is done the enrolment waits for some minutes (waiting.py), and nobody is a member by it.
"""

import datetime as dt
import uuid as uuids
from dataclasses import dataclass

from django.db import transaction
from djmoney.money import Money

from cards import gateways
from cards.models import CardSaving
from cards.saving import accept_terms, begin_saving
from clients.by_contact import alone_with, client_for
from clients.models import Client
from memberships.enrolling.enrolling import agreed
from memberships.enrolling.joiner import CALL_US, Joiner
from memberships.enrolling.line import enrolment_lines, total_of
from memberships.enrolling.members import why_not_again
from memberships.enrolling.offer import Offer, offer_of
from memberships.enrolling.offered import sold_online
from memberships.errors import Refused, as_refused
from memberships.models import Enrolment, Membership, MembershipSettings, Plan
from memberships.own.links import enrolment_token
from memberships.own.telling import tell_member_already
from salon import said
from salon.desk import Desk
from salon.guessing import Tries
from salon.links import whole_address
from salon.models import Location

TIME_TO_PAY = dt.timedelta(minutes=40)
_SAVING = uuids.UUID("6a1c3ff4-9f0b-4c7e-9a5e-2f1a0c9d7b35")
"""Derives the saving of a card from its enrolment."""
_TOLD = Tries("told-member-already", 3, 24 * 60 * 60)


class _MemberAlready(Exception):
    """They have this plan; that is told to them alone."""

    def __init__(self, membership: Membership) -> None:
        super().__init__()
        self.membership = membership


@dataclass(frozen=True)
class _Wish:
    """What a form says, and where."""

    who: Joiner
    plan: Plan
    desk: Desk
    address: str | None
    device: str
    uuid: uuids.UUID


def enrol_online(
    *,
    joiner: Joiner,
    plan: Plan,
    location: Location,
    uuid: uuids.UUID,
    consented: bool,
    expected: Money,
    address: str | None,
    device: str,
    seen: str = "",
) -> Enrolment:
    """Write down what somebody who is not logged in agreed to, and has to pay.

    `expected` is what they were shown as due now, tax included; `seen` the stamp of the words
    that they were shown. `address` and `device` are the evidence. The same `uuid` again answers
    with the enrolment that it wrote. Raises Refused, then nothing is written: field "amount" where
    something else is due by now, or the words are others; "consent" without one.
    Who has the plan already is told so by e-mail, and refused in words that tell nobody.
    """
    wish = _Wish(
        who=joiner,
        plan=plan,
        desk=Desk(staff=None, location=location, by_itself=True),
        address=address,
        device=device[:300],
        uuid=uuid,
    )
    try:
        with as_refused():
            return _enrol(wish, expected, seen, consented=consented)
    except _MemberAlready as already:
        _tell(already.membership)
        raise Refused(CALL_US) from None


@transaction.atomic
def _enrol(wish: _Wish, expected: Money, seen: str, *, consented: bool) -> Enrolment:
    who = wish.who.tidied()
    alone_with(who)
    # Of two equal forms the second waited for the first.
    if made := Enrolment.objects.filter(uuid=wish.uuid, came_from="online").first():
        return made
    offer = _offer(wish)
    if not consented:
        raise Refused("Tick that you agree. Nothing was charged.", field="consent")
    _check_shown(offer, expected, seen)
    client = client_for(who, wish.desk.location)
    if standing := standing_of(client, wish.plan):
        raise _MemberAlready(standing)
    if why_not_again(client, wish.plan):
        raise Refused(CALL_US)
    return _written(wish, who, offer, client)


def standing_of(client: Client, plan: Plan) -> Membership | None:
    """The membership of this plan that the client has, if any. One query."""
    rows = Membership.objects.standing().filter(client=client.survivor_id, plan=plan)
    return rows.select_related("client__merged_into", "enrolment").first()


def _offer(wish: _Wish) -> Offer:
    """The plan as it stands now, not as the page read it."""
    plan, location = Plan.objects.get(pk=wish.plan.pk), wish.desk.location
    if not sold_online(plan, location, MembershipSettings.current()):
        raise Refused(f"{plan} is not sold online any more. Nothing was charged. Call the salon.")
    if not gateways.connected():
        raise Refused("Cards can’t be taken online just now. Nothing was charged. Call the salon.")
    return offer_of(plan=plan, location=location, on=wish.desk.business_date)


def _check_shown(offer: Offer, expected: Money, seen: str) -> None:
    if offer.due_now != expected:
        raise Refused(
            f"{said.amount(offer.due_now)} is due now, not {said.amount(expected)}. Nothing was "
            "charged. Look it over and go on.",
            field="amount",
        )
    if seen and seen != offer.stamp:
        raise Refused(
            "What you agree to has changed while you looked. Nothing was charged. Look it over "
            "and go on.",
            field="amount",
        )


def _written(wish: _Wish, who: Joiner, offer: Offer, client: Client) -> Enrolment:
    at = wish.desk.at
    enrolment = agreed(offer, client=client, uuid=wish.uuid)
    enrolment.came_from = Enrolment.CameFrom.ONLINE
    enrolment.asked_at = enrolment.consented_at = at
    enrolment.expires_at = at + TIME_TO_PAY
    enrolment.address, enrolment.device = wish.address, wish.device
    enrolment.name = f"{who.first_name} {who.last_name}".strip()[:160]
    enrolment.email, enrolment.phone = who.email, who.phone[:40]
    if not due_of(enrolment):
        enrolment.card_saving = _begun(enrolment, wish).uuid
    enrolment.save()
    return enrolment


def due_of(enrolment: Enrolment) -> Money:
    """What is paid with it, tax included. Two queries at most."""
    return total_of(enrolment_lines(enrolment))


def _begun(enrolment: Enrolment, wish: _Wish) -> CardSaving:
    """The card page is opened after this has committed; its consent is given already."""
    saving = begin_saving(
        client=enrolment.client,
        desk=wish.desk,
        terms=enrolment.consent,
        uuid=uuids.uuid5(_SAVING, str(enrolment.uuid)),
        back_url=whole_address("memberships:join_done", enrolment_token(enrolment)),
    )
    return accept_terms(saving=saving, address=wish.address)


def _tell(membership: Membership) -> None:
    """Only so often: whoever knows a member's address could fill their mailbox."""
    if _TOLD.take(str(membership.uuid)):
        tell_member_already(membership)
