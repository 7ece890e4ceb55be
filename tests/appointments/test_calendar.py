"""The book: what stands where, who has a column, what acts on it answer, and its cost."""

import datetime as dt
import re
from pathlib import Path

import pytest
import time_machine

from appointments import changes
from appointments.booking import book, change, fingerprint
from appointments.calendar import Axis, Span, without
from appointments.calendar_day import board_of_day
from appointments.calendar_week import board_of_week
from appointments.canceling import cancel
from appointments.changes import Prompt
from appointments.checking_in import check_in
from appointments.errors import Refused
from appointments.models import Appointment, TimeOff, VisitMove
from appointments.segments import Wanted
from tests.appointments.conftest import DAY, at
from tests.factories import (
    make_browser,
    make_client,
    make_credit,
    make_desk,
    make_hours,
    make_location,
    make_role,
    make_service,
    make_staff,
)

BOOK = f"/calendar/?date={DAY}"
IN_BOOK = {
    "HX-Request": "true",
    "HX-Target": "book",
    "HX-Current-URL": f"http://testserver{BOOK}",
}
IN_SHEET = {"HX-Request": "true", "HX-Target": "sheet"}
Status = Appointment.Status


@pytest.fixture(autouse=True)
def half_past_ten():
    with time_machine.travel(at(10, 30), tick=False):
        yield


@pytest.fixture
def open_nine_to_seven(desk):
    make_hours(None, *range(6))


@pytest.fixture
def jo(client, desk, open_nine_to_seven):
    client.force_login(desk.staff)
    return client


@pytest.fixture
def clara(db):
    return make_client()


@pytest.fixture
def visit(desk, clara, wanted):
    return book(client=clara, starts_at=at(15, 15), services=wanted, desk=desk)


@pytest.fixture
def asking():
    """An upper floor with a question about every change; it keeps the answers."""

    class Asking:
        answers = None

        def prompt(self, change, data):
            typed = (data or {}).get("fate", "keep")
            return Prompt("tests/asked.html", {"kind": change.kind, "typed": typed})

        def act(self, change):
            self.answers = change.answers
            if change.answers.get("fate") == "no":
                raise Refused("Say what becomes of the deposit. Nothing was changed.")

    one = Asking()
    changes.ask("a-test", one.act, prompt=one.prompt)
    yield one
    changes.forget("a-test")


@pytest.fixture(autouse=True)
def asked_template(settings):
    loaders = [
        ("django.template.loaders.locmem.Loader", {"tests/asked.html": ASKED}),
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    first = settings.TEMPLATES[0]
    options = {**first["OPTIONS"], "loaders": loaders}
    settings.TEMPLATES = [{**first, "APP_DIRS": False, "OPTIONS": options}]


ASKED = "<p>About {{ kind }} of {{ visit.client }}</p><input name='fate' value='{{ typed }}'>"


def column(board, name):
    return next(one for one in board.columns if one.title == name)


def names(board):
    return [one.title for one in board.columns]


def moved(browser, visit, hour, minute=0, *, headers=IN_BOOK, **more):
    data = {"start": at(hour, minute).isoformat(), "seen": fingerprint(visit), "back": "book"}
    return browser.post(f"/visits/{visit.uuid}/move/", data | more, headers=headers)


def status(visit):
    return Appointment.objects.get(pk=visit.pk).status


# --- Where things stand -----------------------------------------------------------------------


def test_what_is_cut_out_of_a_span_leaves_what_is_around_it():
    day = Span(at(9), at(17))
    lunch, early = Span(at(12), at(13)), Span(at(8), at(10))
    assert without([day], [lunch, early]) == [Span(at(10), at(12)), Span(at(13), at(17))]
    assert without([day], [Span(at(8), at(18))]) == []


def test_a_place_says_hours_and_minutes_of_start_and_length():
    axis = Axis(at(9), 10)
    assert axis.place(Span(at(10, 15), at(11, 45))).css == "h1 m15 dh1 dm30"
    assert axis.place(Span(at(18), at(21))).css == "h9 m0 dh1 dm0"
    assert axis.place(Span(at(20), at(21))) is None


def test_every_place_of_the_longest_day_has_its_classes():
    css = Path("static/css/book.css").read_text()
    for name, most in (("h", 29), ("dh", 29)):
        assert all(f".{name}{hour} {{" in css for hour in range(most + 1))
    for name in ("m", "dm"):
        assert all(f".{name}{minute} {{" in css for minute in range(0, 60, 5))


def test_a_visit_stands_at_its_time_with_whom_it_is_with(jo, visit):
    board = board_of_day(visit.location, DAY)
    (card,) = column(board, "Maya").cards
    assert (card.time, card.until, card.services) == ("3:15 pm", "4:15 pm", "Cut & finish")
    assert card.place.css == "h6 m15 dh1 dm0"
    assert board.labels[0] == "9 am"
    assert board.labels[-1] == "6 pm"


def test_services_with_several_people_stand_in_each_ones_column(jo, desk, clara, maya, theo):
    cut, color, gloss = make_service(), make_service("Color", 95), make_service("Gloss", 40)
    services = [Wanted(color, theo, 60), Wanted(cut, maya, 30), Wanted(gloss, maya, 30)]
    visit = book(client=clara, starts_at=at(11), services=services, desk=desk)
    board = board_of_day(desk.location, DAY)
    (his,), (hers,) = column(board, "Theo").cards, column(board, "Maya").cards
    assert (his.time, his.until, his.with_others) == ("11:00 am", "12:00 pm", "Maya")
    assert (hers.time, hers.until, hers.services) == ("12:00 pm", "1:00 pm", "Cut & finish, Gloss")
    assert (his.is_first, hers.is_first) == (True, False)
    assert hers.shift == 3600
    page = jo.get(BOOK).content.decode()
    assert page.count(f'id="visit-{visit.uuid}"') == page.count(f'id="held-of-{visit.uuid}"') == 1


def test_minutes_kept_free_show_and_are_not_free(jo, desk, clara, maya):
    cleaned = make_service("Facial", 90, minutes=60, buffer_before=10, buffer_after=15)
    services = [Wanted(cleaned, maya)]
    book(client=clara, starts_at=at(12), services=services, desk=desk)
    hers = column(board_of_day(desk.location, DAY), "Maya")
    strips = [block for block in hers.blocks if block.kind == "buffer"]
    assert [(one.place.css, one.text) for one in strips] == [
        ("h2 m50 dh0 dm10", "10 min kept free"),
        ("h4 m0 dh0 dm15", "15 min kept free"),
    ]
    assert [gap.place.css for gap in hers.gaps] == ["h0 m0 dh2 dm50", "h4 m15 dh5 dm45"]


def test_hours_off_and_time_off_are_told_apart_from_working_time(jo, desk, maya, theo):
    make_hours(maya, 1, starts=dt.time(11), ends=dt.time(20))
    TimeOff.objects.create(staff=maya, starts_at=at(13), ends_at=at(14), reason="Dentist")
    board = board_of_day(desk.location, DAY)
    hers = column(board, "Maya")
    assert hers.sub == "11 am – 8 pm"
    assert [(b.kind, b.place.css, b.text) for b in hers.blocks] == [
        ("off", "h0 m0 dh2 dm0", ""),
        ("away", "h4 m0 dh1 dm0", "Dentist"),
    ]
    assert [block.place.css for block in column(board, "Theo").blocks] == ["h10 m0 dh1 dm0"]
    assert "Dentist" in jo.get(BOOK).content.decode()


def test_who_is_at_another_location_is_not_free_there(jo, desk, maya, cut, clara):
    maya.location = None
    maya.save()
    uptown = make_desk("Marcus", location=make_location("Uptown"), at=at(9))
    book(client=clara, starts_at=at(10), services=[Wanted(cut, maya)], desk=uptown)
    hers = column(board_of_day(desk.location, DAY), "Maya")
    assert hers.cards == []
    assert [block.text for block in hers.blocks] == ["At Uptown"]
    assert len(hers.gaps) == 2


def test_who_works_or_has_visits_has_a_column(jo, desk, maya, theo, cut, clara):
    make_hours(theo, 0, ends=dt.time(17))
    make_staff("Sam")
    assert names(board_of_day(desk.location, DAY)) == ["Maya"]
    book(client=clara, starts_at=at(12), services=[Wanted(cut, theo)], desk=desk)
    assert names(board_of_day(desk.location, DAY)) == ["Maya", "Theo"]
    assert names(board_of_day(desk.location, DAY, staff_id=theo.pk)) == ["Theo"]


def test_a_closed_day_says_so_and_a_location_without_hours_asks_for_them(jo, desk, client, maya):
    sunday = jo.get("/calendar/?date=2026-11-29").content.decode()
    assert "Nobody works on this day" in sunday
    uptown = make_location("Uptown")
    make_staff("Priya", is_provider=True, location=uptown)
    page = make_browser("Marcus", uptown).get(BOOK).content.decode()
    assert "Nobody has said yet when Uptown is open" in page
    assert "Priya" in page


def test_a_visit_outside_of_all_hours_is_shown_all_the_same(jo, desk, clara, wanted):
    night = at(1, day=DAY + dt.timedelta(days=1))
    book(client=clara, starts_at=night, services=wanted, desk=desk)
    board = board_of_day(desk.location, DAY)
    assert column(board, "Maya").cards[0].time == "1:00 am"
    assert board.labels[-1] == "1 am"


@pytest.mark.parametrize(
    ("day", "labels"),
    [
        (dt.date(2026, 10, 31), ["11 pm", "12 am", "1 am EDT", "1 am EST", "2 am"]),
        (dt.date(2027, 3, 13), ["11 pm", "12 am", "1 am", "3 am"]),
    ],
)
def test_the_hour_that_clocks_repeat_or_skip_is_as_long_as_it_was(jo, desk, maya, day, labels):
    late = make_service("Wedding", 400, minutes=230 if len(labels) == 5 else 200)
    start = at(23, 30, day=day)
    book(client=make_client(), starts_at=start, services=[Wanted(late, maya)], desk=desk)
    board = board_of_day(desk.location, day)
    (card,) = column(board, "Maya").cards
    assert board.labels[-len(labels) :] == labels
    assert card.place.rows * 5 == late.minutes // 5 * 5


def test_what_is_canceled_shows_only_when_asked_for_and_stands_beside(jo, desk, visit, wanted):
    cancel(appointment=visit, reason="Ill", desk=desk)
    ben = make_client("Ben Okafor")
    book(client=ben, starts_at=at(15), services=wanted, desk=desk)
    (card,) = column(board_of_day(desk.location, DAY), "Maya").cards
    assert (card.visit.client, card.lanes) == (ben, 1)
    cards = column(board_of_day(desk.location, DAY, with_gone=True), "Maya").cards
    assert [(card.lane, card.lanes) for card in cards] == [(0, 2), (1, 2)]
    assert "Clara" not in jo.get(BOOK).content.decode()
    assert "Clara" in jo.get(f"{BOOK}&canceled=1").content.decode()


def test_each_status_has_its_word(jo, desk, clara, wanted):
    for hour, pending in ((9, False), (11, True), (13, False)):
        book(client=clara, starts_at=at(hour), services=wanted, desk=desk, pending=pending)
    first, _, last = Appointment.objects.order_by("starts_at")
    check_in(appointment=first)
    last.status = Status.DONE
    last.save()
    page = jo.get(BOOK).content.decode()
    for word in ("Checked in", "Waiting for the deposit", "Checked out"):
        assert word in page
    assert "1 waiting for the deposit" in page
    assert page.count("data-move=") == 1


def test_who_should_be_here_by_now_is_marked(jo, desk, clara, wanted):
    book(client=clara, starts_at=at(10), services=wanted, desk=desk)
    assert "Not here yet" in jo.get(BOOK).content.decode()


def test_the_line_of_the_present_runs_through_today_alone(jo, desk, maya):
    assert board_of_day(desk.location, DAY).now_place.css == "h1 m30 dh0 dm5"
    assert "book-now" in jo.get("/calendar/").content.decode()
    assert "book-now" not in jo.get("/calendar/?date=2026-11-25").content.decode()


def test_a_week_of_one_person_from_monday(jo, desk, visit, maya, clara, wanted):
    book(client=clara, starts_at=at(9, day=dt.date(2026, 11, 28)), services=wanted, desk=desk)
    board = board_of_week(desk.location, maya, DAY)
    assert names(board) == ["Mon 23", "Tue 24", "Wed 25", "Thu 26", "Fri 27", "Sat 28", "Sun 29"]
    assert [one.visits for one in board.columns] == [0, 1, 0, 0, 0, 1, 0]
    page = jo.get(f"/calendar/week/?staff={maya.pk}&date={DAY}").content.decode()
    assert "November 23 – 29" in page
    assert "now-in-1" in page
    # It stands at its place of the day, whichever day of the week it is.
    assert f'data-first="{board.columns[1].first}"' in page


@pytest.mark.parametrize("asked", ["", "date=x", "date=9999-12-31", "staff=x", "staff=999999"])
def test_what_cannot_be_read_shows_something_all_the_same(jo, visit, asked):
    assert jo.get(f"/calendar/?{asked}").status_code == 200
    assert jo.get(f"/calendar/week/?{asked}").status_code == 200


# --- Money, refreshing, cost ------------------------------------------------------------------


def test_all_deposits_come_with_one_request(jo, desk, clara, visit, wanted):
    other = book(client=clara, starts_at=at(12), services=wanted, desk=desk)
    make_credit(clara, 30, source="deposit", visit=visit.pk)
    page = jo.get(BOOK).content.decode()
    (asked,) = re.findall(r'hx-get="(/balances/chips/[^"]*)"', page)
    assert asked == f"/balances/chips/?held={other.pk},{visit.pk}"
    chips = jo.get(asked).content.decode()
    assert f"#held-of-{visit.uuid}" in chips
    assert "$30.00 deposit" in chips


def test_the_book_is_drawn_anew_only_when_something_changed(jo, desk, visit, clara, wanted):
    stamp = re.search(r'"stamp": "(\w+)"', jo.get(BOOK).content.decode()).group(1)
    again = {"HX-Request": "true", "HX-Target": "book"}
    assert jo.get(f"{BOOK}&stamp={stamp}", headers=again).status_code == 204
    book(client=clara, starts_at=at(12), services=wanted, desk=desk)
    fresh = jo.get(f"{BOOK}&stamp={stamp}", headers=again)
    assert fresh.status_code == 200
    assert "<html" not in fresh.content.decode()
    assert "2 visits" in fresh.content.decode()


def test_a_day_of_twenty_people_costs_as_much_as_a_quiet_one(
    jo, desk, cut, color, django_assert_num_queries
):
    def fill(*numbers):
        for number in numbers:
            person = make_staff(f"Stylist {number}", is_provider=True)
            services = [Wanted(cut, person, 20), Wanted(color, person, 20)]
            for hour in (9, 11, 13, 15, 17):
                book(client=make_client(), starts_at=at(hour), services=services, desk=desk)

    fill(0)
    # Visits, services, their names and staff; staff, hours, time off, visits elsewhere.
    with django_assert_num_queries(8):
        board_of_day(desk.location, DAY)
    jo.get(BOOK)
    fill(*range(1, 20))
    with django_assert_num_queries(8):
        board = board_of_day(desk.location, DAY)
    assert len(board.columns) == 20
    assert len(board.visits) == 100
    # And the frame: session, person, locations, till, permissions twice, the business's name, role.
    with django_assert_num_queries(16):
        jo.get(BOOK)
    with django_assert_num_queries(7):
        board_of_week(desk.location, board.columns[3].staff, DAY)


def test_without_permission_the_book_is_only_read(client, desk, visit, open_nine_to_seven):
    client.force_login(make_staff("Sam", role=make_role("Assistant")))
    page = client.get(BOOK).content.decode()
    assert "Clara Nuñez" in page
    for part in ("data-move", "data-gap", "Add visit", "/balances/"):
        assert part not in page
    sheet = client.get(f"/visits/{visit.uuid}/", headers=IN_SHEET).content.decode()
    for word in ("Check in", "Check out", "Cancel", "No-show", "Give to"):
        assert word not in sheet
    for act in ("move", "give"):
        assert client.post(f"/visits/{visit.uuid}/{act}/").status_code == 403


# --- The sheet of a visit ---------------------------------------------------------------------


def test_the_sheet_says_what_is_known_and_offers_what_is_possible(jo, visit):
    sheet = jo.get(f"/visits/{visit.uuid}/?back=book", headers=IN_SHEET).content.decode()
    for words in ("Clara Nuñez", "Tue, Nov 24, 3:15 pm", "with Maya", "60 min", "Booked"):
        assert words in sheet
    acts = ("Check in", "Check out", "Cancel…", "Late cancellation…", "No-show…", "another client…")
    for act in acts:
        assert act in sheet
    assert "<html" not in sheet
    assert "<html" in jo.get(f"/visits/{visit.uuid}/").content.decode()


def test_acts_in_the_book_answer_with_the_book_and_a_toast(jo, visit):
    url, data = f"/visits/{visit.uuid}/check-in/", {"back": "book"}
    answer = jo.post(url, data, headers=IN_BOOK)
    page = answer.content.decode()
    assert 'id="book"' in page
    assert "<html" not in page
    assert "Clara Nuñez is checked in." in page
    assert "close-sheet" in answer.headers["HX-Trigger-After-Swap"]
    assert status(visit) == Status.CHECKED_IN


def test_acts_without_script_lead_back_to_the_book(jo, visit):
    answer = jo.post(f"/visits/{visit.uuid}/check-in/", {"back": "book"})
    assert answer.url == f"/calendar/#visit-{visit.uuid}"
    answer = jo.post(f"/visits/{visit.uuid}/check-in/", {"undo": 1, "back": "//evil.example"})
    assert answer.url == f"/#visit-{visit.uuid}"


# --- Canceling by kind ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "ends", "button"),
    [
        ("client", Status.CANCELED, "Cancel the visit"),
        ("late", Status.LATE, "Cancel it as late"),
        ("no_show", Status.NO_SHOW, "Mark as no-show"),
        ("salon", Status.CANCELED, "Cancel the visit"),
        ("mistake", Status.CANCELED, "Cancel the visit"),
    ],
)
def test_each_kind_asks_about_itself_and_ends_the_visit_so(jo, visit, asking, kind, ends, button):
    url = f"/visits/{visit.uuid}/cancel/"
    sheet = jo.get(f"{url}?kind={kind}&back=book", headers=IN_SHEET).content.decode()
    assert button in sheet
    assert f"About {ends} of Clara Nuñez" in sheet
    data = {"reason": kind, "shown": kind, "fate": "keep", "back": "book"}
    assert 'id="book"' in jo.post(url, data, headers=IN_BOOK).content.decode()
    assert status(visit) == ends
    assert asking.answers["fate"] == "keep"


def test_choosing_another_kind_draws_its_questions_and_keeps_the_words(jo, visit, asking):
    url = f"/visits/{visit.uuid}/cancel/?reason=late&detail=Cold&back=book&sheet=yes"
    form = jo.get(url, headers={"HX-Request": "true", "HX-Target": "cancel-form"}).content.decode()
    assert form.startswith("<form")
    assert "About late of" in form
    assert 'value="Cold"' in form
    assert 'hx-target="#book"' in form


def test_another_kind_than_was_asked_about_is_asked_about_first(jo, visit, asking):
    data = {"reason": "no_show", "shown": "client", "fate": "keep"}
    answer = jo.post(f"/visits/{visit.uuid}/cancel/", data)
    assert answer.status_code == 422
    assert "About no_show of" in answer.content.decode()
    assert status(visit) == Status.BOOKED


def test_a_refusal_shows_the_same_sheet_with_what_was_typed(jo, visit, asking):
    data = {"reason": "late", "shown": "late", "fate": "no", "detail": "Cold", "back": "book"}
    answer = jo.post(f"/visits/{visit.uuid}/cancel/", data, headers=IN_BOOK)
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#sheet"
    page = answer.content.decode()
    assert "Say what becomes of the deposit." in page
    assert "value='no'" in page
    assert 'value="Cold"' in page
    assert status(visit) == Status.BOOKED


def test_a_visit_that_waits_for_its_deposit_can_only_be_canceled(jo, desk, clara, wanted):
    visit = book(client=clara, starts_at=at(12), services=wanted, desk=desk, pending=True)
    url = f"/visits/{visit.uuid}/cancel/"
    assert "No-show" not in jo.get(url).content.decode()
    assert jo.post(url, {"reason": "no_show"}).status_code == 422
    jo.post(url, {"reason": "client"})
    assert status(visit) == Status.CANCELED


# --- Moving -----------------------------------------------------------------------------------


def test_a_drop_moves_and_offers_the_way_back(jo, visit, maya, theo):
    (part,) = visit.services.all()
    answer = moved(jo, visit, 16, **{f"staff-{part.pk}": theo.pk})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="book"' in page
    assert "Clara Nuñez is at Tue, Nov 24, 4:00 pm now, with Theo." in page
    toast = page.split('id="toasts"')[1]
    back = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', toast))
    assert "Undo" in toast
    back.pop("csrfmiddlewaretoken", None)
    jo.post(f"/visits/{visit.uuid}/move/", back, headers=IN_BOOK)
    visit.refresh_from_db()
    assert visit.starts_at == at(15, 15)
    assert visit.services.get().staff == maya
    assert VisitMove.objects.count() == 2


def test_a_busy_time_is_refused_with_the_next_free_ones(jo, desk, visit, wanted):
    book(client=make_client("Ben Okafor"), starts_at=at(12), services=wanted, desk=desk)
    answer = moved(jo, visit, 12, 30)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#sheet"
    assert "Maya is with Ben Okafor from 12:00 pm to 1:00 pm." in page
    (first, *_) = re.findall(r'name="start" value="([^"]+)"', page)
    assert "Move to 1:00 pm" in page
    data = {"start": first, "seen": fingerprint(visit), "back": "book"}
    jo.post(f"/visits/{visit.uuid}/move/", data, headers=IN_BOOK)
    visit.refresh_from_db()
    assert visit.starts_at == at(13)


def test_a_stale_drop_is_refused_in_words(jo, desk, visit, wanted):
    seen = fingerprint(visit)
    change(appointment=visit, starts_at=at(11), services=wanted, desk=desk)
    data = {"start": at(12).isoformat(), "seen": seen, "back": "book"}
    answer = jo.post(f"/visits/{visit.uuid}/move/", data, headers=IN_BOOK)
    assert answer.status_code == 422
    assert "changed at another desk" in answer.content.decode()
    visit.refresh_from_db()
    assert visit.starts_at == at(11)


def test_what_others_ask_about_a_move_is_asked_before_it(jo, visit, asking):
    answer = moved(jo, visit, 16)
    page = answer.content.decode()
    assert answer.headers["HX-Retarget"] == "#sheet"
    assert "About moved of Clara Nuñez" in page
    assert "Move to Tue, Nov 24, 4:00 pm" in page
    visit.refresh_from_db()
    assert visit.starts_at == at(15, 15)
    assert "value='no'" in moved(jo, visit, 16, asked="yes", fate="no").content.decode()
    moved(jo, visit, 16, asked="yes", fate="keep")
    visit.refresh_from_db()
    assert visit.starts_at == at(16)
    assert asking.answers["fate"] == "keep"


def test_another_person_at_the_same_time_asks_nothing(jo, visit, theo, asking):
    (part,) = visit.services.all()
    moved(jo, visit, 15, 15, **{f"staff-{part.pk}": theo.pk})
    assert visit.services.get().staff == theo


def test_without_script_a_move_is_a_page_that_asks(jo, visit):
    url = f"/visits/{visit.uuid}/move/"
    page = jo.get(url, {"start": at(16).isoformat(), "back": "book"}).content.decode()
    assert "Move to Tue, Nov 24, 4:00 pm" in page
    answer = jo.post(url, {"start": at(16).isoformat(), "back": "book"})
    assert answer.url == f"/calendar/#visit-{visit.uuid}"


@pytest.mark.parametrize(
    "crafted",
    [
        {},
        {"start": "noon"},
        {"start": "2026-11-24T12:00"},
        {"start": "1999-01-01T12:00:00+00:00"},
        {"start": "9999-12-31T23:59:59-23:00"},
    ],
)
def test_a_crafted_move_moves_nothing(jo, visit, crafted):
    answer = jo.post(f"/visits/{visit.uuid}/move/", crafted, headers=IN_BOOK)
    assert answer.status_code == 422
    visit.refresh_from_db()
    assert visit.starts_at == at(15, 15)


@pytest.mark.parametrize("person", ["999999", "Sam"])
def test_nobody_who_gives_no_services_is_given_one(jo, visit, person):
    pk = make_staff("Sam").pk if person == "Sam" else person
    (part,) = visit.services.all()
    assert moved(jo, visit, 16, **{f"staff-{part.pk}": pk}).status_code == 422
    assert visit.services.get().staff.name == "Maya"


def test_the_form_asks_about_a_new_start_too(jo, visit, asking):
    (part,) = visit.services.all()
    data = {
        "act": "save",
        "date": f"{DAY}",
        "time": "16:00",
        "seen": fingerprint(visit),
        "row-TOTAL_FORMS": 1,
        "row-INITIAL_FORMS": 0,
        "row-0-service": part.service_id,
        "row-0-staff": part.staff_id,
        "row-0-minutes": 60,
        "back": "book",
    }
    url = f"/visits/{visit.uuid}/edit/"
    page = jo.post(url, data).content.decode()
    assert "About moved of" in page
    asked = re.search(r'name="asked" value="([^"]+)"', page).group(1)
    data |= {"asked": asked, "fate": "no"}
    assert jo.post(url, data).status_code == 422
    answer = jo.post(url, data | {"fate": "keep"})
    assert answer.url == f"/calendar/#visit-{visit.uuid}"
    visit.refresh_from_db()
    assert visit.starts_at == at(16)
    (back,) = re.findall(r'href="([^"]+)">Move it back', jo.get(BOOK).content.decode())
    assert "Move to Tue, Nov 24, 3:15 pm" in jo.get(back.replace("&amp;", "&")).content.decode()


def test_a_place_in_the_book_stands_in_the_form(jo, maya):
    start = at(14, 45).isoformat()
    page = jo.get(
        "/visits/new/",
        {"back": "book", "row-TOTAL_FORMS": 1, "row-0-staff": maya.pk, "start": start},
    ).content.decode()
    assert 'value="2026-11-24"' in page
    assert 'value="14:45"' in page
    assert f'<option value="{maya.pk}" selected>Maya</option>' in page
    assert 'name="back" value="book"' in page


# --- Another client ---------------------------------------------------------------------------


def test_a_visit_is_given_to_somebody_who_is_searched_for(jo, visit, asking):
    ben = make_client("Ben Okafor")
    url = f"/visits/{visit.uuid}/give/"
    found = jo.get(f"{url}clients/", {"q": "okaf", "where": "sheet"}).content.decode()
    assert f"?client={ben.pk}" in found
    assert "Ben Okafor" in jo.get(f"{url}?q=okaf").content.decode()
    sheet = jo.get(f"{url}?client={ben.pk}&back=book", headers=IN_SHEET).content.decode()
    assert "About client of Clara Nuñez" in sheet
    data = {"client": ben.pk, "seen": fingerprint(visit), "back": "book", "fate": "no"}
    refused = jo.post(url, data, headers=IN_BOOK)
    assert refused.status_code == 422
    assert "value='no'" in refused.content.decode()
    answer = jo.post(url, data | {"fate": "keep"}, headers=IN_BOOK)
    assert "is Ben Okafor’s now, not Clara Nuñez’s." in answer.content.decode()
    visit.refresh_from_db()
    assert visit.client == ben


@pytest.mark.parametrize("who", ["", "x", "999999"])
def test_nobody_gets_a_visit_by_a_crafted_request(jo, visit, clara, who):
    jo.post(f"/visits/{visit.uuid}/give/", {"client": who})
    visit.refresh_from_db()
    assert visit.client == clara


def test_its_own_client_is_told_apart(jo, visit, clara):
    answer = jo.get(f"/visits/{visit.uuid}/give/?client={clara.pk}")
    assert "It is Clara Nuñez’s already." in answer.content.decode()


def test_today_and_the_book_lead_to_each_other(jo, visit):
    assert 'href="/calendar/?date=2026-11-25"' in jo.get("/?date=2026-11-25").content.decode()
    assert 'href="/?date=2026-11-25"' in jo.get("/calendar/?date=2026-11-25").content.decode()
