"""`/` finds visits of today, services, products and pages too; a press on some starts something."""

import datetime as dt

import pytest

from checkout.models import Order
from checkout.starting import open_with
from salon import clock
from tests.factories import (
    make_appointment,
    make_browser,
    make_client,
    make_desk,
    make_location,
    make_product,
    make_role,
    make_service,
    make_staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def jo():
    return make_browser("Jo")


def noon():
    location = make_location()
    day = clock.business_date(location)
    return dt.datetime.combine(day, dt.time(12), location.zone)


def found(browser, query):
    """{"Clients": ["Clara Nuñez"], …}"""
    groups = browser.get("/search/", {"q": query}).context["groups"]
    return {group.label: [hit.name for hit in group.options] for group in groups}


def hit(browser, query, label):
    groups = browser.get("/search/", {"q": query}).context["groups"]
    return next(group for group in groups if group.label == label).options[0]


def test_a_visit_of_today_is_found_by_client_and_by_provider(jo):
    visit = make_appointment(make_client("Clara Nuñez"), starts_at=noon())
    make_appointment(make_client("Clara Reyes"), starts_at=noon() + dt.timedelta(days=1))
    assert found(jo, "nunez")["Visits today"] == ["12:00 pm, Clara Nuñez"]
    assert found(jo, "maya")["Visits today"] == ["12:00 pm, Clara Nuñez"]
    assert found(jo, "maya nunez")["Visits today"] == ["12:00 pm, Clara Nuñez"]
    assert "Visits today" not in found(jo, "theo")
    assert hit(jo, "maya", "Visits today").url == f"/#visit-{visit.uuid}"


def test_a_product_or_service_starts_a_sale_with_it(jo):
    make_product()
    make_service()
    product, service = hit(jo, "olaplex", "Products"), hit(jo, "cut", "Services")
    assert (product.end, service.end) == ("$30.00", "$85.00")
    for _ in range(2):
        response = jo.post(product.url)
    order = Order.objects.get()
    assert response.headers["Location"] == f"/sales/{order.uuid}/"
    assert [str(line) for line in order.lines.all()] == ["Olaplex No. 3 Hair Perfector"]
    jo.post(service.url)
    assert Order.objects.count() == 2


def test_it_takes_the_empty_sale_that_is_left_open(jo):
    product = make_product()
    jo.post("/sales/new/")
    desk = make_desk("Jo")
    order = open_with(thing=product, desk=desk)
    assert order == Order.objects.get()


def test_a_get_opens_nothing_and_what_is_not_there_is_not_found(jo):
    address = hit(jo, "olap", "Products").url if make_product() else ""
    assert jo.get(address).headers["Location"] == "/sales/"
    assert not Order.objects.exists()
    assert jo.post("/sales/new/?product=999999").status_code == 404
    assert jo.post("/sales/new/?service=x").status_code == 404


def test_what_is_no_longer_offered_is_refused(jo):
    product = make_product()
    address = hit(jo, "olap", "Products").url
    type(product).objects.filter(pk=product.pk).update(archived_at=clock.now())
    response = jo.post(address, follow=True)
    assert "no longer offered" in response.content.decode()
    assert not Order.objects.exists()


def test_pages_are_found_by_their_names_and_by_other_words(jo):
    assert found(jo, "new sale")["Go to"] == ["New sale"]
    assert found(jo, "ring")["Go to"] == ["New sale"]
    assert "Clients" in found(jo, "cli")["Go to"]
    assert found(jo, "switch")["Go to"] == ["Switch person"]
    assert hit(jo, "new sale", "Go to").is_act


def test_settings_are_found_by_who_may_open_them(jo):
    assert "Go to" not in found(jo, "settings")
    olivia = make_browser("Olivia")
    assert "Settings and catalog" in found(olivia, "settings")["Go to"]
    assert hit(olivia, "roles", "Go to").url == "/admin/salon/role/"


def test_nothing_leads_to_settings_where_there_are_none_for_somebody(db):
    """Managers may come in, and there is nothing for them until their role says so."""
    marcus, there = make_browser("Marcus"), '<a class="menu-item" href="/admin/">'
    assert there not in marcus.get("/clients/").content.decode()
    assert "Settings and catalog" not in found(marcus, "settings").get("Go to", [])
    assert there in make_browser("Olivia").get("/clients/").content.decode()


def test_who_may_not_sell_starts_no_sale_from_here(jo):
    make_product()
    nobody = make_browser(make_staff("Nobody", role=make_role("Nothing")))
    assert "Products" not in found(nobody, "olaplex")
    assert "Go to" not in found(nobody, "ring")


def test_the_popover_sends_acts_through_the_frames_own_form(jo):
    make_product()
    html = jo.get("/search/", {"q": "olaplex"}, headers={"HX-Request": "true"}).content.decode()
    assert 'form="do-found"' in html
    assert 'id="do-found" method="post"' in jo.get("/clients/").content.decode()


def test_nothing_found_says_what_one_could_type(jo):
    html = jo.get("/search/", {"q": "zzzz"}, headers={"HX-Request": "true"}).content.decode()
    assert "Nothing found for “zzzz”" in html
    assert "Till" in html
