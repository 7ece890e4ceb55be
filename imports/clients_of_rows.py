"""Who the rows' clients are: numbers for the new ones, and what the known ones get."""

from typing import Any

from django.db import connection
from django.db.models import GeneratedField

from clients.models import Client
from imports.models import Import, OnMatch

# Numbers first, clients by them afterwards; what belongs to an earlier row is its client's.
_NUMBER = """
update imports_row
set client_id = nextval(pg_get_serial_sequence('clients_client', 'id'))
where of_id = %(import)s and decision = 'new' and same_as is null
"""

# Locked in one order, as merging does; from here on nobody of them is merged or archived.
_LOCK = """
select count(*) from (
    select c.id from clients_client c
    where c.id in (select match_id from imports_row
                   where of_id = %(import)s and decision = 'match')
       or c.id in (select m.merged_into_id from imports_row r
                   join clients_client m on m.id = r.match_id
                   where r.of_id = %(import)s and r.decision = 'match')
    order by c.id for no key update
) as locked
"""

_KNOWN = """
update imports_row r set client_id = coalesce(c.merged_into_id, c.id)
from clients_client c
where r.of_id = %(import)s and r.decision = 'match' and r.same_as is null and c.id = r.match_id
"""

_FOLLOW = """
update imports_row r set client_id = f.client_id
from imports_row f
where r.of_id = %(import)s and f.of_id = %(import)s and r.decision in ('new', 'match')
  and f.number = r.same_as
"""

# What it fills in is kept, to be taken out again with it.
_FILLED = """
update imports_row r set filled = jsonb_strip_nulls(jsonb_build_object(
    'archived_at', c.archived_at,
    'email', case when %(fill)s and c.email = '' then nullif(r.email, '') end,
    'phone', case when %(fill)s and c.phone = '' then nullif(r.phone, '') end,
    'last_name', case when %(fill)s and c.last_name = '' then nullif(r.last_name, '') end,
    'note', case when %(fill)s and c.note = '' then nullif(r.note, '') end))
from clients_client c
where r.of_id = %(import)s and r.decision = 'match' and r.same_as is null and c.id = r.client_id
"""

_FILL = """
update clients_client c set
    archived_at = null,
    email = coalesce(r.filled ->> 'email', c.email),
    phone = coalesce(r.filled ->> 'phone', c.phone),
    last_name = coalesce(r.filled ->> 'last_name', c.last_name),
    note = coalesce(r.filled ->> 'note', c.note)
from imports_row r
where r.of_id = %(import)s and r.decision = 'match' and r.filled <> '{}' and c.id = r.client_id
"""

# Only what is still as the import wrote it.
_EMPTY = """
update clients_client c set
    email = case when c.email = r.filled ->> 'email' then '' else c.email end,
    phone = case when c.phone = r.filled ->> 'phone' then '' else c.phone end,
    last_name = case when c.last_name = r.filled ->> 'last_name' then '' else c.last_name end,
    note = case when c.note = r.filled ->> 'note' then '' else c.note end
from imports_row r
where r.of_id = %(import)s and r.decision = 'match' and r.filled <> '{}' and c.id = r.client_id
"""


def number_new(import_: Import) -> None:
    """Give each new person the id that their client will have."""
    _run(import_, _NUMBER)


def make_new(import_: Import, first: int, last: int) -> int:
    """Make the clients of the new rows with these numbers; how many.

    Row to row inside the database, since a hundred thousand take long by the ORM; every other
    column gets what the model gives it.
    """
    columns, values, parameters = _new_client(import_)
    sql = f"""
        insert into clients_client ({", ".join(columns)})
        select {", ".join(values)} from imports_row r
        where r.of_id = %s and r.decision = 'new' and r.same_as is null
          and r.number between %s and %s
        order by r.number
    """  # nosec B608
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, import_.pk, first, last])
        return cursor.rowcount


def _new_client(import_: Import) -> tuple[list[str], list[str], list[Any]]:
    """Columns, what each gets, and the parameters of these."""
    pattern = Client(location_id=import_.location_id)
    columns: list[str] = []
    values: list[str] = []
    parameters: list[Any] = []
    for field in Client._meta.concrete_fields:
        if isinstance(field, GeneratedField):
            continue
        column = str(field.column)
        columns.append(column)
        values.append(_OF_ROW.get(column, "%s"))
        if column not in _OF_ROW:
            value = field.pre_save(pattern, add=True)
            parameters.append(field.get_db_prep_save(value, connection))
    return columns, values, parameters


_OF_ROW = {
    "id": "r.client_id",
    **{name: f"r.{name}" for name in ("first_name", "last_name", "email", "phone", "note")},
}


def welcome_known(import_: Import) -> None:
    """Lock the known clients; fill in what they lack, where that is wanted; name all rows' client.

    Who is archived is restored.
    """
    _run(import_, _LOCK)
    _run(import_, _KNOWN)
    _run(import_, _FILLED)
    _run(import_, _FILL)
    _run(import_, _FOLLOW)


def lock_all(import_: Import) -> None:
    """Lock every client of the import until the transaction ends, in one order."""
    _run(import_, _LOCK_ALL)


def empty_again(import_: Import) -> None:
    """Take out of the known clients what it filled in, as far as nobody changed it since."""
    _run(import_, _EMPTY)


_LOCK_ALL = """
select count(*) from (
    select c.id from clients_client c
    where c.id in (select client_id from imports_row where of_id = %(import)s)
    order by c.id for no key update
) as locked
"""


def _run(import_: Import, sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"import": import_.pk, "fill": import_.on_match == OnMatch.FILL})
