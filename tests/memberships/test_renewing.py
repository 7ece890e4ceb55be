"""Charging every billing period: worked examples, days and time zones, what one renewal costs."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cards.models import Attempt
from cards.purposes import purpose_of
from memberships.changing import ending, pausing
from memberships.changing.canceling import cancel
from memberships.changing.pausing import pause
from memberships.changing.plans import change_next
from memberships.models import Membership
from memberships.renewing import beginning, due
from memberships.renewing.renewing import renew, renew_due
from salon import clock
from salon.models import Location
from tests.checkout.charges.helpers import charged
from tests.checkout.helpers import books, has
from tests.factories import dollars, make_client, make_desk, make_location, make_tax_rate
from tests.ledger.books import assert_well
from tests.memberships.members import make_plan, period_of
from tests.memberships.renewing import (
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
def olivia():
    return make_desk("Olivia")


@pytest.fixture
def payer(processor) -> Membership:
    """Clara, Gold since Jan 15: $100.00 on the 15th of each month, which adds $120.00."""
    return make_payer(processor)


def test_a_month_is_charged_on_its_day_and_adds_to_the_balance(processor, payer, olivia):
    assert str(renewed("2027-02-14")) == "nothing was due"
    done = renewed("2027-02-15")
    assert (done.charged, done.failed, done.troubles) == (1, 0, 0)
    payer = fresh(payer)
    assert (payer.status, payer.next_charge_on, payer.next_number) == (
        "active",
        day("2027-03-15"),
        2,
    )
    assert periods(payer) == [(0, "2027-01-15", "paid"), (1, "2027-02-15", "paid")]
    period = latest(payer)
    assert (period.until_on, period.tries, period.by) == (day("2027-03-15"), 1, None)
    assert (period.paid_lot.amount, period.bonus_lot.amount) == (10000, 2000)
    assert (period.paid_lot.source, period.bonus_lot.is_paid) == ("membership", False)
    assert period.order.lines.get() == period.line
    assert (period.order.client, period.order.tenders.get().reference) == (
        payer.client, "Visa •••• 4242",
    )  # fmt: skip
    assert charged(processor) == [10000]
    assert has(payer.client, olivia).available == dollars(240)
    assert text_of(payer, "paid") == "$100.00 paid, $120.00 added."
    each_period_is_charged_once()
    assert_well()


def test_the_job_runs_twice_and_charges_once(processor, payer):
    renewed("2027-02-15")
    assert str(renewed("2027-02-15")) == "nothing was due"
    assert renew(payer) is None
    assert charged(processor) == [10000]


def test_a_late_run_charges_the_running_period_and_keeps_the_day(processor, payer):
    renewed("2027-03-14")
    assert periods(payer)[1:] == [(1, "2027-02-15", "paid")]
    assert fresh(payer).next_charge_on == day("2027-03-15")


def test_who_joined_on_the_31st_is_charged_on_the_last_day_of_shorter_months(processor):
    member = make_payer(processor, start=day("2027-01-31"))
    for when in ("2027-02-27", "2027-02-28", "2027-03-30", "2027-03-31", "2027-04-30"):
        renewed(when)
    assert [starts for _, starts, _ in periods(member)] == [
        "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30",
    ]  # fmt: skip
    assert charged(processor) == [10000] * 3


def test_the_day_begins_where_the_membership_was_sold(processor, payer):
    """Midtown's day begins at 4 in the morning, New York's time."""
    location = make_location()
    begins = dt.datetime(2027, 2, 15, 4, tzinfo=location.zone)
    assert location.day_starts_at == begins.time()
    with on("2027-02-15"):
        assert renew_due(now=begins - dt.timedelta(minutes=1)).charged == 0
        assert renew_due(now=begins).charged == 1


def test_two_locations_have_days_of_their_own(processor, payer):
    """In Honolulu it is still the 14th when New York has the 15th."""
    far = make_location("Waikiki", time_zone="Pacific/Honolulu")
    ines = make_payer(processor, client=make_client("Ines Duarte"))
    Membership.objects.filter(pk=ines.pk).update(location=far)
    with on("2027-02-15"):
        assert renew_due(now=dt.datetime(2027, 2, 15, 9, tzinfo=dt.UTC)).charged == 1
        assert (states(payer), states(ines)) == ("paid paid", "paid")
        assert renew_due(now=dt.datetime(2027, 2, 15, 14, tzinfo=dt.UTC)).charged == 1
    assert states(ines) == "paid paid"
    assert latest(ines).order.location == far


def test_tax_is_charged_on_top_of_the_price(processor, olivia):
    taxed = make_payer(processor, make_plan("Taxed", tax_rate=make_tax_rate("8.875")))
    renewed("2027-02-15")
    period = latest(taxed)
    assert charged(processor) == [10888]
    assert (period.line.amount, period.line.tax) == (dollars(100), dollars("8.88"))
    assert (period.paid_lot.amount, period.bonus_lot.amount) == (10000, 2000)
    assert text_of(taxed, "paid") == "$108.88 paid, $120.00 added."
    assert_well()


@pytest.mark.parametrize(
    ("adds", "paid", "bonus"), [(60, 6000, None), (100, 10000, None), (0, None, None)]
)
def test_what_the_price_is_above_what_it_adds_is_income(processor, adds, paid, bonus):
    member = make_payer(processor, make_plan("Silver", 100, adds))
    renewed("2027-02-15")
    period = latest(member)
    lots = [lot and lot.amount for lot in (period.paid_lot, period.bonus_lot)]
    assert lots == [paid, bonus]
    assert books().get("income", 0) == -2 * (10000 - (paid or 0))
    assert_well()


def test_after_a_trial_the_first_period_is_charged_in_part(processor):
    """10 days of trial from Jan 15, charged on the 1st: Jan 25 to 31 is 7 of 31 days."""
    plan = make_plan("Trial", trial_days=10, billing_day=1)
    member = make_payer(processor, plan)
    assert (member.next_number, member.next_charge_on) == (0, day("2027-01-25"))
    renewed("2027-01-25")
    renewed("2027-02-01")
    renewed("2027-03-01")
    assert charged(processor) == [2258, 10000, 10000]
    assert periods(member) == [
        (0, "2027-01-25", "paid"), (1, "2027-02-01", "paid"), (2, "2027-03-01", "paid"),
    ]  # fmt: skip
    first = period_of(member, 0)
    assert (first.price, first.adds) == (member.enrolment.first_price, member.enrolment.first_adds)
    assert fresh(member).next_charge_on == day("2027-04-01")
    assert_well()


def test_a_payment_leads_to_its_membership(processor, payer):
    renewed("2027-02-15")
    attempt = Attempt.objects.get()
    assert purpose_of(attempt).url(attempt.reference) == f"/memberships/{payer.uuid}/"
    assert (attempt.description, attempt.started_by) == ("Gold, from Feb 15, 2027", None)


def test_the_plan_that_was_chosen_is_charged_from_the_next_period_on(processor, payer):
    """Quarterly from Feb 15: $280.00 that adds $360.00."""
    quarterly = make_plan("Quarterly", 280, 360, every="quarter")
    with on("2027-02-01"):
        change_next(membership=payer, plan=quarterly, desk=make_desk("Olivia"))
    renewed("2027-02-15")
    assert (latest(payer).plan, charged(processor)) == (quarterly, [28000])
    assert (latest(payer).paid_lot.amount, latest(payer).bonus_lot.amount) == (28000, 8000)
    assert fresh(payer).next_charge_on == day("2027-05-15")
    assert_well()


def test_what_was_canceled_ends_and_is_not_charged(processor, payer):
    with on("2027-02-01"):
        cancel(membership=payer, at_once=False, reason="Moved", desk=make_desk("Olivia"))
    assert str(renewed("2027-02-14")) == "nothing was due"
    assert str(renewed("2027-02-15")) == "1 ended"
    assert (fresh(payer).status, charged(processor)) == ("ended", [])


def test_a_pause_that_ends_is_resumed_and_charged(processor, payer):
    with on("2027-02-01"):
        desk = make_desk("Olivia")
        pause(membership=payer, until=day("2027-03-01"), reason="Away", desk=desk)
    assert str(renewed("2027-02-15")) == "nothing was due"
    done = renewed("2027-03-01")
    assert done.resumed == 1
    for when in ("2027-03-10", "2027-03-14", "2027-03-15"):
        renewed(when)
    assert charged(processor) == [10000]
    assert_well()


def test_a_dearer_plan_changes_nobodys_charge(processor, payer):
    plan = payer.plan
    plan.price = dollars(150)
    plan.save()
    renewed("2027-02-15")
    assert charged(processor) == [10000]


def test_the_receipt_goes_to_the_client(processor, payer):
    from procrastinate.contrib.django.models import ProcrastinateJob

    renewed("2027-02-15")
    job = ProcrastinateJob.objects.get(queue_name="receipts")
    assert (job.args["order"], job.args["to"]) == (
        str(latest(payer).order.uuid),
        "clara@example.com",
    )


def test_the_command_tells_how_far_it_is_and_what_it_did(processor, payer, capsys):
    for name in ("Ines Duarte", "Ben Okafor"):
        make_payer(processor, client=make_client(name))
    with on("2027-02-15"):
        call_command("renew_memberships", "--batch", "2")
        call_command("renew_memberships")
    assert capsys.readouterr().out.splitlines() == [
        "2 of 3: 2 charged", "3 of 3: 3 charged", "Done: 3 charged.", "Done: nothing was due.",
    ]  # fmt: skip


def test_one_that_could_not_be_ended_or_resumed_is_a_trouble_too(processor, payer, monkeypatch):
    def breaks(*given, **named):
        raise ValueError("a mistake of ours")

    paused = make_payer(processor, client=make_client("Ines Duarte"))
    with on("2027-01-20"):
        olivia = make_desk("Olivia")
        cancel(membership=payer, at_once=False, reason="", desk=olivia)
        pause(membership=paused, until=day("2027-03-01"), reason="", desk=olivia)
    monkeypatch.setattr(ending, "end", breaks)
    monkeypatch.setattr(pausing, "go_on", breaks)
    done = renewed("2027-03-01")
    assert (done.ended, done.resumed, done.troubles) == (0, 0, 2)


def test_the_command_ends_with_an_error_where_something_could_not_be_done(
    processor, payer, monkeypatch, capsys
):
    def breaks(*given, **named):
        raise ValueError("a mistake of ours")

    monkeypatch.setattr(beginning, "begin", breaks)
    with on("2027-02-15"), pytest.raises(CommandError, match="1 could not be done"):
        call_command("renew_memberships")
    with pytest.raises(CommandError, match="from 1 on"):
        call_command("renew_memberships", "--batch", "0")


def test_a_location_that_was_archived_keeps_its_members(processor, payer):
    """Who joined there goes on paying, and spends it at the others, until somebody cancels it."""
    Location.objects.update(archived_at=clock.now())
    assert renewed("2027-02-15").charged == 1


@pytest.mark.parametrize(
    ("rows", "index"),
    [(due.renewals, "memberships_due"), (due.retries, "memberships_to_try_again")],
)
def test_what_is_due_is_found_by_an_index(db, rows, index):
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("set local enable_sort = off")
    make_location()
    assert index in rows(due.Days(clock.now()))[:200].explain()


RENEWAL = 49


def test_one_renewal_costs_so_many_queries_however_many_members_there_are(
    processor, payer, django_assert_num_queries
):
    with on("2027-02-15"), django_assert_num_queries(RENEWAL):
        assert renew(payer).status == "paid"
    for name in ("Ines Duarte", "Ben Okafor", "Zoe Park", "Lou Reyes"):
        make_payer(processor, client=make_client(name), start=day("2027-02-16"))
    with on("2027-03-15"), django_assert_num_queries(RENEWAL):
        assert renew(payer).status == "paid"
