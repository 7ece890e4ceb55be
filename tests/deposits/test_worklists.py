"""Deposits in the rail: held, stranded, waited for, fees to collect; each with its next action."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.urls import reverse

from appointments.models import Appointment
from deposits.desk.worklists import PAGE, counts_of, held_page
from deposits.models import DepositRequest, Fee
from salon import clock
from tests.deposits.money import make_visit, take_deposit
from tests.deposits.own import NOW
from tests.factories import (
    dollars,
    make_appointment,
    make_browser,
    make_client,
    make_credit,
    make_desk,
    make_location,
    make_role,
    make_service,
    make_staff,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock_stands")]
Status = Appointment.Status


@pytest.fixture
def desk():
    return make_desk("Jo")


@pytest.fixture
def jo(desk):
    return make_browser("Jo")


def next_visit(client, **more):
    """One a day, so that Maya is never in two places at once."""
    return make_visit(client, days=1 + Appointment.objects.count(), **more)


def page(browser, tab="held", **query):
    found = browser.get(reverse(f"deposits:{tab}"), query)
    assert found.status_code == 200
    text = found.content.decode()
    return " ".join(text[text.index("<main") :].split())


def ends(visit, status):
    Appointment.objects.filter(pk=visit.pk).update(status=status)
    visit.services.update(occupies=False)


def make_request(visit, amount=40, **fields):
    values = {
        "came_from": "link",
        "asked_at": clock.now(),
        "expires_at": visit.starts_at,
        "asked_by": make_staff("Jo"),
    }
    return DepositRequest.objects.create(
        appointment=visit, amount=dollars(amount), **values | fields
    )


def make_fee(visit, amount=85, **fields):
    values = {"occasion": "no_show", "at": clock.now(), "location": visit.location}
    return Fee.objects.create(
        appointment=visit, client=visit.client, amount=dollars(amount), **values | fields
    )


# --- Held -------------------------------------------------------------------------------------


def test_what_is_held_stands_by_the_visit_s_date_with_how_it_was_paid(jo, desk, clara):
    later, sooner = make_visit(clara, days=5), make_visit(make_client("Ben Okafor"), days=2)
    take_deposit(later, 30, desk, reference="Visa •••• 4242")
    take_deposit(sooner, "25.50", desk)
    found = page(jo)
    assert "$55.50 held for 2 visits ahead" in found
    assert found.index("Ben Okafor") < found.index("Clara Nuñez")
    assert "Visa •••• 4242" in found
    assert "See deposit" in found
    assert "In all" in found


def test_with_nothing_held_it_says_what_would_stand_there(jo):
    assert "No deposit is held" in page(jo)
    assert "Nothing is stranded" in page(jo, "stranded")
    assert "Nobody is asked for a deposit" in page(jo, "waiting")
    assert "No fee is to be collected" in page(jo, "fees")


def test_money_that_no_sale_sold_is_told_as_from_the_balance(jo, clara):
    visit = make_visit(clara)
    make_credit(clara, 20, visit=visit.pk)
    assert "From the account balance" in page(jo)


def test_a_location_sees_its_own_and_everywhere_can_be_asked_for(jo, desk, clara):
    riverside = make_location("Riverside")
    there = make_appointment(
        clara,
        location=riverside,
        staff=make_staff("Hana", location=riverside, is_provider=True),
        service=make_service("Gloss", 48),
        starts_at=NOW + dt.timedelta(days=1),
    )
    make_credit(clara, 20, visit=there.pk)
    assert "Clara Nuñez" not in page(jo)
    assert "Clara Nuñez" in page(jo, at=riverside.pk)
    assert "$20.00 held for 1 visit ahead." in page(jo, at="all")
    assert "Clara Nuñez" not in page(jo, at="999999")


def test_many_go_on_by_key_and_none_is_lost(jo, clara):
    visits = [make_visit(clara, days=1 + i) for i in range(PAGE + 3)]
    # Two at one time are told apart.
    make_appointment(clara, staff=make_staff("Theo"), starts_at=visits[0].starts_at)
    for visit in Appointment.objects.all():
        make_credit(clara, 10, visit=visit.pk)
    first = held_page(None, stranded=False)
    rest = held_page(None, stranded=False, after=first.next)
    seen = [row.visit.pk for row in (*first.rows, *rest.rows)]
    assert len(seen) == len(set(seen)) == PAGE + 4
    assert (len(first.rows), rest.next) == (PAGE, "")
    assert "Later visits" in page(jo)
    assert "From the start" in page(jo, after=first.next)
    assert "Later visits" in page(jo, after="nonsense-key")


# --- Stranded ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (Status.CANCELED, "Canceled"),
        (Status.LATE, "Canceled late"),
        (Status.NO_SHOW, "No-show"),
        (Status.LAPSED, "Not paid in time"),
        (Status.DONE, "Checked out, and not used"),
    ],
)
def test_money_held_for_a_visit_that_will_not_use_it_waits_for_a_decision(
    status, why, jo, desk, clara
):
    visit = make_visit(clara)
    take_deposit(visit, 30, desk)
    ends(visit, status)
    found = page(jo, "stranded")
    assert why in found
    assert reverse("deposits:decide", args=[visit.uuid]) in found
    assert "Clara Nuñez" not in page(jo)
    assert "$30.00 waits for a decision." in page(jo)


def test_a_visit_that_is_over_and_not_checked_out_is_stranded(jo, desk, clara):
    visit = make_visit(clara, days=1)
    take_deposit(visit, 30, desk)
    with time_machine.travel(visit.starts_at + dt.timedelta(minutes=59), tick=False):
        assert "Clara Nuñez" in page(jo)
    with time_machine.travel(visit.starts_at + dt.timedelta(minutes=60), tick=False):
        assert "Over, and not checked out" in page(jo, "stranded")


def test_who_may_not_decide_is_led_to_the_deposit(desk, clara):
    visit = make_visit(clara)
    take_deposit(visit, 30, desk)
    ends(visit, Status.CANCELED)
    role = make_role("Assistant")
    role.permissions.set(make_role("Front desk").permissions.exclude(codename="decide_deposits"))
    found = page(make_browser(make_staff("Ada", role=role)), "stranded")
    assert reverse("deposits:of_visit", args=[visit.uuid]) in found
    assert reverse("deposits:decide", args=[visit.uuid]) not in found


# --- Waiting ----------------------------------------------------------------------------------


def test_who_is_paying_online_stands_with_the_minutes_left_before_links(jo, clara):
    make_request(make_visit(clara, days=2), 40)
    paying = make_visit(make_client("Ben Okafor"), days=4, status=Status.PENDING)
    soon = clock.now() + dt.timedelta(minutes=6, seconds=10)
    make_request(paying, "25.50", came_from="online", expires_at=soon, asked_by=None)
    found = page(jo, "waiting")
    assert found.index("Ben Okafor") < found.index("Clara Nuñez")
    assert "7 minutes left" in found
    assert found.count("Call off") == 2
    assert found.count("Send again") == 1


def test_one_that_ended_does_not_wait(jo, clara):
    for status in ("confirmed", "lapsed", "canceled", "returned"):
        make_request(next_visit(clara), status=status)
    assert counts_of(None).waiting == 0


def press(browser, name, request, **data):
    return browser.post(reverse(f"deposits:{name}", args=[request.uuid]), data, follow=True)


def test_a_link_is_called_off_and_one_that_is_paid_is_not(jo, clara):
    request = make_request(next_visit(clara))
    back = f"{reverse('deposits:waiting')}?at=all"
    done = press(jo, "call_off", request, back=back)
    assert done.redirect_chain[-1][0] == back
    assert "Clara Nuñez is not asked for $40.00 any more." in done.content.decode()
    request.refresh_from_db()
    assert request.status == "canceled"
    paid = make_request(next_visit(clara), status="confirmed")
    assert "Nothing was called off." in press(jo, "call_off", paid).content.decode()


def test_nobody_is_led_to_another_site(jo, clara):
    request = make_request(next_visit(clara))
    done = jo.post(
        reverse("deposits:call_off", args=[request.uuid]), {"back": "https://evil.example/"}
    )
    assert done["Location"] == reverse("deposits:waiting")


def test_a_link_is_sent_again_where_there_is_an_address(jo, clara):
    request = make_request(next_visit(clara))
    sent = press(jo, "send_again", request).content.decode()
    assert "The payment link is on its way to clara@example.com." in sent
    silent = make_request(next_visit(make_client("Ada Lee")))
    assert "There is no e-mail address." in press(jo, "send_again", silent).content.decode()
    over = make_request(next_visit(clara), status="lapsed")
    assert "Nothing was sent." in press(jo, "send_again", over).content.decode()


def test_looking_says_how_it_stands(jo, clara):
    waits = make_request(next_visit(clara))
    assert "$40.00 was not paid yet." in press(jo, "look", waits).content.decode()
    paid = make_request(next_visit(clara), status="confirmed")
    assert "$40.00 was paid" in press(jo, "look", paid).content.decode()
    lapsed = make_request(next_visit(clara), status="lapsed")
    assert "$40.00: not paid in time." in press(jo, "look", lapsed).content.decode()


# --- Fees -------------------------------------------------------------------------------------


def test_a_fee_to_collect_says_why_and_has_its_actions_by_role(jo, clara):
    visit = next_visit(clara, status=Status.NO_SHOW)
    fee = make_fee(visit, from_deposit=dollars(30), failure="The card was declined.")
    found = page(jo, "fees")
    assert "$55.00" in found
    assert "$30.00 of $85.00 came from the deposit" in found
    assert "The card was declined." in found
    assert reverse("deposits:collect_fee", args=[fee.uuid]) in found
    assert reverse("deposits:waive_fee", args=[fee.uuid]) not in found
    marcus = page(make_browser("Marcus"), "fees")
    assert reverse("deposits:waive_fee", args=[fee.uuid]) in marcus


@pytest.mark.parametrize(
    ("status", "count"), [("to_do", 1), ("charging", 1), ("paid", 0), ("covered", 0), ("owed", 0)]
)
def test_only_what_is_still_to_be_collected_counts(status, count, clara):
    make_fee(next_visit(clara), status=status)
    assert counts_of(None).fees == count


def test_waiving_a_fee_leads_back_to_the_list(clara):
    fee = make_fee(next_visit(clara, status=Status.NO_SHOW))
    back = reverse("deposits:fees")
    done = make_browser("Marcus").post(
        reverse("deposits:waive_fee", args=[fee.uuid]), {"reason": "Snow", "back": back}
    )
    assert done["Location"] == back
    fee.refresh_from_db()
    assert fee.status == "waived"


# --- Who may, and how many queries ------------------------------------------------------------


def test_who_may_not_see_balances_sees_none_of_it(clara):
    role = make_role("Assistant")
    role.permissions.clear()
    ada = make_browser(make_staff("Ada", role=role))
    request = make_request(next_visit(clara))
    for tab in ("held", "stranded", "waiting", "fees"):
        assert ada.get(reverse(f"deposits:{tab}")).status_code == 403
    for name in ("send_again", "call_off", "look"):
        assert ada.post(reverse(f"deposits:{name}", args=[request.uuid])).status_code == 403
    assert 'href="/deposits/"' not in ada.get("/clients/").content.decode()


def test_a_request_that_is_not_there_is_not_found(jo):
    for name in ("send_again", "call_off", "look"):
        assert jo.post(reverse(f"deposits:{name}", args=[uuid.uuid4()])).status_code == 404


def test_a_page_takes_as_many_queries_for_twelve_rows_as_for_two(
    jo, desk, clara, django_assert_num_queries
):
    def queries(tab, expected):
        url = reverse(f"deposits:{tab}")
        with django_assert_num_queries(expected):
            jo.get(url)

    for many in (2, 10):
        for _ in range(many):
            take_deposit(next_visit(clara), 30, desk)
            gone = next_visit(clara)
            take_deposit(gone, 30, desk)
            ends(gone, Status.CANCELED)
            make_request(next_visit(clara))
            make_fee(next_visit(clara))
        queries("held", 24)
        queries("stranded", 24)
        queries("waiting", 13)
        queries("fees", 13)
