"""One switch, asked: for the business, unless a location says otherwise.

Each costs at most one query. An act or a page that asks several makes one `policy.Policy`.
"""

from salon.models import Location
from salon.policy import Policy


def balances_enabled(location: Location) -> bool:
    """Client Account Balances at a location.

    Off, new acts are refused; balances are kept, and reversals and refunds stay possible.
    """
    return Policy.of(location).balances


def tips_from_balance_allowed(location: Location) -> bool:
    """Whether account credit and gift cards may pay tips."""
    return Policy.of(location).tips_from_balance
