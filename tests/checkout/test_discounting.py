"""Discounts as verbs: what they do to prices, taxes and books; who may give them, and how much."""

import uuid
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission

from checkout.closing import close_order
from checkout.discounting import add_discount, remove_discount
from checkout.errors import Refused, StaleOrder
from checkout.lines import add_product, add_service, change_line, remove_line
from checkout.models import Discount, LineTax, Order, PresetDiscount
from checkout.models.orders import Totals
from checkout.opening import open_for_visit, open_order
from checkout.refunding import refund_lines
from ledger.models import Posting
from salon import clock, permissions
from salon.desk import Desk
from salon.models import Role
from tests.checkout.helpers import books, order_with, pay, remaining
from tests.factories import (
    dollars,
    make_appointment,
    make_desk,
    make_product,
    make_role,
    make_service,
    make_split_tax,
    make_staff,
    make_tax_rate,
)
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk("Olivia")


@pytest.fixture
def jo():
    return make_desk("Jo")


@pytest.fixture
def order(desk, clara):
    """A cut for $85.00 and a bottle for $43.00, no tax."""
    return order_with(desk, clara, service=85, product=43)


def discount(order, desk, line=None, *, off=None, reason="Returning client", **more):
    """off: "10 %" or "5.00"."""
    if off and off.endswith("%"):
        more["percent"] = Decimal(off.rstrip(" %"))
    elif off:
        more["amount"] = dollars(off)
    return add_discount(order=order, desk=desk, line=line, reason=reason, **more)


def figures(order):
    """Discount, amount and tax of each line."""
    return [
        (str(line.discount.amount), str(line.amount.amount), str(line.tax.amount))
        for line in order.lines.all()
    ]


def total(order):
    return str(Totals.of(Order.objects.get(pk=order.pk)).total)


def taxes_owed():
    """What the books owe by rate: cents."""
    owed = {}
    for name, amount in Posting.objects.filter(account__kind="tax").values_list(
        "account__name", "amount"
    ):
        owed[name] = owed.get(name, 0) - amount
    return owed


# --- Stories with figures -------------------------------------------------------------------------


def test_ten_percent_off_a_line_and_the_sale_is_paid_and_booked(order, desk):
    cut = order.lines.first()
    given = discount(order, desk, cut, off="10 %")
    assert (str(given.taken_off), given.by, given.label) == (
        "$8.50",
        desk.staff,
        "Returning client, 10 %",
    )
    assert figures(order) == [("8.50", "76.50", "0.00"), ("0.00", "43.00", "0.00")]
    pay(order, "cash", "119.50", desk)
    close_order(order=order, desk=desk)
    assert books() == {"cash": 11950, "income": -11950}
    assert_well()


def test_a_third_off_three_lines_with_new_yorks_tax_and_its_two_parts(desk, clara):
    rate = make_split_tax()
    order = open_order(desk=desk, client=clara)
    for name, price in (("Cut", 85), ("Gloss", 43), ("Fringe", "0.01")):
        service = make_service(name, price, tax_rate=rate)
        add_service(order=order, service=service, staff=None, desk=desk)
    discount(order, desk, off="33.33 %")
    # 42.67 off 128.01; then 4.375 % and 4.5 % of 56.66, of 28.67 and of 0.01, each half up.
    assert figures(order) == [
        ("28.34", "56.66", "5.03"),
        ("14.33", "28.67", "2.54"),
        ("0.00", "0.01", "0.00"),
    ]
    assert list(LineTax.objects.order_by("line", "percent").values_list("amount", flat=True)) == [
        Decimal(part) for part in ("2.48", "2.55", "1.25", "1.29", "0", "0")
    ]
    pay(order, "cash", "92.91", desk)
    close_order(order=order, desk=desk)
    state, city = rate.parts.order_by("percent")
    assert taxes_owed() == {f"tax/rate:{state.pk}": 373, f"tax/rate:{city.pk}": 384}
    assert books() == {"cash": 9291, "income": -8534, "tax": -757}
    assert_well()


def test_refunds_in_bits_give_back_exactly_the_tax_of_each_rate(desk, clara):
    rates = make_split_tax("3.001", "2.002", "1.003")
    order = order_with(desk, clara, service="99.99", tax_rate=rates)
    discount(order, desk, off="0.01")
    pay(order, "cash", remaining(order), desk)
    close_order(order=order, desk=desk)
    before = taxes_owed()
    line = order.lines.get()
    left, steps = line.total, []
    for bit in ["0.01", "33.33", "0.02", "10.00", "0.01", "41.41"]:
        back(order, line, dollars(bit), desk)
        left -= dollars(bit)
        steps.append(taxes_owed())
    back(order, line, left, desk)
    # Never up again, and nothing left in the end.
    for account in before:
        owed = [step[account] for step in [before, *steps]]
        assert owed == sorted(owed, reverse=True)
    assert set(taxes_owed().values()) == {0}
    assert books() == {}
    assert_well()


def back(order, line, amount, desk):
    refund_lines(order=order, amounts={line: amount}, destinations={}, desk=desk, uuid=uuid.uuid4())


def test_a_tax_that_prices_contain_is_taken_out_of_what_is_left_after_discounts(desk, clara):
    vat = make_tax_rate("20", name="VAT", is_included=True)
    order = order_with(desk, clara, service=120, tax_rate=vat)
    discount(order, desk, off="10 %")
    # $108.00 contain $18.00.
    assert figures(order) == [("12.00", "90.00", "18.00")]
    assert total(order) == "$108.00"
    pay(order, "card", 108, desk)
    close_order(order=order, desk=desk)
    assert books() == {"card": 10800, "income": -9000, "tax": -1800}
    back(order, order.lines.get(), dollars(54), desk)
    assert books() == {"card": 5400, "income": -4500, "tax": -900}
    assert_well()


def test_a_line_that_is_given_away_owes_no_tax_and_closes(desk, clara):
    order = order_with(desk, clara, service=50, product=10, tax_rate=make_tax_rate("8.875"))
    discount(order, desk, order.lines.first(), off="100 %", reason="Redo of last week")
    assert figures(order) == [("50.00", "0.00", "0.00"), ("0.00", "10.00", "0.89")]
    discount(order, desk, order.lines.last(), off="9.99")
    assert figures(order)[1] == ("9.99", "0.01", "0.00")
    pay(order, "cash", "0.01", desk)
    close_order(order=order, desk=desk)
    assert books() == {"cash": 1, "income": -1}
    assert_well()


def test_a_whole_sale_for_nothing_moves_no_money(desk, clara):
    order = order_with(desk, clara, service=50)
    discount(order, desk, off="100 %")
    assert close_order(order=order, desk=desk).status == Order.Status.CLOSED
    assert books() == {}
    assert_well()


# --- Lines that come, change and go ---------------------------------------------------------------


def test_a_discount_on_the_sale_spreads_over_a_line_that_comes_later(order, desk):
    given = discount(order, desk, off="10.00")
    assert figures(order) == [("6.64", "78.36", "0.00"), ("3.36", "39.64", "0.00")]
    line = add_product(order=order, product=make_product("Comb", 22), desk=desk)
    # 5.66⅔, 2.86⅔, 1.46⅔: the two cents that are over go to the larger lines.
    assert str(line.discount) == "$1.46"
    assert figures(order) == [
        ("5.67", "79.33", "0.00"),
        ("2.87", "40.13", "0.00"),
        ("1.46", "20.54", "0.00"),
    ]
    given.refresh_from_db()
    assert str(given.taken_off) == "$10.00"


def test_a_discount_follows_another_quantity_and_price(order, desk):
    bottle = order.lines.last()
    discount(order, desk, bottle, off="10 %")
    change_line(line=bottle, quantity=3, desk=desk)
    assert figures(order)[1] == ("12.90", "116.10", "0.00")
    change_line(line=bottle, unit_price=dollars("0.04"), desk=desk)
    assert figures(order)[1] == ("0.01", "0.11", "0.00")


def test_a_discount_of_money_takes_no_more_than_a_line_costs_by_then(order, desk):
    bottle = order.lines.last()
    given = discount(order, desk, bottle, off="40.00")
    change_line(line=bottle, unit_price=dollars(30), desk=desk)
    given.refresh_from_db()
    assert (str(given.amount), str(given.taken_off)) == ("$40.00", "$30.00")
    change_line(line=bottle, unit_price=dollars(50), desk=desk)
    given.refresh_from_db()
    assert str(given.taken_off) == "$40.00"


def test_a_line_that_goes_takes_its_own_discounts_along_and_leaves_the_sales(order, desk):
    cut = order.lines.first()
    discount(order, desk, cut, off="10 %")
    on_all = discount(order, desk, off="20.00")
    remove_line(line=cut, desk=desk)
    assert list(Discount.objects.all()) == [on_all]
    assert figures(order) == [("20.00", "23.00", "0.00")]


def test_taken_off_again_the_prices_are_whole(order, desk):
    before = figures(order)
    given = discount(order, desk, off="10 %")
    remove_discount(discount=given, desk=desk)
    assert figures(order) == before
    assert not Discount.objects.exists()
    with pytest.raises(StaleOrder, match="no longer on this sale"):
        remove_discount(discount=given, desk=desk)


def test_a_rate_that_changes_while_the_sale_is_open_does_not_change_the_sale(desk, clara):
    rate = make_tax_rate("10")
    order = order_with(desk, clara, service=100, tax_rate=rate)
    rate.percent = Decimal(20)
    rate.save()
    discount(order, desk, off="50.00")
    assert figures(order) == [("50.00", "50.00", "5.00")]


def test_a_visit_is_opened_with_the_parts_of_its_tax(desk, clara):
    service = make_service("Facial", 100, tax_rate=make_split_tax())
    visit = make_appointment(clara, service=service, starts_at=clock.now())
    order = open_for_visit(appointment=visit, desk=desk)
    assert figures(order) == [("0.00", "100.00", "8.88")]
    assert order.lines.get().taxes.count() == 2


def test_account_credit_takes_no_discount(desk, clara):
    order = order_with(desk, clara, service=100, credit=50)
    discount(order, desk, off="50 %")
    assert figures(order) == [("50.00", "50.00", "0.00"), ("0.00", "50.00", "0.00")]
    with pytest.raises(Refused, match="Account Credit - Clara Nuñez takes no discount"):
        discount(order, desk, order.lines.last(), off="5.00")
    only = order_with(desk, clara, credit=50)
    with pytest.raises(Refused, match="Nothing on this sale takes a discount"):
        discount(only, desk, off="5.00")


def test_more_than_the_new_total_was_paid_already(order, desk):
    pay(order, "cash", 128, desk)
    discount(order, desk, off="28.00")
    assert remaining(order) == dollars(-28)
    with pytest.raises(Refused, match=r"\$28\.00 more was paid than the sale costs"):
        close_order(order=order, desk=desk)


# --- What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ({}, "a percentage or an amount"),
        ({"percent": Decimal(5), "amount": dollars(5)}, "one of the two"),
        ({"percent": Decimal(0)}, "above 0"),
        ({"percent": Decimal(-5)}, "above 0"),
        ({"percent": Decimal("100.01")}, "up to 100"),
        ({"percent": Decimal("33.333")}, "at most 2 digits"),
        ({"percent": Decimal("0.01"), "line": "cheap"}, "not even a cent"),
        ({"amount": dollars(0)}, "above zero"),
        ({"amount": dollars(-5)}, "above zero"),
        ({"amount": dollars("128.11")}, r"more than the \$128\.10 that it costs"),
        ({"amount": dollars("0.11"), "line": "cheap"}, r"more than the \$0\.10"),
        ({"percent": Decimal(5), "reason": "  "}, "Say why"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_changes(order, desk, wanted, says):
    cheap = add_product(order=order, product=make_product("Pin", "0.10"), desk=desk)
    line = cheap if wanted.pop("line", "") else None
    reason = wanted.pop("reason", "Friend")
    before = figures(order)
    with pytest.raises(Refused, match=says):
        add_discount(order=order, line=line, desk=desk, reason=reason, **wanted)
    assert figures(order) == before
    assert not Discount.objects.exists()


def test_nothing_is_left_to_take_off(desk, clara):
    order = order_with(desk, clara, service=20)
    discount(order, desk, off="100 %")
    with pytest.raises(Refused, match="costs nothing any more"):
        discount(order, desk, off="5 %")


def test_who_may_not_give_discounts_gives_none(order):
    role = make_role("Front desk")
    role.permissions.remove(role.permissions.get(codename=permissions.GIVE_DISCOUNTS.split(".")[1]))
    with pytest.raises(Refused, match="Your role may not give discounts"):
        discount(order, make_desk("Jo"), off="5 %")
    with pytest.raises(Refused, match="may not"):
        discount(order, make_desk("Maya"), off="5 %")


def test_the_roles_of_a_new_installation_have_their_limits():
    limits = dict(Role.objects.values_list("name", "discount_limit"))
    assert limits == {"Front desk": Decimal(10), "Manager": Decimal(30), "Owner": None}


def test_all_discounts_together_stay_within_the_roles_limit(order, jo):
    cut = order.lines.first()
    discount(order, jo, cut, off="8.50")
    with pytest.raises(Refused, match=r"That makes 10\.01 % off .*at most 10 %"):
        discount(order, jo, cut, off="0.01")
    with pytest.raises(Refused, match=r"That makes 23\.5 % off"):
        discount(order, jo, off="15 %")
    discount(order, jo, order.lines.last(), off="10 %")
    assert Discount.objects.count() == 2


def test_rounding_is_not_held_against_anybody(jo, clara):
    order = order_with(jo, clara, product="10.05")
    assert str(discount(order, jo, off="10 %").taken_off) == "$1.01"


def test_a_limit_of_zero_lets_nothing_through(order, jo):
    make_role("Front desk", discount_limit=Decimal(0))
    with pytest.raises(Refused, match="at most 0 %"):
        discount(order, make_desk("Jo"), off="0.01")


def test_what_a_manager_gave_does_not_stop_the_desk_on_other_lines(order, desk, jo):
    cut, bottle = order.lines.all()
    discount(order, desk, cut, off="50 %")
    discount(order, jo, bottle, off="10 %")
    with pytest.raises(Refused, match="That makes 55 % off Service at 85"):
        discount(order, jo, cut, off="10 %")
    change_line(line=cut, quantity=2, desk=jo)
    add_product(order=order, product=make_product("Comb", 5), desk=jo)


def test_a_discount_on_the_sale_is_not_left_whole_on_one_line(jo, clara):
    order = order_with(jo, clara, service=20, product=180)
    discount(order, jo, off="20.00")
    with pytest.raises(Refused, match="would then take 100 % off Service at 20; 10 %"):
        remove_line(line=order.lines.last(), desk=jo)
    with pytest.raises(Refused, match="Take the discount off first"):
        change_line(line=order.lines.last(), unit_price=dollars(10), desk=jo)
    assert figures(order) == [("2.00", "18.00", "0.00"), ("18.00", "162.00", "0.00")]


def test_a_discount_that_a_manager_gave_may_weigh_what_a_manager_may_give(clara, jo):
    marcus = make_desk("Marcus")
    order = order_with(marcus, clara, service=80, product=20)
    discount(order, marcus, off="20.00")
    remove_line(line=order.lines.last(), desk=jo)
    assert figures(order) == [("20.00", "60.00", "0.00")]


def test_who_may_give_no_discounts_lends_nobody_a_wider_limit(jo, clara):
    order = order_with(jo, clara, service=20, product=180)
    discount(order, jo, off="20.00")
    # No limit is set where nothing may be given anyhow.
    role = make_role("Trainee", discount_limit=None)
    role.permissions.set(Permission.objects.filter(codename="modify_sales"))
    sam = Desk(make_staff("Sam", role), jo.location, jo.till, jo.at)
    with pytest.raises(Refused, match="would then take 100 % off Service at 20; 10 %"):
        remove_line(line=order.lines.last(), desk=sam)


def test_a_closed_sale_takes_no_discount_and_keeps_its_own(order, desk):
    given = discount(order, desk, off="8.00")
    pay(order, "cash", 120, desk)
    close_order(order=order, desk=desk)
    with pytest.raises(StaleOrder, match="already closed"):
        discount(order, desk, off="5 %")
    with pytest.raises(StaleOrder, match="already closed"):
        remove_discount(discount=given, desk=desk)


# --- Presets, twins, stale pages ------------------------------------------------------------------


def test_a_preset_brings_its_terms_and_its_name(order, desk):
    preset = PresetDiscount.objects.create(name="Returning client 10 %", percent=Decimal(10))
    given = discount(order, desk, preset=preset, off="99 %", reason="")
    assert (str(given.taken_off), given.reason, given.label) == (
        "$12.80",
        "Returning client 10 %",
        "Returning client 10 %",
    )
    preset.archived_at = clock.now()
    with pytest.raises(Refused, match="no longer offered"):
        discount(order, desk, preset=preset)


def test_the_same_form_twice_gives_one_discount(order, desk):
    key = uuid.uuid4()
    first = discount(order, desk, off="10 %", uuid=key, revision=order_revision(order))
    again = discount(order, desk, off="10 %", uuid=key, revision=order_revision(order) - 1)
    assert first == again
    assert Discount.objects.count() == 1
    other = order_with(desk, order.client, service=10)
    with pytest.raises(Refused, match="belongs to another sale"):
        discount(other, desk, off="10 %", uuid=key)


def test_a_stale_page_is_told(order, desk):
    old = order_revision(order)
    given = discount(order, desk, off="10 %", revision=old)
    with pytest.raises(StaleOrder, match="changed at another till"):
        discount(order, desk, off="5 %", revision=old)
    with pytest.raises(StaleOrder, match="changed at another till"):
        remove_discount(discount=given, desk=desk, revision=old)


def test_a_line_of_another_sale_is_left_alone(order, desk, clara):
    other = order_with(desk, clara, service=10)
    with pytest.raises(StaleOrder, match="no longer on this sale"):
        discount(order, desk, other.lines.get(), off="5 %")
    assert figures(other) == [("0.00", "10.00", "0.00")]


def test_a_discount_costs_as_much_on_twenty_lines_as_on_two(order, desk, django_assert_num_queries):
    with django_assert_num_queries(10):
        discount(order, desk, off="5 %")
    for number in range(18):
        add_product(order=order, product=make_product(f"Bottle {number}", 10), desk=desk)
    with django_assert_num_queries(10):
        discount(order, desk, off="5.00")


def order_revision(order):
    return Order.objects.get(pk=order.pk).revision
