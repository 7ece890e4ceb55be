"""What stood in the rows of an import is forgotten some weeks later: it is people's data."""

import datetime as dt

from django.db import transaction

from imports.models import Import, Status
from salon import clock

KEPT = dt.timedelta(days=30)
"""After an import went in, was taken back, or was left lying. Numbers, amounts, clients and entries
stay for good, and so do the numbers that people had in the other program."""

_OVER = [Status.DONE, Status.TAKEN_BACK]
_LYING = [Status.MAPPING, Status.READY, Status.FAILED]


def clear_old() -> int:
    """Clear the rows of imports that are over; delete those of what was left lying. How many."""
    before = clock.now() - KEPT
    old = Import.objects.filter(cleared_at__isnull=True)
    over = old.filter(status__in=_OVER, finished_at__lt=before)
    lying = old.filter(status__in=_LYING, uploaded_at__lt=before)
    return sum(_clear(import_) for import_ in [*over, *lying])


@transaction.atomic
def _clear(import_: Import) -> bool:
    locked = Import.objects.select_for_update(no_key=True).get(pk=import_.pk)
    if locked.status in _OVER:
        locked.rows.update(
            raw=[], first_name="", last_name="", email="", phone="", note="",
            problems=[], warnings=[],
        )  # fmt: skip
    elif locked.status in _LYING:
        locked.rows.all().delete()
        locked.status = Status.DISCARDED
    else:
        return False
    locked.cleared_at = clock.now()
    locked.save(update_fields=["status", "cleared_at"])
    return True
