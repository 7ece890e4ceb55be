"""Deposits on the order page: asking for one, the proposal, what is left, crafted forms."""

import datetime as dt
import uuid

import pytest
from pytest_django.asserts import assertNumQueries

from checkout.models import Order
from checkout.opening import open_for_visit, open_order
from checkout.receipts import receipt_of
from checkout.sale import find_sale
from salon import clock
from salon.models import BusinessSettings
from tests.checkout.helpers import books, has, order_with, pay
from tests.checkout.reading import plain
from tests.checkout.test_deposits import take_deposit
from tests.checkout.till import Till
from tests.factories import (
    dollars,
    make_appointment,
    make_client,
    make_credit,
    make_desk,
    make_staff,
)
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk("Marcus")


@pytest.fixture
def visit(clara):
    return make_appointment(clara, starts_at=clock.now() + dt.timedelta(days=1))


def till_of(order, desk, **more):
    return Till(order, desk.staff, **more)


def read(response):
    return plain(response.content.decode())


# --- The sheet -----------------------------------------------------------------------------------


@pytest.mark.parametrize("htmx", [True, False])
def test_the_first_question_is_what_it_is_for(desk, clara, visit, htmx):
    till = till_of(open_order(desk=desk, client=clara), desk, htmx=htmx)
    text = till.get("add_line", kind="account_credit").content.decode()
    assert "What is it for?" in plain(text)
    assert till.url("add_line", kind="deposit") in text
    sheet = read(till.get("add_line", {"amount": "30.00"}, kind="deposit"))
    assert "with Maya · Cut & finish $85.00" in sheet
    assert "Deposits are paid by card here." in sheet


def test_a_visit_says_what_is_held_for_it_already_and_where_it_is(desk, clara, visit):
    take_deposit(visit, 30, desk)
    sheet = read(till_of(open_order(desk=desk, client=clara), desk).get("add_line", kind="deposit"))
    assert "$85.00 · $30.00 held already" in sheet


def test_the_visits_are_those_of_whomever_was_picked(desk, clara, visit):
    ines = make_client("Ines Duarte")
    till = till_of(open_order(desk=desk, client=ines), desk)
    assert "No visit ahead" in read(till.get("add_line", kind="deposit"))
    sheet = read(till.get("add_line", {"client": clara.pk}, kind="deposit"))
    assert "with Maya" in sheet
    assert "Ines Duarte instead" in sheet
    answer = till.add("deposit", beneficiary=clara.pk, visit=visit.pk, amount="30")
    assert answer.status_code == 200
    line = till.order.lines.get()
    assert (line.beneficiary, line.appointment) == (clara, visit)
    assert "Held for this visit once the sale is closed" in till.page()


def test_a_walk_in_is_asked_whose_visit_it_is(desk):
    sheet = read(till_of(open_order(desk=desk), desk).get("add_line", kind="deposit"))
    assert "Whose visit" in sheet
    assert "Amount" not in sheet


def test_without_earmarks_no_visit_is_asked(desk, clara, visit):
    BusinessSettings.objects.update(earmark_deposits=False, apply_earmarked_deposits=False)
    till = till_of(open_order(desk=desk, client=clara), desk)
    sheet = read(till.get("add_line", kind="deposit"))
    assert "any visit can use it" in sheet
    assert "with Maya" not in sheet
    assert till.add("deposit", beneficiary=clara.pk, amount="30").status_code == 200


def test_a_sheet_that_was_refused_keeps_what_was_typed(desk, clara, visit):
    make_appointment(clara, starts_at=clock.now() + dt.timedelta(days=2))
    till = till_of(open_order(desk=desk, client=clara), desk)
    answer = till.add("deposit", beneficiary=clara.pk, amount="30")
    assert answer.status_code == 422
    assert "Choose the visit that the deposit is for." in read(answer)
    assert 'value="30"' in answer.content.decode()
    answer = till.add("deposit", beneficiary=clara.pk, visit=visit.pk, amount="zero")
    assert f'value="{visit.pk}" checked' in answer.content.decode()


@pytest.mark.parametrize("visit_of", ["another client", "the past", "nobody"])
def test_a_visit_that_no_sheet_offers_is_refused(desk, clara, visit_of):
    visits = {
        "another client": make_appointment(make_client("Ben Okafor")).pk,
        "the past": make_appointment(
            clara, staff=make_staff("Theo"), starts_at=clock.now() - dt.timedelta(days=3)
        ).pk,
        "nobody": 10**9,
    }
    till = till_of(open_order(desk=desk, client=clara), desk)
    answer = till.add("deposit", beneficiary=clara.pk, visit=visits[visit_of], amount="30")
    assert answer.status_code == 422
    assert not till.order.lines.exists()


def test_the_same_sheet_sent_twice_adds_one_deposit(desk, clara, visit):
    till = till_of(open_order(desk=desk, client=clara), desk)
    form = till.act(beneficiary=clara.pk, visit=visit.pk, amount="30")
    for _ in range(2):
        assert till.send("add_line", form, kind="deposit").status_code == 200
    assert till.order.lines.count() == 1


def test_with_balances_off_a_deposit_is_neither_offered_nor_taken(desk, clara, visit):
    BusinessSettings.objects.update(client_account_balances=False)
    till = till_of(open_order(desk=desk, client=clara), desk)
    assert till.url("add_line", kind="account_credit") not in till.page()
    answer = till.add("deposit", beneficiary=clara.pk, visit=visit.pk, amount="30")
    assert answer.status_code == 422
    assert "switched off" in read(answer)


def test_cash_is_no_way_to_pay_a_deposit_by_card_only(desk, clara, visit):
    order = open_order(desk=desk, client=clara)
    till = till_of(order, desk)
    till.add("deposit", beneficiary=clara.pk, visit=visit.pk, amount="30")
    page = plain(till.page())
    assert "Cash Not for this" in page
    assert "Check Not for this" in page
    assert "Card Not for this" not in page
    answer = till.pay("cash", amount="30", given="30")
    assert answer.status_code == 422
    assert "has to be paid another way" in read(answer)


def test_cash_starts_with_what_it_may_pay(desk, clara, visit):
    till = till_of(order_with(desk, clara, service=20), desk)
    till.add("deposit", beneficiary=clara.pk, visit=visit.pk, amount="30")
    answer = till.get("pay", kind="cash")
    assert 'value="20.00"' in answer.content.decode()
    assert "has to be paid another way" in read(answer)


# --- The proposal --------------------------------------------------------------------------------


def test_a_deposit_is_proposed_and_counted_in(desk, clara, visit):
    take_deposit(visit, 30, desk)
    make_credit(clara, 115)
    till = till_of(open_for_visit(appointment=visit, desk=desk), desk)
    page = plain(till.page())
    for part in (
        "$115.00 credit",
        "$30.00 deposit for this visit",
        "Deposit applied With the next payment −$30.00 Don’t use it now",
        "Remaining $55.00",
        "$115.00 available",
    ):
        assert part in page
    assert 'value="55.00"' in till.get("pay", kind="card").content.decode()
    assert till.pay("card", amount="55").status_code == 200
    page = plain(till.page())
    assert "Deposit applied −$30.00" in page
    assert "Don’t use it now" not in page
    assert till.close().status_code == 200
    assert_well()


@pytest.mark.parametrize("htmx", [True, False])
def test_it_is_left_out_and_used_by_one_press(desk, clara, visit, htmx):
    take_deposit(visit, 30, desk)
    till = till_of(open_for_visit(appointment=visit, desk=desk), desk, htmx=htmx)
    answer = till.send("deposit", till.act(use="0"))
    assert answer.status_code == (200 if htmx else 302)
    page = plain(till.page())
    assert "Deposit not used $30.00 is held for this visit Use it" in page
    assert "Remaining $85.00" in page
    till.send("deposit", till.act(use="1"))
    assert "Remaining $55.00" in plain(till.page())


def test_leaving_it_out_from_a_page_that_is_too_old_is_told(desk, visit):
    take_deposit(visit, 30, desk)
    till = till_of(open_for_visit(appointment=visit, desk=desk), desk)
    stale = till.act(use="0")
    till.pay("card", amount="5")
    answer = till.send("deposit", stale)
    assert answer.status_code == 409
    assert till.browser.get(till.url("deposit")).status_code == 405


def test_one_press_closes_a_sale_that_the_deposit_pays(desk, visit):
    take_deposit(visit, 85, desk)
    till = till_of(open_for_visit(appointment=visit, desk=desk), desk)
    page = plain(till.page())
    assert "When the sale closes" in page
    assert "Close sale $85.00" in page
    form = till.act()
    for _ in range(2):
        assert till.send("close", form)["HX-Redirect"] == till.url("closed")
    assert books() == {"card": 8500, "income": -8500}


def test_a_deposit_that_came_in_meanwhile_makes_a_payment_too_large(desk, visit):
    till = till_of(open_for_visit(appointment=visit, desk=desk), desk)
    form = till.act(amount="85")
    take_deposit(visit, 30, desk)
    answer = till.send("pay", form, kind="card")
    assert answer.status_code == 422
    text = read(answer)
    assert "Only $55.00 remains to be paid. Nothing was taken." in text
    assert "Deposit applied" in text
    assert not till.order.tenders.exists()


def test_with_balances_off_the_deposit_is_still_shown_and_applied(desk, clara, visit):
    take_deposit(visit, 30, desk)
    make_credit(clara, 115)
    BusinessSettings.objects.update(client_account_balances=False)
    till = till_of(open_for_visit(appointment=visit, desk=desk), desk)
    page = plain(till.page())
    assert "$30.00 deposit for this visit" in page
    assert "Remaining $55.00" in page
    assert "$115.00" not in page
    assert "Credits" not in page
    till.pay("card", amount="55")
    assert till.close()["HX-Redirect"]


def test_with_balances_and_applying_off_the_green_button_offers_the_deposit_alone(
    desk, clara, visit
):
    take_deposit(visit, 30, desk)
    make_credit(clara, 115)
    BusinessSettings.objects.update(client_account_balances=False, apply_earmarked_deposits=False)
    till = till_of(open_for_visit(appointment=visit, desk=desk), desk)
    page = plain(till.page())
    assert "Credits $30.00 available" in page
    assert "Deposit applied" not in page
    assert till.pay("credits", amount="31").status_code == 422
    assert till.pay("credits", amount="30").status_code == 200


def test_a_visits_order_with_a_deposit_asks_no_more_than_without(
    desk, clara, visit, django_assert_max_num_queries
):
    make_credit(clara, 115)
    till = till_of(open_for_visit(appointment=visit, desk=desk), desk)
    till.page()
    with django_assert_max_num_queries(30) as plain_page:
        till.page()
    take_deposit(visit, 30, desk)
    with assertNumQueries(len(plain_page.captured_queries)):
        till.page()


# --- What is left --------------------------------------------------------------------------------


def big(visit, desk, staff=None):
    take_deposit(visit, 100, desk, reference="Visa 4242")
    return Till(open_for_visit(appointment=visit, desk=desk), staff or desk.staff)


def test_what_is_left_is_asked_and_stays_balance_by_default(desk, clara, visit):
    till = big(visit, desk)
    page = plain(till.page())
    for part in (
        "$15.00 of the deposit is left",
        "Becomes account balance",
        "Goes back to the card $15.00 to Visa 4242: refund it on the card terminal by hand.",
    ):
        assert part in page
    till.close()
    assert "$15.00 left of the deposit is account balance now." in read(till.get("closed"))
    assert has(clara, desk).available == dollars(15)


def test_what_is_left_goes_back_to_the_card(desk, clara, visit):
    till = big(visit, desk)
    sold = Order.objects.earliest("pk")
    form = till.act(left_over="card")
    for _ in range(2):
        assert till.send("close", form)["HX-Redirect"]
    told = f"Give $15.00 back to the card (Visa 4242) on its terminal: it is left of the deposit of sale #{sold.number}."  # noqa: E501
    assert told in read(till.get("closed"))
    assert sold.refunds.count() == 1
    assert has(clara, desk).is_empty
    assert_well()


def test_a_choice_that_no_form_offers_keeps_it_as_balance(desk, clara, visit):
    till = big(visit, desk)
    till.send("close", till.act(left_over="cash"))
    assert has(clara, desk).available == dollars(15)
    assert books()["card"] == 10000


def test_who_may_not_refund_sees_why_the_card_cannot_be_chosen(desk, visit):
    till = big(visit, desk, staff=make_staff("Jo", location=desk.location))
    assert "Your role may not refund." in plain(till.page())
    answer = till.send("close", till.act(left_over="card"))
    assert answer.status_code == 422
    assert "Your role may not refund and void sales." in read(answer)
    assert till.order.status == Order.Status.OPEN


def test_a_deposit_in_cash_says_that_it_was_not_paid_by_card(desk, visit):
    BusinessSettings.objects.update(deposits_by_card_only=False)
    take_deposit(visit, 100, desk, kind="cash")
    page = plain(till_of(open_for_visit(appointment=visit, desk=desk), desk).page())
    assert "Goes back to the card It was not paid by card." in page


# --- The receipts --------------------------------------------------------------------------------


def test_the_receipt_names_the_visit_and_says_what_comes_of_it(desk, visit):
    receipt = receipt_of(find_sale(take_deposit(visit, 30, desk).uuid))
    (line,) = receipt.lines
    assert line.name.startswith("Deposit - Clara Nuñez · ")
    assert line.note == "Held for this visit, and taken off its bill"


def test_the_visits_receipt_says_that_the_deposit_paid(desk, visit):
    take_deposit(visit, 30, desk)
    order = open_for_visit(appointment=visit, desk=desk)
    pay(order, "card", 55, desk, key=uuid.uuid4())
    receipt = receipt_of(find_sale(order.uuid))
    assert (receipt.payments[0].name, receipt.payments[0].note) == (
        "Applied Account Debit", "Deposit - Clara Nuñez",
    )  # fmt: skip
