"""Fees: the deposit first, the card on file for the rest, an IOU, a to-do; and the ways out."""

import uuid

import pytest

from appointments.canceling import mark_no_show
from cards import attempts
from cards.models import Attempt
from cards.on_file import make_default
from checkout.closing import close_order
from checkout.refunding import refund_lines
from checkout.voiding import void_order
from deposits.errors import Refused
from deposits.fates.consequences import consequence_of
from deposits.fates.deciding import answers_for
from deposits.fees import purpose
from deposits.fees.charging import charge_fee, collect, let_off, waive
from deposits.fees.settling import take_at_desk
from deposits.models import Fee
from salon import clock
from salon.models import BusinessSettings
from tests.cards.on_file_helpers import make_card
from tests.checkout.charges.helpers import charged
from tests.checkout.helpers import books, has, pay
from tests.deposits.money import make_visit, policy, take_deposit
from tests.factories import dollars, make_desk
from tests.harness.processor import DECLINED_LATER, PAYS
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk("Marcus")


@pytest.fixture
def visit(clara):
    """$85.00; who does not come pays half."""
    policy(no_show_fee_kind="percent", no_show_fee_percent=50)
    return make_visit(clara)


@pytest.fixture
def missed(django_capture_on_commit_callbacks):
    """Mark a visit as missed, as the policy has it; what follows the commit happens too."""

    def act(visit, desk) -> Fee:
        policy_says = consequence_of(visit, occasion="no_show", at=clock.now())
        with django_capture_on_commit_callbacks(execute=True):
            mark_no_show(
                appointment=visit, desk=desk, answers=answers_for(policy_says, uuid.uuid4())
            )
        return Fee.objects.get()

    return act


def test_the_card_on_file_pays_what_the_deposit_does_not_cover(
    processor, desk, clara, visit, missed
):
    """A fee of $42.50: $30.00 is held, the card pays $12.50."""
    make_card(processor, clara, desk)
    take_deposit(visit, 30, desk)
    policy_says = consequence_of(visit, occasion="no_show", at=clock.now())
    assert policy_says.sentence == (
        "$30.00 is kept; $12.50 more is charged to your card (Visa •••• 4242)."
    )
    fee = missed(visit, desk)
    assert (fee.status, fee.amount, fee.rest) == ("paid", dollars("42.50"), dollars("12.50"))
    assert charged(processor) == [1250]
    income = {kind: books()[kind] for kind in ("forfeited", "income")}
    assert income == {"forfeited": -3000, "income": -1250}
    line = fee.order.lines.get()
    assert (line.kind, line.tax, fee.order.client) == ("fee", dollars(0), clara)
    assert fee.order.tenders.get().reference == "Visa •••• 4242"
    assert_well()


def test_a_fee_paid_by_card_goes_back_to_it_as_any_sale_does(processor, desk, clara, visit, missed):
    make_card(processor, clara, desk)
    fee = missed(visit, desk)
    line = fee.order.lines.get()
    refund_lines(
        order=fee.order, amounts={line: fee.rest}, destinations={}, desk=desk, uuid=uuid.uuid4()
    )
    assert books().get("income") is None
    with pytest.raises(Refused, match=rf"paid already\. Refund sale #{fee.order.number}"):
        waive(fee=fee, reason="She called", desk=desk)
    assert_well()


def test_a_declined_card_leaves_a_to_do_and_may_be_asked_again(
    processor, desk, clara, visit, missed
):
    card = make_card(processor, clara, desk, DECLINED_LATER)
    fee = missed(visit, desk)
    assert fee.status == "to_do"
    assert fee.failure
    assert books() == {}
    other = make_card(processor, clara, desk, PAYS)
    make_default(card=other, desk=desk)
    again = collect(fee=fee, desk=desk)
    assert (again.status, again.failure) == ("paid", "")
    assert card.pk != other.pk
    assert collect(fee=again, desk=desk).order == again.order
    assert charged(processor) == [4250]
    assert_well()


def test_a_declined_card_becomes_an_iou_where_that_is_allowed(
    processor, desk, clara, visit, missed
):
    BusinessSettings.objects.update(negative_balances=True, negative_balance_limit=dollars(100))
    make_card(processor, clara, desk, DECLINED_LATER)
    fee = missed(visit, desk)
    assert (fee.status, has(clara, desk).owes) == ("owed", dollars("42.50"))
    assert books() == {"receivable": 4250, "income": -4250}
    assert_well()


def test_an_expired_card_is_not_asked(processor, desk, clara, visit, missed):
    make_card(processor, clara, desk, exp_month=1, exp_year=2020)
    fee = missed(visit, desk)
    assert (fee.status, fee.failure) == ("to_do", "Visa •••• 4242 has expired.")
    with pytest.raises(Refused, match=r"has expired\. Nothing was charged\. Take a payment"):
        collect(fee=fee, desk=desk)


def test_what_a_card_pays_for_a_fee_that_was_waived_goes_straight_back(
    processor, desk, clara, visit
):
    """The waiver and the charge cross: the card has it back, and nothing is sold."""
    make_card(processor, clara, desk)
    fee = charge_fee(
        visit=visit, occasion="no_show", amount=dollars(20), from_deposit=dollars(0),
        desk=desk, uuid=uuid.uuid4(),
    )  # fmt: skip
    with pytest.raises(Refused, match="being charged for it at this moment"):
        waive(fee=fee, reason="She called", desk=desk)
    Fee.objects.update(status="waived")
    attempts.send(Attempt.objects.get())
    fee.refresh_from_db()
    assert (fee.status, fee.order) == ("waived", None)
    assert Attempt.objects.get().refunds.get().amount == dollars(20)
    assert "income" not in books()
    assert_well()


def test_what_cannot_be_sold_goes_straight_back_and_the_fee_is_to_do(
    processor, desk, clara, visit, missed, monkeypatch
):
    """Whatever stands against the sale: the card was charged, and is not asked after for ever."""

    def broken(**given):
        raise ValueError("no such account")

    make_card(processor, clara, desk)
    with monkeypatch.context() as broken_for_now:
        broken_for_now.setattr(purpose, "sell_paid", broken)
        fee = missed(visit, desk)
    assert (fee.status, fee.order, fee.failure) == ("to_do", None, purpose.UNSOLD)
    assert Attempt.objects.get().refunds.get().amount == dollars("42.50")
    assert_well()
    assert collect(fee=fee, desk=desk).status == "paid"
    assert_well()


def test_an_answer_about_another_visit_is_none_about_this_one(desk, clara, visit):
    act = {"occasion": "late", "amount": dollars(20), "desk": desk, "uuid": uuid.uuid4()}
    charge_fee(**act, visit=visit, from_deposit=dollars(0))
    other = make_visit(clara, 9)
    with pytest.raises(Refused, match="used for the fee of another visit"):
        charge_fee(**act, visit=other, from_deposit=dollars(0))
    with pytest.raises(Refused, match="used for the fee of another visit"):
        let_off(**act, visit=other, reason="First time")
    assert Fee.objects.get().appointment == visit


def test_nobody_lowers_a_fee_who_may_not(desk, visit):
    with pytest.raises(Refused, match="may not waive or lower a fee"):
        charge_fee(
            visit=visit, occasion="late", amount=dollars(1), from_deposit=dollars(0),
            desk=make_desk("Jo"), uuid=uuid.uuid4(), lowered="Lowered from $20.00: Nice hat",
        )  # fmt: skip
    assert not Fee.objects.exists()


def test_a_fee_is_taken_at_the_desk_in_any_way(desk, clara, visit, missed):
    fee = missed(visit, desk)
    taken = take_at_desk(fee=fee, desk=desk)
    assert take_at_desk(fee=fee, desk=desk).order == taken.order
    with pytest.raises(Refused, match=f"Sale #{taken.order.number} for this fee is open"):
        waive(fee=fee, reason="She called", desk=desk)
    pay(taken.order, "cash", "42.50", desk)
    close_order(order=taken.order, desk=desk)
    assert Fee.objects.get().status == "paid"
    assert books() == {"cash": 4250, "income": -4250}
    assert_well()


def test_a_voided_sale_of_a_fee_leaves_it_to_do(desk, clara, visit, missed):
    fee = missed(visit, desk)
    first = take_at_desk(fee=fee, desk=desk).order
    void_order(order=first, desk=desk, reason="Later")
    assert Fee.objects.get().status == "to_do"
    second = take_at_desk(fee=fee, desk=desk).order
    assert second != first
    assert_well()


def test_a_fee_is_waived_with_a_reason_by_who_may(desk, clara, visit, missed):
    fee = missed(visit, desk)
    with pytest.raises(Refused, match="may not waive"):
        waive(fee=fee, reason="She called", desk=make_desk("Jo"))
    with pytest.raises(Refused, match="Say why"):
        waive(fee=fee, reason=" ", desk=desk)
    done = waive(fee=fee, reason="She called", desk=desk)
    assert (done.status, done.waived_by, done.waived_reason) == ("waived", desk.staff, "She called")
    assert done.waived_till == desk.till
    assert waive(fee=fee, reason="Again", desk=desk).waived_reason == "She called"
    with pytest.raises(Refused, match="This fee is waived"):
        take_at_desk(fee=fee, desk=desk)


def test_waiving_leaves_what_the_deposit_paid(desk, clara, visit, missed):
    take_deposit(visit, 30, desk)
    fee = missed(visit, desk)
    done = waive(fee=fee, reason="She called", desk=desk)
    assert (done.status, done.amount) == ("covered", dollars(30))
    assert_well()


@pytest.mark.parametrize(
    ("amount", "why"), [("85.01", r"cost \$85\.00, and the fee is never more"), ("0", "above zero")]
)
def test_a_fee_out_of_bounds_is_refused(desk, visit, amount, why):
    with pytest.raises(Refused, match=why):
        charge_fee(
            visit=visit, occasion="late", amount=dollars(amount), from_deposit=dollars(0),
            desk=desk, uuid=uuid.uuid4(),
        )  # fmt: skip


def test_one_fee_stands_for_a_visit(desk, visit):
    act = {"visit": visit, "occasion": "late", "from_deposit": dollars(0), "desk": desk}
    key = uuid.uuid4()
    first = charge_fee(**act, amount=dollars(20), uuid=key)
    assert charge_fee(**act, amount=dollars(20), uuid=key) == first
    with pytest.raises(Refused, match=r"A fee of \$20\.00 was charged for this visit already"):
        charge_fee(**act, amount=dollars(20), uuid=uuid.uuid4())
    assert consequence_of(visit, occasion="no_show", at=clock.now()).fee == dollars(0)
