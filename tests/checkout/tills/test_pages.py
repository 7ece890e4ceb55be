"""The till's pages: what should be in it, opening, paying, counting, the reports of sessions."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertNumQueries

from checkout.models import CashMovement, TillSession
from checkout.tills.figures import expected_in
from ledger import causes
from ledger.models import Entry
from salon.models import BusinessSettings
from tests.checkout.helpers import order_with, pay
from tests.checkout.reading import says, told
from tests.checkout.till import Till as OrderTill
from tests.checkout.tills.acts import closes, opens, pays_in, pays_out
from tests.factories import (
    dollars,
    make_browser,
    make_client,
    make_desk,
    make_location,
    make_staff,
    make_till,
)

pytestmark = pytest.mark.django_db
FRAME = 8
HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk():
    return make_desk("Marcus")


@pytest.fixture
def web(desk):
    return make_browser(desk.staff)


def at(desk, act=""):
    return f"/till/{desk.till.pk}/{act}"


def sell(desk, amount=85):
    order = order_with(desk, make_client("Ben Okafor"), service=amount)
    pay(order, "cash", amount, desk)
    return order


def open_form(**data):
    return {"uuid": uuid.uuid4(), **data}


def close_form(session, shown, **data):
    return {"uuid": session.uuid, "shown": shown, "left_in": "0", "note": "", **data}


# --- The page -------------------------------------------------------------------------------------


def test_a_till_that_was_never_opened_says_what_to_do(web):
    text = says(web.get("/till/"))
    assert "Never opened yet" in text
    assert "Open the till" in text
    assert "Count and close" not in text


def test_an_open_till_says_what_should_be_in_it_and_why(web, desk):
    opens(desk, 100)
    order = sell(desk, 85)
    pays_out(desk, 15, "Milk")
    text = says(web.get("/till/"))
    assert "Expected in the drawer now $170.00" in text
    for part in ("Float $100.00", "Cash sales $85.00", "Paid out −$15.00", "Expected $170.00"):
        assert part in text
    assert f"Sale #{order.number}" in text
    assert "Paid out Milk Marcus −$15.00" in text


def test_the_page_costs_the_same_with_one_sale_and_with_many(web, desk):
    opens(desk, 100)
    sell(desk)
    pays_out(desk, 5)
    web.get("/till/")
    with assertNumQueries(FRAME + 5):
        web.get("/till/")
    for _ in range(4):
        sell(desk)
        pays_in(desk, 5)
    with assertNumQueries(FRAME + 5):
        web.get("/till/")
    closes(desk, TillSession.objects.get(), 500, 100)
    with assertNumQueries(FRAME + 3):
        web.get("/till/")


def test_the_front_desk_sees_the_till_but_no_button_that_moves_cash(desk):
    jo = make_browser("Jo")
    opens(desk, 100)
    text = says(jo.get("/till/"))
    assert "Count and close" in text
    assert "Pay out" not in text
    assert jo.get(at(desk, "pay-out/")).status_code == 403
    assert jo.post(at(desk, "pay-in/"), open_form(amount="5")).status_code == 403


def test_who_may_not_count_tills_is_told_what_is_missing(desk):
    maya = make_browser(make_staff("Maya"))
    for address in ("/till/", at(desk), at(desk, "open/"), at(desk, "close/"), "/till/sessions/"):
        page = maya.get(address)
        assert page.status_code == 403
        assert "Can open, count and close a till" in page.text


def test_a_location_without_a_till_is_told_where_to_add_one(web, desk):
    desk.location.tills.update(archived_at=dt.datetime.now(dt.UTC))
    text = says(web.get("/till/"))
    assert "No till at this location" in text
    assert "Add a till" in text


def test_another_locations_till_leads_back_and_says_so(web):
    other = make_desk("Olivia", location=make_location("Old Town"))
    for act in ("", "open/", "pay-in/", "pay-out/", "close/"):
        response = web.get(at(other, act))
        assert response.url == "/till/"
    crafted = web.post(at(other, "open/"), open_form(counted="50"))
    assert "Front is a till at Old Town. Switch to that location first." in told(crafted)
    assert not TillSession.objects.exists()
    assert web.get("/till/999999/").status_code == 404


# --- Opening --------------------------------------------------------------------------------------


def test_the_float_is_counted_by_notes_and_coins(web, desk):
    response = web.post(
        at(desk, "open/"), open_form(note_2000="4", note_500="3", coin_25="20", counted="")
    )
    assert response.url == at(desk)
    assert "Front is open with $100.00." in told(response)
    assert TillSession.objects.get().float == dollars(100)


def test_or_by_the_total_alone(web, desk):
    web.post(at(desk, "open/"), open_form(counted="$1,050.25"))
    assert TillSession.objects.get().float == dollars("1050.25")


def test_an_empty_drawer_can_be_opened(web, desk):
    web.post(at(desk, "open/"), open_form(counted="0"))
    assert TillSession.objects.get().float == dollars(0)


def test_notes_and_a_total_that_disagree_are_told_and_kept(web, desk):
    response = web.post(at(desk, "open/"), open_form(note_2000="4", counted="100"))
    assert response.status_code == 422
    assert "The notes and coins make $80.00, the total says $100.00." in says(response)
    assert 'value="4"' in response.text
    assert 'value="100"' in response.text
    assert not TillSession.objects.exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"counted": ""}, "Enter what you counted; 0 for an empty drawer."),
        ({}, "Enter what you counted; 0 for an empty drawer."),
        ({"counted": "-5"}, "Enter the amount without a minus sign."),
        ({"counted": "ten"}, "Enter an amount like 40 or 40.00."),
        ({"counted": "1000000.01"}, "Enter at most $1,000,000.00."),
        ({"counted": "1.005"}, "Enter at most 2 digits after the point."),
        ({"note_2000": "-1"}, "$20: enter how many there are, like 12."),
        ({"note_2000": "x"}, "$20: enter how many there are, like 12."),
        ({"coin_25": "1.5"}, "25¢: enter how many there are, like 12."),
        ({"note_100": "10000"}, "$1: enter at most 9999."),
    ],
)
def test_what_is_no_count_is_refused_in_words(web, desk, data, said):
    response = web.post(at(desk, "open/"), open_form(**data))
    assert response.status_code == 422
    assert said in says(response)
    assert not TillSession.objects.exists()


@pytest.mark.parametrize("name", ["", "x", "00000000"])
def test_a_form_without_its_name_does_nothing(web, desk, name):
    opened = web.post(at(desk, "open/"), {"uuid": name, "counted": "5"})
    moved = web.post(at(desk, "pay-in/"), {"uuid": name, "amount": "5", "where": "safe"})
    for response in (opened, moved):
        assert response.status_code == 422
        assert "This form came in incomplete. Nothing was done." in says(response)
    assert not Entry.objects.exists()


def test_the_second_device_is_told_who_opened_it(web, desk):
    opens(make_desk("Jo"), 100)
    response = web.post(at(desk, "open/"), open_form(counted="80"))
    assert response.status_code == 422
    assert "Front was already opened by Jo at" in says(response)
    assert 'value="80"' in response.text


# --- Paying in and out ----------------------------------------------------------------------------


def test_milk_is_paid_out_of_the_till(web, desk):
    opens(desk, 100)
    data = open_form(amount="15", where="other", reason="Milk")
    response = web.post(at(desk, "pay-out/"), data)
    assert "$15.00 was paid out." in told(response)
    web.post(at(desk, "pay-out/"), data)
    assert CashMovement.objects.get().reason == "Milk"
    assert expected_in(desk.till) == 8500


def test_a_dialog_closes_by_going_on_to_the_till(web, desk):
    opens(desk, 100)
    dialog = web.get(at(desk, "pay-out/"), headers=HTMX)
    assert "<html" not in dialog.text
    assert "Front holds $100.00." in says(dialog)
    done = web.post(
        at(desk, "pay-out/"), open_form(amount="60", where="safe", reason=""), headers=HTMX
    )
    assert done.headers["HX-Redirect"] == at(desk)
    assert "$60.00 went to the safe." in says(web.get("/till/"))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"amount": "101", "where": "safe"}, "Front holds $100.00. Nothing was paid out."),
        ({"amount": "5", "where": "other"}, "Say what it is for. Nothing was paid out."),
        ({"amount": "5", "where": "pocket"}, "Choose one of the two."),
        ({"amount": "5"}, "Choose where the cash comes from or goes."),
        ({"amount": "-5", "where": "safe"}, "Enter the amount without a minus sign."),
        ({"amount": "0", "where": "safe"}, "Enter an amount above zero."),
        ({"amount": "", "where": "safe"}, "Enter an amount."),
        ({"amount": "5", "where": "other", "reason": "x" * 241}, "at most 240 characters"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_cash_that_cannot_be_paid_out_is_refused_and_the_form_kept(web, desk, data, said, headers):
    opens(desk, 100)
    response = web.post(at(desk, "pay-out/"), open_form(**data), headers=headers)
    assert response.status_code == 422
    assert said in says(response)
    assert not CashMovement.objects.exists()


# --- Closing --------------------------------------------------------------------------------------


def test_closing_says_what_is_short_and_leads_to_the_report(web, desk):
    session = opens(desk, 100)
    sell(desk, 85)
    page = web.get(at(desk, "close/"))
    assert "Expected $185.00" in says(page)
    assert 'name="shown" value="18500"' in page.text
    response = web.post(
        at(desk, "close/"), close_form(session, 18500, counted="184", left_in="100", note="Odd")
    )
    assert response.url == f"/till/sessions/{session.uuid}/"
    report = web.get(response.url)
    text = says(report)
    assert "Front is closed: $1.00 short." in text
    for part in ("Short $1.00", "Counted $184.00", "Stayed in $100.00", "To the safe $84.00"):
        assert part in text
    assert "“Odd”" in text
    assert "Counted and closed Marcus" in text


def test_cash_since_the_count_is_told_and_the_form_kept_with_the_new_figure(web, desk):
    session = opens(desk, 100)
    sell(desk, 40)
    response = web.post(
        at(desk, "close/"), close_form(session, 10000, counted="100", left_in="50", note="So far")
    )
    assert response.status_code == 409
    text = says(response)
    assert "$40.00 in cash was taken since you counted. Nothing was closed." in text
    assert "Expected $140.00" in text
    assert 'name="shown" value="14000"' in response.text
    assert 'value="So far"' in response.text
    again = web.post(at(desk, "close/"), close_form(session, 14000, counted="140", left_in="50"))
    assert again.status_code == 302


def test_cash_since_the_count_is_told_after_a_typing_error_too(web, desk):
    session = opens(desk, 100)
    wrong = web.post(at(desk, "close/"), close_form(session, 10000, counted="ten"))
    assert wrong.status_code == 422
    sell(desk, 40)
    wrong = web.post(at(desk, "close/"), close_form(session, 10000, counted="ten"))
    assert wrong.status_code == 422
    assert 'name="shown" value="10000"' in wrong.text
    late = web.post(at(desk, "close/"), close_form(session, 10000, counted="100"))
    assert late.status_code == 409
    assert "$40.00 in cash was taken since you counted." in says(late)


def test_a_count_that_came_second_is_told_whose_stands(web, desk):
    session = opens(desk, 100)
    closes(make_desk("Jo"), session, 99, 99)
    response = web.post(at(desk, "close/"), close_form(session, 10000, counted="100"))
    text = told(response)
    assert "Front was already closed by Jo with $99.00 counted. Your count changed nothing." in text


def test_the_same_count_sent_twice_closes_once(web, desk):
    session = opens(desk, 100)
    data = close_form(session, 10000, counted="99", left_in="99")
    first, again = (web.post(at(desk, "close/"), data) for _ in range(2))
    assert first.url == again.url
    assert "Front is closed: $1.00 short." in told(again)
    assert TillSession.objects.get().counted == dollars(99)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"counted": "90", "left_in": "100"}, "Only $90.00 was counted"),
        ({"counted": "90", "left_in": ""}, "Enter an amount."),
        ({"counted": "90", "left_in": "-1"}, "without a minus sign"),
        ({"counted": "90", "note": "x" * 241}, "at most 240 characters"),
        ({"counted": "90", "shown": "x"}, "This form came in incomplete."),
        ({"counted": "90", "shown": ""}, "This form came in incomplete."),
    ],
)
def test_what_cannot_be_closed_is_refused_and_stays_open(web, desk, data, said):
    session = opens(desk, 100)
    response = web.post(at(desk, "close/"), close_form(session, 10000) | data)
    assert response.status_code == 422
    assert said in says(response)
    session.refresh_from_db()
    assert session.is_open


def test_another_tills_session_cannot_be_closed_from_here(web, desk):
    bar = make_till("Color bar", location=desk.location)
    session = opens(desk, 100, till=bar)
    opens(desk, 50)
    response = web.post(at(desk, "close/"), close_form(session, 5000, counted="50"))
    assert response.status_code == 404
    assert TillSession.objects.filter(closed_at=None).count() == 2


def test_a_till_that_is_not_open_has_nothing_to_close(web, desk):
    assert "Front is not open, so there is nothing to close." in told(web.get(at(desk, "close/")))


# --- What was -------------------------------------------------------------------------------------


def test_sessions_are_found_by_till_and_day(web, desk):
    bar = make_till("Color bar", location=desk.location)
    yesterday = make_desk("Jo", at=desk.at - dt.timedelta(days=1))
    first = closes(yesterday, opens(yesterday, 100), 98, 98)
    opens(desk, 98)
    second = closes(desk, opens(desk, 50, till=bar), 51, 51)
    elsewhere = make_desk("Olivia", location=make_location("Old Town"))
    opens(elsewhere, 10)

    def found(**query):
        page = web.get("/till/sessions/", query)
        return [session.till.name for session in page.context["sessions"]]

    assert found() == ["Color bar", "Front", "Front"]
    assert found(till=bar.pk) == ["Color bar"]
    assert found(day=first.business_date.isoformat()) == ["Front"]
    assert found(till=elsewhere.till.pk) == ["Color bar", "Front", "Front"]
    assert found(till=bar.pk, day=first.business_date.isoformat()) == []
    text = says(web.get("/till/sessions/"))
    assert "$2.00 short" in text
    assert f"${second.over.amount:.2f} over" in text


@pytest.mark.parametrize(
    "query", [{"till": "x"}, {"day": "2026-99-99"}, {"before": "-1"}, {"till": "9" * 30}]
)
def test_odd_questions_get_a_page_all_the_same(web, query):
    assert web.get("/till/sessions/", query).status_code == 200


def test_the_list_comes_in_pages(web, desk, monkeypatch):
    monkeypatch.setattr("checkout.views.tills.PAGE", 2)
    made = [closes(desk, opens(desk, 100), 100, 100) for _ in range(3)]
    first = web.get("/till/sessions/")
    assert first.context["sessions"] == made[:0:-1]
    second = web.get("/till/sessions/" + first.context["older_url"])
    assert second.context["sessions"] == made[:1]
    assert second.context["older_url"] == ""


def test_list_and_report_cost_the_same_with_more_in_them(web, desk):
    small = closes(desk, opens(desk, 100), 100, 100)
    session = opens(desk, 100)
    for _ in range(3):
        sell(desk)
        pays_out(desk, 5)
    large = closes(desk, session, 340, 100)
    web.get("/till/sessions/")
    with assertNumQueries(FRAME + 2):
        web.get("/till/sessions/")
    for found, more in ((small, 3), (large, 4)):
        with assertNumQueries(FRAME + more):
            web.get(f"/till/sessions/{found.uuid}/")


def test_a_report_of_what_never_was_is_not_there(web):
    assert web.get(f"/till/sessions/{uuid.uuid4()}/").status_code == 404


def test_entries_of_a_till_open_their_session(desk):
    alone = pays_in(desk, 5, "", from_safe=True)
    session = opens(desk, 100)
    moved = pays_out(desk, 5)
    address = reverse("checkout:till_session", args=[session.uuid])
    assert causes.url_of("till", str(session.uuid)) == address
    assert causes.url_of("cash_movement", str(moved.uuid)) == address
    assert causes.url_of("cash_movement", str(alone.uuid)) == at(desk)
    assert causes.url_of("cash_movement", str(uuid.uuid4())) is None
    assert causes.url_of("till", "no uuid") is None


# --- At checkout ----------------------------------------------------------------------------------


def test_cash_at_a_till_that_is_not_open_leads_to_opening_it_and_back(desk):
    BusinessSettings.objects.update(cash_needs_open_till=True)
    order = order_with(desk, service=85)
    till = OrderTill(order, desk.staff)
    refused = till.pay("cash", amount="85", given="85")
    assert refused.status_code == 422
    assert f'<a href="{at(desk, "open/")}">Open the till</a>' in refused.text
    sale = f"/sales/{order.uuid}/"
    page = till.browser.get(at(desk, "open/"), headers={"Referer": f"http://testserver{sale}"})
    assert f'name="next" value="{sale}"' in page.text
    opened = till.browser.post(at(desk, "open/"), open_form(counted="100", next=sale))
    assert opened.url == sale
    assert till.pay("cash", amount="85", given="100").status_code == 200
    assert till.payments() == [("cash", "$85.00")]


@pytest.mark.parametrize(
    "back", ["https://evil.example/sales/", "//evil.example/sales/", "/admin/"]
)
def test_nobody_is_sent_elsewhere_after_opening(web, desk, back):
    response = web.post(at(desk, "open/"), open_form(counted="100", next=back))
    assert response.url == at(desk)


# --- In the admin ---------------------------------------------------------------------------------


def archive(browser, till):
    data = {"action": "archive", "_selected_action": [till.pk]}
    return says(browser.post("/admin/salon/till/", data, follow=True))


def test_a_till_is_archived_once_it_is_closed_and_empty(desk):
    owner = make_browser("Olivia")
    session = opens(desk, 100)
    assert "Nothing was archived: Front is open. Count and close it first." in archive(
        owner, desk.till
    )
    closes(desk, session, 100, 100)
    assert "by the books, Front holds $100.00. Pay it out to the safe first." in archive(
        owner, desk.till
    )
    pays_out(desk, 100, "", to_safe=True)
    archive(owner, desk.till)
    desk.till.refresh_from_db()
    assert desk.till.is_archived


def test_a_till_is_locked_before_it_is_asked_whether_it_may_go(desk):
    """Else it could be opened, or take cash, between the question and the archive."""
    owner = make_browser("Olivia")
    with CaptureQueriesContext(connection) as queries:
        archive(owner, desk.till)
    asked = [query["sql"] for query in queries]
    locked = next(i for i, sql in enumerate(asked) if "FOR NO KEY UPDATE" in sql)
    is_open = next(i for i, sql in enumerate(asked) if "checkout_tillsession" in sql)
    assert locked < is_open
    desk.till.refresh_from_db()
    assert desk.till.is_archived


def test_a_till_never_moves_to_another_location(desk):
    owner = make_browser("Olivia")
    other = make_location("Old Town")
    address = f"/admin/salon/till/{desk.till.pk}/change/"
    owner.post(address, {"name": "Till 1", "location": other.pk})
    desk.till.refresh_from_db()
    assert (desk.till.name, desk.till.location) == ("Till 1", desk.location)
    assert owner.get("/admin/salon/till/add/").status_code == 403
