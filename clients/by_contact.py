"""Who a stranger on a public page is: a client that the salon knows already, or a new one.

Whoever types an e-mail address or a phone number with the first name that the salon has beside it
acts as that client. Nothing of that client is shown for it, and nothing of theirs is changed.
"""

from dataclasses import dataclass, replace
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.db.models import Q, Value
from phonenumber_field.phonenumber import PhoneNumber, to_python

from clients.errors import Refused
from clients.models import Client, SearchText
from clients.standing import hold
from salon.models import Location


@dataclass(frozen=True)
class Contact:
    """What somebody typed about themselves. The two sentences are what refusals say."""

    first_name: str
    last_name: str
    email: str
    phone: str

    nothing: ClassVar[str] = "Nothing was done."
    call_us: ClassVar[str] = "This can’t be done online. Please call the salon. Nothing was done."

    def tidied(self) -> Self:
        """Without stray spaces. Raises Refused for what could be nobody, `field` the input."""
        first, last = (" ".join(name.split()) for name in (self.first_name, self.last_name))
        found = replace(
            self,
            first_name=first,
            last_name=last,
            email=self.email.strip(),
            phone=str(self.phone).strip(),
        )
        found._check()
        return found

    def _check(self) -> None:
        if not self.first_name:
            raise Refused(f"Enter your first name. {self.nothing}", field="first_name")
        if len(self.first_name) > 80 or len(self.last_name) > 80:
            raise Refused(f"Shorten the name to 80 letters. {self.nothing}", field="first_name")
        if not self.email and not self.phone:
            raise Refused(
                f"Enter an e-mail address or a phone number. {self.nothing}", field="email"
            )
        self._check_email()
        _ = self.number

    def _check_email(self) -> None:
        if not self.email:
            return
        try:
            validate_email(self.email)
        except ValidationError as invalid:
            raise Refused(
                f"Enter an e-mail address like clara@example.com. {self.nothing}", field="email"
            ) from invalid

    @property
    def number(self) -> PhoneNumber | None:
        """The phone as it is stored; None for none. Raises Refused for one that nobody has."""
        if not self.phone:
            return None
        number = to_python(self.phone)
        if number is None or not number.is_valid():
            raise Refused(
                "Enter a phone number with its area code, like (212) 555-0142. " + self.nothing,
                field="phone",
            )
        return number


def known_client(contact: Contact) -> Client | None:
    """The client who this is; None for somebody new. One query, two where one was merged.

    The same e-mail address or phone, and the same first name, accents and case aside. Of several,
    the one with both, then the one who is known longest. Raises Refused for who was blocked.
    """
    rows = (
        Client.objects.filter(_same_contacts(contact))
        .annotate(called=SearchText("first_name"), wanted=SearchText(Value(contact.first_name)))
        .select_related("merged_into")
        .order_by("pk")
    )
    found = [client for client in rows if client.called.strip() == client.wanted.strip()]
    if any(client.is_blocked or client.survivor.is_blocked for client in found):
        raise Refused(contact.call_us)
    standing = [client for client in found if not client.survivor.is_archived]
    both = [client for client in standing if _has_both(client, contact)]
    return next((client.survivor for client in [*both, *standing]), None)


def client_for(contact: Contact, location: Location) -> Client:
    """The client who this is, or a new one. They stay who they are until the transaction ends.

    Raises Refused for who was blocked.
    """
    known = known_client(contact)
    if known:
        return hold(known)
    return Client.objects.create(
        first_name=contact.first_name,
        last_name=contact.last_name,
        email=contact.email,
        phone=contact.number or "",
        location=location,
    )


def alone_with(contact: Contact) -> None:
    """Until the transaction ends, nobody else acts with these contacts: of two forms of one new
    person at once, the second finds the client of the first. One query.
    """
    key = f"booker:{contact.email.lower() or contact.number}"
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _same_contacts(contact: Contact) -> Q:
    same = Q()
    if contact.email:
        same |= Q(email__iexact=contact.email)
    if number := contact.number:
        same |= Q(phone=number)
    return same


def _has_both(client: Client, contact: Contact) -> bool:
    return client.email.lower() == contact.email.lower() and client.phone == contact.number
