"""Databases of the tests: one migrated template, and clones of it that tests may commit to.

The template is made as the owner, the way `manage.py migrate` does it, and kept between runs under
the hash of what shapes it. Tests connect as the web, so what the web may not do fails in tests too.
"""

from __future__ import annotations

import fcntl
import hashlib
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dj_database_url
import psycopg
from django.db import connections
from psycopg import sql

from tests.harness.server import shared_cluster
from tools import ROOT, postgres
from tools.cluster import SUPERUSER, Cluster

APPS = [
    "salon",
    "clients",
    "appointments",
    "ledger",
    "cards",
    "checkout",
    "giftcards",
    "deposits",
    "memberships",
    "reports",
    "imports",
]
KEPT_TEMPLATES = 3
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Database:
    """One database of one server, with an address for each login."""

    server: Cluster
    name: str

    @property
    def web_url(self) -> str:
        """The address with the web's rights."""
        return self.server.url(self.name, postgres.WEB)

    @property
    def owner_url(self) -> str:
        """The address that migrates."""
        return self.server.url(self.name, postgres.OWNER)

    @property
    def superuser_url(self) -> str:
        """The address past all guards, to look behind them."""
        return self.server.url(self.name, SUPERUSER)

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to run on this database."""
        urls = postgres.urls(self.server, self.name)
        return {**os.environ, **urls, **{f"TEST_{name}": url for name, url in urls.items()}}


def migrate(database: Database) -> None:
    """Migrate in a process of its own, as the owner."""
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--skip-checks"],
        cwd=ROOT,
        env={
            **database.environment,
            "TEST_DATABASE_ROLE": "owner",
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"The tests' template does not migrate:\n{done.stdout}{done.stderr}")


def template() -> Database:
    """The migrated template for the code as it is now, made when there is none yet."""
    server = shared_cluster()
    server.start()
    name = f"template_{schema_hash()}"
    with (server.home / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _names(server, name):
            _make_template(server, name)
    return Database(server, name)


def copy_into(source: Database, target: Database) -> None:
    """Fill an empty database of another server with what `source` holds, rights included."""
    host = ["-h", str(source.server.socket_dir), "-U", SUPERUSER]
    command = [str(source.server.bin_dir / "pg_dump"), *host, source.name]
    dump = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    target.server.sql(dump, target.name)


def _make_template(server: Cluster, name: str) -> None:
    """Built under another name and renamed when whole; the oldest templates go."""
    building = Database(server, f"building_{os.getpid()}")
    postgres.prepare(server, building.name)
    try:
        migrate(building)
        server.sql(f"ALTER DATABASE {building.name} RENAME TO {name}")
    finally:
        server.sql(f"DROP DATABASE IF EXISTS {building.name}")
    for old in _names(server, "template_%", order="oid DESC")[KEPT_TEMPLATES:]:
        server.sql(f"DROP DATABASE IF EXISTS {old}")


def schema_hash() -> str:
    """A digest of all that a fresh database's content depends on."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in _shaping_files():
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _shaping_files() -> Iterator[Path]:
    yield ROOT / "tools" / "postgres.py"
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*")):
            if path.suffix == ".sql" or (path.suffix == ".py" and _shapes(path)):
                yield path


def _shapes(path: Path) -> bool:
    """Migrations, models (their permissions become rows) and whatever hooks on migrate."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    if {"migrations", "models", "apps", "permissions", "roles", "database"} & set(parts):
        return True
    return b"_migrate" in path.read_bytes()


@contextmanager
def clone(source: Database) -> Iterator[Database]:
    """A copy of `source`, about 0.1 s; dropped at the end with whoever is still connected.

    Files are copied as they are: quicker than by the log where the server need not wait for disks.
    """
    copy = Database(source.server, f"test_{os.getpid()}_{next(_numbers)}")
    with psycopg.connect(source.server.url("postgres", SUPERUSER), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                *map(sql.Identifier, (copy.name, source.name, postgres.OWNER))
            )
        )
        try:
            yield copy
        finally:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(copy.name)))


@contextmanager
def connected_to(url: str) -> Iterator[None]:
    """Point Django's connection, in every thread, at `url`; back again at the end."""
    settings = connections.settings["default"]
    wanted = dj_database_url.parse(url)
    before = {key: settings[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    connections["default"].close()
    settings.update({key: wanted.get(key) or "" for key in before})
    try:
        yield
    finally:
        connections["default"].close()
        settings.update(before)


def drop_leftovers() -> None:
    """Drop clones of runs that were killed: the process in their name is gone."""
    server = shared_cluster()
    for name in _names(server, "test_%") + _names(server, "building_%"):
        if not Path(f"/proc/{name.split('_')[1]}").exists():
            server.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _names(server: Cluster, like: str, order: str = "datname") -> list[str]:
    pattern = like.replace("_", r"\_")
    query = f"SELECT datname FROM pg_database WHERE datname LIKE '{pattern}' ORDER BY {order}"
    return server.sql(query).split()
