"""Events on their way: signed, sent until somebody says 2xx; twice or in another order if asked."""

from __future__ import annotations

import hashlib
import hmac
import json
import urllib.request
from collections.abc import Callable
from urllib.error import URLError

from testprocessor.books import Books

Post = Callable[[bytes, str], int]
"""Takes a body and its signature, gives the status of the answer; 0: there was none."""
TIMEOUT_SECONDS = 20
LONGEST_PAUSE = 60
_PENDING = "SELECT seq, event FROM deliveries WHERE done = 0 AND due <= ? ORDER BY seq"


class Webhooks:
    """Where events go, how they are signed, and what is done to their order."""

    def __init__(self, url: str, secret: str) -> None:
        self.url = url
        self.secret = secret
        self.is_held = False
        self.is_reversed = False
        self.copies = 1

    def set_back(self) -> None:
        """Send everything, once, in order."""
        self.is_held, self.is_reversed, self.copies = False, False, 1

    def sign(self, body: bytes, at: int) -> str:
        """The Stripe-Signature of a body sent at this second."""
        text = f"{at}.".encode() + body
        digest = hmac.new(self.secret.encode(), text, hashlib.sha256).hexdigest()
        return f"t={at},v1={digest}"

    def deliver(self, books: Books, post: Post | None = None, *, due_only: bool = True) -> int:
        """Send what is waiting, one after the other; how many were taken with 2xx.

        `due_only` off: also what is to be tried again later only. The books are not locked while
        somebody takes an event: they may ask back.
        """
        if self.is_held and post is None:
            return 0
        with books.lock:
            until = books.now() if due_only else 2**62
            rows = books.database.execute(_PENDING, (until,)).fetchall()
        if self.is_reversed:
            rows.reverse()
        return sum(self._deliver_one(books, seq, event, post or self._post) for seq, event in rows)

    def _deliver_one(self, books: Books, seq: int, event_id: str, post: Post) -> bool:
        with books.lock:
            event = books.find(event_id)
            body = json.dumps(event).encode()
            signature = self.sign(body, books.now())
        is_taken = False
        for _ in range(self.copies):
            is_taken = 200 <= post(body, signature) < 300
        with books.lock:
            self._note(books, seq, is_taken)
        return is_taken

    def _note(self, books: Books, seq: int, is_taken: bool) -> None:
        """Done, or to be tried again after a pause that doubles."""
        query = "SELECT tries FROM deliveries WHERE seq = ?"
        row = books.database.execute(query, (seq,)).fetchone()
        if row is None:  # The books were begun anew meanwhile.
            return
        due = books.now() + min(LONGEST_PAUSE, 2 ** min(row[0], 10))
        books.database.execute(
            "UPDATE deliveries SET tries = tries + 1, done = ?, due = ? WHERE seq = ?",
            (int(is_taken), due, seq),
        )
        books.database.commit()

    def _post(self, body: bytes, signature: str) -> int:
        if not self.url:
            return 0
        headers = {"Content-Type": "application/json", "Stripe-Signature": signature}
        request = urllib.request.Request(self.url, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # nosec B310
                return int(answer.status)
        except URLError as problem:
            return int(getattr(problem, "code", 0))
        except OSError:
            return 0


def resend(books: Books, event_id: str) -> None:
    """Put an event into the queue once more."""
    books.database.execute(
        "INSERT INTO deliveries (event, due) VALUES (?, ?)", (event_id, books.now())
    )
