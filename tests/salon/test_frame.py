"""What surrounds every page: logging in, the location, rail, search, errors, an outage."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError
from django.test import RequestFactory

from salon import clock, guessing, outage, rail, search
from salon.middleware import OutageMiddleware
from salon.models import BusinessSettings, Location
from tests.factories import (
    PASSWORD,
    make_browser,
    make_client,
    make_credit,
    make_location,
    make_role,
    make_staff,
)

WRONG = "not the password"


def log_in(client, username="jo", password=PASSWORD, **extra):
    return client.post("/login/", {"username": username, "password": password}, **extra)


# --- Logging in -------------------------------------------------------------------------------


def test_staff_log_in_and_out(client, db):
    make_staff("Jo")
    assert log_in(client).headers["Location"] == "/"
    assert client.get("/clients/").status_code == 200
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert client.get("/clients/").status_code == 302


def test_after_logging_in_one_is_where_one_wanted_to_be(client, db):
    make_staff("Jo")
    address = client.get("/clients/?q=clara").headers["Location"]
    response = client.post(address, {"username": "jo", "password": PASSWORD})
    assert response.headers["Location"] == "/clients/?q=clara"


def test_a_wrong_password_says_so_and_keeps_the_name(client, db):
    make_staff("Jo")
    page = log_in(client, password=WRONG).content.decode()
    assert "don’t belong together" in page
    assert 'value="jo"' in page
    assert WRONG not in page


def test_who_is_inactive_cannot_log_in(client, db):
    make_staff("Jo", is_active=False)
    assert log_in(client).status_code == 200
    assert client.get("/clients/").status_code == 302


def test_five_wrong_passwords_and_even_the_right_one_has_to_wait(client, db):
    make_staff("Jo")
    for _ in range(guessing.TRIES):
        assert "don’t belong together" in log_in(client, password=WRONG).content.decode()
    assert "Wait five minutes" in log_in(client).content.decode()
    assert client.get("/clients/").status_code == 302


def test_an_empty_password_forgives_no_wrong_one(client, db):
    make_staff("Jo")
    for _ in range(guessing.TRIES):
        log_in(client, password=WRONG)
        assert log_in(client, password="").status_code == 200
    assert "Wait five minutes" in log_in(client).content.decode()


def test_the_pause_is_for_this_name_from_this_address(client, db):
    make_staff("Jo")
    make_staff("Maya")
    for _ in range(guessing.TRIES):
        log_in(client, password=WRONG)
    assert log_in(client, "maya").status_code == 302
    assert log_in(client, REMOTE_ADDR="10.0.0.7").status_code == 302


def test_capital_letters_are_not_a_way_round_the_pause(client, db):
    make_staff("Jo")
    for _ in range(guessing.TRIES):
        log_in(client, " JO", password=WRONG)
    assert "Wait five minutes" in log_in(client).content.decode()


def test_the_right_password_forgets_earlier_slips(client, db):
    make_staff("Jo")
    for _ in range(guessing.TRIES - 1):
        log_in(client, password=WRONG)
    assert log_in(client).status_code == 302
    for _ in range(guessing.TRIES - 1):
        log_in(client, password=WRONG)
    assert log_in(client).status_code == 302


def test_behind_a_believed_proxy_the_address_is_the_one_it_saw(db):
    request = RequestFactory().get(
        "/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 10.1.1.1"
    )
    assert guessing.address_of(request) == "10.1.1.1"
    forged = RequestFactory().get("/", REMOTE_ADDR="10.9.9.9", HTTP_X_FORWARDED_FOR="6.6.6.6")
    assert guessing.address_of(forged) == "10.9.9.9"


def test_the_admin_has_no_door_of_its_own(client, db):
    response = client.get("/admin/login/")
    assert response.headers["Location"] == "/login/?next=/admin/"
    make_staff("Jo")
    client.post("/admin/login/", {"username": "jo", "password": PASSWORD})
    assert client.get("/clients/").status_code == 302


def test_front_desk_is_told_that_the_settings_are_not_theirs(db):
    response = make_browser("Jo").get("/admin/", follow=True)
    assert response.status_code == 403
    assert "You can’t open this" in response.content.decode()


def test_a_login_that_ended_takes_the_whole_page_to_log_in(client, db):
    make_location()
    response = client.get(
        "/clients/search/?q=c",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/clients/?q=c"},
    )
    assert response.status_code == 200
    assert response.headers["HX-Redirect"] == "/login/?next=%2Fclients%2F%3Fq%3Dc"


# --- The location -----------------------------------------------------------------------------


def test_the_desk_stands_at_ones_own_location_until_it_is_switched(db):
    make_location("Astoria")
    other = make_location("Williamsburg")
    browser = make_browser("Jo", location=make_location("Midtown"))
    assert browser.get("/clients/").context["location"].name == "Midtown"
    response = browser.post("/location/", {"location": other.pk, "next": "/clients/?q=c"})
    assert response.headers["Location"] == "/clients/?q=c"
    assert browser.get("/clients/").context["desk"].location == other
    assert browser.get("/clients/").context["desk"].till == other.tills.get()


@pytest.mark.parametrize("chosen", ["", "x", "0", "-1", "9" * 30, None])
def test_a_location_that_is_none_is_refused(db, chosen):
    browser = make_browser("Jo")
    data = {} if chosen is None else {"location": chosen}
    assert browser.post("/location/", data).status_code == 404
    assert browser.get("/clients/").context["location"].name == "Midtown"


def test_an_archived_location_is_not_worked_at(db):
    old = make_location("Old")
    browser = make_browser("Jo", location=old)
    make_location("Midtown")
    Location.objects.filter(pk=old.pk).update(archived_at=clock.now())
    assert browser.get("/clients/").context["location"].name == "Midtown"
    assert browser.post("/location/", {"location": old.pk}).status_code == 404


def test_switching_is_a_post_and_leads_nowhere_else(db):
    browser = make_browser("Jo")
    midtown = make_location()
    assert browser.get("/location/").status_code == 405
    response = browser.post("/location/", {"location": midtown.pk, "next": "https://evil.example"})
    assert response.headers["Location"] == "/"


def test_times_are_those_of_the_location(db):
    browser = make_browser("Jo", location=make_location("London", time_zone="Europe/London"))
    client = make_client()
    type(client).objects.filter(pk=client.pk).update(created_at="2026-07-01T23:30:00Z")
    assert "Thu, Jul 2" in browser.get(f"/clients/{client.pk}/").content.decode()


def test_without_any_location_the_desk_says_what_to_do_first(client, db):
    owner = make_staff("Olivia", location=None)
    Location.objects.update(archived_at=clock.now())
    client.force_login(owner)
    response = client.get("/clients/")
    assert response.status_code == 503
    assert "/admin/salon/location/add/" in response.content.decode()
    assert client.get("/admin/").status_code == 200
    assert client.get("/search/?q=c").status_code == 200


# --- The rail and the search ------------------------------------------------------------------


def test_the_rail_marks_where_one_is(db):
    clara = make_client()
    browser = make_browser("Olivia")
    for address in ("/clients/", f"/clients/{clara.pk}/history/"):
        items = browser.get(address).context["rail"]
        assert [item.key for item in items if item.current] == ["clients"]


def test_an_entry_is_only_for_who_may_open_it(db, monkeypatch):
    monkeypatch.setattr(rail, "_entries", dict(rail._entries))
    monkeypatch.setattr(rail, "_covered", dict(rail._covered))
    rail.add(
        rail.Entry(
            key="x",
            label="Secrets",
            icon="lock",
            url_name="clients:list",
            position=1,
            permission="salon.refund_sales",
        )
    )
    assert "Secrets" not in make_browser("Jo").get("/clients/").content.decode()
    assert "Secrets" in make_browser("Marcus").get("/clients/").content.decode()


def test_the_search_finds_clients_with_their_balance(db):
    clara = make_client()
    make_credit(clara, 40)
    page = make_browser("Jo").get("/search/?q=clara").content.decode()
    assert f'href="/clients/{clara.pk}/"' in page
    assert "$40.00 credit" in page


def test_the_search_is_a_popover_for_htmx(db):
    make_client()
    browser = make_browser("Jo")
    found = browser.get("/search/?q=clara", headers={"HX-Request": "true"}).content.decode()
    assert 'role="option"' in found
    assert "<html" not in found
    assert browser.get("/search/?q=", headers={"HX-Request": "true"}).content == b""


@pytest.mark.parametrize("query", ["", "  ", "\x00", "%", "x" * 5000, "<script>"])
def test_a_search_for_nonsense_is_a_page_without_hits(db, query):
    response = make_browser("Jo").get("/search/", {"q": query})
    assert response.status_code == 200
    assert response.context["groups"] == []
    assert "<script>alert" not in response.content.decode()


def test_sources_are_asked_in_their_order(db, monkeypatch):
    hit = search.Hit(url="/x/", name="X")
    sources = {
        "Late": (9, lambda *asked: [hit]),
        "Early": (1, lambda *asked: [hit]),
        "Empty": (5, lambda *asked: []),
    }
    monkeypatch.setattr(search, "_sources", sources)
    assert [group.label for group in search.find("x", None, 5)] == ["Early", "Late"]


# --- Errors -----------------------------------------------------------------------------------


def test_the_page_that_is_not_there_is_a_page_of_ours(db):
    browser = make_browser("Jo")
    browser.raise_request_exception = False
    response = browser.get("/no/such/page/")
    assert response.status_code == 404
    assert BusinessSettings.current().name in response.content.decode()


def test_a_form_of_an_older_login_is_refused_in_words(db):
    browser = make_browser("Jo")
    browser.handler.enforce_csrf_checks = True
    response = browser.post("/clients/new/", {"first_name": "Rosa"})
    assert response.status_code == 403
    assert "This page is out of date" in response.content.decode()


def test_a_missing_permission_is_named(db):
    clara = make_client()
    response = make_browser("Jo").get(f"/clients/{clara.pk}/adjust/")
    assert response.status_code == 403
    assert "Can manually adjust client account balances" in response.content.decode()


def broken(error):
    def find(*args, **kwargs):
        raise error

    return find


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_database_that_is_away_is_said_and_nothing_else(db, monkeypatch, method):
    browser = make_browser("Jo")
    monkeypatch.setattr("clients.views.ClientForm", broken(OperationalError("gone")))
    response = getattr(browser, method)("/clients/new/")
    assert response.status_code == 503
    page = response.content.decode()
    assert "Nothing was saved" in page
    assert "gone" not in page


def test_a_database_that_is_away_before_the_view_is_said_too(db, monkeypatch):
    browser = make_browser("Jo")
    browser.raise_request_exception = False
    monkeypatch.setattr("salon.middleware._current", broken(OperationalError("gone")))
    response = browser.get("/clients/")
    assert response.status_code == 503
    assert "Nothing was saved" in response.content.decode()


def test_a_fault_of_the_program_is_no_outage(db, monkeypatch):
    browser = make_browser("Jo")
    browser.raise_request_exception = False
    monkeypatch.setattr("clients.views.ClientForm", broken(ValueError("a bug")))
    response = browser.get("/clients/new/")
    assert response.status_code == 500
    assert "a bug" not in response.content.decode()


def test_the_page_of_an_outage_asks_nothing_of_the_database(django_assert_num_queries, db):
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    middleware = OutageMiddleware(lambda request: None)
    with django_assert_num_queries(0):
        assert middleware.process_exception(request, OperationalError("gone")).status_code == 503
        assert outage.page().status_code == 503
        assert middleware.process_exception(request, ValueError("a bug")) is None


@pytest.mark.cluster
def test_a_killed_database_is_a_page_and_comes_back(private_cluster, client):
    from django.db import connection

    make_staff("Jo", role=make_role())
    log_in(client)
    client.raise_request_exception = False
    private_cluster.server.kill()
    connection.close()
    response = client.post("/clients/new/", {"first_name": "Rosa"})
    assert response.status_code == 503
    assert "Nothing was saved" in response.content.decode()
    private_cluster.server.start()
    assert client.get("/clients/").status_code == 200


def test_the_frame_costs_a_fixed_number_of_queries(db, django_assert_num_queries):
    browser = make_browser("Jo")
    browser.get("/clients/")
    make_location("Williamsburg")
    # Session, person, locations, tills; permissions (2), role, settings; on this page the list.
    with django_assert_num_queries(9):
        browser.get("/clients/")
