"""What happens by itself after a while: refunds that fail, disputes, pages that expire."""

from __future__ import annotations

from collections.abc import Callable

from testprocessor.books import Books

Act = Callable[[Books, str], None]
_acts: dict[str, Act] = {}
AFTER_SECONDS = 30


def act(function: Act) -> Act:
    """Make a function known by its name, which is what is kept."""
    _acts[function.__name__] = function
    return function


def soon(books: Books, function: Act, wanted: str, due: int = 0) -> None:
    """Let `function` happen to a thing: at `due`, or in half a minute."""
    row = (due or books.now() + AFTER_SECONDS, function.__name__, wanted)
    books.database.execute("INSERT INTO later (due, act, id) VALUES (?, ?, ?)", row)


def run(books: Books, *, until: int | None = None, acts: set[str] | None = None) -> int:
    """Do what is due by `until` (now), of these acts (all); how much that was."""
    query = "SELECT seq, act, id FROM later WHERE due <= ? ORDER BY due, seq"
    rows = books.database.execute(query, (books.now() if until is None else until,)).fetchall()
    chosen = [row for row in rows if acts is None or row[1] in acts]
    for seq, name, wanted in chosen:
        books.database.execute("DELETE FROM later WHERE seq = ?", (seq,))
        _acts[name](books, wanted)
    return len(chosen)
