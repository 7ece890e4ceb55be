"""The three roles of a new installation."""

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Permission

from salon.models import Role
from salon.permissions import DEFAULT_ROLES


def ensure_default_roles() -> None:
    """Make each default role that does not exist yet; never touches one that does."""
    # Django makes the permissions after migrate too, and on a fresh database later than this.
    create_permissions(apps.get_app_config("salon"), verbosity=0)
    for name, codenames in DEFAULT_ROLES.items():
        role, is_new = Role.objects.get_or_create(name=name)
        if is_new:
            role.permissions.set(
                Permission.objects.filter(
                    content_type__app_label="salon",
                    codename__in=[codename.split(".")[1] for codename in codenames],
                )
            )
