"""Self checkout by a signed address: what a stranger's phone sees and may do, and nothing else."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse

from cards.models import Attempt
from checkout.charges.links import LASTS, link_to, read, token_for
from checkout.closing import close_order
from checkout.models import Order, OrderCharge
from checkout.opening import open_for_visit, open_order
from checkout.sending_receipts import send_receipt
from checkout.views.self_checkout import COOKIE
from checkout.voiding import void_order
from salon import clock
from salon.guessing import Tries
from salon.models import BusinessSettings
from tests.checkout.charges.helpers import charge, charged, payments, sale_for
from tests.checkout.helpers import order_with, pay, remaining, sale_of, tips_of
from tests.checkout.till import says
from tests.factories import (
    dollars,
    make_appointment,
    make_client,
    make_credit,
    make_desk,
    make_product,
    make_staff,
    make_tax_rate,
)
from tests.harness.processor import NO_FUNDS

pytestmark = pytest.mark.django_db


class Phone:
    """A phone that scanned the code: no login, its own cookies."""

    def __init__(self, order: Order, cap: str | int | None = None) -> None:
        self.token = token_for(order, dollars(cap) if cap else None)
        self.browser = Browser()

    def url(self, name: str = "self_pay") -> str:
        return reverse(f"checkout:{name}", args=[self.token])

    def page(self) -> str:
        self.answer = self.browser.get(self.url())
        return says(self.answer)

    def form(self, **data) -> dict:
        """What the page sends."""
        self.page()
        form = self.answer.context["form"]
        plain = {name: form[name].value() for name in ("uuid", "revision")}
        return plain | {"amount": f"{form['amount'].value().amount:.2f}"} | data

    def pay(self, **data):
        return self.send(self.form(**data))

    def send(self, data: dict, name: str = "self_pay"):
        return self.browser.post(self.url(name), data)

    def back(self):
        """Where the processor's page leads."""
        address = Attempt.objects.latest("id").back_url
        return self.browser.get("/" + address.split("/", 3)[3])


@pytest.fixture
def phone(order):
    return Phone(order)


def fresh(order):
    return Order.objects.get(pk=order.pk)


# --- What it shows -----------------------------------------------------------------------------


def test_it_shows_the_sale_what_was_paid_and_what_remains(processor, desk, clara):
    order = sale_for(desk, clara, 85)
    order_lines = order_with(desk, clara, product=30, tax_rate=make_tax_rate("10"))
    pay(order, "cash", 20, desk)
    text = Phone(order).page()
    for part in (
        BusinessSettings.current().name,
        f"Sale #{order.number}",
        "Service at 85",
        "with Maya",
        "<dt>Total</dt><dd>$85.00</dd>",
        "<dt>Cash</dt><dd>−$20.00</dd>",
        "<dt>Remaining</dt><dd>$65.00</dd>",
    ):
        assert part in text
    assert "<dt>Sales tax 10 %</dt><dd>$3.00</dd>" in Phone(order_lines).page()


def test_it_shows_nothing_of_the_desk_or_of_the_client(phone, clara):
    make_credit(clara, 115)
    text = phone.page()
    for part in ("Clara", "$115.00", "Jo<", 'href="/sales', 'href="/clients', "Today"):
        assert part not in text


def test_a_proposed_deposit_is_taken_off(processor, clara, desk):
    visit = make_appointment(clara, location=desk.location)
    make_credit(clara, 30, source="deposit", visit=visit.pk)
    order = open_for_visit(appointment=visit, desk=desk)
    text = Phone(order).page()
    assert "<dt>Deposit</dt><dd>−$30.00</dd>" in text
    assert "<dt>Remaining</dt><dd>$55.00</dd>" in text


def test_it_goes_to_no_search_engine(phone):
    phone.page()
    assert phone.answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in phone.answer["Cache-Control"]


# --- Paying ------------------------------------------------------------------------------------


def test_a_client_pays_what_remains_and_gets_the_receipt(processor, phone, order):
    answer = phone.pay()
    attempt = Attempt.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, attempt.url)
    assert OrderCharge.objects.get().by_client
    processor.pay_page(attempt.url)
    text = says(phone.back())
    assert "Paid $85.00" in text
    assert "Visa •••• 4242" in text
    assert "E-mail me the receipt" in text
    assert payments(order) == [("charge", "$85.00", "Visa •••• 4242")]


def test_the_processor_leads_back_to_the_public_address(phone, settings):
    settings.PUBLIC_URL = "https://desk.example"
    phone.pay()
    assert Attempt.objects.get().back_url.startswith(
        f"https://desk.example{phone.url('self_done')}?payment="
    )


@pytest.mark.parametrize(
    ("data", "tip"),
    [
        ({}, 0),
        ({"choice": "none", "own_tip": "9"}, 0),
        ({"choice": "20"}, 17),
        ({"choice": "own", "own_tip": "4.50"}, "4.50"),
    ],
)
def test_the_tip_is_the_clients_choice(processor, phone, order, data, tip):
    phone.pay(**data)
    attempt = Attempt.objects.get()
    assert attempt.amount == dollars(85) + dollars(tip)
    processor.pay_page(attempt.url)
    phone.back()
    assert sum(map(float, tips_of(order).values())) == float(tip)
    assert not remaining(order)


def test_no_tip_is_chosen_before_the_client_chooses(phone):
    text = phone.page()
    assert 'value="none" id="tip-1" data-tip="" checked' in text
    assert text.count("checked") == 1


def test_the_owners_percents_are_of_services_only(processor, desk, clara):
    order = order_with(desk, clara, product=30)
    sold = sale_of(desk, clara, (100, make_staff("Maya")))
    BusinessSettings.objects.update(tip_percents="10, 12.5")
    text = Phone(sold).page()
    assert 'data-tip="12.50"' in text
    assert 'data-tip="10.00"' in text
    assert "Add a tip?" not in Phone(order).page()


def test_where_no_service_names_its_staff_a_tip_is_refused(processor, desk, clara):
    phone = Phone(order_with(desk, clara, product=30))
    answer = phone.pay(choice="own", own_tip="5")
    assert answer.status_code == 422
    assert not OrderCharge.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        {"choice": "own", "own_tip": ""},
        {"choice": "own", "own_tip": "-3"},
        {"choice": "own", "own_tip": "a lot"},
        {"choice": "own", "own_tip": "9999999"},
        {"choice": "99"},
        {"amount": ""},
        {"amount": "x"},
        {"revision": ""},
        {"uuid": "x"},
    ],
)
def test_what_makes_no_sense_charges_nothing(processor, phone, data):
    answer = phone.pay(**data)
    assert answer.status_code == 422
    assert not OrderCharge.objects.exists()


@pytest.mark.parametrize("amount", ["1.00", "84.99", "85.01", "0.01", "500"])
def test_another_amount_than_the_page_showed_is_never_charged(processor, phone, amount):
    answer = phone.pay(amount=amount)
    assert answer.status_code == 409
    assert "Nothing was charged." in says(answer)
    assert not OrderCharge.objects.exists()


def test_a_sale_that_changed_at_the_desk_is_shown_anew_with_the_tip(phone, order, desk):
    form = phone.form(choice="20")
    pay(order, "cash", 5, desk)
    answer = phone.send(form)
    assert answer.status_code == 409
    text = says(answer)
    assert "The sale was changed at the desk a moment ago. Nothing was charged." in text
    assert "<dt>Remaining</dt><dd>$80.00</dd>" in text
    assert 'value="20" id="tip-3" data-tip="17.00" checked' in text
    assert not OrderCharge.objects.exists()


def test_a_form_sent_twice_leads_on_to_the_same_page(processor, phone):
    form = phone.form()
    first = phone.send(form)
    assert phone.send(form)["Location"] == first["Location"]
    assert Attempt.objects.count() == 1


def test_a_part_of_the_sale_is_paid_and_the_rest_remains(processor, order):
    phone = Phone(order, cap=40)
    assert "<dt>You pay</dt><dd>$40.00</dd>" in phone.page()
    phone.pay()
    processor.pay_page(Attempt.objects.get().url)
    text = says(phone.back())
    assert "Something remains on this sale." in text
    assert "$45.00 is not paid yet." in text
    assert remaining(order) == dollars(45)


def test_a_part_is_never_more_than_what_remains(processor, order, desk):
    pay(order, "cash", 60, desk)
    phone = Phone(order, cap=40)
    phone.pay()
    assert Attempt.objects.get().amount == dollars(25)


# --- It does not pay ---------------------------------------------------------------------------


def test_a_declined_card_comes_back_with_words_and_may_go_on(processor, phone, order):
    phone.pay()
    attempt = Attempt.objects.get()
    processor.pay_page(attempt.url, NO_FUNDS)
    text = says(phone.back())
    assert "Your payment is not finished" in text
    assert "There is not enough money on the card. Nothing was charged." in text
    assert attempt.url in text
    processor.pay_page(attempt.url)
    assert "Paid $85.00" in says(phone.back())


def test_who_comes_back_to_the_address_is_led_on_or_may_start_over(processor, phone):
    phone.pay(choice="20")
    attempt = Attempt.objects.get()
    text = phone.page()
    assert "Go on to pay $102.00" in text
    answer = phone.send({"payment": attempt.uuid}, "self_start_over")
    assert answer["Location"] == phone.url()
    assert "Pay" in phone.page()
    attempt.refresh_from_db()
    assert attempt.status == Attempt.Status.CANCELED


def test_paying_is_begun_only_so_often_for_one_sale(processor, phone, monkeypatch):
    monkeypatch.setattr("checkout.views.self_checkout._PAYING", Tries("paying", 2, 60))
    for _ in range(2):
        phone.pay()
        phone.send({"payment": Attempt.objects.latest("id").uuid}, "self_start_over")
    answer = phone.pay(choice="20")
    assert answer.status_code == 429 and "Please pay at the desk." in says(answer)
    assert Attempt.objects.count() == 2 and not charged(processor)


def test_starting_over_too_late_shows_that_it_is_paid(processor, phone):
    phone.pay()
    attempt = Attempt.objects.get()
    processor.pay_page(attempt.url)
    answer = phone.send({"payment": attempt.uuid}, "self_start_over")
    assert "Paid $85.00" in says(phone.browser.get(answer["Location"]))
    assert charged(processor) == [8500]


def test_a_payment_that_the_desk_canceled_says_so(processor, phone):
    from cards import attempts

    phone.pay()
    attempts.cancel(Attempt.objects.get())
    text = says(phone.back())
    assert "This payment was canceled" in text
    assert "Nothing was charged." in text
    assert "Try again" in text


def test_while_the_processor_is_down_nothing_is_known(processor, phone):
    with processor.down():
        answer = phone.pay()
        text = says(phone.browser.get(answer["Location"]))
    assert "The card processor does not answer" in text
    assert "nothing is charged twice" in text
    phone.back()
    assert Attempt.objects.get().url


# --- When there is nothing to pay here ---------------------------------------------------------


def test_another_phone_is_told_that_somebody_pays_right_now(phone, order):
    phone.pay()
    other = Phone(order)
    text = other.page()
    assert "Somebody is paying right now" in text
    assert Attempt.objects.get().url not in text


def test_a_second_phone_that_pressed_a_moment_later_charges_nothing(processor, phone, order):
    other = Phone(order)
    form = other.form()
    phone.pay()
    answer = other.send(form)
    assert answer.status_code == 409
    assert "Somebody is paying right now" in says(answer)
    assert Attempt.objects.count() == 1


def test_what_the_desk_charges_at_this_moment_is_not_paid_twice(phone, order, desk):
    charge(order, 45, desk)
    text = phone.page()
    assert "<dt>Being paid now</dt><dd>−$45.00</dd>" in text
    assert "<dt>Remaining</dt><dd>$40.00</dd>" in text


def test_a_sale_that_is_paid_asks_for_nothing(phone, order, desk):
    pay(order, "cash", 85, desk)
    assert "All of this sale is paid" in phone.page()


def test_a_closed_sale_says_so(phone, order, desk):
    pay(order, "cash", 85, desk)
    close_order(order=order, desk=desk)
    assert "This sale is closed" in phone.page()
    assert phone.send({"uuid": uuid.uuid4()}).status_code == 409


def test_a_voided_sale_says_so(phone, order):
    void_order(order=order, desk=make_desk("Olivia"), reason="Called off")
    assert "This sale was called off" in phone.page()


def test_an_empty_sale_says_so(processor, desk):
    assert "Nothing is on this sale yet" in Phone(open_order(desk=desk)).page()


def test_without_a_processor_it_says_where_to_pay(phone, settings):
    settings.STRIPE_SECRET_KEY = ""
    assert "Cards cannot be taken here just now" in phone.page()


# --- The address -------------------------------------------------------------------------------


def test_a_link_is_good_for_a_day(phone):
    with time_machine.travel(clock.now() + LASTS - dt.timedelta(minutes=1)):
        assert "Remaining" in phone.page()
    with time_machine.travel(clock.now() + LASTS + dt.timedelta(minutes=1)):
        text = phone.page()
    assert phone.answer.status_code == 410
    assert "This link has ended" in text


def test_no_link_is_found_by_trying(phone, order):
    for forged in ("x", phone.token[:-1], phone.token.replace("-0", "-1"), str(order.uuid)):
        address = reverse("checkout:self_pay", args=[forged])
        assert phone.browser.get(address).status_code == 404


def test_a_link_says_the_order_and_the_part(order):
    found = read(token_for(order, dollars("46.40")))
    assert (found.order, found.cap) == (order.uuid, dollars("46.40"))
    assert link_to(order).startswith("http://127.0.0.1:8000/pay/")


@pytest.mark.parametrize("name", ["self_start_over", "self_email"])
def test_acts_are_presses_not_addresses(phone, name):
    assert phone.browser.get(phone.url(name)).status_code == 405


@pytest.mark.parametrize("payment", ["", "x", "7d0f3a52-0a60-4a8e-9a4a-0c9e5d2b1f11"])
def test_a_payment_that_is_not_of_this_sale_leads_to_the_sale(phone, payment):
    answer = phone.browser.get(phone.url("self_done"), {"payment": payment})
    assert answer["Location"] == phone.url()
    for name in ("self_start_over", "self_email"):
        assert phone.send({"payment": payment}, name)["Location"] == phone.url()


def test_another_sales_payment_is_neither_shown_nor_canceled(processor, phone, desk):
    other = Phone(sale_for(desk, make_client("Ben Okafor")))
    other.pay()
    theirs = Attempt.objects.get()
    answer = phone.browser.get(phone.url("self_done"), {"payment": theirs.uuid})
    assert answer["Location"] == phone.url()
    phone.send({"payment": theirs.uuid}, "self_start_over")
    theirs.refresh_from_db()
    assert theirs.is_open


def test_what_the_desk_began_no_phone_cancels(processor, phone, order, desk):
    made = charge(order, 85, desk)
    phone.send({"payment": made.attempt.uuid}, "self_start_over")
    made.attempt.refresh_from_db()
    assert made.attempt.is_open


def test_a_cookie_that_was_made_up_shows_nothing_of_others(phone, order):
    other = Phone(order)
    phone.pay()
    other.browser.cookies[COOKIE] = "nonsense"
    assert "Somebody is paying right now" in other.page()


# --- The receipt -------------------------------------------------------------------------------


@pytest.fixture
def paid(processor, phone):
    phone.pay()
    attempt = Attempt.objects.get()
    processor.pay_page(attempt.url)
    phone.back()
    return attempt


def mail_to(phone, attempt, to="sam@example.com"):
    return phone.send({"payment": attempt.uuid, "uuid": uuid.uuid4(), "to": to}, "self_email")


def test_the_receipt_is_mailed_to_who_paid(phone, paid, order, clara):
    make_credit(clara, 115)
    assert "It goes to sam@example.com." in says(mail_to(phone, paid))
    assert send_receipt(order=order.uuid, to="sam@example.com", from_phone=True)
    [sent] = mail.outbox
    assert "Visa •••• 4242" in sent.body
    assert "$115.00" not in sent.body


def test_no_balance_stands_on_the_phones_receipt(phone, paid, clara):
    make_credit(clara, 115)
    text = says(phone.back())
    assert "$115.00" not in text
    assert "Open: not closed yet" not in text


def test_five_mails_an_hour_are_enough(phone, paid):
    for _ in range(5):
        assert mail_to(phone, paid).status_code == 200
    answer = mail_to(phone, paid)
    assert answer.status_code == 422
    assert "was sent several times already" in says(answer)


@pytest.mark.parametrize("to", ["", "nobody", "a@b"])
def test_an_address_that_is_none_is_refused_and_kept(phone, paid, to):
    answer = mail_to(phone, paid, to)
    assert answer.status_code == 422
    assert answer.context["form"]["to"].value() == to


def test_no_receipt_goes_out_for_what_is_not_paid(phone):
    phone.pay()
    attempt = Attempt.objects.get()
    assert mail_to(phone, attempt)["Location"] == phone.url()


def test_more_lines_cost_no_more_queries(processor, desk, clara, django_assert_num_queries):
    one, many = sale_for(desk, clara), sale_for(desk, clara)
    from checkout.lines import add_product

    for name in ("Comb", "Brush", "Clip"):
        add_product(order=many, product=make_product(name, 5), desk=desk)
    with django_assert_num_queries(9):
        Phone(one).page()
    with django_assert_num_queries(9):
        Phone(many).page()


def test_a_payment_for_the_rest_of_a_capped_link_is_possible(processor, order):
    phone = Phone(order, cap=40)
    for _ in range(2):
        phone.pay()
        processor.pay_page(Attempt.objects.latest("id").url)
        phone.back()
    assert remaining(order) == dollars(5)
