"""Times that are held for who has not paid yet: so many at once for one connection, and no more.

Otherwise somebody fills a whole day of the book, again every few minutes, and pays for none of it.
"""

from deposits.models import DepositRequest
from salon import clock
from salon.guessing import network_of

MOST = 6
"""For a household, or for those who sit in the salon, it is plenty."""


def holds_too_many(address: str | None) -> bool:
    """Whether so many bookings online from this connection wait to be paid. One query.

    `address`: as the acceptance of the policy keeps it; None (none is known) holds nothing.
    """
    network = network_of(address or "")
    if network is None:
        return False
    waiting = DepositRequest.objects.filter(
        came_from=DepositRequest.CameFrom.ONLINE,
        status=DepositRequest.Status.WAITING,
        expires_at__gt=clock.now(),
        acceptances__address__range=(str(network[0]), str(network[-1])),
    )
    return waiting.count() >= MOST
