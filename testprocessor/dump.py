"""The processor's own books as data, to be compared with somebody else's."""

from __future__ import annotations

from typing import Any

from testprocessor.balance import standing
from testprocessor.books import Books, shown

_NAMES = {
    "charges": "charge",
    "payments": "payment_intent",
    "sessions": "checkout.session",
    "refunds": "refund",
    "transfers": "transfer",
    "reversals": "transfer_reversal",
    "disputes": "dispute",
    "payouts": "payout",
    "customers": "customer",
    "methods": "payment_method",
    "readers": "terminal.reader",
    "movements": "balance_transaction",
    "events": "event",
}


def dump(books: Books) -> dict[str, Any]:
    """Everything by kind, the oldest first, and what it sums up to, in minor units.

    `totals` is by kind of movement (charge, refund, refund_failure, transfer, transfer_refund,
    adjustment, payout, payout_failure) and `fee` what was kept; `balance` is by currency.
    """
    found = {name: shown(list(books.of_kind(kind))) for name, kind in _NAMES.items()}
    totals: dict[str, int] = {}
    for movement in found["movements"]:
        totals[movement["type"]] = totals.get(movement["type"], 0) + movement["amount"]
        totals["fee"] = totals.get("fee", 0) + movement["fee"]
    return found | {"totals": totals, "balance": standing(books)}
