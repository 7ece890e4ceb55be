-- The only way into the ledger: ledger_post writes one balanced entry, or answers with the entry
-- that its key already wrote, or raises and writes nothing.
--
-- Legs are a JSON array, acted on in order. Amounts are positive minor units but for "move":
--   move     {account, amount}                    one signed posting, debit positive
--   open     {account, amount, source, ...terms}  a new lot; parent: its terms, where none is given;
--            settles: a receivable account that is paid off first, the lot opens for the rest
--   draw     {account, amount, visit, services, products}
--            spends lots in the order of drawing; services/products: at most so much out of lots
--            that are restricted to them; short: {account, limit}: the receivable for what lacks
--   take     {lot, amount}                        out of one lot; whole: only if nothing is gone
--   restore  {lot, amount}                        back into the lot that it was drawn from
--
-- A lot and its children never hold more than the lot was opened with, nor may more of it go back to
-- a card. A child whose opening entry was reversed no longer counts.
--
-- Errors (class SL) carry their figures as JSON in DETAIL; ledger/errors.py gives them names.

create or replace function ledger_account_id(p_name text, p_currency text) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    found_id bigint;
    k text := split_part(p_name, '/', 1);
    guarded boolean := k in ('client_credit', 'receivable', 'gift_card');
    -- One account for each client and kind: its number is written in one way only.
    client bigint := substring(p_name from '^(?:client_credit|receivable)/client:([1-9]\d{0,17})$');
begin
    select id into found_id from ledger_account where name = p_name and currency = p_currency;
    if found then
        return found_id;
    end if;
    if p_name is null or p_name !~ '^[a-z_]+/([a-z0-9_]+(:[a-z0-9_-]+)?)?$'
       or k not in ('client_credit', 'receivable', 'gift_card', 'cash', 'card', 'other_tender',
                    'open_orders', 'income', 'tax', 'tips', 'provider', 'goodwill', 'forfeited',
                    'breakage', 'fees', 'over_short', 'expense', 'opening')
       or (guarded and p_name like '%/')
       or (k in ('client_credit', 'receivable') or p_name like '%/client:%')
          and not exists (select from clients_client c where c.id = client)
    then
        raise exception 'There can be no account %.', p_name using errcode = 'SL006';
    end if;
    insert into ledger_account (name, kind, currency, client_id, balance, version)
    values (
        p_name, k, p_currency, client,
        case when guarded then 0 end,
        case when guarded then 0 end
    )
    on conflict (name, currency) do nothing;
    -- A statement of its own: whoever lost the race reads the winner's row.
    select id into strict found_id from ledger_account where name = p_name and currency = p_currency;
    return found_id;
end $$;


create or replace function ledger_account_name_of_lot(p_lot bigint, p_currency text) returns text
language plpgsql stable as $$
declare
    found_name text;
begin
    select a.name into found_name
        from ledger_lot l join ledger_account a on a.id = l.account_id
        where l.id = p_lot and a.currency = p_currency;
    if not found then
        raise exception 'There is no such lot.' using errcode = 'SL003',
            detail = jsonb_build_object('lot', p_lot);
    end if;
    return found_name;
end $$;


-- What the living children of a lot were opened with, and what of it may go back to a card.
create or replace function ledger_children(
    p_lot bigint, out amount bigint, out card_ceiling bigint
)
language sql stable as $$
    select coalesce(sum(l.amount), 0)::bigint, coalesce(sum(l.card_ceiling), 0)::bigint
        from ledger_lot l
        where l.parent_id = p_lot
          and not exists (select from ledger_entry r where r.reverses_id = l.opened_by_id)
$$;


create or replace function ledger_post(
    p_key text, p_kind text, p_legs jsonb, p_currency text,
    p_occurred_at timestamptz, p_business_date date, p_location bigint, p_staff bigint,
    p_reason text, p_note text, p_cause_kind text, p_cause_id text, p_reverses bigint,
    out entry_id bigint, out is_new boolean, out opened bigint[]
)
-- Planning anew for each call would cost more than these statements do.
language plpgsql security definer
set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    hash bytea := sha256(convert_to(p_kind || ' ' || p_currency || ' ' || p_legs::text, 'UTF8'));
    known bytea;
    leg jsonb;
    verb text;
    n bigint;
    part bigint;
    wanted bigint;
    lot record;
    terms ledger_lot;
    children record;
    lot_id bigint;
    account_name text;
    account record;
    acc bigint;
    other bigint;
    cap_services bigint;
    cap_products bigint;
    -- the name of each leg's account, in order; and of all accounts that the entry touches
    leg_names text[] := '{}';
    names text[] := '{}';
    -- guarded accounts under our lock, with what they will be
    g_ids bigint[] := '{}';
    g_names text[] := '{}';
    g_kinds text[] := '{}';
    g_balances bigint[] := '{}';
    g_versions bigint[] := '{}';
    g_before bigint[];
    g int;
    -- house accounts: never locked, never updated
    h_ids bigint[] := '{}';
    h_names text[] := '{}';
    -- postings to write
    w_accounts bigint[] := '{}';
    w_amounts bigint[] := '{}';
    w_lots bigint[] := '{}';
    w_balances bigint[] := '{}';
    w_versions bigint[] := '{}';
    total numeric := 0;
begin
    opened := '{}';
    insert into ledger_entry (
        key, content_hash, kind, recorded_at, occurred_at, business_date, location_id, staff_id,
        reason, note, cause_kind, cause_id, reverses_id
    ) values (
        p_key, hash, p_kind, now(), p_occurred_at, p_business_date, p_location, p_staff,
        p_reason, p_note, p_cause_kind, p_cause_id, p_reverses
    )
    on conflict (key) do nothing
    returning id into entry_id;
    if entry_id is null then
        select e.id, e.content_hash into entry_id, known from ledger_entry e where e.key = p_key;
        if known <> hash then
            raise exception 'This act was already recorded with other amounts.'
                using errcode = 'SL002', detail = jsonb_build_object('entry', entry_id, 'key', p_key);
        end if;
        is_new := false;
        return;
    end if;
    is_new := true;
    -- What the triggers ask for: rows are only written on behalf of the entry under way.
    perform set_config('salon.entry', entry_id::text, true);
    -- Undoing an undoing would bring lots back to life whose room others may have taken since.
    if p_reverses is not null then
        if exists (select from ledger_entry e where e.id = p_reverses and e.reverses_id is not null)
        then
            raise exception 'A reversal is not reversed: do the act again.' using errcode = 'SL007';
        end if;
    end if;

    -- Which accounts: named, or through the lot. Every change of a lot goes through its account's
    -- lock, so that lots need none of their own.
    for i in 0 .. jsonb_array_length(p_legs) - 1 loop
        leg := p_legs -> i;
        account_name := case when leg ->> 'do' in ('take', 'restore')
            then ledger_account_name_of_lot((leg ->> 'lot')::bigint, p_currency)
            else coalesce(leg ->> 'account', '') end;
        leg_names := leg_names || account_name;
        names := names || account_name;
        if leg ?| array['parent', 'settles', 'short'] then
            if leg ? 'parent' then
                names := names || ledger_account_name_of_lot((leg ->> 'parent')::bigint, p_currency);
            end if;
            if leg ? 'settles' then
                names := names || coalesce(leg ->> 'settles', '');
            end if;
            if leg ? 'short' then
                names := names || coalesce(leg -> 'short' ->> 'account', '');
            end if;
        end if;
    end loop;

    -- Lock in one order, that of the names; accounts that are new are made in that order too. A row
    -- that had to be waited for comes back as it is after the wait; all else (the lots) is read by
    -- later statements, which see what was committed meanwhile. House accounts are only looked up.
    if cardinality(names) > 2 then
        names := array(select distinct n.name from unnest(names) as n (name) order by 1);
    elsif names[1] > names[2] then
        names := array[names[2], names[1]];
    end if;
    foreach account_name in array names loop
        continue when account_name = any (g_names) or account_name = any (h_names);
        for attempt in 1 .. 2 loop
            if split_part(account_name, '/', 1) in ('client_credit', 'receivable', 'gift_card') then
                select a.id, a.kind, a.balance, a.version into account from ledger_account a
                    where a.name = account_name and a.currency = p_currency for no key update;
            else
                select a.id, a.balance into account from ledger_account a
                    where a.name = account_name and a.currency = p_currency;
            end if;
            exit when found;
            perform ledger_account_id(account_name, p_currency);
        end loop;
        if account.balance is null then
            h_ids := h_ids || account.id;
            h_names := h_names || account_name;
        else
            g_ids := g_ids || account.id;
            g_names := g_names || account_name;
            g_kinds := g_kinds || account.kind::text;
            g_balances := g_balances || account.balance;
            g_versions := g_versions || account.version;
        end if;
    end loop;
    g_before := g_versions;

    for i in 0 .. jsonb_array_length(p_legs) - 1 loop
        leg := p_legs -> i;
        verb := leg ->> 'do';
        g := array_position(g_names, leg_names[i + 1]);
        acc := case when g is null then h_ids[array_position(h_names, leg_names[i + 1])]
                    else g_ids[g] end;
        if length(leg ->> 'amount') > 16 then
            raise exception 'This amount is out of all reason.' using errcode = 'SL006';
        end if;
        n := (leg ->> 'amount')::bigint;
        if n is null or n = 0 or (n < 0 and verb <> 'move') then
            raise exception 'An amount must be above zero.' using errcode = 'SL006';
        end if;
        if verb <> 'move' and (g is null or g_kinds[g] = 'receivable') then
            raise exception 'Only stored value stands in lots.' using errcode = 'SL006';
        end if;

        if verb = 'move' then
            if g is not null then
                if g_kinds[g] <> 'receivable' then
                    raise exception 'Stored value moves by lots.' using errcode = 'SL006';
                end if;
                if g_balances[g] + n < 0 then
                    raise exception 'More than is owed.' using errcode = 'SL001',
                        detail = jsonb_build_object('owed', g_balances[g], 'wanted', -n);
                end if;
                g_balances[g] := g_balances[g] + n;
                g_versions[g] := g_versions[g] + 1;
            end if;
            w_accounts := w_accounts || acc;
            w_amounts := w_amounts || n;
            w_lots := w_lots || null::bigint;
            w_balances := w_balances || g_balances[g];
            w_versions := w_versions || g_versions[g];

        elsif verb = 'open' then
            if leg ? 'settles' then
                g := array_position(g_names, leg ->> 'settles');
                other := g_ids[g];
                if g_kinds[g] is distinct from 'receivable' then
                    raise exception 'Only a receivable is settled.' using errcode = 'SL006';
                end if;
                part := least(n, g_balances[g]);
                if part > 0 then
                    g_balances[g] := g_balances[g] - part;
                    g_versions[g] := g_versions[g] + 1;
                    w_accounts := w_accounts || other;
                    w_amounts := w_amounts || -part;
                    w_lots := w_lots || null::bigint;
                    w_balances := w_balances || g_balances[g];
                    w_versions := w_versions || g_versions[g];
                    n := n - part;
                end if;
                g := array_position(g_ids, acc);
            end if;
            if n = 0 then
                opened := opened || null::bigint;
                continue;
            end if;
            if leg ->> 'source' not in ('purchase', 'deposit', 'refund', 'membership', 'goodwill',
                                        'import')
               or leg ->> 'restriction' not in ('any', 'services', 'products')
            then
                raise exception 'There is no such source or restriction.' using errcode = 'SL006';
            end if;
            terms := null;
            if leg ? 'parent' then
                select l.* into terms from ledger_lot l where l.id = (leg ->> 'parent')::bigint;
                select * into children from ledger_children(terms.id);
                if children.amount + n > terms.amount - terms.remaining then
                    raise exception 'More than was taken out of this credit.' using errcode = 'SL005',
                        detail = jsonb_build_object(
                            'lot', terms.id, 'wanted', n,
                            'left', terms.amount - terms.remaining - children.amount);
                end if;
                terms.card_ceiling := greatest(terms.card_ceiling - children.card_ceiling, 0);
            end if;
            insert into ledger_lot (
                account_id, opened_by_id, parent_id, source, is_paid, holder_id, since, expires_on,
                appointment_id, restriction, card_ceiling, amount, remaining, is_open
            ) values (
                acc, entry_id, terms.id,
                coalesce(leg ->> 'source', terms.source),
                coalesce((leg ->> 'is_paid')::boolean, terms.is_paid),
                case when leg ? 'holder' then (leg ->> 'holder')::bigint else terms.holder_id end,
                coalesce((leg ->> 'since')::date, terms.since, p_business_date),
                case when leg ? 'expires_on' then (leg ->> 'expires_on')::date
                     else terms.expires_on end,
                case when leg ? 'visit' then (leg ->> 'visit')::bigint else terms.appointment_id end,
                coalesce(leg ->> 'restriction', terms.restriction, 'any'),
                -- Never more than the lot itself, nor than what its parent has left to give.
                greatest(least(n, coalesce((leg ->> 'card_ceiling')::bigint, terms.card_ceiling, 0),
                               terms.card_ceiling), 0),
                n, n, true
            ) returning id into lot_id;
            opened := opened || lot_id;
            g_balances[g] := g_balances[g] - n;
            g_versions[g] := g_versions[g] + 1;
            w_accounts := w_accounts || acc;
            w_amounts := w_amounts || -n;
            w_lots := w_lots || lot_id;
            w_balances := w_balances || g_balances[g];
            w_versions := w_versions || g_versions[g];

        elsif verb = 'draw' then
            wanted := n;
            cap_services := greatest(coalesce((leg ->> 'services')::bigint, n), 0);
            cap_products := greatest(coalesce((leg ->> 'products')::bigint, n), 0);
            for lot in
                select l.id, l.remaining, l.restriction from ledger_lot l
                where l.account_id = acc and l.is_open
                  and (l.expires_on is null or l.expires_on >= p_business_date)
                  and (l.appointment_id is null or l.appointment_id = (leg ->> 'visit')::bigint)
                order by l.appointment_id is null, l.expires_on nulls last, l.restriction = 'any',
                         not l.is_paid, l.since, l.id
            loop
                exit when n = 0;
                part := least(n, lot.remaining);
                if lot.restriction = 'services' then
                    part := least(part, cap_services);
                    cap_services := cap_services - part;
                elsif lot.restriction = 'products' then
                    part := least(part, cap_products);
                    cap_products := cap_products - part;
                end if;
                continue when part = 0;
                update ledger_lot l set remaining = l.remaining - part, is_open = l.remaining > part
                    where l.id = lot.id;
                n := n - part;
                g_balances[g] := g_balances[g] + part;
                g_versions[g] := g_versions[g] + 1;
                w_accounts := w_accounts || acc;
                w_amounts := w_amounts || part;
                w_lots := w_lots || lot.id;
                w_balances := w_balances || g_balances[g];
                w_versions := w_versions || g_versions[g];
            end loop;
            if n > 0 then
                if leg ? 'short' then
                    g := array_position(g_names, leg -> 'short' ->> 'account');
                    other := g_ids[g];
                    if g_kinds[g] is distinct from 'receivable' then
                        raise exception 'Only a receivable can be owed.' using errcode = 'SL006';
                    end if;
                end if;
                if not leg ? 'short'
                   or g_balances[g] + n > coalesce((leg -> 'short' ->> 'limit')::bigint, 0) then
                    raise exception 'Not enough account credit.' using errcode = 'SL001',
                        detail = jsonb_build_object('available', wanted - n, 'wanted', wanted);
                end if;
                g_balances[g] := g_balances[g] + n;
                g_versions[g] := g_versions[g] + 1;
                w_accounts := w_accounts || other;
                w_amounts := w_amounts || n;
                w_lots := w_lots || null::bigint;
                w_balances := w_balances || g_balances[g];
                w_versions := w_versions || g_versions[g];
            end if;

        elsif verb in ('take', 'restore') then
            lot_id := (leg ->> 'lot')::bigint;
            part := 0;
            if verb = 'restore' then
                n := -n;
                select c.amount into part from ledger_children(lot_id) c;
            end if;
            update ledger_lot l
                set remaining = l.remaining - n, is_open = l.remaining > n
                where l.id = lot_id and l.remaining - n between 0 and l.amount - part
                  and (not coalesce((leg ->> 'whole')::boolean, false) or l.remaining = l.amount);
            if not found then
                raise exception 'This credit has moved on.' using errcode = 'SL004',
                    detail = (select jsonb_build_object(
                        'lot', l.id, 'amount', l.amount, 'remaining', l.remaining, 'wanted', n)
                        from ledger_lot l where l.id = lot_id);
            end if;
            g_balances[g] := g_balances[g] + n;
            g_versions[g] := g_versions[g] + 1;
            w_accounts := w_accounts || acc;
            w_amounts := w_amounts || n;
            w_lots := w_lots || lot_id;
            w_balances := w_balances || g_balances[g];
            w_versions := w_versions || g_versions[g];

        else
            raise exception 'Unknown leg %', verb using errcode = 'SL006';
        end if;
    end loop;

    -- Told here, where the caller still listens; the trigger at commit guards against everybody.
    foreach part in array w_amounts loop
        total := total + part;
    end loop;
    if total <> 0 or cardinality(w_amounts) < 2 then
        raise exception 'The legs do not add up to zero.' using errcode = 'SL011';
    end if;
    for i in 1 .. coalesce(cardinality(g_ids), 0) loop
        if g_versions[i] <> g_before[i] then
            update ledger_account a set balance = g_balances[i], version = g_versions[i]
                where a.id = g_ids[i];
        end if;
    end loop;
    for i in 1 .. cardinality(w_amounts) loop
        insert into ledger_posting (
            entry_id, line, account_id, amount, business_date, lot_id, balance_after, version
        ) values (
            ledger_post.entry_id, i, w_accounts[i], w_amounts[i], p_business_date, w_lots[i],
            w_balances[i], w_versions[i]
        );
    end loop;
end $$;
