"""What the processor remembers: one SQLite file, so that a restart of the demo forgets nothing.

Who calls holds `lock`. Objects are kept as Stripe shows them; what only the processor knows has a
name that begins with an underscore and is never shown.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import string
import threading
import time
from collections.abc import Iterator
from typing import Any

Thing = dict[str, Any]

_ALPHABET = string.ascii_letters + string.digits
_TABLES = """
CREATE TABLE IF NOT EXISTS things (
    seq INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS things_kind ON things (kind, seq);
CREATE TABLE IF NOT EXISTS keys (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS deliveries (
    seq INTEGER PRIMARY KEY, event TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    due INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS later (
    seq INTEGER PRIMARY KEY, due INTEGER NOT NULL, act TEXT NOT NULL, id TEXT NOT NULL
);
"""


class Books:
    """Things by id and by kind, answers by key, what is to be sent, and what happens later."""

    def __init__(self, path: str, base: str = "http://127.0.0.1") -> None:
        self.lock = threading.RLock()
        self.base = base
        """Where its own pages are, for the links that it gives out."""
        self.fees_are_late = False
        """What it keeps of a charge is known half a minute after the charge only."""
        self.database = sqlite3.connect(path, check_same_thread=False)
        self.database.executescript("PRAGMA journal_mode = WAL;" + _TABLES)

    def now(self) -> int:
        """Seconds since 1970, as Stripe tells time."""
        return int(time.time())

    def add(self, kind: str, prefix: str, **fields: Any) -> Thing:
        """Write a new thing with an id of its own."""
        thing = {
            "id": fields.pop("id", "") or new_id(prefix),
            "object": kind,
            "created": self.now(),
            "livemode": False,
            **fields,
        }
        row = (thing["id"], kind, json.dumps(thing))
        self.database.execute("INSERT INTO things (id, kind, body) VALUES (?, ?, ?)", row)
        return thing

    def save(self, thing: Thing) -> None:
        """Write a thing that was changed."""
        row = (json.dumps(thing), thing["id"])
        self.database.execute("UPDATE things SET body = ? WHERE id = ?", row)

    def find(self, wanted: str) -> Thing | None:
        """The thing with this id, a copy of its own."""
        row = self.database.execute("SELECT body FROM things WHERE id = ?", (wanted,)).fetchone()
        return json.loads(row[0]) if row else None

    def of_kind(self, kind: str, **wanted: Any) -> Iterator[Thing]:
        """Things of one kind, the oldest first, with these values."""
        query = "SELECT body FROM things WHERE kind = ? ORDER BY seq"
        for (body,) in self.database.execute(query, (kind,)).fetchall():
            thing = json.loads(body)
            if all(thing.get(name) == value for name, value in wanted.items()):
                yield thing

    def forget_everything(self) -> None:
        """Begin anew."""
        self.fees_are_late = False
        for table in ("things", "keys", "deliveries", "later"):
            self.database.execute(f"DELETE FROM {table}")  # nosec B608
        self.database.commit()


def new_id(prefix: str) -> str:
    """An id as Stripe's look."""
    return prefix + "_" + "".join(secrets.choice(_ALPHABET) for _ in range(24))


def shown(value: Any) -> Any:
    """A thing as it is shown: without what only the processor knows."""
    if isinstance(value, dict):
        return {name: shown(it) for name, it in value.items() if not name.startswith("_")}
    if isinstance(value, list):
        return [shown(it) for it in value]
    return value
