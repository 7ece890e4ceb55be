"""Two tills at one location: each device says which is its own, and remembers."""

import datetime as dt

import pytest

from checkout.models import Tender
from salon.chosen_till import cookie_of
from tests.checkout.helpers import order_with
from tests.checkout.reading import says, told
from tests.checkout.till import Till as OrderTill
from tests.factories import make_browser, make_desk, make_location, make_till

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk("Jo")


@pytest.fixture
def bar(desk):
    return make_till("Color bar", location=desk.location)


def works_at(browser) -> str:
    return browser.get("/clients/").context["desk"].till.name


def switch(browser, till, **data):
    return browser.post("/till/switch/", {"till": getattr(till, "pk", till), **data})


def test_a_new_device_works_at_the_first_till_and_is_switched(desk, bar):
    web = make_browser("Jo")
    assert works_at(web) == "Front"
    response = switch(web, bar, next="/clients/")
    assert response.url == "/clients/"
    assert "Cash on this device now goes to Color bar" in told(response)
    assert works_at(web) == "Color bar"


def test_the_device_remembers_whoever_logs_in(desk, bar):
    web = make_browser("Jo")
    switch(web, bar)
    web.post("/logout/")
    web.force_login(make_desk("Marcus").staff)
    assert works_at(web) == "Color bar"
    cookie = web.cookies[cookie_of(desk.location)]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert cookie["max-age"] > 300 * 24 * 3600


def test_another_device_is_not_switched_with_it(desk, bar):
    switch(make_browser("Jo"), bar)
    assert works_at(make_browser("Jo")) == "Front"


def test_each_location_has_a_till_of_its_own_on_one_device(desk, bar):
    other = make_location("Old Town")
    web = make_browser("Jo")
    switch(web, bar)
    web.post("/location/", {"location": other.pk})
    assert works_at(web) == "Front"
    web.post("/location/", {"location": desk.location.pk})
    assert works_at(web) == "Color bar"


def test_cash_goes_to_the_till_of_the_device(desk, bar):
    order = order_with(desk, service=85)
    till = OrderTill(order, desk.staff)
    switch(till.browser, bar)
    till.pay("cash", amount="85", given="85")
    assert Tender.objects.get().till == bar


def test_an_archived_till_falls_back_and_says_so_once(desk, bar):
    web = make_browser("Jo")
    switch(web, bar, next="/clients/")
    web.get("/clients/")
    bar.archived_at = dt.datetime.now(dt.UTC)
    bar.save()
    said = "Color bar is no longer used. Cash on this device now goes to Front."
    assert said in says(web.get("/clients/"))
    assert said not in says(web.get("/clients/"))
    assert works_at(web) == "Front"


@pytest.mark.parametrize("value", ["", "x", "999999", "-1", "9" * 40])
def test_a_crafted_cookie_is_the_first_till(desk, bar, value):
    web = make_browser("Jo")
    web.cookies[cookie_of(desk.location)] = value
    assert works_at(web) == "Front"


def test_a_till_of_another_location_or_none_cannot_be_chosen(desk, bar):
    web = make_browser("Jo")
    other = make_desk("Olivia", location=make_location("Old Town")).till
    bar.archived_at = dt.datetime.now(dt.UTC)
    bar.save()
    for wrong in (other, bar, "x", "", "999999"):
        assert switch(web, wrong).status_code == 404
    assert web.get("/till/switch/").status_code == 405
    assert works_at(web) == "Front"


def test_nobody_is_sent_elsewhere(desk, bar):
    assert switch(make_browser("Jo"), bar, next="https://evil.example").url == "/"


def test_the_menu_offers_the_tills_and_a_single_one_just_its_page(desk):
    web = make_browser("Jo")
    page = web.get("/clients/").text
    assert 'action="/till/switch/"' not in page
    assert 'href="/till/"' in page
    make_till("Color bar", location=desk.location)
    page = web.get("/clients/").text
    assert page.count('action="/till/switch/"') == 2
    assert "Till: Front" in page


def test_the_location_menu_switches_the_location(desk):
    other = make_location("Old Town")
    page = make_browser("Jo").get("/clients/").text
    assert page.count('action="/location/"') == 2
    assert f'name="location" value="{other.pk}"' in page
