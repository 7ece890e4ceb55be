"""The three roles of a new installation."""

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

from salon.models import Role
from salon.permissions import DEFAULT_ROLES

SETTLED_IN_ADMIN = ("salon", "clients", "ledger", "checkout")
"""Apps whose rows an owner keeps, or reads, in the admin."""


def ensure_default_roles() -> None:
    """Make each default role that does not exist yet; never touches one that does.

    An Owner also keeps the catalog, places, staff and settings in the admin.
    """
    for label in SETTLED_IN_ADMIN:
        # Django makes the permissions after migrate too, and on a fresh database later than this.
        create_permissions(apps.get_app_config(label), verbosity=0)
    for name, codenames in DEFAULT_ROLES.items():
        role, is_new = Role.objects.get_or_create(name=name)
        if is_new:
            role.permissions.set(
                Permission.objects.filter(
                    content_type__app_label="salon",
                    codename__in=[codename.split(".")[1] for codename in codenames],
                )
            )
            if name == "Owner":
                _give_the_admin_to(role)


def _give_the_admin_to(role: Group) -> None:
    from salon.admin.people import grantable  # The admin is loaded after the models.

    role.permissions.add(*grantable())
