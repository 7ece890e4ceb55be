"""Booking online: the client, the visit, what is asked for it, and what was agreed to.

    request = book_online(...)          # one transaction: all of it, or nothing
    attempt = begin_payment(...)        # payments/paying.py, where a deposit is asked
    saving = open_card_page(...)        # payments/paying.py, where only a card is to be kept

Until that is done the visit is PENDING: it holds its time for some minutes (payments/lapsing.py).
Where nothing is asked it stands at once.
"""

import datetime as dt
import uuid as uuids
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from djmoney.money import Money

from appointments.booking import book
from appointments.errors import Busy
from appointments.models import Appointment
from appointments.segments import Wanted
from cards import gateways
from cards.saving import accept_terms, begin_saving
from clients.models import Client
from deposits.booking.booker import CALL_US, Booker, alone_with, client_for, tidied
from deposits.booking.offered import is_offered
from deposits.errors import Refused, as_refused
from deposits.models import BookingSettings, DepositRequest
from deposits.models.settings import CardFor
from deposits.own.links import payment_link
from deposits.own.telling import tell_booked
from deposits.rules import cancellation
from deposits.rules.policy import Asked, asked_of
from salon import said
from salon.desk import Desk
from salon.models import BusinessSettings, Location, Service, StaffMember

__all__ = ["Booker", "book_online"]

TAKEN = "This time was taken a moment ago. Nothing was booked, and nothing charged. Choose another."
_SAVING = uuids.UUID("1d3a2b90-6f5e-4f77-8a53-0c1b8f3d7e21")
"""Derives the saving of a card from its request."""
_VISIT = uuids.UUID("5b0c9a37-2f0e-4a55-9b1d-61c7f4d8e0a4")
"""Derives the visit from its request."""


@dataclass(frozen=True)
class _Wish:
    """What a booking form says, and where."""

    who: Booker
    services: Sequence[Wanted]
    starts_at: dt.datetime
    keeps: bool
    """A card is to be kept for fees."""
    address: str | None
    device: str
    site: str
    uuid: uuids.UUID
    settings: BookingSettings
    desk: Desk

    @property
    def pairs(self) -> list[tuple[Service, StaffMember | None]]:
        return [(wanted.service, wanted.staff) for wanted in self.services]


@transaction.atomic
def book_online(
    *,
    booker: Booker,
    services: Sequence[Wanted],
    starts_at: dt.datetime,
    location: Location,
    uuid: uuids.UUID,
    keep_card: bool,
    address: str | None,
    device: str,
    site: str = "",
    expected: Money,
) -> DepositRequest:
    """Book for somebody who is not logged in, and write down what they accepted and have to pay.

    `expected` is the deposit that they were shown. `keep_card`: they agreed that a card is kept for
    fees, in the business's words. `address` and `device` are the evidence; `site` is where the page
    was embedded. The same `uuid` again answers with the request that it wrote.

    Raises Refused, then nothing is written: field "amount" where another deposit is asked by now,
    "keep_card" where a card has to be kept; Busy where the time is gone.
    """
    settings = BookingSettings.current()
    wish = _Wish(
        who=tidied(booker),
        services=services,
        starts_at=starts_at,
        keeps=keep_card and settings.card_for_fees != CardFor.NEVER,
        address=address,
        device=device,
        site=site,
        uuid=uuid,
        settings=settings,
        desk=Desk(staff=None, location=location, by_itself=True),
    )
    alone_with(wish.who)
    # Of two equal forms the second waited for the first.
    if made := DepositRequest.objects.filter(uuid=uuid).select_related("appointment").first():
        return made
    _check_open(wish)
    client = client_for(wish.who, location)
    asked = asked_of(client=client, services=wish.pairs, location=location, at=starts_at)
    _check_asked(wish, asked, expected)
    _check_free(wish)
    return _written(wish, asked, client)


def _check_open(wish: _Wish) -> None:
    """What no form of ours would send, and what the settings do not allow any more."""
    items = wish.services
    if (
        not wish.settings.online_booking
        or wish.desk.location.is_archived
        or not all(wanted.service.books_online and wanted.staff.books_online for wanted in items)
        or any(wanted.minutes is not None for wanted in items)
    ):
        raise Refused(CALL_US, field="services")
    if wish.settings.card_for_fees == CardFor.REQUIRED and not wish.keeps:
        raise Refused(
            "A card has to be kept for fees to book here. Nothing was booked. Agree to it and go "
            "on, or call the salon.",
            field="keep_card",
        )


def _check_asked(wish: _Wish, asked: Asked, expected: Money) -> None:
    if asked.amount != expected:
        raise Refused(
            f"The deposit is {said.amount(asked.amount)} now, not {said.amount(expected)}. "
            "Nothing was booked, and nothing charged. Look it over and go on.",
            field="amount",
        )
    if (asked.amount or wish.keeps) and not gateways.connected():
        raise Refused(CALL_US)


def _check_free(wish: _Wish) -> None:
    """Only a start that the page offers, or would. Raises Busy for any other."""
    if not is_offered(
        services=[(wanted.service, wanted.staff) for wanted in wish.services],
        starts_at=wish.starts_at,
        location=wish.desk.location,
        settings=wish.settings,
    ):
        raise Busy(TAKEN)


def _written(wish: _Wish, asked: Asked, client: Client) -> DepositRequest:
    """All rows of it."""
    waits = bool(asked.amount) or wish.keeps
    visit = _booked(wish, client, waits=waits)
    request = _asked_for(wish, visit, asked, waits=waits)
    card_terms = BusinessSettings.current().card_terms if wish.keeps else ""
    cancellation.accept(
        visit=visit,
        request=request,
        terms=cancellation.terms_for(
            value=asked.value, starts_at=visit.starts_at, location=visit.location
        ),
        address=wish.address,
        device=wish.device,
        card_terms=card_terms,
        at=wish.desk.at,
    )
    if not waits:
        tell_booked(visit)
    elif not asked.amount:
        _begin_saving(wish, request, card_terms)
    return request


def _booked(wish: _Wish, client: Client, *, waits: bool) -> Appointment:
    try:
        return book(
            client=client,
            starts_at=wish.starts_at,
            services=wish.services,
            desk=wish.desk,
            note=wish.who.note,
            # Not the form's own: whoever sends a form could name a visit that stands already.
            uuid=uuids.uuid5(_VISIT, str(wish.uuid)),
            pending=waits,
        )
    except Busy as busy:
        # Whom the salon serves at that time is nobody's business.
        raise Busy(TAKEN, next_frees=busy.next_frees) from busy


def _asked_for(wish: _Wish, visit: Appointment, asked: Asked, *, waits: bool) -> DepositRequest:
    who, at = wish.who, wish.desk.at
    return DepositRequest.objects.create(
        uuid=wish.uuid,
        appointment=visit,
        came_from=DepositRequest.CameFrom.ONLINE,
        status=DepositRequest.Status.WAITING if waits else DepositRequest.Status.CONFIRMED,
        amount=asked.amount,
        explained=asked.explained,
        name=f"{who.first_name} {who.last_name}".strip()[:160],
        email=who.email,
        phone=who.phone[:40],
        note=who.note,
        keep_card=wish.keeps,
        site=wish.site[:200],
        asked_at=at,
        expires_at=at + dt.timedelta(minutes=wish.settings.hold_minutes),
        ended_at=None if waits else at,
    )


def _begin_saving(wish: _Wish, request: DepositRequest, terms: str) -> None:
    """The card page is opened after this has committed; its consent is given already."""
    with as_refused():
        saving = begin_saving(
            client=request.appointment.client,
            desk=wish.desk,
            terms=terms,
            uuid=uuids.uuid5(_SAVING, str(request.uuid)),
            back_url=payment_link(request),
        )
        accept_terms(saving=saving, address=wish.address)
    request.card_saving = saving.uuid
    request.save(update_fields=["card_saving"])
