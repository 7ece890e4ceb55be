"""Who has a balance from an earlier import: theirs would be in twice, and nobody may miss that.

The file's bytes tell nothing: it may have been saved anew, or exported again. So each row is held
against the opening entries that stand, by its client; and a row that would make a new client,
against who came with the same name and the same balance.
"""

import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.db import connection

from imports.errors import Refused
from imports.models import Earlier, Import, Status
from salon import clock, said
from salon.money import money

_IN = [Status.DONE, Status.TAKING_BACK]
_STANDS = [Status.IMPORTING, *_IN]

# One line for each entry of an earlier import that a row would come on top of. `lead`: the first
# row of the person, since all rows of one person share their fate.
_ON_TOP = """
with stood as (
    select coalesce(c.merged_into_id, c.id) as client, o.entry_id, o.amount, o.of_id,
           c.first_name || ' ' || c.last_name as name
    from imports_row o
    join imports_import i on i.id = o.of_id
    join clients_client c on c.id = o.client_id
    where o.of_id <> %(import)s and o.entry_id is not null and i.status = any(%(stands)s)
),
mine as (
    select coalesce(r.same_as, r.number) as lead, r.decision, r.amount, r.had, r.match_id,
           coalesce(m.merged_into_id, m.id) as client,
           r.first_name || ' ' || r.last_name as name
    from imports_row r left join clients_client m on m.id = r.match_id
    where r.of_id = %(import)s and r.amount <> 0 and r.decision in ('new', 'match')
),
found as (
    select m.lead, s.entry_id, s.amount, s.of_id, false as by_name, m.had
    from mine m join stood s on s.client = m.client where m.decision = 'match'
    union
    select m.lead, s.entry_id, s.amount, s.of_id, true, m.had
    from mine m join stood s
      on s.amount = m.amount and salon_search_text(s.name) = salon_search_text(m.name)
    where m.decision = 'new' and m.match_id is null
)
select distinct f.lead, f.entry_id, f.amount, f.by_name, i.file_name, i.confirmed_at
from found f join imports_import i on i.id = f.of_id
"""

_MARK = """
update imports_row r set had = t.had,
    decision = case when %(add)s then r.decision else 'error' end,
    warnings = case when %(add)s then r.warnings || t.told else r.warnings end,
    problems = case when %(add)s then r.problems else r.problems || t.told end
from jsonb_to_recordset(%(told)s::jsonb) as t (lead int, had jsonb, told jsonb)
where r.of_id = %(import)s and coalesce(r.same_as, r.number) = t.lead
  and r.decision in ('new', 'match')
"""


def mark(import_: Import) -> None:
    """Say it on each row that would come on top of an earlier balance, and keep what was seen.

    Such a row is a problem, left out unless somebody asks for it; where the import is to add
    (`Earlier.ADD`), it goes in with the remark. Called by the check, with the import locked, and
    saved by the caller. A fixed number of queries.
    """
    import_.seen = _standing(import_, _IN)
    if not import_.seen:
        return
    told = [
        {"lead": lead, "had": [row["entry_id"] for row in rows], "told": [_sentence(rows, import_)]}
        for lead, rows in _by_lead(import_)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _MARK,
            {
                "import": import_.pk,
                "add": import_.had_before == Earlier.ADD,
                "told": json.dumps(told),
            },
        )


def refuse_unseen(import_: Import) -> None:
    """Raises Refused where another import went in since the check: its people were not seen.

    Also where it is still going in. Call it with the lock of `confirm` held. One query.
    """
    unseen = set(_standing(import_, _STANDS)) - set(import_.seen)
    if unseen:
        other = Import.objects.get(pk=max(unseen))
        is_in = "is being taken in" if other.status == Status.IMPORTING else "was taken in"
        raise Refused(
            f"“{other.file_name}” {is_in}, and was not when this file was checked: the same "
            "people could be in both. Check again once it is in. Nothing went in."
        )


def refuse_more(import_: Import) -> None:
    """Raises Refused where a row would come on top of a balance that its check did not see.

    Merging brings that about. Two queries; once the clients are locked the answer stays true.
    """
    unseen = _found(import_, " where not f.had @> to_jsonb(f.entry_id) order by 1 limit 1")
    if unseen:
        raise Refused(
            f"Since the check the client of row {unseen[0]['lead']} has a balance from the import "
            f"“{unseen[0]['file_name']}”, and this would come on top. Check again, and say there "
            "what becomes of it. Nothing went in."
        )


def _standing(import_: Import, statuses: Sequence[str]) -> list[int]:
    others = Import.objects.filter(status__in=statuses).exclude(pk=import_.pk)
    return list(others.order_by("pk").values_list("pk", flat=True))


def _by_lead(import_: Import) -> list[tuple[int, list[dict[str, Any]]]]:
    found = _found(import_, " order by 1, 2")
    return [(lead, list(rows)) for lead, rows in groupby(found, key=lambda row: row["lead"])]


def _found(import_: Import, rest: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        # The rows were written a moment ago: their number is not known to the planner yet.
        cursor.execute("set local enable_nestloop = off")
        cursor.execute(_ON_TOP + rest, {"import": import_.pk, "stands": [*map(str, _STANDS)]})
        names = [column[0] for column in cursor.description or ()]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        cursor.execute("set local enable_nestloop = on")
    return found


def _sentence(rows: Sequence[dict[str, Any]], import_: Import) -> str:
    """Amount, day and name of each: what is there, and that this would come on top."""
    today = clock.business_date(import_.location, clock.now())
    parts = []
    for row in rows:
        day = clock.business_date(import_.location, row["confirmed_at"])
        balance = said.balance(money(row["amount"]))
        has = balance if row["amount"] < 0 else f"has {balance}"
        parts.append(f"{has} from the import “{row['file_name']}” of {said.day(day, today)}")
    if rows[0]["by_name"]:
        return (
            f"A client of this name already {said.listed(parts)}. This would make a second "
            "client with the same balance."
        )
    return f"The client already {said.listed(parts)}. This balance would come on top."
