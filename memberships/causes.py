"""Entries that a membership caused, as lines of a statement open them: what ended with it, say."""

import uuid as uuids
from collections.abc import Mapping, Sequence

from django.urls import reverse

from ledger import causes
from memberships.models import Membership
from memberships.purposes import CAUSE


def url_of(uuid: str) -> str | None:
    """The membership's page at the desk. One query."""
    found = _is_one(uuid) and Membership.objects.filter(uuid=uuid).exists()
    return reverse("memberships:one", args=[uuid]) if found else None


def names_of(causes_of: Sequence[str]) -> Mapping[str, str]:
    """Gold membership. One query for all."""
    rows = Membership.objects.filter(uuid__in=filter(_is_one, causes_of))
    named = rows.values_list("uuid", "plan__name")
    return {str(uuid): f"{plan} membership" for uuid, plan in named}


def _is_one(text: str) -> bool:
    """Whether it is a uuid at all: what an entry names is text."""
    try:
        uuids.UUID(text)
    except ValueError:
        return False
    return True


def register_causes() -> None:
    """Called once, when the program starts."""
    causes.add(CAUSE, url_of=url_of, names_of=names_of)
