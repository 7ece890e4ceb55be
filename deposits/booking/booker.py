"""Who books online: a client that the salon knows already, or a new one (clients/by_contact.py)."""

from dataclasses import dataclass, replace
from typing import ClassVar

from clients import by_contact
from clients.by_contact import Contact, alone_with
from clients.models import Client
from deposits.errors import Refused, as_refused
from salon.models import Location

__all__ = ["CALL_US", "Booker", "alone_with", "client_for", "known_client", "tidied"]

CALL_US = "This can’t be booked online. Please call the salon. Nothing was booked."


@dataclass(frozen=True)
class Booker(Contact):
    """What somebody typed about themselves. `note` is for the visit."""

    note: str = ""

    nothing: ClassVar[str] = "Nothing was booked."
    call_us: ClassVar[str] = CALL_US


def tidied(booker: Booker) -> Booker:
    """Without stray spaces. Raises Refused for what could be nobody; `field` names the input."""
    with as_refused():
        found = replace(booker.tidied(), note=booker.note.strip())
    if len(found.note) > 1000:
        raise Refused("Shorten the note to 1,000 letters. Nothing was booked.", field="note")
    return found


def known_client(booker: Booker) -> Client | None:
    """The client who this is; None for somebody new. Raises Refused for who was blocked."""
    with as_refused():
        return by_contact.known_client(booker)


def client_for(booker: Booker, location: Location) -> Client:
    """The client who this is, or a new one. They stay who they are until the transaction ends.

    Raises Refused for who was blocked.
    """
    with as_refused():
        return by_contact.client_for(booker, location)
