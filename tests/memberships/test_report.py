"""Memberships as the owner reads them: billed, added, earned, refunded; where the credit went."""

import datetime as dt
import uuid

import pytest

from checkout.refunding import refund_lines
from memberships.desk.billed import Days, billed
from memberships.desk.credit import credit
from memberships.models import Period
from memberships.renewing.settling import let_go
from memberships.views.report import ties
from tests.checkout.helpers import order_with, pay
from tests.checkout.reading import says
from tests.factories import (
    dollars,
    make_browser,
    make_client,
    make_debt,
    make_desk,
    make_location,
    make_split_tax,
)
from tests.harness.processor import DECLINED_LATER
from tests.ledger.books import assert_well
from tests.memberships.members import make_member, make_plan, period_of
from tests.memberships.renewing import START, day, make_payer, on, renewed

pytestmark = pytest.mark.django_db
URL = "/memberships/report/"


def told(start, end=None, place=None) -> dict[str, dict[str, int]]:
    """By plan, what is not nothing."""
    found = billed(Days(start, end or start, place))
    return {
        plan.name: {name: value for name, value in vars(figures).items() if value}
        for plan, figures in found
    }


def stands(start, end=None, place=None) -> dict[str, int]:
    found = credit(Days(start, end or start, place))
    figures = {**vars(found), "closing": found.closing}
    return {name: value for name, value in figures.items() if value}


def refund(line, amount, desk):
    refund_lines(
        order=line.order,
        amounts={line: dollars(amount)},
        destinations={},
        desk=desk,
        uuid=uuid.uuid4(),
    )


def assert_ties(*days):
    assert [tie for each in days for tie in ties(each) if not tie.is_well] == []
    assert_well()


def test_a_period_is_billed_spent_and_refunded_each_on_its_day(clara, gold):
    with on(START):
        member = make_member(clara, gold)
    with on("2027-01-20"):
        pay(order_with(make_desk("Olivia"), clara, service=30), "credits", 30, make_desk("Olivia"))
    with on("2027-02-02"):
        refund(period_of(member).line, 50, make_desk("Olivia"))
    assert told(START) == {"Gold": {"charged": 1, "net": 10000, "paid": 10000, "bonus": 2000}}
    assert told(day("2027-02-01"), day("2027-02-28")) == {"Gold": {"refunded": 5000}}
    assert stands(START, day("2027-01-31")) == {
        "paid": 10000, "bonus": 2000, "used": -3000, "closing": 9000,
    }  # fmt: skip
    february = stands(day("2027-02-01"), day("2027-02-28"))
    assert (february["opening"], february["bonus"], february["refunded"]) == (9000, -2000, -5000)
    assert february["closing"] == 2000
    assert_ties(START, day("2027-01-20"), day("2027-02-28"))


def test_what_the_price_is_above_and_the_joining_fee_are_earned_with_their_tax(clara):
    plan = make_plan("Silver", 100, 80, joining_fee=30, tax_rate=make_split_tax("4", "6"))
    with on(START):
        make_member(clara, plan)
    assert told(START) == {
        "Silver": {"charged": 1, "net": 13000, "tax": 1300, "paid": 8000, "earned": 5000}
    }
    assert_ties(START, START - dt.timedelta(days=1))


def test_what_settles_a_debt_is_no_credit_and_is_said(clara, gold):
    with on(START):
        make_debt(clara, 25)
        make_member(clara, gold)
        assert told(START)["Gold"]["settled"] == 2500
        text = says(make_browser("Olivia").get(URL))
    assert stands(START)["closing"] == 9500
    assert "$25.00 of what was billed and added paid off what members owed" in text
    assert_ties(START)


def test_a_charge_that_fails_is_unpaid_until_it_is_let_go_and_what_began_meanwhile_is_skipped(
    processor,
):
    payer = make_payer(processor, number=DECLINED_LATER)
    renewed("2027-02-15")
    february = day("2027-02-01"), day("2027-02-28")
    assert told(*february) == {"Gold": {"unpaid": 1}}
    with on("2027-02-20"):
        let_go(period=period_of(payer, 1), reason="Our fault", desk=make_desk("Olivia"))
    assert told(*february) == {"Gold": {"let_go": 1}}
    Period.objects.filter(membership=payer, number=1).update(status="skipped")
    assert told(*february) == {"Gold": {"skipped": 1}}


def test_a_location_is_where_the_membership_was_sold(clara, gold):
    with on(START):
        member = make_member(clara, gold)
    assert told(START, place=member.location)["Gold"]["charged"] == 1
    assert told(START, place=make_location("Old Town")) == {}
    assert stands(START, place=make_location("Old Town")) == {}


def test_the_page_and_its_file(clara, gold, django_assert_max_num_queries):
    with on(START):
        make_member(clara, gold)
        make_member(make_client("Ben Okafor"), make_plan("Silver", 50, 50))
        browser = make_browser("Olivia")
        browser.get(URL)
        with django_assert_max_num_queries(40):
            text = says(browser.get(URL))
        file = b"".join(browser.get(URL, {"file": "rows"})).decode("utf-8-sig").splitlines()
    assert "Billed, without tax $150.00" in text
    assert "Credit of memberships at the end $170.00" in text
    assert file[1].startswith("Gold,1,100.00,0.00,100.00,20.00,0.00")
    assert file[-1].startswith("Total,2,150.00")


def test_with_no_membership_it_says_so_and_the_front_desk_may_not_look(desk):
    browser = make_browser("Olivia")
    assert "No membership was charged on these days" in says(browser.get(URL))
    reports = says(browser.get("/reports/"))
    assert "Revenue and churn of memberships" in reports
    assert make_browser("Jo").get(URL).status_code == 403
    assert_ties(desk.business_date)
