"""Which function answers which call of the API."""

from __future__ import annotations

import re
from collections.abc import Callable

from testprocessor import (
    balance,
    customers,
    payments,
    readers,
    refunds,
    sessions,
    setups,
    transfers,
)
from testprocessor.books import Thing
from testprocessor.calls import Call
from testprocessor.errors import missing

Endpoint = Callable[..., Thing]


def _event(call: Call, wanted: str) -> Thing:
    """GET /v1/events/:id"""
    return call.thing("event", wanted)


_TABLE: dict[str, Endpoint] = {
    "POST /v1/customers": customers.create,
    "GET /v1/customers/:id": customers.retrieve,
    "GET /v1/payment_methods/:id": customers.retrieve_method,
    "POST /v1/payment_methods/:id/detach": customers.detach_method,
    "POST /v1/checkout/sessions": sessions.create,
    "GET /v1/checkout/sessions/:id": sessions.retrieve,
    "POST /v1/checkout/sessions/:id/expire": sessions.expire,
    "POST /v1/payment_intents": payments.create,
    "GET /v1/payment_intents": payments.index,
    "GET /v1/payment_intents/:id": payments.retrieve,
    "POST /v1/payment_intents/:id/confirm": payments.confirm,
    "POST /v1/payment_intents/:id/cancel": payments.cancel,
    "GET /v1/setup_intents/:id": setups.retrieve,
    "POST /v1/refunds": refunds.create,
    "GET /v1/refunds": refunds.index,
    "GET /v1/refunds/:id": refunds.retrieve,
    "GET /v1/terminal/readers": readers.index,
    "GET /v1/terminal/readers/:id": readers.retrieve,
    "POST /v1/terminal/readers/:id/process_payment_intent": readers.process,
    "POST /v1/terminal/readers/:id/cancel_action": readers.cancel_action,
    "POST /v1/test_helpers/terminal/readers/:id/present_payment_method": readers.present,
    "POST /v1/transfers": transfers.create,
    "GET /v1/transfers": transfers.index,
    "GET /v1/transfers/:id": transfers.retrieve,
    "POST /v1/transfers/:id/reversals": transfers.reverse,
    "GET /v1/transfers/:id/reversals": transfers.reversals,
    "GET /v1/balance": balance.show,
    "GET /v1/events/:id": _event,
}
_ROUTES = [
    (re.compile(pattern.replace(":id", "([A-Za-z0-9_]+)")), endpoint)
    for pattern, endpoint in _TABLE.items()
]


def endpoint_for(method: str, path: str) -> tuple[Endpoint, tuple[str, ...]]:
    """The function for a path and the ids in it; resource_missing where there is none."""
    for pattern, endpoint in _ROUTES:
        match = pattern.fullmatch(f"{method} {path}")
        if match:
            return endpoint, match.groups()
    raise missing("endpoint of this test processor", f"{method} {path}")
