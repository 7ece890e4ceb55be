"""Where the rows of reports lead: an entry, and what caused it. No queries."""

from collections.abc import Iterable

from django.urls import NoReverseMatch, reverse

from ledger import causes
from ledger.models import Entry


def entry_url(entry_id: int) -> str:
    """An entry with all that it moved."""
    return reverse("reports:entry", args=[entry_id])


def cause_url(kind: str, cause_id: str) -> str:
    """What caused an entry; "" where that has no page."""
    if not (causes.is_known(kind) and cause_id):
        return ""
    try:
        return reverse("ledger:cause", args=[kind, cause_id])
    except NoReverseMatch:
        return ""


def cause_names(found: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Sale #1042, by kind and id. One query for each kind."""
    return causes.names_of([Entry(cause_kind=kind, cause_id=cause) for kind, cause in found])
