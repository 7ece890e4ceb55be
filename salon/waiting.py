"""Reading a row that one had to wait for, together with what it names."""

from typing import TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet

_Row = TypeVar("_Row", bound=Model)


def locked_row(rows: QuerySet[_Row], **which: object) -> _Row:
    """One row of a query that locks it and joins others. One query; two where it was changed.

    Whoever held the row may have made it somebody else's, as a merge does with a client's visits.
    PostgreSQL then compares the row as it is now with the one that was joined before the wait, and
    leaves it out. Asked anew, it is found. DoesNotExist where there really is none.
    """
    try:
        return rows.get(**which)
    except ObjectDoesNotExist:
        return rows.get(**which)
