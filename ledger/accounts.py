"""Names of accounts. An account is made by its first posting."""

from clients.models import Client
from ledger.kinds import AccountKind
from salon.models import StaffMember, TaxRate, Till


def credit_of(client: Client) -> str:
    """A client's stored value."""
    return f"{AccountKind.CLIENT_CREDIT}/client:{client.pk}"


def owed_by(client: Client) -> str:
    """What a client owes."""
    return f"{AccountKind.RECEIVABLE}/client:{client.pk}"


def cash(till: Till) -> str:
    return f"{AccountKind.CASH}/till:{till.pk}"


def other_tender(name: str) -> str:
    """Money taken in another way: `check`, `custom:3`."""
    return f"{AccountKind.OTHER_TENDER}/{name}"


def income(kind: str) -> str:
    """Income by kind: services, products, custom."""
    return f"{AccountKind.INCOME}/{kind}"


def tax(rate: TaxRate) -> str:
    return f"{AccountKind.TAX}/rate:{rate.pk}"


def tips(staff: StaffMember) -> str:
    return f"{AccountKind.TIPS}/staff:{staff.pk}"


CARD = f"{AccountKind.CARD}/"
OPEN_ORDERS = f"{AccountKind.OPEN_ORDERS}/"
GOODWILL = f"{AccountKind.GOODWILL}/"
BREAKAGE = f"{AccountKind.BREAKAGE}/"
FORFEITED = f"{AccountKind.FORFEITED}/"
OPENING = f"{AccountKind.OPENING}/"
