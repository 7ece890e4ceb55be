"""Whether account credit is offered: for the business, unless a location says otherwise."""

from salon.models import BusinessSettings, Location


def balances_enabled(location: Location) -> bool:
    """Client Account Balances at a location. At most one query.

    Off, new acts are refused; balances are kept, and reversals and refunds stay possible.
    """
    if location.client_account_balances is not None:
        return location.client_account_balances
    return BusinessSettings.current().client_account_balances
