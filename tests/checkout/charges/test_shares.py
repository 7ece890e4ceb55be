"""Providers' shares of card payments, worked by hand (MONEY, "Providers with merchant accounts").

Theo has a merchant account of his own, connected to the processor.
"""

import datetime as dt
import uuid

import pytest

from cards.sweeping import sweep
from cards.transferring import payable_to
from checkout.closing import close_order
from checkout.lines import add_product
from checkout.models import LineItem, Order
from checkout.opening import open_for_visit
from checkout.providers.paying import mark_paid
from checkout.refunding import refund_lines
from salon.models import MerchantAccount
from tests.checkout.charges.going_back import (
    ACCOUNT,
    by_card,
    owed,
    refund_each,
    sold,
    theo_of_his_own,
    transfers,
    with_theo,
)
from tests.checkout.helpers import books, pay
from tests.factories import (
    dollars,
    make_appointment,
    make_client,
    make_credit,
    make_desk,
    make_product,
    make_staff,
    make_tax_rate,
)
from tests.harness.at_once import at_once
from tests.ledger.books import assert_well

NOW = dt.timedelta(0)


@pytest.fixture
def desk(committing_db, processor):
    return make_desk("Olivia")


@pytest.fixture
def clara(desk):
    """She has $60.00 of credit."""
    clara = make_client("Clara Nuñez")
    make_credit(clara, 60)
    return clara


@pytest.fixture
def paid(processor, desk, clara, account):
    """$100.00 by Theo, 10 % tax, $18.00 tip; $60.00 of it by account credit, the rest by card.

    The tip may not be paid by credit, so the $60.00 pay the service: of its $110.00 with tax,
    credit paid 60/110 and the card 50/110. Without the tax: 100.00 × 60/110 = 54.5454 and 45.4545;
    the cent goes where the remainder is largest: 54.55 and 45.45.
    """
    order = with_theo(desk, clara, tax_rate=make_tax_rate("10"))
    pay(order, "credits", 60, desk)
    by_card(processor, order, 68, desk)
    return order


def at_the_processor(processor):
    """What went to Theo's account there, less what was taken back: cents."""
    sent = [one for one in processor.books()["transfers"] if one["destination"] == ACCOUNT]
    return sum(one["amount"] - one["amount_reversed"] for one in sent)


def test_the_card_s_share_is_transferred_at_close_and_the_rest_is_payable(
    processor, desk, account, paid
):
    close_order(order=paid, desk=desk)
    # Theo earned 100.00 + 18.00. The card paid 45.45 of the service and all of the tip: 63.45.
    assert transfers() == [("63.45", "done")]
    assert at_the_processor(processor) == 6345
    # What credit paid, 54.55, the house held before: it is payable since the sale closed.
    assert owed(account) == 5455
    shown = books()
    assert (shown["tax"], shown["provider"]) == (-1000, -5455)
    assert "income" not in shown
    assert "tips" not in shown
    assert_well()


def test_a_refund_of_half_takes_half_of_the_share_back(processor, desk, account, paid):
    close_order(order=paid, desk=desk)
    refund_each(paid, desk, service=55, tip=9)
    # Of the service's card money 25.00 of 50.00 goes back, so 45.45 / 2 = 22.725: 22.73 for now;
    # of the tip 9.00. Together 31.73.
    assert transfers() == [("63.45", "done"), ("-31.73", "done")]
    # Earned 118.00, given back 50.00 + 9.00, paid 63.45 - 31.73: 27.28 stays payable.
    assert owed(account) == 2728
    assert books()["tax"] == -500
    assert_well()


def test_in_the_end_exactly_what_went_out_has_come_back(processor, desk, account, paid):
    close_order(order=paid, desk=desk)
    for service, tip in ((55, 9), ("13.37", 3), ("41.63", 6)):
        refund_each(paid, desk, service=service, tip=tip)
    assert at_the_processor(processor) == 0
    assert owed(account) == 0
    assert "provider" not in books()
    assert_well()


def test_the_share_comes_back_whatever_way_the_client_s_money_goes(processor, desk, account, paid):
    close_order(order=paid, desk=desk)
    to_balance = dict.fromkeys((tender.pk for tender in paid.tenders.filter(kind="charge")), "cash")
    refund_lines(
        order=paid,
        amounts={line: line.total for line in paid.lines.all()},
        destinations=to_balance,
        desk=desk,
        uuid=uuid.uuid4(),
    )
    assert at_the_processor(processor) == 0
    assert owed(account) == 0
    assert processor.books()["refunds"] == []
    assert_well()


def test_retail_in_the_same_sale_is_the_house_s(processor, desk, clara, account):
    order = with_theo(desk, clara)
    add_product(order=order, product=make_product("Oil", 32), desk=desk)
    LineItem.objects.filter(kind="product").update(staff=make_staff("Theo"))
    # $150.00 by one card: all of the service's 100.00 and the tip's 18.00 are his.
    by_card(processor, order, 150, desk)
    close_order(order=order, desk=desk)
    assert transfers() == [("118.00", "done")]
    assert (owed(account), books()["income"]) == (0, -3200)
    product = order.lines.get(kind="product")
    assert product.provider is None
    assert_well()


def test_a_discount_and_a_tax_in_the_price_are_not_his(processor, desk, clara, account):
    # $108.00 contain 20 % tax: 18.00. Theo's are 90.00.
    order = with_theo(desk, clara, 108, 0, make_tax_rate("20", name="VAT", is_included=True))
    by_card(processor, order, 108, desk)
    close_order(order=order, desk=desk)
    assert transfers() == [("90.00", "done")]
    assert_well()


def test_without_an_account_at_the_processor_all_of_it_stays_payable(processor, desk, clara):
    account = theo_of_his_own(processor_account="")
    order = with_theo(desk, clara)
    by_card(processor, order, 118, desk)
    close_order(order=order, desk=desk)
    assert (transfers(), owed(account)) == ([], 11800)
    refund_each(order, desk, service=50)
    assert (transfers(), owed(account)) == ([], 6800)
    assert_well()


def test_who_is_paid_by_the_house_has_no_share(processor, desk, clara):
    theo = make_staff("Theo")
    theo.merchant_account = MerchantAccount.objects.get(is_house=True)
    theo.save()
    order = with_theo(desk, clara)
    by_card(processor, order, 118, desk)
    close_order(order=order, desk=desk)
    assert books()["income"] == -10000
    assert books()["tips"] == -1800
    assert transfers() == []
    assert_well()


def test_the_line_remembers_whose_it_was(processor, desk, clara, account):
    order = with_theo(desk, clara, tip=0)
    by_card(processor, order, 100, desk)
    close_order(order=order, desk=desk)
    theo = make_staff("Theo")
    theo.merchant_account = None
    theo.save()
    refund_each(order, desk, service=100)
    assert (owed(account), "income" in books()) == (0, False)
    assert_well()


def test_what_a_provider_owes_is_kept_back_from_the_next_share(processor, desk, clara, account):
    first = with_theo(desk, clara, tip=0)
    pay(first, "cash", 100, desk)
    close_order(order=first, desk=desk)
    mark_paid(account=account, amount=dollars(100), how="bank", desk=desk, uuid=uuid.uuid4())
    refund_each(first, desk, service=30)
    # He has the 30.00 that went back: he owes them.
    assert payable_to(account) == dollars(-30)
    second = with_theo(desk, clara, 80, 0)
    by_card(processor, second, 80, desk)
    close_order(order=second, desk=desk)
    assert transfers(by_hand="") == [("50.00", "done")]
    assert owed(account) == 0
    # What was kept back is not there to be taken back: he owes it anew.
    refund_each(second, desk, service=80)
    assert transfers(by_hand="") == [("50.00", "done"), ("-50.00", "done")]
    assert owed(account) == -3000
    assert_well()


def test_while_the_processor_is_down_the_sale_closes_and_the_sweep_transfers(
    processor, desk, clara, account
):
    sold(processor, desk)  # What the processor keeps of a charge is not there to be transferred.
    order = with_theo(desk, clara)
    by_card(processor, order, 118, desk)
    with processor.down():
        close_order(order=order, desk=desk)
        assert transfers() == [("118.00", "waiting")]
        assert (owed(account), payable_to(account)) == (11800, dollars(0))
        assert_well()
    assert sweep(older_than=NOW) == []
    assert transfers() == [("118.00", "done")]
    assert owed(account) == 0
    assert_well()


def test_a_refund_of_a_share_that_was_refused_takes_nothing_back(processor, desk, clara, account):
    account.processor_account = "nobody"
    account.save()
    order = with_theo(desk, clara)
    by_card(processor, order, 118, desk)
    close_order(order=order, desk=desk)
    assert transfers() == [("118.00", "refused")]
    assert owed(account) == 11800
    refund_each(order, desk, service=100)
    assert transfers() == [("118.00", "refused")]
    assert owed(account) == 1800
    assert_well()


def test_closing_twice_pays_once(processor, desk, account, paid):
    close_order(order=paid, desk=desk)
    close_order(order=paid, desk=desk)
    assert transfers() == [("63.45", "done")]


def test_a_closing_and_a_refund_of_one_provider_and_client_end_both(processor, desk, account):
    """The closing draws Clara's deposit and pays Theo; the refund gives her credit and takes back.

    Both hold Theo before Clara's account, so neither waits for what the other has.
    """
    clara = make_client("Clara Nuñez")
    make_credit(clara, 50)
    first = with_theo(desk, clara, tip=0)
    pay(first, "credits", 50, desk)
    by_card(processor, first, 50, desk)
    close_order(order=first, desk=desk)
    visit = make_appointment(clara, staff=make_staff("Theo"))
    make_credit(clara, 30, source="deposit", visit=visit.pk)
    second = open_for_visit(appointment=visit, desk=desk)
    by_card(processor, second, 55, desk)
    done = at_once(
        lambda: close_order(order=second, desk=desk),
        lambda: refund_each(first, desk, service=100),
    )
    assert not [one for one in done if isinstance(one, Exception)]
    assert Order.objects.get(pk=second.pk).status == "closed"
    assert_well()
