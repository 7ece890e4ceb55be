"""A salon's books of any size, made by SQL in sets: as though every story had been posted.

Three locations, three years, clients with some two hundred postings each. Versions, balances and
what remains of lots are what `ledger_post` would have left: `verify_ledger` is content. Sales and
payments of upper floors are not made: to them these are entries that name no sale.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from benchmarks.salon_acts import PARTS, STORIES, parts

YEARS = 3
POSTINGS_A_STORY = 8.4
"""On average, those that are not over yet included."""
STORIES_A_CLIENT = 17
LOCATIONS, TILLS_EACH, STAFF = 3, 2, 9
FIRST_CLIENTS_ACCOUNT = 101
"""Clients' accounts, then what they owe, then gift cards; the house's come before them."""

TABLES = (
    "clients_client",
    "appointments_appointment",
    "ledger_account",
    "ledger_entry",
    "ledger_lot",
    "ledger_posting",
    "giftcards_giftcard",
)


def statements(postings: int, until: dt.date) -> str:
    """All of it as one script for a superuser, for an empty, migrated database.

    About as many postings as asked, the last of them on `until`. Indexes are made at the end.
    """
    stories = max(round(postings / POSTINGS_A_STORY), 1)
    clients = max(stories // STORIES_A_CLIENT, 1)
    figures = {
        "since": until - dt.timedelta(days=365 * YEARS),
        "until": until,
        "stories": stories,
        "clients": clients,
        "slot": 365 * YEARS // STORIES_A_CLIENT,
        "locations": LOCATIONS,
        "tills": LOCATIONS * TILLS_EACH,
        "staff": STAFF,
        "first": FIRST_CLIENTS_ACCOUNT,
        "tables": ", ".join(f"'{table}'::regclass" for table in TABLES),
        "told": _values((number, at) for number, at in enumerate(_by_weight())),
        "acts": _values(_acts()),
        "legs": _values(_legs()),
        "lots": _values(_lots()),
        "reindex": "\n".join(f"reindex table {table};" for table in TABLES),
        "vacuum": "\n".join(f"vacuum (analyze) {table};" for table in TABLES),
    }
    return SCRIPT.format(**figures)


def _by_weight() -> list[int]:
    return [at for at, story in enumerate(STORIES) for _ in range(story.weight)]


def _acts() -> Iterable[tuple[object, ...]]:
    for at, story in enumerate(STORIES):
        for number, act in enumerate(story.acts):
            yield at, number, act.day, act.kind, act.reason, act.reverses, act.elsewhere


def _legs() -> Iterable[tuple[object, ...]]:
    for at, story in enumerate(STORIES):
        for number, act in enumerate(story.acts):
            for line, (account, lot, often) in enumerate(act.postings(), start=1):
                yield at, number, line, account, lot, *(often[part] for part in PARTS)


def _lots() -> Iterable[tuple[object, ...]]:
    for at, story in enumerate(STORIES):
        for number, lot in story.lots:
            ceiling = parts(lot.ceiling)
            yield (
                at, number, lot.name, lot.source, lot.is_paid, lot.is_held, lot.ends, lot.parent,
                lot.is_gift_card, *(ceiling[part] for part in PARTS),
            )  # fmt: skip


def _values(rows: Iterable[tuple[object, ...]]) -> str:
    """Rows of our own constants as SQL."""
    return ",\n".join("(" + ", ".join(_literal(value) for value in row) + ")" for row in rows)


def _literal(value: object) -> str:
    if value is None:
        return "null::int"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else f"'{value}'"


SCRIPT = """
set session_replication_role = replica;
set work_mem = '512MB';
set maintenance_work_mem = '512MB';
set jit = off;
set synchronous_commit = off;

-- Indexes are filled at the end: REINDEX makes them good again.
update pg_index set indisready = false where indrelid in ({tables});

insert into salon_location (id, name, slug, time_zone, day_starts_at, address, phone)
    select n, (array['Midtown', 'Harbor', 'Uptown'])[n],
           (array['midtown', 'harbor', 'uptown'])[n], 'UTC', '00:00', '', ''
    from generate_series(1, {locations}) n;
insert into salon_till (id, location_id, name)
    select n, 1 + (n - 1) % {locations}, 'Till ' || n from generate_series(1, {tills}) n;
insert into salon_staffmember (id, password, is_superuser, username, first_name, last_name, email,
        is_staff, is_active, date_joined, name, is_provider, books_online, pin)
    select n, '', n = 1, 'staff' || n, '', '', '', true, true, now(), 'Staff ' || n, n > 1, false,
           ''
    from generate_series(1, {staff}) n;
insert into salon_taxrate (id, name, percent, is_included) values (1, 'Sales tax', 8.875, false);
insert into clients_client (id, first_name, last_name, email, phone, note, created_at,
        blocked_reason)
    select n, 'Client', n::text, '', '', '', timestamptz '{since} 00:00 UTC', ''
    from generate_series(1, {clients}) n;

create temp table act (story int, act int, day int, kind text, reason text, reverses int,
    elsewhere boolean);
insert into act values {acts};
create temp table leg (story int, act int, line int, account text, lot text,
    a int, b int, t int, g int);
insert into leg values {legs};
create temp table opened (story int, act int, name text, source text, is_paid boolean,
    is_held boolean, ends int, parent text, is_gift boolean, a int, b int, t int, g int);
insert into opened values {lots};
create temp table story_of (chance int, story int);
insert into story_of values {told};

-- One row a telling. A client's stories come one after the other, each in its own stretch of days.
create temp table telling as
select n as id, story, client, {first} - 1 + client as credit,
       {first} - 1 + {clients} + client as owed,
       1 + (client % {locations})::int as location, 1 + (client % {tills})::int as till,
       1 + (dice / 64 % {staff})::int as staff,
       date '{since}' + (n - 1) / {clients} * {slot} + (client * 37 % {slot})::int as starts_on,
       a, 1000 + (dice / 4096 % 38)::int * 50 as b,
       round(a * 0.08875)::int as t, 100 + (dice / 262144 % 30)::int * 25 as g, dice
from (
    select n::int, 1 + (n - 1) % {clients} as client, story, dice,
           3000 + (dice / 1024 % 120)::int * 50 as a
    from generate_series(1::bigint, {stories}) n,
         lateral (select hashint8extended(n, 7) & 4611686018427387903) as d (dice)
         join story_of on chance = dice % 100
) as told;

create temp table happened as
select row_number() over (order by day, dice, id, act)::bigint as entry, *
from (
    select t.id, t.story, a.act, t.starts_on + a.day as day, t.dice, a.kind, a.reason, a.reverses,
           case when a.elsewhere then 1 + t.location % {locations} else t.location end as location,
           t.till, t.staff
    from telling t join act a on a.story = t.story
    where t.starts_on + a.day <= date '{until}'
) as acts;
create index on happened (id, act);
analyze telling, happened;

insert into ledger_entry (id, key, content_hash, kind, recorded_at, occurred_at, business_date,
        location_id, staff_id, till_id, reason, note, cause_kind, cause_id, reverses_id)
    select h.entry, 'generated:' || h.entry, '', h.kind, h.day + time '12:00', h.day + time '12:00',
           h.day, h.location, h.staff,
           case when h.location = 1 + (h.till - 1) % {locations} then h.till else h.location end,
           h.reason, '', '', '', undone.entry
    from happened h
    left join happened undone on undone.id = h.id and undone.act = h.reverses
    order by h.entry;

-- Lots: their accounts and terms now, what remains of them once the postings are known.
create temp table lot as
select row_number() over (order by h.entry, o.name) as id, h.entry, h.id as telling, o.name,
       o.source, o.is_paid, o.is_held, h.day, h.day + o.ends - o.act_day as ends, o.parent,
       o.is_gift, h.location,
       case when o.is_gift then null else t.credit end as account,
       o.a * t.a + o.b * t.b + o.t * t.t + o.g * t.g as ceiling
from happened h
join telling t on t.id = h.id
join (select opened.*, act.day as act_day from opened join act using (story, act)) as o
    on o.story = h.story and o.act = h.act;
update lot set account = {first} + 2 * {clients} + cards.number
from (select id, row_number() over (order by id) as number from lot where is_gift) as cards
where cards.id = lot.id;
analyze lot;

-- The house's accounts by what a leg calls them.
create temp table house (id int, account text, place int, name text);
insert into house values (1, 'card', null, 'card/'), (2, 'open', null, 'open_orders/'),
    (3, 'services', null, 'income/services'), (4, 'products', null, 'income/products'),
    (5, 'tax', null, 'tax/rate:1'), (6, 'goodwill', null, 'goodwill/'),
    (7, 'breakage', null, 'breakage/'), (8, 'forfeited', null, 'forfeited/');
insert into house select 10 + n, 'till', n, 'cash/till:' || n from generate_series(1, {tills}) n;
insert into house select 40 + n, 'tips', n, 'tips/staff:' || n from generate_series(1, {staff}) n;

create temp table posted as
select h.entry, l.line, l.a * t.a + l.b * t.b + l.t * t.t + l.g * t.g as amount, h.day,
       lot.id as lot, case l.account when 'owed' then t.owed
           else coalesce(lot.account, house.id) end as account
from happened h
join telling t on t.id = h.id
join leg l on l.story = h.story and l.act = h.act
left join lot on lot.telling = h.id and lot.name = l.lot and l.lot <> ''
left join house on house.account = l.account and case l.account
    when 'till' then house.place = case when h.location = 1 + (h.till - 1) % {locations}
                                        then h.till else h.location end
    when 'tips' then house.place = h.staff else true end;
create temp table kept as
select entry, line, sum(amount) over history as balance_after, row_number() over history as version
from posted where account >= {first}
window history as (partition by account order by entry, line rows unbounded preceding);
analyze posted, kept;
insert into ledger_posting (entry_id, line, account_id, amount, business_date, lot_id,
        balance_after, version)
    select p.entry, p.line, p.account, p.amount, p.day, p.lot, k.balance_after, k.version
    from posted p left join kept k on k.entry = p.entry and k.line = p.line
    order by p.entry, p.line;

insert into ledger_account (id, name, kind, currency)
    select id, name, split_part(name, '/', 1), 'USD' from house;
insert into ledger_account (id, name, kind, currency, client_id, balance, version)
    select account, case when kind = 'gift_card' then 'gift_card/card:' || account
                         else kind || '/client:' || client end,
           kind, 'USD', case when kind <> 'gift_card' then client end, balance, version
    from (
        select account, sum(amount) as balance, count(*) as version,
               case when account < {first} + {clients} then 'client_credit'
                    when account < {first} + 2 * {clients} then 'receivable'
                    else 'gift_card' end as kind,
               1 + (account - {first}) % {clients} as client
        from posted where account >= {first} group by account
    ) as guarded;
insert into giftcards_giftcard (id, uuid, code, is_physical, from_name, to_name, to_email, message,
        issued_at, account_id)
    select lot.account, gen_random_uuid(), lpad(lot.account::text, 16, '4'), true, '', '', '', '',
           lot.day + time '12:00', lot.account
    from lot where is_gift;

insert into appointments_appointment (id, uuid, client_id, location_id, starts_at, status, note,
        created_at)
    select lot.id, gen_random_uuid(), t.client, lot.location, lot.day + 21 + time '10:00',
           case when lot.day + 21 > date '{until}' then 'booked' else 'done' end, '',
           lot.day + time '12:00'
    from lot join telling t on t.id = lot.telling where lot.is_held;
insert into ledger_lot (id, account_id, opened_by_id, parent_id, source, is_paid, since, expires_on,
        appointment_id, restriction, card_ceiling, sold_at_id, amount, remaining, is_open)
    select lot.id, lot.account, lot.entry, parent.id, lot.source, lot.is_paid,
           coalesce(parent.day, lot.day), lot.ends, case when lot.is_held then lot.id end, 'any',
           least(lot.ceiling, moved.amount), coalesce(parent.location, lot.location), moved.amount,
           moved.remaining, moved.remaining > 0
    from lot
    join (
        select p.lot, -sum(p.amount) filter (where p.entry = l.entry) as amount,
               -sum(p.amount) as remaining
        from posted p join lot l on l.id = p.lot group by p.lot
    ) as moved on moved.lot = lot.id
    left join lot parent on parent.telling = lot.telling and parent.name = lot.parent
    order by lot.id;

{reindex}
select setval(pg_get_serial_sequence(t, 'id'), 1000000000)
    from unnest(array['clients_client', 'appointments_appointment', 'ledger_account',
        'ledger_entry', 'ledger_lot', 'giftcards_giftcard']) t;
select setval(pg_get_serial_sequence(t, 'id'), 1000)
    from unnest(array['salon_location', 'salon_till', 'salon_staffmember', 'salon_taxrate']) t;
drop table act, leg, opened, story_of, telling, happened, lot, house, posted, kept;
set session_replication_role = default;
{vacuum}
"""
