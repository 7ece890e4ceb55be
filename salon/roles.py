"""The three roles of a new installation, and what they gain on an upgrade."""

from collections.abc import Collection

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import QuerySet

from salon.models import Role
from salon.permissions import DEFAULT_ROLES, DISCOUNT_LIMITS

SETTLED_IN_ADMIN = ("salon", "clients", "ledger", "checkout", "deposits")
"""Apps whose rows an owner keeps, or reads, in the admin."""

OWNER = "Owner"


@transaction.atomic
def ensure_default_roles() -> None:
    """Make each default role that is missing; give those that are there what is new.

    A permission is new when its row is: this very call makes it, once, so that what an owner takes
    away afterwards stays away. Roles of the owner's own gain nothing by themselves. An Owner also
    keeps the catalog, places, staff and settings in the admin.
    """
    known = set(Permission.objects.values_list("pk", flat=True))
    for label in SETTLED_IN_ADMIN:
        create_permissions(apps.get_app_config(label), verbosity=0)
    for name in DEFAULT_ROLES:
        role, is_new = Role.objects.get_or_create(name=name)
        meant = _meant_for(name)
        _give(role, meant if is_new else meant.exclude(pk__in=known))
        if is_new or not _may_give_discounts(known):
            _limit_discounts(role)


def _may_give_discounts(permissions: Collection[int]) -> bool:
    return Permission.objects.filter(pk__in=permissions, codename="give_discounts").exists()


def _limit_discounts(role: Group) -> None:
    """Who may give discounts from now on may do so within bounds; the owner moves them."""
    if limit := DISCOUNT_LIMITS.get(role.name):
        roles: QuerySet[Role] = QuerySet(Role).filter(pk=role.pk, discount_limit=None)
        roles.update(discount_limit=limit)


def _meant_for(name: str) -> QuerySet[Permission]:
    """What a role of this name has on a new installation."""
    desk = [codename.split(".")[1] for codename in DEFAULT_ROLES[name]]
    meant = Permission.objects.filter(content_type__app_label="salon", codename__in=desk)
    return meant | _kept_in_the_admin() if name == OWNER else meant


def _kept_in_the_admin() -> QuerySet[Permission]:
    from salon.admin.people import grantable  # The admin is loaded after the models.

    return grantable()


def _give(role: Group, permissions: QuerySet[Permission]) -> None:
    role.permissions.add(*permissions)
