"""Names of accounts. An account is made by its first posting."""

from clients.models import Client
from ledger.kinds import AccountKind
from ledger.models import Account
from salon.models import Location, MerchantAccount, StaffMember, TaxRate, Till


def credit_of(client: Client) -> str:
    """A client's stored value; of a merged client, that of the one who stands for it."""
    return f"{AccountKind.CLIENT_CREDIT}/client:{client.survivor_id}"


def owed_by(client: Client) -> str:
    """What a client owes; of a merged client, what the one who stands for it owes."""
    return f"{AccountKind.RECEIVABLE}/client:{client.survivor_id}"


def standing_for(account: Account) -> str:
    """Where goes what would go back to this account: a merged client's is the survivor's.

    One query where `account.client` is not loaded.
    """
    client = account.client
    return account.name if client is None else f"{account.kind}/client:{client.survivor_id}"


def cash(till: Till) -> str:
    return f"{AccountKind.CASH}/till:{till.pk}"


def safe(location: Location) -> str:
    """Cash of a location that is in none of its tills."""
    return f"{AccountKind.CASH}/safe:{location.pk}"


def over_short(till: Till) -> str:
    """What counting a till found too little (debit) or too much."""
    return f"{AccountKind.OVER_SHORT}/till:{till.pk}"


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


def provider(merchant: MerchantAccount) -> str:
    """What the house owes a provider with a merchant account of their own."""
    return f"{AccountKind.PROVIDER}/merchant:{merchant.pk}"


CARD = f"{AccountKind.CARD}/"
"""Taken on a terminal that is not connected."""
PROCESSOR = f"{AccountKind.CARD}/processor"
"""What stands at the card processor, until it pays it out."""
DISPUTED = f"{AccountKind.CARD}/disputed"
"""What the processor took back while a dispute is undecided."""
PROCESSOR_FEES = f"{AccountKind.FEES}/processor"
DISPUTES_LOST = f"{AccountKind.FEES}/disputes"
BANK = f"{AccountKind.BANK}/"
"""What the processor paid out to the salon's bank account."""
OPEN_ORDERS = f"{AccountKind.OPEN_ORDERS}/"
GOODWILL = f"{AccountKind.GOODWILL}/"
BREAKAGE = f"{AccountKind.BREAKAGE}/"
FORFEITED = f"{AccountKind.FORFEITED}/"
PAID_OUT = f"{AccountKind.EXPENSE}/paid_out"
PAID_IN = f"{AccountKind.INCOME}/paid_in"
OPENING = f"{AccountKind.OPENING}/"
