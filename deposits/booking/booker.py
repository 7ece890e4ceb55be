"""Who books online: a client that the salon knows already, or a new one.

Whoever types an e-mail address or a phone number with the first name that the salon has beside it
books as that client. Nothing of that client is shown for it, and nothing of theirs is changed.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.db.models import Q, Value
from phonenumber_field.phonenumber import PhoneNumber, to_python

from clients.models import Client, SearchText
from clients.standing import hold
from deposits.errors import Refused
from salon.models import Location

CALL_US = "This can’t be booked online. Please call the salon. Nothing was booked."


@dataclass(frozen=True)
class Booker:
    """What somebody typed about themselves. `note` is for the visit."""

    first_name: str
    last_name: str
    email: str
    phone: str
    note: str = ""


def tidied(booker: Booker) -> Booker:
    """Without stray spaces. Raises Refused for what could be nobody; `field` names the input."""
    first, last = (" ".join(name.split()) for name in (booker.first_name, booker.last_name))
    found = Booker(
        first, last, booker.email.strip(), str(booker.phone).strip(), booker.note.strip()
    )
    if not found.first_name:
        raise Refused("Enter your first name. Nothing was booked.", field="first_name")
    if len(found.first_name) > 80 or len(found.last_name) > 80:
        raise Refused("Shorten the name to 80 letters. Nothing was booked.", field="first_name")
    if len(found.note) > 1000:
        raise Refused("Shorten the note to 1,000 letters. Nothing was booked.", field="note")
    if not found.email and not found.phone:
        raise Refused(
            "Enter an e-mail address or a phone number. Nothing was booked.", field="email"
        )
    _check_email(found.email)
    _number(found.phone)
    return found


def known_client(booker: Booker) -> Client | None:
    """The client who this is; None for somebody new. One query, two where one was merged.

    The same e-mail address or phone, and the same first name, accents and case aside. Of several,
    the one with both, then the one who is known longest. Raises Refused for who was blocked.
    """
    same = _same_contacts(booker)
    rows = (
        Client.objects.filter(same)
        .annotate(called=SearchText("first_name"), wanted=SearchText(Value(booker.first_name)))
        .select_related("merged_into")
        .order_by("pk")
    )
    found = [client for client in rows if client.called.strip() == client.wanted.strip()]
    if any(client.is_blocked or client.survivor.is_blocked for client in found):
        raise Refused(CALL_US)
    standing = [client for client in found if not client.survivor.is_archived]
    both = [client for client in standing if _has_both(client, booker)]
    return next((client.survivor for client in [*both, *standing]), None)


def client_for(booker: Booker, location: Location) -> Client:
    """The client who this is, or a new one. They stay who they are until the transaction ends.

    Raises Refused for who was blocked.
    """
    known = known_client(booker)
    if known:
        return hold(known)
    return Client.objects.create(
        first_name=booker.first_name,
        last_name=booker.last_name,
        email=booker.email,
        phone=_number(booker.phone) or "",
        location=location,
    )


def alone_with(booker: Booker) -> None:
    """Until the transaction ends, nobody else books with these contacts: of two bookings of one new
    person at once, the second finds the client of the first. One query.
    """
    key = f"booker:{booker.email.lower() or _number(booker.phone)}"
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _same_contacts(booker: Booker) -> Q:
    same = Q()
    if booker.email:
        same |= Q(email__iexact=booker.email)
    if number := _number(booker.phone):
        same |= Q(phone=number)
    return same


def _has_both(client: Client, booker: Booker) -> bool:
    return client.email.lower() == booker.email.lower() and client.phone == _number(booker.phone)


def _number(typed: str) -> PhoneNumber | None:
    """The number as it is stored; None for none. Raises Refused for one that nobody has."""
    if not typed:
        return None
    number = to_python(typed)
    if number is None or not number.is_valid():
        raise Refused(
            "Enter a phone number with its area code, like (212) 555-0142. Nothing was booked.",
            field="phone",
        )
    return number


def _check_email(typed: str) -> None:
    if not typed:
        return
    try:
        validate_email(typed)
    except ValidationError as invalid:
        raise Refused(
            "Enter an e-mail address like clara@example.com. Nothing was booked.", field="email"
        ) from invalid
