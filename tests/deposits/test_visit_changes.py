"""A visit ends, moves or changes hands while money is held for it."""

import datetime as dt
import uuid

import pytest
import time_machine

from appointments.canceling import cancel, mark_late, mark_no_show
from appointments.errors import Refused
from appointments.giving import give_to
from appointments.models import Appointment
from appointments.moving import move
from checkout.refunding import refund_lines
from deposits.fates.consequences import consequence_of
from deposits.fates.deciding import answers_for
from deposits.models import Decision, Fee
from ledger.balances import open_lots
from salon import clock
from salon.desk import Desk
from salon.models import BusinessSettings
from tests.checkout.helpers import books, has
from tests.deposits.money import (
    answers,
    fates,
    held,
    in_days,
    make_visit,
    policy,
    take_deposit,
)
from tests.factories import dollars, make_appointment, make_client, make_debt, make_desk
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock_stands():
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def soon(clara):
    """Within the 24 hours in which canceling is late."""
    return make_appointment(clara, starts_at=in_days(0, hours=5))


def decided() -> list[tuple[str, str]]:
    return fates(Decision.objects.get())


# --- Canceling -----------------------------------------------------------------------------------


def test_canceling_without_a_word_about_the_deposit_is_refused(desk, visit):
    take_deposit(visit, 30, desk)
    with pytest.raises(Refused, match=r"^\$30\.00 is held for this visit\. Say what") as refused:
        cancel(appointment=visit, reason="ill", desk=desk)
    assert refused.value.field == "fate-how"
    visit.refresh_from_db()
    assert (visit.status, held(visit)) == ("booked", "$30.00")
    assert not Decision.objects.exists()


@pytest.mark.parametrize("how", ["kept", "refunded", "forfeited"])
def test_canceling_with_an_answer_does_just_that(desk, visit, how):
    take_deposit(visit, 30, desk)
    cancel(appointment=visit, reason="ill", desk=desk, answers=answers(visit, how))
    visit.refresh_from_db()
    assert visit.status == "canceled"
    assert decided() == [(how, "$30.00")]
    assert Decision.objects.get().occasion == "canceled"
    assert_well()


def test_canceling_moves_the_deposit_to_another_visit(desk, clara, visit):
    take_deposit(visit, 30, desk)
    other = make_visit(clara, 9)
    cancel(appointment=visit, reason="", desk=desk, answers=answers(visit, "moved", to=other.uuid))
    assert held(other) == "$30.00"
    assert_well()


def test_a_split_on_the_sheet_adds_up_to_the_cent(desk, visit):
    take_deposit(visit, 30, desk)
    short = answers(visit, "split", kept="10", refunded="10", forfeited="9.99")
    with pytest.raises(Refused, match=r"The parts make \$29\.99, and \$30\.00 is held"):
        cancel(appointment=visit, reason="", desk=desk, answers=short)
    with pytest.raises(Refused, match="without a minus sign"):
        cancel(appointment=visit, reason="", desk=desk, answers=short | {"fate-kept": "-10"})
    cancel(appointment=visit, reason="", desk=desk, answers=short | {"fate-forfeited": "10.00"})
    assert decided() == [("refunded", "$10.00"), ("forfeited", "$10.00"), ("kept", "$10.00")]
    assert_well()


def test_a_sheet_that_shows_another_amount_than_is_held_is_refused(desk, visit):
    take_deposit(visit, 30, desk)
    seen = answers(visit, "kept")
    take_deposit(visit, 20, desk)
    with pytest.raises(Refused, match=r"\$50\.00 is held for this visit now"):
        cancel(appointment=visit, reason="", desk=desk, answers=seen)
    assert held(visit) == "$50.00"


def test_a_sheet_about_money_that_is_gone_is_refused(desk, visit):
    sold = take_deposit(visit, 30, desk)
    seen = answers(visit, "forfeited")
    line = sold.lines.get()
    refund_lines(
        order=sold, amounts={line: dollars(30)}, destinations={}, desk=desk, uuid=uuid.uuid4()
    )
    with pytest.raises(Refused, match="was changed a moment ago"):
        cancel(appointment=visit, reason="", desk=desk, answers=seen)
    cancel(appointment=visit, reason="", desk=desk)


def test_a_front_desk_may_keep_or_forfeit_and_not_refund(visit):
    jo = make_desk("Jo")
    take_deposit(visit, 30, jo)
    with pytest.raises(Refused, match="may not refund"):
        cancel(appointment=visit, reason="", desk=jo, answers=answers(visit, "refunded"))
    cancel(appointment=visit, reason="", desk=jo, answers=answers(visit, "kept"))


def test_nothing_is_asked_where_earmarks_are_off(desk, clara, visit):
    BusinessSettings.objects.update(earmark_deposits=False, apply_earmarked_deposits=False)
    cancel(appointment=visit, reason="", desk=desk)
    assert not Decision.objects.exists()


# --- Late and no-show ----------------------------------------------------------------------------


def test_without_a_fee_a_late_deposit_is_forfeited_or_kept_as_the_owner_says(desk, visit):
    take_deposit(visit, 30, desk)
    late = consequence_of(visit, occasion="late", at=visit.starts_at)
    assert (late.parts, late.fee) == ([("forfeited", dollars(30))], dollars(0))
    policy(late_fate="kept")
    late = consequence_of(visit, occasion="late", at=visit.starts_at)
    assert late.parts == [("kept", dollars(30))]
    assert late.sentence == "You get $30.00 back as account credit."


def test_the_fee_comes_out_of_the_deposit_and_the_rest_is_kept(desk, clara, soon):
    """$35.00 held, a fee of $15.00: the salon keeps that, Clara $20.00."""
    policy(late_fee_kind="amount", late_fee_amount=15)
    take_deposit(soon, 35, desk)
    late = consequence_of(soon, occasion="late", at=soon.starts_at)
    assert late.sentence == "You get $20.00 back as account credit; $15.00 is kept."
    assert (late.is_late, late.fee_rest) == (True, dollars(0))
    mark_late(appointment=soon, reason="", desk=desk, answers=answers_for(late, uuid.uuid4()))
    assert books() == {"card": 3500, "forfeited": -1500, "client_credit": -2000}
    fee = Fee.objects.get()
    assert (fee.status, fee.amount, fee.from_deposit, fee.occasion) == (
        "covered", dollars(15), dollars(15), "late",
    )  # fmt: skip
    assert has(clara, desk).available == dollars(20)
    assert_well()


def test_canceled_before_the_deadline_it_is_in_time_whatever_it_is_called(desk, visit):
    policy(late_fee_kind="amount", late_fee_amount=15, on_time_fate="refunded")
    take_deposit(visit, 35, desk)
    in_time = consequence_of(visit, occasion="late", at=clock.now())
    assert (in_time.is_late, in_time.occasion, in_time.fee) == (False, "canceled", dollars(0))
    assert in_time.parts == [("refunded", dollars(35))]
    assert in_time.deadline_at == visit.starts_at - dt.timedelta(hours=24)


def test_a_no_show_without_card_and_without_credit_leaves_the_rest_to_do(desk, clara, visit):
    policy(no_show_fee_kind="percent", no_show_fee_percent=100)
    take_deposit(visit, 30, desk)
    missed = consequence_of(visit, occasion="no_show", at=clock.now())
    assert missed.sentence == "$30.00 is kept; $55.00 more is due as a fee."
    mark_no_show(appointment=visit, desk=desk, answers=answers_for(missed, uuid.uuid4()))
    fee = Fee.objects.get()
    assert (fee.status, fee.amount, fee.rest) == ("to_do", dollars(85), dollars(55))
    assert fee.failure == "No card processor is connected."
    assert books() == {"card": 3000, "forfeited": -3000}
    assert_well()


def test_a_fee_that_no_card_pays_is_owed_where_that_is_allowed(desk, clara, visit):
    BusinessSettings.objects.update(negative_balances=True, negative_balance_limit=dollars(60))
    policy(no_show_fee_kind="percent", no_show_fee_percent=100)
    take_deposit(visit, 30, desk)
    missed = consequence_of(visit, occasion="no_show", at=clock.now())
    mark_no_show(appointment=visit, desk=desk, answers=answers_for(missed, uuid.uuid4()))
    fee = Fee.objects.get()
    assert (fee.status, fee.order.lines.get().kind) == ("owed", "fee")
    assert books() == {
        "card": 3000, "forfeited": -3000, "receivable": 5500, "income": -5500,
    }  # fmt: skip
    assert has(clara, desk).owes == dollars(55)
    assert_well()


def test_an_iou_stops_at_the_clients_limit(desk, clara, visit):
    BusinessSettings.objects.update(negative_balances=True, negative_balance_limit=dollars(60))
    make_debt(clara, 12)
    policy(no_show_fee_kind="amount", no_show_fee_amount=50)
    missed = consequence_of(visit, occasion="no_show", at=clock.now())
    mark_no_show(appointment=visit, desk=desk, answers=answers_for(missed, uuid.uuid4()))
    assert Fee.objects.get().status == "to_do"
    assert has(clara, desk).owes == dollars(12)
    assert_well()


def test_a_fee_is_not_charged_without_a_word_about_it(desk, visit):
    policy(no_show_fee_kind="amount", no_show_fee_amount=15)
    with pytest.raises(Refused, match=r"A fee of \$15\.00 is due\. Say what is charged"):
        mark_no_show(appointment=visit, desk=desk)
    visit.refresh_from_db()
    assert (visit.status, Fee.objects.count()) == ("booked", 0)


def test_only_who_may_waive_lowers_a_fee_and_says_why(soon):
    policy(late_fee_kind="amount", late_fee_amount=40)
    jo, marcus = make_desk("Jo"), make_desk("Marcus")
    given = {"fate-uuid": str(uuid.uuid4()), "fate-held": "0", "fate-fee": "10"}
    with pytest.raises(Refused, match="may not waive or lower a fee"):
        mark_late(appointment=soon, reason="", desk=jo, answers=given)
    with pytest.raises(Refused, match="Say why the client is let off"):
        mark_late(appointment=soon, reason="", desk=marcus, answers=given)
    with pytest.raises(Refused, match=r"The policy’s fee is \$40\.00\. Enter no more"):
        mark_late(appointment=soon, reason="", desk=marcus, answers=given | {"fate-fee": "41"})
    why = {"fate-waive_reason": "First time"}
    mark_late(appointment=soon, reason="", desk=marcus, answers=given | why)
    fee = Fee.objects.get()
    assert (fee.amount, fee.waived_reason) == (dollars(10), "Lowered from $40.00: First time")


def test_a_fee_of_nothing_is_waived_and_kept_on_record(soon):
    policy(late_fee_kind="amount", late_fee_amount=40)
    marcus = make_desk("Marcus")
    given = {"fate-uuid": str(uuid.uuid4()), "fate-held": "0", "fate-fee": "0"}
    mark_late(
        appointment=soon, reason="", desk=marcus,
        answers=given | {"fate-waive_reason": "Her train was canceled"},
    )  # fmt: skip
    fee = Fee.objects.get()
    assert (fee.status, fee.amount, fee.waived_by) == ("waived", dollars(40), marcus.staff)
    assert_well()


def test_a_fee_is_never_above_what_the_services_cost(desk, visit):
    policy(no_show_fee_kind="amount", no_show_fee_amount=500)
    missed = consequence_of(visit, occasion="no_show", at=clock.now())
    assert missed.fee == dollars(85)


# --- Rescheduling --------------------------------------------------------------------------------


def test_a_deposit_follows_its_visit_and_nothing_is_asked(desk, visit):
    take_deposit(visit, 30, desk)
    move(appointment=visit, starts_at=in_days(9), desk=desk)
    assert held(visit) == "$30.00"
    assert not Decision.objects.exists()


def test_beyond_the_owners_limit_the_desk_carries_it_along_with_a_reason(desk, visit, clock_stands):
    policy(most_moves=1)
    take_deposit(visit, 30, desk)
    move(appointment=visit, starts_at=in_days(9), desk=desk)
    # Not to put that right, for which the desk has some minutes.
    clock_stands.shift(3600)
    with pytest.raises(Refused, match=r"\$30\.00 is held for this visit\. Say what"):
        move(appointment=visit, starts_at=in_days(10), desk=desk)
    with pytest.raises(Refused, match="Say why it is carried along"):
        move(appointment=visit, starts_at=in_days(10), desk=desk, answers=answers(visit, "carry"))
    move(
        appointment=visit, starts_at=in_days(10), desk=desk,
        answers=answers(visit, "carry", reason="Storm"),
    )  # fmt: skip
    assert held(visit) == "$30.00"
    decision = Decision.objects.get()
    assert (decision.occasion, decision.reason, decision.policy) == (
        "moved", "Storm", "kept: This deposit was moved 1 of 1.",
    )  # fmt: skip
    assert_well()


def test_one_word_about_one_visit_carries_no_other(desk, clara, visit):
    policy(most_moves=0)
    other = make_visit(clara, 5)
    for one in (visit, other):
        take_deposit(one, 30, desk)
    given = answers(visit, "carry", reason="Storm")
    move(appointment=visit, starts_at=in_days(9), desk=desk, answers=given)
    with pytest.raises(Refused, match="This form was used already"):
        move(appointment=other, starts_at=in_days(12), desk=desk, answers=given)
    assert Decision.objects.get().appointment == visit


def test_beyond_the_limit_a_client_online_does_not_move_it(desk, visit):
    policy(most_moves=0)
    take_deposit(visit, 30, desk)
    nobody = Desk(staff=None, location=desk.location, by_itself=True)
    carried = answers(visit, "carry", reason="I want to")
    with pytest.raises(Refused, match="Deposits are not carried to another time here"):
        move(appointment=visit, starts_at=in_days(9), desk=nobody, answers=carried)


def test_beyond_the_limit_the_visit_may_move_without_its_deposit(desk, clara, visit):
    policy(most_moves=0)
    take_deposit(visit, 30, desk)
    move(appointment=visit, starts_at=in_days(9), desk=desk, answers=answers(visit, "forfeited"))
    assert held(visit) == "$0.00"
    assert books() == {"card": 3000, "forfeited": -3000}
    assert Decision.objects.get().occasion == "moved"


# --- Another client ------------------------------------------------------------------------------


def test_a_visit_that_is_given_away_takes_its_deposit_along(desk, clara, visit):
    ben = make_client("Ben Okafor")
    sold = take_deposit(visit, 30, desk)
    with pytest.raises(Refused, match=r"\$30\.00 is held"):
        give_to(appointment=visit, client=ben, desk=desk)
    give_to(appointment=visit, client=ben, desk=desk, answers=answers(visit, "transfer"))
    assert (has(clara, desk).held, has(ben, desk).held) == (dollars(0), dollars(30))
    lot = open_lots(ben).get()
    assert (lot.appointment, lot.source, lot.card_ceiling) == (visit, "deposit", 3000)
    assert books() == {"card": 3000, "client_credit": -3000}
    fate = Decision.objects.get().fates.get()
    assert (fate.kind, fate.to_appointment, fate.entry.note) == (
        "moved", visit, "Deposit given to Ben Okafor",
    )  # fmt: skip
    # The card that paid can still have it back.
    cancel(
        appointment=Appointment.objects.get(), reason="", desk=desk,
        answers=answers(visit, "refunded"),
    )  # fmt: skip
    assert books() == {}
    assert sold.refunds.count() == 1
    assert_well()


def test_a_visit_that_is_given_away_may_leave_its_deposit_with_the_client(desk, clara, visit):
    take_deposit(visit, 30, desk)
    ben = make_client("Ben Okafor")
    split = answers(visit, "split", transfer="10", kept="20")
    give_to(appointment=visit, client=ben, desk=desk, answers=split)
    assert (has(clara, desk).available, has(ben, desk).held) == (dollars(20), dollars(10))
    assert_well()
