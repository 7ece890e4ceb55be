"""Discounts on the order page, its sheets and receipts; requests that no form would send."""

import uuid
from decimal import Decimal

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from checkout.closing import close_order
from checkout.discounting import add_discount
from checkout.models import Discount, PresetDiscount
from checkout.receipts import receipt_of, refund_receipt_of
from checkout.refunding import refund_lines
from checkout.sale import find_sale
from checkout.sending_receipts import send_receipt
from salon.permissions import GIVE_DISCOUNTS
from tests.checkout.helpers import order_with, pay, remaining
from tests.checkout.reading import says
from tests.checkout.till import Till
from tests.factories import (
    dollars,
    make_browser,
    make_desk,
    make_role,
    make_split_tax,
    make_tax_rate,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk("Marcus")


@pytest.fixture
def order(desk, clara):
    """A cut for $85.00 and a bottle for $43.00."""
    return order_with(desk, clara, service=85, product=43)


@pytest.fixture
def till(order, desk):
    return Till(order, desk.staff)


def give(till, line=None, **data):
    """Send the sheet's form."""
    where = {"line": line.uuid} if line else {}
    return till.send("discount_line" if line else "discount", till.act(**data), **where)


def pairs(items):
    return [(item.name, str(item.amount.amount)) for item in items]


# --- The order page -------------------------------------------------------------------------------


def test_a_discount_stands_under_its_line_and_in_the_sums(till, order):
    bottle = order.lines.last()
    answer = give(till, bottle, percent="10 %", reason="Returning client")
    assert answer.status_code == 200
    assert answer["HX-Retarget"] == "#sale"
    text = says(answer)
    for part in (
        "Olaplex Product at 43 $43.00",
        "Returning client, 10 % −$4.30",
        "Subtotal $128.00",
        "Discount −$4.30",
        "Total $123.70",
    ):
        assert part in text


def test_a_discount_on_the_whole_sale_has_a_row_of_its_own(till):
    give(till, amount="12.80", reason="Friend of the house")
    text = says(till.get())
    assert "On the whole sale Friend of the house −$12.80" in text
    assert "Discount −$12.80" in text


def test_each_tax_is_named_with_its_percent(desk, clara):
    order = order_with(desk, clara, service=100, tax_rate=make_split_tax())
    text = says(Till(order, desk.staff).get())
    assert "City 4.5 % $4.50 State 4.375 % $4.38 Total $108.88" in text


def test_a_tax_that_prices_contain_stands_below_the_total(desk, clara):
    vat = make_tax_rate("20", name="VAT", is_included=True)
    order = order_with(desk, clara, service=120, tax_rate=vat)
    text = says(Till(order, desk.staff).get())
    assert "Total $120.00 incl. VAT 20 % $20.00" in text
    assert "incl. tax $20.00" in text


def test_it_is_taken_off_again_with_one_press(till, order):
    give(till, percent="10", reason="Friend")
    given = Discount.objects.get()
    answer = till.send("remove_discount", till.act(), discount=given.uuid)
    assert answer.status_code == 200
    assert "Total $128.00" in says(answer)
    again = till.send("remove_discount", till.act(), discount=given.uuid)
    assert again.status_code == 409
    assert "That discount is no longer on this sale. Nothing was changed." in says(again)


def test_more_than_the_sale_costs_was_paid_then_and_the_page_says_so(till, order, desk):
    pay(order, "cash", 128, desk)
    assert "$12.80 more was paid than the sale costs" in says(
        give(till, percent="10", reason="Friend")
    )


def test_who_may_not_give_discounts_sees_no_way_to_and_is_refused(order, desk):
    role = make_role("Manager")
    role.permissions.remove(role.permissions.get(codename=GIVE_DISCOUNTS.split(".")[1]))
    till = Till(order, make_desk("Marcus").staff)
    assert "discount-order" not in till.page()
    line = order.lines.first()
    assert "discount-line" not in till.get("line", line=line.uuid).text
    for answer in (till.get("discount"), give(till, percent="5", reason="Friend")):
        assert answer.status_code == 422
        assert "Your role may not give discounts. Ask a manager or an owner." in says(answer)
    assert not Discount.objects.exists()


def test_account_credit_has_no_discount_button(desk, clara):
    till = Till(order_with(desk, clara, credit=50), desk.staff)
    assert "discount-order" not in till.page()
    line = till.order.lines.get()
    assert "discount-line" not in till.get("line", line=line.uuid).text
    answer = give(till, line, percent="5", reason="Friend")
    assert answer.status_code == 422
    assert "takes no discount" in says(answer)


# --- The sheet ------------------------------------------------------------------------------------


def test_the_owners_discounts_are_buttons_that_say_what_they_take_off(till, order):
    PresetDiscount.objects.create(name="Returning client 10 %", percent=Decimal(10))
    PresetDiscount.objects.create(name="Voucher", amount=dollars(50), position=1)
    PresetDiscount.objects.create(name="Staff", percent=Decimal(50), position=2)
    sheet = says(till.get("discount_line", line=order.lines.last().uuid))
    assert "Discount on Olaplex Product at 43" in sheet
    assert "Returning client 10 % −$4.30" in sheet
    assert "Voucher That is more than the $43.00 that it costs." in sheet
    assert (
        "Staff That makes 50 % off Olaplex Product at 43. Your role may take off at most 30 %"
        in sheet
    )
    assert "Your role may take off up to 30 % of a line." in sheet


def test_a_preset_is_given_with_one_press(till, order):
    preset = PresetDiscount.objects.create(name="Returning client 10 %", percent=Decimal(10))
    form = till.act(preset=preset.pk)
    for _ in range(2):
        assert till.send("discount", form).status_code == 200
    assert Discount.objects.get().taken_off == dollars("12.80")


@pytest.mark.parametrize(
    ("data", "says_so", "field"),
    [
        ({}, "Enter a percentage or an amount", "percent"),
        ({"percent": "10", "amount": "5"}, "one of the two", "percent"),
        ({"percent": "abc"}, "Enter a percentage like 10 or 12.5", "percent"),
        ({"percent": "NaN"}, "Enter a percentage like 10 or 12.5", "percent"),
        ({"percent": "-5"}, "above 0", "percent"),
        ({"percent": "0"}, "above 0", "percent"),
        ({"percent": "101"}, "up to 100", "percent"),
        ({"percent": "1e2"}, "That makes 100 % off", "percent"),
        ({"percent": "33.333"}, "Enter a percentage like 10 or 12.5", "percent"),
        ({"percent": "9" * 40}, "Enter a percentage like 10 or 12.5", "percent"),
        ({"percent": "31"}, "Your role may take off at most 30 %", "percent"),
        ({"amount": "-5"}, "without a minus", "amount"),
        ({"amount": "0"}, "above zero", "amount"),
        ({"amount": "128.01"}, "more than the $128.00", "amount"),
        ({"amount": "50"}, "Your role may take off at most 30 %", "amount"),
        ({"percent": "5", "reason": " "}, "Say why", "reason"),
        ({"percent": "5", "reason": "x" * 121}, "at most 120 characters", "reason"),
        ({"preset": "999999"}, "Choose one of the discounts", "preset"),
        ({"preset": "x"}, "Choose one of the discounts", "preset"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field_and_what_was_typed_is_kept(
    till, data, says_so, field
):
    answer = give(till, **{"reason": "Friend", **data})
    assert answer.status_code == 422
    assert says_so in says(answer)
    form = answer.context["form"]
    assert field in form.errors
    for name, typed in data.items():
        assert form[name].value() == typed
    assert not Discount.objects.exists()


def test_a_stale_sheet_is_told_and_keeps_what_was_typed(till, order, desk):
    form = till.act(percent="10", reason="Returning client")
    add_discount(order=order, desk=desk, amount=dollars(1), reason="Other till")
    answer = till.send("discount", form)
    assert answer.status_code == 409
    assert "was changed at another till a moment ago. Nothing was done." in says(answer)
    assert 'value="Returning client"' in answer.text
    assert Discount.objects.count() == 1


def test_lines_and_discounts_of_another_sale_are_left_alone(till, order, desk, clara):
    other = order_with(desk, clara, service=10)
    given = add_discount(order=other, desk=desk, percent=Decimal(5), reason="Friend")
    answer = give(till, other.lines.get(), percent="5", reason="Friend")
    assert answer.status_code == 409
    assert till.send("remove_discount", till.act(), discount=given.uuid).status_code == 409
    assert Discount.objects.get() == given
    assert till.get("remove_discount", discount=uuid.uuid4()).status_code == 405


def test_without_script_the_sheet_is_a_page(order, desk):
    till = Till(order, desk.staff, htmx=False)
    page = till.get("discount")
    assert "<html" in page.text
    assert "Back to the sale" in says(page)
    assert give(till, percent="10", reason="Friend").url == till.url()
    given = Discount.objects.get()
    assert till.send("remove_discount", till.act(), discount=given.uuid).url == till.url()


def test_the_sheet_asks_as_much_with_ten_presets_as_with_one(till):
    def queries():
        till.get("discount")
        with CaptureQueriesContext(connection) as asked:
            till.get("discount")
        return len(asked)

    PresetDiscount.objects.create(name="Friend", percent=Decimal(5))
    with_one = queries()
    for number in range(9):
        PresetDiscount.objects.create(name=f"Offer {number}", percent=Decimal(number + 1))
    assert queries() == with_one


# --- Receipts -------------------------------------------------------------------------------------


@pytest.fixture
def sold(desk, clara):
    """A cut and a bottle with two taxes, 10 % off the bottle and $10.00 off all; closed."""
    order = order_with(desk, clara, service=85, product=43, tax_rate=make_split_tax())
    bottle = order.lines.last()
    add_discount(order=order, line=bottle, desk=desk, percent=Decimal(10), reason="Returning")
    add_discount(order=order, desk=desk, amount=dollars(10), reason="Opening day")
    pay(order, "cash", remaining(order), desk)
    return close_order(order=order, desk=desk)


def test_a_receipt_shows_every_figure_that_one_needs_to_reckon_it_again(sold):
    receipt = receipt_of(find_sale(sold.uuid))
    cut, bottle = receipt.lines
    assert pairs(receipt.lines) == [("Service at 85", "85.00"), ("Olaplex Product at 43", "43.00")]
    assert pairs(cut.less) == [("Its share of the sale’s discount", "-6.87")]
    assert pairs(bottle.less) == [
        ("Returning, 10 %", "-4.30"),
        ("Its share of the sale’s discount", "-3.13"),
    ]
    assert (cut.note, bottle.note) == ("tax $3.52 + $3.42", "tax $1.60 + $1.56")
    assert [(item.name, str(item.amount.amount), item.note) for item in receipt.sums] == [
        ("Subtotal", "128.00", ""),
        ("Discount", "-14.30", "Opening day: −$10.00"),
        ("City 4.5 %", "5.12", "on $113.70"),
        ("State 4.375 %", "4.98", "on $113.70, rounded line by line"),
    ]
    assert str(receipt.total.amount) == "$123.80"


def test_a_receipt_says_which_taxes_its_total_contains(desk, clara):
    vat = make_tax_rate("20", name="VAT", is_included=True)
    order = order_with(desk, clara, service=120, tax_rate=vat)
    receipt = receipt_of(find_sale(order.uuid))
    assert pairs(receipt.sums) == [("Subtotal", "120.00")]
    assert [(i.name, str(i.amount), i.note) for i in receipt.included] == [
        ("incl. VAT 20 %", "$20.00", "on $100.00")
    ]
    assert receipt.lines[0].note == "incl. tax $20.00"


@pytest.mark.parametrize("name", ["order", "receipt"])
def test_the_page_and_the_print_show_them(sold, name):
    text = says(make_browser("Marcus").get(reverse(f"checkout:{name}", args=[sold.uuid])))
    for part in (
        "Returning, 10 % −$4.30",
        "Its share of the sale’s discount −$3.13",
        "Discount Opening day: −$10.00 −$14.30",
        "City 4.5 % on $113.70 $5.12",
        "State 4.375 % on $113.70, rounded line by line $4.98",
    ):
        assert part in text


def test_what_happened_names_who_gave_them(sold):
    text = says(make_browser("Marcus").get(reverse("checkout:order", args=[sold.uuid])))
    assert "Discount of $4.30 on Olaplex Product at 43" in text
    assert "Discount of $10.00 on the whole sale" in text


def test_the_e_mail_shows_them_too(sold):
    assert send_receipt(order=sold.uuid, to="clara@example.com")
    [message] = mail.outbox
    assert "  Returning, 10 %: −$4.30" in message.body
    assert "City 4.5 %: $5.12 (on $113.70)" in message.body
    html = message.alternatives[0][0]
    assert "Its share of the sale’s discount" in html
    assert "−$14.30" in html


def test_a_refunds_receipt_names_each_tax_in_it(sold, desk):
    line = sold.lines.first()
    refunds = [
        refund_lines(
            order=sold, amounts={line: dollars(40)}, destinations={}, desk=desk, uuid=uuid.uuid4()
        )
        for _ in range(2)
    ]
    sale = find_sale(sold.uuid)
    told = [pairs(refund_receipt_of(sale, refund).sums) for refund in refunds]
    assert told == [
        [("City 4.5 % in it", "1.65"), ("State 4.375 % in it", "1.61")],
        [("City 4.5 % in it", "1.66"), ("State 4.375 % in it", "1.61")],
    ]
