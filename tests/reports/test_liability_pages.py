"""The liability as somebody reads it: page, file, entries behind each figure, who stays away."""

import csv
import datetime as dt
import io

import pytest
import time_machine
from django.urls import reverse

from ledger.ageing import ageing
from ledger.flow_terms import Asked
from ledger.movements import total
from reports.views import liability as view
from salon import clock
from tests.checkout.helpers import order_with, pay, sell_credit
from tests.factories import (
    make_browser,
    make_client,
    make_credit,
    make_debt,
    make_desk,
    make_location,
    make_staff,
)
from tests.giftcards.helpers import sell_card

pytestmark = pytest.mark.django_db
URL = "/reports/liability/"


@pytest.fixture
def desk():
    return make_desk("Olivia")


@pytest.fixture
def olivia(desk):
    return make_browser("Olivia")


@pytest.fixture
def story(desk):
    """Clara owed $12.00, bought $100.00 of credit and used $30.00; a gift card over $50.00."""
    clara = make_client("Clara Nuñez", phone="+12125550123", email="clara@example.com")
    make_debt(clara, 12)
    sell_credit(clara, 100, desk)
    order = order_with(desk, clara, service=30)
    pay(order, "credits", 30, desk)
    sell_card(desk, 50)
    return clara


def text(response):
    return " ".join(response.content.decode().split())


def rows(response):
    content = b"".join(response.streaming_content).decode().removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(content)))


def test_the_page_says_what_is_owed_and_how_it_came_to_that(olivia, story):
    page = text(olivia.get(URL))
    for said in ("Owed to clients", "$58.00", "$50.00", "IOU settled", "less", "By age"):
        assert said in page


def test_empty_books_have_a_page(olivia):
    page = text(olivia.get(URL))
    assert "$0.00" in page
    assert "Nothing was owed to any client" in page


def test_it_asks_the_same_few_queries_however_much_there_is(
    olivia, story, desk, django_assert_max_num_queries
):
    olivia.get(URL)
    for _ in range(3):
        sell_credit(make_client("Ben Okafor"), 20, desk)
    with django_assert_max_num_queries(16):
        olivia.get(URL)


def test_it_ties(story, desk):
    found = view.ties(desk.business_date)
    assert all(tie.is_well for tie in found), found
    assert found[0].report == 5800


def test_who_may_not_read_reports_is_refused(desk, story):
    maya = make_browser(make_staff("Maya", role="Stylist"))
    for url in (URL, "/reports/movements/", "/reports/dormant/"):
        assert maya.get(url).status_code == 403


@pytest.mark.parametrize(
    "query", ["start=x&end=y", "start=2026-11-24&end=2026-11-01", "location=9"]
)
def test_an_address_that_makes_no_sense_still_has_a_page(olivia, story, query):
    assert olivia.get(f"{URL}?{query}").status_code == 200
    assert olivia.get(f"/reports/movements/?{query}&kind=x&flow=y&before=z").status_code == 200
    assert olivia.get(f"/reports/dormant/?{query}&months=x").status_code == 200


def test_the_file_has_the_statement_with_signs_and_sources(olivia, story):
    found = rows(olivia.get(URL, {"file": "statement"}))
    assert found[0] == ["What", "Source", "Amount"]
    assert [row[2] for row in found[1:]] == ["0.00", "100.00", "-30.00", "-12.00", "58.00"]


@pytest.mark.parametrize(
    ("flow", "cents"), [("sold", 10000), ("used", -3000), ("settled", -1200), ("", 5800)]
)
def test_each_figure_opens_the_entries_that_make_it(olivia, story, desk, flow, cents):
    on = desk.business_date
    assert total(Asked(on, on, flow=flow)) == cents
    asked = {"flow": flow, "start": on, "end": on}
    page = text(olivia.get("/reports/movements/", asked))
    assert "Clara Nuñez" in page
    assert "Sale #" in page
    found = rows(olivia.get("/reports/movements/", asked | {"file": "rows"}))
    assert round(sum(float(row[-1]) for row in found[1:]) * 100) == cents


def test_the_entries_come_page_by_page(olivia, desk, monkeypatch):
    clara = make_client("Clara Nuñez")
    for cents in (10, 20, 30, 40, 50):
        make_credit(clara, cents, desk=desk)
    monkeypatch.setattr("ledger.movements.PAGE", 2)
    monkeypatch.setattr("ledger.movements.READ", 2)
    first = text(olivia.get("/reports/movements/"))
    assert first.index("$50.00") < first.index("$40.00")
    assert "$30.00" not in first.replace("$150.00", "")
    before = first.split("before=")[1].split('"')[0].split("&")[0]
    assert "$30.00" in text(olivia.get("/reports/movements/", {"before": before}))
    found = rows(olivia.get("/reports/movements/", {"file": "rows"}))
    assert [row[-1] for row in found[1:]] == ["50.00", "40.00", "30.00", "20.00", "10.00"]


def test_a_location_shows_what_it_sold_and_what_was_used_there(olivia, story):
    uptown = make_location("Uptown")
    there = make_desk("Olivia", uptown)
    order = order_with(there, story, service=20)
    pay(order, "credits", 20, there)
    page = text(olivia.get(URL, {"location": uptown.pk}))
    assert "Sold elsewhere, used at Uptown" in page
    page = text(olivia.get(URL, {"location": make_location().pk}))
    assert "Used at other locations" in page
    assert "Transferred" not in page
    assert "Transferred" in text(olivia.get(URL))
    on = there.business_date
    away = Asked(on, on, flow="used", sold_at_id=make_location().pk, elsewhere=True)
    assert total(away) == -2000


def test_a_past_day_says_whether_it_can_still_change(olivia, story, desk):
    yesterday = desk.business_date - dt.timedelta(days=1)
    page = text(olivia.get(URL, {"start": yesterday, "end": yesterday}))
    assert "is not sealed at Midtown: a late entry could still change these figures" in page
    assert "not sealed" not in text(olivia.get(URL))


def test_the_age_of_what_was_left_on_a_day_that_is_over(desk):
    clara, now = make_client("Clara Nuñez"), clock.now()
    with time_machine.travel(now - dt.timedelta(days=100), tick=False):
        lot = make_credit(clara, 40, desk=make_desk("Olivia"))
    order = order_with(desk, clara, service=30)
    pay(order, "credits", 30, desk)
    assert [band.credit for band in ageing(desk.business_date)] == [0, 0, 1000, 0, 0]
    back_then = lot.opened_by.business_date
    assert [band.credit for band in ageing(back_then)] == [4000, 0, 0, 0, 0]
    assert not any(band.credit for band in ageing(back_then - dt.timedelta(days=1)))


def test_who_stayed_away_stands_there_with_how_to_reach_them(olivia):
    now = clock.now()
    with time_machine.travel(now - dt.timedelta(days=400), tick=False):
        back_then = make_desk("Olivia")
        clara = make_client("Clara Nuñez", phone="+12125550123", email="clara@example.com")
        sell_credit(clara, 40, back_then)
        sell_credit(make_client("Ben Okafor"), 20, back_then)
    desk = make_desk("Olivia")
    order = order_with(desk, make_client("Ben Okafor"), service=5)
    pay(order, "cash", 5, desk)
    with time_machine.travel(now - dt.timedelta(days=30), tick=False):
        make_credit(clara, 10, desk=make_desk("Olivia"))
    page = text(olivia.get(reverse("reports:dormant")))
    assert "Clara Nuñez" in page
    assert "clara@example.com" in page
    assert "$50.00" in page
    assert "Clara Nuñez" not in text(olivia.get("/reports/dormant/", {"months": 18}))
    found = rows(olivia.get("/reports/dormant/", {"file": "rows"}))
    assert found[0] == ["Client", "Phone", "E-mail", "Last movement", "Balance"]
    assert {row[0] for row in found[1:-1]} == {"Clara Nuñez", "Ben Okafor"}
