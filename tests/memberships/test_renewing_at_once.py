"""Several workers and desks at one membership, with real commits."""

import pytest
import time_machine

from checkout.errors import Refused as SaleRefused
from memberships.changing.canceling import cancel
from memberships.changing.pausing import pause
from memberships.changing.plans import change_next
from memberships.errors import Refused
from memberships.models import Membership, Period
from memberships.renewing.at_desk import take_at_desk
from memberships.renewing.charging import retry
from memberships.renewing.missed import charge_missed, skip_missed
from memberships.renewing.renewing import Renewed, renew, renew_due
from memberships.renewing.settling import let_go
from tests.cards.paying import assert_books_agree, settle_everything
from tests.checkout.charges.helpers import charged
from tests.factories import dollars, make_client, make_desk
from tests.harness.at_once import at_once
from tests.harness.processor import DECLINED_LATER
from tests.memberships.members import make_plan, noon, pay_and_close, set_memberships
from tests.memberships.renewing import (
    another_card,
    day,
    each_period_is_charged_once,
    fresh,
    latest,
    make_payer,
    renewed,
    states,
)

TOLD = (Refused, SaleRefused)
NAMES = ("Clara Nuñez", "Ben Okafor", "Ines Duarte", "Zoe Park", "Lou Reyes", "Ada Lim")


@pytest.fixture
def shop(committing_db, processor):
    """It is Feb 15 for everybody, in every thread."""
    with time_machine.travel(noon(day("2027-02-15")), tick=False):
        yield processor


@pytest.fixture
def payer(shop) -> Membership:
    """Clara, Gold since Jan 15."""
    return make_payer(shop)


@pytest.fixture
def owing(shop) -> Membership:
    """Clara, whose first card declined on Feb 15, with one that pays since; it is Feb 18."""
    member = make_payer(shop, number=DECLINED_LATER)
    renewed("2027-02-15")
    another_card(shop, member)
    with time_machine.travel(noon(day("2027-02-18")), tick=False):
        yield member


def all_is_well(processor) -> None:
    """Nothing is under way, nobody paid twice, and the processor has the same books."""
    settle_everything()
    assert not Period.objects.filter(status="charging").exists()
    each_period_is_charged_once()
    assert_books_agree(processor)


def refusals(done: list) -> list:
    return [one for one in done if isinstance(one, TOLD)]


def test_three_workers_race_over_one_due_list(shop):
    members = [make_payer(shop, client=make_client(name)) for name in NAMES]
    done = at_once(*[lambda: renew_due(batch=2) for _ in range(3)])
    assert sum(one.charged for one in done) == len(NAMES)
    assert sum(one.troubles for one in done) == 0
    assert [states(member) for member in members] == ["paid paid"] * len(NAMES)
    assert charged(shop) == [10000] * len(NAMES)
    all_is_well(shop)


def test_four_workers_at_one_membership_with_a_missed_period(shop, payer):
    """The latest of those that were missed is charged, then the running one: each once."""
    set_memberships(missed="one")
    with time_machine.travel(noon(day("2027-05-20")), tick=False):
        done = at_once(*[lambda: renew_due() for _ in range(4)])
        done.append(renew_due())
    assert sum(one.charged for one in done) == 2
    assert sum(one.troubles for one in done) == 0
    assert states(payer) == "paid skipped skipped paid paid"
    all_is_well(shop)


@pytest.mark.parametrize("at_once_", [True, False])
def test_a_renewal_and_a_cancellation(shop, payer, at_once_):
    desk = make_desk("Olivia")
    at_once(
        lambda: renew(payer),
        lambda: cancel(membership=payer, at_once=at_once_, reason="Moved", desk=desk),
        told=TOLD,
    )
    settle_everything()
    # Charged first, or over first, or the cancellation was told that a charge is under way.
    assert (fresh(payer).status, states(payer)) in [
        ("active", "paid paid"), ("ended", "paid paid"), ("ended", "paid"),
    ]  # fmt: skip
    all_is_well(shop)


def test_a_renewal_and_a_pause(shop, payer):
    desk = make_desk("Olivia")
    at_once(
        lambda: renew(payer),
        lambda: pause(membership=payer, until=None, reason="Away", desk=desk),
        told=TOLD,
    )
    row = fresh(payer)
    assert (row.status, states(payer)) in [
        ("paused", "paid"), ("paused", "paid paid"), ("active", "paid paid"),
    ]  # fmt: skip
    assert row.status != "paused" or row.next_charge_on is None
    all_is_well(shop)


def test_a_renewal_and_another_plan(shop, payer):
    """Charged at one price or the other, and never at both."""
    dear, desk = make_plan("Dear", 150, 200), make_desk("Olivia")
    at_once(
        lambda: renew(payer),
        lambda: change_next(membership=payer, plan=dear, desk=desk),
        told=TOLD,
    )
    renew_due()  # Where it was left to whoever was changing the plan.
    assert charged(shop) in ([10000], [15000])
    assert latest(payer).price.amount * 100 == charged(shop)[0]
    all_is_well(shop)


def test_the_job_and_two_fingers_try_again(shop, owing):
    period, desk = latest(owing), make_desk("Jo")
    done = at_once(
        lambda: renew_due(),
        lambda: retry(period=period, desk=desk),
        lambda: retry(period=period, desk=desk),
        told=TOLD,
    )
    assert not refusals(done)
    settle_everything()
    assert states(owing) == "paid paid"
    assert charged(shop) == [10000]
    all_is_well(shop)


def test_the_job_tries_again_while_it_is_taken_at_a_desk(shop, owing):
    period, desk = latest(owing), make_desk("Jo")

    def take():
        order = take_at_desk(period=period, desk=desk)
        return pay_and_close(order, desk)

    at_once(lambda: renew_due(), take, lambda: retry(period=period, desk=desk), told=TOLD)
    settle_everything()
    assert states(owing) == "paid paid"
    assert Period.objects.filter(membership=owing, status="paid").count() == 2
    assert len(charged(shop)) <= 1
    all_is_well(shop)


def test_it_is_let_go_or_charged_and_not_both(shop, owing):
    period, desk = latest(owing), make_desk("Olivia")
    done = at_once(
        lambda: renew_due(),
        lambda: let_go(period=period, reason="Was ill", desk=desk),
        told=TOLD,
    )
    assert isinstance(done[0], Renewed)
    assert (states(owing), charged(shop)) in [
        ("paid paid", [10000]), ("paid waived", []),
    ]  # fmt: skip
    assert fresh(owing).status == "active"
    all_is_well(shop)


def test_a_missed_period_is_charged_or_skipped_and_not_both(shop, payer):
    set_memberships(missed="ask")
    with time_machine.travel(noon(day("2027-03-20")), tick=False):
        renew_due()
        period, desk = Period.objects.get(status="asked"), make_desk("Jo")
        at_once(
            lambda: charge_missed(period=period, desk=desk),
            lambda: skip_missed(period=period, desk=desk),
            lambda: charge_missed(period=period, desk=desk),
            told=TOLD,
        )
        settle_everything()
    assert states(payer) in ("paid paid paid", "paid skipped paid")
    assert charged(shop) == [10000] * (states(payer).split().count("paid") - 1)
    all_is_well(shop)


def test_one_cash_payment_at_two_desks(shop, owing):
    """Two desks open its sale at once: there is one sale."""
    period, desk = latest(owing), make_desk("Jo")
    one, two = at_once(*[lambda: take_at_desk(period=period, desk=desk) for _ in range(2)])
    assert one == two
    assert one.lines.get().price == dollars(100)
