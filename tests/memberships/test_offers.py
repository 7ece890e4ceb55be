"""What enrolling costs, in money and in words, before anybody agrees to it."""

import datetime as dt

import pytest

from memberships.enrolling.offer import offer_of, why_not_sold
from memberships.enrolling.words import adds_said, days_said, every_said, when_said
from memberships.models import Plan
from salon.models import BusinessSettings
from tests.factories import dollars, make_location, make_tax_rate
from tests.memberships.members import make_plan, set_memberships

pytestmark = pytest.mark.django_db
NOV_22 = dt.date(2026, 11, 22)


def offered(on=NOV_22, **terms):
    terms.setdefault("name", "Gold")
    return offer_of(plan=make_plan(**terms), location=make_location(), on=on)


def test_today_then_each_month():
    offer = offered()
    assert (offer.due_now, offer.tax, offer.has_trial) == (dollars(100), dollars(0), False)
    assert offer.sentences == [
        "Today $100.00; adds $120.00, $20.00 of it as a bonus.",
        "Then $100.00 on the 22nd of each month, from Dec 22, 2026 on; adds $120.00, $20.00 of it "
        "as a bonus.",
    ]


def test_what_is_agreed_to_is_that_and_the_owners_words():
    set_memberships(consent="I allow it.")
    offer = offered()
    assert offer.consent == "\n".join([*offer.sentences, "", "I allow it."])


def test_a_joining_fee_and_tax_are_in_what_is_due():
    offer = offered(joining_fee=25, tax_rate=make_tax_rate())
    assert (offer.due_now, offer.tax) == (dollars("136.10"), dollars("11.10"))
    assert offer.sentences[0] == (
        "Today $108.88 with tax; adds $120.00, $20.00 of it as a bonus, and $27.22 with tax to "
        "join."
    )
    assert offer.sentences[1].startswith("Then $108.88 with tax on the 22nd of each month")


def test_a_tax_that_prices_contain_makes_the_bonus_larger():
    offer = offered(price=120, tax_rate=make_tax_rate("20", name="VAT", is_included=True))
    assert (offer.due_now, offer.tax) == (dollars(120), dollars(20))
    assert "adds $120.00, $20.00 of it as a bonus" in offer.sentences[0]


def test_a_trial_says_when_the_first_charge_is():
    offer = offered(trial_days=14)
    assert (offer.due_now, offer.has_trial) == (dollars(0), True)
    assert offer.sentences == [
        "Today nothing. The trial lasts until Dec 6, 2026.",
        "Then $100.00 on the 6th of each month, from Dec 6, 2026 on; adds $120.00, $20.00 of it "
        "as a bonus.",
    ]
    assert offered(name="Fee", trial_days=14, joining_fee=25).sentences[0] == (
        "Today $25.00 to join. The trial lasts until Dec 6, 2026."
    )


def test_until_a_day_of_the_month_it_is_a_part():
    offer = offered(price=90, adds=90, billing_day=1)
    assert (offer.due_now, offer.first_adds) == (dollars(27), dollars(27))
    assert offer.sentences == [
        "Today $27.00 for Nov 22 to Nov 30, 2026; adds $27.00.",
        "Then $90.00 on the 1st of each month, from Dec 1, 2026 on; adds $90.00.",
    ]


def test_a_trial_and_then_a_part():
    offer = offered(price=90, adds=0, billing_day=20, trial_days=14)
    assert offer.sentences == [
        "Today nothing. The trial lasts until Dec 6, 2026.",
        "On Dec 6, 2026 $42.00 for Dec 6 to Dec 19, 2026.",
        "Then $90.00 on the 20th of each month, from Dec 20, 2026 on.",
    ]


def test_a_minimum_term_and_what_limits_the_money():
    offer = offered(minimum_periods=3, buys="services", lasts_days=90, stays=False)
    assert offer.minimum_until == dt.date(2027, 2, 22)
    assert offer.sentences[2:] == [
        "It can be canceled from Feb 22, 2027 on.",
        "The money can be spent on services only.",
        "It can be spent for 90 days.",
        "What is not spent when the membership ends is lost.",
    ]


@pytest.mark.parametrize(
    ("every", "on", "billing_day", "said"),
    [
        ("week", NOV_22, None, "every Sunday"),
        ("month", NOV_22, None, "on the 22nd of each month"),
        ("month", NOV_22, 3, "on the 3rd of each month"),
        ("month", dt.date(2026, 11, 11), None, "on the 11th of each month"),
        (
            "month",
            dt.date(2027, 1, 31),
            None,
            "on the 31st of each month (where there is none, on its last day)",
        ),
        ("quarter", NOV_22, None, "on the 22nd of every third month"),
        ("year", NOV_22, None, "on Nov 22 of each year"),
        ("year", dt.date(2028, 2, 29), None, "on Feb 29 of each year (else on Feb 28)"),
    ],
)
def test_the_days_of_charges_are_said(every, on, billing_day, said):
    assert when_said(every, on, billing_day) == said


def test_prices_and_days_in_few_words():
    plan = make_plan()
    assert (every_said(plan), adds_said(plan)) == (
        "$100.00 a month",
        "$120.00, $20.00 of it as a bonus",
    )
    assert adds_said(make_plan("Friends", 30, 0)) == "nothing"
    assert days_said(NOV_22, dt.date(2026, 12, 22)) == "Nov 22 to Dec 21, 2026"
    assert days_said(NOV_22, dt.date(2027, 1, 22)) == "Nov 22, 2026 to Jan 21, 2027"
    assert days_said(NOV_22, dt.date(2026, 11, 23)) == "Nov 22, 2026"


def test_a_month_that_ends_early_moves_one_charge():
    """Who starts on Jan 31 is charged on Feb 28, then on Mar 31."""
    offer = offered(on=dt.date(2027, 1, 31))
    assert offer.first.until_on == dt.date(2027, 2, 28)
    assert "on the 31st of each month" in offer.sentences[1]


def test_where_and_whether_it_is_sold():
    here, there = make_location(), make_location("Harbor")
    plan = make_plan(locations=[here])
    assert why_not_sold(plan, here) == ""
    assert why_not_sold(plan, there) == "Gold is not sold at Harbor."
    BusinessSettings.objects.update(client_account_balances=False)
    assert why_not_sold(plan, here) == (
        "Client Account Balances are switched off at Midtown, so Gold can add nothing."
    )
    assert why_not_sold(make_plan("Friends", 30, 0), here) == ""
    plan.archived_at = dt.datetime.now(dt.UTC)
    assert why_not_sold(plan, here) == "Gold is no longer offered."


@pytest.mark.parametrize("rate", [None, "8.875"])
def test_it_takes_few_queries(django_assert_num_queries, rate):
    made = make_plan(tax_rate=make_tax_rate(rate) if rate else None)
    plan, here = Plan.objects.select_related("tax_rate").get(pk=made.pk), make_location()
    with django_assert_num_queries(2 if rate else 1):
        assert offer_of(plan=plan, location=here, on=NOV_22).consent
