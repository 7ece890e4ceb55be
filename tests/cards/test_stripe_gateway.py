"""Stripe's SDK, through our gateway, over HTTP to the test processor."""

import datetime as dt
import socket

import pytest

from cards.gateway import (
    Declined,
    Forged,
    NeedsClient,
    PageStatus,
    PaymentStatus,
    RefundStatus,
    Rejected,
    Unclear,
)
from cards.stripe_gateway import StripeGateway
from salon.money import money
from tests.harness.processor import (
    ASKS,
    BACK,
    DECLINED,
    DECLINED_LATER,
    FRONT,
    MASTERCARD,
    NO_FUNDS,
    PAYS,
    REFUND_FAILS,
)

BACK_URL = "http://127.0.0.1/sales/7/"


@pytest.fixture
def gateway(processor):
    return processor.gateway


@pytest.fixture
def customer(gateway):
    return gateway.make_customer(
        reference="client:1", name="Clara Nuñez", email="clara@example.test", key="customer:1"
    )


def in_minutes(minutes):
    return dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes)


@pytest.fixture
def open_page(gateway):
    def open_one(amount=8640, key="page:1", **more):
        values = {
            "amount": money(amount),
            "reference": "attempt:1",
            "key": key,
            "description": "Sale 7",
            "back_url": BACK_URL,
            "expires_at": in_minutes(40),
        }
        return gateway.open_payment_page(**{**values, **more})

    return open_one


@pytest.fixture
def make_payment(gateway):
    def make(amount=8640, key="make:1", **more):
        values = {"reference": "attempt:1", "description": "Sale 7"}
        return gateway.make_payment(amount=money(amount), key=key, **{**values, **more})

    return make


@pytest.fixture
def paid(processor, open_page):
    """A payment that was made on a page."""

    def pay(amount=8640, number=PAYS, key="page:1"):
        page = open_page(amount, key)
        processor.pay_page(page, number)
        return processor.gateway.page(page.id).payment

    return pay


def charged(processor):
    return [it["amount"] for it in processor.books()["charges"] if it["paid"]]


# --- Pages ---------------------------------------------------------------------------------------


def test_a_page_is_open_until_it_is_paid(processor, gateway, open_page):
    page = open_page()
    assert (page.status, page.payment) == (PageStatus.OPEN, None)
    processor.pay_page(page, MASTERCARD)
    found = gateway.page(page.id)
    assert found.status is PageStatus.COMPLETE
    assert found.payment.status is PaymentStatus.SUCCEEDED
    assert (found.payment.amount, found.payment.fee) == (money(8640), money(281))
    assert found.payment.reference == "attempt:1"
    assert (found.payment.card.brand, found.payment.card.last4) == ("Mastercard", "4444")
    assert found.payment.decline is None


def test_the_same_key_finds_the_same_page(processor, open_page):
    expires_at = in_minutes(40)
    pages = {open_page(expires_at=expires_at).id for _ in range(3)}
    assert len(pages) == len(processor.books()["sessions"]) == 1


def test_a_declined_try_is_told_while_the_page_stays_open(processor, gateway, open_page):
    page = open_page()
    processor.pay_page(page, NO_FUNDS)
    found = gateway.page(page.id)
    assert found.status is PageStatus.OPEN
    assert found.payment.status is PaymentStatus.READY
    assert found.payment.decline.code == "insufficient_funds"
    assert found.payment.decline.said.startswith("There is not enough money on the card. Nothing")


def test_an_expired_page_can_never_be_paid(processor, gateway, open_page):
    page = open_page()
    processor.pay_page(page, DECLINED)
    expired = gateway.expire_page(page.id)
    assert expired.status is PageStatus.EXPIRED
    assert expired.payment.status is PaymentStatus.CANCELED
    assert gateway.expire_page(page.id).status is PageStatus.EXPIRED
    assert charged(processor) == []


def test_a_client_who_was_faster_has_paid(processor, gateway, open_page):
    page = open_page()
    processor.pay_page(page)
    found = gateway.expire_page(page.id)
    assert found.status is PageStatus.COMPLETE
    assert found.payment.status is PaymentStatus.SUCCEEDED


def test_a_page_that_ends_too_soon_is_rejected(open_page):
    with pytest.raises(Rejected, match=r"between 30 minutes and 24 hours.*Nothing was done"):
        open_page(expires_at=in_minutes(10))


def test_an_amount_below_the_smallest_is_rejected(open_page):
    with pytest.raises(Rejected, match=r"too small for a card. Nothing was charged"):
        open_page(49)


# --- Cards on file -------------------------------------------------------------------------------


def test_a_saved_card_is_what_its_page_kept(processor, gateway, customer):
    page = gateway.open_saving_page(
        customer=customer, reference="saving:1", key="saving:1", back_url=BACK_URL
    )
    assert page.setup_id == ""
    assert processor.pay_page(page, ASKS) == BACK_URL
    saved = gateway.saved_card(gateway.page(page.id).setup_id)
    assert (saved.card.brand, saved.card.last4) == ("Visa", "3155")
    assert 1 <= saved.card.exp_month <= 12
    assert saved.card.exp_year > dt.datetime.now(dt.UTC).year


def test_a_card_that_is_not_saved_yet_is_no_card(gateway, customer, processor):
    gateway.open_saving_page(
        customer=customer, reference="saving:1", key="saving:1", back_url=BACK_URL
    )
    [session] = processor.books()["sessions"]
    with pytest.raises(Rejected, match="No card was saved"):
        gateway.saved_card(session["setup_intent"])


def test_a_card_on_file_is_charged(processor, gateway, customer, make_payment):
    method = processor.save_card(customer)
    payment = make_payment(customer=customer)
    assert payment.status is PaymentStatus.READY
    done = gateway.confirm_payment(payment.id, method=method, key="confirm:1")
    assert done.status is PaymentStatus.SUCCEEDED
    assert (done.fee, done.method, done.card.last4) == (money(281), method, "4242")


def test_confirmed_twice_it_is_charged_once(processor, gateway, customer, make_payment):
    method = processor.save_card(customer)
    payment = make_payment(customer=customer)
    for _ in range(3):
        gateway.confirm_payment(payment.id, method=method, key="confirm:1")
    assert charged(processor) == [8640]
    with pytest.raises(Rejected):
        gateway.confirm_payment(payment.id, method=method, key="confirm:2")
    assert charged(processor) == [8640]


def test_a_decline_says_so_and_leaves_the_payment(processor, gateway, customer, make_payment):
    method = processor.save_card(customer, DECLINED_LATER)
    payment = make_payment(customer=customer)
    with pytest.raises(Declined, match=r"declined. Nothing was charged. Try another card") as told:
        gateway.confirm_payment(payment.id, method=method, key="confirm:1")
    assert not isinstance(told.value, NeedsClient)
    assert told.value.payment.status is PaymentStatus.READY
    assert gateway.payment(payment.id).decline.code == "generic_decline"
    assert gateway.cancel_payment(payment.id).status is PaymentStatus.CANCELED


def test_a_bank_that_wants_the_client_says_so(processor, gateway, customer, make_payment):
    method = processor.save_card(customer, ASKS)
    payment = make_payment(customer=customer)
    with pytest.raises(NeedsClient, match=r"wants the client to confirm.*client's phone"):
        gateway.confirm_payment(payment.id, method=method, key="confirm:1")
    assert charged(processor) == []


def test_a_forgotten_card_cannot_be_charged(processor, gateway, customer, make_payment):
    method = processor.save_card(customer)
    gateway.forget_card(method)
    gateway.forget_card(method)
    gateway.forget_card("pm_never_there")
    with pytest.raises(Rejected, match="does not belong to the customer"):
        gateway.confirm_payment(make_payment(customer=customer).id, method=method, key="c")


# --- Payments ------------------------------------------------------------------------------------


def test_a_canceled_payment_takes_nothing(processor, gateway, customer, make_payment):
    method = processor.save_card(customer)
    payment = make_payment(customer=customer)
    assert gateway.cancel_payment(payment.id).status is PaymentStatus.CANCELED
    assert gateway.cancel_payment(payment.id).status is PaymentStatus.CANCELED
    with pytest.raises(Rejected):
        gateway.confirm_payment(payment.id, method=method, key="confirm:1")
    assert charged(processor) == []


def test_what_is_paid_cannot_be_canceled(gateway, processor, customer, make_payment):
    payment = make_payment(customer=customer)
    gateway.confirm_payment(payment.id, method=processor.save_card(customer), key="c")
    assert gateway.cancel_payment(payment.id).status is PaymentStatus.SUCCEEDED


def test_a_page_s_payment_is_not_canceled_behind_its_page(processor, gateway, open_page):
    page = open_page()
    processor.pay_page(page, DECLINED)
    payment = gateway.page(page.id).payment
    with pytest.raises(Rejected, match="created by Checkout"):
        gateway.cancel_payment(payment.id)


def test_an_unknown_payment_is_rejected(gateway):
    with pytest.raises(Rejected, match="No such payment_intent"):
        gateway.payment("pi_never_there")


# --- Readers -------------------------------------------------------------------------------------


def test_the_account_s_readers_are_listed(processor, gateway):
    processor.reader_goes("offline", BACK)
    found = {it.id: (it.label, it.is_online) for it in gateway.readers()}
    assert found == {FRONT: ("Front desk", True), BACK: ("Back room", False)}


def test_a_card_at_the_reader_is_charged(processor, gateway, make_payment):
    payment = make_payment(at_reader=True)
    gateway.show_on_reader(FRONT, payment.id, key="show:1")
    processor.present_card(FRONT, MASTERCARD)
    done = gateway.payment(payment.id)
    assert done.status is PaymentStatus.SUCCEEDED
    assert (done.card.brand, done.fee) == ("Mastercard", money(281))


def test_a_decline_at_the_reader_may_be_tried_again(processor, gateway, make_payment):
    payment = make_payment(at_reader=True)
    gateway.show_on_reader(FRONT, payment.id, key="show:1")
    processor.present_card(FRONT, DECLINED)
    assert gateway.payment(payment.id).decline.code == "generic_decline"
    gateway.show_on_reader(FRONT, payment.id, key="show:2")
    processor.present_card(FRONT)
    assert gateway.payment(payment.id).status is PaymentStatus.SUCCEEDED


def test_a_busy_reader_and_one_that_is_off_say_so(processor, gateway, make_payment):
    gateway.show_on_reader(FRONT, make_payment(at_reader=True).id, key="show:1")
    other = make_payment(key="make:2", at_reader=True)
    with pytest.raises(Rejected, match=r"asks for another payment. Nothing was charged"):
        gateway.show_on_reader(FRONT, other.id, key="show:2")
    gateway.clear_reader(FRONT)
    gateway.show_on_reader(FRONT, other.id, key="show:2")
    processor.reader_goes("offline", BACK)
    with pytest.raises(Rejected, match=r"offline. Nothing was charged"):
        gateway.show_on_reader(BACK, other.id, key="show:3")


# --- Refunds -------------------------------------------------------------------------------------


def test_refunds_go_back_in_parts_and_never_beyond(processor, gateway, paid):
    payment = paid()
    for number in (1, 2):
        answer = gateway.refund(
            payment.id, amount=money(4000), reference=f"refund:{number}", key=f"refund:{number}"
        )
        assert answer.status is RefundStatus.SUCCEEDED
    with pytest.raises(Rejected, match=r"more than is left of the charge. Nothing was refunded"):
        gateway.refund(payment.id, amount=money(641), reference="refund:3", key="refund:3")
    assert [it.reference for it in gateway.refunds_of(payment.id)] == ["refund:1", "refund:2"]
    assert processor.books()["totals"]["refund"] == -8000


def test_a_refund_that_fails_later_says_why(processor, gateway, paid):
    payment = paid(number=REFUND_FAILS)
    gateway.refund(payment.id, amount=money(4000), reference="r", key="r")
    processor.later()
    [refund] = gateway.refunds_of(payment.id)
    assert refund.status is RefundStatus.FAILED
    assert refund.why == "The card is expired or canceled."


def test_what_was_never_charged_cannot_go_back(gateway, make_payment):
    with pytest.raises(Rejected, match="does not have a successful charge"):
        gateway.refund(make_payment().id, amount=money(100), reference="r", key="r")


def test_a_disputed_charge_cannot_go_back_as_well(processor, gateway, paid):
    payment = paid()
    processor.control("dispute", payment=payment.id)
    with pytest.raises(Rejected, match="asked the bank for this money"):
        gateway.refund(payment.id, amount=money(100), reference="r", key="r")


# --- Providers' accounts -------------------------------------------------------------------------


def test_a_share_goes_out_once_and_comes_back_in_part(processor, gateway, paid):
    paid()

    def find(reference):
        since = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
        return gateway.find_transfer(reference, account="acct_maya", since=since)

    assert find("share:1") == ""
    for _ in range(2):
        made = gateway.transfer(
            amount=money(5000), account="acct_maya", reference="share:1", key="share:1"
        )
    assert find("share:1") == made
    gateway.take_back_transfer(made, amount=money(2000), reference="back one", key="back:1")
    with pytest.raises(Rejected):
        gateway.take_back_transfer(made, amount=money(3001), reference="back two", key="back:2")
    totals = processor.books()["totals"]
    assert (totals["transfer"], totals["transfer_refund"]) == (-5000, 2000)
    assert gateway.find_taking_back(made, "back one").startswith("trr_")
    assert gateway.find_taking_back(made, "back two") == ""


def test_a_share_of_a_charge_goes_out_before_the_money_is_there(gateway, paid):
    """All of it, though the processor has kept its fee; and never more than the charge took."""
    payment = paid(5000)
    of_charge = {"account": "acct_maya", "payment_id": payment.id}
    made = gateway.transfer(amount=money(5000), reference="s1", key="s1", **of_charge)
    assert made.startswith("tr_")
    with pytest.raises(Rejected):
        gateway.transfer(amount=money(1), reference="s2", key="s2", **of_charge)


def test_more_than_is_there_cannot_be_handed_on(gateway):
    with pytest.raises(Rejected, match="not enough money at the processor yet"):
        gateway.transfer(amount=money(100), account="acct_maya", reference="s", key="s")


# --- No answer -----------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["close", "500", "429", "lost", "done_500", "kept_500"])
def test_an_answer_that_cannot_be_relied_on_is_unclear(processor, gateway, paid, how):
    payment = paid()
    processor.fault("/v1/refunds", how)
    with pytest.raises(Unclear, match=r"not known yet.*do not take the payment a second time"):
        gateway.refund(payment.id, amount=money(1000), reference="r", key="r")
    is_done = how in {"lost", "done_500"}
    assert len(gateway.refunds_of(payment.id)) == is_done


def test_an_answer_that_comes_too_late_is_unclear_and_the_key_finds_it(processor, paid):
    payment = paid()
    processor.patience(0.3)
    processor.fault("/v1/refunds", "slow")
    with pytest.raises(Unclear):
        processor.gateway.refund(payment.id, amount=money(1000), reference="r", key="r")
    processor.patience(10)
    again = processor.gateway.refund(payment.id, amount=money(1000), reference="r", key="r")
    assert again.status is RefundStatus.SUCCEEDED
    assert processor.books()["totals"]["refund"] == -1000


def test_nobody_at_the_address_is_unclear(settings, processor):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.STRIPE_API_BASE = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(Unclear):
            processor.gateway.readers()


def test_a_key_that_was_used_for_something_else_is_unclear(open_page):
    open_page(8640)
    with pytest.raises(Unclear):
        open_page(8641)


def test_a_key_that_is_not_ours_is_rejected(processor):
    stranger = StripeGateway(
        key="sk_live_nobody", api_base=processor.url, webhook_secret="", timeout=10
    )
    with pytest.raises(Rejected, match=r"does not accept this salon's key. Nothing was done"):
        stranger.readers()


# --- Events --------------------------------------------------------------------------------------


def test_an_event_is_read_as_it_was_sent(processor, gateway, paid):
    payment = paid()
    events = []
    processor.deliver(lambda body, sign: events.append(gateway.read_event(body, sign)) or 200)
    by_type = {it.type: it for it in events}
    assert set(by_type) == {"payment_intent.succeeded", "checkout.session.completed"}
    told = by_type["payment_intent.succeeded"]
    assert told.object["id"] == payment.id
    assert told.object["metadata"]["reference"] == "attempt:1"
    assert abs(told.at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)


BODY = b'{"id": "evt_1", "type": "a.b", "created": 1, "data": {"object": {"id": "x"}}}'


def test_what_is_not_the_processor_s_is_forged(processor, gateway):
    good = processor.signed(BODY)
    assert gateway.read_event(BODY, good).object == {"id": "x"}
    for body, signature in [
        (BODY + b" ", good),
        (BODY, good.replace("v1=", "v1=0")),
        (BODY, ""),
        (BODY, "t=x,v1=y"),
        (b"\xff\xfe", good),
    ]:
        with pytest.raises(Forged):
            gateway.read_event(body, signature)


def test_an_event_of_yesterday_is_not_taken_again(processor, gateway):
    old = processor.server.webhooks.sign(BODY, processor.server.books.now() - 301)
    with pytest.raises(Forged):
        gateway.read_event(BODY, old)


def test_signed_words_that_are_no_event_are_forged(processor, gateway):
    for body in (b"no json", b"[]", b'{"id": "evt_1"}'):
        with pytest.raises(Forged):
            gateway.read_event(body, processor.signed(body))


def test_without_a_secret_every_event_is_forged(settings, processor):
    settings.STRIPE_WEBHOOK_SECRET = ""
    with pytest.raises(Forged):
        processor.gateway.read_event(BODY, processor.signed(BODY))


# --- Test or real --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "base", "is_test"),
    [
        ("sk_live_1", "https://api.stripe.com", False),
        ("rk_live_1", "https://api.stripe.com/", False),
        ("sk_test_1", "https://api.stripe.com", True),
        ("rk_test_1", "https://api.stripe.com", True),
        ("sk_live_1", "http://127.0.0.1:8001", True),
        ("sk_live_1", "https://api.stripe.com.example", True),
    ],
)
def test_it_knows_whether_money_is_real(key, base, is_test):
    gateway = StripeGateway(key=key, api_base=base, webhook_secret="whsec_1", timeout=10)
    assert gateway.is_test is is_test
