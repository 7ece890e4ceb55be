-- A location's day closed for good: ledger_seal_day writes the rows of ledger_seal, nobody changes
-- one, and ledger_post lets no entry in on a day that has one.

-- What a day's seal says, made anew from the rows themselves. Sealing writes what this returns and
-- verify_ledger compares with it, so that the two cannot drift; docs/books.md tells the recipe to
-- whoever wants to do without it. Text made of whole numbers and lengths: no setting changes it.
-- Each missing value is left out, and what can be missing begins with a letter of its own.
-- By the day's own entries, whose few pages the index on days finds: verify_ledger can have its
-- workers look at a day each.
create or replace function ledger_day_digest(
    p_previous bytea, p_location bigint, p_date date,
    out entries int, out postings int, out debit bigint, out digest bytea
)
language sql stable parallel safe cost 100000 as $$
    with entry as materialized (
        select * from public.ledger_entry e
        where e.location_id = p_location and e.business_date = p_date
    ), span as materialized (
        select min(e.id) as first, max(e.id) as last from entry e
    ), entry_lines as (
        select count(*) as many, string_agg(concat_ws(' ',
                e.id, 's' || e.staff_id, 't' || e.till_id, 'r' || e.reverses_id,
                encode(timestamptz_send(e.recorded_at) || timestamptz_send(e.occurred_at)
                       || e.content_hash, 'hex'),
                octet_length(e.key), octet_length(e.kind), octet_length(e.reason),
                octet_length(e.note), octet_length(e.cause_kind), octet_length(e.cause_id),
                e.key || e.kind || e.reason || e.note || e.cause_kind || e.cause_id
            ), e'\n' order by e.id) as lines
        from entry e
    ), posting_lines as (
        select count(*) as many, sum(p.amount) filter (where p.amount > 0) as debit,
               string_agg(concat_ws(' ',
                p.entry_id, p.line, p.account_id, p.amount,
                'l' || p.lot_id, 'v' || p.version, 'b' || p.balance_after
            ), e'\n' order by p.entry_id, p.line) as lines
        from entry e join public.ledger_posting p on p.entry_id = e.id
    ), lot_lines as (
        select count(*) as many, string_agg(concat_ws(' ',
                l.id, l.account_id, l.opened_by_id, l.amount, l.card_ceiling, l.sold_at_id,
                l.since - date '2000-01-01', l.source, l.restriction, l.is_paid::int,
                'p' || l.parent_id, 'h' || l.holder_id, 'a' || l.appointment_id,
                'x' || (l.expires_on - date '2000-01-01')
            ), e'\n' order by l.id) as lines
        from entry e join public.ledger_lot l on l.opened_by_id = e.id
        where l.opened_by_id between (select s.first from span s) and (select s.last from span s)
    )
    select e.many::int, p.many::int, coalesce(p.debit, 0)::bigint, sha256(coalesce(p_previous, '') || convert_to(
        concat_ws(e'\n',
            concat_ws(' ', p_location, p_date - date '2000-01-01', e.many, p.many, l.many),
            e.lines, p.lines, l.lines), 'UTF8'))
    from entry_lines e, posting_lines p, lot_lines l
$$;

-- PostgreSQL's own hash of what of a row never changes. Nobody who means to is kept from finding
-- another row of the same hash; whatever happens to a row by itself is found by it. Column by column,
-- each hash the seed of the next: where there are millions, that takes half the time of a record's.
create or replace function ledger_row_hash(e ledger_entry) returns bigint
language sql immutable parallel safe as $$
    select hashtextextended(e.cause_id, hashtextextended(e.cause_kind, hashtextextended(e.note,
        hashtextextended(e.reason, hashtextextended(e.kind, hashtextextended(e.key,
        hashint8extended(coalesce(e.reverses_id, -1), hashint8extended(coalesce(e.till_id, -1),
        hashint8extended(coalesce(e.staff_id, -1), hashint8extended(e.location_id,
        hashint8extended(e.id, hash_record_extended(row(
            e.business_date, e.content_hash, e.recorded_at, e.occurred_at), 1))))))))))))
$$;

create or replace function ledger_row_hash(p ledger_posting) returns bigint
language sql immutable parallel safe as $$
    select case when p.lot_id is null and p.version is null and p.balance_after is null then
        hashint8extended(p.amount, hashint8extended(p.account_id,
            hashint2extended(p.line, hashint8extended(p.entry_id, 1))))
    else
        hashint8extended(coalesce(p.balance_after, 1152921504606846976),
            hashint8extended(coalesce(p.version, -1), hashint8extended(coalesce(p.lot_id, -1),
            hashint8extended(p.amount, hashint8extended(p.account_id,
            hashint2extended(p.line, hashint8extended(p.entry_id, 1)))))))
    end
$$;

create or replace function ledger_row_hash(l ledger_lot) returns bigint
language sql immutable parallel safe as $$
    select hash_record_extended(row(
        l.id, l.account_id, l.opened_by_id, l.amount, l.card_ceiling, l.sold_at_id, l.since,
        l.source, l.restriction, l.is_paid, l.parent_id, l.holder_id, l.appointment_id,
        l.expires_on), 0)
$$;

-- What a seal says itself, so that its own figures and its digest are in its checksum, too.
create or replace function ledger_seal_hash(
    p_location bigint, p_date date, p_previous bigint,
    p_entries int, p_postings int, p_debit bigint, p_digest bytea
)
returns bigint language sql immutable parallel safe as $$
    select hash_record_extended(row(
        p_location, p_date, p_previous, p_entries, p_postings, p_debit, p_digest), 0)
$$;

-- A day's rows, their hashes one over the other (by exclusive or): so days and places can be taken
-- together, and many days be compared in one pass over each table.
create or replace function ledger_day_checksum(p_location bigint, p_date date) returns bigint
language sql stable parallel safe as $$
    with entry as materialized (
        select e.id, public.ledger_row_hash(e) as hash from public.ledger_entry e
        where e.location_id = p_location and e.business_date = p_date
    )
    select coalesce(bit_xor(hash), 0) from (
        select hash from entry
        union all
        select public.ledger_row_hash(p)
            from entry e join public.ledger_posting p on p.entry_id = e.id
        union all
        select public.ledger_row_hash(l)
            from entry e join public.ledger_lot l on l.opened_by_id = e.id
    ) as rows
$$;

-- The table is small and a row of it costs a day's entries: without this it would never be parted
-- among workers.
alter table ledger_seal set (parallel_workers = 2);

-- Seal a location's day, and before it each day since its last seal that has entries. The ids of
-- the rows in order. Errors: SL012 where that day or a later one is sealed; lock_not_available where
-- somebody is posting, and goes on for three seconds.
create or replace function ledger_seal_day(
    p_location bigint, p_date date, p_staff bigint, p_at timestamptz, p_note text
)
returns setof bigint
language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '3s' as $$
declare
    last ledger_seal;
    day date;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'Sealing has to see what others committed a moment ago.'
            using errcode = 'SL006';
    end if;
    -- Waits for every entry under way, and lets nobody begin another: what is not committed now will
    -- look for seals only when this one stands. Two who seal take turns here.
    lock table ledger_entry in share row exclusive mode;
    select * into last from ledger_seal s where s.location_id = p_location
        order by s.business_date desc limit 1;
    if p_date is null or last.business_date >= p_date then
        raise exception 'That day is sealed already.' using errcode = 'SL012',
            detail = jsonb_build_object('through', last.business_date);
    end if;
    -- So that the index on days knows the pages that are looked through now, and by every check.
    perform brin_summarize_new_values('ledger_entry_day');
    for day in
        select e.business_date from ledger_entry e
        where e.location_id = p_location and e.business_date < p_date
          and e.business_date > coalesce(last.business_date, '-infinity')
        union select p_date order by 1
    loop
        insert into ledger_seal (
            location_id, business_date, previous_id, entries, postings, debit, digest, checksum,
            sealed_at, staff_id, note
        )
        select p_location, day, last.id, d.entries, d.postings, d.debit, d.digest,
               ledger_day_checksum(p_location, day) # ledger_seal_hash(
                   p_location, day, last.id, d.entries, d.postings, d.debit, d.digest),
               p_at, p_staff,
               case day when p_date then coalesce(p_note, '') else '' end
        from ledger_day_digest(last.digest, p_location, day) d
        returning * into last;
        return next last.id;
    end loop;
end $$;

create or replace trigger ledger_seal_append_only before update or delete on ledger_seal
    for each row execute function ledger_refuse_change();
create or replace trigger ledger_seal_no_truncate before truncate on ledger_seal
    for each statement execute function ledger_refuse_change();

-- Reading a day's digest tells nobody more than the rows do.
revoke all on function ledger_day_digest(bytea, bigint, date) from public, {web};
grant execute on function ledger_day_digest(bytea, bigint, date) to {web};
revoke all on function ledger_row_hash(ledger_entry), ledger_row_hash(ledger_posting),
    ledger_row_hash(ledger_lot) from public, {web};
grant execute on function ledger_row_hash(ledger_entry), ledger_row_hash(ledger_posting),
    ledger_row_hash(ledger_lot) to {web};
revoke all on function
    ledger_seal_hash(bigint, date, bigint, int, int, bigint, bytea) from public, {web};
grant execute on function
    ledger_seal_hash(bigint, date, bigint, int, int, bigint, bytea) to {web};
revoke all on function ledger_day_checksum(bigint, date) from public, {web};
revoke all on function ledger_seal_day(bigint, date, bigint, timestamptz, text) from public, {web};
grant execute on function ledger_seal_day(bigint, date, bigint, timestamptz, text) to {web};
