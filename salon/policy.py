"""What is switched on at a location: its own word, or else the business's."""

from functools import cached_property
from typing import Any

from salon.models import BusinessSettings, Location


class Policy:
    """The switches in force at one location, for one act or one page.

    At most one query, however many are read: the business's settings, once a switch needs them.
    Toggles that an act asks one of are in `toggles`; make one Policy where it asks several.
    """

    def __init__(self, location: Location) -> None:
        self.location = location

    @classmethod
    def of(cls, location: Location, business: BusinessSettings | None = None) -> "Policy":
        """The policy at a location. No query yet; none at all with `business`, loaded before."""
        policy = cls(location)
        if business is not None:
            policy.business = business
        return policy

    @cached_property
    def business(self) -> BusinessSettings:
        """The business's own settings: limits, tip shortcuts, what has no override. One query."""
        return BusinessSettings.current()

    @property
    def balances(self) -> bool:
        """Client Account Balances: account credit is offered and new acts with it are taken."""
        return self._switch("client_account_balances")

    @property
    def negative_balances(self) -> bool:
        """Credits may pay more than there is, up to the limit."""
        return self._switch("negative_balances")

    @property
    def tips_from_balance(self) -> bool:
        """Account credit and gift cards may pay tips."""
        return self._switch("tips_from_balance")

    @property
    def deposits_by_card_only(self) -> bool:
        """Deposits at the desk are taken by card and nothing else."""
        return self._switch("deposits_by_card_only")

    @property
    def earmark_deposits(self) -> bool:
        """A deposit is set aside for its visit; the same at every location."""
        return self.business.earmark_deposits

    @property
    def apply_earmarked_deposits(self) -> bool:
        """The visit's sale proposes what is held for it, without anybody pressing Credits."""
        return self._switch("apply_earmarked_deposits")

    @property
    def cash_needs_open_till(self) -> bool:
        """Cash waits until the till was opened; the same at every location."""
        return self.business.cash_needs_open_till

    def in_force(self, name: str) -> Any:
        """One setting by the name of its field: the location's own word, or the business's."""
        own = getattr(self.location, name, None)
        return getattr(self.business, name) if own is None else own

    def _switch(self, name: str) -> bool:
        return bool(self.in_force(name))
