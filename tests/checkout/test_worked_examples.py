"""Accounting stories at the desk, with the books after each step (cents, debit positive)."""

import datetime as dt
import uuid

import pytest

from checkout.closing import close_order
from checkout.errors import Refused
from checkout.models import Allocation, LineItem
from checkout.refunding import refund_lines, refund_tender
from checkout.taking_back import take_back
from checkout.voiding import void_order
from ledger.balances import open_lots
from ledger.models import Lot
from tests.checkout.helpers import books, has, order_with, pay, remaining, sell_credit
from tests.factories import dollars, make_client, make_credit, make_desk, make_tax_rate

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk("Olivia")


def test_credit_is_sold_for_cash_and_half_of_it_pays_a_later_visit(desk, clara):
    order = order_with(desk, clara, credit=100)
    pay(order, "cash", 100, desk)
    assert books() == {"cash": 10000, "open_orders": -10000}
    close_order(order=order, desk=desk)
    assert books() == {"cash": 10000, "client_credit": -10000}

    visit = order_with(desk, clara, service=85)
    pay(visit, "credits", 50, desk)
    assert books() == {"cash": 10000, "client_credit": -5000, "open_orders": -5000}
    pay(visit, "cash", 35, desk)
    close_order(order=visit, desk=desk)
    assert books() == {"cash": 13500, "client_credit": -5000, "income": -8500}
    assert has(clara, desk).available == dollars(50)


def test_ines_buys_credit_for_clara(desk, clara):
    ines = make_client("Ines Duarte")
    sell_credit(clara, 60, desk, payer=ines, kind="card")
    assert has(clara, desk).available == dollars(60)
    assert has(ines, desk).is_empty
    assert books() == {"card": 6000, "client_credit": -6000}


def test_a_half_spent_top_up_is_refunded_only_for_what_is_left_of_its_lot(desk, clara):
    top_up = sell_credit(clara, 100, desk)
    visit = order_with(desk, clara, service=40)
    pay(visit, "credits", 40, desk)
    close_order(order=visit, desk=desk)

    line = top_up.lines.get()
    with pytest.raises(Refused, match=r"Only \$60\.00"):
        refund_lines(
            order=top_up,
            amounts={line: dollars(100)},
            destinations={},
            desk=desk,
            uuid=uuid.uuid4(),
        )
    refund_lines(
        order=top_up, amounts={line: dollars(60)}, destinations={}, desk=desk, uuid=uuid.uuid4()
    )
    assert books() == {"cash": 4000, "income": -4000}
    assert has(clara, desk).is_empty


def test_a_refund_of_credit_never_goes_to_the_balance(desk, clara):
    top_up = sell_credit(clara, 100, desk)
    tender = top_up.tenders.get()
    with pytest.raises(Refused, match="cannot go to the balance"):
        refund_tender(
            tender=tender, amount=dollars(10), destination="balance", desk=desk, uuid=uuid.uuid4()
        )
    assert books() == {"cash": 10000, "client_credit": -10000}


def test_a_void_gives_back_three_tenders_on_their_exact_terms(desk, clara):
    gift = make_credit(clara, 30, source="goodwill", expires_on=desk.business_date)
    before = books()
    order = order_with(desk, clara, service=85, product=30)
    pay(order, "credits", 30, desk)
    pay(order, "card", 50, desk, reference="0042")
    pay(order, "cash", 35, desk, cash_given=dollars(40))
    assert books() == {
        "opening": 3000, "card": 5000, "cash": 3500, "open_orders": -11500,
    }  # fmt: skip
    void_order(order=order, desk=desk, reason="Rang up twice")
    assert books() == before
    gift.refresh_from_db()
    assert (gift.remaining, gift.is_open) == (3000, True)
    assert not clara.orders.get().is_open
    again = void_order(order=order, desk=desk, reason="Rang up twice")
    assert again.refunds.count() == 3


def test_a_sale_that_credit_card_and_cash_paid_goes_back_the_way_it_came(desk, clara):
    rate = make_tax_rate("10")
    make_credit(clara, 50)
    order = order_with(desk, clara, service=100, tax_rate=rate)
    pay(order, "credits", 50, desk)
    pay(order, "card", 40, desk)
    pay(order, "cash", 20, desk)
    close_order(order=order, desk=desk)
    assert books() == {
        "opening": 5000, "card": 4000, "cash": 2000, "income": -10000, "tax": -1000,
    }  # fmt: skip

    line = order.lines.get()
    refund_lines(
        order=order, amounts={line: dollars(55)}, destinations={}, desk=desk, uuid=uuid.uuid4()
    )
    assert books() == {
        "opening": 5000, "client_credit": -2500, "card": 2000, "cash": 1000,
        "income": -5000, "tax": -500,
    }  # fmt: skip
    card = order.tenders.get(kind="card")
    refund_tender(
        tender=card, amount=dollars(20), destination="balance", desk=desk, uuid=uuid.uuid4()
    )
    assert books() == {
        "opening": 5000, "client_credit": -4500, "card": 2000, "cash": 1000,
        "income": -3182, "tax": -318,
    }  # fmt: skip
    refund_lines(
        order=order, amounts={line: dollars(35)}, destinations={}, desk=desk, uuid=uuid.uuid4()
    )
    assert books() == {"opening": 5000, "client_credit": -7000, "card": 2000}
    lots = {lot.source: lot for lot in open_lots(clara)}
    assert lots["refund"].card_ceiling == 2000
    assert lots["purchase"].parent_id is not None


def test_credit_that_comes_back_after_its_expiry_can_be_spent_for_thirty_days(desk, clara):
    today = desk.business_date
    make_credit(clara, 20, source="goodwill", expires_on=today)
    order = order_with(desk, clara, service=20)
    pay(order, "credits", 20, desk)
    close_order(order=order, desk=desk)
    later = make_desk("Olivia", at=desk.at + dt.timedelta(days=5))
    refund_lines(
        order=order,
        amounts={order.lines.get(): dollars(20)},
        destinations={},
        desk=later,
        uuid=uuid.uuid4(),
    )
    child = Lot.objects.get(parent__isnull=False)
    assert child.expires_on == later.business_date + dt.timedelta(days=30)
    assert child.source == "goodwill"


def test_a_gift_for_services_pays_no_product(desk, clara):
    make_credit(clara, 100, source="goodwill", restriction="services")
    order = order_with(desk, clara, service=40, product=30)
    with pytest.raises(Refused, match=r"\$40\.00 available"):
        pay(order, "credits", 41, desk)
    pay(order, "credits", 40, desk)
    pay(order, "cash", 30, desk)
    close_order(order=order, desk=desk)
    paid = Allocation.objects.get(tender__kind="credits")
    assert paid.line.kind == "service"


def test_credit_does_not_buy_credit(desk, clara):
    make_credit(clara, 100)
    order = order_with(desk, clara, service=30, credit=50)
    with pytest.raises(Refused, match=r"at most \$30\.00"):
        pay(order, "credits", 50, desk)
    pay(order, "cash", 50, desk)
    pay(order, "credits", 30, desk)
    close_order(order=order, desk=desk)
    credit_line = LineItem.objects.get(kind="account_credit")
    assert {a.tender.kind for a in credit_line.allocations.all()} == {"cash"}


def test_part_of_a_payment_taken_back_reopens_what_remains(desk, clara):
    make_credit(clara, 50)
    order = order_with(desk, clara, service=85)
    tender = pay(order, "credits", 50, desk)
    take_back(
        tender=tender, amount=dollars(20), destination="credits", desk=desk, uuid=uuid.uuid4()
    )
    assert remaining(order) == dollars(55)
    assert has(clara, desk).available == dollars(20)
    pay(order, "cash", 55, desk)
    close_order(order=order, desk=desk)
    refund_tender(
        tender=tender, amount=dollars(30), destination="credits", desk=desk, uuid=uuid.uuid4()
    )
    assert has(clara, desk).available == dollars(50)
    with pytest.raises(Refused, match=r"Only \$0\.00"):
        refund_tender(
            tender=tender, amount=dollars(1), destination="credits", desk=desk, uuid=uuid.uuid4()
        )


def test_cash_on_an_open_order_can_become_balance(desk, clara):
    order = order_with(desk, clara, service=85)
    tender = pay(order, "cash", 85, desk)
    take_back(
        tender=tender, amount=dollars(85), destination="balance", desk=desk, uuid=uuid.uuid4()
    )
    assert books() == {"cash": 8500, "client_credit": -8500}
    assert remaining(order) == dollars(85)


def test_the_same_forms_sent_twice_charge_and_refund_once(desk, clara):
    order = order_with(desk, clara, service=85)
    key, refund_key = uuid.uuid4(), uuid.uuid4()
    first = pay(order, "cash", 85, desk, key=key)
    assert pay(order, "cash", 85, desk, key=key) == first
    close_order(order=order, desk=desk)
    assert close_order(order=order, desk=desk).entry_id
    line = order.lines.get()
    for _ in range(2):
        refund_lines(
            order=order, amounts={line: dollars(20)}, destinations={}, desk=desk, uuid=refund_key
        )
    assert books() == {"cash": 6500, "income": -6500}
    with pytest.raises(Refused, match="another amount"):
        pay(order, "cash", 80, desk, key=key)


def test_closing_a_three_line_order_with_two_tenders_takes_few_queries(
    desk, clara, django_assert_max_num_queries
):
    make_credit(clara, 50)
    order = order_with(desk, clara, service=85, product=30, custom=10)
    pay(order, "credits", 50, desk)
    pay(order, "cash", 75, desk)
    with django_assert_max_num_queries(16):
        close_order(order=order, desk=desk)
