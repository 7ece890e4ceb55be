"""Plans and settings in the admin: what contradicts itself is refused where it was typed."""

import pytest
from django.urls import reverse

from memberships.models import MembershipSettings, Plan
from memberships.plan_checks import tidied_days
from salon.models import SettingChange
from tests.factories import dollars, make_browser
from tests.memberships.members import make_plan

ADD = reverse("admin:memberships_plan_add")
SETTINGS = reverse("admin:memberships_membershipsettings_change", args=[1])
GOLD = {
    "name": "Gold",
    "slug": "gold",
    "position": "1",
    "price": "100",
    "every": "month",
    "adds": "120",
    "joining_fee": "0",
    "buys": "any",
    "stays": "on",
    "trial_days": "0",
    "minimum_periods": "3",
}
RULES = {
    "retry_days": "0, 3, 6",
    "missed": "skip",
    "notice_days": "3",
    "consent": "Charge my card.",
}

pytestmark = pytest.mark.django_db


def errors(response):
    form = response.context["adminform"].form
    return {field: list(found) for field, found in form.errors.items()}


def test_the_owner_makes_a_plan_and_it_is_recorded():
    olivia = make_browser("Olivia")
    assert olivia.post(ADD, GOLD).status_code == 302
    plan = Plan.objects.get()
    assert (plan.price, plan.adds, plan.minimum_periods) == (dollars(100), dollars(120), 3)
    assert SettingChange.objects.get().subject == "Plan: Gold"
    row = olivia.get(reverse("admin:memberships_plan_changelist")).content.decode()
    assert "$100.00 a month" in row
    assert "$120.00, $20.00 of it as a bonus" in row


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"price": "0"}, "price"),
        ({"price": "-5"}, "price"),
        ({"adds": "-1"}, "adds"),
        ({"joining_fee": "-1"}, "joining_fee"),
        ({"lasts_days": "0"}, "lasts_days"),
        ({"billing_day": "32"}, "billing_day"),
        ({"every": "week", "billing_day": "3"}, "billing_day"),
        ({"slug": "not a slug"}, "slug"),
    ],
)
def test_what_no_plan_can_be_is_refused_next_to_its_field(typed, field):
    refused = make_browser("Olivia").post(ADD, GOLD | typed)
    assert list(errors(refused)) == [field]
    assert not Plan.objects.exists()


def test_two_plans_of_one_name_or_address_are_refused():
    make_plan()
    refused = make_browser("Olivia").post(ADD, GOLD)
    assert set(errors(refused)) == {"name", "slug"}


def test_a_plan_is_archived_and_never_deleted():
    plan = make_plan()
    olivia = make_browser("Olivia")
    change = reverse("admin:memberships_plan_changelist")
    olivia.post(change, {"action": "archive", "_selected_action": [plan.pk]})
    assert Plan.objects.get().is_archived
    assert olivia.post(reverse("admin:memberships_plan_delete", args=[plan.pk])).status_code == 403


@pytest.mark.parametrize("who", ["Jo", "Marcus"])
def test_only_the_owner_changes_plans(who):
    assert make_browser(who).post(ADD, GOLD).status_code in (302, 403)
    assert not Plan.objects.exists()


def test_the_settings_are_kept_tidied_and_recorded():
    done = make_browser("Olivia").post(SETTINGS, RULES | {"retry_days": " 0,2 , 5,9"})
    assert done.status_code == 302
    assert MembershipSettings.current().days == [0, 2, 5, 9]
    assert SettingChange.objects.filter(before="0, 3, 6", after="0, 2, 5, 9").exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "required"),
        ("1, 3", "Begin with 0."),
        ("0, 3, 3", "Each day comes after the one before"),
        ("0, 6, 3", "Each day comes after the one before"),
        ("0, three", "whole numbers"),
        ("0,,3", "whole numbers"),
        ("0, 61", "60 days at most"),
    ],
)
def test_days_that_are_none_are_refused_with_what_to_type(typed, said):
    refused = make_browser("Olivia").post(SETTINGS, RULES | {"retry_days": typed})
    assert said in errors(refused)["retry_days"][0]
    assert MembershipSettings.current().days == [0, 3, 6]


def test_one_try_is_enough():
    assert tidied_days("0") == "0"
