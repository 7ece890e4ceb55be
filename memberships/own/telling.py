"""What members are told by e-mail: asked for here, sent by a job.

Each of these defers one job in the transaction that it is called in, so that what is rolled back is
not told. The job names a row and what to say of it, and writes the e-mail when it is sent
(mails.py), so it says what is true by then. The same asked for twice while the first waits is sent
once. Who has no e-mail address is told nothing; none of these raises for want of one.
"""

from __future__ import annotations

import hashlib

from memberships.models import Enrolment, Membership, Period
from memberships.tasks import tell
from salon.jobs import ask_once

QUEUE = "memberships"


def tell_started(membership: Membership) -> None:
    """They are a member: what is charged, what it adds, and their own page."""
    if addresses_for_start(membership):
        _ask("started", membership)


def tell_upcoming(membership: Membership) -> None:
    """A charge is coming: how much, when, to which card."""
    _ask_of("upcoming", membership, membership)


def tell_failed(period: Period) -> None:
    """The card did not pay: why, when it is tried again, where to change it."""
    _ask_of("failed", period, period.membership)


def tell_unpaid(period: Period) -> None:
    """The last try failed: nothing more is charged until it is paid."""
    _ask_of("unpaid", period, period.membership)


def tell_changed(membership: Membership) -> None:
    """Another plan, now or from the next charge; a pause, or its end: how it stands from now on."""
    _ask_of("changed", membership, membership)


def tell_terms(membership: Membership) -> None:
    """The plan's present terms from the next charge on: what changes, and when."""
    _ask_of("terms", membership, membership)


def tell_canceled(membership: Membership) -> None:
    """It ends on a day that is known; also where it ended at once."""
    _ask_of("canceled", membership, membership)


def tell_ended(membership: Membership) -> None:
    """It is over, and what became of the money that it added."""
    _ask_of("ended", membership, membership)


def send_link(membership: Membership) -> None:
    """The link to their own page, asked for at the desk."""
    _ask_of("link", membership, membership)


def tell_sent_back(enrolment: Enrolment) -> None:
    """It was paid when nothing could begin by it: the money is on its way back."""
    if address_of_enrolling(enrolment):
        _ask("sent_back", enrolment)


def tell_member_already(membership: Membership) -> None:
    """Somebody typed the member's contacts to enrol again: told to the member alone."""
    if membership.client.survivor.email:
        _ask("already", membership)


def send_links_to(email: str) -> None:
    """To whoever typed an address: the links of the memberships that are told of there, if any.

    The job looks them up, so that neither the answer nor its speed tells who is a member.
    """
    known = hashlib.sha256(email.strip().casefold().encode()).hexdigest()[:32]
    ask_once(tell, lock=f"tell:links:{known}", queue=QUEUE, what="links", row=email.strip())


def address_for(membership: Membership) -> str:
    """Where a membership's e-mails go: to its client, else as typed on enrolling; or empty."""
    return membership.client.survivor.email or membership.enrolment.email


def addresses_for_start(membership: Membership) -> list[str]:
    """Where it is told that it began: to its client, and to another address typed online."""
    found = [membership.client.survivor.email, membership.enrolment.email]
    return list({email.casefold(): email for email in reversed(found) if email}.values())[::-1]


def address_of_enrolling(enrolment: Enrolment) -> str:
    """As typed, else the client's; empty where there is none."""
    return enrolment.email or enrolment.client.survivor.email


def _ask_of(what: str, row: Membership | Period, membership: Membership) -> None:
    if address_for(membership):
        _ask(what, row)


def _ask(what: str, row: Membership | Period | Enrolment) -> None:
    ask_once(tell, lock=f"tell:{what}:{row.uuid}", queue=QUEUE, what=what, row=str(row.uuid))
