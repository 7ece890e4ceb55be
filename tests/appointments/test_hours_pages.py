"""Manage > Hours: opening hours, everybody's own, and time off."""

import datetime as dt
import re
import uuid

import pytest
import time_machine
from django.urls import reverse

from appointments.hours import MIDNIGHT
from appointments.models import TimeOff, WorkingHours
from appointments.setting_hours import set_hours, week_at
from salon.models import SettingChange
from tests.appointments.conftest import at
from tests.checkout.till import says
from tests.factories import (
    make_appointment,
    make_browser,
    make_hours,
    make_location,
    make_staff,
    make_time_off,
)

pytestmark = pytest.mark.django_db
PAGE = reverse("appointments:hours")
OPENING = reverse("appointments:opening_hours")
NAMED = ("subject", "setting", "before", "after")
NEW_OFF = reverse("appointments:new_time_off")


@pytest.fixture(autouse=True)
def nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def midtown():
    return make_location("Midtown")


@pytest.fixture
def marcus(midtown):
    return make_browser("Marcus", midtown)


def words(page):
    """What stands on a page, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", says(page)).split())


def own(person):
    return reverse("appointments:staff_hours", args=[person.pk])


def typed(page, **changed):
    """The form of a page as it stands, but for what is changed."""
    form = page.context["form"]
    data = {form.add_prefix(name): form[name].value() for name in form.fields}
    return {
        name: f"{value:%H:%M}" if isinstance(value, dt.time) else value or ""
        for name, value in data.items()
    } | changed


def day(number, since, until, part="a"):
    return {f"{part}-{number}-from": since, f"{part}-{number}-until": until}


def rows(staff=None):
    found = WorkingHours.objects.filter(staff=staff).order_by("weekday", "starts")
    return [(row.weekday, f"{row.starts:%H:%M}", f"{row.ends:%H:%M}") for row in found]


# --- Who may ------------------------------------------------------------------------------------


def test_the_front_desk_neither_sees_nor_changes_hours(midtown, maya):
    off = make_time_off(maya, at(12), at(13))
    jo = make_browser("Jo", midtown)
    remove = reverse("appointments:end_time_off", args=[off.uuid])
    for address in (PAGE, OPENING, own(maya), NEW_OFF):
        refused = jo.get(address)
        assert refused.status_code == 403
        assert "Can change working hours and time off" in says(refused)
    for address in (OPENING, own(maya), NEW_OFF, remove):
        assert jo.post(address, day(0, "09:00", "17:00")).status_code == 403
    assert (WorkingHours.objects.count(), TimeOff.objects.count()) == (0, 1)


def test_removing_by_a_link_is_not_possible(marcus, maya):
    off = make_time_off(maya, at(12), at(13))
    address = reverse("appointments:end_time_off", args=[off.uuid])
    assert marcus.get(address).status_code == 405


# --- The page -----------------------------------------------------------------------------------


def test_the_page_tells_hours_in_words(marcus, midtown, maya, theo):
    make_hours(None, 0, 1, 2, 3, 4, location=midtown)
    make_hours(None, 5, location=midtown, starts=dt.time(10), ends=MIDNIGHT)
    make_hours(maya, 1, location=midtown, starts=dt.time(9), ends=dt.time(13))
    make_hours(maya, 1, location=midtown, starts=dt.time(14), ends=dt.time(18))
    make_time_off(theo, at(0), at(0) + dt.timedelta(days=2), "Course")
    make_time_off(theo, at(7), at(8), "Over already")
    make_staff("Kim", is_provider=True, location=make_location("Uptown"))
    page = marcus.get(PAGE)
    shown = words(page)
    assert "Mon to Fri 9:00 am to 7:00 pm Sat 10:00 am to midnight Sun closed" in shown
    assert "Mon not here Tue 9:00 am to 1:00 pm, 2:00 pm to 6:00 pm Wed to Sun not here" in shown
    assert "Follows Midtown" in shown
    assert "from Tue, Nov 24 to Wed, Nov 25" in shown
    assert "Over already" not in shown
    assert "Works at Uptown" in shown


def test_a_shop_without_hours_is_told_what_that_means(marcus):
    assert "No opening hours are set" in says(marcus.get(PAGE))


def test_the_page_costs_the_same_for_few_and_for_many(
    marcus, midtown, maya, django_assert_num_queries
):
    marcus.get(PAGE)
    for _ in range(2):
        # Eight of the frame; people, hours, time off.
        with django_assert_num_queries(11):
            marcus.get(PAGE)
        for n in range(4):
            person = make_staff(f"P{n}", is_provider=True, location=midtown)
            make_hours(person, location=midtown)
            make_time_off(person, at(12), at(13))


# --- Opening hours ------------------------------------------------------------------------------


def test_opening_hours_are_set_and_recorded(marcus, midtown):
    make_hours(None, 0, location=midtown)
    data = typed(marcus.get(OPENING), **day(0, "", ""), **day(1, "09:00", "13:00"))
    data |= day(1, "14:00", "00:00", part="b")
    assert marcus.post(OPENING, data).status_code == 302
    assert rows() == [(1, "09:00", "13:00"), (1, "14:00", "23:59")]
    change = SettingChange.objects.order_by("id").values_list(
        "subject", "setting", "before", "after"
    )
    assert list(change) == [
        ("Hours: Midtown", "Monday", "9:00 am to 7:00 pm", "closed"),
        ("Hours: Midtown", "Tuesday", "closed", "9:00 am to 1:00 pm, 2:00 pm to midnight"),
    ]


def test_the_same_hours_again_are_not_recorded_again(marcus, midtown):
    make_hours(location=midtown)
    assert marcus.post(OPENING, typed(marcus.get(OPENING))).status_code == 302
    assert not SettingChange.objects.exists()
    assert len(rows()) == 7


def test_what_cannot_be_hours_is_told_and_kept(marcus, midtown):
    make_hours(None, 0, location=midtown)
    page = marcus.get(OPENING)
    for wrong, words in [
        (day(2, "09:00", ""), "Wednesday: enter from when and until when."),
        (day(2, "17:00", "09:00"), "Wednesday: the end is not after the beginning."),
        (day(2, "09:00", "13:00") | day(2, "12:00", "18:00", "b"), "begin again after the break"),
        (day(2, "nine", "13:00"), "Enter a time like 9:00 am."),
    ]:
        refused = marcus.post(OPENING, typed(page, **wrong))
        assert refused.status_code == 422
        assert words in says(refused)
        for value in filter(None, wrong.values()):
            assert f'value="{value}"' in refused.content.decode()
    assert rows() == [(0, "09:00", "19:00")]


def test_hours_changed_meanwhile_are_not_overwritten(marcus, midtown):
    make_hours(None, 0, location=midtown)
    page = marcus.get(OPENING)
    week = {1: ((dt.time(9), dt.time(17)),)}
    set_hours(location=midtown, staff=None, week=week, by=make_staff("Olivia"))
    late = marcus.post(OPENING, typed(page, **day(3, "09:00", "17:00")))
    assert late.status_code == 422
    assert "changed by somebody else" in says(late)
    assert week_at(midtown, None) == week


# --- Somebody's own -----------------------------------------------------------------------------


def test_somebody_gets_hours_of_their_own_and_follows_again(marcus, midtown, maya):
    make_hours(location=midtown)
    page = marcus.get(own(maya))
    assert "Follows Midtown" in says(page)
    assert page.context["form"]["a-2-from"].value() == dt.time(9)
    closed = {name: "" for number in range(7) for name in day(number, "", "")}
    data = typed(page, hours="own") | closed | day(2, "12:00", "16:00")
    assert marcus.post(own(maya), data).status_code == 302
    assert rows(maya) == [(2, "12:00", "16:00")]
    back = typed(marcus.get(own(maya)), hours="follows")
    assert marcus.post(own(maya), back).status_code == 302
    assert rows(maya) == []
    told = SettingChange.objects.filter(setting="own hours").order_by("id")
    assert [(c.subject, c.before, c.after) for c in told] == [
        ("Hours: Maya at Midtown", "none", "yes"),
        ("Hours: Maya at Midtown", "yes", "none"),
    ]


def test_what_is_typed_wrong_does_not_matter_to_who_follows(marcus, maya):
    data = typed(marcus.get(own(maya)), **day(2, "nine", ""))
    assert marcus.post(own(maya), data).status_code == 302


def test_own_hours_on_no_day_are_refused(marcus, maya):
    refused = marcus.post(own(maya), typed(marcus.get(own(maya)), hours="own"))
    assert refused.status_code == 422
    assert "Enter hours on at least one day" in says(refused)


def test_somebody_from_another_location_gets_hours_here(marcus, midtown):
    kim = make_staff("Kim", is_provider=True, location=make_location("Uptown"))
    page = marcus.get(own(kim))
    assert "Does not work here" in says(page)
    marcus.post(own(kim), typed(page, hours="own", **day(2, "12:00", "16:00")))
    assert WorkingHours.objects.get().location == midtown


def test_who_gives_no_services_has_no_hours(marcus):
    assert marcus.get(own(make_staff("Jo"))).status_code == 404


# --- Time off -----------------------------------------------------------------------------------


def off_form(person, **fields):
    return {
        "uuid": str(uuid.uuid4()), "staff": person.pk, "first": "2026-11-24", "last": "",
        "since": "", "until": "", "reason": "",
    } | fields  # fmt: skip


def test_whole_days_and_hours_off(marcus, maya):
    marcus.post(NEW_OFF, off_form(maya, last="2026-11-26", reason="Holiday"))
    marcus.post(NEW_OFF, off_form(maya, first="2026-11-30", since="12:00", until="13:00"))
    spans = [(off.starts_at, off.ends_at, off.reason) for off in TimeOff.objects.all()]
    next_week = at(0).date() + dt.timedelta(days=6)
    assert spans == [
        (at(0), at(0) + dt.timedelta(days=3), "Holiday"),
        (at(12, day=next_week), at(13, day=next_week), ""),
    ]
    assert TimeOff.objects.first().made_by.name == "Marcus"


def test_a_day_off_on_which_clocks_change_is_the_whole_day(marcus, maya):
    marcus.post(NEW_OFF, off_form(maya, first="2027-03-14"))
    off = TimeOff.objects.get()
    assert off.ends_at - off.starts_at == dt.timedelta(hours=23)


def test_visits_in_the_way_are_asked_about(marcus, midtown, maya):
    make_appointment(starts_at=at(15), staff=maya, location=midtown)
    form = off_form(maya)
    assert "all the same" not in says(marcus.get(NEW_OFF))
    asked = marcus.post(NEW_OFF, form)
    assert asked.status_code == 422
    assert "Maya has 1 visit then: Clara Nuñez, Tue, Nov 24, 3:00 pm" in says(asked)
    assert "Add it all the same" in says(asked)
    assert marcus.post(NEW_OFF, form | {"beside_visits": "on"}).status_code == 302
    assert TimeOff.objects.count() == 1


def test_what_is_no_time_off_is_told_and_kept(marcus, maya):
    for wrong, words in [
        ({"first": ""}, "Choose the day."),
        ({"last": "2026-11-20"}, "It ends after it begins."),
        ({"since": "13:00", "until": "12:00"}, "It ends after it begins."),
        ({"staff": make_staff("Jo").pk}, "does not work here any more"),
        ({"last": "2029-11-20"}, "more than a year"),
    ]:
        refused = marcus.post(NEW_OFF, off_form(maya, reason="Course", **wrong))
        assert refused.status_code == 422
        assert words in says(refused)
        assert 'value="Course"' in refused.content.decode()
    assert not TimeOff.objects.exists()


def test_time_off_is_removed_once(marcus, maya):
    off = make_time_off(maya, at(12), at(13))
    address = reverse("appointments:end_time_off", args=[off.uuid])
    for _ in range(2):
        assert marcus.post(address).status_code == 302
    assert not TimeOff.objects.exists()
    assert SettingChange.objects.count() == 1
