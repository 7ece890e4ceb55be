"""Tax rates, the owner's discounts and the roles' limits in the admin."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from checkout.models import PresetDiscount
from salon.models import Role, SettingChange, TaxRate
from salon.roles import ensure_default_roles
from tests.checkout.reading import says
from tests.factories import make_browser, make_product, make_role, make_split_tax, make_tax_rate

pytestmark = pytest.mark.django_db


@pytest.fixture
def olivia():
    return make_browser("Olivia")


def save(browser, thing=None, *, model="salon_taxrate", **data):
    page = "change" if thing else "add"
    args = [thing.pk] if thing else []
    return browser.post(reverse(f"admin:{model}_{page}", args=args), data)


def test_a_rate_with_parts_is_their_sum(olivia):
    state, city = make_tax_rate("4.375", name="State"), make_tax_rate("4.5", name="City")
    parts = [state.pk, city.pk]
    wrong = save(olivia, name="Sales tax", percent="8.9", parts=parts)
    assert "Its parts make 4.5 % + 4.375 % = 8.875 %: enter that." in says(wrong)
    assert save(olivia, name="Sales tax", percent="8.875", parts=parts).status_code == 302
    whole = TaxRate.objects.get(name="Sales tax")
    assert set(whole.parts.all()) == {state, city}
    assert "City 4.5 % + State 4.375 %" in says(
        olivia.get(reverse("admin:salon_taxrate_changelist"))
    )


@pytest.mark.parametrize("ticked", [True, False])
def test_a_rate_is_included_as_its_parts_are(olivia, ticked):
    parts = [make_tax_rate("5", name=name, is_included=not ticked).pk for name in ("A", "B")]
    data = {"is_included": "on"} if ticked else {}
    answer = save(olivia, name="Both", percent="10", parts=parts, **data)
    assert "Tick it when all parts are included in prices" in says(answer)
    assert not TaxRate.objects.filter(name="Both").exists()


def test_parts_have_no_parts_and_one_part_is_none(olivia):
    whole = make_split_tax()
    other = make_tax_rate("1", name="Transit")
    part = whole.parts.first()
    nested = save(olivia, part, name=part.name, percent="1", parts=[other.pk])
    assert "It is a part of Sales tax 8.875 % itself" in says(nested)
    assert "Choose two parts at least" in says(nested)
    crafted = save(olivia, name="Twice", percent="9.875", parts=[whole.pk, other.pk])
    assert crafted.status_code == 200
    assert not TaxRate.objects.filter(name="Twice").exists()


def test_a_part_that_changes_takes_its_sum_along_and_the_record_says_so(olivia):
    whole = make_split_tax()
    city = whole.parts.get(name="City")
    assert save(olivia, city, name="City", percent="5").status_code == 302
    whole.refresh_from_db()
    assert whole.percent == Decimal("9.375")
    change = SettingChange.objects.get(subject__contains="Sales tax", setting="percent")
    assert (change.before, change.after) == ("8.875", "9.375")


def test_a_part_is_not_archived_while_its_sum_is_charged(olivia):
    whole = make_split_tax()
    make_product(tax_rate=whole)
    city = whole.parts.get(name="City")
    answer = olivia.post(
        reverse("admin:salon_taxrate_changelist"),
        {"action": "archive", "_selected_action": [city.pk]},
        follow=True,
    )
    assert "Nothing was archived: Sales tax 8.875 % is made of it" in says(answer)
    city.refresh_from_db()
    assert not city.is_archived


def test_a_preset_is_a_percentage_or_an_amount(olivia):
    def add(**data):
        return save(olivia, model="checkout_presetdiscount", position="0", **data)

    assert "not both" in says(add(name="Both", percent="10", amount="5"))
    assert "not both" in says(add(name="None"))
    assert "above zero" in says(add(name="Nothing", amount="0"))
    assert add(name="Too much", percent="101").status_code == 200
    assert add(name="Returning client 10 %", percent="10").status_code == 302
    assert add(name="Voucher", amount="5.00").status_code == 302
    assert list(PresetDiscount.objects.values_list("name", flat=True)) == [
        "Returning client 10 %",
        "Voucher",
    ]
    assert SettingChange.objects.filter(subject="Preset discount: Voucher").exists()


def test_a_preset_is_archived_never_deleted(olivia):
    preset = PresetDiscount.objects.create(name="Friend", percent=Decimal(5))
    url = reverse("admin:checkout_presetdiscount_changelist")
    olivia.post(url, {"action": "archive", "_selected_action": [preset.pk]})
    preset.refresh_from_db()
    assert preset.archived_at is not None
    assert preset.archived_at <= timezone.now()
    assert (
        olivia.post(reverse("admin:checkout_presetdiscount_delete", args=[preset.pk])).status_code
        == 403
    )


def test_an_owner_sets_a_roles_limit(olivia):
    role = make_role("Front desk")
    page = olivia.get(reverse("admin:salon_role_change", args=[role.pk]))
    assert "Discount limit in percent" in says(page)
    data = {"name": role.name, "permissions": list(role.permissions.values_list("pk", flat=True))}
    assert save(olivia, role, model="salon_role", discount_limit="101", **data).status_code == 200
    assert save(olivia, role, model="salon_role", discount_limit="15", **data).status_code == 302
    assert Role.objects.get(name="Front desk").discount_limit == 15


def test_roles_that_gain_discounts_with_an_upgrade_gain_their_limit_too():
    Permission.objects.filter(codename="give_discounts").delete()
    make_role("Front desk", discount_limit=None)
    make_role("Manager", discount_limit=Decimal(50))
    ensure_default_roles()
    limits = dict(Role.objects.values_list("name", "discount_limit"))
    assert limits == {"Front desk": Decimal(10), "Manager": Decimal(50), "Owner": None}
    make_role("Front desk", discount_limit=None)
    ensure_default_roles()
    assert Role.objects.get(name="Front desk").discount_limit is None
