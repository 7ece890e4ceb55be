-- Sums of postings by day, so that no report adds up millions of postings.
--
-- ledger_movement says of each posting what reports ask about it; ledger_daysum adds that up for
-- every entry up to the snapshot's mark. Figures are day sums plus the movements behind the mark,
-- read in one statement: right however old the snapshot is, only slower.

-- One row a posting. Its flow, on clients' and gift cards' accounts, follows from the kind of its
-- entry, a reversal's from that of what it reverses; in a sale from how the lot came in. What no
-- rule knows is "corrected": nothing is lost. Only joins and CASE, since it is read for millions.
--
-- What pays off a debt has no lot. The lot that opened for the rest stands in the posting after it
-- (in a reversal, whose legs run backwards, before it): it says how that money came in.
drop view if exists ledger_movement;
create view ledger_movement as
select p.entry_id, p.line, a.currency, p.business_date, e.location_id, a.kind,
       case when a.version is null then p.account_id end as account_id,
       case
           when a.version is null then ''
           when o.kind in ('merge', 'lot_change') then 'moved'
           when o.kind = 'tender' then 'used'
           when o.kind = 'forfeit' then 'forfeited'
           when o.kind = 'expiry' then 'expired'
           when o.kind = 'dispute' then 'refunded_out'
           when a.kind = 'receivable' then case
               when o.kind in ('sale', 'adjustment') and o.amount < 0 then 'settled'
               when o.kind = 'opening' then case when o.amount < 0 then 'settled' else 'imported' end
               when o.kind not in ('refund', 'tender_back') then 'corrected'
               when l.id is not null and (l.parent_id is null or origin.kind = 'gift_card')
                   then 'settled'
               else 'used' end
           when o.kind = 'opening' then 'imported'
           when o.kind = 'adjustment' then case
               when o.reason in ('reward', 'gift') then 'goodwill' else 'corrected' end
           when o.kind = 'sale' and o.amount < 0 and l.parent_id is null then o.came_in
           when o.kind not in ('refund', 'tender_back') then 'corrected'
           -- Taken: money goes back for what was paid; a bonus that goes was never money.
           when o.amount > 0 then case when l.is_paid then 'refunded_out' else o.came_in end
           -- Back into the lot that it was drawn from, or into a child of it.
           when l.opened_by_id <> o.entry_id then 'used'
           when l.parent_id is null then o.came_in
           when origin.kind <> a.kind then 'refunded_in'
           else 'used'
       end as flow,
       case
           when a.version is null then ''
           when a.kind <> 'receivable' then coalesce(l.source, '')
           -- How the money came in that pays a debt off; '' is a correction.
           when o.kind = 'sale' then coalesce(l.source, 'purchase')
           when o.kind = 'opening' then 'import'
           when o.kind = 'adjustment' and o.reason in ('reward', 'gift') then 'goodwill'
           when o.kind in ('refund', 'tender_back') and l.id is not null then 'refund'
           else ''
       end as source,
       l.is_paid,
       case when l.id is not null then l.appointment_id is not null end as is_held,
       l.holder_id,
       case when a.version is not null then coalesce(l.sold_at_id, e.location_id) end as sold_at_id,
       p.amount,
       -- The same as entry_id: PostgreSQL draws no conclusion from one column's bounds to another's.
       e.id as bound_id
from ledger_posting p
join ledger_entry e on e.id = p.entry_id
join ledger_account a on a.id = p.account_id
left join ledger_entry r on r.id = e.reverses_id
-- Limited, so that it is looked for row by row: of all but a few rows the first condition alone says
-- that there is none, where a join would read every posting there is.
left join lateral (
    select b.lot_id from ledger_posting b
    where a.kind = 'receivable' and b.entry_id = p.entry_id
      and b.line = p.line + case when r.id is null then 1 else -1 end
    limit 1
) as beside on true
left join ledger_lot l
    on l.id = coalesce(p.lot_id, beside.lot_id)
    -- A deposit settles nothing: it only stands beside what did.
    and (p.lot_id is not null
         or l.opened_by_id = coalesce(r.id, e.id) and l.source <> 'deposit')
left join ledger_lot parent on parent.id = l.parent_id
left join ledger_account origin on origin.id = parent.account_id
cross join lateral (
    -- As it was at first: a reversal's legs are the opposite.
    select coalesce(r.id, e.id) as entry_id,
           coalesce(r.kind, e.kind) as kind,
           case when r.id is null then e.reason else r.reason end as reason,
           case when r.id is null then p.amount else -p.amount end as amount,
           case l.source
               when 'purchase' then 'sold'
               when 'refund' then 'refunded_in'
               when 'import' then 'imported'
               else l.source end as came_in
) o;
revoke all on ledger_movement from public, {web};
grant select on ledger_movement to {web};


-- The id of the last entry that is there, at a moment when none below it can still come: whoever
-- posts holds a lock that this one has to wait for. Posting waits meanwhile, so call it in a
-- transaction of its own. Kept, since nothing may be summed up past it.
create or replace function ledger_horizon() returns bigint
language plpgsql security definer
set search_path = public, pg_temp set lock_timeout = '2s' as $$
declare
    found_id bigint;
begin
    -- One look at the books for a whole transaction could be older than the lock.
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'The horizon is taken in a transaction that reads what is committed.'
            using errcode = 'SL010';
    end if;
    -- The row first: whoever sums up holds it for long, and nobody may wait behind us meanwhile.
    insert into ledger_snapshot (id, through, horizon, made_at) values (1, 0, 0, now())
        on conflict (id) do nothing;
    perform from ledger_snapshot where id = 1 for update;
    lock table ledger_entry in share row exclusive mode;
    select coalesce(max(id), 0) into found_id from ledger_entry;
    update ledger_snapshot set horizon = found_id where id = 1;
    return found_id;
end $$;


-- Lock the snapshot and say up to where it is. Refused past the horizon: entries may still come
-- there, which would never be counted.
create or replace function ledger_hold_snapshot(p_through bigint) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    held record;
begin
    select through, horizon into held from ledger_snapshot where id = 1 for update;
    if held.horizon is null or (p_through <= held.horizon) is not true then
        raise exception 'The snapshot reaches to entry % at most, not to %.',
            coalesce(held.horizon, 0), p_through using errcode = 'SL010';
    end if;
    return held.through;
end $$;


create or replace function ledger_add_day_sums(p_after bigint, p_through bigint) returns void
language sql security definer
set search_path = public, pg_temp set work_mem = '64MB' as $$
    insert into ledger_daysum (
        currency, business_date, kind, account_id, flow, source, is_paid, is_held, holder_id,
        sold_at_id, location_id, amount, postings
    )
    select currency, business_date, kind, account_id, flow, source, is_paid, is_held, holder_id,
           sold_at_id, location_id, sum(amount), count(*)
    from ledger_movement
    where entry_id > p_after and entry_id <= p_through
      and bound_id > p_after and bound_id <= p_through
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    on conflict on constraint ledger_daysum_once do update
        set amount = ledger_daysum.amount + excluded.amount,
            postings = ledger_daysum.postings + excluded.postings
$$;


-- Add what was posted since, up to this entry; nothing where somebody went further meanwhile. The
-- mark before.
create or replace function ledger_advance_snapshot(p_through bigint) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    before bigint := ledger_hold_snapshot(p_through);
begin
    if p_through > before then
        perform ledger_add_day_sums(before, p_through);
        update ledger_snapshot set through = p_through, made_at = now() where id = 1;
        -- Or it is taken for the size that it had.
        analyze ledger_daysum;
    end if;
    return before;
end $$;


-- Throw the sums away and add up everything anew, up to this entry or where the mark was: it never
-- goes back. Who reads meanwhile reads the old ones.
create or replace function ledger_rebuild_snapshot(p_through bigint) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    before bigint := ledger_hold_snapshot(p_through);
begin
    delete from ledger_daysum;
    perform ledger_add_day_sums(0, greatest(before, p_through));
    update ledger_snapshot set through = greatest(before, p_through), made_at = now() where id = 1;
    analyze ledger_daysum;
    return before;
end $$;

revoke all on function ledger_horizon() from public, {web};
revoke all on function ledger_hold_snapshot(bigint) from public, {web};
revoke all on function ledger_add_day_sums(bigint, bigint) from public, {web};
revoke all on function ledger_advance_snapshot(bigint) from public, {web};
revoke all on function ledger_rebuild_snapshot(bigint) from public, {web};
grant execute on function ledger_horizon() to {web};
grant execute on function ledger_advance_snapshot(bigint) to {web};
grant execute on function ledger_rebuild_snapshot(bigint) to {web};
