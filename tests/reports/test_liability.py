"""What the salon owes, act by act: each in its flow, and the sum always the trial balance's."""

import datetime as dt
import uuid

import pytest

from checkout.closing import close_order
from checkout.refunding import refund_tender
from checkout.taking_back import take_back
from deposits.fates.undoing import undo
from ledger import accounts
from ledger.adjusting import adjust_balance
from ledger.expiring import expire_lots
from ledger.kinds import EntryKind, Source
from ledger.legs import Move, Open, Terms
from ledger.liability import liability
from ledger.models import Entry
from ledger.reversing import reverse
from ledger.trial_balance import trial_balance
from salon import clock
from salon.money import minor
from tests.checkout.helpers import order_with, pay, sell_credit
from tests.clients.helpers import merge
from tests.deposits.money import by_hand, make_visit, one_fate, take_deposit, wish
from tests.factories import (
    dollars,
    make_client,
    make_credit,
    make_debt,
    make_desk,
    make_location,
    make_merchant_account,
)
from tests.giftcards.helpers import sell_card, spend
from tests.ledger.books import act, assert_well
from tests.memberships.members import make_member, make_plan

pytestmark = pytest.mark.django_db
SALE, DAY = EntryKind.SALE, dt.timedelta(days=1)


@pytest.fixture
def desk():
    return make_desk("Olivia")


@pytest.fixture
def clara():
    return make_client("Clara Nuñez")


@pytest.fixture(autouse=True)
def well_kept(db):
    yield
    assert_well()


def moved(desk, what="credit", place=None):
    """Today's steps, in cents; what they rest on is checked each time."""
    on = desk.business_date
    found = liability(start=on, end=on, place=place)
    for kind, roll in (("client_credit", found.credit), ("gift_card", found.cards)):
        if place is None:
            assert roll.closing == stands_at(kind, on)
            assert roll.opening == stands_at(kind, on - DAY)
        closes(roll)
    return {step.flow.value: step.amount for step in getattr(found, what).steps}


def stands_at(kind, on):
    """The trial balance's figure, the other way round."""
    return -sum(minor(row.net) for row in trial_balance(on, by="kind").rows if row.kind == kind)


def closes(roll):
    """Opening and steps make the closing figure: whole, by source, merchant account, location."""
    transferred = roll.transferred_in + roll.transferred_out
    assert roll.opening + sum(step.amount for step in roll.steps) + transferred == roll.closing
    assert all(sum(step.sources.values()) == step.amount for step in roll.steps)
    for groups in (roll.by_source(), roll.by_holder()):
        assert sum(group.closing for group in groups) == roll.closing
    for group in (*roll.by_source(), *roll.by_holder(), *roll.by_location()):
        parts = group.opening + group.came_in + group.used + group.transferred + group.other
        assert parts == group.closing
    assert sum(group.transferred for group in roll.by_location()) == 0


def spend_credit(client, amount, desk):
    order = order_with(desk, client, service=amount)
    pay(order, "credits", amount, desk)
    return close_order(order=order, desk=desk)


def test_nothing_was_ever_posted(desk):
    assert moved(desk) == {}
    found = liability(start=desk.business_date, end=desk.business_date)
    assert (found.closing, found.credit.by_source(), found.cards.by_location()) == (0, [], [])


def test_a_top_up_used_given_back_and_refunded_out(desk, clara):
    top_up = sell_credit(clara, 100, desk)
    assert moved(desk) == {"sold": 10000}
    cut = spend_credit(clara, 60, desk)
    assert moved(desk) == {"sold": 10000, "used": -6000}
    # What Credits paid returns to Credits: less was used.
    give_back(cut, 20, "credits", desk)
    assert moved(desk) == {"sold": 10000, "used": -4000}
    # What is left goes back as cash.
    give_back(top_up, 30, "cash", desk)
    assert moved(desk) == {"sold": 10000, "used": -4000, "refunded_out": -3000}


def give_back(order, amount, destination, desk, **more):
    return refund_tender(
        tender=order.tenders.get(),
        amount=dollars(amount),
        destination=destination,
        desk=desk,
        uuid=uuid.uuid4(),
        **more,
    )


def test_credit_taken_back_from_an_open_sale_was_not_used(desk, clara):
    make_credit(clara, 40)
    order = order_with(desk, clara, service=30)
    tender = pay(order, "credits", 30, desk)
    assert moved(desk) == {"imported": 4000, "used": -3000}
    take_back(
        tender=tender, amount=dollars(10), destination="credits", desk=desk, uuid=uuid.uuid4()
    )
    assert moved(desk) == {"imported": 4000, "used": -2000}
    tender.refresh_from_db()
    take_back(
        tender=tender, amount=dollars(20), destination="credits", desk=desk, uuid=uuid.uuid4()
    )
    assert moved(desk) == {"imported": 4000}


def test_gifts_and_corrections_are_told_apart_and_a_reversal_counts_back(desk, clara):
    gift = adjust(clara, 25, "gift", desk)
    assert moved(desk) == {"goodwill": 2500}
    adjust(clara, 10, "correction", desk)
    adjust(clara, -5, "other", desk)
    assert moved(desk) == {"goodwill": 2500, "corrected": 500}
    reverse_of = Entry.objects.get(pk=gift.entry_id)
    adjust(clara, 5, "other", desk)
    with pytest.raises(Exception, match="moved on"):
        reverse(entry=reverse_of, desk=desk)


def adjust(client, amount, reason, desk):
    return adjust_balance(
        client=client, amount=dollars(amount), reason=reason, note="", desk=desk, key=uuid.uuid4()
    )


def test_a_gift_that_was_a_mistake_is_no_gift(desk, clara):
    gift = adjust(clara, 25, "reward", desk)
    reverse(entry=Entry.objects.get(pk=gift.entry_id), desk=desk)
    assert moved(desk) == {}


def test_what_was_brought_over_and_taken_back_again(desk, clara):
    lot = make_credit(clara, 40, source=Source.IMPORT)
    assert moved(desk) == {"imported": 4000}
    reverse(entry=lot.opened_by, desk=desk)
    assert moved(desk) == {}


def test_a_top_up_settles_an_iou_first(desk, clara):
    make_debt(clara, 12)
    sell_credit(clara, 30, desk)
    # All of it was sold; what paid the debt is gone at once.
    assert moved(desk) == {"sold": 3000, "settled": -1200}
    make_debt(clara, 50)
    sell_credit(clara, 20, desk)
    assert moved(desk) == {"sold": 5000, "settled": -3200}
    # So does a present.
    adjust(clara, 40, "gift", desk)
    assert moved(desk) == {"sold": 5000, "goodwill": 4000, "settled": -6200}


def test_a_refund_to_the_balance_settles_too(desk, clara):
    order = order_with(desk, clara, service=60)
    pay(order, "cash", 60, desk)
    closed = close_order(order=order, desk=desk)
    make_debt(clara, 15)
    give_back(closed, 40, "balance", desk)
    assert moved(desk) == {"refunded_in": 4000, "settled": -1500}


def test_a_deposit_taken_moved_kept_and_used(desk, clara):
    visit, later = make_visit(clara), make_visit(clara, 9)
    take_deposit(visit, 30, desk)
    assert moved(desk) == {"deposit": 3000}
    roll = liability(start=desk.business_date, end=desk.business_date).credit
    assert (roll.held, roll.free) == (3000, 0)
    by_hand(visit, desk, wish("moved", 10, later), wish("kept", 20))
    assert moved(desk) == {"deposit": 3000}
    roll = liability(start=desk.business_date, end=desk.business_date).credit
    assert (roll.held, roll.free) == (1000, 2000)
    spend_credit(clara, 15, desk)
    assert moved(desk) == {"deposit": 3000, "used": -1500}
    [source] = roll.by_source()
    assert (source.key, source.held) == ("deposit", 1000)


def test_a_deposit_forfeited_undone_and_forfeited_again(desk, clara):
    visit = make_visit(clara)
    take_deposit(visit, 30, desk)
    decision = by_hand(visit, desk, wish("forfeited", 30))
    assert moved(desk) == {"deposit": 3000, "forfeited": -3000}
    undo(fate=one_fate(decision, "forfeited"), desk=desk)
    assert moved(desk) == {"deposit": 3000}
    by_hand(visit, desk, wish("forfeited", 10), wish("kept", 20))
    assert moved(desk) == {"deposit": 3000, "forfeited": -1000}


def test_a_membership_and_its_bonus(desk, clara):
    make_member(clara, make_plan(price=100, adds=120), desk=desk)
    assert moved(desk) == {"membership": 12000}
    spend_credit(clara, 110, desk)
    assert moved(desk) == {"membership": 12000, "used": -11000}


def test_a_bonus_that_goes_with_its_refund_was_never_refunded_money(desk, clara):
    membership = make_member(clara, make_plan(price=100, adds=120), desk=desk)
    give_back(membership.enrolment.line.order, 100, "cash", desk)
    assert moved(desk) == {"membership": 10000, "refunded_out": -10000}


def test_credit_expires(desk, clara):
    make_credit(clara, 40, expires_on=desk.business_date - DAY, source=Source.GOODWILL)
    expire_lots(clock.now())
    assert moved(desk) == {"imported": 4000, "expired": -4000}


def test_a_merge_moves_what_there_is_and_settles_what_is_owed(desk, clara):
    twin = make_client("Clara N.")
    make_credit(twin, 40)
    make_debt(clara, 15)
    merge(kept=clara, gone=twin, desk=desk)
    # The debt was paid out of credit that was there.
    assert moved(desk) == {"imported": 4000, "settled": -1500}


def test_used_at_another_location_it_is_transferred_there(clara):
    midtown, uptown = make_location(), make_location("Uptown")
    here, there = make_desk("Olivia", midtown), make_desk("Olivia", uptown)
    sell_credit(clara, 100, here)
    spend_credit(clara, 30, there)
    spend_credit(clara, 20, here)
    assert moved(here) == {"sold": 10000, "used": -5000}
    assert moved(here, place=midtown) == {"sold": 10000, "used": -2000}
    assert moved(here, place=uptown) == {"used": -3000}
    found = liability(start=here.business_date, end=here.business_date)
    groups = {group.key: group for group in found.credit.by_location()}
    assert (groups[midtown.pk].transferred, groups[midtown.pk].closing) == (-3000, 5000)
    assert (groups[uptown.pk].transferred, groups[uptown.pk].used) == (3000, -3000)
    assert groups[uptown.pk].closing == 0


def test_what_a_provider_holds_is_theirs_in_the_split(desk, clara):
    theo = make_merchant_account("Theo")
    terms = Terms(source=Source.DEPOSIT, is_paid=True, holder=theo.pk)
    credit = Open(accounts.credit_of(clara), 2000, terms)
    act(desk, Move(accounts.OPEN_ORDERS, 2000), credit, kind=SALE)
    act(desk, Move(accounts.CARD, 2000), Move(accounts.OPEN_ORDERS, -2000), kind="tender")
    make_credit(clara, 5)
    moved(desk)
    found = liability(start=desk.business_date, end=desk.business_date)
    split = {group.key: group.closing for group in found.credit.by_holder()}
    assert split == {theo.pk: 2000, None: 500}


def test_gift_cards_stand_apart_until_one_is_refunded_to_a_balance(desk, clara):
    card = sell_card(desk, 100)
    sale = spend(card, 60, desk, clara)
    assert moved(desk) == {}
    assert moved(desk, "cards") == {"sold": 10000, "used": -6000}
    give_back(sale, 10, "gift_card", desk)
    assert moved(desk, "cards") == {"sold": 10000, "used": -5000}
    # Onto Clara's balance: it came in there, and stays used on the card.
    give_back(sale, 20, "balance", desk)
    assert moved(desk, "cards") == {"sold": 10000, "used": -5000}
    assert moved(desk) == {"refunded_in": 2000}


def test_what_nobody_thought_of_is_a_correction_and_not_lost(desk, clara):
    account = accounts.credit_of(clara)
    terms = Terms(source=Source.PURCHASE, is_paid=True)
    act(desk, Open(account, 700, terms), Move(accounts.GOODWILL, 700), kind=EntryKind.TILL)
    assert moved(desk) == {"corrected": 700}


def test_two_queries_however_much_there_is(desk, clara, django_assert_num_queries):
    sell_credit(clara, 100, desk)
    with django_assert_num_queries(2):
        liability(start=desk.business_date, end=desk.business_date)


def test_before_the_period_it_is_in_the_opening_figure(desk, clara):
    sell_credit(clara, 100, desk)
    tomorrow = desk.business_date + DAY
    roll = liability(start=tomorrow, end=tomorrow).credit
    assert (roll.opening, roll.steps, roll.closing) == (10000, [], 10000)
