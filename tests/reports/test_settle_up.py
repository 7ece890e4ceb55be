"""Settle-up: what a provider earned by what, what they were paid, what is owed either way."""

import datetime as dt
import uuid

import pytest
from django.contrib.auth.models import Permission

from appointments.segments import Wanted
from checkout.closing import close_order
from checkout.opening import open_for_visit
from checkout.providers.paid_by import Days
from checkout.providers.paying import mark_paid
from checkout.providers.settled import settled
from reports.views.settle_up import ties
from salon import permissions
from tests.cards.paying import sweep
from tests.checkout.charges.going_back import by_card, refund_each, theo_of_his_own, with_theo
from tests.checkout.helpers import pay
from tests.checkout.reading import says
from tests.deposits.online_helpers import CLARA, fresh, make_bookable, make_shop, online
from tests.deposits.online_helpers import paid as online_paid
from tests.factories import (
    dollars,
    make_browser,
    make_client,
    make_credit,
    make_desk,
    make_location,
    make_merchant_account,
    make_role,
    make_staff,
)
from tests.ledger.books import assert_well

URL = "/reports/settle-up/"


@pytest.fixture
def desk(db):
    return make_desk("Olivia")


@pytest.fixture
def theo(desk):
    make_staff("Theo")
    return make_merchant_account()


@pytest.fixture
def clara(desk):
    clara = make_client("Clara Nuñez")
    make_credit(clara, 500)
    return clara


def sell(desk, clara, *payments):
    """A service of Theo's, paid so: (kind, dollars)."""
    order = with_theo(desk, clara, sum(amount for _, amount in payments), 0)
    for kind, amount in payments:
        pay(order, kind, amount, desk)
    return close_order(order=order, desk=desk)


def stands(desk, start=None, end=None, place=None) -> dict[str, int]:
    """What is not nothing of the only provider."""
    today = desk.business_date
    (row,) = settled(Days(start or today, end or today, place))
    figures = {**vars(row), "owed": row.owed}
    return {name: value for name, value in figures.items() if isinstance(value, int) and value}


def paid(account, amount, desk, how="bank"):
    mark_paid(account=account, amount=dollars(amount), how=how, desk=desk, uuid=uuid.uuid4())


def assert_ties(desk, *days):
    for on in days or (desk.business_date,):
        assert [tie for tie in ties(on) if not tie.is_well] == []
    assert_well()


def test_each_way_of_paying_has_a_column(desk, theo, clara):
    sell(desk, clara, ("credits", 60), ("card", 30), ("cash", 10))
    assert stands(desk) == {"redeemed": 6000, "by_card": 3000, "otherwise": 1000, "owed": 10000}
    assert_ties(desk)


def test_what_was_paid_by_hand_is_owed_no_more(desk, theo, clara):
    sell(desk, clara, ("credits", 100))
    paid(theo, 60, desk)
    assert stands(desk) == {"redeemed": 10000, "by_hand": -6000, "owed": 4000}
    tomorrow = desk.business_date + dt.timedelta(days=1)
    assert stands(desk, tomorrow, tomorrow) == {"opening": 4000, "owed": 4000}
    yesterday = desk.business_date - dt.timedelta(days=1)
    assert stands(desk, yesterday, yesterday) == {}
    assert_ties(desk, yesterday, desk.business_date, tomorrow)


def test_a_refund_after_paying_makes_them_owe_the_salon(desk, theo, clara):
    order = sell(desk, clara, ("credits", 100))
    paid(theo, 100, desk)
    refund_each(order, desk, service=40)
    assert stands(desk) == {
        "redeemed": 10000, "refunds": -4000, "by_hand": -10000, "owed": -4000,
    }  # fmt: skip
    text = says(make_browser("Olivia").get(URL))
    assert "Owed by providers $40.00" in text
    assert_ties(desk)


def test_shares_of_card_payments_go_out_and_come_back(processor, desk, clara):
    theo_of_his_own()
    order = with_theo(desk, clara, 100, 0)
    by_card(processor, order, 100, desk)
    close_order(order=order, desk=desk)
    sweep()
    figures = stands(desk)
    figures.pop("fees", None)
    assert figures == {"by_card": 10000, "transferred": -10000}
    refund_each(order, desk, service=40)
    sweep()
    sweep()
    figures = stands(desk)
    assert (figures["refunds"], figures["taken_back"], figures.get("owed", 0)) == (-4000, 4000, 0)
    assert_ties(desk)


def test_a_deposit_that_they_hold_themselves_is_owed_to_nobody_until_it_is_earned(desk, processor):
    make_shop(deposits_go_to="provider")
    theo = make_staff("Theo", books_online=True)
    theo_of_his_own()
    request = online(CLARA, services=[Wanted(make_bookable(), theo)])
    online_paid(processor, request)
    sweep()
    assert stands(desk) == {"transferred": -2550, "held": 2550}
    order = open_for_visit(appointment=fresh(request.appointment), desk=desk)
    pay(order, "cash", "59.50", desk)
    close_order(order=order, desk=desk)
    assert stands(desk) == {
        "deposits": 2550, "otherwise": 5950, "transferred": -2550, "owed": 5950,
    }  # fmt: skip
    assert_ties(desk)


def test_a_location_is_where_it_was_sold(desk, theo, clara):
    sell(desk, clara, ("credits", 100))
    there = make_location("Old Town")
    assert stands(desk, place=desk.location) == {"redeemed": 10000, "owed": 10000}
    assert stands(desk, place=there) == {}


def test_the_page_leads_to_the_provider_and_their_statement(desk, theo, clara):
    sell(desk, clara, ("credits", 100))
    browser = make_browser("Olivia")
    page = browser.get(URL)
    content = page.content.decode()
    assert f'href="/manage/providers/{theo.pk}/"' in content
    assert f"/manage/providers/{theo.pk}/statement/?month={desk.business_date:%Y-%m}" in content
    assert "Owed to providers $100.00" in says(page)
    file = b"".join(browser.get(URL, {"file": "rows"})).decode("utf-8-sig").splitlines()
    assert file[0].startswith("Provider,Owed before,Credit redeemed,Paid by card")
    assert file[1].startswith("Theo,0.00,100.00,0.00")


def test_who_may_only_pay_providers_finds_it_and_who_may_not_does_not(desk, theo):
    payer = make_staff("Ada", role=make_role("Payer"))
    codename = permissions.PAY_PROVIDERS.partition(".")[2]
    payer.role.permissions.add(Permission.objects.get(codename=codename))
    browser = make_browser(payer)
    assert browser.get(URL).status_code == 200
    assert URL in browser.get("/reports/").content.decode()
    assert "ties to the trial balance" in says(
        browser.get("/reports/ties/settle-up/?on=2026-11-22")
    )
    assert browser.get("/reports/ties/deposits/?on=2026-11-22").status_code == 404
    assert URL in make_browser("Olivia").get("/manage/providers/").content.decode()
    assert make_browser("Jo").get(URL).status_code == 403


def test_with_no_provider_it_says_what_to_do(desk):
    assert "Nobody has a merchant account of their own" in says(make_browser("Olivia").get(URL))
    assert_ties(desk)
