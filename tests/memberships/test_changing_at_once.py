"""Two hands on one membership in one moment: one of them first, and the other sees what it did."""

import uuid

import pytest

from checkout.errors import Refused as SaleRefused
from ledger.errors import LedgerError
from memberships.changing.canceling import cancel
from memberships.changing.pausing import pause, resume, resume_due
from memberships.changing.plans import change_now
from memberships.errors import Refused
from memberships.models import Membership, Pause, Period
from memberships.renewing.renewing import renew, renew_due
from tests.checkout.charges.helpers import charged
from tests.checkout.helpers import has
from tests.factories import dollars, make_desk, make_product
from tests.harness.at_once import at_once
from tests.ledger.books import assert_well
from tests.memberships.changing import spend, upgraded
from tests.memberships.members import make_plan
from tests.memberships.renewing import (
    day,
    each_period_is_charged_once,
    fresh,
    make_payer,
    on,
    periods,
    renewed,
)

pytestmark = pytest.mark.usefixtures("committing_db")

TOLD = (Refused,)


@pytest.fixture
def payer(committing_db, processor) -> Membership:
    """Clara, Gold since Jan 15; committed, so that other hands see it."""
    return make_payer(processor)


def refusals(answers) -> list[str]:
    return [it.message for it in answers if isinstance(it, Refused)]


def sound(processor) -> None:
    each_period_is_charged_once()
    assert_well()
    assert sum(charged(processor)) == sum(
        int(period.price.amount * 100)
        for period in Period.objects.filter(status="paid", tries__gt=0)
    )


@pytest.mark.parametrize("turn", range(3))
def test_canceled_and_renewed_it_is_either_charged_and_ends_later_or_not_charged(
    processor, payer, turn
):
    """On the day of the charge: canceled first, it ends today; charged first, a month later."""
    with on("2027-02-15"):
        desk = make_desk("Olivia")
        answers = at_once(
            lambda: cancel(membership=payer, at_once=False, reason="", desk=desk),
            lambda: renew(payer),
            lambda: renew_due(),
            told=TOLD,
        )
    row = fresh(payer)
    if row.status == "ended":
        assert (row.ended_on, charged(processor)) == (day("2027-02-15"), [])
    else:
        assert charged(processor) == [10000]
        assert row.ends_on == day("2027-03-15") or "being charged" in refusals(answers)[0]
    sound(processor)


@pytest.mark.parametrize("turn", range(3))
def test_paused_and_renewed_it_is_charged_once_or_not(processor, payer, turn):
    with on("2027-02-15"):
        desk = make_desk("Olivia")
        answers = at_once(
            lambda: pause(membership=payer, until=None, reason="", desk=desk),
            lambda: renew(payer),
            told=TOLD,
        )
    row = fresh(payer)
    if charged(processor):
        assert charged(processor) == [10000]
        if row.status == "paused":
            assert Pause.objects.get().was_next_on == day("2027-03-15")
        else:
            assert "being charged" in refusals(answers)[0]
    else:
        assert (row.status, Pause.objects.get().was_next_on) == ("paused", day("2027-02-15"))
    sound(processor)


def test_one_form_sent_four_times_charges_the_difference_once(processor, payer):
    platinum, key = make_plan("Platinum", 150, 190), uuid.uuid4()
    with on("2027-01-20"):
        answers = at_once(*[lambda: upgraded(payer, platinum, key=key)] * 4, told=TOLD)
    assert charged(processor) == [5000]
    assert len({it.pk for it in answers if isinstance(it, Period)}) == 1
    assert has(payer.client, make_desk("Olivia")).available == dollars(190)
    sound(processor)


def test_two_desks_that_make_it_dearer_charge_one_difference(processor, payer):
    """Each with a form of its own: the second finds the card being charged, or another plan."""
    platinum = make_plan("Platinum", 150, 190)
    with on("2027-01-20"):
        desk = make_desk("Olivia")

        def press():
            return change_now(
                membership=payer, plan=platinum, desk=desk, uuid=uuid.uuid4(), expected=dollars(50)
            )

        answers = at_once(press, press, press, told=TOLD)
    assert (charged(processor), len(refusals(answers))) == ([5000], 2)
    assert Period.objects.filter(step__gt=0).count() == 1
    sound(processor)


def test_made_dearer_while_it_is_renewed_it_is_charged_for_one_or_the_other(processor, payer):
    platinum = make_plan("Platinum", 150, 190)
    with on("2027-02-15"):
        desk = make_desk("Olivia")
        values = {"membership": payer, "plan": platinum, "desk": desk, "uuid": uuid.uuid4()}
        at_once(lambda: renew(payer), lambda: change_now(expected=dollars(50), **values), told=TOLD)
    # Who finds it locked leaves it to the next run.
    renewed("2027-02-15")
    assert charged(processor) in ([10000], [10000, 5000])
    assert periods(payer)[1:] == [(1, "2027-02-15", "paid")]
    sound(processor)


def test_resumed_by_hand_and_by_the_job_it_goes_on_once(processor, payer):
    with on("2027-01-20"):
        desk = make_desk("Olivia")
        pause(membership=payer, until=day("2027-03-01"), reason="", desk=desk)
    with on("2027-03-01"):
        desk = make_desk("Olivia")
        at_once(
            lambda: resume(membership=payer, desk=desk),
            lambda: resume_due(),
            lambda: renew_due(),
            told=TOLD,
        )
    renewed("2027-03-01")
    assert charged(processor) == [10000]
    assert payer.events.filter(kind="resumed").count() == 1
    sound(processor)


def test_what_is_spent_in_the_moment_of_the_end_is_not_lost_too(committing_db, processor):
    """Of $120.00 two tills spend $50.00 each while it ends: what is left is lost, no more."""
    make_product("At 50", 50)
    payer = make_payer(processor, make_plan(stays=False))
    with on("2027-01-20"):
        desk = make_desk("Olivia")
        answers = at_once(
            lambda: spend(payer, 50),
            lambda: spend(payer, 50),
            lambda: cancel(membership=payer, at_once=True, reason="", desk=desk),
            told=(SaleRefused, LedgerError),
        )
        assert isinstance(answers[2], Membership), answers[2]
        assert has(payer.client, desk).available == dollars(0)
    assert fresh(payer).status == "ended"
    assert_well()
