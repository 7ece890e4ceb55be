"""Correcting is reversing: an entry of opposite legs, on the exact terms of the first."""

import datetime as dt

import pytest

from ledger import accounts
from ledger.errors import KeyConflict, LotMoved, NotEnoughCredit, NotReversible
from ledger.expiring import expire_lots
from ledger.kinds import EntryKind, Source
from ledger.legs import Draw, Move, Open, Take, Terms
from ledger.models import Account, Entry, Lot
from ledger.reversing import reverse
from salon import clock
from tests.factories import make_appointment, make_credit, make_debt, make_desk
from tests.ledger.books import act, assert_well, lots_left, nets

PAID = Terms(source=Source.PURCHASE, is_paid=True)


def entry_of(posted):
    return Entry.objects.get(pk=posted.entry_id)


def spend(desk, client, cents, **more):
    draw = Draw(accounts.credit_of(client), cents, **more)
    return act(desk, draw, Move(accounts.OPEN_ORDERS, -cents), kind=EntryKind.TENDER)


def test_a_payment_taken_back_puts_each_lot_back_as_it_was(desk, clara):
    visit = make_appointment(clara)
    lots = [
        make_credit(clara, 10, visit=visit.pk),
        make_credit(clara, 10, expires_on=desk.business_date),
        make_credit(clara, 10),
    ]
    before = nets()
    tender = spend(desk, clara, 2500, visit=visit.pk)
    assert lots_left([lot.pk for lot in lots]) == [0, 0, 500]

    posted = reverse(entry=entry_of(tender), desk=desk, note="Wrong client")

    assert lots_left([lot.pk for lot in lots]) == [1000, 1000, 1000]
    assert nets() == before
    reversal = entry_of(posted)
    assert (reversal.reverses_id, reversal.kind, reversal.note) == (
        tender.entry_id,
        EntryKind.REVERSAL,
        "Wrong client",
    )
    assert_well()


def test_asked_again_it_answers_with_the_first_reversal(desk, clara):
    make_credit(clara, 10)
    tender = entry_of(spend(desk, clara, 1000))
    first = reverse(entry=tender, desk=desk)
    again = reverse(entry=tender, desk=desk)
    assert (first.entry_id, first.is_new) == (again.entry_id, True)
    assert not again.is_new


def test_it_cannot_be_reversed_as_something_else_afterwards(desk, clara):
    make_credit(clara, 10)
    tender = entry_of(spend(desk, clara, 1000))
    reverse(entry=tender, desk=desk, kind=EntryKind.TENDER_BACK)
    with pytest.raises(KeyConflict):
        reverse(entry=tender, desk=desk)


def test_a_lot_that_was_opened_is_taken_whole(desk, clara):
    lot = make_credit(clara, 10)
    reverse(entry=lot.opened_by, desk=desk)
    assert lots_left([lot.pk]) == [0]
    assert nets() == {}
    assert_well()


def test_what_was_spent_since_cannot_be_reversed(desk, clara):
    lot = make_credit(clara, 10)
    make_credit(clara, 10)
    spend(desk, clara, 1)
    with pytest.raises(LotMoved) as refusal:
        reverse(entry=lot.opened_by, desk=desk)
    assert refusal.value.figures["remaining"] == 999


def test_spent_and_put_back_it_can_be_reversed_again(desk, clara):
    lot = make_credit(clara, 10)
    reverse(entry=entry_of(spend(desk, clara, 1)), desk=desk)
    reverse(entry=lot.opened_by, desk=desk)
    assert nets() == {}


def test_both_legs_of_a_payment_below_zero_go_back(desk, clara):
    make_credit(clara, 10)
    tender = spend(desk, clara, 2500, short=(accounts.owed_by(clara), 1500))
    reverse(entry=entry_of(tender), desk=desk)
    assert Account.objects.get(name=accounts.owed_by(clara)).balance == 0
    assert_well()


def test_what_was_paid_off_since_cannot_be_owed_less(desk, clara):
    tender = spend(desk, clara, 1500, short=(accounts.owed_by(clara), 1500))
    act(desk, Move(accounts.cash(desk.till), 1000), Move(accounts.owed_by(clara), -1000))
    with pytest.raises(NotEnoughCredit) as refusal:
        reverse(entry=entry_of(tender), desk=desk)
    assert refusal.value.figures == {"owed": 500, "wanted": 1500}


def test_a_settlement_that_is_reversed_is_owed_again(desk, clara):
    make_debt(clara, 12)
    top_up = act(
        desk,
        Move(accounts.cash(desk.till), 2000),
        Open(accounts.credit_of(clara), 2000, PAID, settles=accounts.owed_by(clara)),
    )
    reverse(entry=entry_of(top_up), desk=desk)
    assert Account.objects.get(name=accounts.owed_by(clara)).balance == 1200
    assert Account.objects.get(name=accounts.credit_of(clara)).balance == 0
    assert_well()


def test_a_move_is_undone_whole_and_the_parent_has_room_again(desk, clara):
    lot = make_credit(clara, 10)
    visit = make_appointment(clara)
    held = Open(accounts.credit_of(clara), 600, Terms(visit=visit.pk), parent=lot.pk)
    moved = act(desk, Take(lot.pk, 600), held, kind=EntryKind.LOT_CHANGE)
    reverse(entry=entry_of(moved), desk=desk)
    assert lots_left([lot.pk, *moved.opened]) == [1000, 0]
    again = act(desk, Take(lot.pk, 1000), Open(accounts.credit_of(clara), 1000, parent=lot.pk))
    assert lots_left([lot.pk, *again.opened]) == [0, 1000]
    assert_well()


def test_a_payment_whose_refund_opened_a_child_cannot_be_taken_back_too(desk, clara):
    """Else the same ten dollars would stand in the child and in the lot it came from."""
    lot = make_credit(clara, 10)
    tender = spend(desk, clara, 1000)
    refund = act(
        desk,
        Open(accounts.credit_of(clara), 1000, parent=lot.pk),
        Move(accounts.income("services"), 1000),
        kind=EntryKind.REFUND,
    )
    with pytest.raises(LotMoved):
        reverse(entry=entry_of(tender), desk=desk)
    reverse(entry=entry_of(refund), desk=desk)
    reverse(entry=entry_of(tender), desk=desk)
    assert lots_left([lot.pk, *refund.opened]) == [1000, 0]
    assert_well()


def test_a_reversed_refund_leaves_room_for_another(desk, clara):
    lot = make_credit(clara, 10)
    spend(desk, clara, 1000)
    for _ in range(2):
        back = Open(accounts.credit_of(clara), 1000, parent=lot.pk)
        refund = act(desk, back, Move(accounts.OPEN_ORDERS, 1000), kind=EntryKind.REFUND)
        reverse(entry=entry_of(refund), desk=desk)
    assert_well()


def test_a_reversal_is_not_reversed(desk, clara):
    lot = make_credit(clara, 10)
    reversal = reverse(entry=lot.opened_by, desk=desk)
    with pytest.raises(NotReversible):
        reverse(entry=entry_of(reversal), desk=desk)


def test_an_expiry_can_be_reversed(desk, clara):
    """Graciously; what comes back is as expired as it was, and moves to new terms by a child."""
    lot = make_credit(clara, 10, expires_on=desk.business_date)
    later = clock.now() + dt.timedelta(days=2)
    [expiry] = expire_lots(later)
    reverse(entry=entry_of(expiry), desk=make_desk(at=later))
    terms = Terms(expires_on=desk.business_date + dt.timedelta(days=30))
    renewed = act(
        make_desk(at=later),
        Take(lot.pk, 1000),
        Open(accounts.credit_of(clara), 1000, terms, parent=lot.pk),
        kind=EntryKind.LOT_CHANGE,
    )
    assert Lot.objects.get(pk=renewed.opened[0]).expires_on == terms.expires_on
    assert_well()
