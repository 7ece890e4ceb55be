"""The page of an import, for whoever looks at an entry of it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from imports.models import Import
from imports.taking_in import CAUSE
from ledger import causes


def add_causes() -> None:
    """Answer for entries of imports, in AppConfig.ready()."""
    causes.add(CAUSE, url_of=url_of, names_of=names_of)


def url_of(cause_id: str) -> str | None:
    """The import's page."""
    try:
        return reverse("imports:one", args=[UUID(cause_id)])
    except (ValueError, NoReverseMatch):
        return None


def names_of(ids: Sequence[str]) -> Mapping[str, str]:
    """What each is called: its file. One query."""
    found = Import.objects.filter(uuid__in=ids).values_list("uuid", "file_name")
    return {str(uuid): f"Import {name}" for uuid, name in found}
