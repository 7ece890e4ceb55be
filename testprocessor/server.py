"""The program: its books, its faults, its events, and the address that it answers at."""

from __future__ import annotations

import threading

from testprocessor import later, readers
from testprocessor.books import Books
from testprocessor.faults import Fault, Faults
from testprocessor.handler import Handler, Server
from testprocessor.webhooks import Webhooks

TICK_SECONDS = 0.5


class Processor:
    """One test processor: its books, its faults, its webhooks, and the address that it answers at.

    `public` is what people's browsers reach it by, where that is not the address it listens on.
    """

    def __init__(
        self,
        state: str = ":memory:",
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        public: str = "",
        webhook: str = "",
        secret: str = "",
    ) -> None:
        self.books: Books = Books(state)
        self.faults: Faults = Faults()
        self.webhooks = Webhooks(webhook, secret)
        self.is_stopped = threading.Event()
        self.times_begun = 0
        self.http = Server((host, port), Handler)
        self.http.processor = self
        self.address = f"http://{host}:{self.http.server_port}"
        self.books.base = public.rstrip("/") or self.address
        self._install()

    def _install(self) -> None:
        with self.books.lock:
            readers.install(self.books)
            self.books.database.commit()

    def reset(self) -> None:
        """Begin anew: empty books, no faults, webhooks as they were set at the start."""
        self.times_begun += 1
        self.faults.clear()
        self.webhooks.set_back()
        self.books.forget_everything()
        self._install()

    def waits(self, fault: Fault) -> bool:
        """Wait as the fault says; False when all began anew meanwhile."""
        begun = self.times_begun
        self.faults.wait(fault.seconds)
        return begun == self.times_begun

    def start(self) -> None:
        """Answer, from a thread of its own."""
        threading.Thread(target=self.http.serve_forever, name="processor", daemon=True).start()

    def tick(self) -> None:
        """What happens by itself: what is due, and events to whoever listens."""
        with self.books.lock:
            later.run(self.books)
            self.books.database.commit()
        self.webhooks.deliver(self.books)

    def run(self) -> None:
        """Answer and tick until stopped."""
        self.start()
        while not self.is_stopped.wait(TICK_SECONDS):
            self.tick()
        self.close()

    def close(self) -> None:
        """Answer nobody any more."""
        self.is_stopped.set()
        self.faults.clear()
        self.http.shutdown()
        self.http.server_close()
        with self.books.lock:
            self.books.database.close()
