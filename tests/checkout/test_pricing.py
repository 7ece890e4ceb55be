"""The arithmetic of prices: worked by hand first, then any figures at all."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checkout.pricing import Cut, Item, Rate, in_step, price, shares_off

CITY, STATE, THIRD = (
    Rate(1, Decimal("4.5")),
    Rate(2, Decimal("4.375")),
    Rate(3, Decimal("3")),
)
SALES = Rate(4, Decimal("8.875"))
VAT = Rate(5, Decimal("20"), is_included=True)


def percent(value: str, line: int | None = None, id: int = 1) -> Cut:
    return Cut(id, line, percent=Decimal(value))


def cents(value: int, line: int | None = None, id: int = 1) -> Cut:
    return Cut(id, line, amount=value)


def figures(items, *cuts):
    """Discount, amount and taxes of each line, in their order."""
    priced = price(items, cuts)
    return [(of.discount, of.amount, list(of.taxes)) for of in (priced.lines[i.id] for i in items)]


# --- By hand --------------------------------------------------------------------------------------


def test_a_tax_on_top_is_rounded_half_up_line_by_line():
    # 8.875 % of 19.99 is 1.7741; of 0.04, 0.00355; of 0.40, 0.0355.
    items = [Item(n, p, rates=(SALES,)) for n, p in enumerate([1999, 4, 40])]
    assert figures(items) == [(0, 1999, [177]), (0, 4, [0]), (0, 40, [4])]


def test_each_part_of_a_tax_is_rounded_by_itself():
    # 4.375 % of 30.00 is 1.3125, 4.5 % is 1.35: together 2.66, where 8.875 % would be 2.6625.
    assert figures([Item(1, 3000, rates=(STATE, CITY))]) == [(0, 3000, [131, 135])]


def test_an_included_tax_is_found_in_the_price():
    assert figures([Item(1, 12000, rates=(VAT,))]) == [(0, 10000, [2000])]
    # 9.99 contain 1.665: rounded half up.
    assert figures([Item(1, 999, rates=(VAT,))]) == [(0, 832, [167])]


def test_several_included_taxes_share_what_the_price_contains_by_largest_remainder():
    rates = tuple(Rate(n, Decimal(p), is_included=True) for n, p in enumerate(["5", "5", "7"]))
    # 10.00 at 17 %: 1.45 contained; 42.6, 42.6 and 59.7 cents of it.
    assert figures([Item(1, 1000, rates=rates)]) == [(0, 855, [43, 42, 60])]


def test_a_tax_on_top_of_a_price_that_contains_another_is_charged_on_the_net():
    # 12.00 contain 2.00; 8.875 % of 10.00 is 0.8875.
    assert figures([Item(1, 1200, rates=(VAT, SALES))]) == [(0, 1000, [200, 89])]
    assert figures([Item(1, 1200, rates=(SALES, VAT))]) == [(0, 1000, [89, 200])]


def test_three_lines_at_a_third_off_and_new_yorks_tax():
    items = [Item(n, p, rates=(SALES,)) for n, p in enumerate([8500, 4300, 1])]
    # 33.33 % of 128.01 is 42.6657: 42.67, split 28.3333, 14.3332, 0.0033.
    assert figures(items, percent("33.33")) == [
        (2834, 5666, [503]),
        (1433, 2867, [254]),
        (0, 1, [0]),
    ]
    assert price(items, [percent("33.33")]).taken_off == {1: 4267}


def test_discounts_on_a_line_come_first_and_each_takes_of_what_is_left():
    items = [Item(1, 10000), Item(2, 10000)]
    # 10 % and 10 % of the first are 19.00; $18.10 off both are split 81 to 100.
    cuts = [cents(1810, id=9), percent("10", line=1, id=1), percent("10", line=1, id=2)]
    assert figures(items, *cuts) == [(1900 + 810, 7290, []), (1000, 9000, [])]
    assert price(items, cuts).taken_off == {1: 1000, 2: 900, 9: 1810}


def test_ten_percent_and_then_five_dollars_is_not_five_dollars_and_then_ten_percent():
    item = Item(1, 10000)
    first, second = percent("10", line=1), cents(500, line=1, id=2)
    assert figures([item], first, second) == [(1500, 8500, [])]
    assert figures([item], second, first) == [(1450, 8550, [])]


def test_the_last_cent_is_neither_lost_nor_taken_twice():
    items = [Item(n, 1) for n in range(3)]
    assert price(items, [cents(2)]).taken_off == {1: 2}
    assert [discount for discount, _, _ in figures(items, cents(2))] == [1, 1, 0]
    assert [amount for _, amount, _ in figures(items, cents(2), cents(5, id=2))] == [0, 0, 0]


def test_one_cent_left_is_taxed_and_divided_like_any_other_amount():
    items = [Item(1, 1000, rates=(SALES,)), Item(2, 1, rates=(VAT, SALES))]
    assert figures(items, percent("100", line=1)) == [(1000, 0, [0]), (0, 1, [0, 0])]


def test_no_discount_reaches_a_line_that_takes_none():
    items = [Item(1, 5000), Item(2, 10000, takes_discounts=False)]
    assert figures(items, percent("50"), cents(500, line=2, id=2)) == [
        (2500, 2500, []),
        (0, 10000, []),
    ]
    only = [Item(2, 10000, takes_discounts=False)]
    assert price(only, [percent("50")]).taken_off == {1: 0}


def test_a_discount_of_more_than_there_is_takes_what_there_is():
    assert figures([Item(1, 300), Item(2, 200)], cents(900)) == [(300, 0, []), (200, 0, [])]


def test_shares_are_exact_where_cents_are_rounded():
    # 10 % of 10.05 takes 1.01 off, which is 10.05 % of the price, and is still 10 %.
    item = Item(1, 1005)
    assert price([item], [percent("10")]).taken_off == {1: 101}
    assert shares_off([item], [percent("10")]) == {1: Fraction(1, 10)}
    assert shares_off([Item(1, 1000), Item(2, 0)], [cents(100), percent("50", 1, id=2)]) == {
        1: Fraction(60, 100),
        2: 0,
    }


@pytest.mark.parametrize(
    ("so_far", "shares"), [(0, [0, 0, 0]), (1, [1, 0, 0]), (3, [2, 1, 0]), (10, [6, 3, 1])]
)
def test_what_goes_back_bit_by_bit_keeps_step(so_far, shares):
    assert in_step(so_far, [6, 3, 1]) == shares


# --- Any figures --------------------------------------------------------------------------------

PERCENTS = st.decimals(0, 100, places=3)
RATES = st.lists(
    st.builds(Rate, st.integers(1, 6), PERCENTS, st.booleans()),
    max_size=3,
    unique_by=lambda rate: rate.id,
).map(tuple)


unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def orders(draw):
    items = [
        Item(number, draw(st.integers(0, 200_000)), draw(st.booleans()), draw(RATES))
        for number in range(draw(st.integers(1, 6)))
    ]
    cuts = []
    for number in range(draw(st.integers(0, 4))):
        line = draw(st.none() | st.integers(0, len(items) - 1))
        if draw(st.booleans()):
            value = draw(st.decimals(Decimal("0.01"), 100, places=2))
            cuts.append(Cut(number, line, percent=value))
        else:
            cuts.append(Cut(number, line, amount=draw(st.integers(1, 50_000))))
    return items, cuts


@unhurried
@given(orders())
def test_parts_make_the_whole_and_nothing_is_below_zero(order):
    items, cuts = order
    priced = price(items, cuts)
    for item in items:
        of = priced.lines[item.id]
        included = sum(
            tax for rate, tax in zip(item.rates, of.taxes, strict=True) if rate.is_included
        )
        assert of.amount + of.discount + included == item.price
        assert min([of.discount, of.amount, *of.taxes]) >= 0
        assert item.takes_discounts or not of.discount
        for rate, tax in zip(item.rates, of.taxes, strict=True):
            if not rate.is_included:
                assert abs(tax - of.amount * rate.percent / 100) <= Decimal("0.5")
    assert sum(priced.taken_off.values()) == sum(of.discount for of in priced.lines.values())
    assert all(taken >= 0 for taken in priced.taken_off.values())


@unhurried
@given(orders(), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_no_total(order, random):
    items, cuts = order
    shuffled = list(items)
    random.shuffle(shuffled)
    one, other = price(items, cuts), price(shuffled, cuts)
    assert one.taken_off == other.taken_off
    assert totals(one) == totals(other)


def totals(priced):
    lines = priced.lines.values()
    return (
        sum(of.discount for of in lines),
        sum(of.amount for of in lines),
        sum(of.tax for of in lines),
    )


@unhurried
@given(orders())
def test_every_line_stays_within_a_cent_of_its_exact_share(order):
    items, cuts = order
    priced, shares = price(items, cuts), shares_off(items, cuts)
    for item in items:
        assert 0 <= shares[item.id] <= 1
        off = abs(priced.lines[item.id].discount - shares[item.id] * item.price)
        assert off <= 1 + len(cuts)


@unhurried
@given(st.lists(st.integers(0, 5000), min_size=1, max_size=5).filter(any), st.data())
def test_bits_that_go_back_never_come_again_and_make_the_whole(parts, data):
    whole = sum(parts)
    before = data.draw(st.integers(0, whole))
    after = data.draw(st.integers(before, whole))
    then, now = in_step(before, parts), in_step(after, parts)
    assert (sum(then), sum(now)) == (before, after)
    assert all(0 <= a <= b <= part for a, b, part in zip(then, now, parts, strict=True))
    assert in_step(whole, parts) == parts
