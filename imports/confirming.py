"""The control total is typed, and the import goes in. Or it is left."""

import datetime as dt

from django.db import connection, transaction
from djmoney.money import Money

from imports import already, tasks
from imports.errors import Refused
from imports.mapping import OPEN, lock
from imports.models import AT_WORK, Import, Status
from imports.uploading import earlier
from salon import said
from salon.desk import Desk
from salon.money import minor

LOST = dt.timedelta(minutes=2)


@transaction.atomic
def confirm(
    *,
    import_: Import,
    control_total: Money,
    desk: Desk,
    leave_out_errors: bool = False,
    again: bool = False,
) -> Import:
    """Have the worker take the import in. The control total is the net: credit less what is owed.

    Locks the import. Raises Refused, and nothing happens: where the control total is another
    (field "control_total"; the difference is named), where rows have errors and are not left out
    (field "leave_out_errors"), where this very file is in already and it is not to go in `again`
    (field "again"), where it was checked anew or is at work already; and where another import went
    in since the check, or a client has an earlier balance since, that nobody was told of.
    """
    locked = lock(import_, [Status.READY])
    _refuse_twice(locked, again)
    already.refuse_unseen(locked)
    already.refuse_more(locked)
    _refuse_errors(locked, leave_out_errors)
    _refuse_difference(locked, control_total)
    locked.control_minor = minor(control_total)
    locked.confirmed_by, locked.confirmed_at = desk.person, desk.at
    locked.status, locked.error = Status.IMPORTING, ""
    locked.save()
    tasks.ask(tasks.take_in, locked)
    return locked


@transaction.atomic
def discard(*, import_: Import, desk: Desk) -> Import:
    """Leave it: the staged rows go, the import stays as a line. Raises Refused once it went in."""
    locked = lock(import_, OPEN)
    locked.rows.all().delete()
    locked.status, locked.error = Status.DISCARDED, ""
    locked.finished_at = locked.cleared_at = desk.at
    locked.save()
    return locked


@transaction.atomic
def start_again(*, import_: Import, desk: Desk) -> Import:
    """Ask the worker again for a job that was lost (see `looks_lost`). Harmless where it runs."""
    locked = lock(import_, AT_WORK)
    tasks.ask(_JOBS[Status(locked.status)], locked)
    return locked


def looks_lost(import_: Import) -> bool:
    """Whether a job is at work and has told nothing for two minutes. One query."""
    if not import_.is_at_work:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(at < clock_timestamp() - make_interval(secs => %s), false) "
            "from imports_progress where of_id = %s",
            [LOST.total_seconds(), import_.pk],
        )
        found = cursor.fetchone()
    return bool(found and found[0])


_JOBS = {
    Status.CHECKING: tasks.check,
    Status.IMPORTING: tasks.take_in,
    Status.TAKING_BACK: tasks.take_back,
}


def _refuse_twice(import_: Import, again: bool) -> None:
    """One confirms at a time: of two who uploaded the same file, the second is told."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended('imports.confirm', 0))")
    if not again and earlier(import_):
        raise Refused(
            "This very file was imported before, and stands: every balance would be in twice. "
            "Take that import back first, or say that it is to go in again. Nothing went in.",
            field="again",
        )


def _refuse_errors(import_: Import, leave_out: bool) -> None:
    many = import_.rows_error
    if many and not leave_out:
        rows = "1 row has an error" if many == 1 else f"{many:,} rows have errors"
        raise Refused(
            f"{rows}. Correct the file and upload it again, or leave the rows out. "
            "Nothing went in.",
            field="leave_out_errors",
        )
    if not import_.rows_in:
        raise Refused("No row is left that could go in. Nothing went in.", field="leave_out_errors")


def _refuse_difference(import_: Import, control_total: Money) -> None:
    difference = control_total - import_.net
    if difference:
        more = "more" if difference.amount > 0 else "less"
        raise Refused(
            f"The rows that go in come to {said.amount(import_.net)}; "
            f"{said.amount(control_total)} is {said.amount(abs(difference))} {more}. "
            "Find the rows that are missing or wrong, or correct the total. Nothing went in.",
            field="control_total",
        )
