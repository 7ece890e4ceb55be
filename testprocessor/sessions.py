"""Checkout Sessions: a page of the processor's own, to pay or to keep a card."""

from __future__ import annotations

from typing import Any

from testprocessor import later, setups
from testprocessor.books import Books, Thing, new_id
from testprocessor.calls import Call, whole
from testprocessor.errors import invalid, refused
from testprocessor.events import tell
from testprocessor.payments import cancel_intent, check_amount

SHORTEST, LONGEST = 30 * 60, 24 * 3600
# Clocks that differ a little are no reason to refuse half an hour.
SLACK = 60


def create(call: Call) -> Thing:
    """POST /v1/checkout/sessions"""
    mode = call.required("mode")
    if mode not in {"payment", "setup"}:
        raise invalid("This processor knows the modes payment and setup.", "mode")
    customer = call.text("customer") or None
    if customer:
        call.thing("customer", customer)
    wanted = new_id("cs_test")
    fields: Thing = {
        "mode": mode,
        "status": "open",
        "payment_status": "unpaid" if mode == "payment" else "no_payment_required",
        "customer": customer,
        "client_reference_id": call.text("client_reference_id") or None,
        "metadata": call.tree("metadata"),
        "success_url": call.required("success_url"),
        "cancel_url": call.text("cancel_url") or None,
        "expires_at": _expiry(call),
        "url": f"{call.books.base}/{'pay' if mode == 'payment' else 'save'}/{wanted}",
        "payment_intent": None,
        "setup_intent": None,
    }
    fields |= _to_pay(call) if mode == "payment" else _to_keep(call, customer)
    session = call.books.add("checkout.session", "cs", id=wanted, **fields)
    later.soon(call.books, expire_by_itself, wanted, session["expires_at"])
    return session


def _expiry(call: Call) -> int:
    now = call.books.now()
    if not call.text("expires_at"):
        return now + LONGEST
    wanted = whole(call.text("expires_at"), "expires_at")
    if not SHORTEST - SLACK <= wanted - now <= LONGEST + SLACK:
        raise invalid(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout "
            "Session creation.",
            "expires_at",
        )
    return wanted


def _to_pay(call: Call) -> Thing:
    lines = call.params.get("line_items") or []
    if not lines:
        raise invalid("Missing required param: line_items.", "line_items", "parameter_missing")
    prices = [line.get("price_data") or {} for line in lines]
    currency = str(prices[0].get("currency") or "usd").lower()
    amount = sum(_line_amount(line) for line in lines)
    check_amount(amount, currency)
    return {
        "amount_total": amount,
        "amount_subtotal": amount,
        "currency": currency,
        "_name": str((prices[0].get("product_data") or {}).get("name") or ""),
        "_intent_data": call.tree("payment_intent_data"),
    }


def _line_amount(line: dict[str, Any]) -> int:
    unit = whole(str((line.get("price_data") or {}).get("unit_amount")), "unit_amount")
    return unit * whole(str(line.get("quantity") or "1"), "quantity")


def _to_keep(call: Call, customer: str | None) -> Thing:
    metadata = call.tree("setup_intent_data").get("metadata") or {}
    setup = setups.new_setup(call.books, customer, metadata)
    return {"setup_intent": setup["id"], "amount_total": None, "currency": None}


def retrieve(call: Call, wanted: str) -> Thing:
    """GET /v1/checkout/sessions/:id"""
    return current(call.books, call.thing("checkout.session", wanted))


def current(books: Books, session: Thing) -> Thing:
    """The session, expired where its time is over."""
    if session["status"] == "open" and session["expires_at"] <= books.now():
        return _expired(books, session)
    return session


def expire(call: Call, wanted: str) -> Thing:
    """POST /v1/checkout/sessions/:id/expire"""
    session = current(call.books, call.thing("checkout.session", wanted))
    if session["status"] != "open":
        raise refused(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout '
            f"Session has a status of `{session['status']}`."
        )
    return _expired(call.books, session)


@later.act
def expire_by_itself(books: Books, wanted: str) -> None:
    """Its time is over."""
    session = books.find(wanted)
    if session and session["status"] == "open":
        _expired(books, session)


def _expired(books: Books, session: Thing) -> Thing:
    session |= {"status": "expired", "url": None}
    books.save(session)
    intent = books.find(session["payment_intent"] or "")
    if intent:
        cancel_intent(books, intent, "expired")
    tell(books, "checkout.session.expired", session)
    return session
