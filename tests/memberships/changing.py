"""Short words for the tests of what is changed about a membership."""

import uuid

from checkout.lines import add_product
from checkout.models import Order
from checkout.opening import open_order
from memberships.changing.plan_quotes import plan_quote
from memberships.changing.plans import change_now
from memberships.models import Membership, Period, Plan
from salon import clock
from salon.desk import Desk
from tests.checkout.helpers import pay
from tests.factories import make_desk, make_product
from tests.memberships.members import pay_and_close


def today_of(membership: Membership):
    """The business day where it was sold."""
    return clock.business_date(membership.location)


def upgraded(
    membership: Membership, plan: Plan, desk: Desk | None = None, *, key: uuid.UUID | None = None
) -> Period:
    """Change to the dearer plan now, as its page shows it."""
    quote = plan_quote(membership, plan, at_once=True, on=today_of(membership))
    return change_now(
        membership=membership,
        plan=plan,
        desk=desk or make_desk("Olivia"),
        uuid=key or uuid.uuid4(),
        expected=quote.due_now,
        seen=quote.stamp,
    )


def spend(membership: Membership, amount: int) -> Order:
    """A product at that price, paid from the balance, now."""
    desk = make_desk("Olivia")
    order = open_order(desk=desk, client=membership.client)
    add_product(order=order, product=make_product(f"At {amount}", amount), desk=desk)
    pay(order, "credits", amount, desk)
    return pay_and_close(order, desk)
