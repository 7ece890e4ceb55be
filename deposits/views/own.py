"""What the pages of a client's own links share: how an address is read, and how it answers."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from appointments.models import Appointment
from cards.views.saving import address_for_record
from clients.models import Client
from deposits.own import links
from deposits.own.moving import Device
from deposits.own.wallet import place_of
from salon.desk import Desk
from salon.models import BusinessSettings, Location
from salon.public_pages import View, by_signed_address, not_indexed


def of_visit(view: View) -> View:
    """Give the view the visit that the address names, and speak its location's time."""

    @_public(links.read_visit, "The visit was long ago, or it is not yours any more.")
    @wraps(view)
    def guarded(request: HttpRequest, visit: Appointment, **named: Any) -> HttpResponse:
        with timezone.override(visit.location.zone):
            return view(request, visit, **named)

    return guarded


def of_wallet(view: View) -> View:
    """Give the view the client that the address names, and a location of theirs."""

    @_public(links.read_wallet, "A link to a wallet is good for seven days. Ask for a new one.")
    @wraps(view)
    def guarded(request: HttpRequest, client: Client, **named: Any) -> HttpResponse:
        place = place_of(client)
        if place is None or client.is_archived:
            return page(request, "wallet_closed", {"location": place}, status=410)
        with timezone.override(place.zone):
            return view(request, client, place, **named)

    return guarded


def page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page for whoever has the address. The address is the key: it goes to no search engine, and
    to no other site (SECURE_REFERRER_POLICY; with none at all, browsers send forms without an
    origin, and those are refused).
    """
    name = BusinessSettings.current().name
    context |= {"business": name, "business_name": name}
    return not_indexed(render(request, f"deposits/{template}.html", context, status=status))


def by_the_client(location: Location) -> Desk:
    """Where an act of a client online happens: nobody's desk, at the visit's location."""
    return Desk(staff=None, location=location, by_itself=True)


def device_of(request: HttpRequest) -> Device:
    """Kept as evidence with what is agreed to."""
    return Device(address_for_record(request), request.headers.get("user-agent", "")[:300])


def _public(read: Callable[[str], Any], ended: str) -> Callable[[View], View]:
    """An address that is read by `read`: of an old one it says why it has ended."""
    by_address = by_signed_address(
        read, lambda request: page(request, "own_ended", {"text": ended}, status=410)
    )

    def decorate(view: View) -> View:
        @by_address
        @wraps(view)
        def guarded(request: HttpRequest, token: str, found: Any, **named: Any) -> HttpResponse:
            request.token = token  # type: ignore[attr-defined]
            return view(request, found, **named)

        return guarded

    return decorate
