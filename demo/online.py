"""People who booked on their phones: deposits paid, one being waited for, by way of the processor.

After the salon is written and outside of its transaction, since a processor is asked. Where none is
connected, or it is not the test processor, nobody does.
"""

import datetime as dt
import uuid

from appointments.free_times import Slot, free_times
from appointments.models import Appointment
from appointments.segments import Wanted
from cards import attempts, gateways
from clients.models import Client
from demo.cards import type_card
from deposits.booking.online import Booker, book_online
from deposits.models import DepositRequest
from deposits.payments.asking import ask_by_link
from deposits.payments.paying import begin_payment
from deposits.rules.policy import asked_of
from salon import clock, links
from salon.desk import Desk
from salon.models import Location, Service, StaffMember
from salon.money import money

VISA = "4242424242424242"
BOOKED = [
    (Booker("Noor", "Haddad", "noor@example.com", "(212) 555-0173", ""), "Balayage", "Priya", 2),
    (
        Booker(
            "Wes", "Okonjo", "wes@example.com", "(212) 555-0188", "Second floor: is there a lift?"
        ),
        "Keratin smoothing",
        "Priya",
        4,
    ),
    (Booker("Tess", "Alvarez", "tess@example.com", "(212) 555-0119", ""), "Silk press", "Maya", 3),
]
"""Who, what, with whom, and in how many days at the soonest."""
FEES_TOO = "Noor"
"""Also lets the salon keep her card."""


def book() -> str:
    """Book as they would; what to say of it, or why nobody did."""
    gateway = gateways.current()
    if gateway is None or not gateway.is_test:
        return "  No test processor is connected: nobody booked online"
    location = Location.objects.get(slug="midtown")
    paid = [request for wish in BOOKED if (request := _book(location, *wish))]
    asked = _ask_clara(location)
    return f"  {len(paid)} visits booked online with their deposits paid, {asked} waiting"


def _book(
    location: Location, who: Booker, what: str, whom: str, in_days: int
) -> DepositRequest | None:
    """One booking, paid on the processor's page; None where nothing is free."""
    service = Service.objects.get(name=what)
    person = StaffMember.objects.get(name=whom)
    slot = soonest(location, service, person, in_days)
    if slot is None:
        return None
    expected = asked_of(
        client=None, services=[(service, person)], location=location, at=slot.starts_at
    )
    request = book_online(
        booker=who,
        services=[Wanted(service, person)],
        starts_at=slot.starts_at,
        location=location,
        uuid=uuid.uuid4(),
        keep_card=who.first_name == FEES_TOO,
        address="192.0.2.19",
        device="Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)",
        expected=expected.amount,
    )
    attempt = begin_payment(request=request, back_url=links.whole("/book/"), uuid=uuid.uuid4())
    attempt = attempts.send(attempt)
    type_card(attempt.url, VISA)
    attempts.look(attempt)
    request.refresh_from_db()
    return request


def soonest(location: Location, service: Service, person: StaffMember, in_days: int) -> Slot | None:
    """The first free start from so many days ahead on, within two weeks."""
    first = clock.business_date(location) + dt.timedelta(days=in_days)
    free = free_times(
        location=location,
        services=[(service, person)],
        first=first,
        last=first + dt.timedelta(days=14),
        every=30,
        online=True,
    )
    return next((slot for slots in free.values() for slot in slots), None)


def _ask_clara(location: Location) -> int:
    """A payment link for her next visit, sent and not paid yet."""
    clara = Client.objects.get(first_name="Clara", last_name="Nuñez")
    ahead = Appointment.objects.filter(
        client=clara,
        status=Appointment.Status.BOOKED,
        starts_at__gt=clock.now() + dt.timedelta(days=1),
    )
    visit = ahead.first()
    if visit is None:
        return 0
    jo = StaffMember.objects.get(username="jo")
    ask_by_link(
        visit=visit,
        amount=money(1500),
        email=clara.email,
        desk=Desk(staff=jo, location=location),
        uuid=uuid.uuid4(),
    )
    return 1
