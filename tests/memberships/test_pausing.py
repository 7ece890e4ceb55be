"""Pausing and going on: what is paid runs to its end, and the days after a pause."""

import datetime as dt

import pytest

from memberships.changing.pause_quotes import pause_quote, resume_quote
from memberships.changing.pausing import pause, resume, resume_due
from memberships.changing.plans import change_next
from memberships.errors import Refused
from memberships.models import Membership, Pause
from tests.checkout.charges.helpers import charged
from tests.checkout.helpers import has
from tests.factories import dollars, make_desk
from tests.harness.processor import DECLINED_LATER
from tests.ledger.books import assert_well
from tests.memberships.changing import today_of
from tests.memberships.members import make_plan, noon
from tests.memberships.renewing import (
    day,
    fresh,
    kinds,
    latest,
    make_payer,
    on,
    periods,
    renewed,
    text_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def payer(processor) -> Membership:
    """Clara, Gold since Jan 15: $100.00 on the 15th of each month, which adds $120.00."""
    return make_payer(processor)


def paused(
    membership: Membership, when: str, until: str = "", who: str = "Olivia", **more
) -> Pause:
    """Paused at noon of that day."""
    with on(when):
        return pause(
            membership=membership,
            until=day(until) if until else None,
            reason=more.pop("reason", ""),
            desk=make_desk(who),
            **more,
        )


def resumed(membership: Membership, when: str, who: str = "Olivia") -> Membership:
    """Resumed by hand, as its page shows it."""
    with on(when):
        row = fresh(membership)
        quote = resume_quote(row, today_of(row))
        return resume(membership=row, desk=make_desk(who), seen=quote.stamp)


def test_while_it_is_paused_nothing_is_charged(processor, payer):
    with on("2027-01-20"):
        quote = pause_quote(payer, None, today_of(payer))
    assert (quote.title, quote.due_now) == ("Pause until it is resumed", dollars(0))
    assert quote.lines == [
        "Nothing is charged and nothing is added while it is paused.",
        "The paid period still runs until Feb 15, 2027. What is on the account balance can be "
        "spent all the time.",
        "Resumed by Feb 15, 2027, it is charged on that day as before; resumed later, at once.",
    ]
    made = paused(payer, "2027-01-20", reason="travels", seen=quote.stamp)
    assert (made.was_next_on, made.until_on, made.by.name) == (day("2027-02-15"), None, "Olivia")
    payer = fresh(payer)
    assert (payer.status, payer.next_charge_on) == ("paused", None)
    assert text_of(payer, "paused") == "Paused until somebody resumes it: travels"
    assert str(renewed("2027-02-15")) == "nothing was due"
    assert str(renewed("2027-05-15")) == "nothing was due"
    assert charged(processor) == []


def test_resumed_while_what_was_paid_still_runs_the_day_stays(processor, payer):
    paused(payer, "2027-01-20")
    payer = resumed(payer, "2027-02-10")
    assert (payer.status, payer.next_charge_on) == ("active", day("2027-02-15"))
    assert charged(processor) == []
    renewed("2027-02-15")
    assert charged(processor) == [10000]
    assert fresh(payer).next_charge_on == day("2027-03-15")


def test_resumed_on_the_very_day_it_is_charged_as_ever(processor, payer):
    paused(payer, "2027-01-20")
    payer = resumed(payer, "2027-02-15")
    assert charged(processor) == [10000]
    assert payer.next_charge_on == day("2027-03-15")


def test_resumed_when_that_is_over_it_is_charged_at_once_and_on_this_day_from_then_on(
    processor, payer
):
    paused(payer, "2027-01-20")
    with on("2027-03-03"):
        quote = resume_quote(fresh(payer), today_of(payer))
    assert (quote.due_now, quote.adds_now) == (dollars(100), dollars(120))
    assert quote.button == "Resume and charge $100.00"
    assert quote.lines == [
        "What was paid is over, so the next period begins today.",
        "From Mar 3, 2027 on, on the 3rd of each month: $100.00, which adds $120.00, $20.00 of it "
        "as a bonus.",
    ]
    payer = resumed(payer, "2027-03-03")
    assert charged(processor) == [10000]
    assert (payer.status, payer.next_charge_on) == ("active", day("2027-04-03"))
    assert periods(payer) == [(0, "2027-01-15", "paid"), (1, "2027-03-03", "paid")]
    renewed("2027-04-03")
    assert charged(processor) == [10000, 10000]
    assert has(payer.client, make_desk("Olivia")).available == dollars(360)
    assert_well()


def test_with_a_day_of_the_month_a_part_is_charged_until_then(processor):
    """Charged on the 1st. Resumed on Mar 10: 22 of 31 days are $70.97, which adds $85.16."""
    payer = make_payer(processor, make_plan(billing_day=1))
    paused(payer, "2027-01-20")
    with on("2027-03-10"):
        quote = resume_quote(fresh(payer), today_of(payer))
    assert (quote.due_now, quote.adds_now) == (dollars("70.97"), dollars("85.16"))
    assert quote.lines == [
        "What was paid is over, so the next period begins today.",
        "On Mar 10, 2027, until Apr 1, 2027: $70.97, which adds $85.16, $14.19 of it as a bonus.",
        "From Apr 1, 2027 on, on the 1st of each month: $100.00, which adds $120.00, $20.00 of it "
        "as a bonus.",
    ]
    payer = resumed(payer, "2027-03-10")
    assert charged(processor) == [7097]
    assert payer.next_charge_on == day("2027-04-01")
    renewed("2027-04-01")
    assert charged(processor) == [7097, 10000]
    assert fresh(payer).next_charge_on == day("2027-05-01")
    assert_well()


def test_resumed_on_the_day_of_the_month_itself_it_is_a_whole_one(processor):
    payer = make_payer(processor, make_plan(billing_day=1))
    paused(payer, "2027-01-20")
    payer = resumed(payer, "2027-03-01")
    assert charged(processor) == [10000]
    assert payer.next_charge_on == day("2027-04-01")


def test_a_card_that_declines_then_leaves_it_past_due(processor):
    payer = make_payer(processor, number=DECLINED_LATER)
    paused(payer, "2027-01-20")
    payer = resumed(payer, "2027-03-03")
    assert (payer.status, latest(payer).status) == ("past_due", "past_due")
    assert charged(processor) == []


# --- By itself --------------------------------------------------------------------------------


def test_it_goes_on_by_itself_on_its_day(processor, payer):
    with on("2027-01-20"):
        quote = pause_quote(payer, day("2027-03-01"), today_of(payer))
    assert quote.title == "Pause until Mar 1, 2027"
    assert quote.lines[2:] == [
        "It goes on by itself.",
        "From Mar 1, 2027 on, on the 1st of each month: $100.00, which adds $120.00, $20.00 of it "
        "as a bonus.",
    ]
    paused(payer, "2027-01-20", "2027-03-01", seen=quote.stamp)
    assert str(renewed("2027-02-28")) == "nothing was due"
    done = renewed("2027-03-01")
    assert (done.resumed, done.charged) == (1, 1)
    assert periods(payer)[1:] == [(1, "2027-03-01", "paid")]
    assert str(renewed("2027-03-01")) == "nothing was due"
    assert kinds(payer) == ["started", "paid", "paused", "resumed", "paid"]


def test_a_late_job_goes_on_from_the_day_that_was_said(processor, payer):
    paused(payer, "2027-01-20", "2027-03-01")
    renewed("2027-03-05")
    payer = fresh(payer)
    assert payer.next_charge_on == day("2027-04-01")
    assert Pause.objects.get().resumed_on == day("2027-03-01")
    assert charged(processor) == [10000]


def test_it_may_be_resumed_before_that_day(payer):
    paused(payer, "2027-01-20", "2027-03-01")
    assert resumed(payer, "2027-02-01").next_charge_on == day("2027-02-15")
    assert resume_due(noon(day("2027-03-01"))) == 0


def test_the_day_begins_where_it_was_sold(payer):
    paused(payer, "2027-01-20", "2027-03-01")
    four = dt.datetime(2027, 3, 1, 4, tzinfo=payer.location.zone)
    assert resume_due(four - dt.timedelta(minutes=1)) == 0
    assert resume_due(four) == 1


# --- What else it moves -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("resumes", "least"),
    [("2027-02-10", "2027-04-15"), ("2027-03-03", "2027-05-01")],
)
def test_the_minimum_term_moves_by_the_days_that_no_period_covers(processor, resumes, least):
    """Three paid months from Jan 15 are over on Apr 15. Feb 15 to Mar 3 is not paid: 16 days."""
    payer = make_payer(processor, make_plan(minimum_periods=3))
    paused(payer, "2027-01-20")
    assert resumed(payer, resumes).minimum_until == day(least)


def test_the_plan_that_was_chosen_takes_effect_with_the_charge_after_it(processor, payer):
    paused(payer, "2027-01-20")
    with on("2027-02-20"):
        change_next(membership=payer, plan=make_plan("Silver", 80, 90), desk=make_desk("Olivia"))
    assert text_of(payer, "plan").endswith("from the next charge on, when it goes on.")
    with on("2027-03-03"):
        assert resume_quote(fresh(payer), today_of(payer)).due_now == dollars(80)
    resumed(payer, "2027-03-03")
    assert charged(processor) == [8000]


def test_a_trial_runs_on_while_it_is_paused(processor):
    payer = make_payer(processor, make_plan(trial_days=14))
    with on("2027-01-20"):
        lines = pause_quote(payer, None, today_of(payer)).lines
    assert lines[1].startswith("The trial still runs until Jan 29, 2027.")
    paused(payer, "2027-01-20")
    payer = resumed(payer, "2027-02-10")
    assert charged(processor) == [10000]
    assert periods(payer) == [(0, "2027-02-10", "paid")]


def test_paused_on_the_31st_and_resumed_in_february(processor):
    payer = make_payer(processor, start=day("2027-01-31"))
    paused(payer, "2027-02-10")
    assert resumed(payer, "2027-02-27").next_charge_on == day("2027-02-28")
    renewed("2027-02-28")
    assert fresh(payer).next_charge_on == day("2027-03-31")


# --- Refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2027-01-20", "Choose a day after today"),
        ("2027-01-19", "Choose a day after today"),
        ("2027-02-15", "The next charge is on Feb 15, 2027, so a pause until Feb 15, 2027 would"),
    ],
)
def test_a_day_that_changes_nothing_is_refused_next_to_its_field(payer, until, said):
    with pytest.raises(Refused, match=said) as refused:
        paused(payer, "2027-01-20", until)
    assert refused.value.field == "until"
    assert fresh(payer).status == "active"


def test_what_cannot_be_paused_says_why(processor, payer):
    paused(payer, "2027-01-20")
    with pytest.raises(Refused, match=r"This membership is paused already. Nothing was changed."):
        paused(payer, "2027-01-21")
    resumed(payer, "2027-01-22")
    with pytest.raises(Refused, match=r"This membership is not paused."), on("2027-01-22"):
        resume(membership=payer, desk=make_desk("Olivia"))
    assert Pause.objects.count() == 1


def test_what_is_owed_is_settled_first(processor):
    payer = make_payer(processor, number=DECLINED_LATER)
    renewed("2027-02-15")
    with pytest.raises(Refused, match=r"A charge failed and is still owed. Have it paid first"):
        paused(payer, "2027-02-16")


def test_a_page_that_shows_something_else_by_now_is_refused(processor, payer):
    with on("2027-01-20"):
        quote = pause_quote(payer, None, today_of(payer))
    renewed("2027-02-15")
    with pytest.raises(Refused, match="has changed since the page was loaded"):
        paused(payer, "2027-02-16", seen=quote.stamp)
    assert fresh(payer).status == "active"


def test_a_page_of_yesterday_charges_nothing_that_it_did_not_show(processor, payer):
    """It showed a resume for nothing; today what was paid is over."""
    paused(payer, "2027-01-20")
    with on("2027-02-14"):
        quote = resume_quote(fresh(payer), today_of(payer))
    with on("2027-02-16"), pytest.raises(Refused, match="has changed since"):
        resume(membership=payer, desk=make_desk("Olivia"), seen=quote.stamp)
    assert charged(processor) == []


def test_it_takes_the_permission(payer):
    with pytest.raises(Refused, match="Your role may not pause and resume memberships"):
        paused(payer, "2027-01-20", who="Maya")
    paused(payer, "2027-01-20", who="Jo")
    with pytest.raises(Refused, match="Your role may not pause and resume memberships"):
        resumed(payer, "2027-01-21", who="Maya")
    assert fresh(payer).status == "paused"


def test_quotes_cost_so_many_queries(payer, django_assert_max_num_queries):
    row = Membership.objects.select_related("client", "plan", "location", "card").get(pk=payer.pk)
    with on("2027-01-20"), django_assert_max_num_queries(3):
        assert pause_quote(row, day("2027-03-01"), today_of(payer)).lines
    paused(payer, "2027-01-20")
    row = Membership.objects.select_related("client", "plan", "location", "card").get(pk=payer.pk)
    with on("2027-03-20"), django_assert_max_num_queries(3):
        assert resume_quote(row, today_of(payer)).lines
