"""Refusing a page in words that name the missing permission."""

from collections.abc import Callable

from django.contrib.auth.decorators import user_passes_test
from django.core.exceptions import PermissionDenied

from salon.permissions import CHOICES

_WORDS = {f"salon.{codename}": words for codename, words in CHOICES}


def words_for(permission: str) -> str:
    """The permission as an owner reads it: Can refund and void sales."""
    return _WORDS.get(permission, "")


def permission_required(permission: str) -> Callable:
    """Like Django's, raising PermissionDenied; the 403 page says what is missing."""

    def may(user) -> bool:  # type: ignore[no-untyped-def]
        if user.has_perm(permission):
            return True
        raise PermissionDenied(permission)

    return user_passes_test(may)
