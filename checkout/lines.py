"""What is on an order: adding, changing and removing line items while it is open."""

import uuid as uuids

from django.db import transaction
from djmoney.money import Money

from checkout.errors import Refused, StaleOrder
from checkout.line_kinds import kind_of
from checkout.locking import check_fresh, lock, lock_open, require, touch
from checkout.models import LineItem, Order
from clients.models import Client
from salon import permissions
from salon.desk import Desk
from salon.models import Product, Service, StaffMember, TaxRate
from salon.money import minor, money, percent_of
from salon.toggles import balances_enabled

LARGEST = money(100_000_000)
"""$1,000,000.00: above it, somebody leaned on the keyboard."""


def service_line(*, order: Order, service: Service, staff: StaffMember | None) -> LineItem:
    """A line for a service at its list price, not saved yet."""
    line = LineItem(
        order=order,
        kind="service",
        description=service.name,
        service=service,
        staff=staff,
        unit_price=service.price,
    )
    return _priced(line, service.tax_rate)


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
    return _add(_priced(line, product.tax_rate), desk, uuid, revision)


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
    return _add(_priced(line, tax_rate), desk, uuid, revision)


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
    if beneficiary.is_archived:
        raise Refused(f"{beneficiary.name} is archived.", field="beneficiary")
    if not balances_enabled(desk.location):
        raise Refused("Client Account Balances are switched off at this location.")
    line = LineItem(
        order=order,
        kind="account_credit",
        description=f"Account Credit - {beneficiary.name}",
        beneficiary=beneficiary,
        unit_price=amount,
    )
    return _add(_priced(line, None), desk, uuid, revision)


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
    """Another quantity, price or staff member. What is not given stays."""
    order = lock_open(line.order, desk)
    fresh = LineItem.objects.select_related("tax_rate").filter(pk=line.pk, order=order).first()
    if fresh is None:
        raise StaleOrder("That line is no longer on this sale. Nothing was changed.")
    given = {"quantity": quantity, "unit_price": unit_price, "staff": staff}
    wanted = {name: value for name, value in given.items() if value is not None}
    if all(getattr(fresh, name) == value for name, value in wanted.items()):
        return fresh
    check_fresh(order, revision)
    for name, value in wanted.items():
        setattr(fresh, name, value)
    _check(_priced(fresh, fresh.tax_rate))
    fresh.save()
    touch(order)
    return fresh


@transaction.atomic
def remove_line(*, line: LineItem, desk: Desk, revision: int | None = None) -> Order:
    """Take a line off. Payments stand; what is then too much is taken back before closing."""
    order = lock_open(line.order, desk, revision)
    LineItem.objects.filter(pk=line.pk, order=order).delete()
    touch(order)
    return order


def _add(line: LineItem, desk: Desk, uuid: uuids.UUID | None, revision: int | None) -> LineItem:
    require(desk, permissions.MODIFY_SALES, "start a checkout or modify sales")
    order = lock(line.order)
    if uuid is not None:
        # Under the lock: of two equal forms, the second finds what the first one made.
        twin = LineItem.objects.filter(uuid=uuid).first()
        if twin is not None:
            return _same(twin, order)
        line.uuid = uuid
    check_fresh(order, revision)
    _check(line)
    line.order = order
    # A brand and a product's name, or a client's two names, may be longer than a receipt is wide.
    line.description = line.description[:160]
    line.save()
    touch(order)
    return line


def _same(twin: LineItem, order: Order) -> LineItem:
    if twin.order_id != order.pk:
        raise Refused("This form belongs to another sale. Load the sale again.")
    return twin


def _priced(line: LineItem, rate: TaxRate | None) -> LineItem:
    """Amount and tax from quantity, price and rate; tax on top, rounded half up by line."""
    line.amount = line.unit_price * line.quantity
    line.tax_rate = rate
    line.tax_percent = rate.percent if rate else 0
    line.tax = money(percent_of(minor(line.amount), rate.percent) if rate else 0)
    return line


def _check(line: LineItem) -> None:
    if not 1 <= line.quantity <= 999:
        raise Refused("Enter a quantity from 1 to 999.", field="quantity")
    if minor(line.unit_price) < 0:
        raise Refused("A price cannot be below zero.", field="amount")
    if minor(line.amount) < kind_of(line).smallest:
        raise Refused("Enter an amount above zero.", field="amount")
    if line.amount > LARGEST:
        raise Refused(f"That is more than {LARGEST}. Check the amount.", field="amount")
