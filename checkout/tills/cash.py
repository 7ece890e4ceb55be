"""Cash of sales and refunds: which account it moves, and whether it may."""

from django.urls import reverse
from django.utils.html import format_html

from checkout.errors import Refused
from checkout.tills.locking import open_session, share
from ledger import accounts
from salon.desk import Desk


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
