"""The test processor, at an address of its own: what a test does to it, and what it remembers.

Everything goes over HTTP but the hand that delivers its events: that is the test's, so that they
come when, and as often, and in the order, that the test wants.
"""

from __future__ import annotations

import copy
import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings as django_settings
from django.test import Client as Browser

from cards import gateways, stripe_gateway
from cards.gateway import Gateway, Page
from testprocessor.server import Processor

KEY = "sk_test_of_the_tests"
SECRET = "whsec_of_the_tests"
EVENTS_PATH = "/cards/events/"
FRONT, BACK = "tmr_front", "tmr_back"

# The numbers, by what they do.
PAYS = "4242424242424242"
MASTERCARD = "5555555555554444"
DECLINED = "4000000000000002"
NO_FUNDS = "4000000000009995"
ASKS = "4000002500003155"
DECLINED_LATER = "4000000000000341"
REFUND_FAILS = "4000000000005126"
REFUND_TAKES_A_WHILE = "4000000000007726"
DISPUTED = "4000000000000259"

Post = Callable[[bytes, str], int]


class TestProcessor:
    """What a test may do to the processor. `url` is its address; `gateway` is ours to it."""

    __test__ = False

    def __init__(self, server: Processor, patch: pytest.MonkeyPatch) -> None:
        self.server = server
        self.url = server.address
        self._patch = patch

    @property
    def gateway(self) -> Gateway:
        """The program's own gateway, connected to it."""
        found = gateways.current()
        assert found is not None
        return found

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to be connected to it, with the tests' settings or ours."""
        values = {
            "STRIPE_SECRET_KEY": KEY,
            "STRIPE_WEBHOOK_SECRET": SECRET,
            "STRIPE_API_BASE": self.url,
        }
        return values | {f"TEST_{name}": value for name, value in values.items()}

    # --- What goes wrong ------------------------------------------------------------------------

    def fault(
        self,
        path: str,
        how: str,
        *,
        times: int = 1,
        method: str = "POST",
        seconds: float = 3600,
    ) -> None:
        """Let the next `times` calls to a path (`/v1/refunds`, `/v1/*`) go wrong.

        `how`, nothing done: close, 500, kept_500 (for this key for good), 429; done, but: lost (no
        answer), done_500 (for this key for good), slow (answers after `seconds` or `release`);
        done only after `release`: held.
        """
        given = {"path": path, "how": how, "times": times, "method": method, "seconds": seconds}
        self.control("fault", **given)

    def release(self) -> None:
        """Let what is held or slow go on."""
        self.control("release")

    @contextmanager
    def down(self) -> Iterator[None]:
        """While the block lasts nobody gets an answer."""
        self.fault("/v1/*", "close", times=-1, method="*")
        try:
            yield
        finally:
            self.control("clear_faults")

    def patience(self, seconds: float) -> None:
        """Let the gateway wait only so long for an answer, until the end of the test."""
        self._patch.setattr(stripe_gateway, "TIMEOUT_SECONDS", seconds)

    # --- What clients do ------------------------------------------------------------------------

    def pay_page(self, page: Page | str, number: str = PAYS, *, answer: str = "confirm") -> str:
        """Type a card on a hosted page (to pay or to keep it); where the browser is sent then.

        A card that asks for 3-D Secure gets `answer`: confirm, fail, or empty to stop there.
        """
        url = page if isinstance(page, str) else page.url
        going = self._form(url, number=number)
        if going.endswith("/confirm") and answer:
            going = self._form(going, answer=answer)
        return going

    def present_card(self, reader: str = FRONT, number: str = PAYS) -> dict[str, Any]:
        """Hold a card to a reader that asks for one; the reader afterwards."""
        return self.control("present", reader=reader, number=number)

    def reader_goes(self, status: str, reader: str = FRONT) -> None:
        """online or offline"""
        self.control("reader", reader=reader, status=status)

    def save_card(self, customer: str, number: str = PAYS) -> str:
        """Keep a card of a customer without any page; its payment method."""
        return str(self.control("save_card", customer=customer, number=number)["payment_method"])

    # --- What happens there by itself -----------------------------------------------------------

    def later(self) -> None:
        """Let happen now what would in a while: refunds that fail or come through, disputes."""
        self.control("later")

    def expire(self, page: Page) -> None:
        """Let a hosted page's time be over."""
        self.control("expire", session=page.id)

    def control(self, verb: str, **given: Any) -> dict[str, Any]:
        """One verb of /_control/; AssertionError with its message where it does not like it."""
        status, _, body = self._ask("POST", f"/_control/{verb}", json.dumps(given))
        assert status == 200, body
        return json.loads(body)

    def books(self) -> dict[str, Any]:
        """Its own books: charges, refunds, …, totals by kind of movement, balance by currency."""
        return self.control("books")

    # --- Events ---------------------------------------------------------------------------------

    def deliver(self, to: Post | Browser, *, copies: int = 1, reverse: bool = False) -> int:
        """Hand over the events that are waiting; how many were taken with 2xx.

        `to` is Django's test client (it posts to /cards/events/), or takes a body and a signature
        and returns a status. What is not taken waits for the next time.
        """
        post = to if not isinstance(to, Browser) else _posting(to)
        self.server.webhooks.copies, self.server.webhooks.is_reversed = copies, reverse
        try:
            return self.server.webhooks.deliver(self.server.books, post, due_only=False)
        finally:
            self.server.webhooks.set_back()

    @contextmanager
    def delivering_to(self, address: str) -> Iterator[None]:
        """While the block lasts it sends its events by itself, to a server that runs."""
        self.server.webhooks.url = address.rstrip("/") + EVENTS_PATH
        done = threading.Event()

        def run() -> None:
            while not done.wait(0.1):
                self.server.webhooks.deliver(self.server.books)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
            self.server.webhooks.url = ""

    def signed(self, body: bytes) -> str:
        """The signature that a body would be sent with."""
        return self.server.webhooks.sign(body, self.server.books.now())

    # --- HTTP -----------------------------------------------------------------------------------

    def _form(self, url: str, **fields: str) -> str:
        status, location, _ = self._ask("POST", urlsplit(url).path, urlencode(fields))
        assert status == 303, f"{url} answers {status}"
        return self.url + location if location.startswith("/") else location

    def _ask(self, method: str, path: str, body: str) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Location", ""), answer.read().decode()
        finally:
            connection.close()


def _posting(browser: Browser) -> Post:
    def post(body: bytes, signature: str) -> int:
        headers = {"Stripe-Signature": signature}
        answer = browser.post(EVENTS_PATH, body, "application/json", headers=headers)
        return answer.status_code

    return post


@pytest.fixture(scope="session")
def processor_server() -> Iterator[Processor]:
    """One processor for the worker, in a thread; its books are in memory."""
    server = Processor(secret=SECRET)
    server.start()
    yield server
    server.close()


@pytest.fixture
def processor(
    processor_server: Processor, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestProcessor]:
    """The test processor with empty books; the program is connected to it."""
    processor_server.reset()
    settings.STRIPE_SECRET_KEY = KEY
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    settings.STRIPE_API_BASE = processor_server.address
    settings.CONTENT_SECURITY_POLICY = _letting_forms_reach(processor_server.address)
    yield TestProcessor(processor_server, monkeypatch)
    processor_server.faults.clear()


def _letting_forms_reach(address: str) -> dict[str, Any]:
    policy = copy.deepcopy(django_settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["form-action"] = [*policy["DIRECTIVES"]["form-action"], address]
    return policy
