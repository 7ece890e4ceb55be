"""The public pages of enrolling: what a stranger reads, sends and comes back to."""

import datetime as dt
import uuid as uuids

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse

from cards.models import Attempt, CardOnFile
from clients.models import Client
from memberships.models import Enrolment, Membership, Plan
from memberships.own.links import enrolment_token
from tests.checkout.reading import says
from tests.factories import dollars, make_client, make_location
from tests.harness.processor import DECLINED
from tests.ledger.books import assert_well
from tests.memberships.members import make_member, set_memberships
from tests.memberships.online import fresh, sold_online

pytestmark = pytest.mark.django_db
Status = Enrolment.Status
WHO = {
    "first_name": "Clara",
    "last_name": "Nuñez",
    "phone": "(212) 555-0142",
    "email": "clara@example.com",
}


@pytest.fixture(autouse=True)
def no_tries():
    cache.clear()


@pytest.fixture
def gold():
    return sold_online(description="For who comes often.")


@pytest.fixture
def phone():
    return Browser()


def page_of(phone, plan, **asked):
    return phone.get(reverse("memberships:join_plan", args=[plan.slug]), asked)


def form_of(answer):
    form = answer.context["form"]
    return {name: str(form[name].value()) for name in ("uuid", "expected", "seen")}


def send(browser, plan, /, **more):
    """Fill the page in as a stranger does."""
    form = form_of(page_of(browser, plan)) | WHO | {"consent": "on"} | more
    form = {name: value for name, value in form.items() if value is not None}
    return browser.post(reverse("memberships:join_plan", args=[plan.slug]), form)


# --- What is offered ------------------------------------------------------------------------------


def test_the_list_shows_what_is_sold_online_alone(gold, phone):
    Plan.objects.create(name="Secret", slug="secret", price=dollars(9), adds=dollars(9))
    text = says(phone.get(reverse("memberships:join")))
    assert "Gold Adds $120.00, $20.00 of it as a bonus $100.00 a month" in text
    assert "Secret" not in text


def test_nothing_is_offered_while_the_owner_has_it_off(gold, phone):
    set_memberships(online_enrolment=False)
    for address in (reverse("memberships:join"), reverse("memberships:join_plan", args=["gold"])):
        assert "not sold online at the moment" in says(phone.get(address))
    of_none = phone.get(reverse("memberships:join_plan", args=["none"]))
    assert (of_none.status_code, phone.get(address).status_code) == (404, 404)
    assert of_none.text == phone.get(address).text, "which plans there are is not told"


def test_without_a_processor_the_page_says_that_cards_cant_be_taken(gold, phone):
    answer = page_of(phone, gold)
    assert answer.status_code == 503 and "Nothing was charged" in says(answer)


def test_a_plan_of_several_salons_asks_which(gold, phone, processor):
    make_location("Uptown")
    answer = page_of(phone, gold)
    assert "at which salon?" in says(answer) and "form" not in answer.context
    assert "Due today $100.00" in says(page_of(phone, gold, at="uptown"))


def test_the_page_says_all_that_is_agreed_to(gold, phone, processor, django_assert_num_queries):
    text = says(page_of(phone, gold))
    assert "For who comes often." in text and "Due today $100.00" in text
    assert "adds $120.00, $20.00 of it as a bonus" in text
    assert "I allow my card to be charged by itself" in text
    with django_assert_num_queries(7):
        page_of(phone, gold)


# --- Enrolling ------------------------------------------------------------------------------------


def test_from_the_form_to_the_card_page_and_back_a_member(gold, phone, processor):
    answer = send(phone, gold)
    attempt = Attempt.objects.get()
    assert (answer.status_code, answer.url) == (303, attempt.url)
    assert attempt.keep_card and attempt.amount == dollars(100)
    back = processor.pay_page(attempt.url)
    text = says(phone.get(back))
    assert "You’re a member Gold" in text and "Paid today $100.00 by Visa" in text
    assert "Added to your account $120.00" in text and "clara@example.com" in text
    assert Membership.objects.get().card == CardOnFile.objects.get()
    assert_well()


def test_where_nothing_is_due_the_card_page_keeps_a_card(phone, processor):
    plan = sold_online(trial_days=14)
    answer = send(phone, plan)
    text = says(phone.get(processor.pay_page(answer.url)))
    assert "You’re a member" in text and "Nothing was charged. Your card is kept." in text
    assert not Attempt.objects.exists()


def test_a_declined_card_is_told_in_words_for_its_holder_and_another_try_is_offered(
    gold, phone, processor
):
    processor.pay_page(send(phone, gold).url, DECLINED)
    done = Attempt.objects.get().back_url
    answer = phone.get(done)
    assert "The card was declined. Nothing was charged." in says(answer)
    assert "40 more minutes" in says(answer)
    again = phone.post(
        reverse("memberships:join_again", args=[answer.context["token"]]),
        {"uuid": answer.context["uuid"]},
    )
    assert "You’re a member" in says(phone.get(processor.pay_page(again.url)))


def test_sent_twice_it_is_one_enrolment_and_one_payment(gold, phone, processor):
    form = form_of(page_of(phone, gold)) | WHO | {"consent": "on"}
    address = reverse("memberships:join_plan", args=["gold"])
    assert phone.post(address, form).url == phone.post(address, form).url
    assert Enrolment.objects.count() == Attempt.objects.count() == 1


def test_an_address_that_was_mended_after_back_is_another_enrolment(gold, phone, processor):
    form = form_of(page_of(phone, gold)) | WHO | {"consent": "on"}
    address = reverse("memberships:join_plan", args=["gold"])
    first = phone.post(address, form | {"email": "clara@example.con"})
    mended = phone.post(address, form)
    assert first.url != mended.url
    assert Enrolment.objects.get(email="clara@example.com").status == Status.WAITING
    processor.pay_page(mended.url)
    assert phone.get(Attempt.objects.last().back_url).status_code == 200
    assert Membership.objects.get().enrolment.email == "clara@example.com"


def test_another_try_goes_to_the_page_that_is_open_already(gold, phone, processor):
    going = send(phone, gold).url
    answer = phone.get(done_url(Enrolment.objects.get()))
    again = reverse("memberships:join_again", args=[answer.context["token"]])
    assert [phone.post(again, {"uuid": uuids.uuid4()}).url for _ in range(3)] == [going] * 3
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize("terms", [{}, {"trial_days": 14}])
def test_a_card_page_that_does_not_open_is_told(phone, processor, terms):
    plan = sold_online(**terms)
    form = form_of(page_of(phone, plan)) | WHO | {"consent": "on"}
    with processor.down():
        answer = phone.post(reverse("memberships:join_plan", args=["gold"]), form)
        text = says(phone.get(answer.url))
    assert "page did not open. Nothing was charged. Try again in a moment" in text
    again = reverse("memberships:join_again", args=[enrolment_token(Enrolment.objects.get())])
    going = phone.post(again, {"uuid": uuids.uuid4()}).url
    assert "You’re a member" in says(phone.get(processor.pay_page(going)))
    assert_well()


def test_a_price_that_went_up_meanwhile_is_shown_and_has_to_be_agreed_to_anew(
    gold, phone, processor
):
    form = form_of(page_of(phone, gold)) | WHO | {"consent": "on"}
    Plan.objects.update(price=dollars(110))
    answer = phone.post(reverse("memberships:join_plan", args=["gold"]), form)
    assert answer.status_code == 409
    assert "$110.00 is due now, not $100.00. Nothing was charged." in says(answer)
    shown = answer.context["form"]
    assert (shown["first_name"].value(), shown["consent"].value()) == ("Clara", None)
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"consent": None}, "Tick that you agree to the charges."),
        ({"first_name": " "}, "Enter your first name."),
        ({"phone": "12"}, "Enter your number with its area code"),
        ({"email": "clara"}, "Enter an e-mail address like"),
        ({"expected": "x"}, "This page came in incomplete. Nothing was charged."),
        ({"seen": None}, "This page came in incomplete. Nothing was charged."),
        ({"website": "https://spam.example"}, "This page came in incomplete."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(gold, phone, processor, more, told):
    answer = send(phone, gold, **more)
    assert answer.status_code == 422 and told in says(answer)
    assert answer.context["form"]["last_name"].value() == "Nuñez"
    assert not Enrolment.objects.exists() and not Client.objects.exists()


def test_a_stranger_learns_nothing_of_a_member(gold, phone, processor):
    make_member(make_client("Clara Nuñez"), gold)
    text = says(send(phone, gold))
    assert "This can’t be done online. Nothing was charged. Please call the salon" in text
    assert "member already" not in text
    Client.objects.filter(pk=make_client("Ben Okafor").pk).update(
        blocked_at="2026-01-01T00:00Z", email="ben@example.com"
    )
    blocked = says(
        send(phone, gold, first_name="Ben", phone="(212) 555-0107", email="ben@example.com")
    )
    assert "This can’t be done online. Nothing was charged. Please call the salon" in blocked


def test_contacts_are_not_tried_out_by_the_hundred(gold, phone, processor):
    make_member(make_client("Clara Nuñez"), gold)
    answers = [send(phone, gold).status_code for _ in range(21)]
    assert answers == [409] * 20 + [429]


# --- Coming back ----------------------------------------------------------------------------------


def done_url(enrolment):
    return reverse("memberships:join_done", args=[enrolment_token(enrolment)])


def test_a_forged_address_is_none_and_an_old_one_says_so(gold, phone, processor, time_machine):
    send(phone, gold)
    enrolment = Enrolment.objects.get()
    assert phone.get(done_url(enrolment)[:-4] + "xxx/").status_code == 404
    time_machine.move_to(enrolment.expires_at + dt.timedelta(minutes=1))
    assert "The time to pay is over" in says(phone.get(done_url(enrolment)))
    time_machine.shift(dt.timedelta(days=2))
    answer = phone.get(done_url(enrolment))
    assert answer.status_code == 410 and "This link has ended" in says(answer)


def test_who_pays_what_can_not_begin_reads_that_it_goes_back(gold, phone, processor):
    going = send(phone, gold).url
    enrolment = Enrolment.objects.get()
    make_member(enrolment.client, gold)
    assert "Your payment goes back" in says(phone.get(processor.pay_page(going)))
    assert fresh(enrolment).status == Status.RETURNED
    assert_well()
