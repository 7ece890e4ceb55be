"""The pages of clients: list, picker, form, overview."""

import json

import pytest
from django.urls import reverse

from clients.listing import PAGE
from clients.models import Client
from salon import clock
from salon.models import SettingChange
from tests.factories import (
    dollars,
    make_browser,
    make_client,
    make_credit,
    make_debt,
    make_location,
    make_role,
    make_staff,
)

HTMX = {"HTTP_HX_REQUEST": "true"}
TYPED = {"first_name": "Rosa", "last_name": "Klein", "phone": "(212) 555-0177", "email": ""}


@pytest.fixture
def jo(db):
    return make_browser("Jo")


@pytest.fixture
def clara(db):
    return make_client()


# --- The list ---------------------------------------------------------------------------------


def test_the_list_shows_phone_and_what_is_available(jo, clara):
    make_credit(clara, 40)
    make_debt(make_client("Ines Duarte"), 12)
    page = jo.get("/clients/").content.decode()
    assert "Clara Nuñez" in page
    assert "(212) 555-0142" in page
    assert "$40.00" in page
    assert "owes" in page


def test_balances_are_not_for_everybody(clara):
    make_credit(clara, 40)
    viewer = make_browser(make_staff("Maya", role=make_role("Stylist")))
    assert "$40.00" not in viewer.get("/clients/").content.decode()
    assert "$40.00" not in viewer.get(f"/clients/{clara.pk}/").content.decode()


def test_switched_off_at_a_location_no_balance_shows(clara):
    make_credit(clara, 40)
    off = make_location("Williamsburg", client_account_balances=False)
    page = make_browser("Jo", location=off).get("/clients/").content.decode()
    assert "Clara Nuñez" in page
    assert "$40.00" not in page


def test_the_list_goes_on_by_key_and_shows_everybody_once(jo):
    for number in range(PAGE * 2 + 3):
        make_client(f"Ava Müller{number % 7}")
    seen, address = [], "/clients/"
    while address:
        response = jo.get(address)
        seen += [row["client"].pk for row in response.context["rows"]]
        more = response.context["more"]
        address = f"/clients/?after={more}" if more else None
    assert len(seen) == len(set(seen)) == PAGE * 2 + 3


def test_more_is_a_fragment_for_htmx(jo, clara):
    response = jo.get("/clients/?after=0", headers={"HX-Request": "true", "HX-Target": "more"})
    assert response.content.decode().startswith("<tbody>")


def test_searching_is_a_fragment_for_htmx_and_a_page_without(jo, clara):
    fragment = jo.get(
        "/clients/?q=clara", headers={"HX-Request": "true", "HX-Target": "client-list"}
    ).content.decode()
    assert "Clara Nuñez" in fragment
    assert "<html" not in fragment
    assert "<html" in jo.get("/clients/?q=clara").content.decode()


@pytest.mark.parametrize("after", ["x", "-1", "9" * 40, "", "1e3", "٣", "0"])
def test_a_forged_place_in_the_list_starts_over(jo, clara, after):
    response = jo.get("/clients/", {"after": after})
    assert [row["client"] for row in response.context["rows"]] == [clara]


def test_nobody_found_offers_to_add_them(jo):
    page = jo.get("/clients/?q=rosa").content.decode()
    assert "Nobody found" in page
    assert "/clients/new/?name=rosa" in page


def test_a_search_box_that_found_nobody_begins_the_form(jo):
    form = jo.get("/clients/new/", {"dialog": "1", "client_q": "Rosa Klein"}).context["form"]
    assert (form["first_name"].value(), form["last_name"].value()) == ("Rosa", "Klein")


def test_what_was_typed_is_escaped(jo):
    page = jo.get("/clients/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize("address", ["/clients/", "/clients/?q=ava"])
def test_the_list_costs_the_same_for_one_and_for_many(jo, address, django_assert_num_queries):
    make_credit(make_client("Ava Brown"), 5)
    jo.get(address)
    with django_assert_num_queries(_queries_of(jo, address)):
        jo.get(address)
    cost = _queries_of(jo, address)
    for number in range(30):
        make_credit(make_client(f"Ava Smith{number}"), 5)
    assert _queries_of(jo, address) == cost
    assert cost <= 20


def _queries_of(browser, address):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    return len(captured)


# --- The picker -------------------------------------------------------------------------------


def test_a_picker_gets_buttons_that_send_the_client(jo, clara):
    page = jo.get("/clients/search/?q=clara&pick=client", **HTMX).content.decode()
    assert f'name="client" value="{clara.pk}"' in page
    assert 'type="submit"' in page


def test_without_pick_the_options_lead_to_the_client(jo, clara):
    page = jo.get("/clients/search/?client_q=clara", **HTMX).content.decode()
    assert reverse("clients:detail", args=[clara.pk]) in page


def test_an_empty_search_box_has_no_options(jo):
    assert jo.get("/clients/search/?q=", **HTMX).content == b""


def test_the_name_of_the_picker_is_escaped(jo, clara):
    page = jo.get("/clients/search/", {"q": "clara", "pick": '"><script>'}).content.decode()
    assert "<script>" not in page


# --- The form ---------------------------------------------------------------------------------


def test_a_client_is_added(jo):
    response = jo.post("/clients/new/", TYPED, follow=True)
    rosa = Client.objects.get(first_name="Rosa")
    assert response.redirect_chain[-1][0] == f"/clients/{rosa.pk}/"
    assert str(rosa.phone) == "(212) 555-0177"
    assert rosa.location.name == "Midtown"
    assert "Rosa Klein was added." in response.content.decode()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Rosa Klein", {"first_name": "Rosa", "last_name": "Klein"}),
        ("Rosa", {"first_name": "Rosa", "last_name": ""}),
        ("rosa@example.com", {"email": "rosa@example.com"}),
        ("212 555 0177", {"phone": "212 555 0177"}),
        ("", {"first_name": "", "last_name": ""}),
        ("\x00", {"first_name": "", "last_name": ""}),
    ],
)
def test_what_was_searched_starts_the_form(jo, name, wanted):
    form = jo.get("/clients/new/", {"name": name}).context["form"]
    assert {field: form.initial[field] for field in wanted} == wanted


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("first_name", "", "Enter the client’s first name."),
        ("first_name", "   ", "Enter the client’s first name."),
        ("phone", "555", "Enter a phone number with its area code"),
        ("phone", "not a number", "Enter a phone number with its area code"),
        ("email", "rosa@", "Enter an e-mail address like"),
        ("first_name", "R" * 81, "at most 80 characters"),
        ("first_name", "Ro\x00sa", "Null characters"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(jo, field, typed, said):
    response = jo.post("/clients/new/", {**TYPED, field: typed})
    assert response.status_code == 422
    assert said in str(response.context["form"].errors[field])
    assert "Klein" in response.content.decode()
    assert not Client.objects.exists()


@pytest.mark.parametrize(
    "same", [{"phone": "+1 212 555 0142"}, {"email": "Clara@Example.com", "phone": ""}]
)
def test_somebody_with_the_same_contacts_is_warned_of_and_allowed(jo, clara, same):
    warned = jo.post("/clients/new/", {**TYPED, **same})
    assert warned.status_code == 422
    page = warned.content.decode()
    assert "Clara Nuñez" in page
    assert "Save anyway" in page
    assert not Client.objects.filter(first_name="Rosa").exists()
    seen = warned.context["form"]["seen"].value()
    jo.post("/clients/new/", {**TYPED, **same, "seen": seen})
    assert Client.objects.filter(first_name="Rosa").exists()


def test_another_look_alike_found_meanwhile_is_told_again(jo, clara):
    ben = make_client("Ben Okafor", phone="+12125550142")
    warned = jo.post("/clients/new/", {**TYPED, "phone": "2125550142", "seen": str(clara.pk)})
    assert warned.status_code == 422
    assert ben.name in warned.content.decode()


def test_an_archived_look_alike_is_not_in_the_way(jo, clara):
    clara.archived_at = clock.now()
    clara.save()
    assert jo.post("/clients/new/", {**TYPED, "phone": "2125550142"}).status_code == 302


def test_a_client_is_no_look_alike_of_themselves(jo, clara):
    response = jo.post(
        f"/clients/{clara.pk}/edit/",
        {**TYPED, "phone": "2125550142", "email": "clara@example.com", "note": "Tea, no sugar"},
    )
    assert response.status_code == 302
    clara.refresh_from_db()
    assert (clara.name, clara.note) == ("Rosa Klein", "Tea, no sugar")


def test_a_refused_edit_changes_nothing_and_keeps_the_name_above(jo, clara):
    response = jo.post(f"/clients/{clara.pk}/edit/", {**TYPED, "first_name": ""})
    assert response.status_code == 422
    assert response.context["client"].name == "Clara Nuñez"
    clara.refresh_from_db()
    assert clara.name == "Clara Nuñez"


@pytest.mark.parametrize(
    ("before", "meanwhile"), [("100.00", "50.00"), ("", "50.00"), ("100.00", None)]
)
def test_an_old_form_does_not_put_an_old_limit_back(clara, before, meanwhile):
    marcus = make_browser("Marcus")
    address = f"/clients/{clara.pk}/edit/"
    Client.objects.update(iou_limit=dollars(before) if before else None)
    form = marcus.get(address).context["form"]
    shown = {"iou_limit": before, "initial-iou_limit": before}
    assert form["iou_limit"].value() == (dollars(before) if before else None)
    Client.objects.update(iou_limit=dollars(meanwhile) if meanwhile else None)
    assert marcus.post(address, {**TYPED, **shown}).status_code == 302
    clara.refresh_from_db()
    assert clara.name == "Rosa Klein"
    assert clara.iou_limit == (dollars(meanwhile) if meanwhile else None)
    assert not SettingChange.objects.exists()

    marcus.post(address, {**TYPED, **shown, "iou_limit": "70"})
    clara.refresh_from_db()
    assert clara.iou_limit == dollars(70)
    changed = SettingChange.objects.get()
    was = f"${meanwhile}" if meanwhile else ""
    assert (changed.before, changed.after) == (was, "$70.00")


def test_the_form_and_the_dialog_carry_the_limit_that_they_show(clara):
    marcus = make_browser("Marcus")
    Client.objects.update(iou_limit=dollars(100))
    carried = '<input type="hidden" name="initial-iou_limit" value="100.00"'
    page = marcus.get(f"/clients/{clara.pk}/edit/").content.decode()
    dialog = marcus.get(f"/clients/{clara.pk}/edit/?dialog=1", **HTMX).content.decode()
    assert page.count(carried) == dialog.count(carried) == 1
    wrong = {**TYPED, "first_name": "", "iou_limit": "80", "initial-iou_limit": "100.00"}
    again = marcus.post(f"/clients/{clara.pk}/edit/", wrong).content.decode()
    assert carried in again
    assert 'value="80"' in again


def test_from_a_dialog_the_page_is_told_who_was_added(jo):
    response = jo.post("/clients/new/?dialog=1", TYPED, **HTMX)
    rosa = Client.objects.get(first_name="Rosa")
    assert response.status_code == 204
    told = json.loads(response.headers["HX-Trigger"])
    assert told["client-chosen"] == {"id": rosa.pk, "name": "Rosa Klein"}
    assert "close-sheet" in told


def test_from_a_dialog_errors_come_back_as_the_dialog(jo):
    response = jo.post("/clients/new/?dialog=1", {**TYPED, "first_name": ""}, **HTMX)
    assert response.status_code == 422
    assert "<html" not in response.content.decode()
    assert "data-dialog-close" in response.content.decode()


def test_in_a_dialog_the_look_alike_can_be_taken_instead(jo, clara):
    warned = jo.post("/clients/new/?dialog=1", {**TYPED, "phone": "2125550142"}, **HTMX)
    assert f'name="use" value="{clara.pk}"' in warned.content.decode()
    taken = jo.post("/clients/new/?dialog=1", {**TYPED, "use": clara.pk}, **HTMX)
    assert json.loads(taken.headers["HX-Trigger"])["client-chosen"]["id"] == clara.pk
    assert Client.objects.count() == 1


def test_the_way_back_takes_the_new_client_along(jo):
    response = jo.post("/clients/new/?next=/visits/new/%3Fdate%3D2026-11-24", TYPED)
    rosa = Client.objects.get(first_name="Rosa")
    assert response.headers["Location"] == f"/visits/new/?date=2026-11-24&client={rosa.pk}"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:0"])
def test_nobody_is_sent_to_another_site(jo, elsewhere):
    response = jo.post(f"/clients/new/?next={elsewhere}", TYPED)
    assert response.headers["Location"].startswith("/clients/")
    assert elsewhere not in jo.get(f"/clients/new/?next={elsewhere}").context["next"]


@pytest.mark.parametrize("address", ["/clients/new/", "/clients/{pk}/edit/"])
def test_without_permission_clients_are_only_read(clara, address):
    viewer = make_browser(make_staff("Maya", role=make_role("Stylist")))
    address = address.format(pk=clara.pk)
    for response in (viewer.get(address), viewer.post(address, TYPED)):
        assert response.status_code == 403
        assert "Can add and edit clients" in response.content.decode()
    assert list(Client.objects.all()) == [clara]


# --- The overview -----------------------------------------------------------------------------


def test_the_overview_shows_how_to_reach_the_client_and_the_note(jo, clara):
    clara.note = "Allergic to ammonia"
    clara.save()
    page = jo.get(f"/clients/{clara.pk}/").content.decode()
    for text in ("Clara Nuñez", "tel:+12125550142", "clara@example.com", "Allergic to ammonia"):
        assert text in page


def test_the_overview_has_slots_that_upper_floors_fill(jo, clara):
    page = jo.get(f"/clients/{clara.pk}/").content.decode()
    assert f'hx-get="/clients/{clara.pk}/balance/"' in page


@pytest.mark.parametrize("pk", [0, 999999, 10**30])
def test_a_client_that_is_not_there_is_a_404(jo, pk):
    assert jo.get(f"/clients/{pk}/").status_code == 404


def test_strangers_are_asked_to_log_in(client, clara):
    for address in ("/clients/", "/clients/search/?q=c", f"/clients/{clara.pk}/"):
        assert client.get(address).headers["Location"].startswith("/login/")
