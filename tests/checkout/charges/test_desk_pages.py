"""The card panel and what waits, at the desk: right forms and crafted ones."""

import pytest
import time_machine
from pytest_django.asserts import assertNumQueries

from cards.models import Attempt
from checkout.charges.following import LOOK_EVERY
from checkout.models import Order, OrderCharge
from salon import clock
from salon.models import BusinessSettings
from tests.cards.on_file_helpers import make_card
from tests.checkout.charges.helpers import (
    READER,
    SCREEN,
    begin,
    by_client,
    charge,
    charged,
    on_file,
    payments,
    pays,
    sale_for,
)
from tests.checkout.helpers import pay
from tests.checkout.test_order_page import DRAWN, FRAME
from tests.checkout.till import Till, says
from tests.factories import dollars, make_client, make_location
from tests.harness.processor import BACK, FRONT, NO_FUNDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(processor, clara, desk):
    return make_card(processor, clara, desk)


def later():
    """Long enough that a look is due again."""
    return time_machine.travel(clock.now() + LOOK_EVERY * 2, tick=True)


# --- The buttons -------------------------------------------------------------------------------


def test_one_button_takes_cards_and_the_terminal_stands_beside_it(till):
    page = till.page()
    assert 'data-key-says="Pay: Card"' in page
    assert 'data-key-says="Pay: Card terminal"' in page


def test_the_owner_may_have_no_terminal(till):
    BusinessSettings.objects.update(unconnected_terminal=False)
    assert "Card terminal" not in till.page()
    answer = till.pay("card", amount="85", reference="1")
    assert answer.status_code == 422
    assert "Card payments go through the processor here. Nothing was taken." in says(answer)
    assert till.payments() == []


def test_without_a_processor_the_terminal_is_the_card(till, settings):
    settings.STRIPE_SECRET_KEY = ""
    BusinessSettings.objects.update(unconnected_terminal=False)
    page = till.page()
    assert 'data-key-says="Pay: Card"' in page
    assert "Card terminal" not in page
    till.pay("card", amount="85", reference="1")
    assert till.payments() == [("card", "$85.00")]


def test_the_panel_offers_the_clients_cards_the_phone_and_this_screen(till, card):
    text = says(till.get("pay", kind="charge"))
    for part in ("Visa •••• 4242", "default, expires", "Client’s phone", "On this screen"):
        assert part in text
    assert f'hx-get="{till.url("readers")}"' in text


def test_a_card_whose_month_is_over_says_so(processor, till, clara, desk):
    make_card(processor, clara, desk, exp_year=2020, exp_month=1)
    assert "expired 01/20" in says(till.get("pay", kind="charge"))


def test_nobody_elses_cards_are_offered(processor, till, desk):
    make_card(processor, make_client("Ben Okafor"), desk)
    assert "4242" not in says(till.get("pay", kind="charge"))


def test_readers_that_are_online_are_offered(processor, till):
    processor.reader_goes("offline", BACK)
    text = says(till.get("readers"))
    assert f'value="reader-{FRONT}"' in text
    assert BACK not in text


def test_readers_are_asked_within_the_page_where_no_script_fills_the_slot(processor, order, desk):
    answer = Till(order, desk.staff, htmx=False).get("pay", {"way": "reader"}, kind="charge")
    assert f'value="reader-{FRONT}"' in says(answer)


def test_readers_of_a_processor_that_is_down_are_none(processor, till):
    with processor.down():
        text = says(till.get("readers"))
    assert "The processor does not answer: no card reader can be asked now." in text


# --- Charging ----------------------------------------------------------------------------------


def test_a_card_on_file_is_charged_by_one_press(till, card):
    answer = till.pay("charge", amount="85.00", way=f"on_file-{card.pk}")
    assert answer.status_code == 200
    text = says(answer)
    assert "Visa •••• 4242" in text
    assert "Close sale" in text
    assert payments(till.order) == [("charge", "$85.00", "Visa •••• 4242")]


def test_a_decline_says_why_and_keeps_the_amount(processor, till, clara, desk):
    card = make_card(processor, clara, desk, "4000000000000341")
    form = till.act(amount="46.40", way=f"on_file-{card.pk}")
    answer = till.send("pay", form, kind="charge")
    assert answer.status_code == 422
    text = says(answer)
    assert "Nothing was charged. Try another card" in text
    assert 'value="46.40"' in text
    # What is sent next is another charge, not the declined one again.
    assert answer.context["panel"]["form"].act != form["uuid"]


def test_3_d_secure_without_the_client_says_what_to_do(processor, till, clara, desk):
    card = make_card(processor, clara, desk, "4000002500003155")
    answer = till.pay("charge", amount="85", way=f"on_file-{card.pk}")
    assert "Send it to the client’s phone instead." in says(answer)


def test_a_press_sent_twice_charges_once(processor, till, card):
    form = till.act(amount="40.00", way=f"on_file-{card.pk}")
    till.send("pay", form, kind="charge")
    till.send("pay", form, kind="charge")
    assert charged(processor) == [4000]


def test_the_reader_waits_on_the_page(processor, till):
    till.get("readers")
    text = says(till.pay("charge", amount="85", way=f"reader-{FRONT}"))
    assert "Waiting for the reader Front" in text
    assert "All that remains is waiting for the card." in text
    assert "Close sale" not in text


def test_a_reader_that_is_offline_says_so(processor, till):
    processor.reader_goes("offline", FRONT)
    answer = till.pay("charge", amount="85", way=f"reader-{FRONT}")
    assert answer.status_code == 422
    assert till.payments() == []


def test_this_screen_goes_to_the_card_page_and_back_to_the_sale(processor, till):
    answer = till.pay("charge", amount="85", way="screen")
    attempt = Attempt.objects.get()
    assert answer["HX-Redirect"] == attempt.url
    assert attempt.back_url == f"http://testserver{till.url('charge_back', charge=attempt.uuid)}"
    processor.pay_page(attempt.url)
    back = till.browser.get(attempt.back_url, follow=True)
    assert "Visa •••• 4242 paid $85.00." in says(back)
    assert till.payments() == [("charge", "$85.00")]


def test_without_script_this_screen_goes_there_too(processor, order, desk):
    till = Till(order, desk.staff, htmx=False)
    answer = till.pay("charge", amount="85", way="screen")
    assert (answer.status_code, answer["Location"]) == (302, Attempt.objects.get().url)


def test_coming_back_without_paying_leaves_it_waiting(processor, till):
    till.pay("charge", amount="85", way="screen")
    attempt = Attempt.objects.get()
    text = says(till.browser.get(attempt.back_url, follow=True))
    assert "The page was left before it was paid." in text
    assert attempt.url in text


@pytest.mark.parametrize(
    "way",
    [
        *("", "phone", "moon", "on_file", "on_file-", "on_file-x", "reader-"),
        *("on_file-999999999", "on_file-" + "9" * 60, "9" * 200),
    ],
)
def test_a_way_that_no_button_sends_is_refused(till, card, way):
    answer = till.pay("charge", amount="85", way=way)
    assert answer.status_code == 422
    assert "Nothing was charged." in says(answer)
    assert not OrderCharge.objects.exists()


def test_the_card_of_another_client_is_refused(processor, till, desk):
    bens = make_card(processor, make_client("Ben Okafor"), desk)
    answer = till.pay("charge", amount="85", way=f"on_file-{bens.pk}")
    assert answer.status_code == 422
    assert "is not a card of this sale’s client" in says(answer)
    assert charged(processor) == []


@pytest.mark.parametrize("amount", ["", "0", "-5", "85.01", "9999999", "1e9", "NaN", "8.005"])
def test_an_amount_that_makes_no_sense_is_refused(processor, till, card, amount):
    answer = till.pay("charge", amount=amount, way=f"on_file-{card.pk}")
    assert answer.status_code == 422
    assert charged(processor) == []


def test_a_stale_page_charges_nothing(processor, till, card, desk):
    form = till.act(amount="40", way=f"on_file-{card.pk}")
    pay(till.order, "cash", 5, desk)
    answer = till.send("pay", form, kind="charge")
    assert answer.status_code == 409
    assert charged(processor) == []


def test_nothing_is_charged_from_another_location(processor, till, card):
    elsewhere = make_location("Uptown")
    session = till.browser.session
    session["location"] = elsewhere.pk
    session.save()
    answer = till.pay("charge", amount="85", way=f"on_file-{card.pk}")
    assert "Switch to that location to go on." in says(answer)
    assert charged(processor) == []


def test_a_processor_that_was_switched_off_meanwhile_charges_nothing(till, card, settings):
    form = till.act(amount="85", way=f"on_file-{card.pk}")
    settings.STRIPE_SECRET_KEY = ""
    answer = till.send("pay", form, kind="charge")
    assert "No card processor is connected. Nothing was charged." in says(answer)


def test_a_form_that_was_sent_before_it_was_switched_off_is_told_too(till, card, settings):
    form = till.act(amount="40", way=f"on_file-{card.pk}")
    till.send("pay", form, kind="charge")
    settings.STRIPE_SECRET_KEY = ""
    answer = till.send("pay", form, kind="charge")
    assert answer.status_code == 422
    assert "No card processor is connected." in says(answer)


# --- The client's phone ------------------------------------------------------------------------


def test_the_code_for_the_phone_stands_in_the_panel(till, settings):
    settings.PUBLIC_URL = "https://desk.example"
    text = says(till.get("pay", {"way": "phone", "amount": "40"}, kind="charge"))
    assert "Scan to pay" in text
    assert "$40.00" in text
    assert "<svg" in text
    assert "https://desk.example/pay/" in text
    assert "Copy link" in text
    assert not OrderCharge.objects.exists()


@pytest.mark.parametrize("amount", ["", "x", "-4", "999", "85"])
def test_without_a_part_the_phone_pays_all(till, amount):
    answer = till.get("pay", {"way": "phone", "amount": amount}, kind="charge")
    token = answer.context["panel"]["link"].split("/pay/")[1].rstrip("/")
    from checkout.charges.links import read

    assert read(token).cap is None


def test_the_code_is_put_away_once_the_phone_pays(till, order, desk):
    query = seen(till) | {"panel": "charge", "way": "phone", "amount": "85.00"}
    by_client(order, 40, desk)
    text = says(till.get("state", query))
    assert "Scan to pay" not in text
    assert "The client is paying on their phone." in text
    assert "Waiting for the client’s phone" in text


# --- What waits --------------------------------------------------------------------------------


def seen(till: Till) -> dict:
    """What the page asks with."""
    page = till.browser.get(till.url()).context["page"]
    return {
        "revision": page.order.revision,
        "stand": page.stand,
        "seen": page.newest_charge,
        "waits": [str(charge.attempt.uuid) for charge in page.charges],
    }


def test_the_light_question_brings_what_the_client_paid(processor, till, order, desk):
    made = by_client(order, 85, desk, tip=10)
    query = seen(till)
    processor.pay_page(made.attempt.url)
    with later():
        answer = till.get("state", query)
    text = says(answer)
    assert "Visa •••• 4242 paid $95.00, $10.00 of it tip." in text
    assert "This sale was changed at another till" not in text
    assert "Close sale" in text


def test_the_light_question_brings_a_decline_with_the_amount_to_try_again(
    processor, till, order, desk
):
    charge(order, "46.40", desk, READER)
    query = seen(till)
    processor.present_card(number=NO_FUNDS)
    with later():
        answer = till.get("state", query)
    text = says(answer)
    assert "There is not enough money on the card." in text
    assert 'value="46.40"' in text


def test_what_ended_before_the_page_was_made_is_no_news(processor, till, order, desk):
    pays(processor, charge(order, 40, desk))
    query = seen(till)
    pay(order, "cash", 5, desk)
    text = says(till.get("state", query))
    assert "paid $40.00." not in text
    assert "This sale was changed at another till." in text


def test_while_nothing_happens_the_question_stays_light(till, order, desk):
    charge(order, 85, desk)
    query = seen(till)
    # Three more: what is open, and once more the order, and the stand as ever.
    with assertNumQueries(FRAME + 4):
        answer = till.get("state", query)
    assert answer.status_code == 204


def test_two_pages_do_not_ask_twice_in_a_moment(processor, till, order, desk):
    charge(order, 85, desk)
    query = seen(till)
    with later():
        till.get("state", query)
        first = Attempt.objects.get().looked_at
        till.get("state", query)
        assert Attempt.objects.get().looked_at == first


def test_the_light_question_does_not_fail_when_the_processor_is_down(processor, till, order, desk):
    charge(order, 85, desk)
    query = seen(till)
    with later(), processor.down():
        assert till.get("state", query).status_code == 204


@pytest.mark.parametrize("waits", [["x"], ["7d0f3a52-0a60-4a8e-9a4a-0c9e5d2b1f11"], [""] * 50])
def test_the_light_question_forgives_nonsense(till, waits):
    answer = till.get("state", {"waits": waits, "seen": "9" * 40})
    assert answer.status_code == 200


def test_a_processor_that_does_not_answer_is_told_and_asked_again(processor, till, card):
    with processor.down():
        text = says(till.pay("charge", amount="85", way=f"on_file-{card.pk}"))
        assert "The processor does not answer. Nothing is known yet: we keep asking." in text
        attempt = Attempt.objects.get()
        text = says(till.send("look_at_charge", {}, charge=attempt.uuid))
        assert "Ask again" in text


def test_asking_again_brings_what_came(processor, till, order, desk):
    made = by_client(order, 85, desk)
    processor.pay_page(made.attempt.url)
    answer = till.send("look_at_charge", {}, charge=made.attempt.uuid)
    assert "Visa •••• 4242 paid $85.00." in says(answer)


def test_cancel_frees_what_was_spoken_for(processor, till, order, desk):
    made = by_client(order, 85, desk)
    text = says(till.send("cancel_charge", {}, charge=made.attempt.uuid))
    assert "The card payment of $85.00 was canceled. Nothing was charged." in text
    assert "Waiting for" not in text
    assert 'data-key-says="Pay: Cash"' in text


def test_a_cancel_that_comes_too_late_shows_the_payment(processor, till, order, desk):
    made = by_client(order, 85, desk)
    processor.pay_page(made.attempt.url)
    text = says(till.send("cancel_charge", {}, charge=made.attempt.uuid))
    assert "The client was faster." in text
    assert "Visa •••• 4242 paid $85.00. It was not canceled." in text
    assert till.payments() == [("charge", "$85.00")]


def test_a_cancel_that_nobody_answers_goes_on(processor, till, order, desk):
    made = by_client(order, 85, desk)
    with processor.down():
        text = says(till.send("cancel_charge", {}, charge=made.attempt.uuid))
    assert "Not canceled yet." in text
    assert "It is canceled as soon as it does." in text


def test_canceling_twice_says_the_same(processor, till, order, desk):
    made = by_client(order, 85, desk)
    till.send("cancel_charge", {}, charge=made.attempt.uuid)
    text = says(till.send("cancel_charge", {}, charge=made.attempt.uuid))
    assert "was canceled. Nothing was charged." in text


@pytest.mark.parametrize("name", ["look_at_charge", "cancel_charge"])
def test_a_charge_of_another_sale_is_not_touched(processor, till, desk, name):
    other = charge(sale_for(desk, None), 85, desk)
    answer = till.send(name, {}, charge=other.attempt.uuid)
    assert answer.status_code == 409
    assert "That charge is not on this sale." in says(answer)
    assert Attempt.objects.get().is_open


@pytest.mark.parametrize("name", ["look_at_charge", "cancel_charge"])
def test_looking_and_canceling_are_presses_not_addresses(till, order, desk, name):
    made = begin(order, 85, desk)
    assert till.get(name, charge=made.attempt.uuid).status_code == 405


def test_without_script_a_cancel_is_told_on_the_next_page(processor, order, desk):
    till = Till(order, desk.staff, htmx=False)
    made = by_client(order, 85, desk)
    till.send("cancel_charge", {}, charge=made.attempt.uuid)
    assert "was canceled. Nothing was charged." in till.page()


def test_coming_back_to_another_sale_says_so(till, order, desk):
    other = charge(sale_for(desk, None), 85, desk)
    text = says(till.browser.get(till.url("charge_back", charge=other.attempt.uuid), follow=True))
    assert "That charge is not on this sale." in text


def test_at_another_location_a_waiting_charge_is_shown_and_not_touched(till, order, desk):
    made = begin(order, 85, desk)
    session = till.browser.session
    session["location"] = make_location("Uptown").pk
    session.save()
    page = till.page()
    assert "Waiting for the card page" in page
    assert str(till.url("cancel_charge", charge=made.attempt.uuid)) not in page


# --- What it asks of the database --------------------------------------------------------------


def test_however_many_charges_the_page_asks_the_same(processor, till, order, desk, clara):
    till.page()

    def asks() -> None:
        with assertNumQueries(FRAME + DRAWN + 11):
            till.browser.get(till.url())

    asks()
    card = make_card(processor, clara, desk)
    asks()
    on_file(order, 10, desk, card)
    asks()
    for amount in (10, 20, 30):
        charge(order, amount, desk, SCREEN)
    asks()


def test_a_waiting_reader_costs_one_query_for_its_name(till, order, desk):
    charge(order, 85, desk, READER)
    till.page()
    with assertNumQueries(FRAME + DRAWN + 11):
        till.browser.get(till.url())


def test_the_sale_page_and_the_receipt_name_the_card(processor, till, order, desk):
    from checkout.closing import close_order

    pays(processor, charge(order, 85, desk))
    close_order(order=Order.objects.get(pk=order.pk), desk=desk)
    for page in (till.page(), says(till.get("receipt"))):
        assert page.count("Visa •••• 4242") >= 1
        assert "Visa •••• 4242 · Visa •••• 4242" not in page
    assert dollars(85) == order.tenders.get().amount
