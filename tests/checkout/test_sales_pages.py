"""Sales: the list by number, client and day, what a sale's page tells, and what it leads to."""

import datetime as dt
import re
import uuid

import pytest
from django.contrib.auth.models import Permission
from django.test import Client as Browser
from django.urls import reverse
from pytest_django.asserts import assertNumQueries

from checkout.closing import close_order
from checkout.models import Order
from checkout.opening import open_order
from checkout.refunding import refund_lines
from checkout.sales_list import PAGE, day_totals, rows_of
from checkout.sales_search import Wanted, find_sales, understand
from checkout.statuses import SaleStatus
from checkout.voiding import void_order
from ledger import causes
from tests.checkout.helpers import order_with, pay, remaining, sell_credit
from tests.factories import (
    dollars,
    make_browser,
    make_client,
    make_credit,
    make_desk,
    make_location,
    make_role,
    make_staff,
)

pytestmark = pytest.mark.django_db

FRAME = 8
"""Session, person, two for permissions, locations, till, and at the end settings and role."""
TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def desk():
    return make_desk("Marcus")


@pytest.fixture
def web(desk):
    return make_browser(desk.staff)


def sold(desk, client=None, price=30, kind="cash"):
    order = order_with(desk, client, product=price)
    pay(order, kind, remaining(order), desk)
    return close_order(order=order, desk=desk)


def refund(order, amount, desk):
    line = order.lines.get()
    refund_lines(
        order=order, amounts={line: dollars(amount)}, destinations={}, desk=desk, uuid=uuid.uuid4()
    )


def numbers(response):
    """The sales on a list page, from the top."""
    return [int(n) for n in re.findall(r'class="row-link nowrap"[^>]*>#(\d+)<', response.text)]


# --- Understanding what was typed -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("1042", Wanted(number=1042)),
        (" #1042 ", Wanted(number=1042)),
        ("Sale 1042", Wanted(number=1042)),
        ("R1042-7", Wanted(number=1042)),
        ("Nov 21", Wanted(day=dt.date(2026, 11, 21))),
        ("november 21, 2025", Wanted(day=dt.date(2025, 11, 21))),
        ("2026-11-20", Wanted(day=dt.date(2026, 11, 20))),
        ("11/21", Wanted(day=dt.date(2026, 11, 21))),
        ("12/25", Wanted(day=dt.date(2025, 12, 25))),
        ("yesterday", Wanted(day=dt.date(2026, 11, 21))),
        ("clara", Wanted(words="clara")),
        ("May Smith", Wanted(words="May Smith")),
        ("99999999999999999999", Wanted(words="99999999999999999999")),
        ("feb 30", Wanted(words="feb 30")),
        ("cla\x00ra", Wanted(words="clara")),
        ("", Wanted()),
    ],
)
def test_a_number_a_day_and_words_are_told_apart(typed, wanted):
    assert understand(typed, TODAY) == wanted


# --- The list -------------------------------------------------------------------------------------


def test_open_sales_that_hold_money_stand_on_top_with_what_they_hold(web, desk, clara):
    closed = sold(desk, clara)
    holding = order_with(desk, clara, service=85)
    pay(holding, "cash", 20, desk)
    empty = open_order(desk=desk)
    page = web.get("/sales/")
    assert numbers(page) == [holding.number, empty.number, closed.number]
    assert "Holds $20.00" in page.text
    assert "$20.00 waits to be closed or taken back" in page.text


def test_each_status_reads_as_people_say_it(desk, clara):
    closed, partly, whole = (sold(desk, clara) for _ in range(3))
    refund(partly, 10, desk)
    refund(whole, 10, desk)
    refund(whole, 20, desk)
    voided = void_order(order=order_with(desk, clara, service=5), desk=desk, reason="Mistake")
    opened = open_order(desk=desk)
    orders = [opened, voided, whole, partly, closed]
    rows = rows_of(Order.objects.order_by("-pk"))
    assert [row.order for row in rows] == orders
    assert [row.status.label for row in rows] == [
        "Open",
        "Voided",
        "Closed (Refunded)",
        "Closed (Partly refunded)",
        "Closed",
    ]
    assert [row.refunded for row in rows] == [dollars(n) for n in (0, 0, 30, 10, 0)]


def test_a_free_sale_that_is_closed_is_just_closed(desk, clara):
    order = order_with(desk, clara, custom="0.00")
    close_order(order=order, desk=desk)
    assert rows_of(Order.objects.filter(pk=order.pk))[0].status is SaleStatus.CLOSED


def test_the_list_is_of_this_location_and_a_search_of_all(web, desk, clara):
    here = sold(desk, clara)
    other = make_location("Old Town")
    there = sold(make_desk("Marcus", location=other), clara)
    assert numbers(web.get("/sales/")) == [here.number]
    found = web.get("/sales/?q=clara")
    assert numbers(found) == [there.number, here.number]
    assert "Old Town" in found.text
    assert numbers(web.get(f"/sales/?q={there.number}")) == [there.number]


def test_a_sale_is_found_by_number_client_phone_and_day(web, desk, clara):
    ben = make_client("Ben Okafor")
    yesterday = make_desk("Marcus", at=desk.at - dt.timedelta(days=1))
    first, second = sold(yesterday, clara), sold(desk, ben)
    assert numbers(web.get("/sales/", {"q": f"#{first.number}"})) == [first.number]
    assert numbers(web.get("/sales/", {"q": "okafor"})) == [second.number]
    assert numbers(web.get("/sales/", {"q": "0107"})) == [second.number]
    assert numbers(web.get("/sales/", {"q": "yesterday"})) == [first.number]
    day = desk.business_date.isoformat()
    assert numbers(web.get("/sales/", {"day": day})) == [second.number]
    assert numbers(web.get("/sales/", {"q": "clara", "day": day})) == []


@pytest.mark.parametrize(
    "query",
    [
        {"q": "zzyzx"},
        {"q": "999999"},
        {"q": "%' or 1=1 --"},
        {"day": "2026-99-99"},
        {"before": "nonsense"},
        {"before": "2026-11-22.99999999999999999999"},
        {"after": "2026-11-22.-1"},
        {"q": "\x00"},
        {"q": "x" * 5000},
    ],
)
def test_odd_questions_get_a_page_all_the_same(web, query):
    assert web.get("/sales/", query).status_code == 200


def test_pages_follow_without_a_gap_and_lead_back(web, desk, clara):
    at = [desk.at - dt.timedelta(days=n % 3) for n in range(PAGE + 5)]
    made = [open_order(desk=make_desk("Marcus", at=moment), client=clara) for moment in at]
    expected = [o.number for o in sorted(made, key=lambda o: (o.business_date, o.pk))[::-1]]
    first = web.get("/sales/")
    assert numbers(first) == expected[:PAGE]
    second = web.get("/sales/" + first.context["older_url"])
    assert numbers(first) + numbers(second) == expected
    assert second.context["older_url"] == ""
    again = web.get("/sales/" + second.context["newer_url"])
    assert numbers(again) == expected[:PAGE]
    assert again.context["newer_url"] == ""


def test_a_day_says_what_it_came_to(web, desk, clara):
    sold(desk, clara, price=30)
    refund(sold(desk, clara, price=12), 12, desk)
    open_order(desk=desk)
    totals = day_totals(desk.location, [desk.business_date])[desk.business_date]
    assert (totals.sales, totals.sold, totals.refunded) == (2, dollars(42), dollars(12))
    assert "2 sales, $42.00 · $12.00 given back" in web.get("/sales/").text


def test_only_the_rows_come_when_htmx_asks(web, desk, clara):
    sold(desk, clara)
    headers = {"HX-Request": "true", "HX-Target": "sales"}
    part = web.get("/sales/?q=clara", headers=headers)
    assert "<html" not in part.text
    assert len(numbers(part)) == 1


def test_the_list_costs_the_same_with_one_sale_and_with_many(web, desk, clara):
    web.get("/sales/")
    for _ in range(2):
        sold(desk, clara)
        pay(order_with(desk, clara, service=85), "cash", 20, desk)
        with assertNumQueries(FRAME + 4):
            web.get("/sales/")
    for _ in range(5):
        sold(desk, clara)
    with assertNumQueries(FRAME + 4):
        web.get("/sales/")


def test_who_may_not_sell_sees_no_sales(desk, clara):
    order = sold(desk, clara)
    web = Browser()
    web.force_login(make_staff("Maya", location=desk.location))
    for name in ("order", "receipt", "email_receipt"):
        assert web.get(reverse(f"checkout:{name}", args=[order.uuid])).status_code == 403
    page = web.get("/sales/")
    assert page.status_code == 403
    assert "Can start a checkout and modify sales" in page.text
    assert web.get(f"/clients/{clara.pk}/sales/").status_code == 403


# --- A client's own -------------------------------------------------------------------------------


def test_a_clients_tab_has_that_clients_sales_alone(web, desk, clara):
    own, _ = sold(desk, clara), sold(desk, make_client("Ben Okafor"))
    page = web.get(f"/clients/{clara.pk}/sales/")
    assert numbers(page) == [own.number]
    assert 'aria-current="page">Sales' in page.text
    assert web.get("/clients/999999/sales/").status_code == 404


def test_a_client_without_sales_is_told_so(web, clara):
    assert "No sales yet" in web.get(f"/clients/{clara.pk}/sales/").text


# --- One sale -------------------------------------------------------------------------------------


def test_a_closed_sale_tells_lines_payments_and_what_went_back_where(web, desk, clara):
    make_credit(clara, 40)
    order = order_with(desk, clara, service=85)
    pay(order, "credits", 40, desk)
    pay(order, "cash", 45, desk, cash_given=dollars(50))
    close_order(order=order, desk=desk)
    refund_lines(
        order=order,
        amounts={order.lines.get(): dollars(17)},
        destinations={},
        desk=desk,
        uuid=uuid.uuid4(),
        reason="Too short",
    )
    text = web.get(f"/sales/{order.uuid}/").text
    for part in (
        f"Sale #{order.number}",
        "Closed (Partly refunded)",
        "Clara Nuñez",
        "Service at 85",
        "Applied Account Debit",
        "$50.00 given, $5.00 back",
        "Refunded $8.00 to account credit, $9.00 in cash",
        "Too short",
        "−$17.00",
    ):
        assert part in text


def test_a_closed_sale_costs_the_same_with_more_on_it(web, desk, clara):
    make_credit(clara, 200)
    small, large = sold(desk, clara), order_with(desk, clara, service=85, product=30, custom=5)
    pay(large, "credits", 60, desk)
    pay(large, "card", 40, desk)
    pay(large, "cash", 20, desk)
    close_order(order=large, desk=desk)
    refund_lines(
        order=large,
        amounts={line: dollars(5) for line in large.lines.all()},
        destinations={},
        desk=desk,
        uuid=uuid.uuid4(),
    )
    # One more where account credit paid: what the balance was before.
    for order, queries in ((small, FRAME + 13), (large, FRAME + 14)):
        web.get(f"/sales/{order.uuid}/")  # Remembers it as the last sale.
        with assertNumQueries(queries):
            web.get(f"/sales/{order.uuid}/")


def test_a_voided_sale_says_by_whom_and_why(web, desk, clara):
    order = order_with(desk, clara, service=85)
    pay(order, "cash", 20, desk)
    void_order(order=order, desk=desk, reason="Rang up twice")
    text = web.get(f"/sales/{order.uuid}/").text
    assert "Voided by Marcus" in text
    assert "Rang up twice" in text
    assert f"/sales/{order.uuid}/refund/" not in text


def test_refunding_is_offered_only_to_who_may_and_while_something_is_left(web, desk, clara):
    order = sold(desk, clara)
    address = f"/sales/{order.uuid}/refund/"
    assert address in web.get(f"/sales/{order.uuid}/").text
    jo = Browser()
    jo.force_login(make_staff("Jo", location=desk.location))
    assert address not in jo.get(f"/sales/{order.uuid}/").text
    refund(order, 30, desk)
    assert f'href="{address}"' not in web.get(f"/sales/{order.uuid}/").text


def test_who_may_not_see_balances_is_not_told_one_on_a_sale(desk, clara):
    sell_credit(clara, 77, desk)
    order = sold(desk, clara)
    role = make_role("Till only")
    role.permissions.set([Permission.objects.get(codename="modify_sales")])
    sam = Browser()
    sam.force_login(make_staff("Sam", role, location=desk.location))
    assert "$77.00" not in sam.get(f"/sales/{order.uuid}/").text


def test_there_is_no_sale_of_an_unknown_uuid(web):
    for name in ("order", "receipt", "refund", "void", "email_receipt"):
        assert web.get(reverse(f"checkout:{name}", args=[uuid.uuid4()])).status_code == 404


# --- From elsewhere -------------------------------------------------------------------------------


def test_the_search_over_everything_finds_a_sale_by_number(web, desk, clara):
    order = sold(desk, clara)
    assert f"Sale #{order.number}" in web.get("/search/", {"q": str(order.number)}).text
    hit = find_sales(f"#{order.number}", desk, 6)[0]
    assert (hit.url, hit.end) == (f"/sales/{order.uuid}/", "$30.00")
    assert find_sales("clara", desk, 6) == []
    maya = make_desk(make_staff("Maya", location=desk.location))
    assert find_sales(str(order.number), maya, 6) == []


def test_a_statement_line_opens_its_sale(desk, clara):
    order = sell_credit(clara, 50, desk)
    assert causes.url_of("order", str(order.uuid)) == f"/sales/{order.uuid}/"
    assert causes.url_of("order", "no uuid") is None
    name = f"Sale #{order.number}"
    assert causes.names_of([order.entry]) == {("order", str(order.uuid)): name}
