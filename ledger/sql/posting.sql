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

-- Of earlier versions.
drop function if exists ledger_account_name_of_lot(bigint, text);
drop function if exists ledger_post(
    text, text, jsonb, text, timestamptz, date, bigint, bigint, text, text, text, text, bigint
);
drop function if exists ledger_post(
    text, text, text, text, timestamptz, date, bigint, bigint, text, text,
    text, text, bigint, boolean
);

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
       or k not in ('client_credit', 'receivable', 'gift_card', 'cash', 'card', 'bank', 'other_tender',
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


-- Lock every guarded account that the legs touch, by name or through a lot, in the order of names;
-- accounts that are new are made in that order too.
create or replace function ledger_lock_in_order(p_legs jsonb, p_currency text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    wanted text;
    wanted_id bigint;
begin
    for wanted in
        select n.name
        from jsonb_array_elements(p_legs) as e (leg),
             lateral (values (leg ->> 'account'), (leg ->> 'settles'),
                             (leg -> 'short' ->> 'account')) as n (name)
        where n.name is not null
        union
        select a.name
        from jsonb_array_elements(p_legs) as e (leg),
             lateral (values (leg ->> 'lot'), (leg ->> 'parent')) as n (lot)
             join ledger_lot l on l.id = n.lot::bigint
             join ledger_account a on a.id = l.account_id
        order by 1
    loop
        wanted_id := ledger_account_id(wanted, p_currency);
        perform from ledger_account a where a.id = wanted_id and a.balance is not null
            for no key update;
    end loop;
end $$;


-- Make what a step lacks: its account, with all others of the legs that are new, in order, since two
-- tills may meet here. Refused where the step does not act on accounts of that kind.
create or replace function ledger_make_accounts(
    p_legs jsonb, p_name text, p_currency text, p_stored boolean, p_owed boolean
)
returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    k text := split_part(p_name, '/', 1);
begin
    if p_stored <> (k in ('client_credit', 'gift_card')) or p_owed <> (k = 'receivable') then
        raise exception 'Stored value moves by lots, all else by amounts.' using errcode = 'SL006';
    end if;
    perform ledger_lock_in_order(p_legs, p_currency);
    perform ledger_account_id(p_name, p_currency);
end $$;


create or replace function ledger_post(
    p_key text, p_kind text, p_legs text, p_currency text,
    p_occurred_at timestamptz, p_business_date date, p_location bigint, p_staff bigint,
    p_cause_kind text, p_cause_id text,
    p_reason text default '', p_note text default '', p_reverses bigint default null,
    -- False where the caller knows that the legs touch one guarded account at most: then there is
    -- no order to keep.
    p_in_order boolean default true,
    p_till bigint default null
)
-- The entry; 1 when it is new, 0 when the key wrote it before; then a lot for each "open" leg in
-- order, null where all of it settled what was owed. One array: a row would have PostgreSQL read
-- the names of its columns anew in each call.
returns bigint[]
-- It runs for each payment at each till, and what it costs is the number of its statements and
-- expressions: PostgreSQL sets up each anew in every transaction. So there are few of both: a
-- statement that reads an account also locks or writes it and sets what the step starts from.
-- No bitmap scans: only a plain index scan marks what it finds dead. A busy client's spent lots
-- would be looked through again by each payment until the next vacuum.
language plpgsql security definer set search_path = public, pg_temp set enable_bitmapscan = off as $$
declare
    entry_id bigint;
    opened bigint[];
    -- Of the text as it came. Two acts under one key are a mistake, and it finds mistakes: nothing
    -- is gained by forging it, since a key that is known writes nothing.
    hash bytea := int8send(hashtextextended(p_kind || ' ' || p_currency || ' ' || p_legs, 0));
    known bytea;
    legs jsonb := p_legs;
    mark text;
    leg jsonb;
    step text;
    n bigint;
    wanted bigint;
    part bigint;
    total bigint := 0;
    line int := 0;
    -- Credit's last day is a day of the desk's: it ends no sooner because that day is sealed.
    today date := p_business_date;
    lot record;
    children record;
    cap_services bigint;
    cap_products bigint;
    -- The account of the step, and what the step did to it. House accounts have no balance.
    acc_name text;
    acc_id bigint;
    acc_kind text;
    new_balance bigint;
    new_version bigint;
    -- The version that a draw wrote ahead.
    written bigint;
    moved bigint;
    lot_id bigint;
    -- Written in one statement at the end, in the order of the table's columns.
    postings ledger_posting[];
begin
    if p_reverses is not null then
        -- One at a time: whoever comes second finds the first one's key.
        select e.reverses_id into part from ledger_entry e where e.id = p_reverses
            for no key update;
        -- Undoing an undoing would bring lots back to life whose room others may have taken since.
        if part is not null then
            raise exception 'A reversal is not reversed: do the act again.' using errcode = 'SL007';
        end if;
    end if;
    insert into ledger_entry (
        key, content_hash, kind, recorded_at, occurred_at, business_date, location_id, staff_id,
        till_id, reason, note, cause_kind, cause_id, reverses_id
    ) values (
        p_key, hash, p_kind, now(), p_occurred_at,
        -- A sealed day takes nothing any more: what comes late counts for the next open one.
        -- Whoever seals holds a lock on this table, which this statement has to have before it
        -- looks: so it finds each seal that could be meant.
        greatest(p_business_date, (
            select s.business_date + 1 from ledger_seal s where s.location_id = p_location
            order by s.business_date desc limit 1)),
        p_location, p_staff,
        p_till, p_reason, p_note, p_cause_kind, p_cause_id, p_reverses
    )
    on conflict (key) do nothing
    -- The mark is what the triggers ask for: rows are only written on behalf of the entry under way.
    returning id, business_date, array[id, 1], set_config('salon.entry', id::text, true)
        into entry_id, p_business_date, opened, mark;
    if entry_id is null then
        select e.id, e.content_hash into entry_id, known from ledger_entry e where e.key = p_key;
        -- The other two are how entries were hashed before.
        if known not in (
            hash,
            sha256(convert_to(p_kind || ' ' || p_currency || ' ' || p_legs, 'UTF8')),
            sha256(convert_to(p_kind || ' ' || p_currency || ' ' || legs::text, 'UTF8'))
        ) then
            raise exception 'This act was already recorded with other amounts.'
                using errcode = 'SL002', detail = jsonb_build_object('entry', entry_id, 'key', p_key);
        end if;
        return array[entry_id, 0];
    end if;
    if p_in_order then
        perform ledger_lock_in_order(legs, p_currency);
    end if;

    for i in 0 .. jsonb_array_length(legs) - 1 loop
        leg := legs -> i;
        step := leg ->> 'do';
        acc_name := leg ->> 'account';
        n := case when length(leg ->> 'amount') <= 16 then (leg ->> 'amount')::bigint end;
        if (n > 0 or n < 0 and step = 'move') is not true then
            raise exception '%', case when length(leg ->> 'amount') > 16
                    then 'This amount is out of all reason.'
                    else 'An amount must be above zero.' end
                using errcode = 'SL006';
        end if;

        -- A leg is one step, but for these: "open" may settle first, "draw" may end in owing, and
        -- whatever lacks its account begins anew when that is made.
        --
        -- The first statement that touches a guarded account locks it, so that what follows sees
        -- what others committed before. Every change of a lot goes through its account's lock: lots
        -- need none of their own.
        loop
            if step = 'move' then
                select a.id, a.kind, n, null, null, null
                    into acc_id, acc_kind, moved, new_balance, new_version, lot_id
                    from ledger_account a where a.name = acc_name and a.currency = p_currency;
                if (acc_kind in ('client_credit', 'gift_card', 'receivable')) is not false then
                    if acc_name like 'receivable/%' then
                        step := 'pay';
                    else
                        perform ledger_make_accounts(legs, acc_name, p_currency, false, false);
                    end if;
                    continue;
                end if;

            elsif step in ('open', 'open the rest') then
                if step = 'open' and leg ? 'settles' then
                    step := 'settle';
                    acc_name := leg ->> 'settles';
                    continue;
                end if;
                update ledger_account a set balance = a.balance - n, version = a.version + 1
                    where a.name = acc_name and a.currency = p_currency
                      and a.kind in ('client_credit', 'gift_card')
                    returning a.id, a.balance, a.version, -n
                    into acc_id, new_balance, new_version, moved;
                if acc_id is null then
                    perform ledger_make_accounts(legs, acc_name, p_currency, true, false);
                    continue;
                end if;
                if leg ? 'parent' then
                    if not p_in_order then
                        raise exception 'Lots with a parent are locked in order.'
                            using errcode = 'SL006';
                    end if;
                    select l.amount, l.remaining, l.card_ceiling, l.since, jsonb_build_object(
                            'source', l.source, 'is_paid', l.is_paid, 'holder', l.holder_id,
                            'expires_on', l.expires_on, 'visit', l.appointment_id,
                            'restriction', l.restriction, 'card_ceiling', l.card_ceiling,
                            'since', l.since, 'sold_at', l.sold_at_id) as terms
                        into lot from ledger_lot l join ledger_account a on a.id = l.account_id
                        where l.id = (leg ->> 'parent')::bigint and a.currency = p_currency;
                    if not found then
                        raise exception 'There is no such lot.' using errcode = 'SL003',
                            detail = jsonb_build_object('lot', (leg ->> 'parent')::bigint);
                    end if;
                    select * into children from ledger_children((leg ->> 'parent')::bigint);
                    if children.amount + n > lot.amount - lot.remaining then
                        raise exception 'More than was taken out of this credit.'
                            using errcode = 'SL005', detail = jsonb_build_object(
                                'lot', (leg ->> 'parent')::bigint, 'wanted', n,
                                'left', lot.amount - lot.remaining - children.amount);
                    end if;
                    -- What the leg names wins, also where it names nothing. Of the card's ceiling
                    -- no more than the parent has left to give.
                    leg := lot.terms || leg;
                    leg := leg || jsonb_build_object('card_ceiling', least(
                        (leg ->> 'card_ceiling')::bigint,
                        greatest(lot.card_ceiling - children.card_ceiling, 0)));
                end if;
                if leg ->> 'source' not in ('purchase', 'deposit', 'refund', 'membership',
                                            'goodwill', 'import')
                   or leg ->> 'restriction' not in ('any', 'services', 'products')
                then
                    raise exception 'There is no such source or restriction.'
                        using errcode = 'SL006';
                end if;
                insert into ledger_lot (
                    account_id, opened_by_id, parent_id, source, is_paid, holder_id, since,
                    expires_on, appointment_id, restriction, card_ceiling, sold_at_id, amount,
                    remaining, is_open
                ) values (
                    acc_id, entry_id, (leg ->> 'parent')::bigint, leg ->> 'source',
                    (leg ->> 'is_paid')::boolean, (leg ->> 'holder')::bigint,
                    coalesce((leg ->> 'since')::date, p_business_date),
                    (leg ->> 'expires_on')::date, (leg ->> 'visit')::bigint,
                    coalesce(leg ->> 'restriction', 'any'),
                    greatest(least(n, coalesce((leg ->> 'card_ceiling')::bigint, 0)), 0),
                    coalesce((leg ->> 'sold_at')::bigint, p_location), n, n, true
                ) returning id into lot_id;
                opened := opened || lot_id;

            elsif step = 'draw' then
                -- As though one lot held all of it, which is nearly always so, and mended below
                -- where not.
                update ledger_account a set balance = a.balance + n, version = a.version + 1
                    where a.name = acc_name and a.currency = p_currency
                      and a.kind in ('client_credit', 'gift_card') and a.balance + n <= 0
                    returning a.id, a.balance - n, a.version - 1, a.version, n, null, null
                    into acc_id, new_balance, new_version, written, wanted, cap_services,
                         cap_products;
                if acc_id is null then
                    select a.id, a.balance, a.version, n
                        into acc_id, new_balance, new_version, wanted
                        from ledger_account a
                        where a.name = acc_name and a.currency = p_currency
                          and a.kind in ('client_credit', 'gift_card')
                        for no key update;
                    if acc_id is null then
                        perform ledger_make_accounts(legs, acc_name, p_currency, true, false);
                        continue;
                    end if;
                end if;
                for lot in
                    select l.id, l.remaining, l.restriction from ledger_lot l
                    where l.account_id = acc_id and l.is_open
                      and (l.expires_on is null or l.expires_on >= today)
                      and (l.appointment_id is null or l.appointment_id = (leg ->> 'visit')::bigint)
                    order by l.appointment_id is null, l.expires_on nulls last,
                             l.restriction = 'any', not l.is_paid, l.since, l.id
                loop
                    part := least(n, lot.remaining);
                    if lot.restriction <> 'any' then
                        -- What is still open of the caps, once a lot asks for them.
                        cap_services := coalesce(cap_services, greatest(
                            coalesce((leg ->> 'services')::bigint, wanted), 0));
                        cap_products := coalesce(cap_products, greatest(
                            coalesce((leg ->> 'products')::bigint, wanted), 0));
                        if lot.restriction = 'services' then
                            part := least(part, cap_services);
                            cap_services := cap_services - part;
                        else
                            part := least(part, cap_products);
                            cap_products := cap_products - part;
                        end if;
                        continue when part = 0;
                    end if;
                    update ledger_lot l
                        set remaining = l.remaining - part, is_open = l.remaining > part
                        where l.id = lot.id;
                    n := n - part;
                    line := line + 1;
                    new_balance := new_balance + part;
                    new_version := new_version + 1;
                    postings := postings || row(line, part, p_business_date, new_balance,
                        new_version, acc_id, entry_id, lot.id)::ledger_posting;
                    exit when n = 0;
                end loop;
                total := total + wanted - n;
                if n > 0 or new_version is distinct from written then
                    update ledger_account a set balance = new_balance, version = new_version
                        where a.id = acc_id;
                end if;
                exit when n = 0;
                if leg ? 'short' then
                    step := 'owe';
                    acc_name := leg -> 'short' ->> 'account';
                    continue;
                end if;
                raise exception 'Not enough account credit.' using errcode = 'SL001',
                    detail = jsonb_build_object('available', wanted - n, 'wanted', wanted);

            elsif step in ('take', 'restore') then
                lot_id := (leg ->> 'lot')::bigint;
                select a.id, a.balance, a.version + 1, case step when 'take' then n else -n end, 0
                    into acc_id, new_balance, new_version, moved, part
                    from ledger_lot l join ledger_account a on a.id = l.account_id
                    where l.id = lot_id and a.currency = p_currency
                    for no key update of a;
                if not found then
                    raise exception 'There is no such lot.' using errcode = 'SL003',
                        detail = jsonb_build_object('lot', lot_id);
                end if;
                if step = 'restore' then
                    select c.amount into part from ledger_children(lot_id) c;
                end if;
                update ledger_lot l
                    set remaining = l.remaining - moved, is_open = l.remaining > moved
                    where l.id = lot_id and l.remaining - moved between 0 and l.amount - part
                      and (l.remaining = l.amount
                           or not coalesce((leg ->> 'whole')::boolean, false));
                if not found then
                    raise exception 'This credit has moved on.' using errcode = 'SL004',
                        detail = (select jsonb_build_object(
                            'lot', l.id, 'amount', l.amount, 'remaining', l.remaining,
                            'wanted', moved) from ledger_lot l where l.id = lot_id);
                end if;
                new_balance := new_balance + moved;
                update ledger_account a set balance = new_balance, version = new_version
                    where a.id = acc_id;

            elsif step in ('pay', 'settle', 'owe') then
                select a.id, case step when 'settle' then -least(n, a.balance) else n end, null
                    into acc_id, moved, lot_id
                    from ledger_account a
                    where a.name = acc_name and a.currency = p_currency and a.kind = 'receivable'
                    for no key update;
                if acc_id is null then
                    perform ledger_make_accounts(legs, acc_name, p_currency, false, true);
                    continue;
                end if;
                update ledger_account a set balance = a.balance + moved, version = a.version + 1
                    where a.id = acc_id and moved <> 0 and a.balance + moved >= 0
                      and (step <> 'owe'
                           or a.balance + moved <= coalesce((leg -> 'short' ->> 'limit')::bigint, 0))
                    returning a.balance, a.version into new_balance, new_version;
                if not found and step = 'pay' then
                    raise exception 'More than is owed.' using errcode = 'SL001', detail = (
                        select jsonb_build_object('owed', a.balance, 'wanted', -n)
                        from ledger_account a where a.id = acc_id);
                elsif not found and step = 'owe' then
                    raise exception 'Not enough account credit.' using errcode = 'SL001',
                        detail = jsonb_build_object('available', wanted - n, 'wanted', wanted);
                elsif step = 'settle' then
                    n := n + moved;
                end if;

            else
                raise exception 'There is no such step.' using errcode = 'SL006';
            end if;

            if moved <> 0 then
                line := line + 1;
                total := total + moved;
                postings := postings || row(line, moved, p_business_date, new_balance,
                    new_version, acc_id, entry_id, lot_id)::ledger_posting;
            end if;
            exit when step <> 'settle';
            -- What settling left of it opens a lot.
            if n = 0 then
                opened := opened || null::bigint;
                exit;
            end if;
            step := 'open the rest';
            acc_name := leg ->> 'account';
        end loop;
    end loop;

    -- Told here, where the caller still listens; the trigger at commit guards against everybody.
    if total <> 0 or line < 2 then
        raise exception 'The legs do not add up to zero.' using errcode = 'SL011';
    end if;
    insert into ledger_posting select * from unnest(postings);
    return opened;
end $$;
