"""The jobs: killed in the middle, two at once, and many rows."""

import pytest

from clients.models import Client
from imports import taking_back, taking_in
from imports.confirming import LOST, looks_lost, start_again
from imports.errors import Refused
from imports.mapping import Options, map_columns
from imports.models import Progress, Status
from imports.running import run_check, run_take_back, run_take_in
from ledger.models import Entry
from salon import clock
from tests.harness.at_once import at_once
from tests.imports.helpers import (
    CLARA,
    INES,
    check_again,
    checked,
    confirmed,
    csv_of,
    fresh,
    named,
    owner_s_desk,
    spend,
    taken_back,
    taken_in,
    uploaded,
)
from tests.ledger.books import assert_well


class Killed(BaseException):
    """What a killed process does: nothing more."""


def people(many: int) -> bytes:
    rows = (
        [
            f"Client{n}",
            f"Name{n}",
            f"client{n}@example.com",
            f"(212) 555-{n:04d}",
            f"{n % 7 - 2}.50",
        ]
        for n in range(many)
    )
    return csv_of(*rows)


def kill_at(monkeypatch, module, name: str, call: int) -> None:
    """The so-manieth call of this function is the last thing that the process does."""
    act, calls = getattr(module, name), iter(range(1, call + 1))

    def killed(*args, **kwargs):
        if next(calls) == call:
            monkeypatch.setattr(module, name, act)
            raise Killed
        return act(*args, **kwargs)

    monkeypatch.setattr(module, name, killed)


@pytest.mark.usefixtures("committing_db")
def test_killed_in_the_middle_nothing_is_half_in_or_half_out(monkeypatch):
    monkeypatch.setattr(taking_in, "AT_ONCE", 10)
    monkeypatch.setattr(taking_back, "AT_ONCE", 10)
    import_ = confirmed(check_again(uploaded(people(40))))
    kill_at(monkeypatch, taking_in, "open_balances", 3)
    with pytest.raises(Killed):
        run_take_in(import_.pk)
    assert fresh(import_).status == Status.IMPORTING
    assert (Client.objects.count(), Entry.objects.count()) == (0, 0)
    told = Progress.objects.get()
    assert (told.step, told.total) == ("Opening balances", 40)

    assert run_take_in(import_.pk) == Status.DONE
    assert (Client.objects.count(), Entry.objects.count()) == (40, 40)
    assert run_take_in(import_.pk) == Status.DONE
    assert Entry.objects.count() == 40

    taking_back.take_back(import_=import_, desk=owner_s_desk())
    kill_at(monkeypatch, taking_back, "close_balances", 3)
    with pytest.raises(Killed):
        run_take_back(import_.pk)
    assert Entry.objects.count() == 40
    assert run_take_back(import_.pk) == Status.TAKEN_BACK
    assert Entry.objects.count() == 80
    assert not Client.objects.active().exists()
    assert_well()


@pytest.mark.usefixtures("committing_db")
def test_two_workers_at_one_import_take_it_in_once():
    import_ = confirmed(check_again(uploaded(people(30))))
    statuses = at_once(lambda: run_take_in(import_.pk), lambda: run_take_in(import_.pk))
    assert Status.DONE in statuses
    assert (Client.objects.count(), Entry.objects.count()) == (30, 30)
    assert_well()


@pytest.mark.django_db
def test_what_breaks_is_told_in_words_and_can_be_tried_again(monkeypatch):
    def broken(*args, **kwargs):
        raise ZeroDivisionError

    import_ = confirmed(checked(CLARA))
    with monkeypatch.context() as patch:
        patch.setattr(taking_in, "open_balances", broken)
        assert run_take_in(import_.pk) == Status.FAILED
    assert "nothing of the import is in" in fresh(import_).error
    assert Client.objects.count() == 0
    again = confirmed(check_again(fresh(import_)))
    assert run_take_in(again.pk) == Status.DONE
    assert fresh(import_).error == ""


@pytest.mark.django_db
def test_spent_between_the_click_and_the_job_leaves_everything_in():
    import_ = taken_in(CLARA, INES)
    taking_back.take_back(import_=import_, desk=owner_s_desk())
    spend(named("Clara"), 100)
    assert run_take_back(import_.pk) == Status.DONE
    assert "Everything is still in" in fresh(import_).error
    assert Client.objects.active().count() == 2
    assert_well()


@pytest.mark.django_db
def test_rows_by_the_thousand_in_a_fixed_number_of_queries_for_each_thousand(
    django_assert_max_num_queries,
):
    desk = owner_s_desk()
    with django_assert_max_num_queries(12):
        import_ = uploaded(people(1200), desk=desk)
    map_columns(import_=import_, mapping=import_.mapping, options=Options(), desk=owner_s_desk())
    with django_assert_max_num_queries(30):
        run_check(import_.pk)
    import_ = confirmed(fresh(import_))
    with django_assert_max_num_queries(40):
        run_take_in(import_.pk)
    import_ = fresh(import_)
    assert import_.rows_new == Client.objects.count() == 1200
    assert Entry.objects.count() == 1200
    assert_well()
    with django_assert_max_num_queries(80):
        taken_back(import_)
    assert not Client.objects.active().exists()


@pytest.mark.django_db
def test_a_lost_job_is_noticed_and_asked_for_again():
    import_ = confirmed(checked(CLARA))
    assert not looks_lost(import_)
    Progress.objects.update(at=clock.now() - 2 * LOST)
    assert looks_lost(import_)
    start_again(import_=import_, desk=owner_s_desk())
    assert not looks_lost(import_)
    assert run_take_in(import_.pk) == Status.DONE
    assert not looks_lost(fresh(import_))
    with pytest.raises(Refused):
        start_again(import_=import_, desk=owner_s_desk())
