"""Customers, and the cards that they keep."""

from __future__ import annotations

from testprocessor.books import Books, Thing
from testprocessor.calls import Call
from testprocessor.errors import refused
from testprocessor.numbers import TestCard


def create(call: Call) -> Thing:
    """POST /v1/customers"""
    return call.books.add(
        "customer",
        "cus",
        name=call.text("name") or None,
        email=call.text("email") or None,
        description=call.text("description") or None,
        metadata=call.tree("metadata"),
    )


def retrieve(call: Call, wanted: str) -> Thing:
    """GET /v1/customers/:id"""
    return call.thing("customer", wanted)


def new_method(books: Books, card: TestCard, customer: str | None, kind: str = "card") -> Thing:
    """A card as the processor keeps it: a token, and what may be shown."""
    next_year = 1970 + books.now() // 31_556_952 + 3
    face = {
        "brand": card.brand,
        "last4": card.last4,
        "exp_month": 12,
        "exp_year": next_year,
        "funding": "credit",
        "country": "US",
    }
    return books.add(
        "payment_method",
        "pm",
        type=kind,
        customer=customer,
        metadata={},
        _number=card.number,
        **{kind: face},
    )


def retrieve_method(call: Call, wanted: str) -> Thing:
    """GET /v1/payment_methods/:id"""
    return call.thing("payment_method", wanted)


def detach_method(call: Call, wanted: str) -> Thing:
    """POST /v1/payment_methods/:id/detach"""
    method = call.thing("payment_method", wanted)
    if not method["customer"]:
        raise refused(
            "The payment method you provided is not attached to a customer so detachment is "
            "impossible."
        )
    method["customer"] = None
    call.books.save(method)
    return method
