"""A period that is owed, paid at a desk in any way but with credit."""

import pytest

from cards import attempts
from cards.models import Attempt
from checkout.errors import Refused as SaleRefused
from checkout.lines import add_service, change_line, remove_line
from checkout.opening import open_order
from checkout.voiding import void_order
from memberships.errors import Refused
from memberships.models import Event, Membership, Period
from memberships.renewing.at_desk import take_at_desk
from memberships.renewing.beginning import begin_retry
from memberships.renewing.charging import retry
from memberships.renewing.renewing import renew_due
from memberships.renewing.settling import let_go
from salon import clock
from salon.models import BusinessSettings
from tests.checkout.charges.helpers import charged
from tests.checkout.helpers import has, pay
from tests.factories import dollars, make_client, make_credit, make_desk, make_service
from tests.harness.processor import DECLINED_LATER
from tests.ledger.books import assert_well
from tests.memberships.members import pay_and_close
from tests.memberships.renewing import (
    another_card,
    day,
    each_period_is_charged_once,
    fresh,
    latest,
    make_payer,
    on,
    renewed,
    states,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def poor(processor) -> Membership:
    """Clara's Gold since Jan 15; her card declined the charge of Feb 15."""
    member = make_payer(processor, number=DECLINED_LATER)
    renewed("2027-02-15")
    return member


def test_it_is_paid_in_cash(processor, poor):
    with on("2027-02-16"):
        desk, period = make_desk("Jo"), latest(poor)
        order = take_at_desk(period=period, desk=desk)
        assert take_at_desk(period=period, desk=desk) == order
        assert order.client == poor.client
        pay_and_close(order, desk)
    paid, member = latest(poor), fresh(poor)
    assert (paid.status, paid.order, paid.line.uuid) != ("paid", order, paid.uuid)
    assert (paid.paid_lot.amount, paid.bonus_lot.amount) == (10000, 2000)
    assert (member.status, member.next_charge_on) == ("active", day("2027-03-15"))
    assert has(poor.client, desk).available == dollars(240)
    assert str(renewed("2027-02-18")) == "nothing was due"
    assert charged(processor) == []
    assert Event.objects.filter(membership=poor, kind="paid").latest("pk").by.name == "Jo"
    assert_well()


def test_with_balances_switched_off_no_sale_is_opened(processor, poor):
    BusinessSettings.objects.update(client_account_balances=False)
    with on("2027-02-16"), pytest.raises(Refused, match=r"switched off at Midtown, and it would"):
        take_at_desk(period=latest(poor), desk=make_desk("Jo"))


def test_credit_does_not_pay_for_credit(processor, poor):
    with on("2027-02-16"):
        desk = make_desk("Jo")
        make_credit(poor.client, 500)
        order = take_at_desk(period=latest(poor), desk=desk)
        with pytest.raises(SaleRefused):
            pay(order, "credits", 100, desk)


def test_while_its_sale_is_open_no_card_is_asked_and_nothing_let_go(processor, poor):
    another_card(processor, poor)
    with on("2027-02-18"):
        desk = make_desk("Olivia")
        order = take_at_desk(period=latest(poor), desk=desk)
        assert str(renew_due()) == "nothing was due"
        for act in (
            lambda period: retry(period=period, desk=desk),
            lambda period: let_go(period=period, reason="Ill", desk=desk),
        ):
            with pytest.raises(Refused, match=f"Sale #{order.number} of this period is open"):
                act(latest(poor))
        void_order(order=order, desk=desk, reason="She left")
        assert renew_due().charged == 1
    assert states(poor) == "paid paid"
    each_period_is_charged_once()
    assert_well()


def test_after_a_sale_was_voided_another_one_takes_it(processor, poor):
    with on("2027-02-16"):
        desk = make_desk("Olivia")
        first = take_at_desk(period=latest(poor), desk=desk)
        void_order(order=first, desk=desk, reason="She left")
        second = take_at_desk(period=latest(poor), desk=desk)
        assert second != first
        pay_and_close(second, desk, "card")
    assert (latest(poor).status, latest(poor).order) == ("paid", second)
    assert_well()


def test_a_line_that_was_taken_off_leaves_it_owed(processor, poor):
    with on("2027-02-16"):
        desk = make_desk("Olivia")
        order = take_at_desk(period=latest(poor), desk=desk)
        remove_line(line=order.lines.get(), desk=desk)
        assert latest(poor).status == "past_due"
        again = take_at_desk(period=latest(poor), desk=desk)
        assert again.lines.get() == latest(poor).line


def test_another_price_than_was_agreed_to_is_not_sold(processor, poor):
    with on("2027-02-16"):
        desk = make_desk("Olivia")
        order = take_at_desk(period=latest(poor), desk=desk)
        change_line(line=order.lines.get(), unit_price=dollars(1), desk=desk)
        with pytest.raises(SaleRefused, match=r"costs \$100\.00"):
            pay_and_close(order, desk)
    assert latest(poor).status == "past_due"
    assert_well()


def test_it_is_not_taken_while_the_card_is_asked_nor_twice(processor, poor):
    another_card(processor, poor)
    with on("2027-02-18"):
        desk = make_desk("Jo")
        begun = begin_retry(latest(poor).pk, clock.now())
        with pytest.raises(Refused, match="being charged for it at this moment"):
            take_at_desk(period=latest(poor), desk=desk)
        assert attempts.send(begun.attempt).status == "succeeded"
        with pytest.raises(Refused, match=r"This period is paid\. Nothing was put on a sale"):
            take_at_desk(period=latest(poor), desk=desk)
        with pytest.raises(Refused, match="may not start a checkout"):
            take_at_desk(period=latest(poor), desk=make_desk("Maya"))


def test_what_was_let_go_meanwhile_is_not_sold(processor, poor):
    """Its sale was open when the membership ended."""
    with on("2027-02-16"):
        desk = make_desk("Olivia")
        order = take_at_desk(period=latest(poor), desk=desk)
        Period.objects.filter(pk=latest(poor).pk).update(status="waived")
        with pytest.raises(SaleRefused, match="let go"):
            pay_and_close(order, desk)
    assert fresh(order).status == "open"
    assert_well()


def test_a_payment_that_comes_late_while_its_sale_is_open_goes_straight_back(processor, poor):
    from cards import recording
    from cards.gateway import Payment, PaymentStatus

    with on("2027-02-16"):
        desk, attempt = make_desk("Jo"), Attempt.objects.get()
        order = take_at_desk(period=latest(poor), desk=desk)
        paid = Payment(attempt.payment_id, PaymentStatus.SUCCEEDED, attempt.amount)
        recording.record(attempt, paid)
        assert attempt.refunds.get().amount == dollars(100)
        pay_and_close(order, desk)
    assert states(poor) == "paid paid"
    each_period_is_charged_once()
    assert_well()


def test_it_goes_on_the_sale_that_is_open(processor, poor):
    """A cut of $85.00 and February's $100.00, on one sale and in one payment."""
    with on("2027-02-16"):
        desk = make_desk("Jo")
        order = open_order(desk=desk, client=poor.client)
        add_service(order=order, service=make_service(), staff=None, desk=desk)
        assert take_at_desk(period=latest(poor), desk=desk, order=order) == order
        assert take_at_desk(period=latest(poor), desk=desk, order=order) == order
        assert order.lines.count() == 2
        pay_and_close(order, desk)
    assert (latest(poor).status, latest(poor).order) == ("paid", order)
    each_period_is_charged_once()
    assert_well()


def test_it_goes_on_no_sale_of_another_client_and_on_none_that_is_over(processor, poor):
    with on("2027-02-16"):
        desk = make_desk("Jo")
        theirs = open_order(desk=desk, client=make_client("Ben Okafor"))
        with pytest.raises(Refused, match=r"is not Clara Nuñez’s\. Nothing was added"):
            take_at_desk(period=latest(poor), desk=desk, order=theirs)
        void_order(order=theirs, desk=make_desk("Olivia"), reason="Left")
        with pytest.raises(Refused, match="Nothing was changed"):
            take_at_desk(period=latest(poor), desk=desk, order=theirs)
        assert not theirs.lines.exists()
    assert latest(poor).order is None
