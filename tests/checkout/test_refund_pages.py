"""The refund page: what it offers, what it says will happen, and every way to ask for too much."""

import datetime as dt
import re
import uuid

import pytest
from django.contrib.auth.models import Permission
from django.test import Client as Browser
from pytest_django.asserts import assertNumQueries

from checkout.closing import close_order
from checkout.errors import StaleOrder
from checkout.lines import add_account_credits
from checkout.models import CustomPayment, Refund
from checkout.opening import open_order
from checkout.refund_outcome import of_lines
from checkout.refundable import Refundable
from checkout.refunding import refund_lines
from checkout.sale import find_sale
from checkout.taking_back import take_back
from checkout.voiding import void_order
from salon.models import BusinessSettings
from tests.checkout.helpers import books, has, order_with, pay, remaining, sell_credit
from tests.checkout.reading import plain, says, told
from tests.factories import (
    dollars,
    make_client,
    make_credit,
    make_debt,
    make_desk,
    make_role,
    make_staff,
    make_tax_rate,
)
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db

FRAME = 8
"""Session, person, two for permissions, locations, till, and at the end settings and role."""


class Sheet:
    """The refund page of one sale, in one browser, filled in and sent as the page does it."""

    def __init__(self, order, staff):
        self.order = order
        self.url = f"/sales/{order.uuid}/refund/"
        self.web = Browser()
        self.web.force_login(staff)
        self.uuid = str(uuid.uuid4())

    def get(self, query=""):
        return self.web.get(self.url + query)

    def preview(self, **data):
        return self.web.post(f"{self.url}preview/", {"uuid": self.uuid, **data})

    def agreed(self, **data):
        """The mark of the outcome that the page shows for this, if any."""
        found = re.search(r'name="agreed" value="(\w+)"', self.preview(**data).text)
        return found[1] if found else ""

    def send(self, **data):
        """Look at the outcome, then press the button."""
        agreed = self.agreed(**data)
        return self.post(**data, agreed=agreed)

    def post(self, **data):
        """Send exactly this."""
        return self.web.post(self.url, {"uuid": self.uuid, **data})


def lines(*lines, **amounts):
    """Form data that refunds these lines; amounts as typed."""
    data = {"mode": "lines", "chosen_lines": [line.pk for line, _ in lines]}
    return data | {f"line_{line.pk}": typed for line, typed in lines} | amounts


def payment(tender, typed, **more):
    return {"mode": "payment", "chosen_payment": tender.pk, f"amount_{tender.pk}": typed, **more}


@pytest.fixture
def desk():
    return make_desk("Marcus")


@pytest.fixture
def order(desk, clara):
    """$85 service and $30 product, paid with $40 credit and $75 cash."""
    make_credit(clara, 100)
    order = order_with(desk, clara, service=85, product=30)
    pay(order, "credits", 40, desk)
    pay(order, "cash", 75, desk)
    return close_order(order=order, desk=desk)


@pytest.fixture
def sheet(order, desk):
    return Sheet(order, desk.staff)


@pytest.fixture
def service(order):
    return order.lines.get(kind="service")


@pytest.fixture
def product(order):
    return order.lines.get(kind="product")


@pytest.fixture
def cash(order):
    return order.tenders.get(kind="cash")


def nothing_changed(order):
    return not Refund.objects.filter(order=order).exists()


# --- What it shows -------------------------------------------------------------------------------


def test_it_shows_every_line_and_payment_with_what_is_left(sheet):
    text = says(sheet.get())
    for part in ("Service at 85", "$85.00", "Product at 30", "Applied Account Debit", "$40.00"):
        assert part in text


def test_everything_can_be_chosen_at_once(sheet):
    text = says(sheet.get("?all"))
    assert "Refund $115.00" in text
    assert "Sale #" in text
    assert "becomes Closed (Refunded). Nothing more can be refunded." in text


def test_a_sale_of_one_line_has_it_chosen_already(desk, clara):
    order = order_with(desk, clara, service=20)
    pay(order, "cash", 20, desk)
    close_order(order=order, desk=desk)
    assert "Refund $20.00" in says(Sheet(order, desk.staff).get())


def test_a_payment_can_be_named_by_the_address(sheet, cash):
    assert "Refund $75.00" in says(sheet.get(f"?tender={cash.pk}"))
    assert "Refund $30.00" in says(sheet.get(f"?line={sheet.order.lines.get(kind='product').pk}"))
    assert sheet.get("?tender=zzz&line=-1").status_code == 200


def test_it_says_in_plain_words_what_will_happen(sheet, service):
    text = says(sheet.preview(**lines((service, "23.00"))))
    assert "$8.00 returns to Clara Nuñez’s account credit." in text
    assert "$15.00 in cash from Front till." in text
    assert "Clara Nuñez now $60.00 credit and then $68.00 credit" in text
    assert "becomes Closed (Partly refunded). $92.00 can still be refunded." in text
    assert "Refund $23.00" in text
    assert nothing_changed(sheet.order)


def test_the_wish_to_put_cash_on_the_balance_changes_what_will_happen(sheet, cash):
    text = says(sheet.preview(**payment(cash, "20", **{f"destination_{cash.pk}": "balance"})))
    assert "$20.00 goes to Clara Nuñez’s account balance." in text


def test_a_card_that_has_to_be_refunded_by_hand_is_said_so(desk, clara):
    order = order_with(desk, clara, service=20)
    pay(order, "card", 20, desk, reference="Visa 4242")
    close_order(order=order, desk=desk)
    text = says(Sheet(order, desk.staff).get())
    assert "$20.00 back to the card (Visa 4242): refund it on the card terminal by hand." in text


def test_the_owners_own_button_gives_back_under_its_name(desk, clara):
    order = order_with(desk, clara, service=20)
    hotel = CustomPayment.objects.create(name="Hotel folio")
    pay(order, "custom", 20, desk, custom=hotel)
    close_order(order=order, desk=desk)
    sheet = Sheet(order, desk.staff)
    assert "$20.00 back by Hotel folio." in says(sheet.get())
    response = sheet.send(**lines((order.lines.get(), "20")))
    assert "Refunded $20.00 to Hotel folio." in told(response)


def test_credit_that_had_expired_says_until_when_it_can_be_spent_again(desk, clara):
    make_credit(clara, 20, source="goodwill", expires_on=desk.business_date)
    order = order_with(desk, clara, service=20)
    pay(order, "credits", 20, desk)
    close_order(order=order, desk=desk)
    later = make_desk("Marcus", at=desk.at + dt.timedelta(days=5))
    sale = find_sale(order.uuid)
    line = sale.lines[0]
    outcome = of_lines(sale, Refundable(sale.order), {line: dollars(20)}, {}, None, later)
    assert "It had expired and can be spent again until" in outcome.ways[0].sentence


def test_its_queries_do_not_grow_with_the_sale(sheet, desk, clara):
    with assertNumQueries(FRAME + 9):
        sheet.get()
    with assertNumQueries(FRAME + 12):
        sheet.get("?all")
    large = order_with(desk, clara, service=85, product=30, custom=7)
    pay(large, "credits", 10, desk)
    pay(large, "card", 30, desk)
    pay(large, "cash", remaining(large), desk)
    close_order(order=large, desk=desk)
    again = Sheet(large, desk.staff)
    with assertNumQueries(FRAME + 12):
        again.get("?all")


# --- Refunding -----------------------------------------------------------------------------------


def test_lines_go_back_the_way_they_were_paid(sheet, desk, clara, service):
    response = sheet.send(**lines((service, "23.00")), reason="Too short")
    assert response.status_code == 302
    assert "Refunded $23.00: $8.00 to account credit, $15.00 in cash." in told(response)
    refund = Refund.objects.get()
    assert (refund.reason, refund.by) == ("Too short", desk.staff)
    assert has(clara, desk).available == dollars(68)
    assert books()["cash"] == 6000


def test_one_payment_goes_back_by_itself_and_onto_the_balance_if_wished(sheet, desk, clara, cash):
    data = payment(cash, "$20", **{f"destination_{cash.pk}": "balance"})
    assert "Refunded $20.00 to account balance." in told(sheet.send(**data))
    assert has(clara, desk).available == dollars(80)
    assert books()["cash"] == 7500


def test_it_can_be_done_again_until_nothing_is_left(sheet, desk, service, product):
    for line, typed in ((service, "5"), (service, "80"), (product, "30.00")):
        sheet.uuid = str(uuid.uuid4())
        assert sheet.send(**lines((line, typed))).status_code == 302
    assert "Nothing is left to refund" in says(sheet.get())
    sheet.uuid = str(uuid.uuid4())
    assert sheet.post(**lines((product, "0.01"))).status_code == 422
    assert books() == {"opening": 10000, "client_credit": -10000}


def test_tax_goes_back_with_its_line(desk, clara):
    order = order_with(desk, clara, product=100, tax_rate=make_tax_rate("10"))
    pay(order, "cash", 110, desk)
    close_order(order=order, desk=desk)
    sheet = Sheet(order, desk.staff)
    assert "with $5.00 tax" in says(sheet.preview(**lines((order.lines.get(), "55"))))
    sheet.send(**lines((order.lines.get(), "55")))
    assert books() == {"cash": 5500, "income": -5000, "tax": -500}


def test_a_form_sent_twice_refunds_once(sheet, service):
    data = lines((service, "85.00"))
    data["agreed"] = sheet.agreed(**data)
    first, second = sheet.post(**data), sheet.post(**data)
    assert first.url == second.url
    assert Refund.objects.count() == 1
    assert "Refunded $85.00" in told(second)


def test_a_name_that_was_used_on_another_sale_refunds_nothing(sheet, desk, clara, service):
    other = order_with(desk, clara, service=20)
    pay(other, "cash", 20, desk)
    close_order(order=other, desk=desk)
    twin = Sheet(other, desk.staff)
    twin.uuid = sheet.uuid
    twin.send(**lines((other.lines.get(), "20")))
    response = sheet.send(**lines((service, "20")))
    assert response.status_code == 422
    assert "already used for another sale" in says(response)
    assert nothing_changed(sheet.order)


# --- Without having looked, or after something changed -------------------------------------------


def test_the_button_does_what_the_page_said_or_nothing(sheet, service):
    agreed = sheet.agreed(**lines((service, "20.00")))
    response = sheet.post(**lines((service, "40.00")), agreed=agreed)
    assert response.status_code == 422
    assert "has changed since you looked, so nothing was done" in says(response)
    assert "Refund $40.00" in says(response)
    assert nothing_changed(sheet.order)


def test_a_browser_without_script_is_shown_the_outcome_first(sheet, service):
    first = sheet.post(**lines((service, "20.00")))
    assert (first.status_code, nothing_changed(sheet.order)) == (422, True)
    assert "Look over what will happen" in says(first)
    agreed = re.search(r'name="agreed" value="(\w+)"', first.text)[1]
    assert sheet.post(**lines((service, "20.00")), agreed=agreed).status_code == 302


def test_a_page_from_before_another_tills_refund_is_told(sheet, desk, service, product):
    agreed = sheet.agreed(**lines((service, "20.00")))
    refund_lines(
        order=sheet.order,
        amounts={product: dollars(30)},
        destinations={},
        desk=desk,
        uuid=uuid.uuid4(),
    )
    response = sheet.post(**lines((service, "20.00")), agreed=agreed)
    assert response.status_code == 422
    assert Refund.objects.count() == 1


def test_a_till_that_is_faster_in_the_last_moment_is_told(sheet, service, monkeypatch):
    def another_was_faster(**facts):
        raise StaleOrder("Something was refunded at another till a moment ago.")

    monkeypatch.setattr("checkout.refund_page.refund_lines", another_was_faster)
    response = sheet.send(**lines((service, "20.00")), reason="Burnt")
    assert response.status_code == 409
    assert "at another till a moment ago" in says(response)
    assert 'value="Burnt"' in response.text


def test_a_page_from_before_the_rest_was_refunded_keeps_what_was_typed(sheet, desk, service):
    agreed = sheet.agreed(**lines((service, "85.00")), reason="Burnt")
    refund_lines(
        order=sheet.order,
        amounts={service: dollars(60)},
        destinations={},
        desk=desk,
        uuid=uuid.uuid4(),
    )
    response = sheet.post(**lines((service, "85.00")), reason="Burnt", agreed=agreed)
    assert response.status_code == 422
    assert "Only $25.00 of this can go back." in says(response)
    assert 'value="85.00"' in response.text
    assert 'value="Burnt"' in response.text
    assert Refund.objects.count() == 1


# --- Bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("85.01", "Only $85.00 of this can go back."),
        ("999999999999", "Only $85.00 of this can go back."),
        ("-20", "without a minus sign"),
        ("−20", "without a minus sign"),
        ("0", "above zero"),
        ("0.00", "above zero"),
        ("", "Enter an amount."),
        ("20.005", "at most 2 digits"),
        ("twenty", "Enter an amount like"),
        ("1e3", "Enter an amount like"),
        ("NaN", "Enter an amount like"),
        ("2O", "Enter an amount like"),
        ("٢٠", "Enter an amount like"),
    ],
)
@pytest.mark.parametrize("act", ["preview", "post"])
def test_a_wrong_amount_is_told_beside_it_and_kept(sheet, service, typed, why, act):
    response = getattr(sheet, act)(**lines((service, typed)), agreed="x")
    assert why in says(response)
    slot = re.search(rf'id="error_line_{service.pk}"[^>]*>(.*?)</div>', response.text, re.S)[1]
    assert why in plain(slot)
    assert nothing_changed(sheet.order)
    if act == "post":
        assert response.status_code == 422
        assert f'value="{typed}"' in response.text


@pytest.mark.parametrize("typed", ["75.01", "-1", "0", "", "1.001", "x"])
def test_a_wrong_amount_of_a_payment_is_told_beside_it(sheet, cash, typed):
    response = sheet.post(**payment(cash, typed), agreed="x")
    assert response.status_code == 422
    assert "field-error" in response.text
    assert nothing_changed(sheet.order)


def test_what_stands_in_rows_that_are_not_chosen_does_no_harm(sheet, service, product):
    data = lines((service, "20")) | {f"line_{product.pk}": "nonsense"}
    assert sheet.send(**data).status_code == 302
    assert Refund.objects.get().parts.count() == 2


@pytest.mark.parametrize("mode", ["lines", "payment"])
def test_nothing_chosen_refunds_nothing(sheet, mode):
    response = sheet.post(mode=mode)
    assert response.status_code == 422
    assert "Choose " in says(response)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"mode": "everything"},
        {"mode": "lines", "chosen_lines": "zzz"},
        {"mode": "lines", "chosen_lines": "999999999999999999999"},
        {"mode": "payment", "chosen_payment": "-1"},
        {"mode": "payment", "chosen_payment": ["1", "2"]},
        {"mode": "lines", "reason": "\x00"},
        {"mode": "lines", "client": "abc"},
        {"mode": "lines", "uuid": "no uuid"},
        {"mode": "lines", "uuid": ""},
    ],
)
def test_crafted_forms_are_refused_calmly(sheet, data):
    for response in (sheet.post(**data), sheet.preview(**data)):
        assert response.status_code in (200, 422)
    assert nothing_changed(sheet.order)


def test_a_reason_that_is_too_long_is_told(sheet, service):
    response = sheet.send(**lines((service, "5")), reason="x" * 241)
    assert response.status_code == 422
    assert "at most 240 characters" in says(response)


def test_another_sales_lines_and_payments_cannot_be_slipped_in(sheet, desk, clara):
    other = order_with(desk, clara, service=20)
    tender = pay(other, "cash", 20, desk)
    close_order(order=other, desk=desk)
    line = other.lines.get()
    for data in (lines((line, "20")), payment(tender, "20")):
        response = sheet.post(**data, agreed="x")
        assert response.status_code == 422
    assert not Refund.objects.exists()


# --- Where it may go -----------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["cash", "balance", "card", "check", "nowhere"])
def test_what_credit_paid_goes_back_to_credit_alone(sheet, way):
    credit = sheet.order.tenders.get(kind="credits")
    response = sheet.send(**payment(credit, "10", **{f"destination_{credit.pk}": way}))
    assert response.status_code == 422
    assert "cannot go back that way" in says(response)
    assert nothing_changed(sheet.order)


def test_cash_for_a_card_needs_its_own_permission(desk, clara):
    order = order_with(desk, clara, service=20)
    card = pay(order, "card", 20, desk)
    close_order(order=order, desk=desk)
    data = payment(card, "20", **{f"destination_{card.pk}": "cash"})
    response = Sheet(order, desk.staff).send(**data)
    assert response.status_code == 422
    assert "Your role may not give cash back for Card." in says(response)
    assert nothing_changed(order)
    owner = make_staff("Olivia", location=desk.location)
    assert "Refunded $20.00 in cash." in told(Sheet(order, owner).send(**data))


def test_credit_that_was_bought_goes_back_only_as_it_was_paid(desk, clara):
    ines = make_client("Ines Duarte")
    order = sell_credit(clara, 100, desk, payer=ines, kind="card")
    tender = order.tenders.get()
    sheet = Sheet(order, desk.staff)
    text = says(sheet.get())
    assert "Credit that was bought never goes back to a balance." in text
    assert "$100.00 is taken out of Clara Nuñez’s account credit." in text
    response = sheet.send(**payment(tender, "10", **{f"destination_{tender.pk}": "balance"}))
    assert response.status_code == 422
    assert nothing_changed(order)


def test_bought_credit_is_capped_at_what_is_left_and_says_what_was_spent_on(desk, clara):
    top_up = sell_credit(clara, 100, desk)
    visit = order_with(desk, clara, service=40)
    pay(visit, "credits", 40, desk)
    close_order(order=visit, desk=desk)
    sheet = Sheet(top_up, desk.staff)
    text = says(sheet.get())
    assert "$60.00 left of $100.00" in text
    assert f"$40.00 of $100.00 was spent on sale #{visit.number}; $60.00 can go back" in text
    line = top_up.lines.get()
    assert sheet.send(**lines((line, "60.01"))).status_code == 422
    assert "Refunded $60.00 in cash." in told(sheet.send(**lines((line, "60"))))
    assert has(clara, desk).is_empty
    assert "Closed (Partly refunded)" in sheet.web.get(f"/sales/{top_up.uuid}/").text


def test_with_balances_off_nothing_new_goes_to_one_but_credit_still_returns(sheet, cash, service):
    BusinessSettings.objects.update(client_account_balances=False)
    data = payment(cash, "10", **{f"destination_{cash.pk}": "balance"})
    response = sheet.send(**data)
    assert response.status_code == 422
    assert "switched off at this location" in says(response)
    assert nothing_changed(sheet.order)
    assert "to account credit" in told(sheet.send(**lines((service, "23.00"))))


def test_without_a_till_cash_cannot_be_given(sheet, desk, cash):
    desk.location.tills.update(archived_at=desk.at)
    text = says(sheet.preview(**payment(cash, "10")))
    assert "There is no till at this location." in text
    assert "$10.00 goes to Clara Nuñez’s account balance." in text
    response = sheet.send(**payment(cash, "10", **{f"destination_{cash.pk}": "cash"}))
    assert response.status_code == 422
    assert nothing_changed(sheet.order)


# --- Walk-ins ------------------------------------------------------------------------------------


@pytest.fixture
def walk_in(desk):
    order = order_with(desk, None, product=30)
    pay(order, "cash", 30, desk)
    return close_order(order=order, desk=desk)


def test_a_walk_ins_money_goes_to_the_balance_of_a_client_who_is_chosen(walk_in, desk, clara):
    sheet = Sheet(walk_in, desk.staff)
    cash = walk_in.tenders.get()
    data = payment(cash, "30", **{f"destination_{cash.pk}": "balance"})
    assert "Choose a client first" in says(sheet.preview(**data))
    found = sheet.preview(**data, find_client="nunez")
    assert f'name="client" value="{clara.pk}"' in found.text
    refused = sheet.send(**data)
    assert refused.status_code == 422
    assert "Choose the client whose balance takes the refund." in says(refused)
    assert "Refunded $30.00 to account balance." in told(sheet.send(**data, client=clara.pk))
    assert has(clara, desk).available == dollars(30)
    assert Refund.objects.get().client == clara


def test_an_archived_client_takes_no_refund(walk_in, desk, clara):
    clara.archived_at = desk.at
    clara.save()
    cash = walk_in.tenders.get()
    data = payment(cash, "30", **{f"destination_{cash.pk}": "balance"})
    response = Sheet(walk_in, desk.staff).send(**data, client=clara.pk)
    assert response.status_code == 422
    assert nothing_changed(walk_in)


def test_a_sale_with_a_client_refunds_to_no_other(sheet, desk, clara, cash):
    ben = make_client("Ben Okafor")
    data = payment(cash, "30", **{f"destination_{cash.pk}": "balance"})
    sheet.send(**data, client=ben.pk)
    assert has(ben, desk).is_empty
    assert has(clara, desk).available == dollars(90)


# --- Who may, and what is not closed -------------------------------------------------------------


def test_refunding_needs_its_permission(order, desk, service):
    sheet = Sheet(order, make_staff("Jo", location=desk.location))
    for response in (sheet.get(), sheet.post(**lines((service, "5")), agreed="x"), sheet.preview()):
        assert response.status_code == 403
    assert "Can refund and void sales" in sheet.get().text
    assert nothing_changed(order)


def test_nobody_is_asked_to_log_in_twice_or_served_without(order):
    anonymous = Browser()
    assert anonymous.get(f"/sales/{order.uuid}/refund/").status_code == 302
    assert anonymous.post(f"/sales/{order.uuid}/refund/preview/").status_code == 302


def test_a_voided_sale_has_nothing_to_refund(desk, clara):
    order = void_order(order=order_with(desk, clara, service=5), desk=desk, reason="Mistake")
    response = Sheet(order, desk.staff).get()
    assert "nothing is left to give back" in told(response)


def test_a_preview_only_answers_posts(sheet):
    assert sheet.web.get(f"{sheet.url}preview/").status_code == 405


# --- An open sale: payments taken back -----------------------------------------------------------


@pytest.fixture
def register(desk, clara):
    """An open sale with $40 credit and $20 cash on it, at a till of the front desk's."""
    make_credit(clara, 100)
    order = order_with(desk, clara, service=85)
    pay(order, "credits", 40, desk)
    pay(order, "cash", 20, desk)
    return Sheet(order, make_staff("Jo", location=desk.location))


def test_part_of_a_payment_is_taken_back_from_an_open_sale(register, desk, clara):
    credit = register.order.tenders.get(kind="credits")
    text = says(register.preview(**payment(credit, "15")))
    assert "$15.00 returns to Clara Nuñez’s account credit." in text
    assert "$40.00 then remains to be paid." in text
    response = register.send(**payment(credit, "15"))
    assert response.status_code == 302
    assert has(clara, desk).available == dollars(75)
    assert remaining(register.order) == dollars(40)


def test_cash_of_an_open_sale_can_go_to_the_balance(register, desk, clara):
    cash = register.order.tenders.get(kind="cash")
    data = payment(cash, "20", **{f"destination_{cash.pk}": "balance"})
    assert register.send(**data).status_code == 302
    assert has(clara, desk).available == dollars(80)
    assert books()["cash"] == 2000
    assert_well()


def test_an_open_sale_is_not_refunded_by_line(register):
    line = register.order.lines.get()
    response = register.post(**lines((line, "20")), agreed="x")
    assert response.status_code == 422
    assert nothing_changed(register.order)


@pytest.mark.parametrize("typed", ["40.01", "0", "-5", "x"])
def test_no_more_is_taken_back_than_stands(register, typed):
    credit = register.order.tenders.get(kind="credits")
    assert register.send(**payment(credit, typed)).status_code == 422
    assert nothing_changed(register.order)


def test_a_payment_taken_back_at_another_till_is_told(register, desk):
    cash = register.order.tenders.get(kind="cash")
    data = payment(cash, "20")
    data["agreed"] = register.agreed(**data)
    take_back(tender=cash, amount=dollars(20), destination="cash", desk=desk, uuid=uuid.uuid4())
    response = register.post(**data)
    assert response.status_code == 422
    assert Refund.objects.count() == 1


def test_an_open_sale_that_closed_meanwhile_is_no_longer_taken_back_from(desk, clara):
    order = order_with(desk, clara, service=20)
    cash = pay(order, "cash", 20, desk)
    sheet = Sheet(order, desk.staff)
    data = payment(cash, "20")
    data["agreed"] = sheet.agreed(**data)
    close_order(order=order, desk=desk)
    response = sheet.post(**data)
    assert response.status_code == 422
    assert "has changed since you looked" in says(response)
    assert nothing_changed(order)


def test_an_open_sale_without_payments_says_so(desk):
    sheet = Sheet(open_order(desk=desk), desk.staff)
    assert "No payment stands on this sale" in says(sheet.get())


def test_credit_that_settled_a_debt_is_not_refundable(desk, clara):
    make_debt(clara, 30)
    order = open_order(desk=desk, client=clara)
    add_account_credits(order=order, beneficiary=clara, amount=dollars(30), desk=desk)
    pay(order, "cash", 30, desk)
    close_order(order=order, desk=desk)
    assert "Nothing is left to refund" in says(Sheet(order, desk.staff).get())


def test_the_balance_then_is_without_the_credit_that_the_refund_takes_away(desk, clara):
    make_credit(clara, 30)
    order = order_with(desk, clara, service=30, credit=20)
    pay(order, "credits", 30, desk)
    pay(order, "cash", 20, desk)
    close_order(order=order, desk=desk)
    back = lines(*[(line, str(line.total.amount)) for line in order.lines.all()])
    sheet = Sheet(order, desk.staff)
    assert "Clara Nuñez now $20.00 credit and then $30.00 credit" in plain(
        sheet.preview(**back).text
    )
    sheet.send(**back, reason="Unhappy")
    assert has(clara, desk).total == dollars(30)


def test_a_role_that_sees_no_balances_is_told_none(order, desk, service):
    role = make_role("Refunds only")
    role.permissions.set(Permission.objects.filter(codename__in=["modify_sales", "refund_sales"]))
    sam = make_staff("Sam", role, location=desk.location)
    text = says(Sheet(order, sam).preview(**lines((service, "23.00"))))
    assert "Refund $23.00" in text
    assert "$60.00" not in text
