"""A service costs at checkout what the person, the location, or else the service says."""

import datetime as dt
import re

import pytest

from appointments.booking import book
from appointments.segments import Wanted
from checkout.lines import add_service, change_line
from checkout.opening import open_for_visit, open_order
from salon.models import ServiceOverride
from salon.updating_services import Own, ServiceCard, update_service
from tests.checkout.till import Till, says
from tests.factories import (
    dollars,
    make_client,
    make_desk,
    make_location,
    make_service,
    make_staff,
    make_tax_rate,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk("Jo")


@pytest.fixture
def maya():
    return make_staff("Maya")


@pytest.fixture
def theo():
    return make_staff("Theo")


@pytest.fixture
def cut(maya):
    """$85.00 and an hour; $95.00 and 75 minutes with Maya; $78.00 at Riverside."""
    service = make_service("Cut & finish", 85, minutes=60)
    ServiceOverride.objects.create(service=service, staff=maya, price=dollars(95), minutes=75)
    riverside = make_location("Riverside")
    ServiceOverride.objects.create(service=service, location=riverside, price=dollars(78))
    return service


@pytest.fixture
def order(desk):
    return open_order(desk=desk, client=make_client())


@pytest.fixture
def till(order, desk):
    return Till(order, desk.staff)


def line_of(order, service, staff, desk):
    return add_service(order=order, service=service, staff=staff, desk=desk)


def shown_prices(sheet):
    return re.findall(r'<span class="option-end amount">([^<]+)</span>', sheet)


# --- Added --------------------------------------------------------------------------------------


def test_a_line_has_the_price_of_who_gives_it(order, cut, maya, theo, desk):
    assert line_of(order, cut, maya, desk).unit_price == dollars(95)
    assert line_of(order, cut, theo, desk).unit_price == dollars(85)
    assert line_of(order, cut, None, desk).unit_price == dollars(85)


def test_a_line_has_the_price_of_the_order_s_location(cut, theo):
    riverside = make_desk("Marcus", location=make_location("Riverside"))
    order = open_order(desk=riverside)
    assert line_of(order, cut, theo, riverside).unit_price == dollars(78)
    assert line_of(order, cut, make_staff("Maya"), riverside).unit_price == dollars(95)


def test_tax_is_of_the_price_that_counts(order, maya, desk):
    service = make_service("Facial", 100, tax_rate=make_tax_rate("10"))
    ServiceOverride.objects.create(service=service, staff=maya, price=dollars(120))
    assert line_of(order, service, maya, desk).tax == dollars(12)


def test_a_visit_s_sale_opens_with_each_one_s_price_and_asks_once_for_all(
    cut, maya, theo, desk, django_assert_num_queries
):
    desk.staff.has_perm("salon.modify_sales")
    for services in (1, 4):
        visit = book(
            client=make_client(),
            starts_at=desk.at + dt.timedelta(hours=6 * services),
            services=[Wanted(cut, maya), *[Wanted(cut, theo)] * (services - 1)],
            desk=desk,
        )
        # The open sale, savepoint, the order, what is customized, its services, the lines,
        # release.
        with django_assert_num_queries(7):
            order = open_for_visit(appointment=visit, desk=desk)
        prices = [str(line.unit_price) for line in order.lines.all()]
        assert prices == ["$95.00", *["$85.00"] * (services - 1)]


def test_the_sheet_shows_what_it_costs_with_whoever_is_chosen(till, cut, maya, theo):
    sheet = says(till.get("add_line", kind="service", query={"staff": maya.pk}))
    assert shown_prices(sheet) == ["$95.00"]
    assert "75 min" in sheet
    sheet = says(till.get("add_line", kind="service", query={"staff": theo.pk}))
    assert shown_prices(sheet) == ["$85.00"]
    for nobody in ("", "x", "999999"):
        sheet = says(till.get("add_line", kind="service", query={"staff": nobody}))
        assert shown_prices(sheet) == ["$85.00"]


def test_the_row_of_a_line_says_how_long_it_takes_with_them(till, cut, maya, theo, desk):
    line_of(till.order, cut, maya, desk)
    line_of(till.order, cut, theo, desk)
    page = till.page()
    assert "75 min" in page
    assert "60 min" in page


# --- Given by somebody else ---------------------------------------------------------------------


def test_another_person_brings_their_own_price(order, cut, maya, theo, desk):
    line = line_of(order, cut, theo, desk)
    assert change_line(line=line, staff=maya, desk=desk).unit_price == dollars(95)
    changed = change_line(line=line, staff=theo, desk=desk)
    assert (changed.unit_price, changed.amount) == (dollars(85), dollars(85))


def test_a_price_that_was_typed_stays_with_another_person(order, cut, maya, theo, desk):
    line = line_of(order, cut, theo, desk)
    change_line(line=line, unit_price=dollars(70), desk=desk)
    assert change_line(line=line, staff=maya, desk=desk).unit_price == dollars(70)


def test_a_price_typed_together_with_another_person_counts(order, cut, maya, theo, desk):
    line = line_of(order, cut, theo, desk)
    changed = change_line(line=line, staff=maya, unit_price=dollars(80), desk=desk)
    assert changed.unit_price == dollars(80)


def test_in_the_form_a_price_that_nobody_touched_was_not_typed(till, cut, maya, theo, desk):
    line = line_of(till.order, cut, theo, desk)
    sheet = till.get("line", line=line.uuid).content.decode()
    assert 'name="initial-unit_price" value="85.00"' in sheet
    untouched = {"quantity": 1, "unit_price": "85.00", "initial-unit_price": "85.00"}
    data = till.act(**untouched, staff=maya.pk)
    answer = till.send("line", data, line=line.uuid)
    assert "Cut &amp; finish changed: $95.00 with Maya." in says(answer)
    assert till.lines() == [("Cut & finish", "$95.00")]
    again = till.send("line", data, line=line.uuid)
    assert again.status_code == 200
    assert till.lines() == [("Cut & finish", "$95.00")]


def test_in_the_form_a_price_that_was_typed_counts(till, cut, maya, theo, desk):
    line = line_of(till.order, cut, theo, desk)
    typed = {"quantity": 1, "unit_price": "80", "initial-unit_price": "85.00", "staff": maya.pk}
    till.change(line, **typed)
    assert till.lines() == [("Cut & finish", "$80.00")]


@pytest.mark.parametrize("crafted", ["", "abc", "-1", "80"])
def test_a_crafted_mark_of_what_the_page_showed_makes_the_price_a_typed_one(
    till, cut, maya, theo, desk, crafted
):
    line = line_of(till.order, cut, theo, desk)
    sent = {"quantity": 1, "unit_price": "85.00", "initial-unit_price": crafted}
    till.change(line, **sent, staff=maya.pk)
    assert till.lines() == [("Cut & finish", "$85.00")]


# --- Live at once -------------------------------------------------------------------------------


def test_a_change_counts_at_once_and_a_line_on_a_sale_keeps_its_price(till, cut, maya, theo, desk):
    before = line_of(till.order, cut, maya, desk)
    card = ServiceCard(cut.name, cut.category, dollars(90), 60, own={maya: Own(price=dollars(99))})
    update_service(service=cut, card=card, by=make_staff("Marcus"))
    sheet = says(till.get("add_line", kind="service", query={"staff": maya.pk}))
    assert shown_prices(sheet) == ["$99.00"]
    till.add("service", service=cut.pk, staff=maya.pk)
    till.add("service", service=cut.pk, staff=theo.pk)
    before.refresh_from_db()
    assert before.unit_price == dollars(95)
    assert [price for _, price in till.lines()] == ["$95.00", "$99.00", "$90.00"]
