"""Short words for checkout's tests: sales made by the real verbs."""

import uuid

from django.db.models import Sum
from djmoney.money import Money

from checkout.closing import close_order
from checkout.lines import add_account_credits, add_custom, add_product, add_service
from checkout.models import Order, Tender
from checkout.models.orders import Totals
from checkout.opening import open_order
from checkout.tendering import take_tender
from clients.models import Client
from ledger.balances import Balance, balance_of
from ledger.models import Posting
from salon.desk import Desk
from salon.models import StaffMember
from tests.factories import dollars, make_product, make_service


def books() -> dict[str, int]:
    """The trial balance by kind of account: cents, debit positive, zero ones left out."""
    rows = Posting.objects.values_list("account__kind").annotate(total=Sum("amount"))
    return {kind: total for kind, total in rows if total}


def has(client: Client, desk: Desk) -> Balance:
    return balance_of(client, desk.business_date)


def pay(order: Order, kind: str, amount: str | int | Money, desk: Desk, **more) -> Tender:
    money = amount if isinstance(amount, Money) else dollars(amount)
    return take_tender(
        order=order, kind=kind, amount=money, desk=desk, uuid=more.pop("key", uuid.uuid4()), **more
    )


def remaining(order: Order) -> Money:
    return Totals.of(Order.objects.get(pk=order.pk)).remaining


def sell_credit(
    client: Client, amount: str | int, desk: Desk, payer: Client | None = None, kind: str = "cash"
) -> Order:
    """Account credit for a client, paid and closed."""
    order = open_order(desk=desk, client=payer or client)
    add_account_credits(order=order, beneficiary=client, amount=dollars(amount), desk=desk)
    pay(order, kind, amount, desk)
    return close_order(order=order, desk=desk)


def sale_of(desk: Desk, client: Client, *services: tuple[int, StaffMember], tax_rate=None) -> Order:
    """An open order with a service for each (price, who gives it)."""
    order = open_order(desk=desk, client=client)
    for price, staff in services:
        sold = make_service(f"Service at {price}", price, tax_rate=tax_rate)
        add_service(order=order, service=sold, staff=staff, desk=desk)
    return order


def tips_of(order: Order) -> dict[str, str]:
    """Who gets how much of a tip, in dollars."""
    return {str(line.staff): str(line.amount.amount) for line in order.lines.filter(kind="tip")}


def order_with(
    desk: Desk,
    client: Client | None = None,
    *,
    service: str | int = 0,
    product: str | int = 0,
    custom: str | int = 0,
    credit: str | int = 0,
    tax_rate=None,
) -> Order:
    """An open order with one line of each kind that has a price."""
    order = open_order(desk=desk, client=client)
    if service:
        sold = make_service(f"Service at {service}", service, tax_rate=tax_rate)
        add_service(order=order, service=sold, staff=None, desk=desk)
    if product:
        add_product(
            order=order,
            product=make_product(f"Product at {product}", product, tax_rate=tax_rate),
            desk=desk,
        )
    if custom:
        add_custom(order=order, description="Extra", amount=dollars(custom), desk=desk)
    if credit:
        add_account_credits(order=order, beneficiary=client, amount=dollars(credit), desk=desk)
    return order
