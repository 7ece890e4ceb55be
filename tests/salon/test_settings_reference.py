"""docs/settings.md names every setting of the owner as the admin shows it. Its other half, the
environment, is compared in test_env."""

import re

import pytest
from django.conf import settings

from checkout.models import CustomPayment, PresetDiscount
from deposits.models import BookingSettings, BookingSite, DepositRule
from ledger.models import AccountCode
from memberships.models import MembershipSettings, Plan
from salon.changing_settings import UNTOLD
from salon.models import (
    BusinessSettings,
    Location,
    MerchantAccount,
    Product,
    Role,
    Service,
    ServiceCategory,
    StaffMember,
    TaxRate,
    Till,
)
from salon.permissions import CHOICES, DEFAULT_ROLES

TEXT = (settings.BASE_DIR / "docs" / "settings.md").read_text(encoding="utf-8")
HEADINGS = {
    "Advanced Settings": BusinessSettings,
    "Locations": Location,
    "Tills": Till,
    "Merchant accounts": MerchantAccount,
    "Services": Service,
    "Service categories": ServiceCategory,
    "Products": Product,
    "Tax rates": TaxRate,
    "Custom payments": CustomPayment,
    "Account codes": AccountCode,
    "Preset discounts": PresetDiscount,
    "Booking and deposits": BookingSettings,
    "Deposit rules": DepositRule,
    "Sites with the booking page": BookingSite,
    "Memberships": MembershipSettings,
    "Membership plans": Plan,
    "Roles": Role,
    "Staff": StaffMember,
}
NOT_SET_HERE = {"groups", "user permissions"}


def section(heading):
    found = re.search(rf"^### {heading}$(.*?)(?=^##|\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found, f"docs/settings.md has no section {heading}"
    return found[1]


def settings_of(model):
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return {
        str(field.verbose_name)
        for field in fields
        if not field.primary_key
        and not field.auto_created
        and field.name not in UNTOLD
        and not field.name.endswith("_currency")
    }


@pytest.mark.parametrize("heading", HEADINGS)
def test_every_setting_is_told_and_nothing_else(heading):
    told = re.findall(r"^\| \*\*(.+?)\*\* \|", section(heading), re.MULTILINE)
    assert len(told) == len(set(told))
    wanted = {name.lower() for name in settings_of(HEADINGS[heading])} - NOT_SET_HERE
    assert {name.lower() for name in told} - NOT_SET_HERE == wanted


def test_the_defaults_of_advanced_settings_are_those_of_the_code():
    for field in BusinessSettings._meta.concrete_fields:
        if field.has_default() and not field.name.endswith("_currency"):
            default = str(field.default)
            if isinstance(field.default, bool):
                default = "on" if field.default else "off"
            assert re.search(
                rf"\*\*{re.escape(str(field.verbose_name))}\*\* \| {re.escape(default)} \|",
                section("Advanced Settings"),
            ), field.name


def test_every_permission_is_told_with_the_roles_that_have_it_at_first():
    rows = dict(re.findall(r"^\| (Can .+?) \| (.+?) \|$", section("Roles"), re.MULTILINE))
    wanted = {}
    for codename, words in CHOICES:
        roles = [role for role, has in DEFAULT_ROLES.items() if f"salon.{codename}" in has]
        wanted[words] = ", ".join(roles)
    assert rows == wanted
