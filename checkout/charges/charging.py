"""Beginning a charge: the attempt, and what of the order it speaks for. Nothing is asked yet.

charge = begin_charge(...)               # under the order's lock
attempt = attempts.send(charge.attempt)  # outside of a transaction; purpose.py hears the end
"""

import uuid as uuids
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from djmoney.money import Money

from cards.attempts import begin
from cards.models import Attempt, CardOnFile
from cards.on_file import hold_card
from checkout import tips
from checkout.charges.purpose import ORDER
from checkout.charges.waiting import as_payments, open_charges, sum_of
from checkout.deposit_here import DepositHere
from checkout.errors import Refused
from checkout.funds import standing_funds
from checkout.held import held_lots
from checkout.lines import LARGEST
from checkout.locking import check_fresh, lock, require, touch
from checkout.models import LineItem, Order, OrderCharge, Tender
from checkout.models.orders import Totals
from checkout.proposing import proposes
from checkout.tender_kinds import CHARGE
from checkout.tendering import check_amount, check_room
from salon import errors, permissions
from salon.desk import Desk
from salon.models import BusinessSettings
from salon.money import minor, money
from salon.policy import Policy


@dataclass(frozen=True)
class _Asked:
    """What a form asked for; `amount` is without the tip."""

    amount: Money
    tip: Money
    way: str
    card: CardOnFile | None
    reader_id: str
    by_client: bool
    back_url: str


def begin_charge(
    *,
    order: Order,
    amount: Money,
    way: str,
    desk: Desk,
    uuid: uuids.UUID,
    revision: int | None = None,
    card: CardOnFile | None = None,
    reader_id: str = "",
    tip: Money | None = None,
    by_client: bool = False,
    back_url: str = "",
) -> OrderCharge:
    """Write that a card is to pay `amount` of an open order, and the `tip` besides.

    `amount` is above zero and at most what remains, less a deposit that the order proposes and what
    other open charges speak for. `way` is an Attempt.Way, with its `card` or `reader_id`;
    `back_url` is where a hosted page leads back to; `by_client`: on their own phone, not logged in.

    Locks the order, then the card. The same `uuid` again answers with the charge that it wrote.
    Raises Refused; nothing is charged then. Send its attempt once this has committed.
    """
    asked = _Asked(amount, tip or money(0), way, card, reader_id, by_client, back_url)
    try:
        return _begin(order, asked, desk, uuid, revision)
    except errors.Refused as refused:
        raise Refused(refused.message, field=refused.field) from refused


@transaction.atomic
def _begin(
    order: Order, asked: _Asked, desk: Desk, uuid: uuids.UUID, revision: int | None
) -> OrderCharge:
    if not asked.by_client:
        require(desk, permissions.MODIFY_SALES, "start a checkout or modify sales")
    locked = lock(order)
    # Under the lock: of two equal forms, the second finds what the first one made.
    if twin := _twin(locked, asked, uuid):
        return twin
    check_fresh(locked, revision)
    _check_fits(locked, asked, desk)
    _check_way(locked, asked)
    attempt = begin(
        purpose=ORDER,
        reference=str(locked.uuid),
        amount=asked.amount + asked.tip,
        way=asked.way,
        description=f"{locked}, {BusinessSettings.current().name}",
        desk=desk,
        uuid=uuid,
        client=locked.client,
        card=hold_card(asked.card) if asked.card else None,
        reader_id=asked.reader_id,
        back_url=asked.back_url,
    )
    touch(locked)
    return OrderCharge.objects.create(
        attempt=attempt, order=locked, tip=asked.tip, by_client=asked.by_client
    )


def _twin(order: Order, asked: _Asked, uuid: uuids.UUID) -> OrderCharge | None:
    """What this form has made already. Raises Refused where the name is another's."""
    twin = OrderCharge.objects.select_related("attempt__card").filter(attempt__uuid=uuid).first()
    if twin is None:
        if Attempt.objects.filter(uuid=uuid).exists() or Tender.objects.filter(uuid=uuid).exists():
            raise Refused("This form was used before. Nothing was charged. Load the sale again.")
        return None
    attempt = twin.attempt
    made = (twin.order_id, attempt.amount - twin.tip, twin.tip, attempt.way, attempt.card)
    if made != (order.pk, asked.amount, asked.tip, asked.way, asked.card):
        raise Refused("This charge was begun with other particulars. Load the sale again.")
    return twin


def _check_fits(order: Order, asked: _Asked, desk: Desk) -> None:
    """At most what remains besides a proposed deposit and other charges, and allowed for what is on
    the sale. At most eight queries."""
    lines = list(order.lines.select_related("staff"))
    standing = list(order.tenders.all())
    waiting = open_charges(order)
    remaining = Totals(lines, standing).remaining
    free = remaining - sum_of(waiting)
    funds = standing_funds(order, [*standing, *as_payments(waiting)])
    held = held_lots(order, desk)
    does = bool(held) and proposes(order, Policy.of(desk.location))
    deposit = DepositHere(order, held, lines, funds, free, does)
    wanted = Tender(order=order, kind=CHARGE, amount=asked.amount)
    check_amount(wanted, remaining - deposit.proposed, sum_of(waiting))
    check_room(wanted, lines, [*funds, *deposit.funds])
    _check_tip(asked.tip, lines)


def _check_tip(tip: Money, lines: Sequence[LineItem]) -> None:
    if minor(tip) < 0 or tip > LARGEST:
        raise Refused("Check the tip. Nothing was charged.", field="tip")
    if tip and not tips.shares(tip, lines):
        raise Refused(
            "No service on this sale says who gave it, so the tip would be nobody’s. "
            "Nothing was charged. Give it at the desk.",
            field="tip",
        )


def _check_way(order: Order, asked: _Asked) -> None:
    if asked.way not in Attempt.Way.values:
        raise Refused("Choose how the card is charged. Nothing was charged.", field="way")
    if (asked.way == Attempt.Way.ON_FILE) != (asked.card is not None):
        raise Refused("Choose the card. Nothing was charged.", field="way")
    if (asked.way == Attempt.Way.READER) != bool(asked.reader_id):
        raise Refused("Choose the card reader. Nothing was charged.", field="way")
    if asked.card and (order.client is None or asked.card.client_id != order.client.survivor_id):
        raise Refused(
            f"{asked.card} is not a card of this sale’s client. Nothing was charged.", field="way"
        )
