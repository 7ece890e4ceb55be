"""Expiry: unspendable at once, income by the daily run, and safe to run at any time."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from ledger import accounts
from ledger.errors import NotEnoughCredit
from ledger.expiring import expire_lots
from ledger.kinds import EntryKind
from ledger.legs import Draw, Move
from ledger.models import Entry, Lot
from ledger.reversing import reverse
from tests.factories import make_appointment, make_credit, make_desk, make_location
from tests.ledger.books import act, assert_trial_balance, assert_well, lots_left

NEW_YORK = ZoneInfo("America/New_York")
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=NEW_YORK)
TODAY = NOON.date()
DAY = dt.timedelta(days=1)


@pytest.fixture
def desk(db):
    return make_desk(at=NOON)


def test_what_remains_of_an_expired_lot_becomes_income(desk, clara):
    lot = make_credit(clara, 40, desk=desk, expires_on=TODAY)
    act(desk, Draw(accounts.credit_of(clara), 1500), Move(accounts.OPEN_ORDERS, -1500))

    [posted] = expire_lots(NOON + DAY)

    assert lots_left([lot.pk]) == [0]
    assert_trial_balance(
        debit={"opening": "40.00"}, credit={"open_orders": "15.00", "breakage": "25.00"}
    )
    entry = Entry.objects.get(pk=posted.entry_id)
    assert (entry.kind, entry.staff, entry.location) == ("expiry", None, desk.location)
    assert (entry.cause_kind, entry.cause_id) == ("lot", str(lot.pk))
    assert entry.business_date == TODAY + DAY
    assert_well()


def test_the_last_day_is_spendable_to_its_end(desk, clara):
    make_credit(clara, 40, desk=desk, expires_on=TODAY)
    assert expire_lots(NOON + dt.timedelta(hours=11)) == []


def test_the_day_ends_when_the_location_s_day_starts(desk, clara):
    """Midtown's day starts at four: at three in the night it is still yesterday."""
    make_credit(clara, 40, desk=desk, expires_on=TODAY)
    three = dt.datetime(2026, 11, 21, 3, tzinfo=NEW_YORK)
    assert expire_lots(three) == []
    assert len(expire_lots(three + dt.timedelta(hours=1))) == 1


@pytest.mark.parametrize(
    ("zone", "expired"), [("Pacific/Kiritimati", True), ("Pacific/Pago_Pago", False)]
)
def test_each_lot_expires_by_the_clock_where_it_was_opened(db, clara, zone, expired):
    there = make_location("Elsewhere", time_zone=zone, day_starts_at=dt.time(0))
    make_credit(clara, 40, desk=make_desk(location=there, at=NOON), expires_on=TODAY)
    eleven_utc = dt.datetime(2026, 11, 20, 11, tzinfo=dt.UTC)
    assert bool(expire_lots(eleven_utc)) is expired


def test_expired_value_is_unspendable_before_the_run(desk, clara):
    make_credit(clara, 40, desk=desk, expires_on=TODAY)
    with pytest.raises(NotEnoughCredit):
        act(
            make_desk(at=NOON + DAY),
            Draw(accounts.credit_of(clara), 1),
            Move(accounts.OPEN_ORDERS, -1),
        )


def test_held_value_expires_too(desk, clara):
    make_credit(clara, 40, desk=desk, expires_on=TODAY, visit=make_appointment(clara).pk)
    assert len(expire_lots(NOON + DAY)) == 1


def test_it_may_run_any_number_of_times(desk, clara, ben):
    for client in [clara, ben]:
        make_credit(client, 40, desk=desk, expires_on=TODAY)
        make_credit(client, 40, desk=desk, expires_on=TODAY + 9 * DAY)
    assert [len(expire_lots(NOON + DAY)) for _ in range(3)] == [2, 0, 0]
    assert Entry.objects.filter(kind=EntryKind.EXPIRY).count() == 2


def test_value_that_comes_back_to_an_expired_lot_expires_again(desk, clara):
    """A payment that is taken back after the expiry puts another amount into the same lot."""
    lot = make_credit(clara, 40, desk=desk, expires_on=TODAY)
    draw = Draw(accounts.credit_of(clara), 1500)
    tender = act(desk, draw, Move(accounts.OPEN_ORDERS, -1500))
    [first] = expire_lots(NOON + DAY)
    reverse(entry=Entry.objects.get(pk=tender.entry_id), desk=make_desk(at=NOON + DAY))
    assert lots_left([lot.pk]) == [1500]

    [second] = expire_lots(NOON + 2 * DAY)

    assert second.entry_id != first.entry_id
    assert not Lot.objects.filter(is_open=True).exists()
    assert_trial_balance(debit={"opening": "40.00"}, credit={"breakage": "40.00"})
    assert_well()


def test_a_reversed_expiry_expires_again(desk, clara):
    make_credit(clara, 40, desk=desk, expires_on=TODAY)
    [first] = expire_lots(NOON + DAY)
    reverse(entry=Entry.objects.get(pk=first.entry_id), desk=make_desk(at=NOON + DAY))
    [second] = expire_lots(NOON + 2 * DAY)
    assert second.entry_id != first.entry_id
    assert_well()


def test_a_lot_that_moved_while_it_ran_is_left_to_the_next_run(desk, clara, monkeypatch):
    lot = make_credit(clara, 40, desk=desk, expires_on=TODAY)
    stale = [lot]
    act(desk, Draw(accounts.credit_of(clara), 1500), Move(accounts.OPEN_ORDERS, -1500))
    monkeypatch.setattr("ledger.expiring.expired_lots", lambda on: iter(stale))
    assert expire_lots(NOON + DAY) == []
    monkeypatch.undo()
    assert len(expire_lots(NOON + DAY)) == 1


def test_the_command_says_what_it_did(desk, clara, capsys):
    call_command("expire_lots")
    make_credit(clara, 40, expires_on=dt.date(2020, 1, 1))
    call_command("expire_lots")
    assert capsys.readouterr().out == "Lots expired: 0.\nLots expired: 1.\n"
