"""Recurring revenue and churn, month by month."""

import datetime as dt

import pytest
from django.urls import reverse

from memberships.desk.figures import MONTHS, months_until
from memberships.models import Membership, Period
from tests.factories import dollars, make_browser, make_client, make_location
from tests.memberships.members import make_member, make_plan

TODAY = dt.date(2026, 11, 20)
FIGURES = reverse("memberships:figures")

pytestmark = pytest.mark.django_db


def month(named: int, today: dt.date = TODAY, location_id=None):
    return next(each for each in months_until(today, location_id) if each.first.month == named)


def ended(membership: Membership, on: dt.date) -> None:
    Membership.objects.filter(pk=membership.pk).update(
        status="ended", ended_on=on, next_charge_on=None
    )


def test_twelve_months_end_with_this_one_as_it_stands_today():
    months = months_until(TODAY)
    assert len(months) == MONTHS
    assert (months[0].first, months[0].day) == (dt.date(2025, 12, 1), dt.date(2025, 12, 31))
    assert (months[-1].first, months[-1].day) == (dt.date(2026, 11, 1), TODAY)
    assert months[-1].revenue == dollars(0)


@pytest.mark.parametrize(
    ("every", "price", "a_month"),
    [("month", 100, 100), ("quarter", 90, 30), ("year", 600, 50), ("week", 12, 52)],
)
def test_what_runs_counts_by_what_it_is_worth_a_month(every, price, a_month):
    make_member(plan=make_plan(every, price, 0, every=every), on=TODAY - dt.timedelta(days=1))
    assert month(11).revenue == dollars(a_month)
    assert month(10).revenue == dollars(0)


def test_a_period_counts_while_it_runs_and_not_from_the_day_on_which_the_next_begins():
    make_member(plan=make_plan(), on=dt.date(2026, 9, 15))
    assert month(9).revenue == dollars(100)
    assert month(10).revenue == dollars(0)


def test_a_first_period_in_proportion_counts_with_its_whole_price():
    make_member(plan=make_plan(billing_day=1), on=dt.date(2026, 10, 20))
    assert Period.objects.get().price < dollars(100)
    assert month(10).revenue == dollars(100)


def test_who_joined_and_left_and_the_share_of_them_that_is():
    gold = make_plan()
    for name in ("Clara Nuñez", "Ben Okafor", "Ines Duarte"):
        make_member(make_client(name), gold, on=dt.date(2026, 9, 15))
    ended(Membership.objects.latest("id"), dt.date(2026, 10, 15))
    make_member(make_client("Noor Haddad"), gold, on=dt.date(2026, 10, 20))
    september, october = month(9), month(10)
    assert (september.members, september.joined, september.left) == (3, 3, 0)
    assert (october.before, october.joined, october.left, october.members) == (3, 1, 1, 3)
    assert october.churn == 333
    assert september.churn == 0


def test_a_location_has_its_own_figures():
    make_member(plan=make_plan(), on=TODAY)
    here, elsewhere = make_location(), make_location("Riverside")
    assert month(11, location_id=here.pk).revenue == dollars(100)
    assert month(11, location_id=elsewhere.pk).members == 0


def test_the_page_draws_them_and_has_the_table_beneath(django_assert_max_num_queries):
    make_member(plan=make_plan())
    olivia = make_browser("Olivia")
    page = olivia.get(FIGURES).content.decode()
    assert "$100.00" in page
    assert "1 member." in page
    assert page.count("<polyline") == 2
    with django_assert_max_num_queries(14):
        olivia.get(FIGURES)


def test_it_takes_the_permission_to_see_figures():
    assert make_browser("Marcus").get(FIGURES).status_code == 200
    assert make_browser("Jo").get(FIGURES).status_code == 403
