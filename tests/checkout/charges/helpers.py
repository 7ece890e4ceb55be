"""Short words for charges in tests: begun and sent as the views do it, paid as clients do."""

import uuid

from djmoney.money import Money

from cards import attempts
from cards.models import Attempt, CardOnFile
from checkout.charges.charging import begin_charge
from checkout.lines import add_service
from checkout.models import Order, OrderCharge
from checkout.opening import open_order
from clients.models import Client
from salon.desk import Desk
from tests.factories import dollars, make_service, make_staff
from tests.harness.processor import FRONT, PAYS, TestProcessor

PHONE, SCREEN, ON_FILE, READER = (str(way) for way in Attempt.Way.values)
BACK = "http://testserver/back/"


def sale_for(desk: Desk, client: Client | None, price: int = 85, staff: str = "Maya") -> Order:
    """An open order with one service that somebody gave."""
    order = open_order(desk=desk, client=client)
    sold = make_service(f"Service at {price}", price)
    giver = make_staff(staff) if staff else None
    add_service(order=order, service=sold, staff=giver, desk=desk)
    return order


def begin(order: Order, amount: str | int | Money, desk: Desk, way: str = SCREEN, **more):
    """A charge that nobody was asked for yet."""
    wanted = amount if isinstance(amount, Money) else dollars(amount)
    values = {"uuid": uuid.uuid4(), "back_url": BACK} | more
    if way == READER:
        values.setdefault("reader_id", FRONT)
    return begin_charge(order=order, amount=wanted, desk=desk, way=way, **values)


def charge(order: Order, amount: str | int | Money, desk: Desk, way: str = SCREEN, **more):
    """Begun and sent."""
    made = begin(order, amount, desk, way, **more)
    made.attempt = attempts.send(made.attempt)
    return made


def on_file(order: Order, amount: str | int, desk: Desk, card: CardOnFile, **more) -> OrderCharge:
    """A card on file, charged."""
    return charge(order, amount, desk, ON_FILE, card=card, **more)


def by_client(order: Order, amount: str | int, desk: Desk, tip: str | int = 0) -> OrderCharge:
    """As the client's phone begins it: nobody is logged in."""
    nobody = Desk(staff=None, location=desk.location)
    return charge(order, amount, nobody, PHONE, tip=dollars(tip), by_client=True)


def pays(processor: TestProcessor, made: OrderCharge, number: str = PAYS, **more) -> OrderCharge:
    """The client types a card on the page, and somebody looks."""
    processor.pay_page(made.attempt.url, number, **more)
    made.attempt = attempts.look(made.attempt)
    made.refresh_from_db(fields=["tender"])
    return made


def payments(order: Order) -> list[tuple[str, str, str]]:
    """Kind, amount and reference of what was taken."""
    return [(it.kind, str(it.amount), it.reference) for it in order.tenders.all()]


def charged(processor: TestProcessor) -> list[int]:
    """What the processor's own books say was charged, in cents."""
    return [one["amount"] for one in processor.books()["charges"] if one["paid"]]
