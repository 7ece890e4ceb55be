"""What is on an order: adding, changing and removing line items while it is open."""

import uuid as uuids
from collections.abc import Mapping, Sequence
from fractions import Fraction

from django.db import transaction
from djmoney.money import Money

from checkout.discount_limits import keep_within
from checkout.errors import Refused, StaleOrder
from checkout.line_kinds import kind_of
from checkout.locking import check_fresh, lock, lock_open, require, same_order, touch
from checkout.models import LineItem, Order
from checkout.repricing import OrderPrices, price_alone, reprice, write_taxes
from checkout.service_prices import price_with
from clients.models import Client
from clients.standing import why_not_served
from salon import permissions
from salon.desk import Desk
from salon.models import Product, Service, StaffMember, TaxRate
from salon.money import minor, money
from salon.terms import TermsBook
from salon.toggles import balances_enabled

LARGEST = money(100_000_000)
"""$1,000,000.00: above it, somebody leaned on the keyboard."""


def service_line(
    *, order: Order, service: Service, staff: StaffMember | None, book: TermsBook | None = None
) -> LineItem:
    """A line for a service at what it costs there with this person, not saved yet.

    One query, none with `book`, which somebody loads who makes several lines.
    """
    book = book or TermsBook.at(order.location, [service])
    line = LineItem(
        order=order,
        kind="service",
        description=service.name,
        service=service,
        staff=staff,
        unit_price=book.terms(service, order.location, staff).price,
    )
    return price_alone(line, service.tax_rate)


@transaction.atomic
def add_service(
    *,
    order: Order,
    service: Service,
    staff: StaffMember | None,
    desk: Desk,
    uuid: uuids.UUID | None = None,
    revision: int | None = None,
) -> LineItem:
    """A service with who gave it.

    `uuid` and `revision` (here and in every add_*) come with the form: the same form again answers
    with the line that it made; a page older than the order is told (StaleOrder).
    """
    if service.is_archived:
        raise Refused(f"{service.name} is no longer offered.", field="service")
    return _add(service_line(order=order, service=service, staff=staff), desk, uuid, revision)


@transaction.atomic
def add_product(
    *,
    order: Order,
    product: Product,
    desk: Desk,
    quantity: int = 1,
    staff: StaffMember | None = None,
    uuid: uuids.UUID | None = None,
    revision: int | None = None,
) -> LineItem:
    """A product at its list price."""
    if product.is_archived:
        raise Refused(f"{product} is no longer offered.", field="product")
    line = LineItem(
        order=order,
        kind="product",
        description=str(product),
        product=product,
        staff=staff,
        quantity=quantity,
        unit_price=product.price,
    )
    return _add(price_alone(line, product.tax_rate), desk, uuid, revision)


@transaction.atomic
def add_custom(
    *,
    order: Order,
    description: str,
    amount: Money,
    desk: Desk,
    tax_rate: TaxRate | None = None,
    staff: StaffMember | None = None,
    uuid: uuids.UUID | None = None,
    revision: int | None = None,
) -> LineItem:
    """An amount that is not in the catalog, with a word for the receipt."""
    if not description.strip():
        raise Refused("Say what it is for, as it should read on the receipt.", field="description")
    line = LineItem(
        order=order,
        kind="custom",
        description=description.strip(),
        staff=staff,
        unit_price=amount,
    )
    return _add(price_alone(line, tax_rate), desk, uuid, revision)


@transaction.atomic
def add_account_credits(
    *,
    order: Order,
    beneficiary: Client | None,
    amount: Money,
    desk: Desk,
    uuid: uuids.UUID | None = None,
    revision: int | None = None,
) -> LineItem:
    """Account credit for a client, who need not be the one who pays. Never taxed.

    The balance grows when the order closes. Refused where Client Account Balances are off.
    """
    if beneficiary is None:
        raise Refused("Choose whom to credit.", field="beneficiary")
    if refusal := why_not_served(beneficiary):
        raise Refused(refusal, field="beneficiary")
    if not balances_enabled(desk.location):
        raise Refused("Client Account Balances are switched off at this location.")
    line = LineItem(
        order=order,
        kind="account_credit",
        description=f"Account Credit - {beneficiary.name}",
        beneficiary=beneficiary,
        unit_price=amount,
    )
    return _add(price_alone(line, None), desk, uuid, revision)


@transaction.atomic
def add_line(
    *,
    line: LineItem,
    desk: Desk,
    uuid: uuids.UUID | None = None,
    revision: int | None = None,
) -> LineItem:
    """A line of an upper floor's kind, taxed by its own `tax_rate` if any: `line` names its order
    and is not saved yet.
    """
    return _add(price_alone(line, line.tax_rate), desk, uuid, revision)


def write_lines(lines: Sequence[LineItem], order: Order) -> None:
    """As `add_line`, the lines of an order that is made in this very transaction: nobody else has
    it, and no discount is shared out among them. A query for each, one for all taxes.
    """
    for line in lines:
        _write(price_alone(line, line.tax_rate), order)
    write_taxes(lines)


@transaction.atomic
def change_line(
    *,
    line: LineItem,
    desk: Desk,
    quantity: int | None = None,
    unit_price: Money | None = None,
    staff: StaffMember | None = None,
    revision: int | None = None,
) -> LineItem:
    """Another quantity, price or staff member. What is not given stays, but for one thing: another
    person brings their own price for a service, unless the line's was typed by hand.

    Refused where a discount would then weigh more than anybody involved may give.
    """
    order = lock_open(line.order, desk)
    prices = OrderPrices(order)
    fresh = prices.line(line.pk)
    if fresh is None:
        raise StaleOrder("That line is no longer on this sale. Nothing was changed.")
    given = {"quantity": quantity, "unit_price": unit_price, "staff": staff}
    wanted = {name: value for name, value in given.items() if value is not None}
    if all(getattr(fresh, name) == value for name, value in wanted.items()):
        return fresh
    check_fresh(order, revision)
    if staff is not None and unit_price is None:
        brought = price_with(fresh, staff)
        wanted |= {} if brought is None else {"unit_price": brought}
    before = prices.shares_off()
    for name, value in wanted.items():
        setattr(fresh, name, value)
    _check(fresh)
    _keep_limits(prices, before, desk)
    fresh.save(update_fields=list(wanted))
    prices.write()
    touch(order)
    return fresh


@transaction.atomic
def remove_line(*, line: LineItem, desk: Desk, revision: int | None = None) -> Order:
    """Take a line off, with its own discounts; what the sale's discounts took off it goes over to
    the others.

    Payments stand; what is then too much is taken back before closing.
    """
    order = lock_open(line.order, desk, revision)
    prices = OrderPrices(order)
    before = prices.shares_off()
    prices.drop(line.pk)
    _keep_limits(prices, before, desk)
    LineItem.objects.filter(pk=line.pk, order=order).delete()
    prices.write()
    touch(order)
    return order


def _keep_limits(prices: OrderPrices, before: Mapping[int, Fraction], desk: Desk) -> None:
    """Who changes the lines counts beside those who gave the discounts, if they may give any."""
    people = [discount.by for discount in prices.discounts]
    if desk.staff is not None and desk.staff.has_perm(permissions.GIVE_DISCOUNTS):
        people.append(desk.staff)
    keep_within(prices.lines, before, prices.shares_off(), people)


def _add(line: LineItem, desk: Desk, uuid: uuids.UUID | None, revision: int | None) -> LineItem:
    require(desk, permissions.MODIFY_SALES, "start a checkout or modify sales")
    order = lock(line.order)
    if uuid is not None:
        # Under the lock: of two equal forms, the second finds what the first one made.
        twin = LineItem.objects.filter(uuid=uuid).first()
        if twin is not None:
            return same_order(twin, order)
        line.uuid = uuid
    check_fresh(order, revision)
    _write(line, order)
    write_taxes([line])
    reprice(order, line)
    touch(order)
    return line


def _write(line: LineItem, order: Order) -> None:
    _check(line)
    line.order = order
    # A brand and a product's name, or a client's two names, may be longer than a receipt is wide.
    line.description = line.description[:160]
    line.save()


def _check(line: LineItem) -> None:
    if not 1 <= line.quantity <= 999:
        raise Refused("Enter a quantity from 1 to 999.", field="quantity")
    if minor(line.unit_price) < 0:
        raise Refused("A price cannot be below zero.", field="amount")
    if minor(line.price) < kind_of(line).smallest:
        raise Refused("Enter an amount above zero.", field="amount")
    if line.price > LARGEST:
        raise Refused(f"That is more than {LARGEST}. Check the amount.", field="amount")
