"""Who the rows are: people whom the salon knows already, and people who stand in the file twice.

Set by set in PostgreSQL: a hundred thousand rows against a hundred thousand clients in seconds.
Whoever has the same e-mail address or phone number and a similar name is the same person, and so
is who came with the same number (reference) in an earlier import.
"""

from django.db import connection

from imports.models import Import, Twice

SIMILAR = 0.5
"""How alike two names are at least, of 1 (pg_trgm), where the first names differ."""

# Families share addresses and phones: the name decides. What matched is compared once for each row.
_KNOWN = """
with mine as (
    select r.id, r.email, r.phone, r.reference, salon_search_text(r.first_name) as first,
           salon_search_text(r.first_name || ' ' || r.last_name) as name
    from imports_row r where r.of_id = %(import)s and r.decision = 'new'
),
near as (
    select m.id, m.first, m.name, c.id as client, 2 as weight
    from mine m join clients_client c on upper(c.email::text) = upper(m.email) where m.email <> ''
    union all
    select m.id, m.first, m.name, c.id, 2
    from mine m join clients_client c on c.phone = m.phone where m.phone <> ''
    union all
    select m.id, m.first, m.name, o.client_id, 3
    from mine m
    join imports_row o on o.reference = m.reference and o.client_id is not null
    where m.reference <> '' and o.of_id <> %(import)s
),
judged as (
    select n.id, n.weight, s.id as client, s.archived_at, s.blocked_at,
           s.first_name, s.last_name,
           salon_search_text(c.first_name) = n.first
               or similarity(salon_search_text(c.first_name || ' ' || c.last_name), n.name)
                  >= %(similar)s as is_similar
    from near n
    join clients_client c on c.id = n.client
    join clients_client s on s.id = coalesce(c.merged_into_id, c.id)
),
-- Another program numbers its clients from 1, too: a number alone says nothing.
told as (select * from judged where is_similar or weight < 3),
best as (
    select distinct on (id) id, client, archived_at, blocked_at, first_name, last_name, is_similar
    from (
        select id, client, archived_at, blocked_at, first_name, last_name, is_similar,
               sum(weight) as weight
        from told group by 1, 2, 3, 4, 5, 6, 7
    ) as people
    order by id, is_similar desc, archived_at is not null, weight desc, client
)
update imports_row r set
    match_id = case when b.is_similar then b.client end,
    decision = case when b.is_similar then 'match' else r.decision end,
    warnings = r.warnings || case
        when not b.is_similar then jsonb_build_array(format(
            '%%s has the same e-mail or phone, and another name. This goes in as a new client.',
            trim(b.first_name || ' ' || b.last_name)))
        when b.archived_at is not null then jsonb_build_array(format(
            '%%s is archived, and will be restored.', trim(b.first_name || ' ' || b.last_name)))
        else '[]'::jsonb end || case
        when b.is_similar and b.blocked_at is not null then jsonb_build_array(format(
            '%%s is blocked, and stays so.', trim(b.first_name || ' ' || b.last_name)))
        else '[]'::jsonb end
from best b where r.id = b.id
"""

_SAME = """
with named as (
    select id, number, upper(email) as email, phone, reference, match_id,
           salon_search_text(first_name || ' ' || last_name) as name
    from imports_row where of_id = %(import)s and decision <> 'error'
),
first as (
    select id, number, least(
        case when email <> '' then min(number) over (partition by email, name) end,
        case when phone <> '' then min(number) over (partition by phone, name) end,
        case when reference <> '' then min(number) over (partition by reference, name) end,
        case when match_id is not null then min(number) over (partition by match_id) end
    ) as same
    from named
)
update imports_row r set same_as = f.same from first f where r.id = f.id and f.same < f.number
"""

# A row that is the same as one that is the same as a third is the same as that.
_LEAD_ON = """
update imports_row r set same_as = e.same_as
from imports_row e
where r.of_id = %(import)s and e.of_id = %(import)s and e.number = r.same_as
  and e.same_as is not null
"""

# Whom the first row is, all are.
_ALIKE = """
update imports_row r set match_id = coalesce(e.match_id, r.match_id), decision = e.decision
from imports_row e
where r.of_id = %(import)s and e.of_id = %(import)s and e.number = r.same_as
"""

_REFUSED = """
with twice as (
    select number, same_as as first from imports_row
    where of_id = %(import)s and same_as is not null
),
told as (
    select number, 'The same person as row ' || first from twice
    union all
    select first, 'The same person as row ' || string_agg(number::text, ', ' order by number)
    from twice group by first
)
update imports_row r set decision = 'error', problems = r.problems || jsonb_build_array(
    t.what || '. Say on the page before what becomes of people who are in the file twice.')
from told t (number, what) where r.of_id = %(import)s and r.number = t.number
"""
_SKIPPED = """
update imports_row set decision = 'skip', warnings = warnings || jsonb_build_array(
    format('The same person as row %%s.', same_as))
where of_id = %(import)s and same_as is not null
"""
_ADDED = """
update imports_row set warnings = warnings || jsonb_build_array(
    format('The same person as row %%s: the balances add up.', same_as))
where of_id = %(import)s and same_as is not null
"""
_TWICE = {Twice.REFUSE: _REFUSED, Twice.SKIP: _SKIPPED, Twice.ADD: _ADDED}


def match(import_: Import) -> None:
    """Decide of every row without a problem whether it is new, known or a repetition."""
    told = {"import": import_.pk, "similar": SIMILAR}
    with connection.cursor() as cursor:
        # The rows were written a moment ago: their number is not known to the planner yet.
        cursor.execute("set local enable_nestloop = off")
        cursor.execute(_KNOWN, told)
        cursor.execute(_SAME, told)
        while cursor.rowcount:
            cursor.execute(_LEAD_ON, told)
        cursor.execute(_ALIKE, told)
        cursor.execute(_TWICE[Twice(import_.twice)], told)
        cursor.execute("set local enable_nestloop = on")
