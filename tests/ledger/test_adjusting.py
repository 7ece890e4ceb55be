"""Adjusting by hand: who may, how much, and what it does to the books."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone
from djmoney.money import Money

from ledger import accounts
from ledger.adjusting import AdjustmentRefused, adjust_balance
from ledger.balances import balance_of
from ledger.errors import KeyConflict, NotEnoughCredit
from ledger.models import Entry, Lot
from salon.models import BusinessSettings
from tests.factories import (
    dollars,
    make_appointment,
    make_credit,
    make_debt,
    make_desk,
    make_role,
    make_staff,
)
from tests.ledger.books import assert_trial_balance, assert_well


@pytest.fixture
def marcus(db):
    """A manager, who may adjust, up to $100.00."""
    make_role("Manager", adjustment_limit=dollars(100))
    return make_desk("Marcus")


def adjust(client, amount, desk, **more):
    return adjust_balance(
        **{
            "client": client,
            "amount": amount if isinstance(amount, Money) else dollars(amount),
            "reason": "gift",
            "note": "A thank-you",
            "desk": desk,
            "key": uuid.uuid4(),
        }
        | more
    )


def test_a_gift_opens_a_lot_at_the_salon_s_expense(marcus, clara):
    posted = adjust(clara, 25, marcus)
    lot = Lot.objects.get(pk=posted.opened[0])
    assert (lot.source, lot.is_paid, lot.remaining, lot.card_ceiling) == (
        "goodwill",
        False,
        2500,
        0,
    )
    entry = Entry.objects.get(pk=posted.entry_id)
    assert (entry.kind, entry.reason, entry.note) == ("adjustment", "gift", "A thank-you")
    assert (entry.staff, entry.cause_kind, entry.cause_id) == (
        marcus.staff,
        "client",
        str(clara.pk),
    )
    assert_trial_balance(debit={"goodwill": "25.00"}, credit={"client_credit": "25.00"})


def test_taking_away_draws_in_the_usual_order(marcus, clara):
    make_credit(clara, 10)
    bonus = make_credit(clara, 10, expires_on=marcus.business_date)
    adjust(clara, "-12.00", marcus, reason="correction")
    assert balance_of(clara, marcus.business_date).total == dollars(8)
    assert not Lot.objects.get(pk=bonus.pk).is_open
    assert_well()


def test_a_gift_settles_what_is_owed_first(marcus, clara):
    make_debt(clara, 12)
    adjust(clara, 20, marcus)
    balance = balance_of(clara, marcus.business_date)
    assert (balance.stored, balance.owes) == (dollars(8), dollars(0))


def test_no_more_is_taken_than_is_available(marcus, clara):
    make_credit(clara, 10)
    make_credit(clara, 50, visit=make_appointment(clara).pk)
    with pytest.raises(NotEnoughCredit) as refusal:
        adjust(clara, "-10.01", marcus, reason="correction")
    assert refusal.value.figures == {"available": 1000, "wanted": 1001}
    assert balance_of(clara, marcus.business_date).total == dollars(60)


def test_the_same_form_twice_adjusts_once(marcus, clara):
    key = uuid.uuid4()
    first = adjust(clara, 25, marcus, key=key)
    again = adjust(clara, 25, marcus, key=key, note="typed again")
    assert (again.entry_id, again.is_new) == (first.entry_id, False)
    with pytest.raises(KeyConflict):
        adjust(clara, 26, marcus, key=key)
    assert balance_of(clara, marcus.business_date).total == dollars(25)


@pytest.mark.parametrize("name", ["Maya", "Jo"])
def test_it_needs_a_permission_of_its_own(db, clara, name):
    with pytest.raises(AdjustmentRefused, match="role may not adjust"):
        adjust(clara, 1, make_desk(make_staff(name)))
    assert not Entry.objects.exists()


@pytest.mark.parametrize("amount", ["100.01", "-100.01", "5000"])
def test_a_role_has_a_limit_both_ways(marcus, clara, amount):
    make_credit(clara, 9000)
    with pytest.raises(AdjustmentRefused, match="at most"):
        adjust(clara, amount, marcus)


@pytest.mark.parametrize("amount", ["100.00", "-100.00"])
def test_the_limit_itself_is_allowed(marcus, clara, amount):
    make_credit(clara, 100)
    assert adjust(clara, amount, marcus).is_new


def test_without_a_limit_a_role_may_adjust_by_anything(db, clara):
    make_role("Owner", adjustment_limit=None)
    adjust(clara, 5000, make_desk("Olivia"))


def test_zero_is_no_adjustment(marcus, clara):
    with pytest.raises(AdjustmentRefused, match="other than zero"):
        adjust(clara, 0, marcus)


def test_a_fraction_of_a_cent_is_never_rounded(marcus, clara):
    with pytest.raises(ValueError, match="whole number"):
        adjust(clara, "0.001", marcus)


def test_a_reason_is_needed(marcus, clara):
    for reason in ["", "because"]:
        with pytest.raises(AdjustmentRefused, match="reason"):
            adjust(clara, 1, marcus, reason=reason)


def test_an_archived_client_is_refused(marcus, clara):
    clara.archived_at = timezone.now()
    clara.save()
    with pytest.raises(AdjustmentRefused, match="archived"):
        adjust(clara, 1, marcus)


@pytest.mark.parametrize(("business", "here"), [(False, None), (True, False)])
def test_switched_off_it_is_refused_and_every_balance_kept(marcus, clara, business, here):
    make_credit(clara, 40)
    BusinessSettings.objects.update(client_account_balances=business)
    marcus.location.client_account_balances = here
    marcus.location.save()
    with pytest.raises(AdjustmentRefused, match="switched off"):
        adjust(clara, 1, marcus)
    assert balance_of(clara, marcus.business_date).total == dollars(40)


def test_it_goes_to_the_client_s_one_account_wherever_it_is_done(marcus, clara):
    adjust(clara, 25, marcus)
    assert Lot.objects.get().account.name == accounts.credit_of(clara)


# --- Gifts with terms ---------------------------------------------------------------------------


def test_a_gift_has_a_last_day_and_is_for_services_only(marcus, clara):
    friday = marcus.business_date + dt.timedelta(days=5)
    posted = adjust(clara, 15, marcus, expires_on=friday, restriction="services")
    lot = Lot.objects.get(pk=posted.opened[0])
    assert (lot.expires_on, lot.restriction, lot.source, lot.is_paid) == (
        friday,
        "services",
        "goodwill",
        False,
    )
    assert_well()


def test_today_is_a_last_day_too(marcus, clara):
    adjust(clara, 15, marcus, expires_on=marcus.business_date)
    assert balance_of(clara, marcus.business_date).available == dollars(15)
    tomorrow = marcus.business_date + dt.timedelta(days=1)
    assert not balance_of(clara, tomorrow).available


def test_a_restricted_gift_settles_nothing_and_an_ending_one_does(marcus, clara):
    make_debt(clara, 12)
    adjust(clara, 20, marcus, restriction="products")
    balance = balance_of(clara, marcus.business_date)
    assert (balance.stored, balance.owes) == (dollars(20), dollars(12))
    adjust(clara, 20, marcus, expires_on=marcus.business_date)
    balance = balance_of(clara, marcus.business_date)
    assert (balance.stored, balance.owes) == (dollars(28), dollars(0))
    assert_trial_balance(
        debit={"goodwill": "40.00"}, credit={"client_credit": "28.00", "opening": "12.00"}
    )
    assert_well()


@pytest.mark.parametrize(
    ("amount", "terms", "field", "words"),
    [
        (15, {"expires_on": -1}, "expires_on", "That day is over"),
        (-5, {"expires_on": 3}, "expires_on", "taken away has no last day"),
        (-5, {"restriction": "services"}, "restriction", "taken away is not for anything"),
        (15, {"restriction": "haircuts"}, "restriction", "Choose what the gift may pay for"),
        (15, {"restriction": ""}, "restriction", "Choose what the gift may pay for"),
    ],
)
def test_terms_that_make_no_sense_are_refused(marcus, clara, amount, terms, field, words):
    make_credit(clara, 50)
    if "expires_on" in terms:
        terms = {"expires_on": marcus.business_date + dt.timedelta(days=terms["expires_on"])}
    with pytest.raises(AdjustmentRefused, match=words) as refused:
        adjust(clara, amount, marcus, **terms)
    assert refused.value.field == field
    assert balance_of(clara, marcus.business_date).available == dollars(50)


def test_the_same_form_with_other_terms_is_another_act(marcus, clara):
    key = uuid.uuid4()
    adjust(clara, 15, marcus, key=key, restriction="services")
    adjust(clara, 15, marcus, key=key, restriction="services")
    with pytest.raises(KeyConflict):
        adjust(clara, 15, marcus, key=key)
    assert balance_of(clara, marcus.business_date).stored == dollars(15)
