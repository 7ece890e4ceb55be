"""A period of a membership, step by step, with the trial balance after each one."""

import datetime as dt
import uuid

import pytest
import time_machine

from checkout.errors import Refused
from checkout.lines import add_service
from checkout.refunding import refund_lines, refund_tender
from checkout.sold_lots import for_cards, lots_held_for
from ledger import accounts
from ledger.expiring import expire_lots
from ledger.legs import Open, Take, Terms
from ledger.models import Lot
from memberships.models import Membership
from tests.checkout.helpers import has, order_with, pay
from tests.factories import (
    dollars,
    make_appointment,
    make_debt,
    make_desk,
    make_service,
    make_tax_rate,
)
from tests.ledger.books import act, assert_trial_balance, assert_well
from tests.memberships.members import (
    enrolled,
    make_member,
    make_plan,
    pay_and_close,
    period_of,
)

pytestmark = pytest.mark.django_db


def refund(line, amount, desk, **to):
    return refund_lines(
        order=line.order,
        amounts={line: dollars(amount)},
        destinations=to,
        desk=desk,
        uuid=uuid.uuid4(),
    )


def line_of(membership):
    return membership.enrolment.line


def lots_of(client):
    rows = Lot.objects.filter(account__client=client, is_open=True).order_by("id")
    return [(lot.remaining, lot.is_paid, lot.source) for lot in rows]


def test_a_period_with_a_bonus_is_enrolled_spent_and_refunded(desk, clara):
    """$100.00 adds $120.00. Half is spent; a refund cancels the bonus and pays $40.00 back."""
    member = make_member(clara, make_plan())
    assert_trial_balance(
        debit={"cash": "100.00", "goodwill": "20.00"}, credit={"client_credit": "120.00"}
    )
    assert lots_of(clara) == [(10000, True, "membership"), (2000, False, "membership")]
    period = period_of(member)
    assert (period.paid_lot.amount, period.bonus_lot.amount) == (10000, 2000)

    visit = order_with(desk, clara, service=60)
    pay_and_close(visit, desk, "credits")
    assert_trial_balance(
        debit={"cash": "100.00", "goodwill": "20.00"},
        credit={"client_credit": "60.00", "income": "60.00"},
    )
    assert lots_of(clara) == [(4000, True, "membership"), (2000, False, "membership")]

    with pytest.raises(Refused, match=r"Only \$40.00 of Gold, .* can still be refunded"):
        refund(line_of(member), "40.01", desk)
    refund(line_of(member), 15, desk)
    assert_trial_balance(
        debit={"cash": "85.00"}, credit={"client_credit": "25.00", "income": "60.00"}
    )
    refund(line_of(member), 25, desk)
    assert_trial_balance(debit={"cash": "60.00"}, credit={"income": "60.00"})
    assert not has(clara, desk).total
    assert_well()


def test_what_the_price_is_above_what_is_added_is_earned_at_once(desk, clara):
    """$100.00 adds $60.00: $40.00 are earned. Of a refund that part goes back first."""
    member = make_member(clara, make_plan("Silver", 100, 60))
    assert_trial_balance(
        debit={"cash": "100.00"}, credit={"client_credit": "60.00", "income": "40.00"}
    )
    refund(line_of(member), 30, desk)
    assert_trial_balance(
        debit={"cash": "70.00"}, credit={"client_credit": "60.00", "income": "10.00"}
    )
    pay_and_close(order_with(desk, clara, service=35), desk, "credits")
    with pytest.raises(Refused, match=r"Only \$35.00"):
        refund(line_of(member), 36, desk)
    refund(line_of(member), 35, desk)
    assert_trial_balance(debit={"cash": "35.00"}, credit={"income": "35.00"})
    assert_well()


def test_a_plan_that_adds_nothing_is_earned_altogether(desk, clara):
    member = make_member(clara, make_plan("Friends", 30, 0))
    assert_trial_balance(debit={"cash": "30.00"}, credit={"income": "30.00"})
    period = period_of(member)
    assert (period.paid_lot, period.bonus_lot, period.status) == (None, None, "paid")
    refund(line_of(member), 30, desk)
    assert_trial_balance(debit={}, credit={})
    assert_well()


def test_it_settles_what_is_owed_first_the_bonus_too(desk, clara):
    """She owes $110.00: the $100.00 that was paid and $10.00 of the bonus settle it."""
    make_debt(clara, 110)
    member = make_member(clara, make_plan())
    assert_trial_balance(
        debit={"cash": "100.00", "goodwill": "20.00"},
        credit={"client_credit": "10.00", "opening": "110.00"},
    )
    period = period_of(member)
    assert (period.paid_lot, period.bonus_lot.amount) == (None, 1000)
    assert (has(clara, desk).owes, has(clara, desk).available) == (dollars(0), dollars(10))
    with pytest.raises(Refused, match=r"Only \$0.00 of Gold"):
        refund(line_of(member), 1, desk)
    assert_well()


def test_it_settles_a_part_and_opens_the_rest(desk, clara):
    make_debt(clara, 30)
    member = make_member(clara, make_plan())
    assert lots_of(clara) == [(7000, True, "membership"), (2000, False, "membership")]
    refund(line_of(member), 70, desk)
    assert_trial_balance(debit={"cash": "30.00"}, credit={"opening": "30.00"})
    assert_well()


def test_restricted_money_settles_nothing_and_buys_what_it_may(desk, clara):
    make_debt(clara, 30)
    make_member(clara, make_plan(buys="services"))
    assert has(clara, desk).owes == dollars(30)
    assert set(Lot.objects.values_list("restriction", flat=True)) == {"services"}
    product = order_with(desk, clara, product=20)
    with pytest.raises(Refused):
        pay(product, "credits", 20, desk)
    assert_trial_balance(
        debit={"cash": "100.00", "goodwill": "20.00", "receivable": "30.00"},
        credit={"client_credit": "120.00", "opening": "30.00"},
    )
    pay_and_close(order_with(desk, clara, service=110), desk, "credits")
    assert lots_of(clara) == [(1000, False, "membership")]
    assert_well()


def test_money_that_expires_does_so_counted_from_the_sale(desk, clara):
    """90 days: on the last one it is there, the day after the paid part and the bonus are gone."""
    make_member(clara, make_plan(lasts_days=90))
    last = desk.business_date + dt.timedelta(days=90)
    assert set(Lot.objects.values_list("expires_on", flat=True)) == {last}
    expire_lots(desk.at + dt.timedelta(days=90))
    assert has(clara, desk).total == dollars(120)
    expire_lots(desk.at + dt.timedelta(days=91, hours=6))
    assert_trial_balance(
        debit={"cash": "100.00", "goodwill": "20.00"}, credit={"breakage": "120.00"}
    )
    assert_well()


def test_tax_on_top_is_no_part_of_what_is_added(desk, clara):
    """$100.00 and 8.875 %: the client pays $108.88, and refunds keep step with the tax."""
    member = make_member(clara, make_plan(tax_rate=make_tax_rate()))
    assert_trial_balance(
        debit={"cash": "108.88", "goodwill": "20.00"},
        credit={"client_credit": "120.00", "tax": "8.88"},
    )
    pay_and_close(order_with(desk, clara, service=60), desk, "credits")
    with pytest.raises(Refused, match=r"Only \$43.55"):
        refund(line_of(member), "43.56", desk)
    refund(line_of(member), "43.55", desk)
    assert_trial_balance(debit={"cash": "65.33"}, credit={"income": "60.00", "tax": "5.33"})
    assert not has(clara, desk).total
    assert_well()


def test_tax_in_the_price_leaves_less_that_was_paid_for(desk, clara):
    """$120.00 with 20 % in it is $100.00 net: of $120.00 added, $20.00 are the bonus."""
    vat = make_tax_rate("20", name="VAT", is_included=True)
    member = make_member(clara, make_plan("Gold", 120, 120, tax_rate=vat))
    assert_trial_balance(
        debit={"cash": "120.00", "goodwill": "20.00"},
        credit={"client_credit": "120.00", "tax": "20.00"},
    )
    refund(line_of(member), 120, desk)
    assert_trial_balance(debit={}, credit={})
    assert_well()


def test_every_cent_of_a_taxed_period_goes_back_in_parts(desk, clara):
    """However it is cut, net and tax end at nothing, and never more than is left of the lot."""
    member = make_member(clara, make_plan("Odd", "33.33", "20.01", tax_rate=make_tax_rate()))
    line = line_of(member)
    left = line.total
    for part in ("0.01", "7.77", "13.13", "0.02"):
        refund(line, part, desk)
        left -= dollars(part)
        assert_well()
    refund(line, left.amount, desk)
    assert_trial_balance(debit={}, credit={})
    assert_well()


@time_machine.travel(dt.datetime(2026, 11, 21, 17, tzinfo=dt.UTC), tick=False)
def test_a_short_first_period_costs_and_adds_in_proportion(clara):
    """Charged on the 1st: Nov 21 to 30 are 10 of 30 days, a third of $90.00 and of $120.00."""
    desk = make_desk("Olivia")
    member = make_member(clara, make_plan("By day", 90, 120, billing_day=1))
    assert_trial_balance(
        debit={"cash": "30.00", "goodwill": "10.00"}, credit={"client_credit": "40.00"}
    )
    period, first = period_of(member), dt.date(2026, 12, 1)
    assert (period.starts_on, period.until_on) == (dt.date(2026, 11, 21), first)
    assert (member.next_charge_on, member.next_number) == (first, 1)
    assert (member.anchor_on, member.anchor_number) == (first, 1)
    assert (member.price, member.adds) == (dollars(90), dollars(120))
    refund(line_of(member), 30, desk)
    assert_trial_balance(debit={}, credit={})
    assert_well()


def test_a_joining_fee_is_earned_and_taxed_by_itself(desk, clara):
    member = make_member(clara, make_plan(joining_fee=25, tax_rate=make_tax_rate()))
    assert_trial_balance(
        debit={"cash": "136.10", "goodwill": "20.00"},
        credit={"client_credit": "120.00", "income": "25.00", "tax": "11.10"},
    )
    fee = line_of(member).order.lines.get(kind="joining_fee")
    refund(fee, "27.22", desk)
    assert_trial_balance(
        debit={"cash": "108.88", "goodwill": "20.00"},
        credit={"client_credit": "120.00", "tax": "8.88"},
    )
    assert_well()


def test_a_trial_costs_nothing_and_adds_nothing(desk, clara):
    """Its sale closes with nothing to pay; the first charge comes when the trial is over."""
    member = make_member(clara, make_plan(trial_days=14))
    assert_trial_balance(debit={}, credit={})
    ends = desk.business_date + dt.timedelta(days=14)
    assert (member.trial_until, member.next_charge_on, member.next_number) == (ends, ends, 0)
    assert (member.status, member.periods.count()) == ("active", 0)
    assert str(line_of(member).total) == "$0.00"
    assert_well()


def test_a_trial_with_a_joining_fee_is_paid_for_that(desk, clara):
    member = make_member(clara, make_plan(trial_days=14, joining_fee=25))
    assert_trial_balance(debit={"cash": "25.00"}, credit={"income": "25.00"})
    assert (member.next_number, member.periods.count()) == (0, 0)
    assert line_of(member).opened_lot is None
    assert_well()


def test_what_cards_paid_goes_back_to_cards_in_proportion(desk, clara):
    """$108.88, half on a card: its lot may send half of $100.00 to the card, rounded up."""
    line = enrolled(clara, make_plan(tax_rate=make_tax_rate()), desk)
    pay(line.order, "card", "54.44", desk)
    pay_and_close(line.order, desk)
    lot = Membership.objects.get().periods.get().paid_lot
    assert (lot.amount, lot.card_ceiling) == (10000, 5000)
    assert Membership.objects.get().periods.get().bonus_lot.card_ceiling == 0
    refund(line, "108.88", desk)
    assert_trial_balance(debit={}, credit={})
    assert_well()


def test_credit_that_is_held_for_a_visit_is_neither_canceled_nor_refunded(desk, clara):
    member = make_member(clara, make_plan())
    period, visit = period_of(member), make_appointment(clara)
    for lot, cents in ((period.paid_lot_id, 3000), (period.bonus_lot_id, 500)):
        terms = Terms(visit=visit.pk)
        act(desk, Take(lot, cents), Open(accounts.credit_of(clara), cents, terms, parent=lot))
    with pytest.raises(Refused, match=r"Only \$70.00"):
        refund(line_of(member), 71, desk)
    refund(line_of(member), 70, desk)
    assert_trial_balance(
        debit={"cash": "30.00", "goodwill": "5.00"}, credit={"client_credit": "35.00"}
    )
    assert has(clara, desk).held == dollars(35)
    assert_well()


def test_a_payment_by_itself_goes_back_as_far_as_its_lines_do(desk, clara):
    """$108.88 of Gold and $50.00 of a cut, in cash; $60.00 of Gold are spent before."""
    line = enrolled(clara, make_plan(tax_rate=make_tax_rate()), desk)
    cut = make_service("Cut", 50)
    add_service(order=line.order, service=cut, staff=None, desk=desk)
    pay_and_close(line.order, desk)
    pay_and_close(order_with(desk, clara, service=60), desk, "credits")
    tender = line.order.tenders.get()
    back = {"tender": tender, "destination": "cash", "desk": desk}
    with pytest.raises(Refused, match=r"Only \$93.55"):
        refund_tender(amount=dollars("93.56"), uuid=uuid.uuid4(), **back)
    refund_tender(amount=dollars("93.55"), uuid=uuid.uuid4(), **back)
    assert_trial_balance(debit={"cash": "65.33"}, credit={"income": "60.00", "tax": "5.33"})
    assert_well()


def test_what_was_set_aside_for_a_visit_does_not_go_to_the_card_with_it(desk, clara):
    """It came with a bonus: what is left of a canceled visit's deposit is balance again."""
    member, visit = make_member(clara, make_plan(), kind="card"), make_appointment(clara)
    lot = period_of(member).paid_lot_id
    terms = Terms(visit=visit.pk)
    act(desk, Take(lot, 3000), Open(accounts.credit_of(clara), 3000, terms, parent=lot))
    held = lots_held_for(visit.pk)
    assert list(for_cards(held, {one.pk: one.remaining for one in held})) == []
