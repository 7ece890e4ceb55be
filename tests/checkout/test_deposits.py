"""Deposits at the desk, told with the books after each step (cents, debit positive)."""

import datetime as dt
import uuid

import pytest

from appointments.canceling import cancel, mark_no_show
from checkout import left_over
from checkout.adding_deposits import add_deposit, visits_ahead
from checkout.closing import close_order
from checkout.errors import Refused, StaleOrder
from checkout.lines import add_account_credits
from checkout.models import Order
from checkout.opening import open_for_visit, open_order
from checkout.presenting import OrderPage
from checkout.proposing import use_deposit
from checkout.refunding import refund_lines
from checkout.taking_back import take_back
from checkout.voiding import void_order
from ledger.balances import open_lots
from ledger.models import Entry, Lot
from ledger.releasing import release
from salon import clock
from salon.models import BusinessSettings
from tests.checkout.helpers import books, has, order_with, pay, remaining
from tests.factories import (
    dollars,
    make_appointment,
    make_client,
    make_credit,
    make_debt,
    make_desk,
    make_location,
    make_service,
)
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk("Olivia")


@pytest.fixture
def visit(clara):
    """Cut & finish for $85.00, tomorrow."""
    return make_appointment(clara, starts_at=clock.now() + dt.timedelta(days=1))


def take_deposit(visit, amount, desk, kind="card", payer=None, **more):
    """A deposit for a visit, paid and closed."""
    order = open_order(desk=desk, client=payer or visit.client)
    add_deposit(
        order=order, beneficiary=visit.client, visit=visit, amount=dollars(amount), desk=desk
    )
    pay(order, kind, amount, desk, **more)
    return close_order(order=order, desk=desk)


def add(order, visit, desk, amount=30, **more):
    return add_deposit(
        order=order,
        beneficiary=more.pop("beneficiary", visit.client if visit else order.client),
        visit=visit,
        amount=dollars(amount),
        desk=desk,
        **more,
    )


# --- Worked examples ---------------------------------------------------------------------------


def test_a_deposit_is_held_and_pays_its_own_visit_first(desk, clara, visit):
    sold = take_deposit(visit, 30, desk)
    assert books() == {"card": 3000, "client_credit": -3000}
    lot = sold.lines.get().opened_lot
    assert (lot.source, lot.appointment, lot.card_ceiling, lot.is_paid) == (
        "deposit", visit, 3000, True,
    )  # fmt: skip
    assert (has(clara, desk).available, has(clara, desk).held) == (dollars(0), dollars(30))

    order = open_for_visit(appointment=visit, desk=desk)
    assert books() == {"card": 3000, "client_credit": -3000}  # Proposed is not posted.
    pay(order, "cash", 55, desk)
    assert books() == {"card": 3000, "cash": 5500, "open_orders": -8500}
    assert [(t.kind, t.amount) for t in order.tenders.all()] == [
        ("credits", dollars(30)), ("cash", dollars(55)),
    ]  # fmt: skip
    close_order(order=order, desk=desk)
    assert books() == {"card": 3000, "cash": 5500, "income": -8500}
    assert has(clara, desk).is_empty
    assert_well()


def test_a_deposit_that_pays_the_whole_visit_is_applied_by_closing_it(desk, visit):
    take_deposit(visit, 85, desk)
    order = open_for_visit(appointment=visit, desk=desk)
    close_order(order=order, desk=desk)
    assert books() == {"card": 8500, "income": -8500}
    assert close_order(order=order, desk=desk).tenders.count() == 1
    assert_well()


def test_what_is_left_of_a_larger_deposit_becomes_balance(desk, clara, visit):
    take_deposit(visit, 100, desk)
    close_order(order=open_for_visit(appointment=visit, desk=desk), desk=desk)
    assert books() == {"card": 10000, "income": -8500, "client_credit": -1500}
    rest = open_lots(clara).get()
    assert (rest.remaining, rest.appointment, rest.source, rest.card_ceiling) == (
        1500, None, "deposit", 1500,
    )  # fmt: skip
    assert rest.parent.since == rest.since
    assert has(clara, desk).available == dollars(15)
    assert Entry.objects.get(kind="lot_change").note == "Left of the deposit"
    assert_well()


def test_what_is_left_of_a_larger_deposit_goes_back_to_its_card(desk, clara, visit):
    sold = take_deposit(visit, 100, desk)
    order = open_for_visit(appointment=visit, desk=desk)
    close_order(order=order, desk=desk, left_over="card")
    assert books() == {"card": 8500, "income": -8500}
    assert has(clara, desk).is_empty
    refund = sold.refunds.get()
    assert refund.reason == f"Left of the deposit, sale #{order.number}"
    assert [(part.destination, part.amount) for part in refund.parts.all()] == [
        ("card", dollars(15))
    ]
    assert close_order(order=order, desk=desk, left_over="card").status == Order.Status.CLOSED
    assert sold.refunds.count() == 1
    assert_well()


def test_no_more_deposits_go_back_to_cards_at_once_than_are_told(desk, clara, visit, monkeypatch):
    monkeypatch.setattr(left_over, "_MOST", 1)
    for amount in (90, 20, 30):
        take_deposit(visit, amount, desk)
    order = open_for_visit(appointment=visit, desk=desk)
    asked = OrderPage(order, desk).left_over
    assert (asked.to_card, asked.rest) == (dollars(5), dollars(50))
    close_order(order=order, desk=desk, left_over="card")
    assert has(clara, desk).available == dollars(50)
    assert [sentence[:12] for sentence in left_over.told(order)] == ["Give $5.00 b", "$50.00 left "]
    assert_well()


def test_a_deposit_of_cash_has_no_card_to_go_back_to(desk, clara, visit):
    BusinessSettings.objects.update(deposits_by_card_only=False)
    sold = take_deposit(visit, 100, desk, kind="cash")
    assert sold.lines.get().opened_lot.card_ceiling == 0
    order = open_for_visit(appointment=visit, desk=desk)
    with pytest.raises(Refused, match="not paid by card"):
        close_order(order=order, desk=desk, left_over="card")
    assert books() == {"cash": 10000, "client_credit": -10000}
    assert not order.tenders.exists()
    close_order(order=order, desk=desk)
    assert has(clara, desk).available == dollars(15)
    assert_well()


def test_of_a_deposit_by_card_and_cash_no_more_goes_to_the_card_than_it_paid(desk, clara, visit):
    BusinessSettings.objects.update(deposits_by_card_only=False)
    sold = open_order(desk=desk, client=clara)
    add(sold, visit, desk, 100)
    pay(sold, "card", 10, desk)
    pay(sold, "cash", 90, desk)
    close_order(order=sold, desk=desk)
    assert sold.lines.get().opened_lot.card_ceiling == 1000
    close_order(order=open_for_visit(appointment=visit, desk=desk), desk=desk, left_over="card")
    assert books() == {"cash": 9000, "income": -8500, "client_credit": -500}
    assert (has(clara, desk).available, has(clara, desk).held) == (dollars(5), dollars(0))
    assert_well()


def test_ines_pays_the_deposit_of_claras_visit(desk, clara, visit):
    take_deposit(visit, 30, desk, payer=make_client("Ines Duarte"))
    assert has(clara, desk).held == dollars(30)
    order = open_for_visit(appointment=visit, desk=desk)
    pay(order, "card", 55, desk)
    close_order(order=order, desk=desk)
    assert books() == {"card": 8500, "income": -8500}
    assert_well()


def test_a_deposit_never_settles_what_the_client_owes(desk, clara, visit):
    make_debt(clara, 12)
    take_deposit(visit, 30, desk)
    assert (has(clara, desk).owes, has(clara, desk).held) == (dollars(12), dollars(30))
    assert_well()


def test_without_earmarks_a_deposit_is_free_credit_at_once(desk, clara, visit):
    BusinessSettings.objects.update(earmark_deposits=False, apply_earmarked_deposits=False)
    order = open_order(desk=desk, client=clara)
    line = add(order, None, desk)
    assert line.description == "Deposit - Clara Nuñez"
    pay(order, "card", 30, desk)
    close_order(order=order, desk=desk)
    assert has(clara, desk).available == dollars(30)
    assert open_lots(clara).get().source == "deposit"
    other = order_with(desk, clara, service=40)
    pay(other, "credits", 30, desk)
    assert remaining(other) == dollars(10)
    assert_well()


def test_without_applying_by_itself_the_credits_button_draws_the_deposit_first(desk, clara, visit):
    take_deposit(visit, 30, desk)
    make_credit(clara, 50)
    BusinessSettings.objects.update(apply_earmarked_deposits=False)
    order = open_for_visit(appointment=visit, desk=desk)
    pay(order, "cash", 45, desk)
    assert order.tenders.count() == 1
    pay(order, "credits", 40, desk)
    close_order(order=order, desk=desk)
    assert (has(clara, desk).available, has(clara, desk).held) == (dollars(40), dollars(0))
    assert_well()


def test_a_location_may_apply_deposits_by_itself_although_the_business_does_not(desk, visit):
    take_deposit(visit, 30, desk)
    BusinessSettings.objects.update(apply_earmarked_deposits=False)
    desk.location.apply_earmarked_deposits = True
    desk.location.save()
    order = open_for_visit(appointment=visit, desk=desk)
    pay(order, "cash", 55, desk)
    assert not remaining(order)


def test_a_deposit_pays_its_visit_although_balances_are_switched_off(desk, clara, visit):
    take_deposit(visit, 100, desk)
    make_credit(clara, 50)
    BusinessSettings.objects.update(client_account_balances=False)
    order = open_for_visit(appointment=visit, desk=desk)
    close_order(order=order, desk=desk, left_over="card")
    assert books() == {"card": 8500, "opening": 5000, "income": -8500, "client_credit": -5000}
    assert_well()


def test_with_balances_off_credits_pay_what_is_held_and_nothing_more(desk, clara, visit):
    take_deposit(visit, 30, desk)
    make_credit(clara, 50)
    BusinessSettings.objects.update(client_account_balances=False, apply_earmarked_deposits=False)
    order = open_for_visit(appointment=visit, desk=desk)
    with pytest.raises(Refused, match=r"switched off.*Only the \$30\.00 held for this visit"):
        pay(order, "credits", 40, desk)
    pay(order, "credits", 30, desk)
    with pytest.raises(Refused, match="switched off"):
        pay(order, "credits", 10, desk)
    assert has(clara, desk).available == dollars(50)
    with pytest.raises(Refused, match="switched off"):
        pay(order_with(desk, clara, service=40), "credits", 10, desk)
    assert_well()


def test_with_balances_off_no_new_deposit_is_taken(desk, clara, visit):
    BusinessSettings.objects.update(client_account_balances=False)
    with pytest.raises(Refused, match="switched off"):
        add(open_order(desk=desk, client=clara), visit, desk)


def test_a_void_gives_the_deposit_back_to_its_visit(desk, clara, visit):
    take_deposit(visit, 30, desk)
    order = open_for_visit(appointment=visit, desk=desk)
    pay(order, "cash", 55, desk)
    void_order(order=order, desk=desk, reason="Wrong visit")
    assert books() == {"card": 3000, "client_credit": -3000}
    lot = Lot.objects.get()
    assert (lot.remaining, lot.appointment) == (3000, visit)
    again = open_for_visit(appointment=visit, desk=desk)
    pay(again, "cash", 55, desk)
    assert not remaining(again)
    assert_well()


def test_where_the_deposit_pays_everything_nothing_else_is_taken(desk, visit):
    take_deposit(visit, 100, desk)
    order = open_for_visit(appointment=visit, desk=desk)
    with pytest.raises(Refused, match="paid in full"):
        pay(order, "card", 15, desk)
    assert not order.tenders.exists()


def test_a_deposit_never_pays_what_credit_may_not(desk, clara, visit):
    """Its visit's sale also sells account credit: the deposit stops at the service."""
    take_deposit(visit, 100, desk)
    order = open_for_visit(appointment=visit, desk=desk)
    add_account_credits(order=order, beneficiary=clara, amount=dollars(50), desk=desk)
    pay(order, "cash", 50, desk)
    assert order.tenders.get(kind="credits").amount == dollars(85)
    close_order(order=order, desk=desk)
    assert has(clara, desk).available == dollars(65)
    assert_well()


# --- Leaving it out ------------------------------------------------------------------------------


def test_a_deposit_can_be_left_out_and_used_after_all(desk, clara, visit):
    take_deposit(visit, 30, desk)
    make_credit(clara, 50)
    order = open_for_visit(appointment=visit, desk=desk)
    use_deposit(order=order, use=False, desk=desk)
    pay(order, "cash", 15, desk)
    assert remaining(order) == dollars(70)
    with pytest.raises(Refused, match=r"\$50\.00 available"):
        pay(order, "credits", 60, desk)
    pay(order, "credits", 10, desk)
    assert has(clara, desk).held == dollars(30)
    use_deposit(order=order, use=True, desk=desk)
    pay(order, "cash", 30, desk)
    close_order(order=order, desk=desk)
    assert (has(clara, desk).available, has(clara, desk).held) == (dollars(40), dollars(0))
    assert_well()


def test_a_deposit_that_was_left_out_altogether_does_not_stay_held(desk, clara, visit):
    take_deposit(visit, 30, desk)
    order = open_for_visit(appointment=visit, desk=desk)
    use_deposit(order=order, use=False, desk=desk)
    pay(order, "cash", 85, desk)
    close_order(order=order, desk=desk)
    assert (has(clara, desk).available, has(clara, desk).held) == (dollars(30), dollars(0))
    assert_well()


def test_a_deposit_taken_back_is_not_proposed_again_at_once(desk, visit):
    take_deposit(visit, 30, desk)
    order = open_for_visit(appointment=visit, desk=desk)
    pay(order, "cash", 20, desk)
    deposit = order.tenders.get(kind="credits")
    take_back(
        tender=deposit, amount=dollars(30), destination="credits", desk=desk, uuid=uuid.uuid4()
    )
    order.refresh_from_db()
    assert order.deposit_held_back
    pay(order, "cash", 10, desk)
    assert remaining(order) == dollars(55)
    use_deposit(order=order, use=True, desk=desk)
    pay(order, "cash", 25, desk)
    close_order(order=order, desk=desk)
    assert books() == {"card": 3000, "cash": 5500, "income": -8500}
    assert_well()


def test_leaving_it_out_on_a_stale_page_is_told(desk, visit):
    take_deposit(visit, 30, desk)
    order = open_for_visit(appointment=visit, desk=desk)
    pay(order, "cash", 5, desk)
    with pytest.raises(StaleOrder):
        use_deposit(order=order, use=False, desk=desk, revision=0)
    assert use_deposit(order=order, use=True, desk=desk, revision=0).pk == order.pk


def test_a_refused_payment_leaves_the_deposit_where_it_was(desk, clara, visit):
    take_deposit(visit, 30, desk)
    order = open_for_visit(appointment=visit, desk=desk)
    with pytest.raises(Refused, match=r"Only \$55\.00 remains to be paid"):
        pay(order, "cash", 85, desk)
    assert books() == {"card": 3000, "client_credit": -3000}
    assert not order.tenders.exists()
    assert has(clara, desk).held == dollars(30)


def test_the_same_payment_sent_twice_applies_the_deposit_once(desk, visit):
    take_deposit(visit, 30, desk)
    order = open_for_visit(appointment=visit, desk=desk)
    key = uuid.uuid4()
    for _ in range(2):
        pay(order, "cash", 55, desk, key=key)
    assert order.tenders.count() == 2
    assert_well()


def test_a_deposit_released_meanwhile_is_missing_at_close(desk, clara, visit):
    lot = take_deposit(visit, 85, desk).lines.get().opened_lot
    order = open_for_visit(appointment=visit, desk=desk)
    release(lots=[lot], desk=desk, key="test:release", reason="Asked for it")
    with pytest.raises(Refused, match=r"\$85\.00 remains to be paid"):
        close_order(order=order, desk=desk)
    assert has(clara, desk).available == dollars(85)
    assert_well()


# --- What refuses ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["cash", "check"])
def test_by_card_only_means_that_nothing_else_pays_it(desk, clara, visit, kind):
    order = open_order(desk=desk, client=clara)
    add(order, visit, desk)
    with pytest.raises(Refused, match=r"Deposit - Clara Nuñez .* has to be paid another way"):
        pay(order, kind, 30, desk)
    assert not order.tenders.exists()
    pay(order, "card", 30, desk)
    close_order(order=order, desk=desk)


def test_cash_pays_the_cut_beside_a_deposit_by_card_only(desk, clara, visit):
    order = order_with(desk, clara, service=20)
    add(order, visit, desk)
    with pytest.raises(Refused, match=r"at most \$20\.00 here"):
        pay(order, "cash", 21, desk)
    pay(order, "cash", 20, desk)
    pay(order, "card", 30, desk)
    close_order(order=order, desk=desk)
    assert order.lines.get(kind="deposit").opened_lot.card_ceiling == 3000
    assert books() == {"card": 3000, "cash": 2000, "income": -2000, "client_credit": -3000}


def test_the_setting_of_the_moment_of_adding_counts(desk, clara, visit):
    order = open_order(desk=desk, client=clara)
    line = add(order, visit, desk)
    BusinessSettings.objects.update(deposits_by_card_only=False)
    assert {"cash", "check", "custom"} <= line.refused
    with pytest.raises(Refused):
        pay(order, "cash", 30, desk)
    assert not add(order, visit, desk).refused


def test_credit_never_pays_a_deposit(desk, clara, visit):
    make_credit(clara, 100)
    BusinessSettings.objects.update(deposits_by_card_only=False)
    order = open_order(desk=desk, client=clara)
    add(order, visit, desk)
    with pytest.raises(Refused, match=r"can pay at most \$0\.00"):
        pay(order, "credits", 30, desk)


def test_another_clients_visit_is_refused(desk, clara, visit):
    ben = make_client("Ben Okafor")
    order = open_order(desk=desk, client=ben)
    with pytest.raises(Refused, match="not Ben Okafor’s"):
        add(order, visit, desk, beneficiary=ben)
    assert not order.lines.exists()


def test_a_visit_that_is_over_canceled_or_missed_is_refused(desk, clara):
    order = open_order(desk=desk, client=clara)
    past = make_appointment(clara, starts_at=clock.now() - dt.timedelta(hours=5))
    with pytest.raises(Refused, match="is over"):
        add(order, past, desk)
    canceled = make_appointment(clara, starts_at=clock.now() + dt.timedelta(hours=5))
    cancel(appointment=canceled, reason="", desk=desk)
    missed = make_appointment(clara, starts_at=clock.now() + dt.timedelta(hours=9))
    mark_no_show(appointment=missed, desk=desk)
    for visit, word in ((canceled, "canceled"), (missed, "no-show")):
        visit.refresh_from_db()
        with pytest.raises(Refused, match=f"is {word}"):
            add(order, visit, desk)
    assert not visits_ahead(clara, order)


def test_no_visit_is_refused_where_deposits_are_held_and_a_visit_where_they_are_not(
    desk, clara, visit
):
    order = open_order(desk=desk, client=clara)
    with pytest.raises(Refused, match="Choose the visit"):
        add(order, None, desk, beneficiary=clara)
    BusinessSettings.objects.update(earmark_deposits=False, apply_earmarked_deposits=False)
    with pytest.raises(Refused, match="not held for visits here"):
        add(order, visit, desk)


def test_the_visits_own_sale_takes_no_deposit_for_it(desk, clara, visit):
    order = open_for_visit(appointment=visit, desk=desk)
    with pytest.raises(Refused, match="own sale"):
        add(order, visit, desk)
    assert not visits_ahead(clara, order)


def test_a_deposit_of_nothing_is_refused(desk, clara, visit):
    with pytest.raises(Refused, match="above zero"):
        add(open_order(desk=desk, client=clara), visit, desk, 0)


def test_a_visit_that_was_canceled_meanwhile_keeps_the_sale_open(desk, clara, visit):
    order = open_order(desk=desk, client=clara)
    add(order, visit, desk)
    pay(order, "card", 30, desk)
    cancel(appointment=visit, reason="", desk=desk)
    with pytest.raises(Refused, match=r"is canceled meanwhile.*The sale stays open"):
        close_order(order=order, desk=desk)
    assert books() == {"card": 3000, "open_orders": -3000}


def test_who_may_not_refund_may_not_send_the_rest_to_the_card(desk, visit):
    take_deposit(visit, 100, desk)
    jo = make_desk("Jo", location=desk.location)
    order = open_for_visit(appointment=visit, desk=jo)
    with pytest.raises(Refused, match="refund and void sales"):
        close_order(order=order, desk=jo, left_over="card")
    order.refresh_from_db()
    assert order.is_open
    close_order(order=order, desk=jo, left_over="whatever")
    assert has(visit.client, desk).available == dollars(15)


def test_another_order_never_draws_what_is_held(desk, clara, visit):
    take_deposit(visit, 30, desk)
    with pytest.raises(Refused, match=r"\$0\.00 available"):
        pay(order_with(desk, clara, service=40), "credits", 10, desk)


# --- Refunding it ---------------------------------------------------------------------------------


def test_a_held_deposit_is_refunded_to_its_card_and_is_gone(desk, clara, visit):
    sold = take_deposit(visit, 30, desk)
    line = sold.lines.get()
    with pytest.raises(Refused, match="cannot go to the balance"):
        refund_lines(
            order=sold,
            amounts={line: dollars(30)},
            destinations={sold.tenders.get().pk: "balance"},
            desk=desk,
            uuid=uuid.uuid4(),
        )
    refund_lines(
        order=sold, amounts={line: dollars(30)}, destinations={}, desk=desk, uuid=uuid.uuid4()
    )
    assert books() == {}
    assert has(clara, desk).is_empty
    assert_well()


def test_a_released_deposit_keeps_its_card_and_is_found_by_its_refund(desk, clara, visit):
    sold = take_deposit(visit, 30, desk)
    lot = sold.lines.get().opened_lot
    release(lots=[lot], desk=desk, key="test:release", reason="Asked for it")
    assert has(clara, desk).available == dollars(30)
    assert release(lots=[Lot.objects.get(pk=lot.pk)], desk=desk, key="x", reason="") is None
    refund_lines(
        order=sold,
        amounts={sold.lines.get(): dollars(30)},
        destinations={},
        desk=desk,
        uuid=uuid.uuid4(),
    )
    assert books() == {}
    assert_well()


def test_the_visit_of_another_location_is_said_on_its_clock(desk, clara):
    west = make_location("Venice", time_zone="America/Los_Angeles")
    at = dt.datetime(clock.now().year + 1, 11, 24, 20, 15, tzinfo=dt.UTC)
    visit = make_appointment(clara, make_service(), starts_at=at, location=west)
    line = add(open_order(desk=desk, client=clara), visit, desk)
    assert line.description.endswith(f"Nov 24, {at.year}, 12:15 pm")
