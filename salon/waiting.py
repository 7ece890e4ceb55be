"""Reading a row that one had to wait for, together with what it names."""

from typing import TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet

_Row = TypeVar("_Row", bound=Model)


def locked_row(rows: QuerySet[_Row], **which: object) -> _Row:
    """One row of a query that locks it and joins others. One query; two where it was changed.

    Whoever held the row may have made it somebody else's, as a merge does with a client's visits.
    PostgreSQL then compares the row as it is now with the one that was joined before the wait: it
    leaves the row out, or what it names, where it may name none. Asked anew, both are found.
    DoesNotExist where there really is none.
    """
    try:
        row = rows.get(**which)
    except ObjectDoesNotExist:
        return rows.get(**which)
    return rows.get(**which) if _lacks_what_it_names(row) else row


def _lacks_what_it_names(row: Model) -> bool:
    """Whether it came without a row that it names by now."""
    joined = row._state.fields_cache
    return any(
        joined.get(field.name, row) is None and getattr(row, field.attname) is not None
        for field in row._meta.concrete_fields
    )
