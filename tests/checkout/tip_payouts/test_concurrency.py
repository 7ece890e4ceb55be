"""Several who pay, undo, refund and count in one moment, with real commits."""

import pytest

from checkout.errors import Refused, StaleTill
from checkout.models import TillSession, TipPayout
from checkout.tills.figures import expected_in, figures_of
from tests.checkout.tills.acts import closes, opens
from tests.checkout.tip_payouts.acts import owed, pays, pays_one, refund_tip, tipped, undoes
from tests.factories import dollars, make_desk, make_staff
from tests.harness.at_once import at_once
from tests.ledger.books import assert_well


@pytest.fixture
def desk(committing_db):
    return make_desk("Olivia")


@pytest.fixture
def people(desk):
    return make_staff("Maya"), make_staff("Theo", merchant_account=None)


def names(answers):
    return sorted(type(answer).__name__ for answer in answers)


def test_two_who_pay_one_person_pay_once(desk, people):
    maya, _ = people
    tipped(desk, {maya: 20}, kind="card")
    answers = at_once(*[lambda: pays_one(desk, maya, 20) for _ in range(3)])
    assert names(answers) == ["Refused", "Refused", "TipPayout"]
    assert owed(maya) == 0
    assert_well()


def test_two_who_pay_all_in_another_order_pay_once_and_wait_for_nobody_for_ever(desk, people):
    maya, theo = people
    tipped(desk, {maya: 20, theo: 10}, kind="card")
    answers = at_once(
        lambda: pays(desk, {maya: 20, theo: 10}), lambda: pays(desk, {theo: 10, maya: 20})
    )
    assert names(answers) == ["Refused", "list"]
    assert (owed(maya), owed(theo), TipPayout.objects.count()) == (0, 0, 2)
    assert_well()


def test_undone_at_once_is_undone_once(desk, people):
    maya, _ = people
    tipped(desk, {maya: 20}, kind="card")
    payout = pays_one(desk, maya, 20)
    answers = at_once(*[lambda: undoes(payout, desk) for _ in range(2)])
    assert answers[0].undo_entry_id == answers[1].undo_entry_id
    assert owed(maya) == 2000
    assert_well()


def test_a_refund_in_the_same_moment_is_owed_back(desk, people):
    maya, _ = people
    sale = tipped(desk, {maya: 20}, kind="card")
    at_once(lambda: refund_tip(sale, maya, 20, desk), lambda: pays_one(desk, maya, 20))
    assert owed(maya) in (0, -2000)
    assert_well()


def test_cash_paid_or_undone_while_the_till_is_closed_is_in_the_count_or_refused(desk, people):
    maya, theo = people
    session = opens(desk, 100)
    tipped(desk, {maya: 20, theo: 10}, kind="card")
    payout = pays_one(desk, theo, 10, "cash")
    answers = at_once(
        lambda: pays_one(desk, maya, 20, "cash"),
        lambda: undoes(payout, desk),
        lambda: closes(desk, session, 90, 90, shown=dollars(90)),
    )
    assert not isinstance(answers[0], Refused)
    closed = TillSession.objects.get()
    if isinstance(answers[2], StaleTill):
        assert closed.is_open
    else:
        assert figures_of(closed).expected == closed.expected == dollars(90)
    undone = not isinstance(answers[1], Refused)
    assert expected_in(desk.till) == (8000 if undone else 7000)
    assert owed(theo) == (1000 if undone else 0)
    assert_well()
