"""Selling a membership at checkout: the sheet, its figures, the card, the consent."""

import re
import uuid

import pytest
from django.urls import reverse

from checkout.models import LineItem
from checkout.opening import open_order
from memberships.models import Enrolment, Membership, Plan
from tests.factories import (
    dollars,
    make_browser,
    make_client,
    make_desk,
    make_location,
    make_tax_rate,
)
from tests.ledger.books import assert_well
from tests.memberships.members import make_card, make_plan, pay_and_close
from tests.memberships.test_desk_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def jo(db):
    return make_browser("Jo")


@pytest.fixture
def order(clara):
    return open_order(desk=make_desk("Jo"), client=clara)


def sheet_at(order, kind="membership"):
    return reverse("checkout:add_line", kwargs={"order": order.uuid, "kind": kind})


def sheet(browser, order, **asked):
    return text_of(browser.get(sheet_at(order), asked, headers={"HX-Request": "true"}))


def send(browser, order, **typed):
    shown = browser.get(sheet_at(order)).content.decode()
    revision = re.search(r'name="revision" value="(\d+)"', shown)
    values = {"revision": revision[1] if revision else "0", "uuid": str(uuid.uuid4())} | typed
    return browser.post(sheet_at(order), values)


def test_without_a_plan_the_sheet_says_what_to_do_first(jo, order):
    assert "No plan yet" in sheet(jo, order)


def test_without_a_client_it_asks_whose_it_is(jo, gold):
    walk_in = open_order(desk=make_desk("Jo"))
    assert "Choose the client of this sale first" in sheet(jo, walk_in)
    crafted = {"revision": 0, "uuid": str(uuid.uuid4()), "plan": gold.pk, "consented": "on"}
    answer = jo.post(sheet_at(walk_in), crafted)
    assert "Choose the client first" in text_of(answer, 422)


def test_the_plans_that_are_sold_here_are_offered(jo, order, gold):
    make_plan("Riverside only", locations=[make_location("Riverside")])
    found = sheet(jo, order)
    assert "$100.00 a month, adds $120.00, $20.00 of it as a bonus" in found
    assert "Riverside only" not in found


def test_the_offer_stands_there_in_money_with_the_words_to_read_out(jo, order, clara):
    plan = make_plan(joining_fee=50, tax_rate=make_tax_rate())
    make_card(clara)
    found = sheet(jo, order, plan=plan.pk)
    assert "<dt>Today</dt><dd>$163.32</dd>" in found
    assert "$13.32" in found
    assert "$120.00, $20.00 of it as a bonus" in found
    assert "Visa •••• 4242" in found
    assert "I allow my card to be charged by itself" in found
    assert re.search(r'Add Gold <span class="amount">\$163.32', found)


def test_without_a_card_on_file_one_is_asked_for_and_nothing_can_be_added(
    jo, order, gold, processor
):
    found = sheet(jo, order, plan=gold.pk)
    assert "Clara has no card on file" in found
    assert "Ask for a card" in found
    assert "data-then-back" in found
    assert "Add Gold" not in found
    answer = send(jo, order, plan=gold.pk, consented="on")
    assert "is charged to a card on file" in text_of(answer, 422)


def test_enrolling_needs_the_consent_and_keeps_what_was_chosen(jo, order, gold, clara):
    make_card(clara)
    other = make_card(clara, last4="4444", brand="Mastercard")
    answer = send(jo, order, plan=gold.pk, card=other.pk)
    found = text_of(answer, 422)
    assert "Read out what Clara agrees to" in found
    assert re.search(rf'value="{other.pk}" checked', found)
    assert not LineItem.objects.exists()


def test_a_membership_is_added_paid_and_adds_to_the_balance(jo, order, gold, clara):
    card = make_card(clara)
    done = send(jo, order, plan=gold.pk, card=card.pk, consented="on")
    assert done.status_code == 302
    sale = text_of(jo.get(reverse("checkout:order", args=[order.uuid])))
    assert "then charged to Visa •••• 4242" in sale
    pay_and_close(order, make_desk("Jo"))
    assert Membership.objects.get().client == clara
    assert Enrolment.objects.get().asked_by.name == "Jo"
    assert_well()


def test_words_that_were_not_read_out_are_agreed_to_by_nobody(jo, order, gold, clara):
    """The owner edits the plan while the sheet is open: the new words stand there, unticked."""
    card = make_card(clara)
    typed = {"plan": gold.pk, "card": card.pk, "consented": "on"}
    typed["seen"] = re.search(r'name="seen" value="(\w+)"', sheet(jo, order, plan=gold.pk))[1]
    Plan.objects.update(price=dollars(130))
    answer = text_of(send(jo, order, **typed), 422)
    assert "What Clara agrees to has changed since the sheet was opened" in answer
    assert "$130.00" in answer
    assert not re.search(r'id="id_consented"[^>]* checked', answer)
    assert not LineItem.objects.exists()
    typed["seen"] = re.search(r'name="seen" value="(\w+)"', answer)[1]
    assert send(jo, order, **typed).status_code == 302
    assert Enrolment.objects.get().price == dollars(130)


def test_the_same_form_twice_adds_one_line(jo, order, gold, clara):
    typed = {"plan": gold.pk, "card": make_card(clara).pk, "consented": "on"}
    once = str(uuid.uuid4())
    for _ in range(2):
        send(jo, order, uuid=once, **typed)
    assert LineItem.objects.count() == 1


@pytest.mark.parametrize("plan", ["", "0", "x", "9" * 30])
def test_a_plan_that_is_none_is_refused(jo, order, gold, clara, plan):
    answer = send(jo, order, plan=plan, card=make_card(clara).pk, consented="on")
    assert answer.status_code == 422
    assert not LineItem.objects.exists()


def test_somebody_else_s_card_is_refused(jo, order, gold, clara):
    make_card(clara)
    bens = make_card(make_client("Ben Okafor"))
    answer = send(jo, order, plan=gold.pk, card=bens.pk, consented="on")
    assert "That card was removed" in text_of(answer, 422)


def test_a_member_is_not_enrolled_in_it_again(jo, order, member):
    found = sheet(jo, order, plan=member.plan_id)
    assert "This cannot be sold here" in found
    assert "is a member of Gold already" in found
    assert "Add Gold" not in found


def test_the_joining_fee_can_be_taken_off_but_not_changed(jo, order, clara):
    plan = make_plan(joining_fee=50)
    send(jo, order, plan=plan.pk, card=make_card(clara).pk, consented="on")
    for line in LineItem.objects.filter(order=order):
        found = text_of(
            jo.get(reverse("checkout:line", kwargs={"order": order.uuid, "line": line.uuid}))
        )
        assert "it can only be taken off" in found
        assert "Save" not in found
        assert "Remove" in found


def test_the_sheet_costs_the_same_for_few_and_many_plans(
    jo, order, gold, clara, django_assert_num_queries
):
    make_card(clara)
    address = f"{sheet_at(order)}?plan={gold.pk}"
    htmx = {"HX-Request": "true"}
    with django_assert_num_queries(14):
        jo.get(address, headers=htmx)
    for number in range(5):
        make_plan(f"Plan {number}")
    with django_assert_num_queries(14):
        jo.get(address, headers=htmx)
