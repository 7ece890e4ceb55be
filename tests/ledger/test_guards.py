"""What the database itself refuses: to the web's login, and to the owner of the tables too.

These go past Django, in raw SQL, as somebody would who has the web's password.
"""

import datetime as dt
import json
import uuid

import psycopg
import pytest

from ledger import accounts
from ledger.legs import Draw, Move
from ledger.models import Entry, Lot, Posting
from tests.factories import make_client, make_credit, make_debt, make_desk
from tests.ledger.books import act, assert_well, nets

APPEND_ONLY, UNBALANCED = "SL010", "SL011"
TABLES = ["ledger_account", "ledger_entry", "ledger_lot", "ledger_posting"]
POST = """select ledger_post(%s, 'adjustment', %s, %s, now(), current_date, %s, %s, '', '',
                             p_reverses => %s)"""


@pytest.fixture(scope="module")
def story(module_db):
    """Clara has $50.00, of which $20.00 are applied to an open order; Ben owes $12.00."""
    clara, ben, desk = make_client("Clara Nuñez"), make_client("Ben Okafor"), make_desk()
    lot = make_credit(clara, 50, desk=desk)
    act(desk, Draw(accounts.credit_of(clara), 2000), Move(accounts.OPEN_ORDERS, -2000))
    make_debt(ben, 12, desk=desk)
    return {"clara": clara.pk, "ben": ben.pk, "lot": lot.pk, "location": desk.location.pk}


@pytest.fixture(autouse=True)
def nothing_came_of_it(story):
    """After every attack the books are what they were."""
    before = (nets(), Entry.objects.count(), Posting.objects.count(), Lot.objects.count())
    yield
    assert (nets(), Entry.objects.count(), Posting.objects.count(), Lot.objects.count()) == before
    assert_well()


def refused(connection, statement, *states):
    """The statement, or the commit after it, ends in one of these SQLSTATEs."""
    with pytest.raises(psycopg.Error) as refusal:
        connection.execute(statement)
        connection.commit()
    assert refusal.value.sqlstate in states, refusal.value
    connection.rollback()


# --- The web's login, by plain SQL --------------------------------------------------------------

FORBIDDEN = ["42501"]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "insert into {0} select * from {0}",
        "insert into {0} default values",
        "delete from {0}",
        "truncate {0}",
        "truncate {0} cascade",
        "select * from {0} for update",
        "select * from {0} for share",
        "lock table {0} in exclusive mode",
        "copy {0} from program 'true'",
        "alter table {0} disable trigger all",
        "alter table {0} owner to salon_web",
        "drop table {0}",
        "create trigger t after insert on {0} execute function ledger_refuse_change()",
        "create table twin () inherits ({0})",
        "comment on table {0} is 'mine'",
    ],
)
def test_the_web_only_reads_the_tables(web, table, statement):
    refused(web, statement.format(table), "42501", "0LP01")


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_account set balance = 0",
        "update ledger_account set name = name",
        "update ledger_entry set note = ''",
        "update ledger_lot set remaining = amount",
        "update ledger_posting set amount = -amount",
        "merge into ledger_lot l using ledger_lot m on l.id = m.id "
        "when matched then update set remaining = 0",
        "insert into ledger_entry (key) values ('x') on conflict (key) do update set note = 'x'",
        "with gone as (delete from ledger_posting returning 1) select * from gone",
        "select setval('ledger_entry_id_seq', 1)",
        "alter sequence ledger_entry_id_seq restart",
    ],
)
def test_the_web_changes_nothing(web, statement):
    refused(web, statement, *FORBIDDEN)


@pytest.mark.parametrize(
    "statement",
    [
        "create table mine (id int)",
        "create function mine() returns int language sql as 'select 1'",
        "create schema mine",
        "create or replace function ledger_account_id(p_name text, p_currency text) "
        "returns bigint language sql as 'select 1::bigint'",
        "drop function ledger_children(bigint)",
        "alter function ledger_children(bigint) security definer",
        "select ledger_account_id('cash/till:99', 'USD')",
        "select ledger_lock_in_order(jsonb_build_array(), 'USD')",
        "select ledger_children(1)",
        "set session_replication_role = replica",
        "set role salon_owner",
        "set session authorization salon_owner",
        "create extension pg_stat_statements",
        "alter role salon_web superuser",
        "select pg_read_file('/etc/passwd')",
        "select lo_import('/etc/passwd')",
        "copy clients_client to program 'cat'",
        "do $$ begin perform ledger_refuse_change(); end $$",
    ],
)
def test_the_web_gets_no_further_rights(web, statement):
    refused(web, statement, "42501", "0A000", "0LP01")


@pytest.mark.parametrize("table", TABLES)
def test_the_web_cannot_grant_itself_anything(web, table):
    web.execute(f"grant all on {table} to salon_web")
    rights = web.execute(
        "select has_table_privilege(%s, 'select'), "
        "has_table_privilege(%s, 'insert, update, delete, truncate, references, trigger'), "
        "has_any_column_privilege(%s, 'insert, update, references')",
        [table] * 3,
    ).fetchone()
    assert rights == (True, False, False)


def test_what_money_points_at_cannot_be_deleted(web, story):
    refused(web, f"delete from clients_client where id = {story['clara']}", "23503")
    for table in ["salon_location", "salon_staffmember"]:
        refused(web, f"delete from {table}", APPEND_ONLY)
        refused(web, f"update {table} set id = id + 1000", APPEND_ONLY)


# --- The web's login, through the one function it may call ----------------------------------------


def call(connection, legs, *, key="", currency="USD", story, staff=None, reverses=None):
    parameters = [
        key or uuid.uuid4().hex,
        json.dumps(legs),
        currency,
        story["location"],
        staff,
        reverses,
    ]
    return connection.execute(POST, parameters).fetchone()[0]


def crafted(connection, legs, state, **more):
    with pytest.raises(psycopg.Error) as refusal:
        call(connection, legs, **more)
        connection.commit()
    assert refusal.value.sqlstate == state, refusal.value
    connection.rollback()


GIVE = {"do": "open", "amount": 100, "source": "goodwill", "is_paid": False}
COST = {"do": "move", "account": "goodwill/", "amount": 100}
GAIN = {"do": "move", "account": "goodwill/", "amount": -100}


@pytest.mark.parametrize("bad", [None, "", "a", "1.5", 1.5, "NaN", "Infinity", [], {}, True, -1, 0])
@pytest.mark.parametrize("do", ["open", "draw", "take", "restore"])
def test_an_amount_is_a_whole_number_above_zero(web, story, do, bad):
    leg = {"do": do, "amount": bad, "lot": story["lot"]}
    leg |= {"account": f"client_credit/client:{story['clara']}", "source": "goodwill"}
    with pytest.raises(psycopg.Error) as refusal:
        call(web, [leg, COST], story=story)
    assert refusal.value.sqlstate in {"SL006", "22P02", "22003"}


@pytest.mark.parametrize("legs", [None, {}, "x", 1, [], [None], [1], ["x"], [[]], [{}], [{}, {}]])
def test_legs_are_legs(web, story, legs):
    with pytest.raises(psycopg.Error):
        call(web, legs, story=story)
        web.commit()


def test_a_take_names_the_account_through_its_lot_alone(web, story):
    """Naming another account beside the lot would let one client's lot pay another's balance."""
    legs = [
        {"do": "restore", "lot": story["lot"], "amount": 100, "account": "goodwill/"},
        {
            "do": "take",
            "lot": story["lot"],
            "amount": 100,
            "account": f"client_credit/client:{story['ben']}",
        },
    ]
    call(web, legs, story=story)
    touched = web.execute(
        "select distinct client_id from ledger_posting p join ledger_account a "
        "on a.id = p.account_id where entry_id = (select max(id) from ledger_entry)"
    ).fetchall()
    assert touched == [(story["clara"],)]


def test_a_take_without_a_lot_finds_none(web, story):
    for lot in [{}, {"lot": None}, {"account": f"client_credit/client:{story['clara']}"}]:
        crafted(web, [{"do": "take", "amount": 100, **lot}, GAIN], "SL003", story=story)


def test_a_child_without_a_parent_is_refused(web, story):
    account = f"client_credit/client:{story['ben']}"
    for parent in [None, 404]:
        legs = [{**GIVE, "account": account, "parent": parent}, COST]
        crafted(web, legs, "SL003", story=story)


def test_a_limit_of_nothing_is_no_licence_to_owe(web, story):
    """In SQL a comparison with NULL is neither true nor false; it must not read as allowed."""
    for limit in [{}, {"limit": None}]:
        short = {"account": f"receivable/client:{story['clara']}", **limit}
        draw = {"do": "draw", "account": f"client_credit/client:{story['clara']}"}
        legs = [{**draw, "amount": 3100, "short": short}, {**GAIN, "amount": -3100}]
        crafted(web, legs, "SL001", story=story)


def test_a_cap_below_zero_puts_nothing_back(web, story):
    make = {**GIVE, "account": f"client_credit/client:{story['clara']}", "restriction": "services"}
    call(web, [{**make, "amount": 100}, COST], story=story)
    draw = {"do": "draw", "account": f"client_credit/client:{story['clara']}", "amount": 50}
    call(web, [draw, {**GAIN, "amount": -50}], story=story)
    call(web, [{**draw, "services": -50}, {**GAIN, "amount": -50}], story=story)
    left = web.execute("select remaining from ledger_lot where restriction = 'services'").fetchall()
    assert left == [(50,)]


def test_another_s_stored_value_is_no_receivable(web, story):
    theirs = f"client_credit/client:{story['clara']}"
    mine = f"client_credit/client:{story['ben']}"
    short = {"account": theirs, "limit": 10**9}
    crafted(web, [{"do": "draw", "account": mine, "amount": 100, "short": short}, GAIN], "SL006",
            story=story)  # fmt: skip
    crafted(web, [{**GIVE, "account": mine, "settles": theirs}, COST], "SL006", story=story)


def test_no_lot_stands_on_a_receivable(web, story):
    legs = [{**GIVE, "account": f"receivable/client:{story['ben']}"}, COST]
    crafted(web, legs, "SL006", story=story)


def test_a_lot_is_not_touched_in_another_currency(web, story):
    for leg in [
        {"do": "take", "lot": story["lot"], "amount": 100},
        {**GIVE, "account": f"client_credit/client:{story['ben']}", "parent": story["lot"]},
    ]:
        crafted(web, [leg, GAIN], "SL003", story=story, currency="EUR")


def test_an_unknown_kind_of_account_is_refused(web, story):
    legs = [{**COST, "account": "slush/"}, GAIN]
    crafted(web, legs, "SL006", story=story)


def test_an_entry_without_its_facts_is_refused(web, story):
    legs = [COST, {**GAIN, "account": "open_orders/"}]
    crafted(web, legs, "23502", story=story | {"location": None})
    crafted(web, legs, "23503", story=story, reverses=404)
    crafted(web, legs, "22001", story=story, key="x" * 121)
    with pytest.raises(psycopg.errors.NotNullViolation):
        web.execute("select ledger_post(null, null, '[]', 'USD', null, null, null, null, "
                    "null, null, null, null, null)")  # fmt: skip


def test_a_reversal_is_not_reversed(web, story):
    legs = [COST, {**GAIN, "account": "open_orders/"}]
    opposite = [{**GAIN}, {**COST, "account": "open_orders/"}]
    first = call(web, legs, story=story)[0]
    second = call(web, opposite, story=story, reverses=first)[0]
    crafted(web, legs, "SL007", story=story, reverses=second)


def test_an_entry_is_reversed_once(web, story):
    legs = [COST, {**GAIN, "account": "open_orders/"}]
    opposite = [{**GAIN}, {**COST, "account": "open_orders/"}]
    first = call(web, legs, story=story)[0]
    call(web, opposite, story=story, reverses=first)
    crafted(web, opposite, "23505", story=story, reverses=first)


def test_constraints_told_to_act_at_once_let_nothing_through(web, story):
    web.execute("set constraints all immediate")
    crafted(web, [COST, {**GAIN, "account": "open_orders/"}], UNBALANCED, story=story)


def test_objects_of_the_caller_s_own_are_never_taken_for_the_ledger_s(module_db, story):
    """Where the web may make temporary tables, a table of the same name is still not used."""
    with psycopg.connect(module_db.superuser_url, autocommit=True) as superuser:
        superuser.execute(f"grant temporary on database {module_db.name} to salon_web")
        try:
            with psycopg.connect(module_db.web_url) as web:
                for table in TABLES:
                    web.execute(f"create temporary table {table} (like public.{table})")
                web.execute(
                    "create function pg_temp.jsonb_array_elements(jsonb) returns setof jsonb "
                    "language sql as $$ select null::jsonb $$"
                )
                web.execute("set search_path = pg_temp, public")
                call(web, [COST, {**GAIN, "account": "open_orders/"}], story=story)
                real = web.execute("select count(*) from public.ledger_posting").fetchone()
                mine = web.execute("select count(*) from pg_temp.ledger_posting").fetchone()
                assert (mine, real) == ((0,), (Posting.objects.count() + 2,))
                web.rollback()
        finally:
            superuser.execute(f"revoke temporary on database {module_db.name} from salon_web")


# --- The owner of the tables ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_entry set note = 'better'",
        "update ledger_entry set business_date = business_date - 1",
        "delete from ledger_entry",
        "truncate ledger_entry cascade",
        "update ledger_posting set amount = amount + 1",
        "delete from ledger_posting",
        "truncate ledger_posting",
        "delete from ledger_lot",
        "truncate ledger_lot cascade",
        "update ledger_lot set amount = amount + 1",
        "update ledger_lot set expires_on = current_date",
        "update ledger_lot set restriction = 'services'",
        "update ledger_lot set card_ceiling = 100",
        "update ledger_lot set is_paid = not is_paid",
        "update ledger_lot set since = null",
        "update ledger_account set name = 'cash/till:9' where kind = 'receivable'",
        "update ledger_account set client_id = null",
        "update ledger_account set currency = 'EUR'",
        "delete from ledger_account",
        "truncate ledger_account cascade",
        "merge into ledger_posting p using ledger_entry e on p.entry_id = e.id "
        "when matched then delete",
    ],
)
def test_the_owner_may_not_change_what_is_recorded_either(owner, statement):
    refused(owner, statement, APPEND_ONLY)


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_lot set remaining = -1, is_open = false",
        "update ledger_lot set remaining = amount + 1",
        "update ledger_lot set is_open = not is_open",
        "update ledger_account set balance = 1 where kind = 'client_credit'",
        "update ledger_account set balance = -1 where kind = 'receivable'",
        "update ledger_account set balance = 0, version = 0 where kind = 'opening'",
    ],
)
def test_the_owner_may_not_break_bounds(owner, statement):
    refused(owner, statement, "23514")


ENTRY = """
insert into ledger_entry (key, content_hash, kind, recorded_at, occurred_at, business_date,
                          location_id, reason, note, cause_kind, cause_id)
select 'forged', '', 'adjustment', now(), now(), current_date, min(id), '', '', '', ''
from salon_location returning id
"""
LEG = """
insert into ledger_posting (entry_id, line, account_id, amount, business_date)
select {entry}, {line}, id, {amount}, current_date from ledger_account where name = {name}
"""


def forge(owner, *legs):
    """An entry straight into the tables, as only the owner could who read how it is guarded."""
    entry = owner.execute(ENTRY).fetchone()[0]
    owner.execute("select set_config('salon.entry', %s, true)", [str(entry)])
    for line, (name, amount) in enumerate(legs, 1):
        owner.execute(LEG.format(entry=entry, line=line, amount=amount, name=f"'{name}'"))
    return entry


@pytest.mark.parametrize(
    "legs",
    [
        [],
        [("opening/", 100)],
        [("opening/", 100), ("open_orders/", -99)],
        [("opening/", 2**62), ("opening/", 2**62), ("open_orders/", 2**62), ("opening/", 2**62)],
    ],
)
def test_no_entry_is_committed_that_does_not_balance(owner, legs):
    forge(owner, *legs)
    with pytest.raises(psycopg.Error) as refusal:
        owner.commit()
    assert refusal.value.sqlstate == UNBALANCED


def test_a_line_of_nothing_is_refused(owner):
    with pytest.raises(psycopg.errors.CheckViolation):
        forge(owner, ("opening/", 0))


def test_nothing_joins_a_recorded_entry(owner, story):
    entry = owner.execute("select min(id) from ledger_entry").fetchone()[0]
    leg = LEG.format(entry=entry, line=9, amount=1, name="'opening/'")
    refused(owner, leg, APPEND_ONLY)


def test_no_posting_waits_for_an_entry_that_somebody_else_will_record(owner):
    leg = LEG.format(entry=999_999, line=1, amount=1, name="'opening/'")
    refused(owner, leg, APPEND_ONLY)


def test_no_lot_comes_without_its_entry(owner, story):
    columns = "account_id, opened_by_id, source, is_paid, since, restriction, card_ceiling, "
    columns += "sold_at_id, amount, remaining, is_open"
    lot = f"insert into ledger_lot ({columns}) select {columns} from ledger_lot"
    refused(owner, lot, APPEND_ONLY)


def test_a_version_is_given_once(owner, story):
    account = f"'client_credit/client:{story['clara']}'"
    forged = forge(owner, ("opening/", 1))
    with pytest.raises(psycopg.errors.UniqueViolation):
        owner.execute(
            "insert into ledger_posting "
            "(entry_id, line, account_id, amount, business_date, balance_after, version) "
            f"select {forged}, 2, id, -1, '{dt.date.today()}', -3001, 1 "
            f"from ledger_account where name = {account}"
        )


def test_the_guards_bind_the_owner_but_not_for_lack_of_rights(owner):
    """These rows are the owner's; it is the triggers that refuse. Who drops them is a superuser in
    all but name, and `verify_ledger` finds what was done meanwhile."""
    rights = owner.execute(
        "select bool_and(has_table_privilege('salon_owner', t, 'update, delete, truncate')) "
        "from unnest(%s::text[]) t",
        [TABLES],
    ).fetchone()
    assert rights == (True,)
