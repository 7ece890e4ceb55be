"""Settings and catalog: what is kept of each change, and what nobody may do there."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from checkout.models import CustomPayment
from salon import clock, pins
from salon.models import (
    BusinessSettings,
    Location,
    MerchantAccount,
    Role,
    Service,
    SettingChange,
    StaffMember,
    TaxRate,
)
from salon.permissions import CHOICES
from tests.factories import (
    PASSWORD,
    dollars,
    make_browser,
    make_client,
    make_credit,
    make_location,
    make_product,
    make_role,
    make_service,
    make_staff,
    make_tax_rate,
)

SETTINGS = {
    "name": "The salon",
    "receipt_note": "Thank you.",
    "client_account_balances": "on",
    "refunded_credit_days": "30",
    "negative_balance_limit": "100.00",
    "tip_percents": "18, 20, 25",
    "tips_paid": "cash",
    "earmark_deposits": "on",
    "apply_earmarked_deposits": "on",
    "deposits_by_card_only": "on",
    "pin_minutes": "0",
}


@pytest.fixture
def olivia(db):
    return make_browser("Olivia")


@pytest.fixture
def helper(db):
    """A manager who may keep the catalog, people and roles, but is no superuser."""
    role = make_role("Manager")
    role.permissions.add(
        *Permission.objects.filter(
            codename__in=[
                f"{verb}_{model}"
                for verb in ("add", "change", "view")
                for model in ("service", "role", "staffmember", "taxrate")
            ]
        )
    )
    return make_browser("Marcus")


def url(model, page="changelist", *args):
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)


def changes():
    return [(c.subject, c.setting, c.before, c.after) for c in SettingChange.objects.order_by("id")]


def act(browser, model, action, *things):
    data = {"action": action, "_selected_action": [thing.pk for thing in things]}
    return browser.post(url(model) + "?archived=all", data, follow=True)


# --- Every page -------------------------------------------------------------------------------


def test_every_list_and_every_form_opens(olivia):
    clara = make_client()
    make_credit(clara, 40)
    make_service(tax_rate=make_tax_rate())
    make_product()
    CustomPayment.objects.create(name="Voucher")
    olivia.post(url(BusinessSettings, "change", 1), {**SETTINGS, "name": "Salon Olivia"})
    for model, site in admin.site._registry.items():
        response = olivia.get(url(model), follow=True)
        assert response.status_code == 200, model
        row = model.objects.first()
        if row is not None and site.list_display_links != ():
            assert olivia.get(url(model, "change", row.pk)).status_code == 200, model


def test_nothing_of_ours_can_be_deleted(olivia):
    ours = ("salon", "clients", "appointments", "ledger", "checkout")
    make_credit(make_client(), 40)
    make_service()
    for model, site in admin.site._registry.items():
        if model._meta.app_label not in ours:
            continue
        row = model.objects.first()
        if row is not None:
            assert olivia.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
        request = olivia.get("/admin/").wsgi_request
        assert "delete_selected" not in site.get_actions(request), model


def test_the_front_desk_has_no_settings(db):
    jo = make_browser("Jo")
    for model in (Service, BusinessSettings, Role):
        assert jo.get(url(model), follow=True).status_code == 403


# --- Advanced Settings ------------------------------------------------------------------------


def test_advanced_settings_open_at_their_one_form(olivia):
    response = olivia.get(url(BusinessSettings))
    assert response.headers["Location"] == url(BusinessSettings, "change", 1)
    assert olivia.get(url(BusinessSettings, "add")).status_code == 403


def test_the_toggle_is_switched_and_the_switch_is_kept(olivia):
    off = {**SETTINGS, "receipt_note": "Thank you. See you soon."}
    del off["client_account_balances"]
    olivia.post(url(BusinessSettings, "change", 1), off)
    assert not BusinessSettings.current().client_account_balances
    change = SettingChange.objects.get()
    assert (change.setting, change.before, change.after) == (
        "Client Account Balances",
        "True",
        "False",
    )
    assert change.subject == "Advanced settings: Advanced Settings"
    assert change.staff.name == "Olivia"


def test_saving_without_a_change_keeps_no_record(olivia):
    same = {**SETTINGS, "receipt_note": "Thank you. See you soon."}
    olivia.post(url(BusinessSettings, "change", 1), same)
    assert changes() == []


def test_a_location_s_own_toggle_and_its_tills_are_kept(olivia):
    midtown = make_location()
    till = midtown.tills.get()
    data = {
        "name": midtown.name,
        "slug": midtown.slug,
        "time_zone": "America/Chicago",
        "day_starts_at": "04:00:00",
        "address": midtown.address,
        "phone": midtown.phone,
        "client_account_balances": "false",
        "tills-TOTAL_FORMS": "2",
        "tills-INITIAL_FORMS": "1",
        "tills-0-id": till.pk,
        "tills-0-location": midtown.pk,
        "tills-0-name": "Front desk",
        "tills-1-location": midtown.pk,
        "tills-1-name": "Bar",
    }
    olivia.post(url(Location, "change", midtown.pk), data)
    assert ("Location: Midtown", "time zone", "America/New_York", "America/Chicago") in changes()
    assert ("Location: Midtown", "Client Account Balances", "", "False") in changes()
    assert ("Till: Front desk", "name", "Front", "Front desk") in changes()
    assert ("Till: Bar", "added", "", "Bar") in changes()


def test_a_time_zone_that_is_none_is_refused(olivia):
    midtown = make_location()
    response = olivia.post(
        url(Location, "change", midtown.pk),
        {"name": "M", "slug": "m", "time_zone": "Mars/Olympus", "day_starts_at": "04:00"},
    )
    assert "is not a time zone" in response.content.decode()
    assert changes() == []


def test_a_price_and_who_gives_the_service_are_kept(olivia):
    service = make_service(price=85)
    maya = make_staff("Maya")
    data = {
        "name": service.name,
        "category": service.category_id,
        "price": "$95.00",
        "minutes": 60,
        "buffer_before": 0,
        "buffer_after": 0,
        "books_online": "on",
        "staff": [maya.pk],
    }
    olivia.post(url(Service, "change", service.pk), data)
    service.refresh_from_db()
    assert service.price == dollars(95)
    assert changes() == [
        ("Service: Cut & finish", "price", "$85.00", "$95.00"),
        ("Service: Cut & finish", "staff", "", "Maya"),
    ]


def test_a_price_below_zero_is_refused(olivia):
    service = make_service(price=85)
    data = {"name": "Cut", "category": service.category_id, "price": "-1"}
    assert olivia.post(url(Service, "change", service.pk), data).status_code == 200
    service.refresh_from_db()
    assert service.price == dollars(85)


def test_the_record_itself_is_only_read(olivia):
    olivia.post(url(BusinessSettings, "change", 1), SETTINGS)
    change = SettingChange.objects.get()
    assert olivia.get(url(SettingChange, "add")).status_code == 403
    assert olivia.post(url(SettingChange, "change", change.pk), {"after": "x"}).status_code == 403
    change.refresh_from_db()
    assert change.after == "Thank you."


# --- Archive ----------------------------------------------------------------------------------


def test_a_service_is_archived_and_restored_and_both_are_kept(olivia):
    service = make_service()
    act(olivia, Service, "archive", service)
    service.refresh_from_db()
    assert service.is_archived
    assert "Cut &amp; finish" not in olivia.get(url(Service)).content.decode()
    assert "Cut &amp; finish" in olivia.get(url(Service) + "?archived=yes").content.decode()
    act(olivia, Service, "restore", service)
    service.refresh_from_db()
    assert not service.is_archived
    assert [(before, after) for _, _, before, after in changes()] == [("no", "yes"), ("yes", "no")]


def test_archiving_twice_is_archiving_once(olivia):
    service = make_service()
    act(olivia, Service, "archive", service)
    act(olivia, Service, "archive", service)
    assert len(changes()) == 1


def test_who_may_only_look_cannot_archive(db):
    role = make_role("Manager")
    role.permissions.add(Permission.objects.get(codename="view_service"))
    service = make_service()
    act(make_browser("Marcus"), Service, "archive", service)
    service.refresh_from_db()
    assert not service.is_archived


def test_a_tax_rate_that_is_charged_stays(olivia):
    rate = make_tax_rate()
    make_service(tax_rate=rate)
    response = act(olivia, TaxRate, "archive", rate)
    assert "1 services and 0 products still charge it" in response.content.decode()
    rate.refresh_from_db()
    assert not rate.is_archived


def test_the_last_location_and_the_house_stay(olivia):
    midtown = make_location()
    act(olivia, Location, "archive", midtown)
    act(olivia, MerchantAccount, "archive", MerchantAccount.objects.get(is_house=True))
    assert changes() == []


@pytest.mark.parametrize("action", ["archive", "restore"])
def test_the_business_and_the_locations_are_locked_before_they_are_asked(olivia, action):
    """In a form's order. Else a switch could contradict, or the last one go, meanwhile."""
    riverside = make_location("Riverside", archived_at=clock.now() if action == "restore" else None)
    with CaptureQueriesContext(connection) as queries:
        act(olivia, Location, action, riverside)
    locks = [query["sql"] for query in queries if " FOR " in query["sql"]]
    assert 'FROM "salon_businesssettings"' in locks[0]
    assert 'FROM "salon_location"' in locks[1]
    assert changes()


# --- People -----------------------------------------------------------------------------------


def test_a_role_offers_the_desk_s_permissions_in_people_s_words(olivia):
    page = olivia.get(url(Role, "change", make_role().pk)).content.decode()
    for _, words in CHOICES:
        assert escape(words) in page
    assert "Settings: can change service" in page
    for word in ("Can delete", "can delete", "log entry", "session", "content type"):
        assert word not in page


def test_a_changed_role_is_kept(olivia):
    role = make_role("Front desk")
    wanted = Permission.objects.filter(codename__in=["modify_sales", "adjust_balances"])
    data = {
        "name": "Front desk",
        "permissions": [permission.pk for permission in wanted],
        "adjustment_limit": "50",
    }
    olivia.post(url(Role, "change", role.pk), data)
    role.refresh_from_db()
    assert set(role.permissions.all()) == set(wanted)
    assert role.adjustment_limit == dollars(50)
    subjects = {(subject, setting) for subject, setting, _, _ in changes()}
    assert subjects == {
        ("Role: Front desk", "permissions"),
        ("Role: Front desk", "adjustment limit"),
    }


def test_nobody_ticks_what_they_may_not_do_themselves(helper):
    role = make_role("Front desk")
    ticked = [*role.permissions.values_list("pk", flat=True)]
    beyond = Permission.objects.get(codename="refund_card_in_cash")
    data = {"name": "Front desk", "permissions": [*ticked, beyond.pk]}
    response = helper.post(url(Role, "change", role.pk), data)
    assert "You can’t give or take what you may not do yourself" in response.content.decode()
    assert beyond not in role.permissions.all()


def test_a_permission_that_is_not_offered_is_refused(olivia):
    role = make_role("Front desk")
    crafted = Permission.objects.get(codename="delete_session")
    olivia.post(url(Role, "change", role.pk), {"name": "Front desk", "permissions": [crafted.pk]})
    assert crafted not in role.permissions.all()


def person(staff, **more):
    return {
        "name": staff.name,
        "first_name": staff.first_name,
        "username": staff.username,
        "role": staff.role_id or "",
        "location": staff.location_id,
        "is_active": "on",
        "books_online": "on",
        **more,
    }


def test_a_person_is_changed_and_the_password_is_nobody_s_to_read(olivia):
    jo = make_staff("Jo")
    olivia.post(url(StaffMember, "change", jo.pk), person(jo, name="Jo Park"))
    assert changes() == [("Staff member: Jo Park", "Name on the book", "Jo", "Jo Park")]
    jo.refresh_from_db()
    assert jo.check_password(PASSWORD)


@pytest.mark.parametrize("secret", ["pin", "password"])
def test_no_hash_is_read_out_letter_by_letter(helper, secret):
    olivia = pins.set_pin(staff=make_staff("Olivia"), pin="2580")
    found = helper.get(f"{url(StaffMember)}?{secret}__startswith={getattr(olivia, secret)[:4]}")
    assert "Olivia" not in found.text
    assert "Olivia" in helper.get(f"{url(StaffMember)}?is_active__exact=1").text


def test_nobody_gives_a_role_that_is_above_them(helper):
    jo = make_staff("Jo")
    helper.post(url(StaffMember, "change", jo.pk), person(jo, role=make_role("Owner").pk))
    jo.refresh_from_db()
    assert jo.role.name == "Front desk"


def test_nobody_makes_themselves_a_superuser(helper):
    marcus = make_staff("Marcus")
    helper.post(
        url(StaffMember, "change", marcus.pk), person(marcus, is_superuser="on", is_staff="on")
    )
    marcus.refresh_from_db()
    assert not marcus.is_superuser


@pytest.mark.parametrize("name", ["Olivia", "Nora"])
def test_nobody_changes_who_may_do_more_a_password_least_of_all(helper, name):
    above = make_staff(name, role="Owner")
    assert helper.post(url(StaffMember, "change", above.pk), person(above)).status_code == 403
    address = f"{url(StaffMember, 'change', above.pk).removesuffix('change/')}password/"
    response = helper.post(address, {"password1": "abcdefgh1X", "password2": "abcdefgh1X"})
    assert response.status_code == 403
    above.refresh_from_db()
    assert above.check_password(PASSWORD)


def test_a_person_is_added_with_a_role(olivia):
    location = make_location()
    data = {
        "name": "Nora",
        "username": "nora",
        "usable_password": "true",
        "password1": "scissors-and-combs-9",
        "password2": "scissors-and-combs-9",
        "role": make_role().pk,
        "location": location.pk,
    }
    olivia.post(url(StaffMember, "add"), data)
    nora = StaffMember.objects.get(username="nora")
    assert nora.has_perm("salon.modify_sales")
    assert changes() == [("Staff member: Nora", "added", "", "Nora")]


# --- The ledger -------------------------------------------------------------------------------


def test_an_entry_shows_both_its_sides(olivia):
    lot = make_credit(make_client(), 40)
    page = olivia.get(url(type(lot.opened_by), "change", lot.opened_by_id)).content.decode()
    assert page.count("$40.00") == 2
    assert "opening/" in page
    assert f"client_credit/client:{lot.account.client_id}" in page


@pytest.mark.parametrize("name", ["Account", "Entry", "Lot"])
def test_the_ledger_is_read_only_for_the_owner_too(olivia, name):
    model = apps.get_model("ledger", name)
    make_credit(make_client(), 40)
    row = model.objects.first()
    assert olivia.get(url(model, "add")).status_code == 403
    assert olivia.post(url(model, "change", row.pk), {"note": "x"}).status_code == 403
    assert olivia.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_the_list_of_entries_costs_the_same_for_few_and_for_many(olivia):
    clara = make_client()
    model = apps.get_model("ledger", "Entry")

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert olivia.get(url(model)).status_code == 200
        return len(captured)

    make_credit(clara, 1)
    cost()
    first = cost()
    for _ in range(20):
        make_credit(clara, 1)
    assert cost() == first


@pytest.mark.django_db
def test_an_owner_of_a_new_installation_reaches_the_settings_without_being_a_superuser(client):
    olivia = make_staff("Olivia", is_superuser=False)
    client.force_login(olivia)
    assert olivia.has_perm("salon.change_businesssettings")
    assert olivia.has_perm("salon.change_service")
    assert not olivia.has_perm("salon.delete_service")
    assert client.get("/admin/salon/service/").status_code == 200
