-- What the database refuses to everybody, the owner of the tables included.

create or replace function ledger_refuse_change() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    raise exception 'The ledger is append-only: % on % is refused. Correct by reversing.',
        lower(tg_op), tg_table_name using errcode = 'SL010';
end $$;

create or replace trigger ledger_entry_append_only before update or delete on ledger_entry
    for each row execute function ledger_refuse_change();
create or replace trigger ledger_posting_append_only before update or delete on ledger_posting
    for each row execute function ledger_refuse_change();
create or replace trigger ledger_lot_append_only before delete on ledger_lot
    for each row execute function ledger_refuse_change();
create or replace trigger ledger_entry_no_truncate before truncate on ledger_entry
    for each statement execute function ledger_refuse_change();
create or replace trigger ledger_posting_no_truncate before truncate on ledger_posting
    for each statement execute function ledger_refuse_change();
create or replace trigger ledger_lot_no_truncate before truncate on ledger_lot
    for each statement execute function ledger_refuse_change();

-- A lot's terms are fixed; only what remains of it moves.
create or replace trigger ledger_lot_fixed_terms
    before update of id, account_id, opened_by_id, parent_id, source, is_paid, holder_id, since,
        expires_on, appointment_id, restriction, card_ceiling, sold_at_id, amount on ledger_lot
    for each row execute function ledger_refuse_change();

-- Every entry balances when its transaction commits, and has at least two legs: no amount is zero,
-- so that one alone never sums up to it.
-- A deferred trigger runs as whoever commits, who may read the postings, or could not have called
-- ledger_post. All is named in full instead of by a search_path of the function's own: to set that
-- anew at each commit took as long as to look.
create or replace function ledger_entry_must_balance() returns trigger language plpgsql as $$
begin
    if not exists (
        select from public.ledger_posting p where p.entry_id operator(pg_catalog.=) new.id
        having pg_catalog.sum(p.amount) operator(pg_catalog.=) 0
    ) then
        raise exception 'Entry % does not balance.', new.id using errcode = 'SL011';
    end if;
    return null;
end $$;

drop trigger if exists ledger_entry_balances on ledger_entry;
create constraint trigger ledger_entry_balances after insert on ledger_entry
    deferrable initially deferred
    for each row execute function ledger_entry_must_balance();

-- An account is what it is called: only its balance and version move.
create or replace trigger ledger_account_fixed
    before update of id, name, kind, currency, client_id or delete on ledger_account
    for each row execute function ledger_refuse_change();
create or replace trigger ledger_account_no_truncate before truncate on ledger_account
    for each statement execute function ledger_refuse_change();

-- Bounds, and that postings and lots come with the entry that ledger_post is writing: nothing joins
-- it later. Triggers and no CHECK constraints, because PostgreSQL reads the text of each constraint
-- and of each WHEN anew for every statement: on these three tables that was a fifth of a posting.
-- What a posting names was found by that function, and nobody can delete it: that stands in the
-- place of foreign keys inside the ledger, which would look for each of them again.
create or replace function ledger_account_in_bounds() returns trigger language plpgsql as $$
begin
    if new.balance <= 0 and new.kind in ('client_credit', 'gift_card')
       or new.balance >= 0 and new.kind = 'receivable'
    then
        return new;
    elsif new.balance is null and new.version is null
          and new.kind not in ('client_credit', 'gift_card', 'receivable')
    then
        return new;
    end if;
    raise exception 'Account % is out of bounds: % at version %.', new.name, new.balance, new.version
        using errcode = 'check_violation';
end $$;

create or replace trigger ledger_account_in_bounds
    before insert or update of balance, version, kind on ledger_account
    for each row execute function ledger_account_in_bounds();

create or replace function ledger_lot_in_bounds() returns trigger language plpgsql as $$
begin
    if new.remaining < 0 or new.remaining > new.amount or new.is_open <> (new.remaining > 0) then
        raise exception 'Lot % is out of bounds: % of %.', new.id, new.remaining, new.amount
            using errcode = 'check_violation';
    end if;
    return new;
end $$;

create or replace trigger ledger_lot_in_bounds
    before update of remaining, is_open on ledger_lot
    for each row execute function ledger_lot_in_bounds();

create or replace function ledger_lot_with_its_entry() returns trigger language plpgsql as $$
begin
    if new.opened_by_id::text = current_setting('salon.entry', true)
       and new.amount > 0 and new.remaining between 0 and new.amount
       and new.is_open = (new.remaining > 0)
    then
        return new;
    end if;
    raise exception 'A lot of % (% left) joins no entry under way.', new.amount, new.remaining
        using errcode = case when new.opened_by_id::text = current_setting('salon.entry', true)
            then '23514' else 'SL010' end;
end $$;

create or replace trigger ledger_lot_with_its_entry before insert on ledger_lot
    for each row execute function ledger_lot_with_its_entry();

create or replace function ledger_posting_with_its_entry() returns trigger language plpgsql as $$
begin
    if new.entry_id::text = current_setting('salon.entry', true) and new.amount <> 0 then
        return new;
    end if;
    raise exception 'A posting of % joins no entry under way.', new.amount
        using errcode = case new.amount when 0 then '23514' else 'SL010' end;
end $$;

create or replace trigger ledger_posting_with_its_entry before insert on ledger_posting
    for each row execute function ledger_posting_with_its_entry();

-- The same for the two rows that every entry names: a foreign key would make all tills take turns
-- on them. They are archived, never deleted, once money points at them.
create or replace function ledger_refuse_delete_of_named() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if exists (
        select from ledger_entry e where case tg_table_name
            when 'salon_location' then e.location_id = old.id else e.staff_id = old.id end
    ) then
        raise exception 'Journal entries name this row of %: archive it.', tg_table_name
            using errcode = 'SL010';
    end if;
    if tg_op = 'UPDATE' then
        return new;
    end if;
    return old;
end $$;

create or replace trigger ledger_keeps_locations before delete or update of id on salon_location
    for each row execute function ledger_refuse_delete_of_named();
create or replace trigger ledger_keeps_staff before delete or update of id on salon_staffmember
    for each row execute function ledger_refuse_delete_of_named();

-- Room in each page, so that a balance moves without touching an index.
alter table ledger_account set (fillfactor = 80);
alter table ledger_lot set (fillfactor = 80);
