"""A second opinion: localstripe, somebody else's stand-in, where it does what Stripe does.

It knows neither Checkout nor Connect nor Terminal, ignores idempotency keys, lets declines pass and
refunds more than was charged: for all that the test processor is the judge. What both can do, our
gateway has to read from either.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue
from urllib.parse import urlencode

import pytest
import stripe

from cards.gateway import PaymentStatus, RefundStatus
from cards.stripe_gateway import StripeGateway
from salon.money import money

KEY, SECRET = "sk_test_12345", "whsec_second_opinion"
# Where it writes what it knows, whatever one says.
KEPT = Path("/tmp/localstripe.pickle")
CARD = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2035, "cvc": "123"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def localstripe(tmp_path_factory):
    """Its address; the process ends with the module."""
    port = free_port()
    command = [sys.executable, "-m", "localstripe", "--from-scratch", "--port", str(port)]
    process = subprocess.Popen(
        command,
        cwd=tmp_path_factory.mktemp("localstripe"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(10)
        KEPT.unlink(missing_ok=True)


def wait_for(url: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("localstripe does not start")


@pytest.fixture
def gateway(localstripe):
    return StripeGateway(key=KEY, api_base=localstripe, webhook_secret=SECRET, timeout=10)


@pytest.fixture
def api(localstripe):
    """The SDK itself, for what is done on pages that localstripe does not have."""
    return stripe.StripeClient(KEY, base_addresses={"api": localstripe}, max_network_retries=0).v1


@pytest.fixture
def customer(gateway):
    return gateway.make_customer(
        reference="client:1", name="Clara Nuñez", email="clara@example.test", key="customer:1"
    )


@pytest.fixture
def method(api, customer):
    """A card that a SetupIntent kept."""
    made = api.payment_methods.create({"type": "card", "card": CARD})
    api.payment_methods.attach(made.id, {"customer": customer})
    return made.id


@pytest.fixture
def paid(api, customer, method):
    """The id of a payment with that card."""
    return api.payment_intents.create(
        {
            "amount": 8640,
            "currency": "usd",
            "customer": customer,
            "payment_method": method,
            "metadata": {"reference": "attempt:1"},
            "confirm": True,
        }
    ).id


def test_a_customer_is_made(gateway, api, customer):
    found = api.customers.retrieve(customer)
    assert (found.name, found.metadata["reference"]) == ("Clara Nuñez", "client:1")


def test_a_setup_intent_keeps_a_card(gateway, api, customer, method):
    setup = api.setup_intents.create({"customer": customer})
    api.setup_intents.confirm(setup.id, {"payment_method": method})
    saved = gateway.saved_card(setup.id)
    assert (saved.method, saved.card.brand, saved.card.last4) == (method, "Visa", "4242")
    assert (saved.card.exp_month, saved.card.exp_year) == (12, 2035)


def test_a_payment_is_read_as_paid(gateway, paid):
    payment = gateway.payment(paid)
    assert (payment.status, payment.amount) == (PaymentStatus.SUCCEEDED, money(8640))
    assert (payment.reference, payment.decline) == ("attempt:1", None)


def test_a_payment_of_which_nothing_was_asked_is_canceled(gateway, api):
    made = api.payment_intents.create({"amount": 500, "currency": "usd"})
    assert gateway.payment(made.id).status is PaymentStatus.READY
    assert gateway.cancel_payment(made.id).status is PaymentStatus.CANCELED


def test_a_part_of_it_goes_back(gateway, paid):
    refund = gateway.refund(paid, amount=money(2500), reference="refund:1", key="refund:1")
    assert (refund.status, refund.amount) == (RefundStatus.SUCCEEDED, money(2500))
    assert [it.reference for it in gateway.refunds_of(paid)] == ["refund:1"]


def test_a_card_is_forgotten(gateway, api, method):
    gateway.forget_card(method)
    assert api.payment_methods.retrieve(method).customer is None


@pytest.fixture
def told(localstripe):
    """What a server that listens is told: bodies with their signatures."""
    queue: Queue[tuple[bytes, str]] = Queue()

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            queue.put((self.rfile.read(length), self.headers["Stripe-Signature"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/"
    hook = {"url": url, "secret": SECRET, "events[]": "payment_intent.succeeded"}
    urllib.request.urlopen(
        f"{localstripe}/_config/webhooks/us", urlencode(hook).encode(), timeout=10
    )
    yield queue
    server.shutdown()
    server.server_close()


def test_its_signature_is_believed(gateway, told, paid):
    event = gateway.read_event(*told.get(timeout=30))
    while event.object["id"] != paid:  # It sends late: earlier ones come too.
        event = gateway.read_event(*told.get(timeout=30))
    assert event.type == "payment_intent.succeeded"
    assert event.object["metadata"]["reference"] == "attempt:1"
