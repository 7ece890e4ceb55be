"""Booking online as a stranger does: each step, what is told, what is kept, what is refused."""

import datetime as dt
import re
import uuid
import zoneinfo
from pathlib import Path

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.test import Client as Browser
from django.urls import reverse

from appointments.models import Appointment, AppointmentService, WorkingHours
from cards.attempts import cancel, settle
from cards.models import Attempt, CardOnFile
from clients.blocking import block_client
from clients.models import Client
from deposits.booking import holds
from deposits.booking.outcome import Outcome, Stand
from deposits.models import BookingSettings, DepositRequest, DepositRule, PolicyAcceptance
from deposits.own.links import payment_token
from deposits.payments.asking import ask_by_link, call_off
from deposits.payments.lapsing import lapse_due
from deposits.views import booking_done, booking_pay
from salon import clock
from salon.guessing import Tries
from salon.models import ServiceOverride, StaffMember
from tests.deposits.booking_walk import CLARA, Stranger, at, path_of
from tests.deposits.online_helpers import (
    at_noon,
    every_cent_is_somewhere,
    make_bookable,
    make_maya,
    make_shop,
    online,
)
from tests.deposits.own import NOW
from tests.factories import (
    dollars,
    make_appointment,
    make_category,
    make_client,
    make_credit,
    make_desk,
    make_hours,
    make_location,
    make_service,
    make_staff,
)
from tests.harness.processor import DECLINED, PAYS
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db
Status = DepositRequest.Status
Visit = Appointment.Status


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def cut(shop):
    return make_bookable()


@pytest.fixture
def maya(shop):
    return make_maya()


@pytest.fixture
def clara(shop, cut, maya, settings):
    settings.PUBLIC_URL = "https://book.example"
    return Stranger()


def at_the_review(stranger, cut, maya, moment=None, **typed):
    stranger.choose(cut, whom=maya, day=(moment or at_noon()).date())
    stranger.look_over(at(moment or at_noon(), maya), **typed)
    return stranger


def kept(stranger) -> dict[str, str]:
    """What was typed, as the page sends it again."""
    fields = dict(stranger.form().fields)
    return {name: fields.get(name, "") for name in CLARA}


def booked() -> DepositRequest:
    return DepositRequest.objects.select_related("appointment__client").get()


# --- Where, what, with whom -----------------------------------------------------------------------


def test_with_one_location_it_goes_straight_on(clara):
    answer = clara.get("/book/")
    assert clara.path == "/book/midtown/" and answer.status_code == 200
    assert "What would you like?" in clara.says


def test_with_several_locations_it_asks_which(clara):
    make_location("Riverside", address="2310 Broadway")
    clara.get("/book/")
    assert "Midtown 12 West 38th Street" in clara.says and "Riverside 2310 Broadway" in clara.says


def test_services_are_by_category_with_their_price_and_minutes(clara, cut, maya):
    make_service("Manicure", 40, category=make_category("Nails"), minutes=30)
    clara.get("/book/midtown/")
    assert re.search(r"Hair.*Cut & finish 60 min \$85\.00.*Nails.*Manicure 30 min \$40", clara.says)


def test_where_somebody_takes_more_the_price_is_from(clara, cut, maya):
    theo = make_staff("Theo")
    ServiceOverride.objects.create(service=cut, staff=theo, price=dollars(110), minutes=75)
    clara.get("/book/midtown/")
    assert "60–75 min from $85.00" in clara.says
    clara.send(s=str(cut.pk))
    assert "Anyone The most times to choose from from $85.00" in clara.says
    assert "Maya 60 min" not in clara.says and "Theo 1 h 15 min $110.00" in clara.says


def test_what_cannot_be_booked_online_is_not_offered(clara, cut, maya):
    make_service("By phone only", books_online=False)
    alone = make_service("Of Theo alone", 20)
    theo = make_staff("Theo", books_online=False)
    alone.staff.add(theo)
    clara.get("/book/midtown/")
    assert "By phone only" not in clara.says and "Of Theo alone" not in clara.says


def test_several_services_go_to_one_person_or_to_one_each(clara, cut, maya):
    gloss = make_service("Gloss", 40, minutes=30)
    theo = make_staff("Theo")
    gloss.staff.add(theo, maya)
    cut.staff.add(maya)
    clara.get("/book/midtown/")
    clara.send(s=[str(cut.pk), str(gloss.pk)])
    assert "Maya 1 h 30 min $125.00" in clara.says and "Theo 1 h" not in clara.says
    clara.get(f"/book/midtown/who/?s={cut.pk}&s={gloss.pk}&each=1")
    answer = clara.send(**{f"w{cut.pk}": str(maya.pk), f"w{gloss.pk}": str(theo.pk)})
    assert answer.status_code == 302
    clara.get(answer.url)
    moment = at_noon()
    clara.get(f"{answer.url}&day={moment.date()}")
    assert at(moment, maya, theo) in clara.starts()


def test_nobody_gives_all_of_it_so_it_asks_for_each(clara, cut, maya):
    gloss = make_service("Gloss", 40)
    gloss.staff.add(make_staff("Theo"))
    cut.staff.add(maya)
    clara.get(f"/book/midtown/who/?s={cut.pk}&s={gloss.pk}")
    assert "Nobody gives all of it alone" in clara.says


def test_without_a_service_it_asks_for_one_first(clara):
    answer = clara.get("/book/midtown/who/")
    assert answer.status_code == 422 and "Choose what you would like first." in clara.says


def test_more_services_than_one_visit_holds_are_told(clara):
    many = "&".join(f"s={make_service(f'Service {n}', 10).pk}" for n in range(9))
    clara.get(f"/book/midtown/who/?{many}")
    assert "Choose at most 8 services" in clara.says
    assert clara.get(f"/book/midtown/when/?{many}&w=any").redirect_chain


def test_an_address_that_says_nonsense_starts_again(clara, cut):
    for query in ("s=x&w=any", "s=999999&w=any", f"s={cut.pk}&w=none", f"s={cut.pk}%00&w=-1"):
        assert clara.get(f"/book/midtown/when/?{query}").status_code in (200, 422)
    address = f"/book/midtown/you/?s={cut.pk}&w=any&at=20269999T999999Z-1&sum=1-2-3-4:x"
    assert clara.get(address).status_code == 200
    assert "When suits you?" in clara.says
    assert Browser().get("/book/nowhere/").status_code == 404


# --- When -----------------------------------------------------------------------------------------


def test_the_times_are_the_locations_own_by_part_of_the_day(clock_stands, clara, cut, maya):
    WorkingHours.objects.all().update(starts=dt.time(11), ends=dt.time(19))
    clara.choose(cut, whom=maya)
    assert re.search(
        r"Mon, Nov 16 Morning 11:00 am .*Afternoon 12:00 pm .*Evening 5:00 pm .*6:00 pm", clara.says
    )
    assert "$85.00 about $25.50 deposit · 1 h" in clara.says


def test_the_minutes_ahead_and_the_days_ahead_are_kept(clock_stands, clara, cut, maya):
    BookingSettings.objects.update(earliest_minutes=180, latest_days=2)
    clara.choose(cut, whom=maya)
    assert clara.starts()[0] == at(NOW + dt.timedelta(minutes=180), maya)
    days = {value for name, value in clara.form().buttons if name == "day"}
    assert days == {"2026-11-16", "2026-11-17", "2026-11-18"}


def test_a_full_day_says_the_next_free_time(clock_stands, clara, cut, maya):
    WorkingHours.objects.exclude(weekday=2).delete()
    WorkingHours.objects.update(starts=dt.time(9), ends=dt.time(19))
    clara.choose(cut, whom=maya, day=dt.date(2026, 11, 17))
    assert "Nothing is free on Tue, Nov 17" in clara.says
    assert "Next free: Wed, Nov 18, 9:00 am" in clara.says


def test_nothing_free_at_all_offers_later_weeks_or_somebody_else(clock_stands, clara, cut, maya):
    WorkingHours.objects.all().delete()
    clara.choose(cut, whom=maya)
    assert "Nothing is free in these weeks" in clara.says and "Somebody else" in clara.says
    assert ("page", "1") in clara.form().buttons
    clara.get(f"{clara.page.redirect_chain[-1][0]}&page=1")
    assert "Nothing is free in these weeks" in clara.says


def test_a_time_that_comes_twice_says_which(clara, cut, maya):
    # Clocks go back in New York on Sunday, November 1, 2026, at 2 am.
    with time_machine.travel(dt.datetime(2026, 10, 20, 15, 0, tzinfo=dt.UTC), tick=False):
        clara.choose(cut, whom=maya, day=dt.date(2026, 10, 31))
        assert "1:00 am EDT" in clara.says and "1:00 am EST" in clara.says


def test_times_are_said_on_the_shops_clock_not_the_servers(clock_stands, shop, cut, maya, clara):
    shop.time_zone = "Pacific/Honolulu"
    shop.save()
    WorkingHours.objects.all().update(starts=dt.time(9), ends=dt.time(10))
    clara.choose(cut, whom=maya)
    noon = dt.datetime(2026, 11, 16, 9, tzinfo=zoneinfo.ZoneInfo("Pacific/Honolulu"))
    assert clara.starts() == [at(noon, maya)] and "9:00 am" in clara.says


def test_anyone_is_told_by_name_at_each_time(clock_stands, clara, cut, maya):
    clara.choose(cut)
    assert re.search(r"10:00 am Maya", clara.says)


def test_the_figures_in_the_address_are_signed(clara, cut, maya):
    clara.choose(cut, whom=maya)
    address = clara.page.redirect_chain[-1][0]
    assert "sum=8500-2550-60-0" in address
    clara.get(address.replace("8500-2550", "1-0"))
    assert "$85.00 about $25.50 deposit" in clara.says


def test_a_page_of_times_takes_eight_queries_with_twenty_people(
    clara, cut, django_assert_max_num_queries
):
    for number in range(20):
        make_staff(f"Stylist {number}", is_provider=True)
    for wanted in ("any", str(StaffMember.objects.get(name="Stylist 7").pk)):
        clara.get(f"/book/midtown/when/?s={cut.pk}&w={wanted}")
        address = clara.page.redirect_chain[-1][0]
        with django_assert_max_num_queries(8):
            answer = Browser().get(address)
        assert answer.status_code == 200 and "When suits you?" in answer.text


def test_a_page_with_everything_that_it_loads_is_under_100_kb(clara, cut, maya):
    """Uncompressed, as the program itself answers; the longest menu and page of times, and each
    step after them up to the page of what came of it."""
    DepositRule.objects.all().delete()
    theo = make_staff("Theo")
    ServiceOverride.objects.create(service=cut, staff=theo, price=dollars(110))
    for number in range(40):
        make_service(f"A service with a rather long name {number}", 50)
    for address in (
        "/book/",
        "/book/midtown/",
        f"/book/midtown/who/?s={cut.pk}",
        f"/book/midtown/when/?s={cut.pk}&w=any",
    ):
        is_light(clara.get(address))
    is_light(clara.send(at=at(at_noon(), maya)))
    is_light(clara.send(**CLARA | {"note": "n" * 1000}))
    is_light(clara.send())
    is_light(clara.get(clara.book().url))
    assert "You’re booked" in clara.says


def is_light(answer):
    assert "Set-Cookie" not in answer.headers
    loaded = set(re.findall(r"/static/([\w/.-]+)", answer.text))
    assert loaded and not any("htmx" in name or "components" in name for name in loaded)
    files = [Path(finders.find(name)).read_bytes() for name in loaded]
    assert len(answer.content) + sum(map(len, files)) < 100_000


# --- Who, and looking it over ---------------------------------------------------------------------


def test_what_was_typed_is_kept_with_its_errors(clara, cut, maya, processor):
    clara.choose(cut, whom=maya, day=at_noon().date())
    answer = clara.look_over(at(at_noon(), maya), phone="123", email="clara@")
    assert answer.status_code == 422 and not DepositRequest.objects.exists()
    assert "Enter your number with its area code" in clara.says
    assert "Enter an e-mail address like clara@example.com." in clara.says
    assert kept(clara) | {"phone": "", "email": ""} == CLARA | {"phone": "", "email": ""}
    assert (kept(clara)["phone"], kept(clara)["email"]) == ("123", "clara@")


def test_the_last_step_says_all_of_it_with_the_exact_deposit(
    clock_stands, clara, cut, maya, processor
):
    BookingSettings.objects.update(
        late_fee_kind="percent", late_fee_percent=50, no_show_fee_kind="percent"
    )
    at_the_review(clara, cut, maya)
    for words in (
        "Thu, Nov 19, 12:00 pm with Maya",
        "Cut & finish with Maya $85.00",
        "Clara Nuñez",
        "(212) 555-0142 clara@example.com",
        "Deposit now $25.50",
        "30 % of $85.00",
        "It comes off your bill",
        "Free of charge until Wed, Nov 18, 12:00 pm",
        "After that $42.50, or $85.00 if you do not come.",
        "Gift cards and account balances can’t pay a deposit: they may not cover a fee.",
        "Pay $25.50 deposit",
    ):
        assert words in clara.says


def test_a_program_that_fills_in_everything_is_refused(clara, cut, maya, processor):
    clara.choose(cut, whom=maya, day=at_noon().date())
    clara.look_over(at(at_noon(), maya), website="https://spam.example")
    assert clara.page.status_code == 422 and "Nothing was booked or charged" in clara.says


def test_who_is_coming_can_be_changed_with_everything_kept(clara, cut, maya, processor):
    at_the_review(clara, cut, maya)
    answer = clara.send("other", change="1")
    assert answer.status_code == 200 and "Who is coming?" in clara.says
    assert kept(clara) == CLARA


def test_a_known_address_looks_just_like_a_new_one(clara, cut, maya, processor):
    known = make_client("Clara Nuñez", note="Pays late")
    make_credit(known, 500)
    pages = []
    for mail in ("clara@example.com", "nobody@example.com"):
        stranger = at_the_review(Stranger(), cut, maya, email=mail, phone="(212) 555-0199")
        text = re.sub(r'value="[-0-9a-f]{36}"', "", stranger.page.text)
        pages.append(text.replace(mail, "…"))
    assert pages[0] == pages[1] and "$500" not in pages[0]


def test_the_deposit_of_who_did_not_come_is_theirs_alone(clara, cut, maya, processor):
    DepositRule.objects.create(who="no_shows", kind="full", percent=None)
    make_appointment(
        make_client("Clara Nuñez"), cut, maya, clock.now() - dt.timedelta(days=9), status="no_show"
    )
    clara.choose(cut, whom=maya, day=at_noon().date())
    assert "about $25.50 deposit" in clara.says
    clara.look_over(at(at_noon(), maya))
    assert "Pay $85.00 deposit" in clara.says
    assert "no-show" not in clara.says.lower().replace("no-show fee", "")


def test_a_client_who_was_blocked_is_asked_to_call(clara, cut, maya, processor):
    block_client(client=make_client(), reason="Three times away", desk=make_desk("Marcus"))
    at_the_review(clara, cut, maya)
    assert clara.page.status_code == 422 and "call the salon" in clara.says
    assert "Three times" not in clara.says


# --- Booking and paying ---------------------------------------------------------------------------


def test_a_stranger_books_pays_and_is_told(clara, cut, maya, processor):
    at_the_review(clara, cut, maya)
    clara.book()
    page = clara.to_the_card()
    assert page.startswith(processor.url)
    made = booked()
    assert made.appointment.status == Visit.PENDING and made.note == "Two kids along"
    processor.pay_page(page, PAYS)
    answer = clara.get(path_of(Attempt.objects.get().back_url))
    assert "You’re booked" in clara.says and "$25.50 paid by Visa •••• 4242" in clara.says
    assert booked().appointment.status == Visit.BOOKED
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer.headers["Cache-Control"]
    every_cent_is_somewhere(processor)
    assert_well()


def test_the_calendar_file_of_it_is_there(clara, cut, maya, processor):
    make_shop(None)
    DepositRule.objects.all().delete()
    at_the_review(clara, cut, maya)
    answer = clara.book()
    assert answer.status_code == 303
    clara.get(answer.url)
    assert "You’re booked" in clara.says and "Nothing was charged" in clara.says
    file = clara.browser.get(reverse("deposits:book_calendar", args=[payment_token(booked())]))
    assert file.headers["Content-Type"].startswith("text/calendar")
    assert b"BEGIN:VEVENT" in file.content and b"kids" not in file.content


def test_nothing_is_booked_before_the_policy_is_agreed_to(clara, cut, maya, processor):
    at_the_review(clara, cut, maya)
    answer = clara.send()
    assert answer.status_code == 422 and not Appointment.objects.exists()
    assert "Tick that you agree to the cancellation policy." in clara.says
    clara.book()
    assert clara.page.status_code == 303 and PolicyAcceptance.objects.get().address == "203.0.113.9"


def test_a_form_sent_twice_books_once_and_leads_to_the_same_page(clara, cut, maya, processor):
    at_the_review(clara, cut, maya)
    form = clara.form()
    data = dict(form.fields) | {"policy": "on"}
    first = clara.browser.post(form.action, data)
    second = clara.browser.post(form.action, data)
    assert first.status_code == second.status_code == 303 and first.url == second.url
    assert Appointment.objects.count() == 1 and Attempt.objects.count() == 1


def test_back_from_the_card_page_and_on_again_is_no_second_booking(clara, cut, maya, processor):
    at_the_review(clara, cut, maya)
    details = {**dict(clara.form("other").fields), **CLARA}
    clara.book()
    answer = clara.browser.post("/book/midtown/you/", details)
    assert answer.status_code == 303 and answer.url.startswith("/book/done/")
    clara.get(answer.url)
    assert "Your deposit is not paid yet" in clara.says and "10 more minutes" in clara.says
    assert Appointment.objects.count() == 1


def test_a_time_that_went_meanwhile_leads_back_to_the_times_with_everything_kept(
    clara, cut, maya, processor
):
    at_the_review(clara, cut, maya)
    make_appointment(make_client("Ben Okafor"), cut, maya, at_noon())
    answer = clara.book()
    assert answer.status_code == 409 and "That time was taken a moment ago." in clara.says
    assert "Ben" not in clara.says and clara.form().method == "post"
    assert kept(clara) == CLARA
    # Another day, another time: what was typed goes along, and nothing is asked again.
    clara.page = clara.browser.post(
        "/book/midtown/when/",
        dict(clara.form().fields) | {"day": str((at_noon() + dt.timedelta(days=1)).date())},
    )
    clara.send(at=at(at_noon(4), maya))
    assert "Clara Nuñez" in clara.says and "Pay $25.50 deposit" in clara.says
    clara.book()
    assert booked().appointment.starts_at == at_noon(4)


def test_who_asked_for_anyone_is_offered_somebody_else_at_that_time(clara, cut, maya, processor):
    theo = make_staff("Theo", books_online=True)
    clara.choose(cut, day=at_noon().date())
    clara.look_over(at(at_noon(), maya))
    make_appointment(make_client("Ben Okafor"), cut, maya, at_noon())
    answer = clara.book()
    assert answer.status_code == 409
    assert "Maya was booked a moment ago. Theo is free at 12:00 pm too." in clara.says
    clara.book()
    row = AppointmentService.objects.get(appointment=booked().appointment)
    assert row.staff == theo


def test_another_deposit_by_now_is_shown_and_asked_again(clara, cut, maya, processor):
    at_the_review(clara, cut, maya)
    DepositRule.objects.update(percent=50)
    answer = clara.book()
    assert answer.status_code == 409 and not Appointment.objects.exists()
    assert "The deposit is $42.50 now, not $25.50." in clara.says
    assert "policy" not in dict(clara.form().fields)
    clara.book()
    assert clara.page.status_code == 303 and booked().amount == dollars("42.50")


def test_a_declined_card_may_be_followed_by_another(clara, cut, maya, processor):
    at_the_review(clara, cut, maya)
    clara.book()
    processor.pay_page(clara.to_the_card(), DECLINED)
    here = path_of(Attempt.objects.get().back_url)
    clara.get(here)
    assert (
        "The card was declined. Nothing was charged. Try it again, or another card." in clara.says
    )
    assert "Your time is held for 10 more minutes." in clara.says
    assert Attempt.objects.get().url in clara.page.text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("It has expired. Nothing was charged. Take it another way.", "It has expired."),
        ("The client has stopped it. Nothing was charged. Call.", "The card was declined."),
        ("No answer. Nothing was charged, nor will be.", "The payment did not go through."),
    ],
)
def test_why_a_card_was_declined_is_said_to_its_owner_not_to_the_desk(said, told):
    outcome = Outcome(DepositRequest(), Stand.OPEN, Attempt(failure=said), None)
    assert outcome.declined == f"{told} Nothing was charged. Try it again, or another card."


def test_a_booking_without_a_deposit_says_until_when_it_is_free(clock_stands, clara, cut, maya):
    DepositRule.objects.all().delete()
    BookingSettings.objects.update(late_fee_kind="percent", late_fee_percent=50)
    clara.get(at_the_review(clara, cut, maya).book().url)
    assert "Move or cancel free of charge until Wed, Nov 18, 12:00 pm." in clara.says


def test_another_try_after_the_card_page_was_closed(clara, cut, maya, processor):
    at_the_review(clara, cut, maya)
    clara.book()
    cancel(Attempt.objects.get())
    clara.get(path_of(Attempt.objects.get().back_url))
    assert "Not paid yet" in clara.says
    clara.send()
    page = clara.to_the_card()
    processor.pay_page(page, PAYS)
    clara.get(path_of(Attempt.objects.last().back_url))
    assert "You’re booked" in clara.says and Attempt.objects.count() == 2
    every_cent_is_somewhere(processor)


def test_paying_is_begun_only_so_often_for_one_booking(clara, cut, maya, processor, monkeypatch):
    monkeypatch.setattr(booking_done, "_PAYING", Tries("paying", 2, 60))
    at_the_review(clara, cut, maya)
    clara.book()
    for _ in range(3):
        attempt = Attempt.objects.latest("id")
        cancel(attempt)
        clara.get(path_of(attempt.back_url))
        clara.send()
    assert clara.page.status_code == 429 and "Nothing was charged just now" in clara.says
    assert "held for 10 more minutes" in clara.says and Attempt.objects.count() == 3
    clara.get(path_of(attempt.back_url))
    assert "Not paid yet" in clara.says


def test_a_time_that_was_not_paid_for_says_so_and_offers_others(clara, cut, maya, processor):
    at_the_review(clara, cut, maya)
    clara.book()
    here = path_of(Attempt.objects.get().back_url)
    with time_machine.travel(clock.now() + dt.timedelta(minutes=11)):
        lapse_due()
        clara.get(here)
        assert (
            "Your time is not held any more" in clara.says and "Nothing was charged" in clara.says
        )
        again = re.search(r'href="(/book/midtown/when/[^"]+)"', clara.page.text)[1]
        clara.get(again.replace("&amp;", "&"))
        assert "When suits you?" in clara.says and f"w={maya.pk}" in again


def test_a_payment_after_somebody_else_got_the_time_says_that_it_goes_back(
    clara, cut, maya, processor
):
    at_the_review(clara, cut, maya)
    clara.book()
    page, here = clara.to_the_card(), path_of(Attempt.objects.get().back_url)
    with time_machine.travel(clock.now() + dt.timedelta(minutes=11)):
        lapse_due()
        make_appointment(make_client("Ben Okafor"), cut, maya, at_noon())
        processor.pay_page(page, PAYS)
        clara.get(here)
        assert "Your payment came too late" in clara.says and "goes back to your card" in clara.says
    assert_well()


def test_where_a_card_is_required_and_no_money_it_goes_on_to_the_card(clara, cut, maya, processor):
    DepositRule.objects.all().delete()
    BookingSettings.objects.update(card_for_fees="required")
    at_the_review(clara, cut, maya)
    assert "Go on to your card" in clara.says
    assert clara.book().status_code == 422 and "Tick that the card may be kept" in clara.says
    clara.book(keep_card="on")
    processor.pay_page(clara.to_the_card(), PAYS)
    clara.get(reverse("deposits:book_done", args=[payment_token(booked())]))
    assert "You’re booked" in clara.says and CardOnFile.objects.count() == 1


def test_a_card_is_kept_only_for_who_ticked_it(clara, cut, maya, processor):
    BookingSettings.objects.update(card_for_fees="optional")
    at_the_review(clara, cut, maya)
    assert not {"policy", "keep_card"} & dict(clara.form().fields).keys()
    clara.book()
    assert booked().keep_card is False and PolicyAcceptance.objects.get().card_terms == ""


def test_without_a_processor_a_deposit_cannot_be_paid_and_nothing_is_booked(clara, cut, maya):
    at_the_review(clara, cut, maya)
    assert clara.page.status_code == 503 and "Cards can’t be taken online" in clara.says
    assert "(212) 555-0100" in clara.says and not Client.objects.exists()


def test_too_many_bookings_from_one_address_are_paused_with_words(clara, cut, maya, monkeypatch):
    DepositRule.objects.all().delete()
    assert booking_pay._BOOKINGS.most == 20
    monkeypatch.setattr(booking_pay, "_BOOKINGS", Tries("booked-online", 2, 60 * 60))
    for day in (3, 4):
        at_the_review(clara, cut, maya, at_noon(day))
        assert clara.book().status_code == 303
    at_the_review(clara, cut, maya, at_noon(25))
    answer = clara.book()
    assert answer.status_code == 429 and "Too many bookings" in clara.says
    assert "Clara" in clara.says and Appointment.objects.count() == 2
    other = at_the_review(Stranger("198.51.100.7"), cut, maya, at_noon(25))
    assert other.book().status_code == 303


def test_too_many_bookings_for_one_address_are_paused_whoever_types_it(cut, maya, monkeypatch):
    DepositRule.objects.all().delete()
    assert booking_pay._FOR_ONE.most == 8
    monkeypatch.setattr(booking_pay, "_FOR_ONE", Tries("booked-for", 2, 60 * 60))
    for day, email in ((3, "clara@example.com"), (4, "Clara@Example.com")):
        one = at_the_review(Stranger(f"198.51.100.{day}"), cut, maya, at_noon(day), email=email)
        assert one.book().status_code == 303
    third = at_the_review(Stranger("198.51.100.9"), cut, maya, at_noon(25))
    assert third.book().status_code == 429 and "for this e-mail address" in third.says
    ben = at_the_review(third, cut, maya, at_noon(25), email="ben@example.com")
    assert ben.book().status_code == 303 and Appointment.objects.count() == 3


def test_times_that_nobody_pays_for_are_held_for_one_connection_only_so_often(
    cut, maya, processor, monkeypatch
):
    monkeypatch.setattr(holds, "MOST", 2)
    for day, address in ((3, "2001:db8::1"), (4, "2001:db8::2")):
        assert at_the_review(Stranger(address), cut, maya, at_noon(day)).book().status_code == 303
    third = at_the_review(Stranger("2001:db8::3"), cut, maya, at_noon(25))
    assert third.book().status_code == 429
    assert "Several times are held for your connection already" in third.says
    assert "Clara" in third.says and Appointment.objects.count() == 2
    other = at_the_review(Stranger("2001:db8:0:1::1"), cut, maya, at_noon(25))
    assert other.book().status_code == 303
    processor.pay_page(Attempt.objects.earliest("id").url, PAYS)
    settle(Attempt.objects.earliest("id"))
    at_the_review(third, cut, maya, at_noon(26))
    assert third.book().status_code == 303, "one was paid"
    with time_machine.travel(clock.now() + dt.timedelta(minutes=11)):
        lapse_due()
        assert at_the_review(third, cut, maya, at_noon(27)).book().status_code == 303


def test_what_is_asked_of_whom_is_tried_out_only_so_often_by_whichever_form(
    clara, cut, maya, processor, monkeypatch
):
    monkeypatch.setattr("deposits.views.booking_pay._LOOKS", Tries("looks", 3, 60))
    at_the_review(clara, cut, maya)
    form, wrong = clara.form(), {"policy": "on", "expected": "1.00"}
    for typed in ({}, wrong, wrong, {}):
        clara.page = clara.browser.post(form.action, dict(form.fields) | typed)
    assert clara.page.status_code == 429 and "deposit now" not in clara.says
    clara.page = clara.browser.post(form.action, dict(form.fields) | wrong)
    assert clara.page.status_code == 429 and "$25.50" not in clara.says.replace("about $25.50", "")


def test_when_booking_is_switched_off_midway_it_says_that_nothing_was_booked(
    clara, cut, maya, processor
):
    at_the_review(clara, cut, maya)
    BookingSettings.objects.update(online_booking=False)
    clara.book()
    assert "We don’t take bookings online at the moment Nothing was booked, and" in clara.says
    assert not Appointment.objects.exists()


# --- Crafted --------------------------------------------------------------------------------------


def test_a_crafted_time_outside_of_what_is_offered_books_nothing(clara, cut, maya, processor):
    at_the_review(clara, cut, maya)
    form = clara.form()
    data = dict(form.fields) | {"policy": "on"}
    odd = at_noon() + dt.timedelta(minutes=7)
    for moment in (odd, at_noon(400), clock.now() - dt.timedelta(days=1)):
        answer = clara.browser.post(form.action, data | {"at": at(moment, maya)})
        assert answer.status_code == 409
    assert not Appointment.objects.exists()


def test_a_crafted_person_or_service_books_nothing(clara, cut, maya, processor):
    jo = make_staff("Jo")
    hidden = make_service("By phone only", books_online=False)
    at_the_review(clara, cut, maya)
    form = clara.form()
    data = dict(form.fields) | {"policy": "on"}
    for crafted in (
        {"at": at(at_noon(), jo), "w": str(jo.pk)},
        {"s": str(hidden.pk)},
        {"at": at(at_noon(), maya, maya)},
        {"expected": "0.00"},
        {"expected": "x", "uuid": "y"},
    ):
        assert clara.browser.post(form.action, data | crafted).status_code in (303, 409, 422)
    assert not Appointment.objects.exists()


def test_posts_need_no_token_and_pages_set_no_cookie(clara, cut, maya, processor):
    at_the_review(clara, cut, maya)
    clara.book()
    assert clara.page.status_code == 303 and not clara.browser.cookies


def test_a_forged_token_opens_nothing(clara):
    for path in ("/book/done/x:y/", "/deposit/x:y/", "/book/done/x:y/visit.ics"):
        assert clara.browser.get(path).status_code == 404
    assert clara.browser.post("/book/done/x:y/again/").status_code == 404


# --- Shut -----------------------------------------------------------------------------------------


def test_switched_off_it_says_whom_to_call(clara):
    BookingSettings.objects.update(online_booking=False)
    clara.get("/book/midtown/")
    assert "We don’t take bookings online at the moment" in clara.says
    assert "Call (212) 555-0100" in clara.says
    clara.get("/book/")
    assert "We don’t take bookings online at the moment" in clara.says


def test_an_archived_location_names_the_others(clara, shop):
    make_location("Riverside")
    shop.archived_at = clock.now()
    shop.save()
    clara.get("/book/midtown/")
    assert "Midtown takes no bookings any more" in clara.says and "Riverside" in clara.says


def test_without_services_online_it_says_so(clara, cut):
    cut.books_online = False
    cut.save()
    clara.get("/book/midtown/")
    assert "Nothing can be booked online here just now" in clara.says


# --- A payment link -------------------------------------------------------------------------------


@pytest.fixture
def link(clara, cut, maya, processor):
    visit = make_appointment(make_client(), cut, maya, at_noon())
    return ask_by_link(
        visit=visit,
        amount=dollars(40),
        email="clara@example.com",
        desk=make_desk(),
        uuid=uuid.uuid4(),
    )


def link_path(asked) -> str:
    return reverse("deposits:pay", args=[payment_token(asked)])


def test_a_payment_link_says_what_for_asks_for_the_policy_and_is_paid(clara, link, processor):
    clara.get(link_path(link))
    assert "Deposit for your visit" in clara.says and "Cut & finish" in clara.says
    assert "Pay $40.00 deposit" in clara.says
    assert clara.send().status_code == 422 and "Nothing was charged yet" in clara.says
    clara.send(policy="on")
    processor.pay_page(clara.to_the_card(), PAYS)
    clara.get(link_path(link))
    assert "Paid. Thank you" in clara.says
    assert PolicyAcceptance.objects.get().request == link
    every_cent_is_somewhere(processor)


def test_a_policy_that_was_agreed_to_is_not_asked_again(clara, link, processor):
    clara.get(link_path(link))
    clara.send(policy="on")
    clara.get(link_path(link))
    assert "policy" not in clara.page.text.partition("<form")[2].partition("</form>")[0]
    assert PolicyAcceptance.objects.count() == 1


def test_a_link_that_was_called_off_or_has_ended_says_so(clara, link, processor):
    call_off(request=link, desk=make_desk())
    clara.get(link_path(link))
    assert "This was called off" in clara.says
    with time_machine.travel(at_noon(100)):
        assert clara.get(link_path(link)).status_code == 410
        assert "This link has ended" in clara.says


def test_an_online_booking_is_at_its_own_page_and_a_link_at_its(clara, link, processor):
    made = online(starts_at=at_noon(5))
    clara.get(link_path(made))
    assert clara.path.startswith("/book/done/")
    clara.get(reverse("deposits:book_done", args=[payment_token(link)]))
    assert clara.path.startswith("/deposit/")


def test_a_time_from_somebody_elses_hours_can_be_booked_too(clara, cut, maya, processor):
    # Maya begins at nine, Theo at ten past: whoever asked for anyone gets Maya at ten past nine.
    theo = make_staff("Theo", books_online=True)
    WorkingHours.objects.all().delete()
    make_hours(starts=dt.time(9))
    make_hours(maya, starts=dt.time(9))
    make_hours(theo, starts=dt.time(9, 10))
    day = at_noon().date()
    make_appointment(make_client("Ben Okafor"), cut, theo, at_noon() + dt.timedelta(hours=3))
    clara.choose(cut, day=day)
    ten_past = at_noon() - dt.timedelta(hours=2, minutes=50)
    assert at(ten_past, maya) in clara.starts()
    clara.look_over(at(ten_past, maya))
    assert clara.book().status_code == 303
    assert booked().appointment.starts_at == ten_past
