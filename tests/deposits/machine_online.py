"""A salon that is booked online, as a state machine: booked, paid, paid late, lapsed, called off,
canceled, checked out, in any order; killed, told twice, the processor out of order.

Whatever happens, every cent that a card paid is held, applied, kept, refunded or forfeited, exactly
once, and the books are the processor's. Subclass `Online` to do more; `everything_ends_right` ends
each life.
"""

import contextlib
import datetime as dt
import uuid

from django.db.models import Sum
from django.test import Client as Browser
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from appointments.canceling import cancel
from appointments.errors import Refused
from appointments.models import Appointment, AppointmentService
from cards import attempts
from cards.models import Attempt, CardRefund
from checkout.closing import close_order
from checkout.models import Order, Tender
from checkout.opening import open_for_visit
from deposits.fates.held import held_for
from deposits.models import DepositRequest
from deposits.payments.asking import call_off
from deposits.payments.lapsing import lapse_due
from deposits.purposes import DEPOSIT
from tests.cards.killing import killed_after
from tests.cards.paying import assert_books_agree, settle_everything, sweep
from tests.cards.paying import time_passes as attempts_grow_old
from tests.checkout.helpers import books, pay, remaining
from tests.deposits.money import answers
from tests.deposits.online_helpers import BEN, CLARA, at_noon, make_shop, online, opened, run_jobs
from tests.factories import make_desk
from tests.harness.machines import NothingStays
from tests.harness.processor import ASKS, DECLINED, NO_FUNDS, PAYS, TestProcessor

PICK = st.integers(0, 10**6)
STEPS = st.integers(0, 9)
NUMBERS = st.sampled_from([PAYS, PAYS, PAYS, ASKS, DECLINED, NO_FUNDS])
PATHS = st.sampled_from(["/v1/*", "/v1/checkout/sessions", "/v1/refunds"])
FAULTS = st.sampled_from(["close", "500", "429", "lost", "done_500"])
FATES = st.sampled_from(["kept", "refunded", "forfeited"])
Status = DepositRequest.Status
Visit = Appointment.Status


class Online(NothingStays):
    """One salon, Maya, and three days at noon; two clients who want them."""

    processor: TestProcessor

    @initialize()
    def open_the_shop(self) -> None:
        self.begin(calls_out=True)
        self.processor.server.reset()
        make_shop()
        self.desk = make_desk("Olivia")

    def everything_ends_right(self) -> None:
        """Jobs, sweeps and time do what is left to do; then nothing is open, and all agrees."""
        self.processor.control("clear_faults")
        for _ in range(2):
            run_jobs()
            settle_everything()
            self.time_passes(60)
            lapse_due()
        assert sweep() == []
        assert not DepositRequest.objects.filter(status=Status.WAITING).exists()
        assert not Appointment.objects.filter(status=Visit.PENDING).exists()
        assert_books_agree(self.processor)
        self.every_cent_is_somewhere_once()

    def one(self, rows, pick: int):
        """One of these, or None."""
        found = list(rows.order_by("pk"))
        return found[pick % len(found)] if found else None

    def killed(self, steps: int, act) -> None:
        """`act`, dying after so many talks with the processor; half of them are unharmed."""
        with killed_after(steps if steps < 5 else 99):
            act()

    # --- Clients ----------------------------------------------------------------------------------

    @rule(days=st.integers(2, 4), who=st.sampled_from([CLARA, BEN]))
    def book(self, days: int, who) -> None:
        with contextlib.suppress(Refused):  # Somebody has the time.
            online(who, starts_at=at_noon(days))

    @rule(pick=PICK, steps=STEPS)
    def go_to_pay(self, pick: int, steps: int) -> None:
        request = self.one(DepositRequest.objects.all(), pick)
        if request:
            with contextlib.suppress(Refused):  # It is settled, or over.
                self.killed(steps, lambda: opened(request))

    @rule(days=st.integers(2, 4), who=st.sampled_from([CLARA, BEN]), number=NUMBERS)
    def book_and_type_a_card(self, days: int, who, number: str) -> None:
        """Nobody here has heard of it yet."""
        with contextlib.suppress(Refused, AssertionError):
            attempt = opened(online(who, starts_at=at_noon(days)))
            self.processor.pay_page(attempt.url, number)

    @rule(pick=PICK, number=NUMBERS, answer=st.sampled_from(["confirm", "fail", ""]))
    def type_a_card(self, pick: int, number: str, answer: str) -> None:
        page = self.one(Attempt.objects.exclude(url="").filter(purpose=DEPOSIT), pick)
        if page:
            with contextlib.suppress(AssertionError):  # Nobody can pay there any more.
                self.processor.pay_page(page.url, number, answer=answer)

    @rule(pick=PICK, steps=STEPS)
    def come_back(self, pick: int, steps: int) -> None:
        attempt = self.one(Attempt.objects.filter(purpose=DEPOSIT), pick)
        if attempt:
            self.killed(steps, lambda: attempts.look(attempt))

    # --- The desk ---------------------------------------------------------------------------------

    @rule(pick=PICK)
    def call_off(self, pick: int) -> None:
        request = self.one(DepositRequest.objects.all(), pick)
        if request:
            with contextlib.suppress(Refused):  # It is paid.
                call_off(request=request, desk=self.desk)

    @rule(pick=PICK, how=FATES)
    def cancel(self, pick: int, how: str) -> None:
        visit = self.one(Appointment.objects.filter(status__in=[Visit.BOOKED, Visit.PENDING]), pick)
        if visit:
            given = answers(visit, how) if held_for(visit) else {}
            with contextlib.suppress(Refused):
                cancel(appointment=visit, reason="", desk=self.desk, answers=given)

    @rule(pick=PICK)
    def check_out(self, pick: int) -> None:
        visit = self.one(Appointment.objects.filter(status=Visit.BOOKED), pick)
        if visit:
            order = open_for_visit(appointment=visit, desk=self.desk)
            due = remaining(order) - held_for(visit).amount
            if due:
                pay(order, "cash", due, self.desk, key=uuid.uuid4())
            close_order(order=order, desk=self.desk)

    # --- Time, the worker, and the processor ------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 11, 45]))
    def time_passes(self, minutes: int) -> None:
        past = dt.timedelta(minutes=minutes)
        attempts_grow_old(minutes)
        for request in DepositRequest.objects.filter(status=Status.WAITING):
            request.expires_at -= past
            request.save(update_fields=["expires_at"])

    @rule(steps=STEPS)
    def times_are_given_back(self, steps: int) -> None:
        self.killed(steps, lapse_due)

    @rule(steps=STEPS)
    def the_worker_works(self, steps: int) -> None:
        self.killed(steps, run_jobs)

    @rule(steps=STEPS)
    def the_sweep_comes(self, steps: int) -> None:
        self.killed(steps, sweep)

    @rule(copies=st.sampled_from([1, 2]), reverse=st.booleans())
    def the_processor_tells(self, copies: int, reverse: bool) -> None:
        self.processor.deliver(Browser(), copies=copies, reverse=reverse)

    @rule(path=PATHS, how=FAULTS, times=st.integers(1, 3))
    def something_goes_wrong(self, path: str, how: str, times: int) -> None:
        self.processor.fault(path, how, times=times, method="*" if path == "/v1/*" else "POST")

    @rule()
    def all_is_well_again(self) -> None:
        self.processor.control("clear_faults")

    # --- After each step --------------------------------------------------------------------------

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        if not hasattr(self, "frame"):
            return
        taken = AppointmentService.objects.filter(occupies=True).values_list("starts_at", flat=True)
        assert len(taken) == len(set(taken))

    @invariant()
    def every_cent_is_somewhere_once(self) -> None:
        if not hasattr(self, "frame"):
            return
        charged = _sum(Attempt.objects.filter(purpose=DEPOSIT, status="succeeded"))
        straight_back = _sum(CardRefund.objects.filter(purpose=DEPOSIT))
        sold = _sum(Attempt.objects.filter(order_charge__order__deposit_request__isnull=False))
        assert charged == straight_back + sold
        now = books()
        stored, forfeited = -now.get("client_credit", 0), -now.get("forfeited", 0)
        applied = _sum(Tender.objects.filter(kind="credits", order__status=Order.Status.CLOSED))
        refunded = _sum(CardRefund.objects.filter(purpose="order_refund"))
        assert sold == stored + applied + forfeited + refunded


def _sum(rows) -> int:
    total = rows.aggregate(total=Sum("amount"))["total"] or 0
    return int(total * 100)
