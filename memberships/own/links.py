"""Signed addresses that members get by e-mail: of their membership, and of how enrolling went.

Whoever has an address has what stands behind it. Of a membership that became another client's, the
first one's addresses end; those of a client who was merged lead on.
"""

import datetime as dt

from django.core.signing import Signer

from clients.standing import stands_for
from memberships.models import Enrolment, Membership
from salon import clock
from salon.links import LinkExpired, NoSuchLink, named_by, token_of, whole_address

LASTS = dt.timedelta(days=60)
"""From the day on which the membership ended."""
OUTCOME_LASTS = dt.timedelta(days=1)
"""From the end of the time to pay."""

_memberships = Signer(salt="memberships.own")
_enrolments = Signer(salt="memberships.enrolling")


def membership_token(membership: Membership) -> str:
    """The part of the address that names the membership and whose it is. The same each time."""
    return token_of(_memberships, membership.uuid, membership.client_id)


def membership_link(membership: Membership) -> str:
    """The whole address of a member's own page. Good until 60 days after the membership ended."""
    return whole_address("memberships:own", membership_token(membership))


def read_membership(token: str) -> Membership:
    """The membership, with its client, plans, card and location.

    Raises LinkExpired and NoSuchLink. One query.
    """
    uuid, client = named_by(_memberships, token)
    rows = Membership.objects.select_related(
        "client__merged_into", "plan", "next_plan", "card", "location", "tax_rate"
    )
    membership = rows.filter(uuid=uuid).first()
    if membership is None:
        raise NoSuchLink
    if not stands_for(membership.client, client):
        raise LinkExpired
    today = clock.business_date(membership.location)
    if membership.ended_on and today > membership.ended_on + LASTS:
        raise LinkExpired
    return membership


def enrolment_token(enrolment: Enrolment) -> str:
    """The part of the address of the page that says how enrolling went. The same each time."""
    return token_of(_enrolments, enrolment.uuid, enrolment.client_id)


def read_enrolment(token: str) -> Enrolment:
    """The enrolment, with its client, plan and location, however it ended.

    Raises NoSuchLink, and LinkExpired a day after the time to pay. One query.
    """
    uuid, client = named_by(_enrolments, token)
    rows = Enrolment.objects.select_related("client__merged_into", "plan", "location", "tax_rate")
    enrolment = rows.filter(uuid=uuid).first()
    if enrolment is None or enrolment.expires_at is None:
        raise NoSuchLink
    if not stands_for(enrolment.client, client):
        raise LinkExpired
    if clock.now() > enrolment.expires_at + OUTCOME_LASTS:
        raise LinkExpired
    return enrolment
