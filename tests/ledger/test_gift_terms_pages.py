"""Gifts with terms at the desk: giving them, and where their terms show."""

import datetime as dt
import uuid

import pytest

from ledger.balances import balance_of, open_lots
from ledger.lot_words import ending_soon
from salon import said
from tests.checkout.reading import plain, says
from tests.factories import dollars, make_browser, make_client, make_credit, make_desk, make_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def clara():
    return make_client("Clara Nuñez")


@pytest.fixture
def marcus():
    make_role("Manager", adjustment_limit=dollars(100))
    return make_browser("Marcus")


@pytest.fixture
def today():
    return make_desk().business_date


def give(browser, client, **data):
    form = {
        "key": uuid.uuid4(),
        "direction": "add",
        "amount": "15",
        "restriction": "any",
        "expires_on": "",
        "reason": "gift",
        "note": "Long wait",
    }
    return browser.post(f"/clients/{client.pk}/adjust/", form | data)


def text_of(browser, client, name):
    return says(browser.get(f"/clients/{client.pk}/{name}/"))


def test_a_gift_with_terms_stands_with_them_in_the_lots_and_the_history(marcus, clara, today):
    friday = today + dt.timedelta(days=5)
    answer = give(marcus, clara, restriction="services", expires_on=friday.isoformat())
    assert answer.status_code == 302
    lots = text_of(marcus, clara, "payment-methods")
    assert "Services only" in lots
    assert said.day(friday, today) in lots
    history = text_of(marcus, clara, "history")
    assert f"Gift · Services only, until {said.day(friday, today)} · Long wait" in history
    entry = open_lots(clara).get().opened_by_id
    assert "Services only" in text_of(marcus, clara, f"history/{entry}")


def test_without_terms_nothing_is_said_of_any(marcus, clara):
    assert give(marcus, clara).status_code == 302
    assert "Gift · Long wait" in text_of(marcus, clara, "history")


def test_a_form_from_before_there_were_terms_gives_a_free_gift(marcus, clara):
    answer = marcus.post(
        f"/clients/{clara.pk}/adjust/",
        {"key": uuid.uuid4(), "direction": "add", "amount": "15", "reason": "gift", "note": ""},
    )
    assert answer.status_code == 302
    lot = open_lots(clara).get()
    assert (lot.restriction, lot.expires_on) == ("any", None)


def test_the_terms_are_folded_away_until_there_are_any(marcus, clara):
    assert '<details class="part">' in marcus.get(f"/clients/{clara.pk}/adjust/").text
    answer = give(marcus, clara, restriction="products", amount="x")
    assert '<details class="part" open>' in answer.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"expires_on": "2001-01-01"}, "That day is over. Choose today or a later day"),
        ({"expires_on": "soon"}, "Enter a day like 2026-11-24."),
        ({"expires_on": "2026-02-30"}, "Enter a day like 2026-11-24."),
        ({"restriction": "haircuts"}, "Choose what the gift may pay for."),
        ({"restriction": "services\x00"}, "Choose what the gift may pay for."),
        (
            {"direction": "take", "amount": "5", "expires_on": "2999-01-01"},
            "What is taken away has no last day.",
        ),
        (
            {"direction": "take", "amount": "5", "restriction": "services"},
            "What is taken away is not for anything.",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_and_kept(marcus, clara, today, typed, words):
    make_credit(clara, 50)
    answer = give(marcus, clara, **typed)
    assert answer.status_code == 422
    assert words in says(answer)
    for name, value in typed.items():
        assert answer.context["form"][name].value() == value
    assert '<details class="part" open>' in answer.text
    assert balance_of(clara, today).stored == dollars(50)


def test_the_overview_points_out_what_ends_within_two_weeks(marcus, clara, today):
    for days, amount in ((0, 1), (3, 2), (14, 3), (15, 4)):
        make_credit(clara, amount, source="goodwill", expires_on=today + dt.timedelta(days=days))
    make_credit(clara, 9, expires_on=today, restriction="services")
    text = text_of(marcus, clara, "balance")
    assert "$9.00 purchase for services ends today" in text
    assert "$1.00 gift ends today" in text
    assert f"$2.00 gift ends on {today + dt.timedelta(days=3):%A}" in text
    assert f"$3.00 gift ends on {said.day(today + dt.timedelta(days=14), today)}" in text
    assert "$4.00" not in text
    assert len(ending_soon(open_lots(clara), today)) == 4


def test_the_overview_costs_the_same_with_many_lots(
    marcus, clara, today, django_assert_num_queries
):
    make_credit(clara, 5, expires_on=today)
    marcus.get(f"/clients/{clara.pk}/balance/")
    for _ in range(6):
        make_credit(clara, 5, expires_on=today)
    with django_assert_num_queries(10):
        answer = marcus.get(f"/clients/{clara.pk}/balance/")
    assert plain(answer.text).count("ends today") == 7
