"""How much of a taxed line goes back for so much net: compared with trying every cent."""

import random

import pytest

from checkout.models import LineItem
from memberships.enrolling.sold import Sold
from memberships.enrolling.terms import shares_of
from memberships.models import Enrolment
from salon.money import money, split


@pytest.mark.parametrize("seed", range(40))
def test_the_most_that_goes_back_is_found_without_trying_every_cent(seed):
    dice = random.Random(seed)
    net, tax = dice.randint(1, 400), dice.choice([0, dice.randint(1, 120)])
    gross = dice.randint(0, net + tax)
    back = (gross, split(tax, [gross, net + tax - gross])[0])
    sold = Sold(LineItem(amount=money(net), tax=money(tax)), Enrolment())
    vars(sold)["went_back"] = back
    left = net + tax - gross
    for wanted in {0, 1, net // 3, net // 2, net - 1, net}:
        if wanted <= net - (back[0] - back[1]):
            possible = [most for most in range(left + 1) if sold._net_in(most) <= wanted]
            assert sold.with_tax(wanted) == max(possible), (net, tax, back, wanted)


@pytest.mark.parametrize(
    ("net", "adds", "paid", "bonus", "earned"),
    [
        (10000, 12000, 10000, 2000, 0),
        (10000, 6000, 6000, 0, 4000),
        (10000, 10000, 10000, 0, 0),
        (3000, 0, 0, 0, 3000),
        (1, 12000, 1, 11999, 0),
    ],
)
def test_a_price_is_parted_into_what_is_paid_what_comes_on_top_and_what_is_earned(
    net, adds, paid, bonus, earned
):
    shares = shares_of(net, adds)
    assert (shares.paid, shares.bonus, shares.earned) == (paid, bonus, earned)
