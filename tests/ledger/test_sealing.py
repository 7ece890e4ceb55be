"""A sealed day takes nothing, and nothing of it can be changed without being found."""

import datetime as dt
import hashlib
from functools import partial

import psycopg
import pytest
import time_machine
from django.db import connection, transaction

from ledger import accounts, seal_checks, sealing
from ledger.kinds import EntryKind
from ledger.legs import Draw, Move, Open, Terms
from ledger.models import Entry, Seal
from ledger.sealing import SealRefused, seal_day, sealed_through
from ledger.verifying import verify
from tests.factories import make_client, make_credit, make_desk, make_location, make_role
from tests.harness import databases
from tests.harness.at_once import at_once, start, until_waiting
from tests.ledger.books import act, assert_well

SATURDAY = dt.date(2026, 11, 21)
EPOCH = dt.date(2000, 1, 1)


def at(day: int, hour: int = 15) -> dt.datetime:
    """Noon or so at the salon on a day after that Saturday; in New York it is five hours less."""
    return dt.datetime(2026, 11, 21, hour, tzinfo=dt.UTC) + dt.timedelta(days=day)


def day(days: int) -> dt.date:
    return SATURDAY + dt.timedelta(days=days)


@pytest.fixture(autouse=True)
def sunday():
    with time_machine.travel(at(1), tick=False):
        yield


@pytest.fixture
def marcus(db):
    return make_desk("Marcus")


def sell(when: dt.datetime, cents: int = 5000, location=None):
    """Clara pays in advance with cash, at that time."""
    desk = make_desk(at=when, location=location)
    clara = make_client("Clara Nuñez")
    return act(
        desk,
        Open(accounts.credit_of(clara), cents, Terms(source="purchase", is_paid=True)),
        Move(accounts.cash(desk.till), cents),
        kind=EntryKind.SALE,
        note="Für Clara",
    )


def seal(desk, on=SATURDAY, **more):
    return seal_day(location=desk.location, on=on, desk=desk, **more)


def date_of(posted) -> dt.date:
    return Entry.objects.get(pk=posted.entry_id).business_date


# --- The worked example -------------------------------------------------------------------------


def test_a_payment_that_comes_late_counts_for_the_next_day(marcus):
    """Saturday is sealed on Sunday. A payment of Saturday that comes then is Sunday's."""
    sell(at(0))
    [sealed] = seal(marcus, note="Counted twice.")
    late = Entry.objects.get(pk=sell(at(0)).entry_id)
    assert (late.business_date, late.occurred_at) == (day(1), at(0))
    assert [late.business_date] == [p.business_date for p in late.postings.all()[:1]]
    assert (sealed.entries, sealed.postings, sealed.debit) == (1, 2, 5000)
    assert (sealed.staff, sealed.note, sealed.previous) == (marcus.staff, "Counted twice.", None)
    assert sealed_through(marcus.location) == SATURDAY
    assert_well()


def test_each_day_with_entries_gets_its_seal_and_each_names_the_one_before(marcus):
    for days in (-5, -3, 0):
        sell(at(days))
    seals = seal(marcus)
    assert [each.business_date for each in seals] == [day(-5), day(-3), day(0)]
    assert [each.previous for each in seals] == [None, *seals[:-1]]
    [today] = seal(marcus, on=day(1))
    assert (today.previous, today.entries) == (seals[-1], 0)
    assert_well()


def test_other_locations_go_on(marcus):
    seal(marcus)
    soho = make_location("SoHo")
    assert date_of(sell(at(0), location=soho)) == SATURDAY
    assert sealed_through(soho) is None


def test_a_reversal_of_what_is_sealed_counts_for_the_next_day(marcus):
    sold = sell(at(0))
    seal(marcus)
    desk = make_desk(at=at(0))
    lot = Entry.objects.get(pk=sold.entry_id).opened_lots.get()
    back = act(desk, Draw(lot.account.name, 5000), Move(accounts.cash(desk.till), -5000))
    assert date_of(back) == day(1)
    assert_well()


# --- The digest ---------------------------------------------------------------------------------


def micros(when: dt.datetime) -> bytes:
    since = when - dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    return (since // dt.timedelta(microseconds=1)).to_bytes(8, "big", signed=True)


def line(*values) -> str:
    """Values with a space between; one with a letter that is missing is left out."""
    return " ".join(str(value) for value in values if value is not None)


def marked(letter: str, value: object) -> str | None:
    return None if value is None else f"{letter}{value}"


def digest_by_hand(sealed: Seal) -> bytes:
    """The recipe of docs/books.md, without a word of SQL."""
    entries = list(
        Entry.objects.filter(
            location=sealed.location_id, business_date=sealed.business_date
        ).order_by("id")
    )
    lines, postings, lots = [], [], []
    for e in entries:
        texts = [e.key, e.kind, e.reason, e.note, e.cause_kind, e.cause_id]
        stamp = micros(e.recorded_at) + micros(e.occurred_at) + bytes(e.content_hash)
        lengths = [len(text.encode()) for text in texts]
        by = [marked("s", e.staff_id), marked("t", e.till_id), marked("r", e.reverses_id)]
        lines.append(line(e.pk, *by, stamp.hex(), *lengths, "".join(texts)))
        for p in e.postings.order_by("line"):
            guarded = [marked("l", p.lot_id), marked("v", p.version), marked("b", p.balance_after)]
            postings.append(line(e.pk, p.line, p.account_id, p.amount, *guarded))
        lots += e.opened_lots.all()
    told = [
        line(
            *(t.pk, t.account_id, t.opened_by_id, t.amount, t.card_ceiling, t.sold_at_id),
            *((t.since - EPOCH).days, t.source, t.restriction, int(t.is_paid)),
            *(marked("p", t.parent_id), marked("h", t.holder_id), marked("a", t.appointment_id)),
            marked("x", t.expires_on and (t.expires_on - EPOCH).days),
        )
        for t in sorted(lots, key=lambda lot: lot.pk)
    ]
    days = (sealed.business_date - EPOCH).days
    head = line(sealed.location_id, days, len(lines), len(postings), len(told))
    text = "\n".join([head, *lines, *postings, *told])
    before = bytes(sealed.previous.digest) if sealed.previous else b""
    return hashlib.sha256(before + text.encode()).digest()


def test_anybody_can_make_the_digest_by_the_recipe(marcus):
    sell(at(-1))
    make_credit(make_client("Ben Okafor"), 7, desk=make_desk(at=at(0)), expires_on=day(30))
    sell(at(0))
    seals = seal(marcus)
    assert [bytes(each.digest) for each in seals] == [digest_by_hand(each) for each in seals]


@pytest.mark.parametrize(
    "setting",
    ["datestyle = 'German'", "timezone = 'Asia/Tokyo'", "intervalstyle = 'iso_8601'",
     "bytea_output = 'escape'", "search_path = pg_catalog", "extra_float_digits = -15",
     "lc_numeric = 'C'", "client_encoding = 'LATIN1'"],
)  # fmt: skip
def test_no_setting_changes_the_digest(marcus, setting):
    sell(at(0))
    [sealed] = seal(marcus)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"set local {setting}")
        cursor.execute(
            "select digest from public.ledger_day_digest(null, %s, %s)",
            [marcus.location.pk, SATURDAY],
        )
        assert bytes(cursor.fetchone()[0]) == bytes(sealed.digest)
        cursor.execute("set local search_path to default")


# --- What is refused ----------------------------------------------------------------------------


def refusal(act) -> str:
    with pytest.raises(SealRefused) as refused:
        act()
    assert "Nothing was sealed." in refused.value.message
    return refused.value.message


def test_what_is_to_come_is_not_sealed(marcus):
    assert "still to come" in refusal(lambda: seal(marcus, on=day(2)))


def test_a_role_without_the_permission_seals_nothing(db):
    jo = make_desk("Jo")
    assert "may not close a day" in refusal(lambda: seal(jo))
    assert "may not close a day" in refusal(
        lambda: seal_day(location=jo.location, on=SATURDAY, desk=make_desk(None))
    )


def test_the_same_day_again_answers_with_its_seal(marcus):
    [first] = seal(marcus)
    assert seal(marcus, note="again") == [first]


def test_a_day_before_the_last_seal_has_nothing_to_seal(marcus):
    seal(marcus)
    assert "is sealed up to Sat, Nov 21" in refusal(lambda: seal(marcus, on=day(-1)))


def test_a_long_note_is_refused_beside_its_field(marcus):
    with pytest.raises(SealRefused) as refused:
        seal(marcus, note="x" * 241)
    assert refused.value.field == "note"


def test_what_an_upper_floor_has_against_it_is_said(marcus, monkeypatch):
    monkeypatch.setattr(sealing, "_asked", {})
    sealing.ask("till", lambda where, on: [sealing.Obstacle("Front is still open.", "/till/")])
    assert refusal(lambda: seal(marcus)).startswith("Front is still open.")


# --- Tampering: the superuser, with every guard off ----------------------------------------------


@pytest.fixture(scope="module")
def sealed_books(module_db):
    with time_machine.travel(at(1), tick=False):
        make_role("Manager")
        for days in (-1, 0, 0):
            sell(at(days))
        seal(make_desk("Marcus"))
        sell(at(1))
    return module_db


TAMPERING = {
    "an amount": "update ledger_posting set amount = amount + 1 where entry_id = 2",
    "a version": "update ledger_posting set version = version + 1 where entry_id = 2 and line = 1",
    "an account": "update ledger_posting set account_id = account_id + 99 where entry_id = 2",
    "a note": "update ledger_entry set note = 'Fur Clara' where id = 2",
    "texts that swap places": "update ledger_entry set reason = note, note = reason where id = 2",
    "who did it": "update ledger_entry set staff_id = null where id = 2",
    "when it was recorded": "update ledger_entry set recorded_at = now() where id = 2",
    "the terms of a lot": "update ledger_lot set expires_on = '2030-01-01' where opened_by_id = 2",
    "an entry that is gone": "delete from ledger_entry where id = 2",
    "an entry that came later": """
        insert into ledger_entry (key, content_hash, kind, recorded_at, occurred_at, business_date,
            location_id, reason, note, cause_kind, cause_id)
        select 'forged', '', kind, recorded_at, occurred_at, business_date, location_id, '', '', '',
            '' from ledger_entry where id = 2""",
    "the seal": "update ledger_seal set digest = sha256('') where business_date = '2026-11-21'",
    "the seal's figures": "update ledger_seal set debit = 1 where business_date = '2026-11-21'",
}


SEALS = "Seals are what the entries of their days make"


def found_after(books, statement, **how) -> dict[str, list[str]]:
    with databases.connected_to(books.superuser_url), transaction.atomic():
        with connection.cursor() as superuser:
            superuser.execute("set local session_replication_role = replica")
            superuser.execute(statement)
            assert superuser.rowcount
        found = {result.check: result.named for result in verify(**how) if result.wrong}
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("statement", TAMPERING.values(), ids=TAMPERING)
def test_tampering_is_found_and_named_by_its_day(sealed_books, statement):
    [named, *_] = found_after(sealed_books, statement)[SEALS]
    assert named.startswith("Midtown, 2026-11-21: seal 2 ")


@pytest.fixture
def long_ago(monkeypatch):
    """No day is among those that are made anew each time."""
    newest = seal_checks.NEWEST_ARE_THEIR_DAYS.replace(f"place <= {seal_checks.ANEW}", "place <= 0")
    assert newest != seal_checks.NEWEST_ARE_THEIR_DAYS
    monkeypatch.setattr(seal_checks, "NEWEST_ARE_THEIR_DAYS", newest)


@pytest.mark.usefixtures("long_ago")
@pytest.mark.parametrize("statement", TAMPERING.values(), ids=TAMPERING)
def test_of_a_day_long_ago_the_checksum_finds_it(sealed_books, statement):
    [named, *_] = found_after(sealed_books, statement)[SEALS]
    assert named.startswith("Midtown, 2026-11-21: seal 2 ")


@pytest.mark.usefixtures("long_ago")
def test_who_knows_of_the_checksum_is_found_by_the_thorough_look(sealed_books):
    crafted = """
        update ledger_entry set note = 'Fur Clara' where id = 2;
        update ledger_seal set checksum = ledger_day_checksum(location_id, business_date)
            # ledger_seal_hash(location_id, business_date, previous_id, entries, postings, debit,
                               digest)"""
    assert found_after(sealed_books, crafted) == {}
    [named] = found_after(sealed_books, crafted, thorough=True)[SEALS]
    assert named.startswith("Midtown, 2026-11-21: seal 2 ")


def test_a_day_slipped_in_between_has_no_seal(sealed_books):
    found = found_after(
        sealed_books, "update ledger_entry set business_date = '2026-11-10' where id = 4"
    )
    [named] = found["Every day up to a seal has its own"]
    assert "Midtown, 2026-11-10: 1 entries" in named


def test_a_seal_that_is_gone_or_out_of_its_place_is_found(sealed_books):
    found = found_after(sealed_books, "delete from ledger_seal where business_date = '2026-11-20'")
    assert "Midtown, 2026-11-20" in found["Every day up to a seal has its own"][0]
    assert found["Each seal follows the one before it"]


def test_untouched_it_is_well(sealed_books):
    assert {result.check for result in verify() if result.wrong} == set()


# --- Raw SQL, as the web's login and as the owner -------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "insert into ledger_seal select * from ledger_seal",
        "update ledger_seal set note = ''",
        "delete from ledger_seal",
        "truncate ledger_seal",
        "lock table ledger_entry in share row exclusive mode",
        "select setval('ledger_seal_id_seq', 1)",
        "alter table ledger_seal disable trigger all",
    ],
)
def test_the_web_only_reads_seals(sealed_books, web, statement):
    with pytest.raises(psycopg.Error) as refused:
        web.execute(statement)
    assert refused.value.sqlstate == "42501"


@pytest.mark.parametrize(
    "statement",
    ["update ledger_seal set note = ''", "delete from ledger_seal", "truncate ledger_seal cascade"],
)
def test_not_even_the_owner_changes_a_seal(sealed_books, owner, statement):
    with pytest.raises(psycopg.Error) as refused:
        owner.execute(statement)
    assert refused.value.sqlstate == "SL010"


CALL = "select ledger_seal_day((select min(id) from salon_location), {}, 1, now(), '')"


@pytest.mark.parametrize(
    ("day", "state"),
    [("'2026-11-21'", "SL012"), ("'2026-11-01'", "SL012"), ("null", "SL012")],
)
def test_the_function_seals_in_order_only(sealed_books, web, day, state):
    with pytest.raises(psycopg.Error) as refused:
        web.execute(CALL.format(day))
    assert refused.value.sqlstate == state


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_who_cannot_see_the_latest_seals_nothing(sealed_books, web, level):
    web.execute(f"set transaction isolation level {level}")
    with pytest.raises(psycopg.Error, match="committed a moment ago"):
        web.execute(CALL.format("'2026-11-22'"))


# --- Many hands ---------------------------------------------------------------------------------


def test_nothing_lands_on_a_day_while_it_is_sealed(committing_db):
    """Each payment is in its day's seal, or counts for the day after it: none is lost."""
    marcus, jo = make_desk("Marcus"), make_desk(at=at(0))
    hands = [make_client(f"Client {number}") for number in range(6)]

    def pay(client):
        for _ in range(8):
            make_credit(client, 1, desk=jo)

    def close():
        for on in (SATURDAY, day(1)):
            seal(marcus, on=on)

    at_once(close, *[partial(pay, client) for client in hands], told=())
    dated = list(Entry.objects.values_list("business_date", flat=True))
    assert len(dated) == 48
    assert set(dated) <= {SATURDAY, day(1), day(2)}
    sealed = dict(Seal.objects.values_list("business_date", "entries"))
    assert sealed == {on: dated.count(on) for on in sealed}
    assert_well()


def test_two_who_seal_one_day_make_one_seal(committing_db):
    marcus = make_desk("Marcus")
    sell(at(0))
    answers = at_once(*[partial(seal, marcus)] * 3, told=())
    assert len({each.pk for [each] in answers}) == 1
    assert_well()


def test_who_posts_for_too_long_is_not_waited_for(committing_db, connect):
    marcus = make_desk("Marcus")
    with transaction.atomic():
        make_credit(make_client("Clara Nuñez"), 5)
        sealing_ = start(seal, marcus)
        until_waiting(1)
        with pytest.raises(SealRefused, match="Somebody is posting right now"):
            sealing_.result(30)
    assert not Seal.objects.exists()
