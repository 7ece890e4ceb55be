"""Taking a decision back, part by part, while nothing depends on it."""

import uuid

import pytest

from appointments.canceling import cancel, mark_no_show
from appointments.giving import give_to
from appointments.models import Appointment
from checkout.closing import close_order
from checkout.opening import open_for_visit, open_order
from checkout.voiding import void_order
from clients.merge_parts import Pair
from clients.merging import Proposal, merge_clients
from deposits.errors import Refused
from deposits.fates.consequences import consequence_of
from deposits.fates.deciding import answers_for
from deposits.fates.undoing import undo
from deposits.models import Decision, Fee
from ledger.models import Entry
from salon import clock
from tests.checkout.helpers import books, has, order_with, pay
from tests.deposits.money import (
    answers,
    by_hand,
    held,
    make_visit,
    one_fate,
    policy,
    take_deposit,
    wish,
)
from tests.factories import dollars, make_client, make_desk
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["kept", "forfeited"])
def test_what_was_kept_or_forfeited_is_held_again_also_for_a_canceled_visit(desk, visit, kind):
    take_deposit(visit, 30, desk)
    cancel(appointment=visit, reason="", desk=desk, answers=answers(visit, kind))
    fate = Decision.objects.get().fates.get()
    undone = undo(fate=fate, desk=desk)
    assert (undone.undone_by, held(visit)) == (desk.staff, "$30.00")
    assert books() == {"card": 3000, "client_credit": -3000}
    assert undone.undone_entry.reverses == fate.entry
    assert undo(fate=fate, desk=desk) == undone
    assert Entry.objects.filter(kind="reversal").count() == 1
    assert_well()
    by_hand(visit, desk, wish("refunded", 30))
    assert books() == {}
    assert_well()


def test_one_part_of_a_split_is_undone_and_the_others_stand(desk, clara, visit):
    take_deposit(visit, 100, desk)
    decision = by_hand(visit, desk, wish("kept", 25), wish("forfeited", 35), wish("refunded", 40))
    undo(fate=one_fate(decision, "forfeited"), desk=desk)
    assert (held(visit), has(clara, desk).available) == ("$35.00", dollars(25))
    assert books() == {"card": 6000, "client_credit": -6000}
    assert_well()
    by_hand(visit, desk, wish("kept", 35))
    assert has(clara, desk).available == dollars(60)
    assert_well()


def test_what_moved_to_another_visit_comes_back(desk, clara, visit):
    other = make_visit(clara, 9)
    take_deposit(visit, 30, desk)
    decision = by_hand(visit, desk, wish("moved", 30, other))
    undo(fate=decision.fates.get(), desk=desk)
    assert (held(visit), held(other)) == ("$30.00", "$0.00")
    assert_well()


def test_not_while_the_other_visit_is_at_checkout(desk, clara, visit):
    other = make_visit(clara, 9)
    take_deposit(visit, 30, desk)
    fate = by_hand(visit, desk, wish("moved", 30, other)).fates.get()
    order = open_for_visit(appointment=other, desk=desk)
    with pytest.raises(Refused, match=f"Sale #{order.number} of the visit is open"):
        undo(fate=fate, desk=desk)
    void_order(order=order, desk=desk, reason="Wrong visit")
    undo(fate=fate, desk=desk)
    assert held(visit) == "$30.00"


def test_what_was_spent_is_not_undone_and_says_on_what(desk, clara, visit):
    take_deposit(visit, 30, desk)
    fate = by_hand(visit, desk, wish("kept", 30)).fates.get()
    order = order_with(desk, clara, service=20)
    pay(order, "credits", 20, desk)
    close_order(order=order, desk=desk)
    said = rf"\$20\.00 of this \$30\.00 was spent on sale #{order.number}\. Nothing was undone"
    with pytest.raises(Refused, match=said):
        undo(fate=fate, desk=desk)
    assert_well()


def test_what_was_moved_on_is_undone_from_its_end(desk, clara, visit):
    second, third = make_visit(clara, 9), make_visit(clara, 10)
    take_deposit(visit, 30, desk)
    first_move = by_hand(visit, desk, wish("moved", 30, second)).fates.get()
    then = by_hand(second, desk, wish("moved", 30, third)).fates.get()
    with pytest.raises(Refused, match="It was moved on meanwhile"):
        undo(fate=first_move, desk=desk)
    undo(fate=then, desk=desk)
    undo(fate=first_move, desk=desk)
    assert held(visit) == "$30.00"
    assert_well()


def test_what_went_back_to_the_card_stays_there(desk, visit):
    take_deposit(visit, 30, desk)
    fate = by_hand(visit, desk, wish("refunded", 30)).fates.get()
    with pytest.raises(Refused, match=r"\$30\.00 went back to the card\. Take a new deposit"):
        undo(fate=fate, desk=desk)


def test_what_went_along_with_the_visit_comes_back_with_it(desk, clara, visit):
    take_deposit(visit, 30, desk)
    ben = make_client("Ben Okafor")
    give_to(appointment=visit, client=ben, desk=desk, answers=answers(visit, "transfer"))
    fate = Decision.objects.get().fates.get()
    with pytest.raises(Refused, match="The visit is Ben Okafor’s now"):
        undo(fate=fate, desk=desk)
    visit = Appointment.objects.get()
    give_to(appointment=visit, client=clara, desk=desk, answers=answers(visit, "transfer"))
    assert (has(clara, desk).held, has(ben, desk).held) == (dollars(30), dollars(0))
    assert_well()


def test_one_clients_money_is_not_held_again_for_anothers_visit(desk, clara, visit):
    take_deposit(visit, 30, desk)
    fate = by_hand(visit, desk, wish("kept", 30)).fates.get()
    give_to(appointment=visit, client=make_client("Ben Okafor"), desk=desk)
    with pytest.raises(Refused, match="Ben Okafor’s now, and this was Clara Nuñez’s money"):
        undo(fate=fate, desk=desk)
    assert (held(visit), has(clara, desk).available) == ("$0.00", dollars(30))
    assert_well()


def test_nothing_is_held_again_for_a_visit_that_is_checked_out(desk, visit):
    take_deposit(visit, 30, desk)
    fate = by_hand(visit, desk, wish("forfeited", 30)).fates.get()
    order = open_for_visit(appointment=visit, desk=desk)
    pay(order, "cash", 85, desk)
    close_order(order=order, desk=desk)
    with pytest.raises(Refused, match="The visit is checked out"):
        undo(fate=fate, desk=desk)


def test_undoing_a_forfeiture_lets_the_client_off_the_fee_that_it_paid(clara, visit):
    marcus, jo = make_desk("Marcus"), make_desk("Jo")
    policy(no_show_fee_kind="amount", no_show_fee_amount=20)
    take_deposit(visit, 30, marcus)
    missed = consequence_of(visit, occasion="no_show", at=clock.now())
    mark_no_show(appointment=visit, desk=jo, answers=answers_for(missed, uuid.uuid4()))
    fate = one_fate(Decision.objects.get(), "forfeited")
    with pytest.raises(Refused, match="may not let a client off a fee"):
        undo(fate=fate, desk=jo)
    undo(fate=fate, desk=marcus)
    fee = Fee.objects.get()
    assert (fee.status, fee.waived_reason) == (
        "waived", "$20.00 of it: the forfeiture was undone",
    )  # fmt: skip
    assert (held(visit), has(clara, marcus).available) == ("$20.00", dollars(10))
    assert_well()


def test_the_rest_of_a_fee_stands_when_what_the_deposit_paid_is_undone(desk, visit):
    policy(no_show_fee_kind="amount", no_show_fee_amount=50)
    take_deposit(visit, 30, desk)
    missed = consequence_of(visit, occasion="no_show", at=clock.now())
    mark_no_show(appointment=visit, desk=desk, answers=answers_for(missed, uuid.uuid4()))
    undo(fate=Decision.objects.get().fates.get(), desk=desk)
    fee = Fee.objects.get()
    assert (fee.status, fee.amount, fee.from_deposit) == ("to_do", dollars(20), dollars(0))
    assert_well()


def test_who_may_not_decide_undoes_nothing(desk, visit):
    take_deposit(visit, 30, desk)
    fate = by_hand(visit, desk, wish("kept", 30)).fates.get()
    with pytest.raises(Refused, match="may not decide"):
        undo(fate=fate, desk=make_desk("Maya"))


def test_of_a_merged_client_what_was_forfeited_comes_back_to_who_stayed(desk, clara, visit):
    take_deposit(visit, 30, desk)
    cancel(appointment=visit, reason="", desk=desk, answers=answers(visit, "forfeited"))
    fate = Decision.objects.get().fates.get()
    kept = make_client("Ines Duarte")
    seen = Proposal(Pair(clara, kept, desk, {})).stamp
    merge_clients(gone=clara, kept=kept, desk=desk, seen=seen)
    undo(fate=fate, desk=desk)
    assert (has(kept, desk).held, held(visit)) == (dollars(30), "$30.00")
    assert_well()


def test_an_empty_sale_of_somebody_else_is_no_obstacle(desk, clara, visit):
    take_deposit(visit, 30, desk)
    fate = by_hand(visit, desk, wish("kept", 30)).fates.get()
    open_order(desk=desk, client=clara)
    undo(fate=fate, desk=desk)
    assert held(visit) == "$30.00"
