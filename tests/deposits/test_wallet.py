"""A client's wallet: only by a link, only their own, in their own words."""

import datetime as dt
import uuid

import pytest
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse
from pytest_django.asserts import assertNumQueries

from checkout.closing import close_order
from clients.models import Client
from deposits.models import DepositRequest, PolicyAcceptance
from deposits.own import links
from ledger.adjusting import adjust_balance
from ledger.balances import balance_of
from salon.models import BusinessSettings, Location
from tests.checkout.helpers import pay, sale_of, sell_credit
from tests.checkout.reading import says, told
from tests.deposits.online_helpers import make_shop, online, paid
from tests.deposits.own import NOW, STARTS, hold_deposit, jobs, send_all, wallet_url
from tests.deposits.rules import set_booking
from tests.factories import (
    dollars,
    make_appointment,
    make_browser,
    make_client,
    make_credit,
    make_debt,
    make_role,
    make_staff,
)
from tests.ledger.books import assert_well
from tests.memberships.members import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock_stands")]
ASK = "/wallet/"


@pytest.fixture
def clara(desk):
    return make_client("Clara Nuñez", location=desk.location)


@pytest.fixture
def phone():
    return Browser()


def page(phone, client, name="wallet", **more):
    return says(phone.get(wallet_url(client, name, **more)))


# --- Asking for a link ------------------------------------------------------------------------


def test_the_link_comes_by_e_mail_and_opens_the_wallet(phone, clara):
    assert "Look into your e-mail" in says(phone.post(ASK, {"email": " clara@example.com "}))
    send_all()
    (message,) = mail.outbox
    assert message.to == ["clara@example.com"]
    link = next(word for word in message.body.split() if "/wallet/" in word)
    assert "Clara Nuñez" in says(phone.get("/" + link.split("/", 3)[3]))


def test_the_answer_is_the_same_for_an_address_that_nobody_has(phone, clara):
    known = says(phone.post(ASK, {"email": "clara@example.com"}))
    unknown = says(phone.post(ASK, {"email": "zelda@example.com"}))
    assert known.replace("clara", "zelda") == unknown
    assert len(jobs()) == 2
    assert send_all() == [True, False]


def test_three_links_an_hour_go_to_one_address_and_nobody_learns_of_it(phone, clara):
    answers = set()
    for typed in (
        "clara@example.com",
        "Clara@example.com",
        "CLARA@example.com",
        "clarA@example.com",
    ):
        answers.add(says(phone.post(ASK, {"email": typed})).replace(typed, ""))
    assert len(jobs()) == 3
    assert len(answers) == 1


def test_from_one_device_ten_links_an_hour_are_asked_for(phone, clock_stands):
    for n in range(10):
        assert phone.post(ASK, {"email": f"c{n}@example.com"}).status_code == 200
    answer = phone.post(ASK, {"email": "c11@example.com"})
    assert answer.status_code == 429
    assert "Nothing was sent. Try again in an hour" in says(answer)
    assert len(jobs()) == 10


@pytest.mark.parametrize("typed", ["", "clara", "a@b", "x" * 300 + "@example.com", "a@b.c\nd@e.f"])
def test_what_is_no_address_is_told_at_its_field_and_nothing_is_sent(phone, typed):
    assert phone.post(ASK, {"email": typed}).status_code == 422
    assert jobs() == []


# --- What it shows ----------------------------------------------------------------------------


def test_it_shows_the_balance_the_lots_the_visits_and_what_happened(phone, clara, desk):
    sell_credit(clara, 50, desk)
    make_credit(
        clara, 15, source="goodwill", expires_on=dt.date(2026, 12, 31), restriction="services"
    )
    visit = make_appointment(clara, starts_at=STARTS, location=desk.location)
    hold_deposit(visit)
    text = page(phone, clara)
    for part in (
        "Available $65.00",
        "Held for visits $35.00",
        "Tue, Nov 24, 3:15 pm",
        "Cut & finish with Maya",
        "$35.00 deposit",
        "Credit that you bought",
        "Gift from the salon",
        "Services only, ends on Thu, Dec 31",
        "Set aside for your visit on Tue, Nov 24, 3:15 pm",
        "Account credit bought",
        "Receipts",
    ):
        assert part in text, part
    assert f"/visit/{links.visit_token(visit)}/" in phone.get(wallet_url(clara)).text


def test_it_says_what_a_membership_added(phone, clara):
    make_member(clara)
    text = page(phone, clara)
    assert "Added by your membership" in text
    assert "Account credit bought" not in text


def test_it_says_what_the_client_owes(phone, clara):
    make_debt(clara, 12)
    assert "You owe $12.00" in page(phone, clara)


def test_a_wallet_without_anything_says_so(phone, clara):
    text = page(phone, clara)
    assert "Available $0.00" in text
    assert "No visit is booked." in text
    assert "Receipts" not in text


def test_it_shows_nothing_that_staff_wrote_for_staff(phone, clara, desk):
    Client.objects.update(note="Tips badly", blocked_reason="Rude", blocked_at=NOW)
    adjust_balance(
        client=clara, amount=dollars(10), reason="gift", note="To calm her down", desk=desk,
        key=str(uuid.uuid4()),
    )  # fmt: skip
    text = page(phone, clara)
    for part in ("Tips badly", "Rude", "calm", "Olivia", 'href="/sales', 'href="/clients'):
        assert part not in text
    assert "Given by the salon" in text
    assert "Available $10.00" in text


def test_with_balances_off_it_says_only_what_is_held(phone, clara, desk):
    make_credit(clara, 40)
    hold_deposit(make_appointment(clara, starts_at=STARTS, location=desk.location))
    BusinessSettings.objects.update(client_account_balances=False)
    text = page(phone, clara)
    assert "Held for visits $35.00" in text
    assert "$40.00" not in text
    assert "What happened" not in text
    assert phone.get(wallet_url(clara, "wallet_history")).status_code == 404


def test_it_is_shown_with_so_many_queries(phone, clara, desk):
    for n in range(3):
        sell_credit(clara, 10 + n, desk)
        hold_deposit(
            make_appointment(clara, starts_at=STARTS + dt.timedelta(days=n), location=desk.location)
        )
    with assertNumQueries(18):
        phone.get(wallet_url(clara))


def test_all_of_the_history_has_pages(phone, clara):
    for n in range(30):
        make_credit(clara, n + 1)
    assert "All of it" in page(phone, clara)
    first = phone.get(wallet_url(clara, "wallet_history"))
    assert len(first.context["history"].rows) == 25
    older = phone.get(first.wsgi_request.path, {"before": first.context["history"].older})
    assert len(older.context["history"].rows) == 5
    assert "$1.00 added" in says(older)


# --- Receipts ---------------------------------------------------------------------------------


def test_a_receipt_of_ones_own_is_shown_and_nobody_elses(phone, clara, desk):
    own = sell_credit(clara, 50, desk)
    ben = make_client("Ben Okafor")
    other = sell_credit(ben, 70, desk)
    text = page(phone, clara, "wallet_receipt", order=own.uuid)
    assert f"Sale #{own.number}" in text
    assert "$50.00" in text
    for order in (other.uuid, uuid.uuid4()):
        assert phone.get(wallet_url(clara, "wallet_receipt", order=order)).status_code == 404


def test_a_sale_that_is_open_has_no_receipt_yet(phone, clara, desk):
    order = sale_of(desk, clara, (85, make_staff("Maya")))
    assert phone.get(wallet_url(clara, "wallet_receipt", order=order.uuid)).status_code == 404
    pay(order, "cash", 85, desk)
    close_order(order=order, desk=desk)
    assert phone.get(wallet_url(clara, "wallet_receipt", order=order.uuid)).status_code == 200


# --- Who may not ------------------------------------------------------------------------------


def test_an_address_opens_one_wallet_for_seven_days(phone, clara, clock_stands):
    url = wallet_url(clara)
    assert phone.get(url[:-2] + "/").status_code == 404
    assert phone.get(f"/wallet/{links.visit_token(make_appointment(clara))}/").status_code == 404
    clock_stands.shift(dt.timedelta(days=7, minutes=1))
    answer = phone.get(url)
    assert answer.status_code == 410
    assert "Ask for a new one" in says(answer)


def test_a_merged_clients_link_opens_the_wallet_of_who_stays(phone, clara):
    url = wallet_url(clara)
    ben = make_client("Ben Okafor")
    Client.objects.filter(pk=clara.pk).update(merged_into=ben, archived_at=NOW)
    assert "Ben Okafor" in says(phone.get(url))


def test_an_archived_clients_wallet_is_closed(phone, clara):
    Client.objects.update(archived_at=NOW)
    answer = phone.get(wallet_url(clara))
    assert answer.status_code == 410
    assert "This wallet is closed" in says(answer)
    assert "Clara" not in says(answer)


def test_it_goes_to_no_search_engine_and_into_no_cache(phone, clara):
    answer = phone.get(wallet_url(clara))
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


def test_a_client_without_a_location_has_the_first_ones_clock(phone, clara, desk):
    Client.objects.update(location=None)
    assert "Clara Nuñez" in page(phone, clara)
    Location.objects.update(archived_at=NOW)
    assert phone.get(wallet_url(clara)).status_code == 410


# --- From the desk ----------------------------------------------------------------------------


def test_the_desk_sends_the_link_from_the_clients_page(clara):
    browser = make_browser("Jo")
    assert "Send wallet link" in says(browser.get(reverse("clients:detail", args=[clara.pk])))
    answer = browser.post(reverse("deposits:send_wallet_link", args=[clara.pk]))
    assert "The link to the wallet is on its way to clara@example.com." in told(answer)
    send_all()
    assert links.wallet_link(clara) in mail.outbox[0].body


def test_without_an_address_nothing_is_sent(clara):
    Client.objects.update(email="")
    answer = make_browser("Jo").post(reverse("deposits:send_wallet_link", args=[clara.pk]))
    assert "There is no e-mail address yet. Nothing was sent." in told(answer)
    assert jobs() == []


def test_who_may_not_edit_clients_sends_no_links(clara):
    make_role("Front desk").permissions.clear()
    browser = make_browser("Jo")
    assert "Send wallet link" not in says(browser.get(reverse("clients:detail", args=[clara.pk])))
    url = reverse("deposits:send_wallet_link", args=[clara.pk])
    assert browser.post(url).status_code == 403
    assert Browser().post(url).status_code == 302
    assert jobs() == []


# --- A deposit out of the balance -------------------------------------------------------------


@pytest.fixture
def asked(clara, desk):
    visit = make_appointment(clara, starts_at=STARTS, location=desk.location)
    return DepositRequest.objects.create(
        appointment=visit,
        came_from="link",
        amount=dollars(35),
        asked_at=NOW,
        expires_at=NOW + dt.timedelta(days=2),
    )


def test_a_deposit_is_paid_by_card_where_the_owner_says_so(phone, clara, asked):
    make_credit(clara, 50)
    answer = phone.get(wallet_url(clara))
    assert f"/deposit/{links.payment_token(asked)}/" in answer.text
    url = wallet_url(clara, "wallet_pay", asked=asked.uuid)
    assert "A deposit is paid by credit or debit card" in says(phone.get(url))
    answer = phone.post(url)
    assert answer.status_code == 409
    assert "Nothing was set aside." in says(answer)
    assert balance_of(clara, NOW.date()).held == dollars(0)
    assert not PolicyAcceptance.objects.exists()


def test_a_deposit_is_set_aside_from_the_balance_where_the_owner_allows_it(phone, clara, asked):
    set_booking(deposit_from_balance=True)
    make_credit(clara, 50)
    url = wallet_url(clara, "wallet_pay", asked=asked.uuid)
    assert url in phone.get(wallet_url(clara)).text
    assert "$35.00 of your account credit will be set aside for this visit." in says(phone.get(url))
    for _ in range(2):
        assert phone.post(url).status_code == 302
    has = balance_of(clara, NOW.date())
    assert (has.available, has.held) == (dollars(15), dollars(35))
    assert PolicyAcceptance.objects.get().request == asked
    assert_well()


def test_where_a_card_is_kept_with_it_a_card_pays_it(phone, clara, asked):
    set_booking(deposit_from_balance=True)
    DepositRequest.objects.update(keep_card=True)
    make_credit(clara, 50)
    assert f"/deposit/{links.payment_token(asked)}/" in phone.get(wallet_url(clara)).text
    url = wallet_url(clara, "wallet_pay", asked=asked.uuid)
    assert "Pay with account credit" not in says(phone.get(url))
    answer = phone.post(url)
    assert answer.status_code == 409
    assert "so a card has to pay its deposit. Nothing was set aside." in says(answer)
    assert balance_of(clara, NOW.date()).held == dollars(0)


def test_with_too_little_credit_nothing_is_set_aside(phone, clara, asked):
    set_booking(deposit_from_balance=True)
    make_credit(clara, 20)
    answer = phone.post(wallet_url(clara, "wallet_pay", asked=asked.uuid))
    assert answer.status_code == 409
    assert "Only $20.00 of the balance is free for a deposit." in says(answer)
    assert balance_of(clara, NOW.date()).held == dollars(0)
    assert not PolicyAcceptance.objects.exists()


def test_nobody_pays_anothers_deposit(phone, clara, asked):
    set_booking(deposit_from_balance=True)
    ben = make_client("Ben Okafor")
    make_credit(ben, 50)
    assert phone.post(wallet_url(ben, "wallet_pay", asked=asked.uuid)).status_code == 404


def test_a_deposit_that_was_paid_is_told_as_one(phone, processor):
    make_shop()
    asked = online()
    paid(processor, asked)
    said = page(phone, asked.appointment.client)
    assert "Deposit paid $25.50 added" in said and "credit bought" not in said
