"""verify_ledger finds a payment of tips that is not what was posted."""

import pytest

from checkout.models import TipPayout
from ledger import accounts
from ledger.kinds import EntryKind
from ledger.legs import Move
from ledger.verifying import verify
from tests.checkout.tills.acts import opens
from tests.checkout.tip_payouts.acts import pays_one, tipped, undoes
from tests.factories import dollars, make_till
from tests.ledger.books import act, assert_well

pytestmark = pytest.mark.django_db


@pytest.fixture
def payout(desk, maya):
    opens(desk, 100)
    tipped(desk, {maya: 20}, kind="card")
    paid = pays_one(desk, maya, 15, "cash")
    assert_well()
    return paid


def found() -> str:
    return " ".join(sentence for result in verify() for sentence in result.named)


def test_an_amount_that_was_not_posted(payout):
    TipPayout.objects.update(amount=dollars(16))
    assert "16.00, its entry" in found()


def test_a_till_that_the_cash_did_not_leave(payout):
    TipPayout.objects.update(till=make_till("Bar", location=payout.location))
    assert "15.00 in cash, its entry" in found()


def test_an_undoing_of_something_else(payout, desk, maya):
    other = undoes(pays_one(desk, maya, 5), desk)
    TipPayout.objects.filter(pk=other.pk).update(undone_at=None, undo_entry=None)
    assert "no payment has it" in found()
    TipPayout.objects.filter(pk=payout.pk).update(
        undone_at=desk.at, undo_entry_id=other.undo_entry_id
    )
    assert "15.00 undone, its entry" in found()


def test_an_entry_that_no_payment_made(desk, maya):
    act(desk, Move(accounts.tips(maya), 5), Move(accounts.BANK, -5), kind=EntryKind.TIPS)
    assert "tips paid out, and no payment has it" in found()
