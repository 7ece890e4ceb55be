"""Charges by all ways, refunds, transfers, disputes and payouts; lost answers, events twice and in
the wrong order, kills and sweeps, in any order. In the end our books are the processor's.
"""

import contextlib

import pytest
from django.test import Client as Browser
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
)

from cards import attempts
from cards.errors import NotRefundable, NotTransferable, RefundSettled
from cards.models import Attempt, CardRefund, Transfer
from cards.refund_sending import look_refund, send_refund
from cards.refunding import retry_refund
from cards.transfer_sending import send_transfer
from ledger import accounts
from salon.money import minor
from tests.cards.killing import killed_after
from tests.cards.paying import (
    Way,
    assert_books_agree,
    balance_of,
    fresh,
    make_attempt,
    make_kept_card,
    make_owed,
    make_paid,
    make_refund,
    make_taking_back,
    make_transfer,
    put_on_the_balance,
    settle_everything,
    sweep,
    taken,
    time_passes,
)
from tests.factories import make_merchant_account
from tests.harness import machines
from tests.harness.machines import NothingStays
from tests.harness.processor import (
    ASKS,
    DECLINED,
    DECLINED_LATER,
    NO_FUNDS,
    PAYS,
    REFUND_FAILS,
    REFUND_TAKES_A_WHILE,
)

PICK = st.integers(0, 10**6)
AMOUNT = st.integers(1, 60)
ON_PAGE = st.sampled_from([PAYS, PAYS, ASKS, DECLINED, NO_FUNDS, REFUND_FAILS])
KEPT = [PAYS, ASKS, DECLINED_LATER, REFUND_FAILS, REFUND_TAKES_A_WHILE]
STEPS = st.integers(0, 7)
PATHS = st.sampled_from(
    [
        "/v1/*",
        "/v1/checkout/sessions",
        "/v1/payment_intents",
        "/v1/payment_intents/*/confirm",
        "/v1/payment_intents/*/cancel",
        "/v1/terminal/*",
        "/v1/refunds",
        "/v1/transfers",
        "/v1/transfers/*/reversals",
    ]
)
FAULTS = st.sampled_from(["close", "500", "kept_500", "429", "lost", "lost", "done_500"])
# What takes a transfer back is asked for a day under one key: that may not be answered for good.
PASSING = st.sampled_from(["close", "500", "429", "lost"])


class Cards(NothingStays):
    """One salon with a page, a reader, cards on file and a provider; one processor."""

    processor = paying = None

    @initialize()
    def open_the_shop(self) -> None:
        self.begin(calls_out=True)
        self.processor.server.reset()
        self.paying.told.clear()
        self.theo = make_merchant_account(processor_account="acct_theo")
        self.kept = [make_kept_card(self.processor, number) for number in KEPT]
        make_owed(self.theo, 500)

    def everything_ends_right(self) -> None:
        self.processor.control("clear_faults")
        settle_everything()
        self.the_sweep_alone_finds_every_charge()
        self.tell(1, False)
        assert sweep() == []
        assert_books_agree(self.processor)
        self.every_account_is_the_processor_s()
        self.each_was_told_once()

    def the_sweep_alone_finds_every_charge(self) -> None:
        """Whether or not an event ever comes."""
        paid = Attempt.objects.filter(status=Attempt.Status.SUCCEEDED)
        assert set(paid.values_list("payment_id", flat=True)) == set(taken(self.processor))

    def every_account_is_the_processor_s(self) -> None:
        books = self.processor.books()
        totals, disputes = books["totals"], books["disputes"]
        assert balance_of(accounts.PROCESSOR_FEES) == totals.get("fee", 0)
        out = totals.get("payout", 0) + totals.get("payout_failure", 0)
        assert balance_of(accounts.BANK) == -out
        by_status = dict.fromkeys(("needs_response", "won", "lost"), 0)
        for dispute in disputes:
            by_status[dispute["status"]] += dispute["amount"]
        assert balance_of(accounts.DISPUTED) == by_status["needs_response"]
        assert balance_of(accounts.DISPUTES_LOST) == by_status["lost"]

    def each_was_told_once(self) -> None:
        paid = Attempt.objects.filter(status=Attempt.Status.SUCCEEDED).count()
        assert self.paying.count("paid") == paid
        told = [who for what, who in self.paying.told if what == "paid"]
        assert len(told) == len(set(told))

    def one(self, rows, pick: int):
        found = list(rows.order_by("pk"))
        return found[pick % len(found)] if found else None

    def killed(self, steps: int, act, row) -> None:
        """`act` on the row, dying after so many steps; most are unharmed."""
        if row is not None:
            with killed_after(steps if steps < 5 else 99):
                act(row)

    # --- Charges ------------------------------------------------------------------------------

    @rule(way=st.sampled_from(Way.values), amount=AMOUNT, card=PICK, steps=STEPS)
    def charge(self, way: str, amount: int, card: int, steps: int) -> None:
        kept = self.kept[card % len(self.kept)] if way == Way.ON_FILE else None
        self.killed(steps, attempts.send, make_attempt(way, amount, card=kept))

    @rule(amount=AMOUNT, card=PICK)
    def charge_unharmed(self, amount: int, card: int) -> None:
        kept = self.kept[card % len(self.kept)]
        attempts.send(make_attempt(Way.ON_FILE, amount, card=kept))

    @rule(pick=PICK, again=st.sampled_from([attempts.send, attempts.look]), steps=STEPS)
    def ask_again(self, pick: int, again, steps: int) -> None:
        self.killed(steps, again, self.one(Attempt.objects.all(), pick))

    @rule(pick=PICK, steps=STEPS)
    def cancel(self, pick: int, steps: int) -> None:
        self.killed(steps, attempts.cancel, self.one(Attempt.objects.all(), pick))

    @rule(pick=PICK, number=ON_PAGE, answer=st.sampled_from(["confirm", "fail", ""]))
    def the_client_pays(self, pick: int, number: str, answer: str) -> None:
        page = self.one(Attempt.objects.exclude(url=""), pick)
        if page:
            with contextlib.suppress(AssertionError):  # Nobody can pay there any more.
                self.processor.pay_page(page.url, number, answer=answer)

    @rule(number=ON_PAGE)
    def a_card_is_held_to_the_reader(self, number: str) -> None:
        with contextlib.suppress(AssertionError):  # It asks for none.
            self.processor.present_card(number=number)

    # --- Back -------------------------------------------------------------------------------------

    @rule(pick=PICK, amount=AMOUNT, steps=STEPS)
    def refund(self, pick: int, amount: int, steps: int) -> None:
        attempt = self.one(Attempt.objects.all(), pick)
        if attempt:
            with contextlib.suppress(NotRefundable):
                self.killed(steps, send_refund, make_refund(attempt, amount))

    @rule(pick=PICK, steps=STEPS, back=st.sampled_from(["retry", "balance", "look", "fails"]))
    def go_on_with_a_refund(self, pick: int, steps: int, back: str) -> None:
        refund = self.one(CardRefund.objects.all(), pick)
        if refund is None:
            return
        with contextlib.suppress(RefundSettled, NotRefundable):
            if back == "retry":
                self.killed(steps, send_refund, retry_refund(refund))
            elif back == "balance":
                put_on_the_balance(refund)
            elif back == "look":
                self.killed(steps, look_refund, refund)
            elif refund.gateway_id:
                self.processor.control("fail_refund", refund=refund.gateway_id)

    @rule()
    def the_banks_take_their_time(self) -> None:
        self.processor.later()

    # --- Providers --------------------------------------------------------------------------------

    @rule(amount=AMOUNT, steps=STEPS)
    def hand_on(self, amount: int, steps: int) -> None:
        self.killed(steps, send_transfer, make_transfer(self.theo, amount))

    @rule(pick=PICK, amount=AMOUNT, steps=STEPS, how=PASSING, goes_wrong=st.booleans())
    def take_back(self, pick: int, amount: int, steps: int, how: str, goes_wrong: bool) -> None:
        transfer = self.one(Transfer.objects.filter(takes_back=None), pick)
        if transfer:
            if goes_wrong:
                self.processor.fault("/v1/transfers/*/reversals", how)
            with contextlib.suppress(NotTransferable):
                self.killed(steps, send_transfer, make_taking_back(transfer, amount))

    # --- The processor ----------------------------------------------------------------------------

    @rule(pick=PICK)
    def a_client_asks_the_bank(self, pick: int) -> None:
        payments = sorted(taken(self.processor))
        if payments:
            payment = payments[pick % len(payments)]
            with contextlib.suppress(AssertionError):  # It went back already.
                self.processor.control("dispute", payment=payment)

    @rule(pick=PICK, won=st.booleans())
    def the_bank_decides(self, pick: int, won: bool) -> None:
        open_ones = [
            it for it in self.processor.books()["disputes"] if it["status"] == "needs_response"
        ]
        if open_ones:
            payment = open_ones[pick % len(open_ones)]["payment_intent"]
            self.processor.control("close_dispute", payment=payment, won=won)

    @rule(stays=st.booleans())
    def it_pays_out(self, stays: bool) -> None:
        if self.processor.books()["balance"].get("usd", 0) > 0:
            payout = self.processor.control("payout")
            if not stays:
                self.processor.control("fail_payout", payout=payout["id"])

    @rule(copies=st.sampled_from([1, 1, 2]), reverse=st.booleans())
    def tell(self, copies: int, reverse: bool) -> None:
        self.processor.deliver(Browser(), copies=copies, reverse=reverse)

    @precondition(lambda self: self.processor.books()["events"])
    @rule(pick=PICK)
    def tell_again(self, pick: int) -> None:
        told = self.processor.books()["events"]
        self.processor.control("resend", event=told[pick % len(told)]["id"])

    @rule(path=PATHS, how=FAULTS, times=st.integers(1, 3))
    def something_goes_wrong(self, path: str, how: str, times: int) -> None:
        self.processor.fault(path, how, times=times, method="*" if path == "/v1/*" else "POST")

    @rule()
    def all_is_well_again(self) -> None:
        self.processor.control("clear_faults")

    # --- Time -------------------------------------------------------------------------------------

    @rule(steps=STEPS)
    def the_sweep_comes(self, steps: int) -> None:
        self.killed(steps, lambda _: sweep(), "everything")

    @rule(minutes=st.sampled_from([1, 3, 45]))
    def time_passes(self, minutes: int) -> None:
        time_passes(minutes)

    # --- After each step --------------------------------------------------------------------------

    @invariant()
    def nobody_pays_twice(self) -> None:
        if not hasattr(self, "frame"):
            return
        charges = [it for it in self.processor.books()["charges"] if it["paid"]]
        by_attempt = [it["metadata"].get("reference") for it in charges]
        assert len(by_attempt) == len(set(by_attempt))

    @invariant()
    def nothing_is_recorded_that_was_not_charged(self) -> None:
        if not hasattr(self, "frame"):
            return
        there = taken(self.processor)
        for attempt in Attempt.objects.filter(status=Attempt.Status.SUCCEEDED):
            assert there[attempt.payment_id] == minor(attempt.amount)

    @invariant()
    def no_charge_goes_back_beyond_itself(self) -> None:
        if not hasattr(self, "frame"):
            return
        charges = self.processor.books()["charges"]
        assert all(it["amount_refunded"] <= it["amount"] for it in charges)


@pytest.mark.django_db
def test_the_books_are_the_processor_s_whatever_happens(processor, paying):
    class Connected(Cards):
        pass

    Connected.processor, Connected.paying = processor, paying
    machines.run(Connected, examples=8, steps=30, env="CARDS_EXAMPLES")


@pytest.mark.django_db
def test_the_machine_notices_a_charge_that_is_not_recorded(processor, paying, monkeypatch):
    """Who checks the checks: with a look that sees nothing, the books must not agree."""
    attempt = attempts.send(make_attempt())
    processor.pay_page(attempt.url)
    with pytest.raises(AssertionError):
        assert_books_agree(processor)
    make_paid(processor)
    assert attempts.look(attempt).status == Attempt.Status.SUCCEEDED
    assert fresh(attempt).payment_id
    assert_books_agree(processor)
