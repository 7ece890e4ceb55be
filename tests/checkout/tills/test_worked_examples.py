"""The till's day as an accounting story, with the trial balance after each step."""

import uuid

import pytest

from checkout.closing import close_order
from checkout.refunding import refund_lines
from checkout.tills.figures import expected_in, figures_of, moved_in
from ledger.models import Posting
from tests.checkout.helpers import order_with, pay
from tests.checkout.tills.acts import closes, opens, pays_in, pays_out
from tests.factories import dollars, make_client, make_desk, make_till
from tests.ledger.books import assert_trial_balance, assert_well

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk("Marcus")


def sold(desk, amount, kind="cash"):
    order = order_with(desk, make_client("Ben Okafor"), service=amount)
    pay(order, kind, amount, desk)
    return close_order(order=order, desk=desk)


def give_back(order, amount, desk):
    return refund_lines(
        order=order,
        amounts={order.lines.get(): dollars(amount)},
        destinations={},
        desk=desk,
        uuid=uuid.uuid4(),
    )


def on(account: str) -> int:
    """Cents that stand on one account, by the start of its name."""
    rows = Posting.objects.filter(account__name__startswith=account)
    return sum(rows.values_list("amount", flat=True))


def test_a_whole_day_from_the_float_to_a_dollar_short(desk):
    """Opened with $100; $85 and $20 in cash are taken, $20 given back; $15 go for milk, $100 to the
    safe; of the $70 that should be left, $69 are there. They stay as the next float."""
    till = desk.till
    session = opens(desk, 100)
    assert_trial_balance(debit={"cash": "0"}, credit={}) if on("cash") else None
    assert (on(f"cash/till:{till.pk}"), on("cash/safe")) == (10000, -10000)

    sold(desk, 85)
    order = sold(desk, 20)
    assert_trial_balance(debit={"cash": "105.00"}, credit={"income": "105.00"})
    give_back(order, 20, desk)
    assert_trial_balance(debit={"cash": "85.00"}, credit={"income": "85.00"})

    pays_out(desk, 15, "Milk")
    assert_trial_balance(debit={"cash": "70.00", "expense": "15.00"}, credit={"income": "85.00"})
    pays_out(desk, 100, "", to_safe=True)
    assert (on(f"cash/till:{till.pk}"), on("cash/safe")) == (7000, 0)

    figures = figures_of(session)
    assert (figures.float, figures.sales, figures.refunds) == (
        dollars(100),
        dollars(105),
        dollars(20),
    )
    assert (figures.paid_out, figures.to_safe) == (dollars(15), dollars(100))
    assert figures.expected == dollars(70)

    closed = closes(desk, session, counted=69, left_in=69)
    assert (closed.expected, closed.counted, closed.over) == (dollars(70), dollars(69), dollars(-1))
    assert_trial_balance(
        debit={"cash": "69.00", "expense": "15.00", "over_short": "1.00"},
        credit={"income": "85.00"},
    )
    assert expected_in(till) == 6900
    assert_well()


def test_what_does_not_stay_in_goes_to_the_safe_and_the_next_day_begins_with_the_rest(desk):
    session = opens(desk, 100)
    sold(desk, 85)
    closes(desk, session, counted="185.50", left_in=100)
    assert (on("cash/till"), on("cash/safe"), on("over_short")) == (10000, -10000 + 8550, -50)
    next_day = opens(desk, 100)
    assert next_day.opening_entry is None
    assert figures_of(next_day).expected == dollars(100)
    assert [moved.what for moved in moved_in(next_day)] == []
    assert_well()


def test_a_float_that_differs_from_the_books_comes_from_the_safe_or_goes_there(desk):
    closes(desk, opens(desk, 100), counted=100, left_in=100)
    session = opens(desk, 80)
    assert (on("cash/till"), on("cash/safe")) == (8000, -8000)
    assert figures_of(session).expected == dollars(80)
    closes(desk, session, counted=80, left_in=0)
    opens(desk, 0)
    assert (on("cash/till"), on("cash/safe")) == (0, 0)
    assert_well()


def test_cash_paid_in_is_income_unless_it_comes_from_the_safe(desk):
    session = opens(desk, 50)
    pays_in(desk, 12, "Sold the old chair")
    pays_in(desk, 20, "", from_safe=True)
    assert (on("income/paid_in"), on("cash/safe")) == (-1200, -7000)
    figures = figures_of(session)
    assert (figures.paid_in, figures.from_safe, figures.expected) == (
        dollars(12),
        dollars(20),
        dollars(82),
    )
    assert [(moved.what, str(moved.amount)) for moved in moved_in(session)] == [
        ("From the safe", "$20.00"),
        ("Paid in", "$12.00"),
    ]
    assert_well()


def test_two_tills_at_one_location_are_counted_apart(desk):
    back = make_desk("Olivia")
    bar = make_till("Color bar", location=desk.location)
    back = type(back)(staff=back.staff, location=back.location, till=bar)
    front, second = opens(desk, 100), opens(back, 50)
    order = sold(desk, 85)
    sold(back, 30)
    give_back(order, 85, back)
    assert (expected_in(desk.till), expected_in(bar)) == (18500, 5000 + 3000 - 8500)
    assert figures_of(front).refunds == dollars(0)
    assert figures_of(second).refunds == dollars(85)
    closes(desk, front, counted=185, left_in=100)
    assert second.is_open
    pays_in(back, 10, "", from_safe=True)
    closes(back, second, counted=5, left_in=5)
    assert_well()


def test_other_payments_leave_the_till_alone(desk):
    session = opens(desk, 100)
    sold(desk, 40, kind="card")
    assert figures_of(session).expected == dollars(100)
    assert figures_of(session).sales == dollars(0)


def test_a_closed_sessions_figures_do_not_change_when_cash_goes_on(desk):
    session = opens(desk, 100)
    sold(desk, 85)
    closed = closes(desk, session, counted=185, left_in=100)
    sold(desk, 40)
    assert figures_of(closed).sales == dollars(85)
    assert figures_of(closed).expected == closed.expected
    assert expected_in(desk.till) == 14000
    assert_well()
