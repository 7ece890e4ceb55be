"""Cash of sales and refunds: which account it moves, and whether it may."""

from django.urls import reverse
from django.utils.html import format_html
from djmoney.money import Money

from checkout.errors import Refused
from checkout.tills.figures import expected_in
from checkout.tills.locking import hold, open_session, share
from ledger import accounts
from salon import said
from salon.desk import Desk
from salon.money import money


def drawer_holding(amount: Money, desk: Desk) -> str:
    """`drawer`, for a payment out of it: never more than the books say is in it.

    Locks the till alone. Raises Refused on the fields `how` and `amount`.
    """
    if desk.till is None:
        raise Refused("There is no till at this location to pay cash from.", field="how")
    till = hold(desk.till)
    account = drawer(desk)
    there = money(max(expected_in(till), 0))
    if amount > there:
        raise Refused(f"{till} holds {said.amount(there)}. Nothing was paid.", field="amount")
    return account


def drawer(desk: Desk) -> str:
    """The account of the desk's till, for cash that comes or goes there in this transaction.

    From here to its end nobody can count the till. One query, or two where cash needs an open till
    (a setting). Raises Refused where the desk has no till, or one that takes no cash now.
    """
    till = desk.till
    if till is None:
        raise Refused("There is no till at this location to take or give cash.")
    shared = share(till)
    if shared.is_archived:
        raise Refused(f"{till} is no longer used. Choose another till, then try again.")
    if shared.needs_session and open_session(till) is None:
        raise Refused(
            format_html(
                "{} is not open, so no cash was taken or given. "
                '<a href="{}">Open the till</a>, then try again.',
                till,
                reverse("checkout:open_till", args=[till.pk]),
            )
        )
    return accounts.cash(till)
