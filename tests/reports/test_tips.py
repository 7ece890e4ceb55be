"""The tips report: earned, refunded, paid and owed by day, which is what the books say."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission

from checkout.providers.paid_by import Days
from checkout.tip_payouts.days import tipped as of_days
from ledger import accounts
from ledger.models import Account
from reports.day_ties import ties as day_ties
from reports.views.tips import ties
from salon import permissions
from salon.reporting import registry
from tests.checkout.reading import says
from tests.checkout.tills.acts import opens
from tests.checkout.tip_payouts.acts import pays_one, refund_tip, tipped, undoes
from tests.factories import (
    make_browser,
    make_desk,
    make_location,
    make_role,
    make_staff,
)
from tests.ledger.books import assert_well

URL = "/reports/tips/"


@pytest.fixture
def desk(db):
    return make_desk("Olivia")


@pytest.fixture
def maya(desk):
    return make_staff("Maya")


def stands(desk, start=None, end=None, place=None) -> dict[str, int]:
    """What is not nothing of Maya."""
    today = desk.business_date
    rows = of_days(Days(start or today, end or today, place))
    (row,) = [row for row in rows if str(row.person) == "Maya"]
    figures = {**vars(row), "owed": row.owed}
    return {name: value for name, value in figures.items() if isinstance(value, int) and value}


def assert_ties(desk, *days):
    for on in days or (desk.business_date,):
        assert [tie for tie in ties(on) if not tie.is_well] == []
    assert_well()


def test_earned_refunded_paid_and_undone_make_what_is_owed(desk, maya):
    yesterday = make_desk("Olivia", at=desk.at - dt.timedelta(days=1))
    tipped(yesterday, {maya: 8}, kind="card")
    sale = tipped(desk, {maya: 20}, kind="card")
    pays_one(desk, maya, 25)
    undoes(pays_one(desk, maya, 3), desk)
    refund_tip(sale, maya, 5, desk)
    assert stands(desk) == {
        "opening": 800,
        "earned": 2000,
        "refunded": -500,
        "paid": -2500,
        "owed": -200,
    }
    before = yesterday.business_date
    assert stands(desk, before, before) == {"earned": 800, "owed": 800}
    assert_ties(desk, before, desk.business_date)


def test_of_one_location_is_what_was_earned_and_paid_there(desk, maya):
    uptown = make_desk("Olivia", location=make_location("Uptown"))
    tipped(desk, {maya: 20}, kind="card")
    tipped(uptown, {maya: 10}, kind="card")
    pays_one(uptown, maya, 30)
    assert stands(desk, place=uptown.location) == {"earned": 1000, "paid": -3000, "owed": -2000}
    assert stands(desk) == {"earned": 3000, "paid": -3000}
    assert_ties(desk)


@pytest.mark.parametrize("how", ["cash", "payroll", "bank"])
def test_every_report_ties_on_days_with_payments_everywhere_and_by_location(desk, maya, how):
    """Paid, undone on the day and on the next one, at one location what was earned at another."""
    uptown = make_desk("Olivia", location=make_location("Uptown"))
    opens(desk, 100)
    opens(uptown, 100)
    tipped(desk, {maya: 20}, kind="card")
    tipped(uptown, {maya: 10})
    pays_one(uptown, maya, 18, how)
    undoes(pays_one(desk, maya, 5, how), desk)
    payout = pays_one(desk, maya, 4, how)
    tomorrow = desk.at + dt.timedelta(days=1)
    undoes(payout, make_desk("Olivia", at=tomorrow))
    days = (desk.business_date, desk.business_date + dt.timedelta(days=1))
    reports = [report for report in registry.reports() if report.ties]
    found = [tie for on in days for report in reports for tie in report.ties(on)]
    found += [
        tie
        for on in days
        for place in (desk.location, uptown.location)
        for report in reports
        if report.ties_by_place
        for tie in report.ties(on, place=place)
    ]
    assert [tie for tie in found if not tie.is_well] == []
    moved = {tie.what: tie.books for tie in day_ties(days[1])}
    assert moved["Tips payable of that day"] == 400
    assert_well()


@pytest.mark.parametrize("days", [("0001-01-01", "0001-01-02"), ("9999-12-30", "9999-12-31")])
def test_at_the_ends_of_the_calendar(desk, maya, days):
    tipped(desk, {maya: 20}, kind="card")
    page = make_browser("Olivia").get(URL, dict(zip(("start", "end"), days, strict=True)))
    assert page.status_code == 200


def test_the_page_opens_the_person_and_the_act_and_comes_as_a_file(desk, maya):
    tipped(desk, {maya: 20}, kind="card")
    web = make_browser("Olivia")
    page = web.get(URL)
    assert "Owed at the end $20.00" in says(page)
    assert f'href="/manage/tips/{maya.pk}/"' in page.text
    assert 'href="/manage/tips/"' in page.text
    file = web.get(URL, {"file": "rows"})
    assert "Maya" in b"".join(file.streaming_content if file.streaming else [file.content]).decode()
    assert URL in web.get("/manage/tips/").text


def test_who_may_only_pay_out_tips_finds_it_and_who_may_not_does_not(desk, maya):
    role = make_role("Tips")
    codename = permissions.PAY_TIPS.partition(".")[2]
    role.permissions.add(Permission.objects.get(codename=codename))
    web = make_browser(make_staff("Kim", role))
    assert web.get(URL).status_code == 200
    assert URL in web.get("/reports/").text
    assert make_browser("Jo").get(URL).status_code == 403


def test_the_day_s_close_and_the_account_name_what_was_paid(desk, maya):
    opens(desk, 100)
    tipped(desk, {maya: 20}, kind="card")
    pays_one(desk, maya, 15, "cash")
    undoes(pays_one(desk, maya, 5, "cash"), desk)
    web = make_browser("Olivia")
    text = says(web.get("/reports/day/"))
    assert "Tips paid out -$15.00" in text or "Tips paid out −$15.00" in text
    assert [tie for tie in day_ties(desk.business_date) if not tie.is_well] == []
    account = Account.objects.get(name=accounts.tips(maya))
    text = says(web.get(f"/reports/accounts/{account.pk}/"))
    assert "Tips paid out" in text
    assert "Tips paid to Maya" in text


def test_what_goes_with_payroll_has_a_name(desk, maya):
    tipped(desk, {maya: 20}, kind="card")
    pays_one(desk, maya, 20, "payroll")
    assert "Tips handed to payroll" in says(make_browser("Olivia").get("/reports/trial-balance/"))
