"""Roles of a new installation, and what an upgrade adds: once, and never against the owner."""

import pytest
from django.contrib.auth.models import Permission

from salon import permissions
from salon.models import Role
from salon.permissions import CHOICES, DEFAULT_ROLES
from salon.roles import ensure_default_roles
from tests.harness.databases import migrate

NEW = ["give_discounts", "merge_clients", "manage_services", "change_businesssettings"]
"""As if this version had brought them; the last one is of the admin."""


def has(role):
    found = Role.objects.get(name=role).permissions.values_list("codename", flat=True)
    return set(found)


def go_back_to_before():
    """A database as the version before left it: these permissions did not exist."""
    Permission.objects.filter(codename__in=NEW).delete()
    assert not has("Owner") & set(NEW)


def test_a_new_installation_has_three_roles_with_what_is_documented(db):
    desk = {codename for codename, _ in CHOICES}
    for role, codenames in DEFAULT_ROLES.items():
        assert has(role) & desk == {name.split(".")[1] for name in codenames}


def test_an_upgrade_gives_what_is_new_to_the_roles_that_were_meant(db):
    go_back_to_before()
    ensure_default_roles()
    assert has("Front desk") & set(NEW) == {"give_discounts"}
    assert has("Manager") & set(NEW) == {"give_discounts", "merge_clients", "manage_services"}
    assert has("Owner") & set(NEW) == set(NEW)


def test_what_the_owner_took_away_stays_away(db):
    go_back_to_before()
    ensure_default_roles()
    taken = Permission.objects.get(codename="manage_services")
    Role.objects.get(name="Manager").permissions.remove(taken)
    ensure_default_roles()
    assert "manage_services" not in has("Manager")
    assert "manage_services" in has("Owner")


def test_what_the_owner_took_away_before_is_not_given_back_by_an_upgrade(db):
    refunds = Permission.objects.get(codename="refund_sales")
    Role.objects.get(name="Manager").permissions.remove(refunds)
    go_back_to_before()
    ensure_default_roles()
    assert "refund_sales" not in has("Manager")
    assert "merge_clients" in has("Manager")


def test_a_role_of_the_owner_s_own_gains_nothing_by_itself(db):
    Role.objects.create(name="Trainee")
    go_back_to_before()
    ensure_default_roles()
    assert has("Trainee") == set()


def test_a_default_role_that_was_deleted_is_made_again_whole(db):
    Role.objects.get(name="Manager").delete()
    ensure_default_roles()
    codenames = {name.split(".")[1] for name in permissions.MANAGER}
    assert has("Manager") == codenames


def test_migrate_itself_gives_them_once(committing_db):
    go_back_to_before()
    migrate(committing_db)
    assert has("Manager") & set(NEW) == {"give_discounts", "merge_clients", "manage_services"}
    assert set(NEW) <= has("Owner")
    taken = Permission.objects.get(codename="merge_clients")
    Role.objects.get(name="Manager").permissions.remove(taken)
    migrate(committing_db)
    assert "merge_clients" not in has("Manager")


@pytest.mark.parametrize("times", [2, 3])
def test_migrating_again_changes_nothing(db, times):
    before = {role: has(role) for role in DEFAULT_ROLES}
    for _ in range(times):
        ensure_default_roles()
    assert {role: has(role) for role in DEFAULT_ROLES} == before
