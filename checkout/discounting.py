"""Discounts: on a line or on the whole order, percent or money, with who gave it and why."""

import uuid as uuids
from decimal import Decimal

from django.db import transaction
from djmoney.money import Money

from checkout import discount_limits
from checkout.discount_limits import beyond, limit_of
from checkout.errors import Refused, StaleOrder
from checkout.line_kinds import kind_of
from checkout.locking import check_fresh, lock, lock_open, require, same_order, touch
from checkout.models import Discount, LineItem, Order, PresetDiscount
from checkout.repricing import OrderPrices
from salon import permissions, said
from salon.desk import Desk
from salon.money import minor, money


@transaction.atomic
def add_discount(
    *,
    order: Order,
    desk: Desk,
    line: LineItem | None = None,
    percent: Decimal | None = None,
    amount: Money | None = None,
    preset: PresetDiscount | None = None,
    reason: str = "",
    uuid: uuids.UUID | None = None,
    revision: int | None = None,
) -> Discount:
    """Take something off a line, or (no line) off all lines of the order that take discounts.

    Either `percent` (of what the discounts before it left) or `amount`, with a reason; or a
    `preset`, whose name is the reason where none is given. The same form (`uuid`) again answers
    with the discount that it gave. Under the order's lock; at most eleven queries. What is then
    paid too much is taken back before closing. Raises Refused: permission, the role's limit on a
    line, nothing or more than there is to take off, no reason.
    """
    require(desk, permissions.MODIFY_SALES, "start a checkout or modify sales")
    require(desk, permissions.GIVE_DISCOUNTS, "give discounts")
    discount = new_discount(
        order=order, line=line, preset=preset, desk=desk, percent=percent, amount=amount
    )
    discount.reason = " ".join(reason.split()) or discount.reason
    discount.uuid = uuid or discount.uuid
    locked = lock(order)
    # Under the lock: of two equal forms, the second finds what the first one gave.
    twin = Discount.objects.filter(uuid=discount.uuid).first()
    if twin is not None:
        return same_order(twin, locked)
    check_fresh(locked, revision)
    _check(discount)
    prices = OrderPrices(locked)
    weigh(discount, prices, desk)
    discount.order = locked
    discount.save(force_insert=True)
    prices.write()
    touch(locked)
    return discount


@transaction.atomic
def remove_discount(*, discount: Discount, desk: Desk, revision: int | None = None) -> Order:
    """Take a discount off again; the prices are whole as before. Under the order's lock."""
    order = lock_open(discount.order, desk, revision)
    prices = OrderPrices(order)
    if discount not in prices.discounts:
        raise StaleOrder("That discount is no longer on this sale. Nothing was changed.")
    prices.discounts.remove(discount)
    Discount.objects.filter(pk=discount.pk).delete()
    prices.write()
    touch(order)
    return order


def new_discount(
    *,
    order: Order,
    line: LineItem | None,
    desk: Desk,
    preset: PresetDiscount | None = None,
    percent: Decimal | None = None,
    amount: Money | None = None,
) -> Discount:
    """A discount that is not given yet. A preset brings its own terms and its name."""
    if preset is not None:
        percent, amount = preset.percent, preset.amount
    return Discount(
        order=order,
        line=line,
        preset=preset,
        percent=percent,
        amount=amount,
        reason=preset.name if preset else "",
        at=desk.at,
        by=desk.person,
        till=desk.till,
    )


def weigh(discount: Discount, prices: OrderPrices, desk: Desk) -> None:
    """Put a discount on the order, in memory: its `taken_off` is set, and everybody's figures.

    Raises Refused where it would take nothing, more than there is, or more than the role may.
    """
    lines = _takers(discount, prices)
    prices.reckon()
    _check_amount(discount, sum((line.price - line.discount for line in lines), money(0)))
    before = prices.shares_off()
    prices.discounts.append(discount)
    limit = limit_of(desk.staff)
    if too_much := beyond(prices.lines, before, prices.shares_off(), limit):
        raise Refused(
            f"That makes {too_much}. Your role may take off at most "
            f"{discount_limits.percent(limit)}. Give less, or ask a manager or an owner.",
            field="amount" if discount.percent is None else "percent",
        )
    prices.reckon()
    if not discount.taken_off:
        raise Refused("That takes nothing off, not even a cent.", field="percent")


def touched(prices: OrderPrices, line_id: int | None) -> list[LineItem]:
    """The lines that a discount on this line, or on all, takes something off."""
    return [
        line for line in prices.lines if kind_of(line).discountable and line_id in (None, line.pk)
    ]


def _check(discount: Discount) -> None:
    """What is wrong with it whatever is on the order."""
    if discount.preset is not None and discount.preset.is_archived:
        raise Refused(f"{discount.preset.name} is no longer offered.")
    if (discount.percent is None) == (discount.amount is None):
        raise Refused(
            "Enter a percentage or an amount, one of the two.",
            field="percent",
        )
    if discount.percent is not None and not 0 < discount.percent <= 100:
        raise Refused("Enter a percentage above 0, up to 100.", field="percent")
    if discount.percent is not None and discount.percent != round(discount.percent, 2):
        raise Refused("Enter at most 2 digits after the point.", field="percent")
    if discount.amount is not None and minor(discount.amount) <= 0:
        raise Refused("Enter an amount above zero.", field="amount")
    if not discount.reason:
        raise Refused(
            "Say why, as it should read on the receipt: “Returning client”.", field="reason"
        )


def _takers(discount: Discount, prices: OrderPrices) -> list[LineItem]:
    """The lines that take it; at least one."""
    lines = touched(prices, discount.line_id)
    if lines:
        return lines
    if discount.line_id is None:
        raise Refused("Nothing on this sale takes a discount. Add a service or a product first.")
    line = prices.line(discount.line_id)
    if line is None:
        raise StaleOrder("That line is no longer on this sale. No discount was given.")
    raise Refused(f"{line.description} takes no discount.")


def _check_amount(discount: Discount, left: Money) -> None:
    if not left:
        raise Refused("It costs nothing any more, so nothing can be taken off.", field="percent")
    if discount.amount is not None and discount.amount > left:
        raise Refused(
            f"That is more than the {said.amount(left)} that it costs.",
            field="amount",
        )
