"""The same key is answered with what the first call did, as Stripe documents it."""

import pytest

from tests.testprocessor.asking import ask

PAY = {"amount": "1200", "currency": "usd"}


@pytest.fixture
def post(processor):
    def send(path, params=None, key=""):
        return ask(processor.url, "POST", path, params, key=key)

    return send


def test_a_key_is_answered_once_and_replayed(processor, post):
    status, first, _ = post("/v1/payment_intents", PAY, "k1")
    again, second, headers = post("/v1/payment_intents", PAY, "k1")
    assert (status, again) == (200, 200)
    assert second == first
    assert headers["Idempotent-Replayed"] == "true"
    assert len(processor.books()["payments"]) == 1


def test_the_same_parameters_in_another_order_are_the_same(post):
    _, first, _ = post("/v1/payment_intents", PAY, "k1")
    _, second, _ = post("/v1/payment_intents", dict(reversed(PAY.items())), "k1")
    assert second["id"] == first["id"]


def test_a_key_with_other_parameters_is_refused(processor, post):
    post("/v1/payment_intents", PAY, "k1")
    status, body, _ = post("/v1/payment_intents", PAY | {"amount": "1300"}, "k1")
    assert status == 400
    assert body["error"]["type"] == "idempotency_error"
    assert len(processor.books()["payments"]) == 1


def test_a_decline_is_replayed_too(processor, post):
    _, customer, _ = post("/v1/customers")
    method = processor.save_card(customer["id"], "4000000000000341")
    _, intent, _ = post("/v1/payment_intents", PAY | {"customer": customer["id"]})
    path = f"/v1/payment_intents/{intent['id']}/confirm"
    first = post(path, {"payment_method": method, "off_session": "true"}, "c1")
    second = post(path, {"payment_method": method, "off_session": "true"}, "c1")
    assert first[0] == second[0] == 402
    assert first[1] == second[1]
    assert [it["status"] for it in processor.books()["charges"]] == ["failed"]


def test_what_did_not_pass_leaves_the_key_free(post):
    assert post("/v1/payment_intents", PAY | {"amount": "none"}, "k1")[0] == 400
    assert post("/v1/payment_intents", PAY, "k1")[0] == 200


def test_an_error_in_the_middle_is_kept_for_the_key(processor, post):
    processor.fault("/v1/payment_intents", "done_500")
    assert post("/v1/payment_intents", PAY, "k1")[0] == 500
    assert post("/v1/payment_intents", PAY, "k1")[0] == 500
    assert len(processor.books()["payments"]) == 1
    assert post("/v1/payment_intents", PAY, "k2")[0] == 200


def test_keys_of_live_money_do_not_pass(processor):
    status, body, _ = ask(processor.url, "GET", "/v1/balance", token="sk_live_x")
    assert status == 401
    assert "sk_test_" in body["error"]["message"]


def test_what_it_does_not_know_it_says(post):
    status, body, _ = post("/v1/subscriptions")
    assert status == 404
    assert "POST /v1/subscriptions" in body["error"]["message"]
