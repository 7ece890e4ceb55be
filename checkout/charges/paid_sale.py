"""A sale that a card has paid already: a deposit taken online, a fee, a membership's period.

Upper floors register a purpose of their own for such attempts (cards/purposes.py); when it is paid
they call this, in the very transaction that hears of it.
"""

import uuid as uuids
from collections.abc import Sequence

from cards.models import Attempt
from checkout.closing import close_new
from checkout.errors import Refused
from checkout.lines import write_lines
from checkout.models import LineItem, Order, OrderCharge, Tender
from checkout.models.orders import Totals
from checkout.tender_kinds import CHARGE, Taking
from checkout.tender_posting import post_tender
from clients.models import Client
from salon.desk import Desk


def sell_paid(
    *,
    attempt: Attempt,
    lines: Sequence[LineItem],
    client: Client | None,
    desk: Desk,
    uuid: uuids.UUID,
) -> Order:
    """Open an order with these lines, record the charge as its payment, close it.

    `lines` are not saved and name no order yet; their total is the attempt's amount. `attempt` has
    succeeded and is locked. The same `uuid` again answers with the order that it made. The sale is
    refunded, reprinted and shared with providers like any other. `desk` acts by itself where nobody
    stands at one. Raises Refused where a line cannot be sold: then nothing of it stands.
    """
    if made := Order.objects.filter(uuid=uuid).first():
        return made
    order = Order.objects.create(
        uuid=uuid,
        client=client,
        location=desk.location,
        opened_at=desk.at,
        opened_by=desk.staff,
        business_date=desk.business_date,
    )
    sold = list(lines)
    write_lines(sold, order)
    if Totals(sold, []).total != attempt.amount:
        raise Refused("The card was charged for something else than this sale.")
    tender = Tender(
        uuid=attempt.uuid,
        order=order,
        kind=CHARGE,
        amount=attempt.amount,
        reference=attempt.card_said,
    )
    taken = post_tender(tender, Taking(order, sold, [], desk))
    OrderCharge.objects.create(
        attempt=attempt, order=order, tender=taken, by_client=desk.staff is None
    )
    return close_new(order, sold, [taken], desk)
