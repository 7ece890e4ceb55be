"""The tests' own ground: rollback, clones, the web's rights, the server of the browser."""

import psycopg
import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test import TransactionTestCase

from checkout.errors import Refused
from tests.harness import server
from tests.harness.at_once import LIMIT, at_once, start, until_waiting


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_writes_is_rolled_back(db, turn):
    assert not Group.objects.filter(name="left over").exists()
    Group.objects.create(name="left over")


@pytest.mark.parametrize("turn", [1, 2])
def test_a_committing_test_has_a_database_of_its_own(committing_db, turn):
    assert not Group.objects.filter(name="committed").exists()
    Group.objects.create(name="committed")
    assert start(Group.objects.filter(name="committed").exists).result(LIMIT)


def slip():
    raise ZeroDivisionError


def refuse():
    raise Refused("Not today.")


def test_of_many_hands_each_answers_or_is_refused(committing_db):
    answer, refusal = at_once(Group.objects.count, refuse)
    assert answer == Group.objects.count()
    assert isinstance(refusal, Refused)


def test_a_slip_of_one_hand_is_not_taken_for_a_refusal(committing_db):
    with pytest.raises(ZeroDivisionError):
        at_once(Group.objects.count, slip)
    with pytest.raises(Refused):
        at_once(Group.objects.count, refuse, told=())


def test_who_waits_for_a_lock_is_seen_and_who_waits_for_nothing_is_not(committing_db):
    Group.objects.create(name="held")
    change = Group.objects.filter(name="held").update
    with transaction.atomic():
        change(name="held ")
        other = start(lambda: change(name="changed"))
        until_waiting(1)
        assert not other.done()
    other.result(LIMIT)
    with pytest.raises(AssertionError, match="Nobody waited"):
        until_waiting(1, attempts=3)


@pytest.mark.django_db(transaction=True)
def test_the_marker_for_transactions_gives_a_clone_too(database):
    assert connection.settings_dict["NAME"] == database.name
    assert not connection.in_atomic_block


class TestOfDjangosOwnKind(TransactionTestCase):
    def test_gets_a_clone_too(self):
        Group.objects.create(name="committed")


def test_tests_are_the_web(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("salon_web", False)


def test_the_web_may_not_truncate(committing_db, connect):
    web = connect(committing_db.web_url)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute("TRUNCATE auth_group CASCADE")


def test_the_owner_is_no_superuser(committing_db, connect):
    owner = connect(committing_db.owner_url)
    query = "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    assert owner.execute(query).fetchone() == (False, False, False)


@pytest.fixture
def memory(tmp_path, monkeypatch):
    """A folder in place of the machine's memory, with room for everything."""
    folder = tmp_path / "memory"
    folder.mkdir()
    monkeypatch.setattr(server, "MEMORY", folder)
    monkeypatch.setattr(server, "ROOM", 0)
    return folder


def test_the_server_is_in_memory_and_found_there_again(memory, tmp_path):
    home = server.in_memory(tmp_path / "var" / "link")
    assert home.resolve().parent == memory
    (home / "kept").touch()
    assert (server.in_memory(home) / "kept").exists()


def test_after_a_restart_of_the_machine_the_folder_is_empty_again(memory, tmp_path):
    home = server.in_memory(tmp_path / "link")
    (memory / home.readlink().name).rmdir()
    assert list(server.in_memory(home).iterdir()) == []


def test_without_room_in_memory_the_server_is_on_disk(memory, tmp_path, monkeypatch):
    monkeypatch.setattr(server, "ROOM", 2**80)
    assert server.in_memory(tmp_path / "link") is None


@pytest.mark.cluster
def test_a_killed_server_comes_back_with_what_was_committed(private_cluster):
    Group.objects.create(name="kept")
    private_cluster.server.kill()
    connection.close()
    private_cluster.server.start()
    assert Group.objects.filter(name="kept").exists()


@pytest.mark.browser
def test_the_browser_sees_what_the_test_commits(live_desk, page):
    response = page.goto("/admin/login/")
    assert response.status == 200
    assert live_desk.url in page.url
