"""Several desks at one deposit, with real commits."""

import uuid

import pytest
from django.db import close_old_connections, transaction

from appointments import errors
from appointments.canceling import cancel
from appointments.giving import give_to
from appointments.locking import lock
from appointments.models import Appointment
from checkout.adding_deposits import add_deposit
from checkout.closing import close_order
from checkout.errors import Refused as SaleRefused
from checkout.models import Order
from checkout.opening import open_for_visit
from checkout.refunding import refund_lines
from deposits.fates.undoing import undo
from deposits.fees.charging import charge_fee
from deposits.fees.settling import lock_fee, take_at_desk, waive
from deposits.models import Decision, Fate, Fee
from ledger.models import Entry
from tests.checkout.helpers import books, pay
from tests.deposits.money import answers, by_hand, held, make_visit, take_deposit, wish
from tests.factories import dollars, make_client, make_credit, make_desk
from tests.harness.at_once import LIMIT, at_once, start, until_waiting
from tests.ledger.books import assert_well

TOLD = (errors.Refused, SaleRefused)
ROUNDS = 3


@pytest.fixture
def desk(committing_db):
    return make_desk("Olivia")


@pytest.fixture
def visit(desk):
    return make_visit(make_client("Clara Nuñez"))


def refusals(done: list) -> list:
    return [one for one in done if isinstance(one, TOLD)]


def test_a_visit_is_canceled_at_two_desks_and_its_deposit_decided_once(desk, visit):
    take_deposit(visit, 30, desk)
    kept, forfeited = answers(visit, "kept"), answers(visit, "forfeited")
    done = at_once(
        lambda: cancel(appointment=visit, reason="", desk=desk, answers=kept),
        lambda: cancel(appointment=visit, reason="", desk=desk, answers=forfeited),
        lambda: cancel(appointment=visit, reason="", desk=desk, answers=kept),
        told=TOLD,
    )
    assert not refusals(done)
    assert Decision.objects.count() == Fate.objects.count() == 1
    assert held(visit) == "$0.00"
    assert_well()


def test_one_form_pressed_by_four_fingers_decides_once(desk, visit):
    take_deposit(visit, 30, desk)
    key = uuid.uuid4()
    done = at_once(
        *[lambda: by_hand(visit, desk, wish("kept", 30), uuid=key) for _ in range(4)], told=TOLD
    )
    assert len({one.pk for one in done}) == 1
    assert Entry.objects.filter(kind="lot_change").count() == 1
    assert_well()


@pytest.mark.parametrize("how", ["kept", "refunded"])
def test_a_visit_is_canceled_or_checked_out_and_not_both(desk, visit, how):
    take_deposit(visit, 30, desk)
    order = open_for_visit(appointment=visit, desk=desk)
    pay(order, "cash", 55, desk)
    given = answers(visit, how) | {"fate-held": "30"}
    done = at_once(
        lambda: cancel(appointment=visit, reason="", desk=desk, answers=given),
        lambda: close_order(order=Order.objects.get(pk=order.pk), desk=desk, left_over="card"),
        told=TOLD,
    )
    assert len(refusals(done)) == 1
    visit.refresh_from_db()
    assert visit.status == "done"
    assert_well()


@pytest.mark.parametrize("how", ["kept", "refunded", "forfeited"])
def test_a_deposit_is_refunded_by_its_sale_or_by_its_visit(desk, visit, how):
    sold = take_deposit(visit, 30, desk)
    given = answers(visit, how)

    def refund():
        line = sold.lines.get()
        return refund_lines(
            order=sold, amounts={line: dollars(30)}, destinations={}, desk=desk, uuid=uuid.uuid4()
        )

    at_once(
        lambda: cancel(appointment=visit, reason="", desk=desk, answers=given),
        refund,
        told=TOLD,
    )
    assert held(visit) == "$0.00"
    assert sum(books().values()) == 0
    assert_well()


def test_two_undo_one_fate(desk, visit):
    take_deposit(visit, 30, desk)
    fate = by_hand(visit, desk, wish("kept", 30)).fates.get()
    done = at_once(*[lambda: undo(fate=fate, desk=desk) for _ in range(4)], told=TOLD)
    assert not refusals(done)
    assert Entry.objects.filter(kind="reversal").count() == 1
    assert held(visit) == "$30.00"
    assert_well()


def test_two_visits_that_move_their_deposits_to_each_other_do_not_wait_for_ever(desk):
    clara = make_client("Clara Nuñez")
    for _ in range(ROUNDS):
        first, second = make_visit(clara, 5 + 2 * _), make_visit(clara, 6 + 2 * _)
        for visit in (first, second):
            take_deposit(visit, 30, desk)
        at_once(
            lambda first=first, second=second: by_hand(first, desk, wish("moved", 30, second)),
            lambda first=first, second=second: by_hand(second, desk, wish("moved", 30, first)),
            told=TOLD,
        )
    assert_well()


def test_a_deposit_moves_to_a_visit_while_that_is_checked_out(desk, visit):
    other = make_visit(visit.client, 9)
    take_deposit(visit, 30, desk)
    take_deposit(other, 20, desk)
    order = open_for_visit(appointment=other, desk=desk)
    pay(order, "cash", 65, desk)
    given = answers(visit, "moved", to=other.uuid)
    done = at_once(
        lambda: cancel(appointment=visit, reason="", desk=desk, answers=given),
        lambda: close_order(order=Order.objects.get(pk=order.pk), desk=desk),
        told=TOLD,
    )
    assert len(refusals(done)) == 1
    assert (held(visit), held(other)) == ("$30.00", "$0.00")
    assert_well()


def test_an_undo_and_the_checkout_of_the_visit_that_it_moved_to(desk, visit):
    other = make_visit(visit.client, 9)
    take_deposit(visit, 30, desk)
    fate = by_hand(visit, desk, wish("moved", 30, other)).fates.get()
    order = open_for_visit(appointment=other, desk=desk)
    pay(order, "cash", 55, desk)
    done = at_once(
        lambda: undo(fate=fate, desk=desk),
        lambda: close_order(order=Order.objects.get(pk=order.pk), desk=desk),
        told=TOLD,
    )
    assert len(refusals(done)) == 1
    assert Appointment.objects.get(pk=other.pk).status == "done"
    close_old_connections()
    assert_well()


def a_close(order):
    return start(
        lambda: close_order(order=Order.objects.get(pk=order.pk), desk=make_desk("Olivia"))
    )


def test_who_closes_a_sale_holds_its_visit_before_any_account(desk, visit):
    """A card that pays a link for the visit holds it, and then needs the client's account."""
    take_deposit(visit, 85, desk)
    order = open_for_visit(appointment=visit, desk=desk)
    with transaction.atomic():
        lock(visit)
        closing = a_close(order)
        until_waiting(1)
        make_credit(visit.client, 5, desk=desk)
    assert closing.result(LIMIT).status == "closed"
    assert_well()


def test_and_the_visit_that_it_sells_a_deposit_for(desk, visit):
    """What is held for the one visit is applied on a sale that sells a deposit for another."""
    other = make_visit(visit.client, 9)
    take_deposit(visit, 30, desk)
    order = open_for_visit(appointment=visit, desk=desk)
    add_deposit(order=order, beneficiary=visit.client, visit=other, amount=dollars(20), desk=desk)
    Order.objects.filter(pk=order.pk).update(deposit_held_back=True)
    pay(order, "card", 75, desk)
    Order.objects.filter(pk=order.pk).update(deposit_held_back=False)
    with transaction.atomic():
        lock(other)
        closing = a_close(order)
        until_waiting(1)
        make_credit(visit.client, 5, desk=desk)
    assert closing.result(LIMIT).status == "closed"
    assert (held(visit), held(other)) == ("$0.00", "$20.00")
    assert_well()


def test_and_the_fee_that_it_takes(desk, visit):
    """Who undoes a forfeiture holds the fee, and then needs the client's account."""
    fee = charge_fee(
        visit=visit, occasion="no_show", amount=dollars(20), from_deposit=dollars(0),
        desk=desk, uuid=uuid.uuid4(),
    )  # fmt: skip
    order = take_at_desk(fee=fee, desk=desk).order
    make_credit(visit.client, 50, desk=desk)
    other = make_visit(visit.client, 9)
    add_deposit(order=order, beneficiary=visit.client, visit=other, amount=dollars(20), desk=desk)
    pay(order, "card", 40, desk)
    with transaction.atomic():
        lock_fee(fee)
        closing = a_close(order)
        until_waiting(1)
        make_credit(visit.client, 5, desk=desk)
    assert closing.result(LIMIT).status == "closed"
    assert Fee.objects.get().status == "paid"
    assert_well()


def test_a_fee_is_not_waived_that_is_being_taken_at_another_desk(desk, visit):
    fee = charge_fee(
        visit=visit, occasion="no_show", amount=dollars(20), from_deposit=dollars(0),
        desk=desk, uuid=uuid.uuid4(),
    )  # fmt: skip
    with transaction.atomic():
        order = take_at_desk(fee=fee, desk=desk).order
        waiving = start(lambda: waive(fee=fee, reason="She was ill.", desk=desk))
        until_waiting(1)
    with pytest.raises(errors.Refused, match=f"Sale #{order.number} for this fee is open"):
        waiving.result(LIMIT)
    assert Fee.objects.get().status == "to_do"


def test_a_deposit_is_not_moved_to_a_visit_that_becomes_somebody_elses_meanwhile(desk, visit):
    ben, other = make_client("Ben Ortiz"), make_visit(visit.client, 9)
    take_deposit(visit, 30, desk)
    with transaction.atomic():
        lock(other)
        moving = start(lambda: by_hand(visit, desk, wish("moved", 30, to=other)))
        until_waiting(1)
        Appointment.objects.filter(pk=other.pk).update(client=ben)
    with pytest.raises(errors.Refused, match="Ben Ortiz’s"):
        moving.result(LIMIT)
    assert held(visit) == "$30.00"


def test_two_visits_that_change_hands_crosswise(desk):
    clara, ben = make_client("Clara Nuñez"), make_client("Ben Ortiz")
    for turn in range(ROUNDS):
        hers, his = make_visit(clara, 5 + 2 * turn), make_visit(ben, 6 + 2 * turn)
        for visit in (hers, his):
            take_deposit(visit, 30, desk)
        done = at_once(
            lambda visit=hers: give_to(
                appointment=visit, client=ben, desk=desk, answers=answers(visit, "transfer")
            ),
            lambda visit=his: give_to(
                appointment=visit, client=clara, desk=desk, answers=answers(visit, "transfer")
            ),
            told=TOLD,
        )
        assert not refusals(done)
    assert_well()
