"""Selling a gift card: a line on an open order, and the card that it will issue."""

import datetime as dt
import uuid as uuids
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from djmoney.money import Money

from checkout.errors import Refused
from checkout.lines import add_line
from checkout.models import LineItem, Order
from giftcards import codes
from giftcards.models import GiftCard
from salon.desk import Desk

KIND = "gift_card"
"""The code of the line kind and of the tender kind."""
LATEST = dt.timedelta(days=366)
"""So far ahead may an e-mail be put off."""


@dataclass(frozen=True)
class Gift:
    """Whom a card is for, and how it gets there: a number, an address, or neither (printed)."""

    number: str = ""
    """What stands on a card of plastic, as typed or scanned."""
    from_name: str = ""
    to_name: str = ""
    to_email: str = ""
    message: str = ""
    send_on: dt.date | None = None


@transaction.atomic
def add_gift_card(
    *,
    order: Order,
    amount: Money,
    gift: Gift,
    desk: Desk,
    uuid: uuids.UUID | None = None,
    revision: int | None = None,
) -> LineItem:
    """A gift card of `amount` on an open order; it is issued when the order closes.

    The same form (`uuid`) again answers with the line that it made. Locks the order. Raises
    Refused: a number that another card has, a day that has passed, an amount of nothing.
    """
    whom = _one_line(gift.to_name)
    line = add_line(
        line=LineItem(
            order=order,
            kind=KIND,
            description=f"Gift card for {whom}" if whom else "Gift card",
            unit_price=amount,
        ),
        desk=desk,
        uuid=uuid,
        revision=revision,
    )
    if GiftCard.objects.filter(line=line).exists():
        return line
    _check_day(gift, desk)
    code = _number(gift) if gift.number else codes.new_code()
    _make_room(code)
    try:
        with transaction.atomic():
            _make(line, code, gift)
    except IntegrityError:
        raise _taken(code) from None
    return line


def _make(line: LineItem, code: str, gift: Gift) -> None:
    GiftCard.objects.create(
        code=code,
        line=line,
        is_physical=bool(gift.number),
        from_name=_one_line(gift.from_name),
        to_name=_one_line(gift.to_name),
        to_email=gift.to_email.strip(),
        message=gift.message.strip(),
        send_on=gift.send_on if gift.to_email else None,
    )


def _one_line(name: str) -> str:
    """Names stand in the subject of an e-mail, which no line break may cross."""
    return " ".join(name.split())


def _check_day(gift: Gift, desk: Desk) -> None:
    today = desk.business_date
    if gift.send_on is not None and not today <= gift.send_on <= today + LATEST:
        raise Refused(
            "Choose a day from today on, within a year. Nothing was added.", field="send_on"
        )


def _number(gift: Gift) -> str:
    code = codes.normalized(gift.number)
    if not codes.is_well_formed(code):
        raise Refused(
            f"A card’s number has {codes.SHORTEST} to {codes.LONGEST} letters and digits. "
            "Scan it, or type it as it stands on the card. Nothing was added.",
            field="number",
        )
    return code


def _make_room(code: str) -> None:
    """A number that was only ever on a voided sale was never issued: it is free again."""
    GiftCard.objects.filter(
        code=code, account__isnull=True, line__order__status=Order.Status.VOIDED
    ).delete()
    there = GiftCard.objects.filter(code=code).select_related("line__order").first()
    if there is not None:
        raise _taken(code, there)


def _taken(code: str, there: GiftCard | None = None) -> Refused:
    if there and there.line and there.account_id is None:
        where = f"The card {codes.masked(code)} is on sale #{there.line.order.number}, still open."
    else:
        where = f"The number {codes.masked(code)} belongs to a gift card already."
    return Refused(f"{where} Nothing was added. Take another card from the drawer.", field="number")
