"""Gift cards' accounting stories, with the books after each step (cents, debit positive)."""

import datetime as dt
import uuid

import pytest

from checkout.closing import close_order
from checkout.errors import Refused
from checkout.refunding import refund_lines, refund_tender
from checkout.taking_back import take_back
from checkout.voiding import void_order
from giftcards.models import GiftCard
from giftcards.selling import Gift, add_gift_card
from ledger.balances import open_lots
from ledger.expiring import expire_lots
from ledger.kinds import EntryKind
from ledger.legs import Move, Open, Terms
from ledger.models import Account
from ledger.posting import post
from salon.desk import Desk
from tests.checkout.helpers import books, has, order_with, pay, remaining, sell_credit
from tests.factories import dollars, make_client, make_debt, make_desk
from tests.giftcards.helpers import card_of, fresh, order_for_card, sell_card, spend, use
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk("Olivia")


@pytest.fixture
def clara():
    return make_client("Clara Nuñez")


def refund_line(order, amount, desk, **ways):
    """Refund so much of an order's one line."""
    line = order.lines.get()
    destinations = {order.tenders.get(kind=kind).pk: way for kind, way in ways.items()}
    return refund_lines(
        order=order,
        amounts={line: dollars(amount)},
        destinations=destinations,
        desk=desk,
        uuid=uuid.uuid4(),
    )


def test_a_card_is_sold_for_cash_partly_used_partly_returned_to_and_refunded_for_what_is_left(desk):
    sale = order_for_card(desk, 100)
    pay(sale, "cash", 100, desk)
    assert books() == {"cash": 10000, "open_orders": -10000}
    close_order(order=sale, desk=desk)
    assert books() == {"cash": 10000, "gift_card": -10000}

    card = card_of(sale)
    visit = order_with(desk, service=60)
    use(card, visit, 60, desk)
    assert books() == {"cash": 10000, "gift_card": -4000, "open_orders": -6000}
    close_order(order=visit, desk=desk)
    assert books() == {"cash": 10000, "gift_card": -4000, "income": -6000}

    refund_line(visit, 20, desk)
    assert books() == {"cash": 10000, "gift_card": -6000, "income": -4000}
    assert fresh(card).left == dollars(60)

    with pytest.raises(Refused, match=r"Only \$60\.00"):
        refund_line(sale, 100, desk)
    refund_line(sale, 60, desk)
    assert books() == {"cash": 4000, "income": -4000}
    assert fresh(card).left == dollars(0)
    assert fresh(card).blocks.get().reason == f"Refunded with sale #{sale.number}"
    assert_well()


def test_a_card_pays_several_sales_and_is_used_up(desk):
    card = sell_card(desk, 100)
    spend(card, 70, desk)
    spend(card, 30, desk)
    order = order_with(desk, service=10)
    with pytest.raises(Refused, match="is used up"):
        use(card, order, 10, desk)
    assert books() == {"cash": 10000, "income": -10000}
    assert_well()


def test_what_a_card_paid_can_go_to_a_balance_and_keeps_its_origin(desk, clara):
    card = sell_card(desk, 100)
    visit = spend(card, 60, desk, clara)
    refund_line(visit, 25, desk, gift_card="balance")
    assert books() == {"cash": 10000, "gift_card": -4000, "client_credit": -2500, "income": -3500}
    lot = open_lots(clara).get()
    assert (lot.source, lot.is_paid, lot.parent.account) == ("purchase", True, card.account)
    refund_line(visit, 35, desk)
    assert fresh(card).left == dollars(75)
    assert has(clara, desk).available == dollars(25)
    assert_well()


def test_what_goes_to_a_balance_settles_what_the_client_owes_first(desk, clara):
    make_debt(clara, 12)
    card = sell_card(desk, 100)
    visit = spend(card, 60, desk, clara)
    refund_line(visit, 25, desk, gift_card="balance")
    assert has(clara, desk).owes == dollars(0)
    assert has(clara, desk).available == dollars(13)
    assert_well()


def test_a_payment_is_taken_back_into_the_very_lot(desk):
    card = sell_card(desk, 100)
    before = books()
    order = order_with(desk, service=60)
    tender = use(card, order, 60, desk)
    take_back(
        tender=tender, amount=dollars(60), destination="gift_card", desk=desk, uuid=uuid.uuid4()
    )
    assert books() == before
    lot = card.account.lots.get()
    assert (lot.remaining, lot.is_open) == (10000, True)
    assert_well()


def test_a_part_taken_back_to_a_balance_that_owes_leaves_the_rest_to_close_with(desk, clara):
    make_debt(clara, 12)
    card = sell_card(desk, 100)
    order = order_with(desk, clara, service=60)
    tender = use(card, order, 60, desk)
    take_back(
        tender=tender, amount=dollars(30), destination="balance", desk=desk, uuid=uuid.uuid4()
    )
    assert remaining(order) == dollars(30)
    assert (has(clara, desk).owes, has(clara, desk).available) == (dollars(0), dollars(18))
    pay(order, "cash", 30, desk)
    close_order(order=order, desk=desk)
    assert [(a.tender.kind, a.amount) for a in order.lines.get().allocations.order_by("id")] == [
        ("gift_card", dollars(30)),
        ("cash", dollars(30)),
    ]
    assert fresh(card).left == dollars(40)
    assert_well()


def test_a_void_gives_a_card_back_what_it_paid(desk):
    card = sell_card(desk, 100)
    before = books()
    order = order_with(desk, service=85)
    use(card, order, 60, desk)
    pay(order, "cash", 25, desk)
    void_order(order=order, desk=desk, reason="Rang up twice")
    assert books() == before
    assert_well()


def test_a_voided_sale_never_issues_its_card(desk):
    order = order_for_card(desk, 100)
    pay(order, "cash", 100, desk)
    void_order(order=order, desk=desk, reason="Changed their mind")
    card = card_of(order)
    assert card.account is None
    assert books() == {}
    with pytest.raises(Refused, match="is not sold yet"):
        use(card, order_with(desk, service=10), 10, desk)
    assert_well()


def test_a_card_beside_account_credit_and_cash_goes_back_the_way_it_came(desk, clara):
    sell_credit(clara, 40, desk)
    card = sell_card(desk, 100)
    order = order_with(desk, clara, service=100)
    pay(order, "credits", 40, desk)
    use(card, order, 40, desk)
    pay(order, "card", 20, desk)
    close_order(order=order, desk=desk)
    refund_line(order, 50, desk)
    assert fresh(card).left == dollars(80)
    assert has(clara, desk).available == dollars(20)
    refund_tender(
        tender=order.tenders.get(kind="gift_card"),
        amount=dollars(20),
        destination="gift_card",
        desk=desk,
        uuid=uuid.uuid4(),
    )
    assert fresh(card).left == dollars(100)
    assert_well()


def test_a_card_sold_with_other_things_is_neither_taxed_nor_income(desk):
    order = order_with(desk, service=85)
    line = add_gift_card(order=order, amount=dollars(50), gift=Gift(), desk=desk)
    assert (line.tax, line.total) == (dollars(0), dollars(50))
    pay(order, "card", 135, desk)
    close_order(order=order, desk=desk)
    assert books() == {"card": 13500, "income": -8500, "gift_card": -5000}
    assert_well()


def test_two_cards_on_one_sale_have_an_account_each(desk):
    order = order_for_card(desk, 30)
    add_gift_card(order=order, amount=dollars(70), gift=Gift(to_name="Ben"), desk=desk)
    pay(order, "cash", 100, desk)
    close_order(order=order, desk=desk)
    lefts = [str(card.left) for card in GiftCard.objects.issued().order_by("pk")]
    assert lefts == ["$30.00", "$70.00"]
    assert_well()


def test_two_cards_pay_one_sale(desk):
    ten, twenty = sell_card(desk, 10), sell_card(desk, 20)
    order = order_with(desk, service=30)
    use(ten, order, 10, desk)
    use(twenty, order, 20, desk)
    close_order(order=order, desk=desk)
    assert books() == {"cash": 3000, "income": -3000}
    refund_line(order, 15, desk)
    assert (fresh(ten).left, fresh(twenty).left) == (dollars(5), dollars(10))
    assert_well()


def test_a_card_that_was_brought_over_expires(desk):
    card = GiftCard.objects.create(code="OLD00417", is_physical=True)
    day = desk.business_date
    posted = post(
        key="test:import",
        kind=EntryKind.OPENING,
        legs=[
            Open(card.account_name, 5000, Terms(source="import", is_paid=True, expires_on=day)),
            Move("opening/", 5000),
        ],
        desk=desk,
    )
    card.account = Account.objects.get(lots=posted.opened[0])
    card.issued_at = desk.at
    card.save()
    spend(card, 20, desk)
    later = Desk(desk.staff, desk.location, desk.till, desk.at + dt.timedelta(days=2))
    order = order_with(later, service=10)
    with pytest.raises(Refused, match=r"has expired; \$30\.00"):
        use(card, order, 10, later)
    expire_lots(later.at)
    assert books() == {"opening": 5000, "income": -2000, "breakage": -3000}
    assert_well()
