"""Settings that cannot stand together: every combination, in the business and at a location."""

from itertools import product

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse

from salon import contradictions
from salon.models import BusinessSettings, Location, SettingChange
from salon.policy import Policy
from tests.factories import dollars, make_browser, make_location

OWN = [
    "client_account_balances",
    "negative_balances",
    "tips_from_balance",
    "apply_earmarked_deposits",
    "deposits_by_card_only",
]
SWITCHES = [*OWN, "earmark_deposits"]
BALANCES, OWING, TIPS, APPLYING, BY_CARD, EARMARKS = (
    "“Client Account Balances”",
    "“Allow negative balances”",
    "“Tips may be paid from the balance”",
    "“Apply earmarked deposits by itself”",
    "“Deposits by card only”",
    "“Earmark deposits”",
)
LIMIT = "“The most that a client may owe”"


def wrong(on, limit):
    """The same rules once more, written down without the table: (switch, what it lacks)."""
    found = set()
    if on["negative_balances"] and not on["client_account_balances"]:
        found.add((OWING, BALANCES))
    if on["negative_balances"] and not limit:
        found.add((OWING, LIMIT))
    if on["tips_from_balance"] and not on["client_account_balances"]:
        found.add((TIPS, BALANCES))
    if on["apply_earmarked_deposits"] and not on["earmark_deposits"]:
        found.add((APPLYING, EARMARKS))
    return found


def businesses():
    for *values, limit in product(*[[False, True]] * len(SWITCHES), [0, 100]):
        on = dict(zip(SWITCHES, values, strict=True))
        yield on, limit, BusinessSettings(pk=1, **on, negative_balance_limit=dollars(limit))


def locations():
    for values in product([None, False, True], repeat=len(OWN)):
        own = dict(zip(OWN, values, strict=True))
        yield own, Location(name="Riverside", **own)


def are_named(found, expected):
    """Each refusal names its two settings, says what was not done and what to do."""
    assert len(found) == len(expected)
    for switch, lacks in expected:
        (reason,) = [one.reason for one in found if f"{switch} needs {lacks}" in one.reason]
        assert "Nothing was saved." in reason
        assert f"{switch} off" in reason
        assert BY_CARD not in reason


# --- Every combination ------------------------------------------------------------------------


def test_of_every_combination_in_the_business_the_wrong_ones_are_refused_with_both_names():
    for on, limit, business in businesses():
        are_named(contradictions.in_business(business), wrong(on, limit))


def test_of_every_combination_at_a_location_what_is_in_force_is_compared():
    for on, limit, business in businesses():
        for own, location in locations():
            here = on | {name: value for name, value in own.items() if value is not None}
            found = contradictions.at_location(location, business)
            are_named(found, wrong(here, limit))


def test_what_is_right_at_home_and_at_each_location_is_right_everywhere():
    for on, limit, business in businesses():
        for _, location in locations():
            there = contradictions.at_location(location, business)
            if wrong(on, limit) == set() and there == []:
                assert contradictions.elsewhere(business, [location]) == []


def test_the_business_is_told_of_every_location_that_it_would_break():
    for on, limit, business in businesses():
        for own, location in locations():
            if wrong(on, limit) or (own["client_account_balances"] is not None):
                continue
            told = [found for _, found in contradictions.elsewhere(business, [location])]
            assert told == [] or all("At Riverside" in found.reason for found in told)
            here = {found.switch for found in contradictions.at_location(location, business)}
            assert {found.switch for found in told} == here


def test_every_allowed_combination_of_the_business_is_saved_and_every_other_is_not(db):
    make_location()
    for on, limit, _ in businesses():
        BusinessSettings.objects.update(
            **dict.fromkeys(SWITCHES, False), negative_balance_limit=dollars(100)
        )
        form = business_form(on, limit)
        if wrong(on, limit):
            assert not form.is_valid()
            assert not BusinessSettings.current().deposits_by_card_only
        else:
            assert form.is_valid(), form.errors
            form.save()
            now = BusinessSettings.current()
            assert {name: getattr(now, name) for name in SWITCHES} == on
            assert Policy.of(Location()).tips_from_balance is on["tips_from_balance"]


def business_form(on, limit=100):
    data = {
        "name": "The salon",
        "receipt_note": "",
        "negative_balance_limit": f"{limit}",
        "tip_percents": "18, 20, 25",
        "tips_paid": "cash",
        "pin_minutes": "0",
        "refunded_credit_days": "30",
        **{name: "on" for name, value in on.items() if value},
    }
    site = admin.site._registry[BusinessSettings]
    form_class = site.get_form(RequestFactory().get("/"), BusinessSettings.current(), change=True)
    return form_class(data, instance=BusinessSettings.current())


# --- In the admin, in both directions ---------------------------------------------------------


@pytest.fixture
def olivia(db):
    return make_browser("Olivia")


def save_business(olivia, **changed):
    """The settings page, sent as it stands but for what is changed."""
    now = BusinessSettings.current()
    data = {name: getattr(now, name) for name in SWITCHES} | changed
    data = {name: "on" if value is True else value for name, value in data.items() if value}
    rest = {
        "name": now.name,
        "receipt_note": now.receipt_note,
        "negative_balance_limit": "100.00",
        "tip_percents": now.tip_percents,
        "tips_paid": now.tips_paid,
        "pin_minutes": now.pin_minutes,
        "refunded_credit_days": now.refunded_credit_days,
    }
    address = reverse("admin:salon_businesssettings_change", args=[1])
    return olivia.post(address, rest | data).content.decode()


def save_location(olivia, location, **own):
    words = {None: "unknown", True: "true", False: "false"}
    data = {
        "name": location.name,
        "slug": location.slug,
        "time_zone": location.time_zone,
        "day_starts_at": "04:00:00",
        "address": location.address,
        "phone": location.phone,
        "tills-TOTAL_FORMS": "0",
        "tills-INITIAL_FORMS": "0",
        **{name: words[own.get(name, getattr(location, name))] for name in OWN},
    }
    address = reverse("admin:salon_location_change", args=[location.pk])
    return olivia.post(address, data).content.decode()


def test_negative_balances_cannot_be_switched_on_without_balances(olivia):
    BusinessSettings.objects.update(client_account_balances=False)
    page = save_business(olivia, negative_balances=True)
    assert (
        "“Allow negative balances” needs “Client Account Balances”: what a client owes is their "
        "balance below zero. Nothing was saved. Switch “Client Account Balances” on, or “Allow "
        "negative balances” off." in page
    )
    assert not BusinessSettings.current().negative_balances
    assert not SettingChange.objects.exists()


def test_balances_cannot_be_switched_off_while_negative_balances_stay_on(olivia):
    save_business(olivia, negative_balances=True, tips_from_balance=True)
    page = save_business(olivia, client_account_balances=False)
    assert f"{OWING} needs {BALANCES}" in page
    assert f"{TIPS} needs {BALANCES}" in page
    assert BusinessSettings.current().client_account_balances


def test_earmarks_cannot_be_switched_off_while_deposits_apply_themselves(olivia):
    page = save_business(olivia, earmark_deposits=False)
    assert f"{APPLYING} needs {EARMARKS}" in page
    assert BusinessSettings.current().earmark_deposits
    save_business(olivia, earmark_deposits=False, apply_earmarked_deposits=False)
    assert not BusinessSettings.current().earmark_deposits


def test_a_limit_of_nothing_and_negative_balances_is_refused(olivia):
    page = save_business(olivia, negative_balances=True, negative_balance_limit="0.00")
    assert (
        f"{OWING} needs {LIMIT} above zero: with a limit of nothing, nobody could owe anything. "
        f"Nothing was saved. Enter an amount above zero for {LIMIT}, or switch {OWING} off."
    ) in page
    assert not BusinessSettings.current().negative_balances


def test_tip_shortcuts_that_are_none_are_refused_and_kept_in_the_box(olivia):
    page = save_business(olivia, tip_percents="18, lots")
    assert "“lots” is not a percent from 0 to 100" in page
    assert 'value="18, lots"' in page
    assert BusinessSettings.current().tip_percents == "18, 20, 25"


def test_a_location_without_balances_cannot_allow_negative_ones(olivia):
    riverside = make_location("Riverside")
    page = save_location(olivia, riverside, client_account_balances=False, negative_balances=True)
    assert (
        f"Here {OWING} is on and {BALANCES} is off. Nothing was saved. "
        f"Switch {BALANCES} on here, or {OWING} off here." in page
    )
    riverside.refresh_from_db()
    assert riverside.client_account_balances is None


def test_a_location_cannot_switch_balances_off_under_what_it_follows(olivia):
    save_business(olivia, negative_balances=True)
    riverside = make_location("Riverside")
    page = save_location(olivia, riverside, client_account_balances=False)
    assert f"Here {OWING}, which follows the business, is on and {BALANCES} is off." in page
    save_location(olivia, riverside, client_account_balances=False, negative_balances=False)
    riverside.refresh_from_db()
    assert riverside.client_account_balances is False


def test_a_location_cannot_apply_deposits_that_the_business_does_not_earmark(olivia):
    save_business(olivia, earmark_deposits=False, apply_earmarked_deposits=False)
    page = save_location(olivia, make_location("Riverside"), apply_earmarked_deposits=True)
    assert f"Here {APPLYING} is on and {EARMARKS} for the whole business is off." in page
    assert f"or change {EARMARKS} in Advanced Settings first." in page


def test_a_location_may_take_deposits_in_cash_whatever_else_is_set(olivia):
    riverside = make_location("Riverside")
    save_location(olivia, riverside, deposits_by_card_only=False)
    riverside.refresh_from_db()
    assert riverside.deposits_by_card_only is False
    change = SettingChange.objects.get()
    assert (change.subject, change.setting) == ("Location: Riverside", "Deposits by card only")


def test_the_business_is_told_which_location_stands_in_the_way(olivia):
    make_location("Riverside", client_account_balances=False)
    page = save_business(olivia, tips_from_balance=True)
    assert (
        f"At Riverside {TIPS}, which follows the business, is on and {BALANCES} is off. Nothing "
        f"was saved. Switch {BALANCES} on at Riverside, or {TIPS} off at Riverside." in page
    )
    assert not BusinessSettings.current().tips_from_balance


def test_an_archived_location_is_nobody_s_hindrance_but_comes_back_only_without_contradiction(
    olivia,
):
    make_location()
    riverside = make_location("Riverside", client_account_balances=False)
    archive = {"action": "archive", "_selected_action": [riverside.pk]}
    address = reverse("admin:salon_location_changelist") + "?archived=all"
    olivia.post(address, archive)
    save_business(olivia, tips_from_balance=True)
    assert BusinessSettings.current().tips_from_balance
    page = olivia.post(address, archive | {"action": "restore"}, follow=True).content.decode()
    assert "Riverside was not restored." in page
    riverside.refresh_from_db()
    assert riverside.is_archived


def test_a_location_s_page_says_what_following_the_business_means_now(olivia):
    BusinessSettings.objects.update(deposits_by_card_only=False)
    riverside = make_location("Riverside", tips_from_balance=True)
    page = olivia.get(reverse("admin:salon_location_change", args=[riverside.pk])).content.decode()
    assert page.count("Follows the business (on)") == 2
    assert page.count("Follows the business (off)") == 3
    assert (
        "Tips may be paid from the balance: on"
        in olivia.get(reverse("admin:salon_location_changelist")).content.decode()
    )
