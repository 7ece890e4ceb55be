"""Permissions come from a staff member's one role."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import QuerySet


class RoleBackend(ModelBackend):
    """Django's own backend, with the role in the place of a list of groups."""

    def _get_group_permissions(self, user_obj) -> QuerySet[Permission]:  # type: ignore[no-untyped-def]
        return Permission.objects.filter(group=user_obj.role_id)
