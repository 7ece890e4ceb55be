"""What becomes of a deposit, told with the books after each step (cents, debit positive)."""

import uuid

import pytest

from appointments.models import Appointment
from checkout.closing import close_order
from checkout.opening import open_for_visit
from checkout.refundable import Refundable
from deposits.errors import Refused
from deposits.fates.held import held_for, held_for_visits
from deposits.fates.words import sentences_of
from deposits.models import Decision, Fate
from ledger.balances import open_lots
from ledger.models import Entry
from salon.models import BusinessSettings
from tests.checkout.helpers import books, has, pay
from tests.deposits.money import by_hand, fates, held, make_visit, take_deposit, wish
from tests.factories import (
    dollars,
    make_client,
    make_credit,
    make_debt,
    make_desk,
    make_merchant_account,
)
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db


# --- Worked examples ---------------------------------------------------------------------------


def test_a_deposit_that_is_kept_becomes_free_credit_on_its_own_terms(desk, clara, visit):
    take_deposit(visit, 30, desk)
    decision = by_hand(visit, desk, wish("kept", 30), reason="Clara is ill")
    assert books() == {"card": 3000, "client_credit": -3000}
    assert (has(clara, desk).available, has(clara, desk).held) == (dollars(30), dollars(0))
    lot = open_lots(clara).get()
    assert (lot.source, lot.card_ceiling, lot.is_paid, lot.parent.appointment) == (
        "deposit", 3000, True, visit,
    )  # fmt: skip
    entry = Entry.objects.get(kind="lot_change")
    assert entry.note == "Deposit kept as account balance: Clara is ill"
    assert (entry.cause_kind, entry.cause_id) == ("deposit", str(decision.uuid))
    assert sentences_of(decision) == ["$30.00 is account balance now."]
    assert_well()


def test_a_deposit_that_is_forfeited_is_income_that_day(desk, clara, visit):
    take_deposit(visit, 30, desk)
    decision = by_hand(visit, desk, wish("forfeited", 30))
    assert books() == {"card": 3000, "forfeited": -3000}
    assert has(clara, desk).is_empty
    assert Entry.objects.get(kind="forfeit").business_date == desk.business_date
    assert sentences_of(decision) == ["$30.00 is forfeited."]
    assert_well()


def test_a_deposit_goes_back_to_the_card_out_of_its_own_sale(desk, clara, visit):
    sold = take_deposit(visit, 30, desk)
    decision = by_hand(visit, desk, wish("refunded", 30), reason="We canceled")
    assert books() == {}
    refund = sold.refunds.get()
    assert refund.reason == "Deposit refunded: We canceled"
    assert list(decision.fates.get().refunds.all()) == [refund]
    assert sentences_of(decision) == ["Give $30.00 back to the card on its terminal."]
    assert_well()


def test_a_deposit_moves_to_another_visit_and_pays_that_one(desk, clara, visit):
    take_deposit(visit, 30, desk)
    other = make_visit(clara, 10)
    decision = by_hand(visit, desk, wish("moved", 30, other))
    assert books() == {"card": 3000, "client_credit": -3000}
    assert held_for_visits([visit, other]) == {other.pk: dollars(30)}
    assert sentences_of(decision)[0].startswith("$30.00 is held for ")
    order = open_for_visit(appointment=other, desk=desk)
    pay(order, "cash", 55, desk)
    close_order(order=order, desk=desk)
    assert books() == {"card": 3000, "cash": 5500, "income": -8500}
    assert_well()


def test_one_deposit_in_three_parts(desk, clara, visit):
    """$100.00: $40.00 back to the card, $35.00 kept by the salon, the rest is balance."""
    take_deposit(visit, 100, desk)
    decision = by_hand(visit, desk, wish("kept", 25), wish("forfeited", 35), wish("refunded", 40))
    assert books() == {"card": 6000, "forfeited": -3500, "client_credit": -2500}
    assert fates(decision) == [
        ("refunded", "$40.00"), ("forfeited", "$35.00"), ("kept", "$25.00"),
    ]  # fmt: skip
    assert has(clara, desk).available == dollars(25)
    assert open_lots(clara).get().card_ceiling == 2500
    assert_well()


def test_two_deposits_of_one_visit_are_parted_as_one(desk, clara, visit):
    first, second = take_deposit(visit, 30, desk), take_deposit(visit, 20, desk)
    by_hand(visit, desk, wish("refunded", 45), wish("kept", 5))
    assert first.refunds.count() == second.refunds.count() == 1
    assert books() == {"card": 500, "client_credit": -500}
    assert_well()


def test_cards_get_back_what_they_paid_and_cash_becomes_balance(desk, clara, visit):
    BusinessSettings.objects.update(deposits_by_card_only=False)
    take_deposit(visit, 20, desk, kind="cash")
    take_deposit(visit, 30, desk)
    assert held_for(visit).to_card == dollars(30)
    with pytest.raises(Refused, match=r"Only \$30\.00 of it can go back to a card"):
        by_hand(visit, desk, wish("refunded", 31), wish("kept", 19))
    by_hand(visit, desk, wish("refunded", 30), wish("kept", 20))
    assert books() == {"cash": 2000, "client_credit": -2000}
    assert open_lots(clara).get().card_ceiling == 0
    assert_well()


def test_what_is_kept_can_still_go_back_to_its_card_later(desk, clara, visit):
    sold = take_deposit(visit, 100, desk)
    by_hand(visit, desk, wish("kept", 60), wish("forfeited", 40))
    assert Refundable(sold).of_line_by_card(sold.lines.get()) == dollars(60)


def test_a_deposit_never_settles_a_debt_when_it_is_kept(desk, clara, visit):
    make_debt(clara, 12)
    take_deposit(visit, 30, desk)
    by_hand(visit, desk, wish("kept", 30))
    assert (has(clara, desk).owes, has(clara, desk).available) == (dollars(12), dollars(30))
    assert_well()


def test_what_a_provider_holds_is_forfeited_to_the_provider(desk, clara, visit):
    theo = make_merchant_account("Theo")
    make_credit(
        clara, 30, source="deposit", visit=visit.pk, holder=theo.pk, desk=desk, is_paid=True
    )
    by_hand(visit, desk, wish("forfeited", 30))
    assert books() == {"opening": 3000, "provider": -3000}
    assert_well()


def test_with_balances_switched_off_every_fate_is_still_possible(desk, clara, visit):
    take_deposit(visit, 30, desk)
    BusinessSettings.objects.update(client_account_balances=False)
    by_hand(visit, desk, wish("kept", 10), wish("refunded", 10), wish("forfeited", 10))
    assert books() == {"card": 2000, "forfeited": -1000, "client_credit": -1000}


def test_a_deposit_whose_visit_is_gone_is_decided_by_hand(desk, clara, visit):
    take_deposit(visit, 30, desk)
    Appointment.objects.filter(pk=visit.pk).update(status="no_show")
    by_hand(visit, desk, wish("kept", 30))
    assert has(clara, desk).available == dollars(30)


# --- Once ----------------------------------------------------------------------------------------


def test_the_same_form_again_finds_its_decision_and_another_is_refused(desk, visit):
    take_deposit(visit, 30, desk)
    key = uuid.uuid4()
    first = by_hand(visit, desk, wish("kept", 20), wish("forfeited", 10), uuid=key)
    again = by_hand(visit, desk, wish("forfeited", 10), wish("kept", 20), uuid=key)
    assert again == first
    with pytest.raises(Refused, match="used for another decision"):
        by_hand(visit, desk, wish("kept", 30), uuid=key)
    assert Fate.objects.count() == 2
    assert_well()


# --- What no sheet would send --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ([("kept", "29.99")], r"\$30\.00 is held for this visit, and the parts make \$29\.99"),
        ([("kept", "30.01")], r"the parts make \$30\.01"),
        ([("kept", 40), ("forfeited", -10)], "above zero"),
        ([("kept", 30), ("forfeited", 0)], "above zero"),
        ([("eaten", 30)], "Say what becomes of each part"),
        ([("moved", 30)], "Say what becomes of each part"),
        ([], "the parts make"),
    ],
)
def test_parts_that_do_not_make_what_is_held_are_refused(desk, visit, parts, why):
    take_deposit(visit, 30, desk)
    with pytest.raises(Refused, match=why):
        by_hand(visit, desk, *[wish(*part) for part in parts])
    assert (held(visit), Decision.objects.count()) == ("$30.00", 0)
    assert_well()


def test_a_deposit_moves_to_no_visit_of_somebody_else_nor_to_one_that_is_over(desk, clara, visit):
    take_deposit(visit, 30, desk)
    of_ben, gone = make_visit(make_client("Ben Okafor"), 8), make_visit(clara, 9)
    Appointment.objects.filter(pk=gone.pk).update(status="canceled")
    with pytest.raises(Refused, match="That visit is Ben Okafor’s"):
        by_hand(visit, desk, wish("moved", 30, of_ben))
    with pytest.raises(Refused, match="That visit is canceled"):
        by_hand(visit, desk, wish("moved", 30, gone))
    with pytest.raises(Refused, match="held for this visit already"):
        by_hand(visit, desk, wish("moved", 30, visit))
    assert held(visit) == "$30.00"


def test_a_deposit_moves_to_no_visit_that_is_at_checkout(desk, clara, visit):
    take_deposit(visit, 30, desk)
    other = make_visit(clara, 8)
    order = open_for_visit(appointment=other, desk=desk)
    with pytest.raises(Refused, match=f"at checkout: sale #{order.number} is open"):
        by_hand(visit, desk, wish("moved", 30, other))
    assert held(visit) == "$30.00"


def test_each_fate_needs_its_permission(desk, visit):
    take_deposit(visit, 30, desk)
    with pytest.raises(Refused, match="may not decide what becomes of a deposit"):
        by_hand(visit, make_desk("Maya"), wish("kept", 30))
    with pytest.raises(Refused, match="may not refund a deposit"):
        by_hand(visit, make_desk("Jo"), wish("refunded", 30))
    by_hand(visit, make_desk("Jo"), wish("forfeited", 30))


def test_while_the_visit_is_at_checkout_its_deposit_is_left_alone(desk, visit):
    take_deposit(visit, 30, desk)
    order = open_for_visit(appointment=visit, desk=desk)
    with pytest.raises(Refused, match=f"Sale #{order.number} of this visit is open"):
        by_hand(visit, desk, wish("kept", 30))


def test_where_nothing_is_held_there_is_nothing_to_decide(desk, visit):
    with pytest.raises(Refused, match="Nothing is held for this visit any more"):
        by_hand(visit, desk, wish("kept", 30))
