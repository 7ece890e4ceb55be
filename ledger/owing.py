"""Whether a client may owe the salon, and how much in all (MONEY, Spending)."""

from dataclasses import dataclass

from djmoney.money import Money

from clients.models import Client
from salon.money import money
from salon.policy import Policy


@dataclass(frozen=True)
class Owing:
    """That a client may owe: `limit` in all, of which `owes` is owed already."""

    limit: Money
    owes: Money

    @property
    def more(self) -> Money:
        """What they may owe besides."""
        return max(self.limit - self.owes, money(0))


def owing_of(client: Client, owes: Money, policy: Policy) -> Owing | None:
    """What a client may owe; None where they may not. Queries as `limit_of`."""
    limit = limit_of(client, policy)
    return None if limit is None else Owing(limit, owes)


def limit_of(client: Client, policy: Policy) -> Money | None:
    """The most that a client may owe at a place, what they owe now included; None: nothing at all.

    Their own limit, where they were given one. Who is blocked may not owe. One query at most, the
    policy's.
    """
    if not policy.balances or not policy.negative_balances:
        return None
    if client.is_blocked or client.is_archived:
        return None
    own: Money | None = client.iou_limit
    return policy.business.negative_balance_limit if own is None else own
