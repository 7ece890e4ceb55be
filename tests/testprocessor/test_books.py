"""Its own books: every movement of money, to the cent, and all of it after a restart."""

import pytest

from testprocessor.balance import fee_of
from testprocessor.server import Processor
from tests.harness.processor import (
    DISPUTED,
    PAYS,
    REFUND_FAILS,
    REFUND_TAKES_A_WHILE,
    TestProcessor,
)
from tests.testprocessor.asking import ask


def paid(processor, amount="10000", number=PAYS):
    """A payment in person; its id."""
    params = {"amount": amount, "currency": "usd", "payment_method_types[0]": "card_present"}
    _, intent, _ = ask(processor.url, "POST", "/v1/payment_intents", params)
    show = {"payment_intent": intent["id"]}
    ask(processor.url, "POST", "/v1/terminal/readers/tmr_front/process_payment_intent", show)
    processor.present_card(number=number)
    return intent["id"]


def refund(processor, payment, amount):
    params = {"payment_intent": payment, "amount": str(amount)}
    return ask(processor.url, "POST", "/v1/refunds", params)[:2]


@pytest.mark.parametrize(("amount", "fee"), [(10000, 320), (50, 31), (8640, 281), (517, 45)])
def test_the_fee_is_two_point_nine_percent_and_thirty_cents(amount, fee):
    assert fee_of(amount) == fee


def test_a_charge_less_its_fee_and_refund_is_what_is_there(processor):
    payment = paid(processor)
    refund(processor, payment, 2500)
    books = processor.books()
    assert books["totals"] == {"charge": 10000, "fee": 320, "refund": -2500}
    assert books["balance"] == {"usd": 10000 - 320 - 2500}


def test_a_fee_that_is_late_comes_once_with_the_money(processor):
    processor.control("late_fees", is_late=True)
    paid(processor)
    assert processor.books()["charges"][0]["balance_transaction"] is None
    assert processor.books()["balance"] == {}
    processor.later()
    processor.later()
    assert processor.books()["totals"] == {"charge": 10000, "fee": 320}
    assert [event["type"] for event in processor.books()["events"]].count("charge.updated") == 1


def test_no_more_goes_back_than_was_charged(processor):
    payment = paid(processor)
    assert refund(processor, payment, 7000)[0] == 200
    status, body = refund(processor, payment, 3001)
    assert (status, body["error"]["param"]) == (400, "amount")
    assert refund(processor, payment, 3000)[0] == 200
    status, body = refund(processor, payment, 1)
    assert body["error"]["code"] == "charge_already_refunded"
    assert processor.books()["totals"]["refund"] == -10000


def test_a_refund_that_fails_late_is_in_the_balance_again(processor):
    payment = paid(processor, number=REFUND_FAILS)
    assert refund(processor, payment, 4000)[1]["status"] == "succeeded"
    processor.later()
    books = processor.books()
    assert [it["status"] for it in books["refunds"]] == ["failed"]
    assert books["balance"] == {"usd": 10000 - 320}
    assert books["charges"][0]["amount_refunded"] == 0


def test_a_refund_that_takes_a_while_comes_through(processor):
    payment = paid(processor, number=REFUND_TAKES_A_WHILE)
    assert refund(processor, payment, 4000)[1]["status"] == "pending"
    processor.later()
    assert processor.books()["refunds"][0]["status"] == "succeeded"


def test_a_lost_dispute_costs_the_charge_and_a_fee(processor):
    payment = paid(processor, number=DISPUTED)
    processor.later()
    processor.control("close_dispute", payment=payment, won=False)
    books = processor.books()
    assert books["balance"] == {"usd": -320 - 1500}
    assert refund(processor, payment, 100)[1]["error"]["code"] == "charge_disputed"


def test_what_went_back_whole_is_not_disputed(processor):
    payment = paid(processor)
    refund(processor, payment, 10000)
    with pytest.raises(AssertionError, match="dispute"):
        processor.control("dispute", payment=payment)


def test_a_won_dispute_gives_back_all_but_the_fee(processor):
    payment = paid(processor)
    processor.control("dispute", payment=payment)
    processor.control("close_dispute", payment=payment, won=True)
    assert processor.books()["balance"] == {"usd": 10000 - 320 - 1500}


def test_a_payout_empties_the_account_and_comes_back_when_it_fails(processor):
    paid(processor)
    payout = processor.control("payout")
    assert processor.books()["balance"] == {"usd": 0}
    processor.control("fail_payout", payout=payout["id"])
    assert processor.books()["balance"] == {"usd": 10000 - 320}
    assert processor.books()["payouts"][0]["status"] == "failed"


def test_only_what_is_there_can_be_handed_on(processor):
    paid(processor)
    params = {"amount": "9681", "currency": "usd", "destination": "acct_maya"}
    status, body, _ = ask(processor.url, "POST", "/v1/transfers", params)
    assert (status, body["error"]["code"]) == (400, "balance_insufficient")
    status, transfer, _ = ask(processor.url, "POST", "/v1/transfers", params | {"amount": "9680"})
    assert status == 200
    path = f"/v1/transfers/{transfer['id']}/reversals"
    assert ask(processor.url, "POST", path, {"amount": "9000"})[0] == 200
    assert ask(processor.url, "POST", path, {"amount": "681"})[0] == 400
    assert processor.books()["balance"] == {"usd": 9000}


@pytest.mark.parametrize(("amount", "code"), [("49", "small"), ("100000000", "large")])
def test_what_no_card_is_charged_is_refused(processor, amount, code):
    params = {"amount": amount, "currency": "usd"}
    status, body, _ = ask(processor.url, "POST", "/v1/payment_intents", params)
    assert (status, body["error"]["code"]) == (400, f"amount_too_{code}")


def test_a_restart_forgets_nothing(tmp_path, monkeypatch):
    state = str(tmp_path / "books.db")
    before = TestProcessor(Processor(state), monkeypatch)
    before.server.start()
    payment = paid(before)
    told = before.books()
    before.server.close()

    after = TestProcessor(Processor(state), monkeypatch)
    after.server.start()
    assert after.books() == told
    assert ask(after.url, "GET", f"/v1/payment_intents/{payment}")[1]["status"] == "succeeded"
    after.server.close()
