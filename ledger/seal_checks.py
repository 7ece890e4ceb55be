"""The checks of seals, as `verifying` runs them: each is what its day's rows make, and follows."""

# A day's digest is asked for in a list of columns, and `offset 0` keeps it there: in the FROM
# clause, or where the findings are counted, one process would make them all.
SEALS_ARE_THEIR_DAYS = """
select case
    when (d).digest is distinct from digest then
        format('%s, %s: seal %s is %s, its day makes %s', name, business_date, id,
               left(encode(digest, 'hex'), 16), left(encode((d).digest, 'hex'), 16))
    when ((d).entries, (d).postings, (d).debit) is distinct from (entries, postings, debit) then
        format('%s, %s: seal %s has %s entries, %s postings, debits of %s; the day %s, %s, %s',
               name, business_date, id, entries, postings, debit,
               (d).entries, (d).postings, (d).debit)
    end
from (
    select s.*, l.name, ledger_day_digest(b.digest, s.location_id, s.business_date) as d
    from ledger_seal s
    left join ledger_seal b on b.id = s.previous_id
    left join salon_location l on l.id = s.location_id
    offset 0
) as days
"""

SEALS_FOLLOW = """
select case when previous_id is distinct from before then
    format('%s, %s: seal %s follows seal %s and should follow %s', name, business_date, id,
           coalesce(previous_id::text, 'none'), coalesce(before::text, 'none')) end
from (
    select s.id, s.business_date, s.previous_id, l.name,
           lag(s.id) over (partition by s.location_id order by s.business_date) as before
    from ledger_seal s left join salon_location l on l.id = s.location_id
) as seals
"""

SEALED_DAYS_HAVE_A_SEAL = """
select case when d.business_date <= t.through and s.id is null then
    format('%s, %s: %s entries on a day up to the last seal, of %s, that has none itself',
           l.name, d.business_date, d.entries, t.through) end
from (
    select location_id, business_date, count(*) as entries
    from ledger_entry group by location_id, business_date
) as d
left join (
    select location_id, max(business_date) as through from ledger_seal group by location_id
) as t on t.location_id = d.location_id
left join ledger_seal s on s.location_id = d.location_id and s.business_date = d.business_date
left join salon_location l on l.id = d.location_id
"""

# All seals at once: what they say together has to be what all rows of sealed days make. Of entries
# and postings, screening's own passes have the hashes; those that no seal holds are taken off.
CHECKSUMS = """
select count(*), coalesce(bit_xor(checksum # ledger_seal_hash(
           location_id, business_date, previous_id, entries, postings, debit, digest)), 0)
from ledger_seal
"""

LOTS = "select coalesce(bit_xor(ledger_row_hash(l)), 0) from ledger_lot l"

LOOSE = """
with entry as materialized (
    select e.id, ledger_row_hash(e) as hash from ledger_entry e
    where e.business_date = any(%(dates)s::date[]) and not exists (
        select from ledger_seal s
        where s.location_id = e.location_id and s.business_date = e.business_date)
)
select coalesce(bit_xor(hash), 0) from (
    select hash from entry
    union all
    select ledger_row_hash(p) from entry e join ledger_posting p on p.entry_id = e.id
    union all
    select ledger_row_hash(l) from entry e join ledger_lot l on l.opened_by_id = e.id
) as rows
"""

ANEW = 30
"""So many of each location's newest seals are made anew each time."""

NEWEST_ARE_THEIR_DAYS = f"""
select count(*) filter (where (d).digest is distinct from digest
           or ((d).entries, (d).postings, (d).debit) is distinct from (entries, postings, debit))
from (
    select s.*, ledger_day_digest(b.digest, s.location_id, s.business_date) as d
    from (
        select *, row_number() over (partition by location_id order by business_date desc) as place
        from ledger_seal
    ) as s
    left join ledger_seal b on b.id = s.previous_id
    where s.place <= {ANEW}
    offset 0
) as days
"""  # nosec B608 - a number of ours

HOW = f"each location’s newest {ANEW} made anew, the others by checksum; --thorough makes all anew"
"""What the quick look did instead of making all."""

CHECKS = {
    "Seals are what the entries of their days make": SEALS_ARE_THEIR_DAYS,
    "Each seal follows the one before it": SEALS_FOLLOW,
    "Every day up to a seal has its own": SEALED_DAYS_HAVE_A_SEAL,
}
