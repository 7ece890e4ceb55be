"""Short words for tests about deposits: taken by the real verbs, decided as the desk does."""

import datetime as dt
import uuid

from appointments.models import Appointment
from checkout.adding_deposits import add_deposit
from checkout.closing import close_order
from checkout.models import Order
from checkout.opening import open_order
from clients.models import Client
from deposits.fates.deciding import Answer, Wish, decide
from deposits.fates.held import held_for
from deposits.models import BookingSettings, Decision, Fate
from salon import clock
from salon.desk import Desk
from tests.checkout.helpers import pay
from tests.factories import dollars, make_appointment, make_service, make_staff


def in_days(days: int, hours: int = 0) -> dt.datetime:
    return clock.now() + dt.timedelta(days=days, hours=hours)


def make_visit(client: Client, days: int = 3, price: int = 85, **more) -> Appointment:
    """A visit of an hour with Maya, so many days ahead."""
    service = make_service(f"Service at {price}", price)
    return make_appointment(
        client, service=service, staff=make_staff("Maya"), starts_at=in_days(days), **more
    )


def take_deposit(
    visit: Appointment, amount: str | int, desk: Desk, kind: str = "card", **more
) -> Order:
    """A deposit for a visit, paid and closed."""
    order = open_order(desk=desk, client=more.pop("payer", visit.client))
    add_deposit(
        order=order, beneficiary=visit.client, visit=visit, amount=dollars(amount), desk=desk
    )
    pay(order, kind, amount, desk, **more)
    return close_order(order=order, desk=desk)


def wish(kind: str, amount: str | int, to: Appointment | None = None) -> Wish:
    return Wish(kind, dollars(amount), to)


def by_hand(visit: Appointment, desk: Desk, *wishes: Wish, **more) -> Decision:
    values = {"uuid": uuid.uuid4(), "occasion": "by_hand"} | more
    return decide(visit=visit, answer=Answer(wishes=wishes, **values), desk=desk)


def answers(visit: Appointment, how: str, **more: str) -> dict[str, str]:
    """What a sheet sends about a visit: one choice for all that is held."""
    given = {"uuid": str(uuid.uuid4()), "held": f"{held_for(visit).amount.amount}", "how": how}
    return {f"fate-{name}": str(value) for name, value in (given | more).items()}


def held(visit: Appointment) -> str:
    return str(held_for(visit).amount)


def fates(decision: Decision) -> list[tuple[str, str]]:
    return [(fate.kind, str(fate.amount)) for fate in decision.fates.all()]


def one_fate(decision: Decision, kind: str) -> Fate:
    return decision.fates.get(kind=kind)


def policy(**settings) -> None:
    """Set the owner's policy: amounts in dollars."""
    for name in ("late_fee_amount", "no_show_fee_amount"):
        if name in settings:
            settings[name] = dollars(settings[name])
    BookingSettings.objects.update(**settings)
