"""Periods that nobody charged in time: skipped, the latest charged, or asked for."""

import pytest

from memberships.errors import Refused
from memberships.models import Membership, Period
from memberships.renewing.at_desk import take_at_desk
from memberships.renewing.missed import charge_missed, skip_missed
from memberships.renewing.renewing import renew_due
from tests.checkout.charges.helpers import charged
from tests.factories import make_desk
from tests.harness.processor import DECLINED_LATER
from tests.ledger.books import assert_well
from tests.memberships.members import make_plan, pay_and_close, set_memberships
from tests.memberships.renewing import (
    another_card,
    day,
    each_period_is_charged_once,
    fresh,
    latest,
    make_payer,
    on,
    periods,
    renewed,
    states,
    text_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def payer(processor) -> Membership:
    """Clara, Gold since Jan 15: $100.00 on the 15th of each month, which adds $120.00."""
    return make_payer(processor)


def missed(membership: Membership) -> Period:
    """The first period that is asked for."""
    return Period.objects.filter(membership=membership, status="asked").earliest("number")


def test_after_an_outage_what_was_missed_is_skipped(processor, payer):
    """Nobody ran from February to May 20: May is charged, late, and nothing else."""
    done = renewed("2027-05-20")
    assert (done.charged, done.skipped) == (1, 3)
    assert states(payer) == "paid skipped skipped skipped paid"
    assert periods(payer)[-1] == (4, "2027-05-15", "paid")
    assert fresh(payer).next_charge_on == day("2027-06-15")
    assert text_of(payer, "skipped") == "Not charged: Feb 15, 2027 to May 14, 2027."
    assert charged(processor) == [10000]
    assert str(renewed("2027-05-20")) == "nothing was due"
    each_period_is_charged_once()
    assert_well()


def test_one_day_late_nothing_was_missed(processor, payer):
    assert renewed("2027-02-16").charged == 1
    assert fresh(payer).next_charge_on == day("2027-03-15")


def test_a_week_that_was_missed_is_skipped_too(processor):
    member = make_payer(processor, make_plan("Weekly", 20, 20, every="week"))
    renewed("2027-02-05")
    assert states(member) == "paid skipped skipped paid"
    assert fresh(member).next_charge_on == day("2027-02-12")


def test_where_the_owner_wants_one_the_latest_is_charged_too(processor, payer):
    set_memberships(missed="one")
    done = renewed("2027-05-20")
    assert (done.charged, done.skipped) == (2, 2)
    assert states(payer) == "paid skipped skipped paid paid"
    assert charged(processor) == [10000, 10000]
    assert fresh(payer).next_charge_on == day("2027-06-15")
    assert str(renewed("2027-05-21")) == "nothing was due"
    each_period_is_charged_once()
    assert_well()


def test_the_latest_that_fails_leaves_the_running_one_alone(processor):
    """Nothing else is charged meanwhile; paid at last, it goes on with June."""
    set_memberships(missed="one")
    poor = make_payer(processor, number=DECLINED_LATER)
    renewed("2027-05-20")
    assert states(poor) == "paid skipped skipped past_due"
    another_card(processor, poor)
    renewed("2027-05-23")
    assert states(poor) == "paid skipped skipped paid skipped"
    assert fresh(poor).next_charge_on == day("2027-06-15")
    assert charged(processor) == [10000]


def test_where_the_owner_asks_they_are_listed_and_the_running_one_is_charged(processor, payer):
    set_memberships(missed="ask")
    done = renewed("2027-05-20")
    assert (done.charged, done.skipped) == (1, 0)
    assert states(payer) == "paid asked asked asked paid"
    assert charged(processor) == [10000]
    with on("2027-05-21"):
        jo, maya = make_desk("Jo"), make_desk("Maya")
        with pytest.raises(Refused, match="may not charge or skip a missed period"):
            charge_missed(period=missed(payer), desk=maya)
        paid = charge_missed(period=missed(payer), desk=jo)
        assert (paid.status, paid.by.name, paid.starts_on) == ("paid", "Jo", day("2027-02-15"))
        assert charge_missed(period=paid, desk=jo).order == paid.order
        assert skip_missed(period=missed(payer), desk=jo).status == "skipped"
        with pytest.raises(Refused, match=r"This period is paid\. Nothing was skipped"):
            skip_missed(period=paid, desk=jo)
        assert str(renew_due()) == "nothing was due"
    assert states(payer) == "paid paid skipped asked paid"
    assert fresh(payer).next_charge_on == day("2027-06-15")
    assert charged(processor) == [10000, 10000]
    each_period_is_charged_once()
    assert_well()


def test_a_missed_one_that_the_card_does_not_pay_is_asked_about_again(processor, payer):
    """It dunns nobody: the desk chose to charge it."""
    set_memberships(missed="ask")
    renewed("2027-05-20")
    another_card(processor, payer, DECLINED_LATER)
    with on("2027-05-21"):
        again = charge_missed(period=missed(payer), desk=make_desk("Jo"))
    assert again.status == "asked"
    assert "declined" in again.failure
    assert fresh(payer).status == "active"
    assert "Feb 15 was not paid" in text_of(payer, "failed")
    another_card(processor, payer)
    with on("2027-05-22"):
        assert charge_missed(period=again, desk=make_desk("Jo")).status == "paid"
    each_period_is_charged_once()


def test_a_missed_one_is_taken_at_the_desk(processor, payer):
    set_memberships(missed="ask")
    renewed("2027-05-20")
    with on("2027-05-21"):
        desk, period = make_desk("Jo"), missed(payer)
        order = take_at_desk(period=period, desk=desk)
        with pytest.raises(Refused, match=f"Sale #{order.number} of this period is open"):
            charge_missed(period=period, desk=desk)
        with pytest.raises(Refused, match=f"Sale #{order.number} of this period is open"):
            skip_missed(period=period, desk=desk)
        pay_and_close(order, desk)
    assert fresh(period).status == "paid"
    assert (fresh(payer).status, fresh(payer).next_charge_on) == ("active", day("2027-06-15"))
    assert_well()


def test_nothing_missed_is_charged_while_something_is_owed(processor, payer):
    set_memberships(missed="ask")
    another_card(processor, payer, DECLINED_LATER)
    renewed("2027-05-20")
    assert states(payer) == "paid asked asked asked past_due"
    with on("2027-05-21"):
        desk = make_desk("Jo")
        with pytest.raises(Refused, match=r"The membership is past due\. Nothing was charged"):
            charge_missed(period=missed(payer), desk=desk)
        pay_and_close(take_at_desk(period=missed(payer), desk=desk), desk)
    assert (fresh(payer).status, latest(payer).status) == ("past_due", "past_due")
    assert_well()
