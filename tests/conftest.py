"""Fixtures of all tests. What they rest on is in tests/harness.

    db               the worker's clone; what the test writes is rolled back
    committing_db    a clone of the test's own: commits, threads and other processes are real
    live_desk        the same, and a server on it for the browser
    private_cluster  a PostgreSQL server of the test's own, with real durability, to kill
    processor        the test processor with empty books, and the program connected to it

In all of them Django is connected as the web's role. Nothing flushes: flush is TRUNCATE, which the
web may not do.
"""

from __future__ import annotations

import gc
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from tests.harness import databases, server
from tests.harness.browser import (  # noqa: F401
    browser_context_args,
    browser_type_launch_args,
    live_address,
    live_desk,
)
from tests.harness.databases import Database
from tests.harness.processor import processor, processor_server  # noqa: F401
from tools import VAR, postgres
from tools.cluster import Cluster


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    """The run, not each of its workers, holds the server."""
    if _is_worker(config):
        return
    server.shared_cluster().hold()
    if config.getoption("numprocesses", None) and not config.getoption("collectonly"):
        # While the workers import and collect: else one makes it and the others wait for that.
        # Should it fail, the worker that needs it says why.
        threading.Thread(target=databases.template, daemon=True).start()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not _is_worker(config):
        server.shared_cluster().release(stop=True)


def pytest_collection_finish() -> None:
    """What is imported by now stays: nobody need look through it for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a module sets up once, each worker would that gets a test of it.

    xdist hands out what comes first in one piece to one worker.
    """
    items.sort(key=lambda item: item.get_closest_marker("first") is None)


@pytest.fixture(scope="session")
def template_database() -> Database:
    """The migrated template; nobody connects to it."""
    source = databases.template()
    databases.drop_leftovers()
    return source


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    template_database: Database,
) -> Iterator[None]:
    """In place of pytest-django's: one clone for each worker, and clones for tests that commit."""
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        databases.clone(template_database) as own,
        databases.connected_to(own.web_url),
    ):
        _give_transaction_tests_a_clone(patch, template_database)
        with django_db_blocker.block():
            yield


def _give_transaction_tests_a_clone(patch: pytest.MonkeyPatch, source: Database) -> None:
    """Django flushes after a TransactionTestCase; here it drops the clone that the test had."""
    stack = ExitStack()

    def enter(cls: type[TransactionTestCase]) -> None:
        copy = stack.enter_context(databases.clone(source))
        stack.enter_context(databases.connected_to(copy.web_url))

    def leave(self: TransactionTestCase) -> None:
        stack.close()

    patch.setattr(TransactionTestCase, "_fixture_setup", classmethod(enter))
    patch.setattr(TransactionTestCase, "_fixture_teardown", leave)


@pytest.fixture
def database(db: None) -> Database:
    """The database that Django is connected to in this test."""
    return Database(server.shared_cluster(), connections["default"].settings_dict["NAME"])


@pytest.fixture
def committing_db(transactional_db: None, database: Database) -> Database:
    """A clone of the template for this test alone, which may commit; dropped afterwards."""
    return database


@pytest.fixture
def connect() -> Iterator[Callable[..., psycopg.Connection]]:
    """Open psycopg connections by URL, past Django; closed at the end of the test.

    `connect(committing_db.web_url)` attacks the guards, `.owner_url` and `.superuser_url` look
    behind them.
    """
    with ExitStack() as stack:

        def open_one(url: str, *, autocommit: bool = True) -> psycopg.Connection:
            return stack.enter_context(psycopg.connect(url, autocommit=autocommit))

        yield open_one


@pytest.fixture
def cluster_home() -> Iterator[Path]:
    """A folder for a server of the test's own; tmp_path lets nobody in, and nobody may run it."""
    VAR.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="cluster-", dir=VAR) as name:
        home = Path(name)
        home.chmod(0o755)
        yield home


@pytest.fixture
def private_cluster(
    cluster_home: Path,
    template_database: Database,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Database]:
    """A migrated database on a server of its own with fsync on; Django is connected to it.

    `.server.kill()` is a power cut, `.server.start()` the way back.
    """
    own = Cluster(cluster_home, {"max_connections": "100"})
    own.start()
    try:
        postgres.prepare(own)
        fresh = Database(own, postgres.DATABASE)
        with databases.clone(template_database) as source:
            databases.copy_into(source, fresh)
        with django_db_blocker.unblock(), databases.connected_to(fresh.web_url):
            yield fresh
    finally:
        own.destroy()
