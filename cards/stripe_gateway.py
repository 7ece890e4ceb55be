"""Stripe, by its own SDK: the one implementation of the gateway.

No retries of the SDK's own: every call that moves money carries a key of ours, and who called
looks again by that key. Amounts go out and come in as minor units.
"""

import datetime as dt
import json
from typing import Any
from urllib.parse import urlsplit

import stripe
from djmoney.money import Money

from cards import stripe_answers, stripe_requests
from cards.gateway import (
    CardRefundAnswer,
    Event,
    Forged,
    Page,
    PageStatus,
    Payment,
    PaymentStatus,
    ReaderState,
    Rejected,
    SavedCard,
)
from cards.stripe_errors import code_of, told
from salon import clock
from salon.money import minor

TIMEOUT_SECONDS = 10.0
"""To connect, and then for each part of the answer."""
TOO_MUCH = (
    "This is more than is left of the charge. Nothing was refunded. Refund at most what is left."
)
STRIPE_HOST = "api.stripe.com"
_CHARGE = "latest_charge.balance_transaction"


def is_stripes(api_base: str) -> bool:
    """True when this address is Stripe's own."""
    return urlsplit(api_base).hostname == STRIPE_HOST


class StripeGateway:
    """See cards.gateway.Gateway for what each method promises."""

    name = "Stripe"

    def __init__(self, *, key: str, api_base: str, webhook_secret: str, timeout: float) -> None:
        self.is_test = key.startswith(("sk_test_", "rk_test_")) or not is_stripes(api_base)
        self._webhook_secret = webhook_secret
        client = stripe.StripeClient(
            key,
            base_addresses={"api": api_base.rstrip("/")},
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=timeout),
        )
        self._api = client.v1

    # --- Customers, and pages of the processor's own -----------------------------------------

    def make_customer(self, *, reference: str, name: str, email: str, key: str) -> str:
        params: Any = stripe_requests.customer(reference=reference, name=name, email=email)
        with told():
            return self._api.customers.create(params, _keyed(key)).id

    def open_payment_page(
        self,
        *,
        amount: Money,
        reference: str,
        key: str,
        description: str,
        back_url: str,
        expires_at: dt.datetime,
        customer: str = "",
        keep_card: bool = False,
    ) -> Page:
        params = stripe_requests.payment_page(
            amount=amount,
            reference=reference,
            description=description,
            expires_at=expires_at,
            keep_card=keep_card,
        )
        more = stripe_requests.any_page(reference=reference, back_url=back_url, customer=customer)
        return self._open_page(params | more, key)

    def open_saving_page(self, *, customer: str, reference: str, key: str, back_url: str) -> Page:
        params = stripe_requests.saving_page(reference=reference)
        more = stripe_requests.any_page(reference=reference, back_url=back_url, customer=customer)
        return self._open_page(params | more, key)

    def _open_page(self, params: Any, key: str) -> Page:
        with told():
            made = self._api.checkout.sessions.create(params, _keyed(key))
            return stripe_answers.page(made.to_dict())

    def page(self, page_id: str) -> Page:
        with told():
            found = self._api.checkout.sessions.retrieve(
                page_id, {"expand": [f"payment_intent.{_CHARGE}"]}
            )
            return stripe_answers.page(found.to_dict())

    def expire_page(self, page_id: str) -> Page:
        try:
            with told():
                self._api.checkout.sessions.expire(page_id)
        except Rejected:
            # The client was faster, or its time was over by itself: then it is not open any more.
            page = self.page(page_id)
            if page.status is PageStatus.OPEN:
                raise
            return page
        return self.page(page_id)

    # --- Payments ----------------------------------------------------------------------------

    def make_payment(
        self,
        *,
        amount: Money,
        reference: str,
        key: str,
        description: str,
        customer: str = "",
        at_reader: bool = False,
    ) -> Payment:
        params: Any = stripe_requests.payment(
            amount=amount,
            reference=reference,
            description=description,
            customer=customer,
            at_reader=at_reader,
        )
        with told():
            made = self._api.payment_intents.create(params, _keyed(key))
            return stripe_answers.payment(made.to_dict())

    def confirm_payment(self, payment_id: str, *, method: str, key: str) -> Payment:
        params: Any = {"payment_method": method, "off_session": True, "expand": [_CHARGE]}
        with told():
            done = self._api.payment_intents.confirm(payment_id, params, _keyed(key))
            return stripe_answers.payment(done.to_dict())

    def payment(self, payment_id: str) -> Payment:
        with told():
            found = self._api.payment_intents.retrieve(payment_id, {"expand": [_CHARGE]})
            return stripe_answers.payment(found.to_dict())

    def cancel_payment(self, payment_id: str) -> Payment:
        try:
            with told():
                done = self._api.payment_intents.cancel(payment_id)
                return stripe_answers.payment(done.to_dict())
        except Rejected as rejected:
            if code_of(rejected.__cause__) != "payment_intent_unexpected_state":
                raise
            payment = self.payment(payment_id)
            if payment.status not in (PaymentStatus.SUCCEEDED, PaymentStatus.CANCELED):
                raise
            return payment

    # --- Readers -----------------------------------------------------------------------------

    def readers(self) -> list[ReaderState]:
        with told():
            found = self._api.terminal.readers.list({"limit": 100})
            return [stripe_answers.reader(it.to_dict()) for it in found.auto_paging_iter()]

    def show_on_reader(self, reader_id: str, payment_id: str, *, key: str) -> None:
        with told():
            self._api.terminal.readers.process_payment_intent(
                reader_id, {"payment_intent": payment_id}, _keyed(key)
            )

    def clear_reader(self, reader_id: str) -> None:
        with told():
            self._api.terminal.readers.cancel_action(reader_id)

    # --- Cards on file -----------------------------------------------------------------------

    def saved_card(self, setup_id: str) -> SavedCard:
        with told():
            found = self._api.setup_intents.retrieve(setup_id, {"expand": ["payment_method"]})
        setup = found.to_dict()
        method = setup.get("payment_method")
        if setup["status"] != "succeeded" or not isinstance(method, dict):
            raise Rejected("No card was saved there.")
        return SavedCard(method=method["id"], card=stripe_answers.card(method.get("card") or {}))

    def forget_card(self, method: str) -> None:
        try:
            with told():
                self._api.payment_methods.detach(method)
        except Rejected as rejected:
            if code_of(rejected.__cause__) != "resource_missing" and self._is_kept(method):
                raise

    def _is_kept(self, method: str) -> bool:
        with told():
            return bool(self._api.payment_methods.retrieve(method).to_dict().get("customer"))

    # --- Refunds -----------------------------------------------------------------------------

    def refund(
        self, payment_id: str, *, amount: Money, reference: str, key: str
    ) -> CardRefundAnswer:
        params: Any = stripe_requests.refund(
            payment_id=payment_id, amount=amount, reference=reference
        )
        try:
            with told():
                made = self._api.refunds.create(params, _keyed(key))
                return stripe_answers.refund(made.to_dict())
        except Rejected as rejected:
            if getattr(rejected.__cause__, "param", "") == "amount":
                raise Rejected(TOO_MUCH) from rejected
            raise

    def refunds_of(self, payment_id: str) -> list[CardRefundAnswer]:
        with told():
            found = self._api.refunds.list({"payment_intent": payment_id, "limit": 100})
            newest_first = [stripe_answers.refund(it.to_dict()) for it in found.auto_paging_iter()]
        return newest_first[::-1]

    # --- Providers' accounts -----------------------------------------------------------------

    def transfer(
        self, *, amount: Money, account: str, reference: str, key: str, payment_id: str = ""
    ) -> str:
        with told():
            charge = self._charge_of(payment_id) if payment_id else ""
            params: Any = stripe_requests.transfer(
                amount=amount, account=account, reference=reference, charge=charge
            )
            return self._api.transfers.create(params, _keyed(key)).id

    def _charge_of(self, payment_id: str) -> str:
        """What a transfer out of a payment has to name: its charge."""
        return str(self._api.payment_intents.retrieve(payment_id).latest_charge)

    def take_back_transfer(
        self, transfer_id: str, *, amount: Money, reference: str, key: str
    ) -> str:
        params: Any = {"amount": minor(amount), "metadata": {"reference": reference}}
        with told():
            return self._api.transfers.reversals.create(transfer_id, params, _keyed(key)).id

    def find_taking_back(self, transfer_id: str, reference: str) -> str:
        with told():
            listed = self._api.transfers.reversals.list(transfer_id, {"limit": 100})
            for made in listed.auto_paging_iter():
                if made.metadata and made.metadata["reference"] == reference:
                    return made.id
        return ""

    def find_transfer(self, reference: str, *, account: str, since: dt.datetime) -> str:
        asked: Any = {
            "destination": account,
            "created": {"gte": int(clock.outside(since).timestamp())},
            "limit": 100,
        }
        with told():
            for made in self._api.transfers.list(asked).auto_paging_iter():
                if made.metadata and made.metadata["reference"] == reference:
                    return made.id
        return ""

    # --- Events ------------------------------------------------------------------------------

    def read_event(self, body: bytes, signature: str) -> Event:
        try:
            stripe.WebhookSignature.verify_header(
                body, signature, self._webhook_secret, stripe.Webhook.DEFAULT_TOLERANCE
            )
            told_event = json.loads(body)
            return Event(
                id=str(told_event["id"]),
                type=str(told_event["type"]),
                at=dt.datetime.fromtimestamp(told_event["created"], dt.UTC),
                object=told_event["data"]["object"],
            )
        except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError) as problem:
            raise Forged("This message is not the card processor's.") from problem


def _keyed(key: str) -> stripe.RequestOptions:
    return {"idempotency_key": key}
