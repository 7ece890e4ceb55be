"""What is not paid, and what is not undone: in words, and nothing is half done."""

import uuid
from dataclasses import replace

import pytest

from checkout.errors import Refused
from checkout.models import TipPayout
from checkout.tip_payouts.paying import pay_tips
from ledger.models import Entry
from salon.models import BusinessSettings
from tests.checkout.tills.acts import closes, opens
from tests.checkout.tip_payouts.acts import owed, pays, pays_one, refund_tip, tipped, undoes
from tests.factories import dollars, make_desk, make_location
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db


@pytest.fixture
def sale(desk, maya):
    """Maya is owed $20.00, by card; nothing is in the till."""
    return tipped(desk, {maya: 20}, kind="card")


def refuses(match, act):
    before = Entry.objects.count(), TipPayout.objects.count()
    with pytest.raises(Refused, match=match) as refused:
        act()
    assert (Entry.objects.count(), TipPayout.objects.count()) == before
    return refused.value


def test_never_more_than_somebody_is_owed(desk, maya, theo, sale):
    refuses(r"Maya is owed \$20\.00 now\. Nothing was paid", lambda: pays_one(desk, maya, "20.01"))
    refuses("Theo is owed no tips now", lambda: pays_one(desk, theo, 1))
    pays_one(desk, maya, 20)
    refund_tip(sale, maya, 5, desk)
    refuses(r"Maya owes the salon \$5\.00 now", lambda: pays_one(desk, maya, 1))


def test_all_are_paid_or_nobody(desk, maya, theo, sale):
    refuses("Theo is owed no tips", lambda: pays(desk, {maya: 20, theo: 5}))
    assert owed(maya) == 2000


@pytest.mark.parametrize("amount", ["0", "-5"])
def test_nothing_below_a_cent(desk, maya, sale, amount):
    refuses("above zero", lambda: pays_one(desk, maya, amount))


def test_nobody_is_not_paid(desk):
    refuses("Choose who is paid", lambda: pays(desk, {}))


def test_cash_is_never_more_than_the_drawer_holds(desk, maya, sale):
    refusal = refuses(r"holds \$0\.00", lambda: pays_one(desk, maya, 20, "cash"))
    assert refusal.field == "amount"


def test_cash_asks_for_an_open_till_where_cash_does(desk, maya, sale):
    tipped(desk, {maya: 1})
    BusinessSettings.objects.update(cash_needs_open_till=True)
    refuses("is not open", lambda: pays_one(desk, maya, 20, "cash"))
    opens(desk, 100)
    pays_one(desk, maya, 20, "cash")
    assert_well()


def test_without_a_till_there_is_no_cash(desk, maya, sale):
    bare = replace(desk, till=None)
    refuses("no till at this location", lambda: pays_one(bare, maya, 20, "cash"))


@pytest.mark.parametrize("how", ["payroll", "bank"])
def test_what_is_paid_elsewhere_says_where(desk, maya, sale, how):
    refusal = refuses(
        "which payroll or transfer", lambda: pays(desk, {maya: 20}, how, reference="  ")
    )
    assert refusal.field == "reference"
    refuses("at most 240", lambda: pays(desk, {maya: 20}, how, reference="x" * 241))


def test_no_way_of_one_s_own(desk, maya, sale):
    refuses("Choose how", lambda: pays(desk, {maya: 20}, "goodwill"))


def test_who_may_not_pay_out_tips_does_not(desk, maya, sale):
    jo = make_desk("Jo")
    refuses("may not pay out tips", lambda: pays_one(jo, maya, 20))
    payout = pays_one(desk, maya, 20)
    refuses("may not pay out tips", lambda: undoes(payout, jo))
    assert owed(maya) == 0


def test_the_same_form_pays_once_and_never_anything_else(desk, maya, theo, sale):
    name = uuid.uuid4()
    first = pays(desk, {maya: 15}, uuid=name)
    assert pays(desk, {maya: 15}, uuid=name) == first
    for other in ({maya: 5}, {theo: 15}, {maya: 15, theo: 1}):
        refuses("already used", lambda other=other: pays(desk, other, uuid=name))
    refuses("already used", lambda: pays(desk, {maya: 15}, "payroll", uuid=name))
    assert owed(maya) == 500
    assert_well()


def test_undone_by_the_same_form_is_not_paid_again(desk, maya, sale):
    """Who reloads the page that paid, pays nothing by it."""
    name = uuid.uuid4()
    (payout,) = pays(desk, {maya: 20}, uuid=name)
    undoes(payout, desk)
    assert pays(desk, {maya: 20}, uuid=name) == [payout]
    assert owed(maya) == 2000


def test_what_was_counted_since_stands(desk, maya, sale):
    session = opens(desk, 100)
    payout = pays_one(desk, maya, 20, "cash")
    closes(desk, session, 80, 80)
    refuses(r"was counted since Maya was paid.*\$20\.00 as gone", lambda: undoes(payout, desk))
    opens(desk, 80)
    refuses("was counted since", lambda: undoes(payout, desk))
    assert owed(maya) == 0
    assert_well()


def test_a_float_counts_too(desk, maya, sale):
    tipped(desk, {maya: 1})
    payout = pays_one(desk, maya, 20, "cash")
    opens(desk, 31)
    refuses("was counted since", lambda: undoes(payout, desk))


def test_a_payment_by_bank_is_undone_whatever_the_till_did(desk, maya, sale):
    session = opens(desk, 100)
    payout = pays_one(desk, maya, 20)
    closes(desk, session, 100, 100)
    undoes(payout, desk)
    assert owed(maya) == 2000
    assert_well()


def test_cash_goes_back_at_its_own_location(desk, maya, sale):
    opens(desk, 100)
    payout = pays_one(desk, maya, 20, "cash")
    uptown = make_desk("Olivia", location=make_location("Uptown"))
    refuses("Switch to that location", lambda: undoes(payout, uptown))


def test_the_newest_or_an_older_payment_is_undone(desk, maya, sale):
    first, second = pays_one(desk, maya, 5), pays_one(desk, maya, 6)
    undoes(first, desk)
    assert owed(maya) == 1400
    undoes(second, desk)
    assert owed(maya) == 2000
    assert_well()


def test_amounts_come_as_money_of_the_house(desk, maya, sale):
    paid = pay_tips(
        amounts={maya: dollars("0.01")}, how="bank", desk=desk, uuid=uuid.uuid4(), reference="1"
    )
    assert [str(payout.amount) for payout in paid] == ["$0.01"]
