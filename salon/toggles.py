"""One switch, asked: for the business, unless a location says otherwise.

Each costs at most one query. An act or a page that asks several makes one `policy.Policy`.
"""

from salon.models import BusinessSettings, Location
from salon.policy import Policy


def balances_enabled(location: Location) -> bool:
    """Client Account Balances at a location.

    Off, new acts are refused; balances are kept, and reversals and refunds stay possible.
    """
    return Policy.of(location).balances


def negative_balances_allowed(location: Location) -> bool:
    """Whether Credits may pay more than a client has, up to the client's limit."""
    return Policy.of(location).negative_balances


def tips_from_balance_allowed(location: Location) -> bool:
    """Whether account credit and gift cards may pay tips."""
    return Policy.of(location).tips_from_balance


def deposits_by_card_only(location: Location) -> bool:
    """Whether a deposit at the desk is taken by card and nothing else."""
    return Policy.of(location).deposits_by_card_only


def deposits_are_earmarked() -> bool:
    """Whether a deposit is set aside for its visit; the same at every location."""
    return BusinessSettings.current().earmark_deposits


def deposits_apply_themselves(location: Location) -> bool:
    """Whether the visit's sale proposes what is held for it, without anybody pressing Credits."""
    return Policy.of(location).apply_earmarked_deposits
