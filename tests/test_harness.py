"""The tests' own ground: rollback, clones, the web's rights, the server of the browser."""

import threading

import psycopg
import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import TransactionTestCase


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_writes_is_rolled_back(db, turn):
    assert not Group.objects.filter(name="left over").exists()
    Group.objects.create(name="left over")


@pytest.mark.parametrize("turn", [1, 2])
def test_a_committing_test_has_a_database_of_its_own(committing_db, turn):
    assert not Group.objects.filter(name="committed").exists()
    Group.objects.create(name="committed")
    seen = []

    def look():
        seen.append(Group.objects.filter(name="committed").exists())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [True]


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
