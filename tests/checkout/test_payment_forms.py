"""Taking payments and taking them back by the order page's forms, right ones and crafted ones."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from checkout.closing import close_order
from checkout.models import CustomPayment, Order, Tender
from checkout.offers.payments import next_bills
from checkout.opening import open_order
from salon.models import BusinessSettings
from tests.checkout.helpers import books, has, order_with, pay
from tests.checkout.till import Till, says
from tests.factories import (
    dollars,
    make_appointment,
    make_credit,
    make_desk,
    make_staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk("Jo")


@pytest.fixture
def order(desk, clara):
    """Clara's order of $85.00."""
    return order_with(desk, clara, service=85)


@pytest.fixture
def till(order, desk):
    return Till(order, desk.staff)


# --- Each way to pay ----------------------------------------------------------------------------


def test_cash_with_cash_given_and_change_due(till):
    answer = till.pay("cash", amount="85.00", given="100")
    assert answer.status_code == 200
    tender = till.order.tenders.get()
    assert (str(tender.amount), str(tender.change_due)) == ("$85.00", "$15.00")
    text = says(answer)
    assert "$100.00 given, $15.00 back" in text
    assert "Change due" in text
    assert "Close sale" in text


def test_less_cash_than_what_is_charged_pays_a_part(till):
    till.pay("cash", amount="85.00", given="20")
    tender = till.order.tenders.get()
    assert (str(tender.amount), str(tender.cash_given)) == ("$20.00", "$20.00")


def test_a_part_in_cash_with_change(till):
    till.pay("cash", amount="42.50", given="50")
    tender = till.order.tenders.get()
    assert (str(tender.amount), str(tender.change_due)) == ("$42.50", "$7.50")


def test_the_cash_panel_offers_exact_and_the_next_bills(till):
    text = says(till.get("pay", kind="cash"))
    assert ">Exact<" in text
    for bill in ("$90", "$100"):
        assert f">{bill}<" in text
    assert next_bills(dollars("118.52")) == [dollars(120), dollars(150), dollars(200)]
    assert next_bills(dollars(100)) == []


def test_a_card_is_recorded_with_its_reference(till):
    answer = till.pay("card", amount="85", reference="009913")
    tender = till.order.tenders.get()
    assert (tender.kind, tender.reference) == ("card", "009913")
    assert "009913" in says(answer)


def test_a_check_is_recorded_with_its_number(till):
    till.pay("check", amount="85", reference="No. 204")
    assert till.order.tenders.get().reference == "No. 204"


def test_a_reference_that_is_too_long_is_refused_and_kept(till):
    answer = till.pay("card", amount="85", reference="9" * 81)
    assert answer.status_code == 422
    assert answer.context["panel"]["form"]["reference"].value() == "9" * 81
    assert till.payments() == []


def test_the_owners_own_buttons(till):
    voucher = CustomPayment.objects.create(name="Voucher")
    CustomPayment.objects.create(name="Old scheme", archived_at=timezone.now())
    page = till.page()
    assert "Voucher" in page
    assert "Old scheme" not in page
    assert "Voucher" in says(till.get("pay", {"custom": voucher.pk}, kind="custom"))
    till.pay("custom", amount="85", custom=voucher.pk)
    assert till.order.tenders.get().custom == voucher
    assert "Voucher" in till.page()


@pytest.mark.parametrize("custom", ["", "0", "x", "999999"])
def test_a_custom_payment_that_is_not_there_is_refused(till, custom):
    answer = till.pay("custom", amount="85", custom=custom)
    assert answer.status_code == 422
    assert "Choose one of the payment buttons." in says(answer)
    assert till.payments() == []


def test_an_archived_custom_payment_is_refused(till):
    old = CustomPayment.objects.create(name="Old scheme", archived_at=timezone.now())
    answer = till.pay("custom", amount="85", custom=old.pk)
    assert "Choose one of the payment buttons." in says(answer)
    assert till.payments() == []


# --- Credits ------------------------------------------------------------------------------------


def test_the_credits_button_says_what_is_available(till, clara):
    make_credit(clara, 115)
    page = says(till.get())
    assert "$115.00 available" in page
    assert "button-credits" in page


def test_the_amount_to_apply_is_what_is_available_or_what_remains(till, clara):
    make_credit(clara, 40)
    assert till.get("pay", kind="credits").context["panel"]["form"]["amount"].value() == dollars(40)
    make_credit(clara, 200)
    assert till.get("pay", kind="credits").context["panel"]["form"]["amount"].value() == dollars(85)


def test_the_panel_says_what_it_uses_first(till, clara, desk):
    make_credit(clara, 100)
    ends = desk.business_date + dt.timedelta(days=4)
    make_credit(clara, 15, source="goodwill", expires_on=ends)
    assert f"Uses the $15.00 gift that ends on {ends:%A} first." in says(
        till.get("pay", kind="credits")
    )


def test_the_panel_says_that_a_deposit_for_the_visit_goes_first(desk, clara):
    """Where deposits are not proposed by themselves."""
    BusinessSettings.objects.update(apply_earmarked_deposits=False)
    visit = make_appointment(client=clara)
    make_credit(clara, 100)
    make_credit(clara, 30, source="deposit", visit=visit.pk)
    order = order_with(desk, clara, service=85)
    Order.objects.filter(pk=order.pk).update(appointment=visit)
    till = Till(order, desk.staff)
    assert "$30.00 deposit for this visit" in till.page()
    assert "Uses the $30.00 deposit for this visit first." in says(till.get("pay", kind="credits"))


def test_a_part_is_charged_to_the_balance_and_shows_as_applied_account_debit(till, clara, desk):
    make_credit(clara, 40)
    answer = says(till.pay("credits", amount="40"))
    assert "Applied Account Debit" in answer
    assert "$45.00" in answer
    assert "Fixed while credit is applied" in answer
    assert not has(clara, desk).available
    assert books()["open_orders"] == -4000


def test_credit_and_cash_pay_together_as_often_as_wanted(till, clara):
    make_credit(clara, 40)
    till.pay("credits", amount="30")
    till.pay("cash", amount="20", given="20")
    till.pay("credits", amount="10")
    till.pay("cash", amount="25", given="30")
    assert [amount for _, amount in till.payments()] == ["$30.00", "$20.00", "$10.00", "$25.00"]
    assert "Close sale" in till.page()


def test_more_credit_than_there_is_is_refused_with_the_figure(till, clara):
    make_credit(clara, 40)
    answer = till.pay("credits", amount="50")
    assert answer.status_code == 422
    assert "Clara Nuñez has $40.00 available for this sale. Nothing was applied." in says(answer)
    assert answer.context["panel"]["form"]["amount"].value() == "50"
    assert till.payments() == []


def test_credit_does_not_buy_credit_and_the_panel_knows(desk, clara):
    make_credit(clara, 100)
    order = order_with(desk, clara, service=30, credit=50)
    till = Till(order, desk.staff)
    assert till.get("pay", kind="credits").context["panel"]["form"]["amount"].value() == dollars(30)
    answer = till.pay("credits", amount="50")
    assert "at most $30.00" in says(answer)
    assert till.payments() == []


def test_a_gift_for_products_is_not_available_for_services(till, clara):
    make_credit(clara, 20, source="goodwill", restriction="products")
    page = says(till.get())
    assert "$0.00 available" in page
    assert 'aria-disabled="true"' in page


def test_a_walk_in_has_no_credits_button_and_a_crafted_one_is_refused(desk):
    till = Till(order_with(desk, service=85), desk.staff)
    assert "button-credits" not in till.page()
    answer = till.pay("credits", amount="10")
    assert answer.status_code == 422
    assert "Choose the client whose credit pays." in says(answer)
    assert till.payments() == []


def test_credits_are_hidden_and_refused_where_balances_are_off(till, clara):
    make_credit(clara, 40)
    BusinessSettings.objects.update(client_account_balances=False)
    page = till.page()
    assert "button-credits" not in page
    assert "$40.00" not in page
    answer = till.pay("credits", amount="40")
    assert "switched off" in says(answer)
    assert till.payments() == []


def test_the_second_till_is_told_what_the_first_one_used(till, clara, desk):
    make_credit(clara, 100)
    first = order_with(desk, clara, service=60)
    pay(first, "credits", 60, desk)
    answer = says(till.pay("credits", amount="85"))
    assert "$40.00 available" in answer
    assert f"$60.00 of this balance was just used on sale #{first.number}." in answer
    assert till.payments() == []


# --- Amounts that are none ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["cash", "card", "check", "credits"])
@pytest.mark.parametrize(
    ("amount", "message"),
    [
        ("", "Enter an amount"),
        ("-5", "without a minus"),
        ("0", "above zero"),
        ("12.345", "at most 2 digits"),
        ("ten", "Enter an amount like"),
        ("99999999999", "at most $1,000,000"),
        ("85.01", "Only $85.00 remains to be paid. Nothing was taken."),
    ],
)
def test_amounts_that_are_none_are_refused_next_to_the_field_and_kept(
    till, clara, kind, amount, message
):
    make_credit(clara, 500)
    answer = till.pay(kind, amount=amount, given=amount or "1")
    assert answer.status_code == 422
    form = answer.context["panel"]["form"]
    assert message in " ".join(form.errors["amount"])
    assert form["amount"].value() == amount
    assert till.payments() == []
    assert books().get("open_orders") is None


@pytest.mark.parametrize("given", ["", "-1", "0", "x", "1.001"])
def test_cash_given_that_is_none_is_refused(till, given):
    answer = till.pay("cash", amount="85", given=given)
    assert answer.status_code == 422
    assert answer.context["panel"]["form"].errors["given"]
    assert till.payments() == []


@pytest.mark.parametrize("kind", ["barter", "bitcoin", "CASH"])
def test_a_way_to_pay_that_nobody_offers_is_refused(till, kind):
    answer = till.pay(kind, amount="85")
    assert answer.status_code == 422
    assert "There is no such way to pay. Nothing was taken." in says(answer)
    assert till.payments() == []


def test_nothing_is_paid_on_an_empty_order(desk, clara):
    till = Till(open_order(desk=desk, client=clara), desk.staff)
    assert "Payments open once something is on the sale." in till.page()
    answer = till.pay("cash", amount="5", given="5")
    assert answer.status_code == 422
    assert till.payments() == []


def test_nothing_more_is_paid_on_an_order_that_is_paid(till):
    till.pay("cash", amount="85", given="85")
    answer = till.pay("card", amount="1")
    assert answer.status_code == 422
    assert "paid in full. Nothing was taken." in says(answer)
    assert len(till.payments()) == 1


# --- Twice, late, elsewhere ---------------------------------------------------------------------


def test_the_same_payment_sent_twice_charges_once(till, clara, desk):
    make_credit(clara, 100)
    form = till.act(amount="40")
    for _ in range(3):
        assert till.send("pay", form, kind="credits").status_code == 200
    assert till.payments() == [("credits", "$40.00")]
    assert has(clara, desk).available == dollars(60)


def test_the_same_payment_with_another_amount_is_refused(till):
    form = till.act(amount="40", given="40")
    till.send("pay", form, kind="cash")
    answer = till.send("pay", form | {"amount": "45", "given": "45"}, kind="cash")
    assert answer.status_code == 422
    assert "already taken with another amount" in says(answer)
    assert till.payments() == [("cash", "$40.00")]


def test_a_stale_page_charges_nothing_and_shows_what_remains_now(till, desk):
    form = till.act(amount="85", given="100")
    Till(till.order, desk.staff).pay("card", amount="50")
    answer = till.send("pay", form, kind="cash")
    assert answer.status_code == 409
    text = says(answer)
    assert "was changed at another till a moment ago. Nothing was done." in text
    assert answer.context["page"].totals.remaining == dollars(35)
    assert answer.context["panel"]["form"]["given"].value() == "100"
    assert till.payments() == [("card", "$50.00")]


def test_a_stale_page_of_an_order_that_is_paid_meanwhile_says_so_above(till, desk):
    form = till.act(amount="85", given="100")
    Till(till.order, desk.staff).pay("card", amount="85")
    answer = till.send("pay", form, kind="cash")
    assert answer.status_code == 409
    assert "was changed at another till" in says(answer)
    assert "Close sale" in says(answer)


def test_a_payment_on_a_closed_order_is_refused(order, desk):
    pay(order, "cash", 85, desk)
    close_order(order=order, desk=desk)
    till = Till(order, desk.staff)
    answer = till.pay("cash", amount="85", given="85")
    assert answer["HX-Redirect"] == till.url()
    assert f"Sale #{order.number} is already closed. Nothing was changed." in till.page()
    assert len(till.payments()) == 1


def test_without_script_a_panel_is_the_page_and_a_refusal_keeps_it_open(order, desk):
    till = Till(order, desk.staff, htmx=False)
    page = says(till.get("pay", kind="cash"))
    assert "<html" in page
    assert "Cash given" in page
    refused = till.pay("cash", amount="85", given="-1")
    assert refused.status_code == 422
    assert "without a minus" in says(refused)
    assert till.pay("cash", amount="85", given="90").url == till.url()


# --- Taking back --------------------------------------------------------------------------------


def test_a_payment_is_taken_back_to_where_it_came_from(till, clara, desk):
    make_credit(clara, 40)
    till.pay("credits", amount="40")
    tender = till.order.tenders.get()
    sheet = says(till.get("take_back", tender=tender.uuid))
    assert "Take this payment back?" in sheet
    assert "Clara Nuñez’s credit, on its old terms" in sheet
    answer = till.take_back(tender, amount="40", destination="credits")
    assert answer.status_code == 200
    assert "Applied Account Debit" not in says(answer)
    assert has(clara, desk).available == dollars(40)


def test_cash_asks_whether_it_goes_back_in_cash_or_to_the_balance(till, clara, desk):
    till.pay("cash", amount="85", given="85")
    tender = till.order.tenders.get()
    ways = till.get("take_back", tender=tender.uuid).context["ways"]
    assert ways == [("cash", "Cash"), ("balance", "Clara Nuñez’s account balance")]
    till.take_back(tender, amount="25", destination="balance")
    assert has(clara, desk).available == dollars(25)
    assert till.payments() == [("cash", "$60.00")]


def test_a_walk_ins_cash_has_one_way_back(desk):
    till = Till(order_with(desk, service=85), desk.staff)
    till.pay("cash", amount="85", given="85")
    ways = till.get("take_back", tender=till.order.tenders.get().uuid).context["ways"]
    assert ways == [("cash", "Cash")]


def test_only_an_owner_is_offered_cash_for_a_card(till, order):
    till.pay("card", amount="85")
    tender = till.order.tenders.get()
    codes = dict(till.get("take_back", tender=tender.uuid).context["ways"])
    assert list(codes) == ["card", "balance"]
    answer = till.take_back(tender, amount="85", destination="cash")
    assert answer.status_code == 422
    assert "This payment cannot go back that way." in says(answer)
    olivia = Till(order, make_staff("Olivia", location=order.location))
    assert "cash" in dict(olivia.get("take_back", tender=tender.uuid).context["ways"])


def test_the_sheet_starts_with_what_was_paid_too_much(desk, clara):
    order = order_with(desk, clara, service=85, product=30)
    till = Till(order, desk.staff)
    till.pay("cash", amount="115", given="115")
    till.remove(order.lines.get(kind="product"))
    sheet = till.get("take_back", tender=order.tenders.get().uuid)
    assert sheet.context["form"].initial["amount"] == dollars(30)


@pytest.mark.parametrize("amount", ["", "0", "-1", "85.01", "1.234", "all"])
def test_an_amount_back_that_is_none_is_refused(till, amount):
    till.pay("cash", amount="85", given="85")
    answer = till.take_back(till.order.tenders.get(), amount=amount, destination="cash")
    assert answer.status_code == 422
    assert answer.context["form"]["amount"].value() == amount
    assert till.payments() == [("cash", "$85.00")]


@pytest.mark.parametrize("destination", ["", "credits", "card", "moon"])
def test_a_destination_that_is_not_offered_is_refused(till, destination):
    till.pay("cash", amount="85", given="85")
    answer = till.take_back(till.order.tenders.get(), amount="85", destination=destination)
    assert answer.status_code == 422
    assert till.payments() == [("cash", "$85.00")]


def test_the_same_taking_back_sent_twice_gives_back_once(till, clara, desk):
    till.pay("cash", amount="85", given="85")
    tender = till.order.tenders.get()
    form = till.act(amount="85", destination="balance")
    for _ in range(2):
        assert till.send("take_back", form, tender=tender.uuid).status_code == 200
    assert has(clara, desk).available == dollars(85)
    assert till.order.refunds.count() == 1


def test_a_payment_taken_back_already_is_not_taken_back_again(till):
    till.pay("cash", amount="85", given="85")
    tender = till.order.tenders.get()
    till.take_back(tender, amount="85", destination="cash")
    answer = till.take_back(tender, amount="85", destination="cash")
    assert answer.status_code == 409
    assert "was taken back already. Nothing was done." in says(answer)
    assert till.get("take_back", tender=tender.uuid).status_code == 409


def test_a_payment_of_another_order_is_left_alone(till, desk):
    other = order_with(desk, service=20)
    tender = pay(other, "cash", 20, desk)
    for answer in (
        till.take_back(tender, amount="20", destination="cash"),
        till.get("take_back", tender=tender.uuid),
        till.get("take_back", tender=uuid.uuid4()),
    ):
        assert answer.status_code == 409
        assert "That payment is no longer on this sale. Nothing was taken back." in says(answer)
    assert Tender.objects.get(pk=tender.pk).standing == dollars(20)


def test_a_stale_taking_back_is_told(till, desk):
    till.pay("cash", amount="40", given="40")
    tender = till.order.tenders.get()
    form = till.act(amount="40", destination="cash")
    Till(till.order, desk.staff).pay("card", amount="10")
    answer = till.send("take_back", form, tender=tender.uuid)
    assert answer.status_code == 409
    assert "was changed at another till" in says(answer)
    assert tender.standing == dollars(40)
