"""The stories of docs/money.md, Tips that are paid out, with the trial balance after each step."""

import datetime as dt

import pytest

from checkout.closing import close_order
from checkout.providers.paid_by import Days
from checkout.tills.figures import expected_in, figures_of, moved_in
from checkout.tip_payouts.days import tipped as tipped_on
from checkout.tip_payouts.owed import standings
from checkout.tips import set_tips
from ledger import accounts
from ledger.models import Entry, Posting
from ledger.sealing import seal_day
from tests.checkout.helpers import books, pay, sale_of
from tests.checkout.tills.acts import closes, opens
from tests.checkout.tip_payouts.acts import owed, pays, pays_one, refund_tip, tipped, undoes
from tests.factories import dollars, make_desk, make_location, make_merchant_account
from tests.ledger.books import assert_trial_balance, assert_well

pytestmark = pytest.mark.django_db


def test_tips_of_a_day_are_paid_in_cash_and_leave_the_drawer(desk, maya, theo):
    session = opens(desk, 100)
    tipped(desk, {maya: 20, theo: 10}, kind="card")
    sale = tipped(desk, {maya: 5})
    assert_trial_balance(
        debit={"card": "80.00", "cash": "55.00"}, credit={"income": "100.00", "tips": "35.00"}
    )
    pays(desk, {maya: 25, theo: 10}, "cash")
    assert_trial_balance(debit={"card": "80.00", "cash": "20.00"}, credit={"income": "100.00"})
    assert expected_in(desk.till) == 12000
    assert (owed(maya), owed(theo)) == (0, 0)
    figures = figures_of(session)
    assert (figures.tips, figures.expected) == (dollars(35), dollars(120))
    told = {(row.what, str(row.amount)) for row in moved_in(session)}
    assert {("Tips paid to Maya", "-$25.00"), ("Tips paid to Theo", "-$10.00")} <= told
    closed = closes(desk, session, 120, 100)
    assert closed.over == dollars(0)
    assert sale.entry_id
    assert_well()


def test_a_tip_refunded_after_it_was_paid_is_kept_back_from_the_next(desk, maya):
    opens(desk, 100)
    sale = tipped(desk, {maya: 20}, kind="card")
    pays_one(desk, maya, 20, "cash")
    refund_tip(sale, maya, 5, desk)
    assert owed(maya) == -500
    (row,) = standings()
    assert (row.owed, row.owes) == (dollars(0), dollars(5))
    assert_trial_balance(
        debit={"card": "65.00", "tips": "5.00"}, credit={"income": "50.00", "cash": "20.00"}
    )
    tipped(desk, {maya: 12}, kind="card")
    assert owed(maya) == 700
    pays_one(desk, maya, 7, "payroll")
    assert owed(maya) == 0
    assert_trial_balance(
        debit={"card": "127.00"},
        credit={"income": "100.00", "cash": "20.00", "other_tender": "7.00"},
    )
    assert_well()


def test_tips_with_payroll_wait_there_and_a_part_stays_owed(desk, maya):
    tipped(desk, {maya: 20}, kind="card")
    payout = pays_one(desk, maya, 15, "payroll")
    assert owed(maya) == 500
    assert (payout.owed, payout.left) == (dollars(20), dollars(5))
    assert_trial_balance(
        debit={"card": "70.00"}, credit={"income": "50.00", "tips": "5.00", "other_tender": "15.00"}
    )
    assert Posting.objects.filter(account__name=accounts.other_tender("payroll")).exists()
    assert_well()


def test_undoing_brings_the_cash_back_into_its_drawer(desk, maya):
    session = opens(desk, 100)
    tipped(desk, {maya: 20}, kind="card")
    before = books()
    payout = pays_one(desk, maya, 20, "cash")
    undone = undoes(payout, desk)
    assert books() == before
    assert (owed(maya), expected_in(desk.till)) == (2000, 10000)
    assert undone.is_undone
    assert Entry.objects.get(pk=undone.undo_entry_id).reverses_id == payout.entry_id
    figures = figures_of(session)
    assert (figures.tips, figures.refunds, figures.expected) == (
        dollars(0),
        dollars(0),
        dollars(100),
    )
    assert next(row.what for row in moved_in(session)) == "Undone: tips paid to Maya"
    assert undoes(payout, desk).undo_entry_id == undone.undo_entry_id
    assert_well()


def test_tips_go_by_one_way_only_when_somebody_gets_an_account_of_their_own(desk, clara, theo):
    """Before: the house's tips, paid here. Since: the provider's account, paid by settle-up."""
    tipped(desk, {theo: 10}, kind="card")
    account = make_merchant_account("Theo")
    theo.merchant_account = account
    theo.save()
    order = sale_of(desk, clara, (50, theo))
    set_tips(order=order, tips={theo: dollars(7)}, desk=desk)
    pay(order, "cash", 57, desk)
    close_order(order=order, desk=desk)
    assert owed(theo) == 1000
    # $50.00 and the new tip are payable to the provider, the old tip is not.
    assert books()["provider"] == -5700
    (row,) = standings()
    assert row.has_own_account
    pays_one(desk, theo, 10)
    assert (owed(theo), books()["provider"]) == (0, -5700)
    # The new tip's refund is taken from where it went, and never from here.
    refund_tip(order, theo, 7, desk)
    assert (owed(theo), books()["provider"]) == (0, -5000)
    assert_well()


def test_one_account_over_all_locations(desk, maya):
    uptown = make_desk("Olivia", location=make_location("Uptown"))
    tipped(desk, {maya: 20}, kind="card")
    tipped(uptown, {maya: 10}, kind="card")
    pays_one(uptown, maya, 30)
    assert owed(maya) == 0
    assert_well()


def test_a_day_that_is_sealed_takes_no_payment_and_the_drawer_is_right_all_the_same(desk, maya):
    """Paid and undone after the close: both are the next day's; the drawer is what it holds now."""
    session = opens(desk, 100)
    tipped(desk, {maya: 20}, kind="card")
    closes(desk, session, 100, 100)
    today = desk.business_date
    seal_day(location=desk.location, on=today, desk=desk)
    payout = pays_one(desk, maya, 15, "cash")
    undone = undoes(pays_one(desk, maya, 5, "cash"), desk)
    tomorrow = today + dt.timedelta(days=1)
    for entry in (payout.entry_id, undone.entry_id, undone.undo_entry_id):
        assert Entry.objects.get(pk=entry).business_date == tomorrow
    assert (owed(maya), expected_in(desk.till)) == (500, 8500)
    (of_today,) = tipped_on(Days(today, today))
    (of_tomorrow,) = tipped_on(Days(tomorrow, tomorrow))
    assert (of_today.earned, of_today.paid, of_today.owed) == (2000, 0, 2000)
    assert (of_tomorrow.opening, of_tomorrow.paid, of_tomorrow.owed) == (2000, -1500, 500)
    assert_well()


def test_who_left_and_was_renamed_is_paid_what_was_theirs(desk, maya, theo):
    tipped(desk, {maya: 20, theo: 10}, kind="card")
    maya.name, maya.is_active = "May", False
    maya.save()
    theo.name = "Maya"
    theo.save()
    pays(desk, {maya: 20})
    assert (owed(maya), owed(theo)) == (0, 1000)
    assert_well()
