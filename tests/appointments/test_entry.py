"""The visit form: adding and changing, with and without script, honest and crafted."""

import datetime as dt
import uuid
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.utils import timezone

from appointments.booking import book, fingerprint
from appointments.canceling import cancel
from appointments.finishing import finish
from appointments.models import Appointment
from appointments.segments import Wanted
from tests.appointments.conftest import at
from tests.factories import make_client, make_location, make_role, make_service, make_staff

NEW = "/visits/new/"
HTMX = {"HX-Request": "true", "HX-Target": "visit-form"}


@pytest.fixture(autouse=True)
def half_past_ten():
    with time_machine.travel(at(10, 31), tick=False):
        yield


@pytest.fixture
def jo(client, desk):
    client.force_login(desk.staff)
    return client


@pytest.fixture
def clara(db):
    return make_client("Clara Nuñez")


@pytest.fixture
def visit(desk, clara, wanted):
    return book(client=clara, starts_at=at(15, 15), services=wanted, desk=desk, note="Patch test")


def typed(client=None, /, *rows, **more):
    """What the form sends: one field for each of the rows' service, staff and minutes."""
    data = {
        "act": "save",
        "uuid": uuid.uuid4(),
        "client": client.pk if client else "",
        "date": "2026-11-24",
        "time": "15:15",
        "row-TOTAL_FORMS": len(rows),
        "row-INITIAL_FORMS": 0,
    }
    for i, (service, staff, *minutes) in enumerate(rows):
        data[f"row-{i}-service"] = getattr(service, "pk", service)
        data[f"row-{i}-staff"] = getattr(staff, "pk", staff)
        data[f"row-{i}-minutes"] = minutes[0] if minutes else ""
    return data | more


def test_a_visit_is_added(jo, clara, maya, theo, cut, color):
    answer = jo.post(NEW, typed(clara, (color, theo), (cut, maya, 45), note="Window seat"))
    visit = Appointment.objects.get()
    assert answer.status_code == 302
    assert answer.url == f"/#visit-{visit.uuid}"
    assert (visit.client, visit.starts_at, visit.note) == (clara, at(15, 15), "Window seat")
    assert [(row.staff, row.ends_at) for row in visit.services.all()] == [
        (theo, at(16, 45)),
        (maya, at(17, 30)),
    ]
    assert "Clara Nuñez is booked for Tue, Nov 24, 3:15 pm." in jo.get("/").content.decode()


def test_the_form_sent_twice_adds_one_visit(jo, clara, maya, cut):
    data = typed(clara, (cut, maya))
    assert [jo.post(NEW, data).status_code for _ in range(2)] == [302, 302]
    assert Appointment.objects.count() == 1


def test_htmx_is_sent_to_the_day(jo, clara, maya, cut):
    answer = jo.post(NEW, typed(clara, (cut, maya)), headers=HTMX)
    assert answer.headers["HX-Redirect"].startswith("/#visit-")


def test_the_form_begins_with_the_next_quarter_of_an_hour(jo):
    page = jo.get(NEW).content.decode()
    assert 'value="2026-11-24"' in page
    assert 'value="10:45"' in page


def test_a_link_fills_the_form(jo, clara):
    page = jo.get(f"{NEW}?client={clara.pk}&date=2026-12-01&time=09:30").content.decode()
    assert "Clara Nuñez" in page
    assert 'value="2026-12-01"' in page
    assert 'value="09:30"' in page


def test_somebody_busy_is_told_with_what_was_typed_and_the_next_free_start(jo, visit, maya, cut):
    ben = make_client("Ben Okafor")
    data = typed(ben, (cut, maya), time="15:30", note="Window seat")
    answer = jo.post(NEW, data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Maya is with Clara Nuñez from 3:15 pm to 4:15 pm." in page
    assert "Take 4:15 pm instead" in page
    assert "Window seat" in page
    assert 'value="15:30"' in page
    assert not Appointment.objects.filter(client=ben).exists()
    free = answer.context["free"][0][0]
    assert jo.post(NEW, data | {"act": f"save@{free}"}).status_code == 302
    assert Appointment.objects.get(client=ben).starts_at == at(16, 15)


def test_another_service_is_added_without_losing_what_was_typed(jo, clara, maya, cut):
    data = typed(clara, (cut, maya, 45), act="add-row", note="Window seat")
    page = jo.post(NEW, data, headers=HTMX).content.decode()
    assert "<html" not in page
    assert 'name="row-1-service"' in page
    assert "Window seat" in page
    assert "field-error" not in page
    assert "<html" in jo.post(NEW, data).content.decode()
    assert not Appointment.objects.exists()


def test_a_service_is_taken_out_again(jo, clara, maya, theo, cut, color):
    data = typed(clara, (cut, maya), (color, theo), act="remove-row-0")
    entry = jo.post(NEW, data).context["entry"]
    assert [form["service"].value() for form in entry.rows.forms] == [str(color.pk)]


def test_rows_left_empty_are_passed_over(jo, clara, maya, cut):
    jo.post(NEW, typed(clara, (cut, maya), ("", "")))
    assert Appointment.objects.get().services.count() == 1


def test_picking_a_client_keeps_the_rest(jo, clara, maya, cut):
    data = typed(None, (cut, maya), act="", client=clara.pk, note="Window seat")
    page = jo.post(NEW, data).content.decode()
    assert "Clara Nuñez" in page
    assert "Another client" in page
    assert "Window seat" in page
    assert not Appointment.objects.exists()


def test_a_name_that_was_typed_but_not_chosen_offers_who_was_meant(jo, clara, maya, cut):
    page = jo.post(NEW, typed(None, (cut, maya), client_q="nunez")).content.decode()
    assert "Choose the client." in page
    assert f'name="client" value="{clara.pk}"' in page


def test_a_new_client_comes_back_to_the_form_as_it_was(jo, maya, cut):
    data = typed(None, (cut, maya, 45), act="new-client", client_q="Hana Sato", note="Window seat")
    address = urlsplit(jo.post(NEW, data).url)
    query = parse_qs(address.query)
    assert address.path == "/clients/new/"
    assert query["name"] == ["Hana Sato"]
    hana = make_client("Hana Sato")
    page = jo.get(f"{query['next'][0]}&client={hana.pk}")
    entry = page.context["entry"]
    assert page.context["client"] == hana
    assert entry.form["note"].value() == "Window seat"
    assert entry.rows.forms[0]["minutes"].value() == "45"


def test_a_visit_is_changed(jo, visit, theo, color):
    data = typed(None, (color, theo), time="16:00", note="Late", seen=fingerprint(visit))
    answer = jo.post(f"/visits/{visit.uuid}/edit/", data)
    assert answer.url == f"/#visit-{visit.uuid}"
    visit.refresh_from_db()
    assert (visit.starts_at, visit.note) == (at(16), "Late")
    assert visit.services.get().staff == theo


def test_the_client_of_a_visit_stays(jo, visit, maya, cut):
    data = typed(make_client("Ben Okafor"), (cut, maya), seen=fingerprint(visit))
    jo.post(f"/visits/{visit.uuid}/edit/", data)
    visit.refresh_from_db()
    assert visit.client.name == "Clara Nuñez"


def test_the_form_of_a_visit_shows_it(jo, visit):
    page = jo.get(f"/visits/{visit.uuid}/edit/").content.decode()
    for words in ("Visit of Clara Nuñez", "Patch test", 'value="15:15"', "Cancel visit"):
        assert words in page


def test_minutes_that_are_as_usual_follow_the_service(jo, desk, clara, maya, cut, color):
    services = [Wanted(cut, maya), Wanted(cut, maya, 75)]
    visit = book(client=clara, starts_at=at(12), services=services, desk=desk)
    forms = jo.get(f"/visits/{visit.uuid}/edit/").context["entry"].rows.forms
    assert [form["minutes"].value() for form in forms] == [None, 75]


def test_a_page_from_before_another_desks_change_is_told(jo, visit, maya, cut):
    data = typed(None, (cut, maya), time="17:00", seen="an older page")
    answer = jo.post(f"/visits/{visit.uuid}/edit/", data)
    assert answer.status_code == 422
    assert "was changed at another desk" in answer.content.decode()
    visit.refresh_from_db()
    assert visit.starts_at == at(15, 15)


@pytest.mark.parametrize(
    ("end", "words"), [(finish, "Checked out"), (cancel, "Put back in the book")]
)
def test_a_visit_that_is_over_is_shown_not_changed(jo, desk, visit, maya, cut, end, words):
    end(appointment=visit, **({"reason": "Ill", "desk": desk} if end is cancel else {}))
    address = f"/visits/{visit.uuid}/edit/"
    assert words in jo.get(address).content.decode()
    assert jo.post(address, typed(None, (cut, maya), time="17:00")).status_code == 409
    visit.refresh_from_db()
    assert visit.starts_at == at(15, 15)


BAD = {
    "no client": ({"client": ""}, "Choose the client."),
    "no such client": ({"client": "999999"}, "This client is not there any more."),
    "a client in words": ({"client": "Clara"}, "This client is not there any more."),
    "no date": ({"date": ""}, "Choose the day."),
    "no real date": ({"date": "2026-02-30"}, "Enter a day like"),
    "a day long gone": ({"date": "1999-01-01"}, "within the last year or the next two"),
    "a day too far": ({"date": "2199-01-01"}, "within the last year or the next two"),
    "no time": ({"time": ""}, "Choose when it starts."),
    "no real time": ({"time": "25:61"}, "Enter a time like 3:15 pm."),
    "a skipped hour": ({"date": "2027-03-14", "time": "02:30"}, "2:30 am does not exist"),
    "an endless note": ({"note": "x" * 2001}, "at most 2000 characters"),
    "a null in the note": ({"note": "x\0"}, "Null characters are not allowed"),
    "no service": ({"row-0-service": "", "row-0-staff": ""}, "Choose at least one service."),
    "no such service": ({"row-0-service": "999999"}, "This service is not offered here."),
    "a service in words": ({"row-0-service": "cut"}, "This service is not offered here."),
    "no staff": ({"row-0-staff": ""}, "Choose who gives it."),
    "no such staff": ({"row-0-staff": "999999"}, "This person does not work here."),
    "no minutes": ({"row-0-minutes": "0"}, "at least 1 minute"),
    "minutes below zero": ({"row-0-minutes": "-30"}, "at least 1 minute"),
    "a year of minutes": ({"row-0-minutes": "525600"}, "at most 720 minutes"),
    "half minutes": ({"row-0-minutes": "1.5"}, "Enter whole minutes"),
    "minutes in words": ({"row-0-minutes": "an hour"}, "Enter whole minutes"),
    "no rows at all": ({"row-TOTAL_FORMS": "0"}, "Choose at least one service."),
    "rows in words": ({"row-TOTAL_FORMS": "many"}, "The form arrived incomplete."),
    "rows without end": ({"row-TOTAL_FORMS": "1000000"}, "at most 12"),
    "a used-up form": ({"uuid": "not one"}, "valid UUID"),
    "a moment that is none": ({"act": "save@soon", "time": ""}, "Choose when it starts."),
}


@pytest.mark.parametrize(("crafted", "message"), BAD.values(), ids=BAD.keys())
def test_what_cannot_be_understood_is_told_and_nothing_is_added(
    jo, clara, maya, cut, crafted, message
):
    answer = jo.post(NEW, typed(clara, (cut, maya), note="Window seat") | crafted)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    if "note" not in crafted:
        assert "Window seat" in answer.content.decode()
    assert not Appointment.objects.exists()


def test_nothing_sent_is_told_too(jo, clara):
    for data in ({}, {"act": "save"}, {"act": "remove-row-9999999999999"}, {"act": "add-row"}):
        assert jo.post(NEW, data).status_code in (200, 422)
    assert not Appointment.objects.exists()


def test_rules_of_the_book_show_above_the_form(jo, clara, maya, cut):
    balayage = make_service("Balayage", 220)
    balayage.staff.add(make_staff("Theo"))
    page = jo.post(NEW, typed(clara, (balayage, maya))).content.decode()
    assert "Maya does not give Balayage." in page


def test_staff_of_another_location_are_not_offered(jo, clara, cut):
    priya = make_staff("Priya", is_provider=True, location=make_location("Uptown"))
    page = jo.post(NEW, typed(clara, (cut, priya))).content.decode()
    assert "This person does not work here." in page


def test_an_archived_client_is_not_booked(jo, maya, cut):
    gone = make_client("Ines Duarte", archived_at=timezone.now())
    assert jo.post(NEW, typed(gone, (cut, maya))).status_code == 422


def test_the_hour_that_comes_twice_is_asked_about(jo, clara, maya, cut):
    with time_machine.travel(at(10, day=dt.date(2026, 10, 30))):
        data = typed(clara, (cut, maya), date="2026-11-01", time="01:30")
        answer = jo.post(NEW, data)
        assert answer.status_code == 422
        assert "this time comes twice. Choose which." in answer.content.decode()
        assert jo.post(NEW, data | {"which": "second"}).status_code == 302
    visit = Appointment.objects.get()
    assert visit.starts_at == dt.datetime(2026, 11, 1, 6, 30, tzinfo=dt.UTC)
    with time_machine.travel(at(10, day=dt.date(2026, 10, 30))):
        form = jo.get(f"/visits/{visit.uuid}/edit/").context["entry"].form
    assert form["which"].value() == "second"


def test_without_the_permission_the_form_is_closed(client, desk, visit):
    client.force_login(make_staff("Sam", role=make_role("Assistant")))
    for address in (NEW, f"/visits/{visit.uuid}/edit/", f"/visits/{visit.uuid}/cancel/"):
        for send in (client.get, client.post):
            assert send(address).status_code == 403


def test_a_visit_that_never_was_is_not_found(jo):
    for act in ("edit", "cancel"):
        assert jo.get(f"/visits/{uuid.uuid4()}/{act}/").status_code == 404


def test_the_form_costs_the_same_for_one_row_as_for_six(
    jo, clara, maya, cut, django_assert_max_num_queries
):
    for count in (1, 6):
        data = typed(clara, *[(cut, maya)] * count, act="add-row")
        # Session, person, locations, till; two of permissions; services, givers, staff, client; the
        # client's figures; the business's name and the role.
        with django_assert_max_num_queries(15):
            jo.post(NEW, data)
