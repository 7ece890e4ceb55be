"""Each switch is the location's own, or the business's, and one act reads them all at once."""

import pytest

from salon import toggles
from salon.models import BusinessSettings
from salon.policy import Policy
from tests.factories import make_location

BY_LOCATION = {
    "client_account_balances": "balances",
    "negative_balances": "negative_balances",
    "tips_from_balance": "tips_from_balance",
    "deposits_by_card_only": "deposits_by_card_only",
    "apply_earmarked_deposits": "apply_earmarked_deposits",
}
"""Fields of a location, and what a Policy calls them."""

TOGGLES = {
    "client_account_balances": toggles.balances_enabled,
    "tips_from_balance": toggles.tips_from_balance_allowed,
}


@pytest.mark.parametrize("name", BY_LOCATION)
@pytest.mark.parametrize("business", [True, False])
@pytest.mark.parametrize("own", [None, True, False])
def test_a_location_s_own_word_wins_and_else_the_business_s_counts(db, name, business, own):
    BusinessSettings.objects.update(**{name: business})
    location = make_location(**{name: own})
    in_force = business if own is None else own
    assert getattr(Policy.of(location), BY_LOCATION[name]) is in_force
    if name in TOGGLES:
        assert TOGGLES[name](location) is in_force


@pytest.mark.parametrize("earmarked", [True, False])
def test_deposits_are_earmarked_everywhere_or_nowhere(db, earmarked):
    BusinessSettings.objects.update(earmark_deposits=earmarked)
    assert Policy.of(make_location()).earmark_deposits is earmarked


def test_a_new_installation_has_the_switches_as_documented(db):
    policy = Policy.of(make_location())
    assert policy.balances
    assert not policy.negative_balances
    assert not policy.tips_from_balance
    assert policy.earmark_deposits
    assert policy.apply_earmarked_deposits
    assert policy.deposits_by_card_only
    assert not policy.cash_needs_open_till


def test_one_policy_asks_once_however_many_switches_are_read(db, django_assert_num_queries):
    policy = Policy.of(make_location(tips_from_balance=True))
    with django_assert_num_queries(0):
        assert policy.tips_from_balance
    with django_assert_num_queries(1):
        assert policy.balances
        assert not policy.negative_balances
        assert policy.earmark_deposits
        assert not policy.cash_needs_open_till
        assert policy.business.tip_percents == "18, 20, 25"


@pytest.mark.parametrize("toggle", TOGGLES.values())
def test_one_toggle_costs_one_query_at_most(db, toggle, django_assert_max_num_queries):
    location = make_location()
    with django_assert_max_num_queries(1):
        toggle(location)
