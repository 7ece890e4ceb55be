"""How much deposit is asked, and why: which rule counts, and what it comes to."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appointments.models import Appointment
from checkout import deposit_exemptions
from checkout.models import Order
from deposits.models import DepositTerms
from deposits.rules.figuring import shares
from deposits.rules.policy import asked_for_visit, asked_of, value_of
from salon import clock
from salon.models import BusinessSettings, ServiceOverride
from salon.money import money, percent_of
from tests.deposits.rules import make_custom, make_exception, make_rule, terms
from tests.factories import (
    dollars,
    make_appointment,
    make_client,
    make_location,
    make_service,
    make_staff,
)

pytestmark = pytest.mark.django_db
Status = Appointment.Status


@pytest.fixture
def midtown():
    return make_location()


@pytest.fixture
def maya(midtown):
    return make_staff("Maya", location=midtown)


@pytest.fixture
def cut():
    return make_service("Cut & finish", 85)


@pytest.fixture
def gloss():
    return make_service("Gloss", 48)


@pytest.fixture
def clara():
    """A regular: one visit took place."""
    client = make_client("Clara Nuñez")
    make_appointment(client, status=Status.DONE, starts_at=ago(30))
    return client


def ago(days):
    return clock.now() - dt.timedelta(days=days)


def ask(*services, client=None, location=None):
    pairs = [pair if isinstance(pair, tuple) else (pair, None) for pair in services]
    location = location or make_location()
    return asked_of(client=client, services=pairs, location=location, at=clock.now())


def misses(client, times):
    for day in range(times):
        make_appointment(client, status=Status.NO_SHOW, starts_at=ago(10 + day))


# --- Which rule counts ------------------------------------------------------------------------


def test_without_rules_nothing_is_asked(cut, clara):
    asked = ask(cut, client=clara)
    assert (asked.amount, asked.value) == (dollars(0), dollars(85))
    assert asked.sentence == "No deposit is asked."
    assert asked.reason == "No rule asks for a deposit"


EXPECTED = [
    ("exception", dollars("8.50")),
    ("exempt", dollars(0)),
    ("no-shows", dollars(17)),
    ("new", dollars("25.50")),
    ("staff", dollars(34)),
    ("location", dollars("42.50")),
    ("service", dollars(51)),
    ("everybody here", dollars("59.50")),
    ("everybody", dollars(68)),
]


@pytest.mark.parametrize("first", range(len(EXPECTED)), ids=[name for name, _ in EXPECTED])
def test_the_most_particular_rule_counts_and_without_it_the_next(first, cut, maya, midtown):
    """All rules stand, less those before `first`: a client who is new and did not come once."""
    there = {name for name, _ in EXPECTED[first:]}
    client = make_client("Ben Okafor")
    misses(client, 1)
    if "exception" in there:
        make_exception(client, "10 %")
    if "exempt" in there:
        deposit_exemptions.add("test", lambda *about: {cut.pk: "Friends of the house pay none"})
    if "no-shows" in there:
        make_rule("20 %", "no_shows")
    if "new" in there:
        make_rule("30 %", "new")
    for holder, text in ((maya, "40 %"), (midtown, "50 %"), (None, "60 %")):
        name = {maya: "staff", midtown: "location", None: "service"}[holder]
        if name in there:
            make_custom(cut, text, holder)
    if "everybody here" in there:
        make_rule("70 %", location=midtown)
    make_rule("80 %")
    try:
        assert ask((cut, maya), client=client).amount == EXPECTED[first][1]
    finally:
        deposit_exemptions.remove("test")


def test_an_exemption_is_asked_with_the_whole_booking_and_told_to_the_client(cut, clara, midtown):
    make_rule("full")
    heard = []

    def reason(client, services, location, at):
        heard.append((client, list(services), location))
        return {cut.pk: "Gold members pay none"}

    deposit_exemptions.add("test", reason)
    try:
        asked = ask(cut, client=clara)
    finally:
        deposit_exemptions.remove("test")
    assert heard == [(clara, [cut], midtown)]
    assert asked.sentence == "No deposit is asked: Gold members pay none."
    assert asked.reason == "Gold members pay none: no deposit"


def test_twice_the_same_exemption_is_a_programming_error():
    deposit_exemptions.add("test", lambda *about: {})
    try:
        with pytest.raises(ValueError, match="added already"):
            deposit_exemptions.add("test", lambda *about: {})
    finally:
        deposit_exemptions.remove("test")


@pytest.mark.parametrize(("missed", "amount"), [(0, 17), (1, 17), (2, "42.50"), (3, 85), (4, 85)])
def test_who_missed_more_visits_pays_by_the_stricter_rule(missed, amount, cut, clara):
    make_rule("20 %")
    make_rule("50 %", "no_shows", no_shows=2)
    make_rule("full", "no_shows", no_shows=3)
    misses(clara, missed)
    assert ask(cut, client=clara).amount == dollars(amount)


def test_a_location_s_own_rule_goes_before_the_general_one_however_many_no_shows(cut, clara):
    make_rule("full", "no_shows", no_shows=3)
    make_rule("10 %", "no_shows", no_shows=1, location=make_location())
    misses(clara, 3)
    assert ask(cut, client=clara).amount == dollars("8.50")


def test_somebody_without_a_visit_or_a_sale_is_new(cut, clara):
    make_rule("30 %", "new")
    ben = make_client("Ben Okafor")
    make_appointment(ben, status=Status.CANCELED)
    make_appointment(ben, starts_at=clock.now() + dt.timedelta(days=2))
    assert ask(cut).amount == dollars("25.50")
    assert ask(cut, client=ben).amount == dollars("25.50")
    assert ask(cut, client=clara).amount == dollars(0)


def make_sale(client, kind, status=Order.Status.CLOSED):
    now = clock.now()
    order = Order.objects.create(
        client=client,
        location=make_location(),
        opened_at=now,
        status=status,
        business_date=now.date(),
    )
    order.lines.create(kind=kind, description=kind, unit_price=dollars(10), amount=dollars(10))


@pytest.mark.parametrize(
    ("kind", "status", "is_new"),
    [
        ("product", Order.Status.CLOSED, False),
        ("deposit", Order.Status.CLOSED, True),
        ("product", Order.Status.OPEN, True),
        ("product", Order.Status.VOIDED, True),
    ],
)
def test_who_bought_something_is_known_but_a_deposit_makes_nobody_known(kind, status, is_new, cut):
    make_rule("30 %", "new")
    ben = make_client("Ben Okafor")
    make_sale(ben, kind, status)
    assert bool(ask(cut, client=ben).amount) is is_new


def test_a_merged_client_is_who_they_became(cut, clara):
    make_exception(clara, "none")
    make_rule("30 %")
    old = make_client("Clara Nunez", merged_into=clara, archived_at=clock.now())
    assert ask(cut, client=old).amount == dollars(0)


@pytest.mark.parametrize("who", ["everybody", "new", "no_shows"])
def test_a_rule_counts_from_its_minimum_on(who, cut, gloss):
    make_rule("50 %", who, least=100)
    ben = make_client("Ben Okafor")
    misses(ben, 1)
    assert ask(cut, client=ben).amount == dollars(0)
    assert ask(cut, gloss, client=ben).amount == dollars("66.50")
    even = make_service("Color", 100)
    assert ask(even, client=ben).amount == dollars(50)


def test_the_highest_minimum_that_the_booking_reaches_counts_and_the_location_s_goes_first(
    cut, gloss, midtown
):
    make_rule("10 %")
    make_rule("20 %", least=80)
    make_rule("30 %", least=120)
    assert ask(gloss).amount == dollars("4.80")
    assert ask(cut).amount == dollars(17)
    assert ask(cut, gloss).amount == dollars("39.90")
    make_rule("90 %", location=midtown, least=130)
    assert ask(cut, gloss).amount == dollars("119.70")
    assert ask(cut).amount == dollars(17)
    assert ask(cut, location=make_location("Riverside")).amount == dollars(17)


def test_an_archived_rule_and_another_location_s_do_not_count(cut):
    make_rule("30 %", archived_at=clock.now())
    make_rule("full", location=make_location("Riverside"))
    asked = ask(cut)
    assert not asked.amount
    assert [candidate.name for candidate in asked.tried if candidate.is_there] == []


def test_each_service_has_its_own_custom_deposit_and_the_rest_the_rule_for_everybody(
    cut, gloss, maya
):
    make_rule("10 %")
    make_custom(cut, "30 %", maya)
    asked = ask((cut, maya), (gloss, maya))
    assert [part.asked for part in asked.parts] == [dollars("25.50"), dollars("4.80")]
    assert asked.sentence == "A deposit of $30.30 is asked: 30 % of $85.00; 10 % of $48.00."
    assert asked.explained.splitlines() == [
        "A deposit of $30.30 is asked: 30 % of $85.00; 10 % of $48.00.",
        "Cut & finish with Maya, $85.00: $25.50. "
        "Custom deposit of Cut & finish with Maya: 30 % of the price.",
        "Gloss with Maya, $48.00: $4.80. Everybody: 10 % of the price.",
    ]


def test_a_person_s_custom_deposit_is_not_for_whoever_else_gives_it(cut, gloss, maya):
    make_custom(cut, "30 %", maya)
    assert ask(cut).amount == dollars(0)
    asked = ask((cut, make_staff("Theo")), (gloss, maya))
    assert asked.amount == dollars(0)
    other = next(candidate for candidate in asked.tried if candidate.step == 5)
    assert other.why_not == "Cut & finish is with somebody else."


def test_a_custom_deposit_of_none_goes_before_the_rule_for_everybody(cut, gloss):
    make_rule("50 %")
    make_custom(cut, "none")
    asked = ask(cut, gloss)
    assert asked.amount == dollars(24)
    assert asked.sentence == "A deposit of $24.00 is asked: 50 % of $48.00."


def test_every_rule_is_told_with_the_reason_why_it_does_not_count(cut, clara):
    make_rule("full", "no_shows", no_shows=2)
    make_rule("30 %", "new")
    make_rule("20 %", least=50)
    make_rule("40 %", least=500)
    misses(clara, 1)
    tried = ask(cut, client=clara).tried
    assert [(c.step, c.name, c.why_not) for c in tried] == [
        (1, "Exception for this client", "There is none."),
        (2, "Exemption", "There is none."),
        (3, "Clients with 2 no-shows or more", "Clara Nuñez has 1 no-show."),
        (4, "New clients", "Clara Nuñez was here before."),
        (5, "Custom deposit of the service", "There is none."),
        (6, "Everybody, from $500.00 on", "The booking is worth $85.00, less than $500.00."),
        (6, "Everybody, from $50.00 on", ""),
    ]


# --- What it comes to -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "amount", "sentence"),
    [
        ("30 %", "39.90", "A deposit of $39.90 is asked: 30 % of $133.00."),
        ("33.33 %", "44.33", "A deposit of $44.33 is asked: 33.33 % of $133.00."),
        ("$20", 40, "A deposit of $40.00 is asked: $40.00 for Cut & finish, Gloss."),
        ("$60", 108, "A deposit of $108.00 is asked: $108.00 for Cut & finish, Gloss."),
        ("full", 133, "Full payment of $133.00 is asked."),
        ("100 %", 133, "Full payment of $133.00 is asked."),
        ("none", 0, "No deposit is asked."),
    ],
)
def test_percent_amount_and_full_payment(rule, amount, sentence, cut, gloss):
    """A fixed amount is for each service, and at most its price."""
    make_rule(rule)
    asked = ask(cut, gloss)
    assert asked.amount == dollars(amount)
    assert asked.sentence == sentence


def test_the_price_is_the_person_s_the_location_s_or_the_service_s(cut, maya, midtown):
    make_rule("10 %")
    ServiceOverride.objects.create(service=cut, location=midtown, price=dollars(90))
    ServiceOverride.objects.create(service=cut, staff=maya, price=dollars(100))
    assert ask((cut, maya)).amount == dollars(10)
    assert ask(cut).amount == dollars(9)
    assert ask(cut, location=make_location("Riverside")).amount == dollars("8.50")


def test_a_percentage_is_rounded_once_for_all_services_of_a_rule(midtown):
    """Three times $0.05 at 50 %: 7.5 cents become 8, where each alone would make 9."""
    make_rule("50 %")
    asked = ask(*(make_service(f"Tiny {i}", "0.05") for i in range(3)))
    assert asked.amount == dollars("0.08")
    assert [part.asked for part in asked.parts] == [money(3), money(3), money(2)]


def test_a_visit_is_asked_with_its_own_services_and_people(cut, maya, clara):
    make_custom(cut, "30 %", maya)
    visit = make_appointment(clara, service=cut, staff=maya)
    assert asked_for_visit(visit).amount == dollars("25.50")
    assert value_of(visit) == dollars(85)


def test_a_visit_without_services_is_asked_for_nothing(midtown):
    make_rule("full")
    assert ask().amount == dollars(0)


prices = st.lists(st.integers(0, 100_000), min_size=1, max_size=6)
percents = st.decimals("0.01", 100, places=2)


def rule_of(text):
    return DepositTerms.__subclasses__()[0](**terms(text))


@settings(deadline=None)
@given(prices, percents)
def test_a_percentage_is_of_the_whole_rounded_half_up_and_nobody_pays_beyond_the_price(
    prices, percent
):
    found = shares(rule_of(f"{percent} %"), prices)
    assert sum(found) == min(percent_of(sum(prices), percent), sum(prices))
    exact = sum(prices) * percent / 100
    assert abs(Decimal(sum(found)) - exact) <= Decimal("0.5")
    assert all(0 <= share <= price for share, price in zip(found, prices, strict=True))


@settings(deadline=None)
@given(prices, st.integers(1, 100_000))
def test_a_fixed_amount_is_at_most_each_price(prices, cents):
    found = shares(rule_of(f"${Decimal(cents) / 100}"), prices)
    assert found == [min(cents, price) for price in prices]


@settings(deadline=None)
@given(prices)
def test_full_payment_is_all_and_none_is_nothing(prices):
    assert shares(rule_of("full"), prices) == prices
    assert sum(shares(rule_of("none"), prices)) == sum(shares(None, prices)) == 0


# --- What stands beside it --------------------------------------------------------------------


def test_nothing_is_asked_where_account_balances_are_off(cut, midtown):
    make_rule("full")
    BusinessSettings.objects.update(client_account_balances=False)
    asked = ask(cut)
    assert (asked.amount, asked.value) == (dollars(0), dollars(85))
    assert asked.reason == asked.explained
    assert asked.reason.startswith("Client Account Balances are switched off at Midtown")
    midtown.client_account_balances = True
    midtown.save()
    assert ask(cut, location=midtown).amount == dollars(85)


def test_however_many_rules_and_services_it_takes_seven_queries_and_one_for_members(
    cut, gloss, clara, maya, midtown, django_assert_num_queries
):
    pairs = [(cut, maya), (gloss, maya), (cut, None)]
    for who in ("everybody", "new", "no_shows"):
        for least in (10, 20, 1000):
            make_rule("10 %", who, least=least)
            make_rule("10 %", who, least=least, location=midtown)
    make_custom(cut, "30 %", maya)
    make_custom(gloss, "30 %", midtown)
    ben = make_client("Ben Okafor")
    with django_assert_num_queries(7 + 1):
        asked_of(client=ben, services=pairs, location=midtown, at=clock.now())
    with django_assert_num_queries(4):
        asked_of(client=None, services=pairs, location=midtown, at=clock.now())
