"""The ways back that this desk may offer for a payment, in its words; the rules: ways_back."""

from checkout import words
from checkout.errors import Refused
from checkout.models import Tender
from checkout.tender_kinds import BALANCE, CREDITS, kind_of
from checkout.ways_back import check_destination
from clients.models import Client
from salon.desk import Desk
from salon.toggles import balances_enabled


def ways_open(tender: Tender, client: Client | None, desk: Desk) -> list[tuple[str, str]]:
    """Destinations with what each says, the usual first; only what would not be refused."""
    return [
        (destination, _says(tender, destination, client))
        for destination in kind_of(tender).destinations
        if _may(tender, destination, client, desk)
    ]


def _may(tender: Tender, destination: str, client: Client | None, desk: Desk) -> bool:
    if destination == BALANCE and not balances_enabled(desk.location):
        return False
    try:
        check_destination(tender, destination, client, desk)
    except Refused:
        return False
    return True


def _says(tender: Tender, destination: str, client: Client | None) -> str:
    if destination == BALANCE:
        return f"{client}’s account balance"
    if destination == CREDITS:
        return f"{client}’s credit, on its old terms"
    if destination == tender.kind == "card":
        return "The card, on the terminal"
    said = words.way_back(tender, destination)
    when = kind_of(tender).when_back if destination == tender.kind else ""
    return said[:1].upper() + said[1:] + (f", {when}" if when else "")
