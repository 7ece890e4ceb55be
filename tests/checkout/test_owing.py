"""Paying past what a client has: who may owe, how much, and how it is settled and given back."""

import uuid

import pytest
from django.utils import timezone

from checkout.closing import close_order
from checkout.errors import Refused, StaleOrder
from checkout.models import Allocation, LineItem, Tender
from checkout.refundable import Refundable
from checkout.refunding import refund_lines, refund_tender
from checkout.taking_back import take_back
from checkout.voiding import void_order
from ledger.balances import open_lots
from ledger.models import Entry, Lot
from salon.models import BusinessSettings, Location
from tests.checkout.helpers import books, has, order_with, pay, remaining, sell_credit
from tests.checkout.test_two_tills import at_once
from tests.factories import (
    dollars,
    make_client,
    make_credit,
    make_debt,
    make_desk,
    make_location,
)
from tests.ledger.books import assert_well


@pytest.fixture
def desk(db):
    return owing_desk()


@pytest.fixture
def ben(desk):
    return make_client("Ben Okafor")


def owing_desk(staff="Olivia", limit=100):
    """A desk where clients may owe."""
    BusinessSettings.objects.update(negative_balances=True, negative_balance_limit=dollars(limit))
    return make_desk(staff)


def refund(order, amount, desk, **more):
    line = order.lines.exclude(kind="account_credit").get()
    return refund_lines(
        order=order,
        amounts={line: dollars(amount)},
        destinations={},
        desk=desk,
        uuid=more.pop("key", uuid.uuid4()),
        **more,
    )


def back(tender, amount, desk, **more):
    return take_back(
        tender=tender,
        amount=dollars(amount),
        destination="credits",
        desk=desk,
        uuid=more.pop("key", uuid.uuid4()),
        **more,
    )


def owed(order):
    return [str(tender.owed) for tender in order.tenders.all()]


# --- Owing --------------------------------------------------------------------------------------


def test_ben_pays_a_trim_of_32_dollars_with_the_20_he_has_and_owes_12(desk, ben):
    make_credit(ben, 20)
    order = order_with(desk, ben, service=32)
    pay(order, "credits", 32, desk)
    assert books() == {"opening": 2000, "receivable": 1200, "open_orders": -3200}
    assert owed(order) == ["$12.00"]
    close_order(order=order, desk=desk)
    assert books() == {"opening": 2000, "receivable": 1200, "income": -3200}
    assert [(a.lot is None, str(a.amount)) for a in Allocation.objects.all()] == [
        (False, "$20.00"),
        (True, "$12.00"),
    ]
    assert has(ben, desk).total == dollars(-12)
    assert_well()


def test_what_he_owes_is_settled_first_when_he_pays_in(desk, ben):
    make_debt(ben, 12)
    sale = sell_credit(ben, 20, desk)
    assert books() == {"cash": 2000, "client_credit": -800, "opening": -1200}
    line = sale.lines.get()
    assert line.opened_lot.amount == 800
    assert Refundable(sale).of_line(line) == dollars(8)
    with pytest.raises(Refused, match=r"Only \$8\.00"):
        refund_lines(
            order=sale, amounts={line: dollars(20)}, destinations={}, desk=desk, uuid=uuid.uuid4()
        )
    assert_well()


def test_a_line_that_only_settles_opens_nothing_and_can_not_go_back(desk, ben):
    make_debt(ben, 12)
    sale = sell_credit(ben, 12, desk)
    assert books() == {"cash": 1200, "opening": -1200}
    assert LineItem.objects.get().opened_lot is None
    assert not has(ben, desk).owes
    with pytest.raises(Refused, match=r"Only \$0\.00"):
        refund_tender(
            tender=sale.tenders.get(),
            amount=dollars(12),
            destination="cash",
            desk=desk,
            uuid=uuid.uuid4(),
        )
    assert_well()


def test_credit_never_settles_what_is_owed(desk, ben):
    make_credit(ben, 50, restriction="products")
    make_debt(ben, 12)
    order = order_with(desk, ben, service=10, credit=12)
    with pytest.raises(Refused, match=r"at most \$10\.00"):
        pay(order, "credits", 22, desk)


def test_restricted_credit_that_the_sale_can_not_use_does_not_count(desk, ben):
    make_credit(ben, 50, restriction="products", source="goodwill")
    order = order_with(desk, ben, service=32)
    pay(order, "credits", 32, desk)
    assert owed(order) == ["$32.00"]
    assert has(ben, desk).available == dollars(50)
    close_order(order=order, desk=desk)
    assert_well()


def test_credit_for_services_pays_its_share_and_the_rest_is_owed(desk, ben):
    make_credit(ben, 50, restriction="services", source="goodwill")
    order = order_with(desk, ben, service=40, product=30)
    pay(order, "credits", 70, desk)
    assert owed(order) == ["$30.00"]
    close_order(order=order, desk=desk)
    by_line = {a.line.kind: (a.lot is None, str(a.amount)) for a in Allocation.objects.all()}
    assert by_line == {"service": (False, "$40.00"), "product": (True, "$30.00")}
    assert_well()


def test_two_credits_payments_on_one_sale_add_up(desk, ben):
    make_credit(ben, 20)
    order = order_with(desk, ben, service=60)
    pay(order, "credits", 25, desk)
    pay(order, "credits", 35, desk)
    assert owed(order) == ["$5.00", "$35.00"]
    close_order(order=order, desk=desk)
    assert has(ben, desk).owes == dollars(40)
    assert_well()


# --- Who may, and how much ----------------------------------------------------------------------


def test_off_nobody_owes(desk, ben):
    BusinessSettings.objects.update(negative_balances=False)
    order = order_with(desk, ben, service=32)
    with pytest.raises(Refused, match=r"\$0\.00 available for this sale\. Nothing was applied\.$"):
        pay(order, "credits", 1, desk)
    with pytest.raises(Refused, match="available"):
        pay(order, "credits", 1, desk, override_reason="A regular")
    assert books() == {}


def test_a_location_has_a_word_of_its_own(desk, ben):
    Location.objects.update(negative_balances=False)
    quiet = make_desk("Olivia", make_location())
    order = order_with(quiet, ben, service=32)
    with pytest.raises(Refused, match="Nothing was applied"):
        pay(order, "credits", 32, quiet)


def test_the_limit_counts_what_is_owed_already(desk, ben):
    make_debt(ben, 90)
    order = order_with(desk, ben, service=32)
    jo = make_desk("Jo")
    with pytest.raises(Refused, match=r"may owe \$10\.00 more.*at most \$10\.00.*ask a manager"):
        pay(order, "credits", 11, jo)
    pay(order, "credits", 10, jo)
    assert has(ben, desk).owes == dollars(100)


@pytest.mark.parametrize(("own", "may"), [(0, 0), (5, 5), (500, 500)])
def test_a_client_has_a_limit_of_their_own(desk, ben, own, may):
    ben.iou_limit = dollars(own)
    ben.save()
    order = order_with(desk, ben, service=600)
    with pytest.raises(Refused, match="Nothing was applied"):
        pay(order, "credits", may + 1, desk)
    if may:
        pay(order, "credits", may, desk)
    assert has(ben, desk).owes == dollars(may)


def test_who_is_blocked_may_not_owe_and_may_still_spend(desk, ben):
    make_credit(ben, 20)
    ben.blocked_at = timezone.now()
    ben.save()
    order = order_with(desk, ben, service=32)
    for reason in ("", "A regular"):
        with pytest.raises(Refused, match="Ben is blocked, and may not owe"):
            pay(order, "credits", 32, desk, override_reason=reason)
    pay(order, "credits", 20, desk)
    assert has(ben, desk).is_empty


def test_past_the_limit_with_permission_and_a_reason(desk, ben):
    order = order_with(desk, ben, service=150)
    with pytest.raises(Refused, match="say why they may owe more") as refused:
        pay(order, "credits", 150, desk)
    assert refused.value.field == "override_reason"
    tender = pay(order, "credits", 150, desk, override_reason="  Pays on the first, as agreed ")
    assert (tender.owed, tender.override_reason) == (dollars(150), "Pays on the first, as agreed")
    assert_well()


def test_a_reason_without_the_permission_is_refused(desk, ben):
    jo = make_desk("Jo")
    order = order_with(jo, ben, service=150)
    with pytest.raises(Refused, match="Your role may not let a client owe more") as refused:
        pay(order, "credits", 150, jo, override_reason="Because")
    assert refused.value.field == "override_reason"
    assert books() == {}


def test_a_reason_that_was_not_needed_is_not_kept(desk, ben):
    order = order_with(desk, ben, service=32)
    assert pay(order, "credits", 32, desk, override_reason="Just in case").override_reason == ""


def test_a_walk_in_owes_nothing(desk):
    order = order_with(desk, service=32)
    with pytest.raises(Refused, match="Choose the client"):
        pay(order, "credits", 32, desk)


def test_the_same_form_twice_owes_once(desk, ben):
    order = order_with(desk, ben, service=32)
    key = uuid.uuid4()
    assert pay(order, "credits", 32, desk, key=key) == pay(order, "credits", 32, desk, key=key)
    assert has(ben, desk).owes == dollars(32)


def test_eight_tills_let_one_client_owe_and_the_limit_holds(committing_db):
    desk = owing_desk(limit=100)
    ben = make_client("Ben Okafor")
    make_credit(ben, 20)
    orders = [order_with(desk, ben, service=30) for _ in range(8)]
    answers = at_once(*[lambda order=order: pay(order, "credits", 30, desk) for order in orders])
    assert sum(isinstance(answer, Tender) for answer in answers) == 4
    assert has(ben, desk).owes == dollars(100)
    assert sum(tender.owed.amount for tender in Tender.objects.all()) == 100
    assert_well()


def test_two_tills_at_the_last_of_the_limit(committing_db):
    desk = owing_desk(limit=50)
    ben = make_client("Ben Okafor")
    orders = [order_with(desk, ben, service=40) for _ in range(2)]
    answers = at_once(*[lambda order=order: pay(order, "credits", 40, desk) for order in orders])
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused", "Tender"]
    assert has(ben, desk).owes == dollars(40)


# --- Taking back on an open order ---------------------------------------------------------------


def test_a_whole_payment_taken_back_is_its_exact_reversal(desk, ben):
    lot = make_credit(ben, 20)
    before = books()
    order = order_with(desk, ben, service=32)
    tender = pay(order, "credits", 32, desk)
    given = back(tender, 32, desk)
    assert books() == before
    assert given.entry.reverses_id == tender.entry_id
    lot.refresh_from_db()
    assert lot.remaining == 2000
    assert not has(ben, desk).owes
    assert_well()


def test_part_of_it_comes_off_what_is_owed_first(desk, ben):
    make_credit(ben, 20)
    order = order_with(desk, ben, service=32)
    tender = pay(order, "credits", 32, desk)
    back(tender, 5, desk)
    assert (has(ben, desk).owes, has(ben, desk).available) == (dollars(7), dollars(0))
    back(tender, 10, desk)
    assert (has(ben, desk).owes, has(ben, desk).available) == (dollars(0), dollars(3))
    assert remaining(order) == dollars(15)
    pay(order, "cash", 15, desk)
    close_order(order=order, desk=desk)
    assert sorted(str(a.amount) for a in Allocation.objects.all()) == ["$15.00", "$17.00"]
    assert not Allocation.objects.filter(tender=tender, lot=None).exists()
    assert_well()


def test_a_closed_sale_allocates_what_was_still_owed(desk, ben):
    make_credit(ben, 20)
    order = order_with(desk, ben, service=32)
    tender = pay(order, "credits", 32, desk)
    back(tender, 5, desk)
    pay(order, "cash", 5, desk)
    close_order(order=order, desk=desk)
    assert Allocation.objects.get(tender=tender, lot=None).amount == dollars(7)
    refund(order, 32, desk)
    assert books() == {"opening": 2000, "client_credit": -2000}
    assert_well()


def test_what_was_paid_off_meanwhile_becomes_credit(desk, ben):
    """Owed 12, settled with cash at another till; then the payment of 32 is taken back."""
    make_credit(ben, 20)
    order = order_with(desk, ben, service=32)
    tender = pay(order, "credits", 32, desk)
    sell_credit(ben, 12, desk)
    given = back(tender, 32, desk)
    assert given.entry.reverses_id is None
    assert books() == {"opening": 2000, "cash": 1200, "client_credit": -3200}
    assert sorted(lot.remaining for lot in open_lots(ben)) == [1200, 2000]
    assert Lot.objects.get(remaining=1200).source == "refund"
    assert not tender.order.tenders.get().standing
    assert_well()


def test_paid_off_in_part_it_is_part_debt_and_part_credit(desk, ben):
    order = order_with(desk, ben, service=32)
    tender = pay(order, "credits", 32, desk)
    sell_credit(ben, 10, desk)
    back(tender, 25, desk)
    assert (has(ben, desk).owes, has(ben, desk).available) == (dollars(0), dollars(3))
    back(tender, 7, desk)
    assert has(ben, desk).available == dollars(10)
    assert_well()


def test_a_void_takes_the_debt_away(desk, ben):
    make_credit(ben, 20)
    before = books()
    order = order_with(desk, ben, service=60)
    pay(order, "credits", 25, desk)
    pay(order, "credits", 35, desk)
    void_order(order=order, desk=desk, reason="Left without a cut")
    assert books() == before
    assert Entry.objects.filter(reverses__isnull=False).count() == 2
    assert_well()


def test_taking_back_more_than_stands_is_refused(desk, ben):
    order = order_with(desk, ben, service=32)
    tender = pay(order, "credits", 32, desk)
    back(tender, 30, desk)
    with pytest.raises(Refused, match=r"up to \$2\.00"):
        back(tender, 3, desk)
    back(tender, 2, desk)
    with pytest.raises(StaleOrder):
        back(tender, 1, desk)
    assert not has(ben, desk).owes


def test_settling_and_taking_back_at_once_keep_the_books(committing_db):
    desk = owing_desk()
    ben = make_client("Ben Okafor")
    order = order_with(desk, ben, service=32)
    tender = pay(order, "credits", 32, desk)
    top_up = order_with(desk, ben, credit=32)
    pay(top_up, "cash", 32, desk)
    at_once(lambda: back(tender, 32, desk), lambda: close_order(order=top_up, desk=desk))
    if tender.order.tenders.get().standing:
        back(tender, 32, desk)
    assert books() == {"cash": 3200, "client_credit": -3200}
    assert_well()


# --- Refunding a closed sale --------------------------------------------------------------------


@pytest.fixture
def sale(desk, ben):
    """A closed sale of $32.00: $20.00 of credit, $12.00 owed."""
    make_credit(ben, 20)
    order = order_with(desk, ben, service=32)
    pay(order, "credits", 32, desk)
    return close_order(order=order, desk=desk)


def test_a_refund_takes_the_debt_away_before_any_credit_comes_back(desk, ben, sale):
    refund(sale, 10, desk)
    assert books() == {"opening": 2000, "receivable": 200, "income": -2200}
    refund(sale, 22, desk)
    assert books() == {"opening": 2000, "client_credit": -2000}
    assert open_lots(ben).get().parent_id is not None
    with pytest.raises(Refused, match=r"Only \$0\.00"):
        refund(sale, 1, desk)
    assert_well()


def test_a_refund_of_the_payment_itself_does_the_same(desk, ben, sale):
    tender = sale.tenders.get()
    for amount, owes, available in ((10, 2, 0), (5, 0, 3), (17, 0, 20)):
        refund_tender(
            tender=tender,
            amount=dollars(amount),
            destination="credits",
            desk=desk,
            uuid=uuid.uuid4(),
        )
        assert (has(ben, desk).owes, has(ben, desk).available) == (
            dollars(owes),
            dollars(available),
        )
    assert_well()


def test_what_he_paid_off_before_the_refund_becomes_credit(desk, ben, sale):
    sell_credit(ben, 12, desk)
    refund(sale, 32, desk)
    assert books() == {"opening": 2000, "cash": 1200, "client_credit": -3200}
    assert {lot.source: lot.remaining for lot in open_lots(ben)} == {
        "refund": 1200,
        "purchase": 2000,
    }
    assert not has(ben, desk).owes
    assert_well()


def test_paid_off_in_part_the_refund_takes_the_rest_away(desk, ben, sale):
    sell_credit(ben, 9, desk)
    refund(sale, 12, desk)
    assert books() == {"opening": 2000, "cash": 900, "client_credit": -900, "income": -2000}
    assert_well()


def test_a_debt_of_another_sale_is_money_like_any_other(desk, ben, sale):
    """He owes 12 here and 30 elsewhere: the refund takes 12 off the 42."""
    other = order_with(desk, ben, service=30)
    pay(other, "credits", 30, desk)
    close_order(order=other, desk=desk)
    refund(sale, 32, desk)
    assert (has(ben, desk).owes, has(ben, desk).available) == (dollars(30), dollars(20))
    assert_well()


def test_nobody_else_can_be_named_to_take_what_ben_owed(desk, ben, sale):
    sell_credit(ben, 12, desk)
    clara = make_client("Clara Nuñez")
    refund(sale, 32, desk, client=clara)
    assert has(clara, desk).is_empty
    assert has(ben, desk).available == dollars(32)


def test_cash_refunded_to_a_balance_settles_first(desk, ben):
    make_debt(ben, 12)
    order = order_with(desk, ben, service=30)
    pay(order, "cash", 30, desk)
    close_order(order=order, desk=desk)
    refund_tender(
        tender=order.tenders.get(),
        amount=dollars(30),
        destination="balance",
        desk=desk,
        uuid=uuid.uuid4(),
    )
    assert (has(ben, desk).owes, has(ben, desk).available) == (dollars(0), dollars(18))


def test_refunds_of_what_was_owed_work_where_owing_was_switched_off_since(desk, ben, sale):
    BusinessSettings.objects.update(negative_balances=False, client_account_balances=False)
    refund(sale, 32, desk)
    assert not has(ben, desk).owes
    assert_well()


def test_four_tills_refund_one_debt_and_none_of_it_twice(committing_db):
    desk = owing_desk()
    ben = make_client("Ben Okafor")
    order = order_with(desk, ben, service=32)
    pay(order, "credits", 32, desk)
    close_order(order=order, desk=desk)
    answers = at_once(*[lambda: refund(order, 20, desk)] * 4)
    assert sum(isinstance(answer, Refused) for answer in answers) == 3
    assert has(ben, desk).owes == dollars(12)
    assert_well()
