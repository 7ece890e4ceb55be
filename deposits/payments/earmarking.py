"""A deposit out of the account balance: so much of it is set aside for a visit. No sale."""

from appointments.models import Appointment
from clients.standing import hold
from deposits.errors import Refused
from deposits.models import BookingSettings, DepositRequest
from ledger import accounts
from ledger.balances import spendable
from ledger.errors import LotMoved
from ledger.kinds import EntryKind, Restriction
from ledger.legs import Leg, Open, Take, Terms
from ledger.models import Lot
from ledger.posting import Cause, post
from salon import clock, said
from salon.desk import Desk
from salon.money import minor, money
from salon.policy import Policy

CAUSE = "deposit_request"


def earmark_key(request: DepositRequest) -> str:
    """The key of the entry that sets it aside."""
    return f"deposit_request:{request.uuid}:earmark"


def check_allowed(request: DepositRequest) -> None:
    """Raise Refused where the owner does not take deposits from balances, or holds none.

    Also where a card is to be kept with it: only one that pays is kept.
    """
    if request.keep_card:
        raise Refused(
            "A card is kept for fees with this booking, so a card has to pay its deposit. "
            "Nothing was set aside."
        )
    policy = Policy.of(request.appointment.location)
    if not policy.balances:
        raise Refused(
            "Client Account Balances are switched off at this location. Nothing was set aside."
        )
    if not policy.earmark_deposits:
        raise Refused(
            "Deposits are not held for visits here: the balance pays at the visit itself. "
            "Nothing was set aside."
        )
    if not BookingSettings.current().deposit_from_balance:
        raise Refused(
            "A deposit is paid by credit or debit card: it may have to cover a fee, and account "
            "balance does not. Nothing was set aside."
        )


def earmark(*, request: DepositRequest, desk: Desk) -> int:
    """Move free, paid and unrestricted lots to children that are held for the locked visit.

    In the order of drawing. All else stays: source, age, holder, expiry, what may go to a card; so
    what expires before the visit does not count.
    One entry; its id. Locks the client. Raises Refused, field "amount", where less is free.
    """
    visit, wanted = request.appointment, minor(request.amount)
    client = hold(visit.client.survivor)
    legs: list[Leg] = []
    for lot in _free(list(spendable(client, desk.business_date)), visit):
        part = min(lot.remaining, wanted)
        if part:
            legs += _moved(lot, part, accounts.credit_of(client), visit.pk)
            wanted -= part
    if wanted:
        free = request.amount - money(wanted)
        raise Refused(
            f"Only {said.amount(free)} of the balance is free for a deposit. Nothing was set "
            "aside. Gifts, credit for some things only, and what expires before the visit do not "
            "count.",
            field="amount",
        )
    try:
        posted = post(
            key=earmark_key(request),
            kind=EntryKind.LOT_CHANGE,
            legs=legs,
            desk=desk,
            note="Deposit from the balance",
            cause=Cause(CAUSE, str(request.uuid)),
        )
    except LotMoved as moved:
        raise Refused(
            "The balance was used at another desk a moment ago. Nothing was set aside. Try again."
        ) from moved
    return posted.entry_id


def _free(lots: list[Lot], visit: Appointment) -> list[Lot]:
    day = clock.business_date(visit.location, visit.starts_at)
    return [
        lot
        for lot in lots
        if lot.is_paid
        and lot.restriction == Restriction.ANY
        and (lot.expires_on is None or lot.expires_on >= day)
    ]


def _moved(lot: Lot, part: int, account: str, visit: int) -> list[Leg]:
    return [Take(lot.pk, part), Open(account, part, Terms(visit=visit), parent=lot.pk)]
