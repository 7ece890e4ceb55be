"""The part of a Credits payment that a client owes: who may owe it, and how it goes back."""

from djmoney.money import Money

from checkout.errors import Refused
from checkout.models import Tender
from checkout.tender_kinds import Back, into_balance
from clients.models import Client
from clients.standing import hold, why_not_served
from ledger import accounts
from ledger.balances import balance_of
from ledger.kinds import AccountKind
from ledger.legs import Leg, Move
from ledger.models import Posting
from ledger.owing import limit_of
from salon import permissions, said
from salon.desk import Desk
from salon.money import minor, money
from salon.policy import Policy

NO_LIMIT = 10**12
"""Minor units: for who may let a client owe more than the limit."""


def may_override(desk: Desk) -> bool:
    """Whether whoever stands at the desk may let a client owe more than the limit."""
    return desk.staff is not None and desk.staff.has_perm(permissions.OVERRIDE_IOU_LIMIT)


def short_of(client: Client, tender: Tender, desk: Desk, policy: Policy) -> tuple[str, int] | None:
    """The account that takes what the lots lack, and how much may stand on it; None: nothing may.

    Waits for a merge of this client that is under way. Raises Refused for a reason without the
    permission, and for who was merged a moment ago.
    """
    if tender.override_reason and not may_override(desk):
        raise Refused(
            "Your role may not let a client owe more than the limit. Nothing was applied. "
            "Ask a manager or an owner.",
            field="override_reason",
        )
    limit = limit_of(client, policy)
    if limit is None:
        return None
    if hold(client).pk != client.pk:
        client.refresh_from_db()
        raise Refused(f"{why_not_served(client)} Nothing was applied.")
    return accounts.owed_by(client), NO_LIMIT if tender.override_reason else minor(limit)


def owed_by_entry(tender: Tender, entry_id: int, client: Client | None, desk: Desk) -> None:
    """Set on a payment what its entry says: what is owed, and whether the limit was overridden.

    One query; another one where a reason was given.
    """
    owed = Posting.objects.filter(entry=entry_id, account__kind=AccountKind.RECEIVABLE)
    amount, after = owed.values_list("amount", "balance_after").first() or (0, 0)
    tender.owed = money(amount)
    if tender.override_reason and client is not None:
        limit = limit_of(client, Policy.of(desk.location))
        if limit is None or (after or 0) <= minor(limit):
            tender.override_reason = ""  # Nothing had to be overridden.


def says_what_may_be_owed(client: Client, available: Money, desk: Desk) -> tuple[str, str]:
    """Why a payment of more was refused, and which field that is about. Two queries at most."""
    has = f"{client} has {said.amount(available)} available for this sale"
    policy = Policy.of(desk.location)
    limit = limit_of(client, policy)
    if limit is None:
        is_why = client.is_blocked and policy.negative_balances
        why = f" {client.first_name} is blocked, and may not owe." if is_why else ""
        return f"{has}. Nothing was applied.{why}", "amount"
    more = max(limit - balance_of(client, desk.business_date).owes, money(0))
    message = f"{has} and may owe {said.amount(more)} more. Nothing was applied."
    most = said.amount(available + more)
    if may_override(desk):
        return f"{message} Apply at most {most}, or say why they may owe more.", "override_reason"
    if available + more:
        message += f" Apply at most {most}, or ask a manager."
    return message, "amount"


def owed_back(back: Back, owed: int) -> list[Leg]:
    """What is owed for a payment that stands on an open order is taken off. One query.

    A move where as much is still owed on the very account that it was put on, so that taking all of
    the payment back is its exact reversal. Read before anything is locked: should they pay it off
    in this moment, the posting refuses.
    """
    if not owed:
        return []
    owed_on = Posting.objects.filter(
        entry=back.tender.entry_id, account__kind=AccountKind.RECEIVABLE
    )
    name, owes_now = owed_on.values_list("account__name", "account__balance")[0]
    client = hold(_whose(back))
    if name == accounts.owed_by(client) and (owes_now or 0) >= owed:
        return [Move(name, -owed)]
    return [into_balance(client, owed)]


def owed_returned(back: Back) -> list[Leg]:
    """What was owed for a part of a closed sale that goes back, off what they owe now.

    What they have paid off meanwhile, they paid with other money: it becomes credit.
    """
    owed = sum(part for lot, part in back.parts if lot is None)
    return [into_balance(_whose(back), owed)] if owed else []


def _whose(back: Back) -> Client:
    """The order's client, whoever is named to take money that goes to a balance."""
    client = back.tender.order.client
    assert client is not None  # nosec B101 - an order keeps its client while credit stands on it
    return client
