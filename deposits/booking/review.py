"""The last step before a booking: all of it, with the exact deposit and the policy in figures.

Who books is known by now, so the deposit is the one that is asked of them. Of an address that the
salon knows nothing else is shown than of one that it does not.
"""

from __future__ import annotations

from dataclasses import dataclass

from appointments.times import say_time
from cards import gateways
from deposits.booking.booker import Booker, known_client, tidied
from deposits.booking.offered import is_offered
from deposits.booking.steps import Walk
from deposits.booking.sums import minutes_said
from deposits.booking.times import slot_at
from deposits.models.settings import CardFor
from deposits.own.visit import said_at
from deposits.rules.cancellation import CancellationTerms, terms_for
from deposits.rules.policy import Asked, asked_of
from salon import said
from salon.models import StaffMember
from salon.terms import TermsBook


@dataclass(frozen=True)
class Review:
    """What is about to be booked."""

    walk: Walk
    asked: Asked
    terms: CancellationTerms
    minutes: int

    @property
    def when(self) -> str:
        """Tue, Nov 24, 3:15 pm."""
        assert self.walk.at is not None
        return said_at(self.walk.at, self.walk.shop.location)

    @property
    def length(self) -> str:
        return minutes_said(self.minutes)

    @property
    def with_whom(self) -> str:
        """Maya; Maya and Theo."""
        return said.listed(dict.fromkeys(str(staff) for _, staff in self.walk.pairs))

    @property
    def deadline(self) -> str:
        return said_at(self.terms.deadline_at, self.walk.shop.location)

    @property
    def needs_card(self) -> bool:
        """It can only be booked with a card, now."""
        required = self.walk.shop.settings.card_for_fees == CardFor.REQUIRED
        return bool(self.asked.amount) or required

    @property
    def can_go_on(self) -> bool:
        return gateways.connected() or not self.needs_card


def reviewed(walk: Walk, booker: Booker) -> Review:
    """What this comes to for who typed this, as it stands now. At most twelve queries.

    `walk` has a time with people. Raises Refused for who is not served online.
    """
    location = walk.shop.location
    assert walk.at is not None
    asked = asked_of(
        client=known_client(tidied(booker)), services=walk.pairs, location=location, at=walk.at
    )
    book = TermsBook.at(location, walk.services)
    minutes = sum(book.terms(service, location, staff).minutes for service, staff in walk.pairs)
    terms = terms_for(value=asked.value, starts_at=walk.at, location=location)
    return Review(walk, asked, terms, minutes)


def still_free(walk: Walk) -> Walk | None:
    """The walk if its time is free with its people; else with others, for who asked for anyone.

    None where nobody is free then.
    """
    shop = walk.shop
    if (
        walk.at
        and walk.pairs
        and is_offered(
            services=walk.pairs,
            starts_at=walk.at,
            location=shop.location,
            settings=shop.settings,
        )
    ):
        return walk
    slot = slot_at(walk) if walk.asked_for_anyone else None
    return walk.at_slot(slot.starts_at, slot.staff) if slot else None


def swapped(before: Walk, after: Walk) -> str:
    """What is told where somebody else gives it than the page said before; else empty."""
    if before.given == after.given or after.at is None:
        return ""
    at = say_time(after.at, after.shop.location.zone)
    gone = _names([person for pk, person in before.staff.items() if pk not in after.given])
    now = _names([person for pk, person in after.staff.items() if pk not in before.given])
    return f"{gone or 'That person'} was booked a moment ago. {now} is free at {at} too."


def _names(people: list[StaffMember]) -> str:
    return said.listed(str(person) for person in people)
