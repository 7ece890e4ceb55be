"""Money back to the card, never beyond the charge."""

from __future__ import annotations

from testprocessor import later
from testprocessor.balance import move
from testprocessor.books import Books, Thing
from testprocessor.calls import Call, listed
from testprocessor.errors import invalid, refused
from testprocessor.events import tell
from testprocessor.numbers import card_for


def create(call: Call) -> Thing:
    """POST /v1/refunds"""
    intent = call.thing("payment_intent", call.required("payment_intent"))
    charge = call.books.find(intent["latest_charge"] or "")
    if charge is None or not charge["paid"]:
        raise refused("This PaymentIntent does not have a successful charge to refund.")
    left = charge["amount"] - charge["amount_refunded"]
    amount = call.number("amount") if call.text("amount") else left
    _check(charge, amount, left)
    return _refunded(call, charge, amount)


def _check(charge: Thing, amount: int, left: int) -> None:
    if charge["disputed"]:
        raise refused("The charge has been charged back.", "charge_disputed", param="charge")
    if not left:
        message = f"Charge {charge['id']} has already been refunded."
        raise refused(message, "charge_already_refunded")
    if amount > left:
        message = (
            f"Refund amount (${amount / 100:.2f}) is greater than unrefunded amount on charge "
            f"(${left / 100:.2f})"
        )
        raise invalid(message, "amount")


def _refunded(call: Call, charge: Thing, amount: int) -> Thing:
    books = call.books
    becomes = card_for(_method_of(books, charge)["_number"]).refund
    refund = books.add(
        "refund",
        "re",
        amount=amount,
        currency=charge["currency"],
        charge=charge["id"],
        payment_intent=charge["payment_intent"],
        metadata=call.tree("metadata"),
        reason=call.text("reason") or None,
        status="pending" if becomes == "succeeded" else "succeeded",
        failure_reason=None,
        failure_balance_transaction=None,
    )
    refund["balance_transaction"] = move(books, "refund", -amount, charge["currency"], refund["id"])
    books.save(refund)
    _count(books, charge, amount)
    tell(books, "charge.refunded", charge)
    if becomes:
        later.soon(books, fail_refund if becomes == "failed" else settle_refund, refund["id"])
    return refund


def _method_of(books: Books, charge: Thing) -> Thing:
    method = books.find(charge["payment_method"])
    assert method is not None
    return method


def _count(books: Books, charge: Thing, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    books.save(charge)


@later.act
def fail_refund(books: Books, wanted: str) -> None:
    """The card's bank sends it back: the money is the account's again."""
    refund = books.find(wanted)
    if refund is None or refund["status"] not in {"succeeded", "pending"}:
        return
    before = refund["status"]
    transaction = move(books, "refund_failure", refund["amount"], refund["currency"], refund["id"])
    refund |= {
        "status": "failed",
        "failure_reason": "expired_or_canceled_card",
        "failure_balance_transaction": transaction,
    }
    books.save(refund)
    charge = books.find(refund["charge"])
    assert charge is not None
    _count(books, charge, -refund["amount"])
    tell(books, "refund.updated", refund, status=before)
    tell(books, "refund.failed", refund)


@later.act
def settle_refund(books: Books, wanted: str) -> None:
    """One that took a while has come through."""
    refund = books.find(wanted)
    if refund is None or refund["status"] != "pending":
        return
    refund["status"] = "succeeded"
    books.save(refund)
    tell(books, "refund.updated", refund, status="pending")


def retrieve(call: Call, wanted: str) -> Thing:
    """GET /v1/refunds/:id"""
    return call.thing("refund", wanted)


def index(call: Call) -> Thing:
    """GET /v1/refunds, the newest first."""
    wanted = {"payment_intent": call.text("payment_intent")} if call.text("payment_intent") else {}
    found = list(call.books.of_kind("refund", **wanted))
    return listed(found[::-1], "/v1/refunds")
