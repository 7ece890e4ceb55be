"""Events on their way: signed, until somebody takes them."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
import stripe

from testprocessor.server import Processor
from tests.harness.processor import SECRET, TestProcessor


def emit(processor, kind="customer.created"):
    return processor.control("emit", type=kind, object={"id": "cus_1"})


def kinds(processor, **how):
    seen = []

    def post(body, signature):
        stripe.WebhookSignature.verify_header(body, signature, SECRET, 300)
        seen.append(json.loads(body)["type"])
        return 200

    processor.deliver(post, **how)
    return seen


def test_they_are_signed_and_come_in_order(processor):
    emit(processor, "a.first")
    emit(processor, "a.second")
    assert kinds(processor) == ["a.first", "a.second"]
    assert kinds(processor) == []


def test_what_is_not_taken_comes_again(processor):
    emit(processor)
    assert processor.deliver(lambda body, signature: 500) == 0
    assert kinds(processor) == ["customer.created"]


def test_they_come_twice_or_in_the_wrong_order_if_asked(processor):
    emit(processor, "a.first")
    emit(processor, "a.second")
    expected = ["a.second", "a.second", "a.first", "a.first"]
    assert kinds(processor, copies=2, reverse=True) == expected


def test_one_is_sent_once_more_if_asked(processor):
    event = emit(processor)
    assert kinds(processor) == ["customer.created"]
    processor.control("resend", event=event["id"])
    assert kinds(processor) == ["customer.created"]


def test_an_event_keeps_the_thing_as_it_was(processor):
    gateway = processor.gateway
    from salon.money import money

    payment = gateway.make_payment(
        amount=money(900), reference="r", key="m", description="Sale", at_reader=True
    )
    gateway.show_on_reader("tmr_front", payment.id, key="s")
    processor.present_card()
    gateway.refund(payment.id, amount=money(200), reference="b", key="b")
    bodies = []
    processor.deliver(lambda body, signature: bodies.append(json.loads(body)) or 200)
    by_type = {it["type"]: it["data"]["object"] for it in bodies}
    assert by_type["payment_intent.succeeded"]["status"] == "succeeded"
    assert by_type["charge.refunded"]["amount_refunded"] == 200
    assert not [name for it in by_type.values() for name in it if name.startswith("_")]


@pytest.fixture
def listener():
    """A server that refuses the first event and takes the next."""
    answers, seen = [503, 200], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            seen.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(answers.pop(0))
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/cards/events/", seen
    server.shutdown()
    server.server_close()
    thread.join()


def test_over_http_they_come_until_they_are_taken(listener, monkeypatch):
    url, seen = listener
    server = Processor(webhook=url, secret=SECRET)
    server.start()
    processor = TestProcessor(server, monkeypatch)
    emit(processor)
    assert processor.control("deliver") == {"taken": 0}
    assert processor.control("deliver") == {"taken": 1}
    assert processor.control("deliver") == {"taken": 0}
    assert seen[0] == seen[1]
    server.close()


def test_held_ones_wait_until_they_are_let_go(listener, monkeypatch):
    url, seen = listener
    server = Processor(webhook=url, secret=SECRET)
    server.start()
    processor = TestProcessor(server, monkeypatch)
    processor.control("webhooks", is_held=True)
    emit(processor)
    assert processor.control("deliver") == {"taken": 0}
    assert seen == []
    processor.control("webhooks", is_held=False)
    processor.control("deliver")
    assert len(seen) == 1
    server.close()
