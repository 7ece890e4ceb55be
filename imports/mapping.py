"""Naming the columns, and how rows are dealt with."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields

from django.db import transaction

from imports import tasks
from imports.errors import Refused
from imports.known_columns import FIELDS, ONCE
from imports.models import BalancesAre, Earlier, Import, OnMatch, Status, Twice
from salon.desk import Desk

OPEN = [Status.MAPPING, Status.READY, Status.FAILED]
"""In these nothing has gone in, and no job is at work."""


@dataclass(frozen=True)
class Options:
    """How rows are dealt with; see the models for the words."""

    on_match: str = OnMatch.FILL
    twice: str = Twice.REFUSE
    balances_are: str = BalancesAre.PAID
    expires_on: dt.date | None = None
    had_before: str = Earlier.ASK


@transaction.atomic
def map_columns(*, import_: Import, mapping: Sequence[str], options: Options, desk: Desk) -> Import:
    """Keep what each column is (a key of known_columns.FIELDS or ""), and have the worker check.

    Again, with other columns, as long as nothing went in. Locks the import. Raises Refused: `field`
    is "mapping", or the option that is wrong ("expires_on").
    """
    locked = lock(import_, OPEN)
    _refuse_wrong(locked, mapping)
    if options.expires_on and options.expires_on < desk.business_date:
        raise Refused(
            "This day is over. Choose one that is ahead, or none. Nothing was changed.",
            field="expires_on",
        )
    locked.mapping = list(mapping)
    for option in fields(options):
        setattr(locked, option.name, getattr(options, option.name))
    locked.status, locked.error = Status.CHECKING, ""
    locked.save()
    tasks.ask(tasks.check, locked)
    return locked


def options_of(import_: Import) -> Options:
    """What was chosen before, for the form."""
    return Options(**{option.name: getattr(import_, option.name) for option in fields(Options)})


def lock(import_: Import, allowed: Sequence[str]) -> Import:
    """The import as it is now, locked. Raises Refused where its status is none of `allowed`."""
    locked = Import.objects.select_for_update(no_key=True).get(pk=import_.pk)
    if locked.status not in allowed:
        raise Refused(
            f"This import is “{locked.get_status_display().lower()}” meanwhile. Load the page "
            "again. Nothing was changed."
        )
    return locked


def _refuse_wrong(import_: Import, mapping: Sequence[str]) -> None:
    if len(mapping) != len(import_.columns) or any(it and it not in FIELDS for it in mapping):
        raise Refused("Say for each column what it is. Nothing was changed.", field="mapping")
    if not {"first_name", "last_name", "name"} & set(mapping):
        raise Refused(
            "Say which column has the clients’ names. Nothing was changed.", field="mapping"
        )
    for field in ONCE:
        if mapping.count(field) > 1:
            raise Refused(
                f"Two columns are “{FIELDS[field]}”. Keep one of them. Nothing was changed.",
                field="mapping",
            )
