-- Many entries in one call, one after the other, for what comes in whole: opening balances of
-- another program, and their reversals. Each is ledger_post's own, with its locks, its key and all
-- that it refuses; nothing here has rights that the caller lacks.
--
-- p_entries: a JSON array of {key, kind, legs, in_order}, and reverses where it reverses; legs is
-- the text that ledger_post acts on. The entries' ids, in order.

create or replace function ledger_post_many(
    p_entries jsonb, p_currency text, p_occurred_at timestamptz, p_business_date date,
    p_location bigint, p_staff bigint, p_cause_kind text, p_cause_id text, p_till bigint default null
)
returns bigint[]
-- No sequential scans: what is planned for the first entry of an empty ledger serves the last one.
language plpgsql set search_path = public, pg_temp set enable_seqscan = off as $$
declare
    wanted jsonb;
    ids bigint[] := '{}';
begin
    for wanted in select e from jsonb_array_elements(p_entries) with ordinality as t (e, place)
        order by place
    loop
        ids := ids || (ledger_post(
            wanted ->> 'key', wanted ->> 'kind', wanted ->> 'legs', p_currency, p_occurred_at,
            p_business_date, p_location, p_staff, p_cause_kind, p_cause_id,
            p_reverses => (wanted ->> 'reverses')::bigint,
            p_in_order => (wanted ->> 'in_order')::boolean, p_till => p_till))[1];
    end loop;
    return ids;
end $$;

revoke all on function ledger_post_many(
    jsonb, text, timestamptz, date, bigint, bigint, text, text, bigint
) from public, {web};
grant execute on function ledger_post_many(
    jsonb, text, timestamptz, date, bigint, bigint, text, text, bigint
) to {web};
