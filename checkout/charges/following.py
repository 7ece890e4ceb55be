"""While a page shows an open charge: asking the processor now and then, and telling what came."""

import datetime as dt
import uuid as uuids
from collections.abc import Collection

from cards import attempts, gateways
from cards.models import Attempt
from checkout.charges.showing import News, news_of
from checkout.charges.waiting import charges_of, open_charges
from checkout.models import Order, OrderCharge
from salon import clock

LOOK_EVERY = dt.timedelta(seconds=3)
"""So seldom the processor is asked for one charge, however many pages wait."""


def look_after(order: Order, shown: Collection[uuids.UUID]) -> None:
    """Ask the processor for those open charges that a page shows, where nobody has just asked.

    Never inside a transaction. One query, besides what a look takes.
    """
    if not shown or not gateways.connected():
        return
    for charge in open_charges(order):
        if charge.attempt.uuid in shown and _is_due(charge.attempt):
            attempts.look(charge.attempt)


def happened(order: Order, shown: Collection[uuids.UUID], seen: int) -> list[OrderCharge]:
    """Charges that ended since a page was made, and those that clients have begun since.

    `shown`: what it showed as open; `seen`: the newest that it knew, by id. One query.
    """
    return [
        charge
        for charge in charges_of(order)
        if (charge.pk > seen or charge.attempt.uuid in shown)
        and (not charge.attempt.is_open or (charge.by_client and charge.pk > seen))
    ]


def told(charges: Collection[OrderCharge]) -> list[News]:
    """The same as news."""
    return [news_of(charge) for charge in charges]


def _is_due(attempt: Attempt) -> bool:
    return attempt.looked_at is None or attempt.looked_at <= clock.now() - LOOK_EVERY
