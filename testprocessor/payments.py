"""PaymentIntents: made, confirmed, canceled."""

from __future__ import annotations

from testprocessor.books import Books, Thing, new_id, shown
from testprocessor.calls import Call, listed
from testprocessor.charging import charge, declined, refuse
from testprocessor.errors import ApiError, invalid, refused
from testprocessor.events import tell
from testprocessor.numbers import NEEDS_CLIENT, card_for

KINDS = {"card", "card_present"}
SMALLEST = {"usd": 50, "eur": 50, "gbp": 30, "cad": 50, "aud": 50}
LARGEST = 99_999_999
CONFIRMABLE = {"requires_payment_method", "requires_confirmation", "requires_action"}


def check_amount(amount: int, currency: str) -> None:
    """Refuse what Stripe would not charge."""
    if amount < SMALLEST.get(currency, 50):
        raise invalid("Amount must be at least $0.50 usd", "amount", "amount_too_small")
    if amount > LARGEST:
        raise invalid("Amount must be no more than $999,999.99", "amount", "amount_too_large")


def new_intent(books: Books, amount: int, currency: str, **fields: object) -> Thing:
    """An intent of which nothing was asked yet."""
    wanted = new_id("pi")
    return books.add(
        "payment_intent",
        "pi",
        id=wanted,
        **{
            "amount": amount,
            "amount_received": 0,
            "currency": currency,
            "client_secret": f"{wanted}_secret_{new_id('x')}",
            "customer": None,
            "description": None,
            "metadata": {},
            "status": "requires_payment_method",
            "payment_method": None,
            "setup_future_usage": None,
            "payment_method_types": ["card"],
            "capture_method": "automatic_async",
            "latest_charge": None,
            "last_payment_error": None,
            "next_action": None,
            "canceled_at": None,
            "cancellation_reason": None,
            "_session": None,
            **fields,
        },
    )


def create(call: Call) -> Thing:
    """POST /v1/payment_intents"""
    amount, currency = call.number("amount"), call.required("currency").lower()
    check_amount(amount, currency)
    kinds = call.params.get("payment_method_types") or ["card"]
    if not set(kinds) <= KINDS:
        raise invalid("This processor takes card and card_present.", "payment_method_types")
    customer = call.text("customer") or None
    if customer:
        call.thing("customer", customer)
    intent = new_intent(
        call.books,
        amount,
        currency,
        customer=customer,
        description=call.text("description") or None,
        metadata=call.tree("metadata"),
        payment_method_types=kinds,
        capture_method=call.text("capture_method", "automatic_async"),
    )
    return _confirmed(call, intent) if call.text("confirm") == "true" else intent


def retrieve(call: Call, wanted: str) -> Thing:
    """GET /v1/payment_intents/:id"""
    return call.thing("payment_intent", wanted)


def index(call: Call) -> Thing:
    """GET /v1/payment_intents, the newest first."""
    wanted = {"customer": call.text("customer")} if call.text("customer") else {}
    found = list(call.books.of_kind("payment_intent", **wanted))
    return listed(found[::-1], "/v1/payment_intents")


def confirm(call: Call, wanted: str) -> Thing:
    """POST /v1/payment_intents/:id/confirm"""
    return _confirmed(call, call.thing("payment_intent", wanted))


def _confirmed(call: Call, intent: Thing) -> Thing:
    if intent["_session"] or intent["status"] not in CONFIRMABLE:
        raise unexpected_state("confirm", intent)
    if "card" not in intent["payment_method_types"]:
        raise invalid("A card_present payment is taken by a reader.", "payment_method")
    method = call.thing("payment_method", call.required("payment_method"))
    if not method["customer"] or method["customer"] != intent["customer"]:
        raise refused("The payment method does not belong to the customer of this payment.")
    card = card_for(method["_number"])
    if card.asks and call.text("off_session") == "true":
        refuse(call.books, intent, method, NEEDS_CLIENT)
    elif card.asks:
        _ask_client(call.books, intent, method)
    else:
        charge(call.books, intent, method)
    if intent["last_payment_error"]:
        raise declined(intent)
    return intent


def _ask_client(books: Books, intent: Thing, method: Thing) -> None:
    intent |= {
        "status": "requires_action",
        "payment_method": method["id"],
        "next_action": {"type": "use_stripe_sdk"},
    }
    books.save(intent)


def cancel(call: Call, wanted: str) -> Thing:
    """POST /v1/payment_intents/:id/cancel"""
    intent = call.thing("payment_intent", wanted)
    if intent["_session"] or intent["status"] not in {*CONFIRMABLE, "processing"}:
        raise unexpected_state("cancel", intent)
    return cancel_intent(call.books, intent, call.text("cancellation_reason") or None)


def cancel_intent(books: Books, intent: Thing, reason: str | None) -> Thing:
    """It takes nothing any more."""
    intent |= {
        "status": "canceled",
        "canceled_at": books.now(),
        "cancellation_reason": reason,
        "next_action": None,
    }
    books.save(intent)
    tell(books, "payment_intent.canceled", intent)
    return intent


def unexpected_state(verb: str, intent: Thing) -> ApiError:
    """What cannot be done to an intent as it stands."""
    if intent["_session"]:
        message = "You cannot perform this action on PaymentIntents created by Checkout."
    else:
        message = (
            f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}."
        )
    return refused(message, "payment_intent_unexpected_state", payment_intent=shown(intent))
