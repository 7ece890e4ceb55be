"""Plans, cards and members for the tests, made by the real verbs where money moves."""

import datetime as dt
import itertools
import uuid
from zoneinfo import ZoneInfo

from django.utils.text import slugify

from cards.models import CardOnFile, ProcessorCustomer
from checkout.closing import close_order
from checkout.models import LineItem, Order
from checkout.models.orders import Totals
from checkout.opening import open_order
from clients.models import Client
from memberships.enrolling.enrolling import enrol
from memberships.models import Membership, MembershipSettings, Period, Plan
from salon import clock
from salon.desk import Desk
from salon.models import Location
from tests.checkout.helpers import pay
from tests.factories import dollars, make_client, make_desk, make_location
from tests.harness.processor import MASTERCARD, PAYS, TestProcessor

_ids = itertools.count(1)


def make_plan(name: str = "Gold", price: str | int = 100, adds: str | int = 120, **terms) -> Plan:
    """$100.00 a month that adds $120.00, found again by name; `terms` are the plan's fields.

    `locations` and `services` may be lists.
    """
    many = {field: terms.pop(field) for field in ("locations", "services") if field in terms}
    money = {"price": dollars(price), "adds": dollars(adds)}
    if "joining_fee" in terms:
        money["joining_fee"] = dollars(terms.pop("joining_fee"))
    plan, _ = Plan.objects.get_or_create(
        name=name, defaults={"slug": slugify(name), **money, **terms}
    )
    for field, rows in many.items():
        getattr(plan, field).set(rows)
    return plan


def make_card(
    client: Client,
    processor: TestProcessor | None = None,
    number: str = PAYS,
    *,
    last4: str = "",
    **fields,
) -> CardOnFile:
    """A card on file of theirs, the default where it is the first.

    With `processor` it is kept there, too, and can be charged; without, it is a row.
    """
    customer = ProcessorCustomer.objects.filter(client=client).first()
    if customer is None:
        there = _customer_at(processor) if processor else f"cus_{next(_ids)}"
        customer = ProcessorCustomer.objects.create(client=client, gateway_id=there)
    kept = processor.save_card(customer.gateway_id, number) if processor else f"pm_{next(_ids)}"
    first = not CardOnFile.objects.standing().filter(client=client).exists()
    brand = "Mastercard" if number == MASTERCARD else "Visa"
    values = {"brand": brand, "exp_month": 12, "exp_year": clock.now().year + 4} | fields
    return CardOnFile.objects.create(
        client=client,
        customer=customer,
        method=kept,
        last4=last4 or number[-4:],
        is_default=first,
        consented_at=clock.now(),
        added_at=clock.now(),
        **values,
    )


def _customer_at(processor: TestProcessor) -> str:
    key = str(uuid.uuid4())
    return processor.gateway.make_customer(reference=key, name="", email="", key=key)


def noon(day: dt.date, location: Location | None = None) -> dt.datetime:
    """Noon of that day where the shop is."""
    zone = location.zone if location else ZoneInfo("America/New_York")
    return dt.datetime.combine(day, dt.time(12), tzinfo=zone)


def desk_on(day: dt.date, staff: str = "Olivia", location: Location | None = None) -> Desk:
    """Olivia at the desk at noon of that day."""
    location = location or make_location()
    return make_desk(staff, location, noon(day, location))


def enrolled(
    client: Client, plan: Plan, desk: Desk, card: CardOnFile | None = None, **more
) -> LineItem:
    """A line with the membership on an open sale of its own, with consent; nobody paid it yet."""
    order = more.pop("order", None) or open_order(desk=desk, client=client)
    values = {"consented": True, "uuid": uuid.uuid4()} | more
    return enrol(
        order=order, plan=plan, client=client, card=card or make_card(client), desk=desk, **values
    )


def pay_and_close(order: Order, desk: Desk, kind: str = "cash") -> Order:
    """Pay what remains of an open sale, and close it."""
    rest = Totals.of(Order.objects.get(pk=order.pk)).remaining
    if rest:
        pay(order, kind, rest, desk)
    return close_order(order=order, desk=desk)


def make_member(
    client: Client | None = None,
    plan: Plan | None = None,
    card: CardOnFile | None = None,
    on: dt.date | None = None,
    *,
    desk: Desk | None = None,
    kind: str = "cash",
) -> Membership:
    """A member since this business day (today unless said), the first period paid in cash.

    The clock is not moved: whoever counts days from `on` travels there.
    """
    desk = desk or (desk_on(on) if on else make_desk("Olivia"))
    client = client or make_client()
    line = enrolled(client, plan or make_plan(), desk, card)
    pay_and_close(line.order, desk, kind)
    return Membership.objects.get(enrolment__line=line)


def period_of(membership: Membership, number: int = 0, step: int = 0) -> Period:
    """That billing period, as it stands."""
    return Period.objects.get(membership=membership, number=number, step=step)


def set_memberships(**fields) -> MembershipSettings:
    """Switch what the owner switches: missed="ask", retry_days="0, 3", clients_cancel=False …"""
    MembershipSettings.objects.filter(pk=1).update(**fields)
    return MembershipSettings.current()
