"""The people at the ledger's tests, and a database to attack."""

from collections.abc import Iterator

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from clients.models import Client
from ledger import verifying
from salon.desk import Desk
from tests.factories import make_client, make_desk
from tests.harness import databases
from tests.harness.databases import Database


@pytest.fixture(autouse=True)
def the_ledger_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the checks of upper floors: here open orders hold money of no order at all."""
    monkeypatch.setattr(verifying, "_checks", dict(verifying.CHECKS))


@pytest.fixture
def desk(db: None) -> Desk:
    """Jo at Midtown's front till."""
    return make_desk()


@pytest.fixture
def clara(db: None) -> Client:
    return make_client("Clara Nuñez")


@pytest.fixture
def ben(db: None) -> Client:
    return make_client("Ben Okafor")


@pytest.fixture
def ines(db: None) -> Client:
    return make_client("Ines Duarte")


@pytest.fixture(scope="module")
def module_db(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, template_database: Database
) -> Iterator[Database]:
    """A clone for all tests of a module: for those that only try what is refused."""
    with (
        databases.clone(template_database) as copy,
        django_db_blocker.unblock(),
        databases.connected_to(copy.web_url),
    ):
        yield copy


@pytest.fixture
def web(module_db: Database) -> Iterator[psycopg.Connection]:
    """The web's login, past Django; a transaction that is rolled back."""
    with psycopg.connect(module_db.web_url) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def owner(module_db: Database) -> Iterator[psycopg.Connection]:
    """The login that migrates; a transaction that is rolled back."""
    with psycopg.connect(module_db.owner_url) as connection:
        yield connection
        connection.rollback()
