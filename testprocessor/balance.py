"""The processor's own ledger of the account: every movement is a balance transaction."""

from __future__ import annotations

from testprocessor.books import Books, Thing
from testprocessor.calls import Call

FEE_PER_MILLE = 29
FEE_FIXED = 30
DISPUTE_FEE = 1500


def fee_of(amount: int) -> int:
    """2.9 % and 30 cents, rounded half up."""
    return (amount * FEE_PER_MILLE + 500) // 1000 + FEE_FIXED


def move(books: Books, kind: str, amount: int, currency: str, source: str, fee: int = 0) -> str:
    """Write a movement of the account's money; the id of its transaction."""
    transaction = books.add(
        "balance_transaction",
        "txn",
        type=kind,
        amount=amount,
        currency=currency,
        fee=fee,
        net=amount - fee,
        source=source,
        status="available",
        available_on=books.now(),
        fee_details=[{"amount": fee, "currency": currency, "type": "stripe_fee"}] if fee else [],
    )
    return str(transaction["id"])


def standing(books: Books) -> dict[str, int]:
    """What the account has, by currency."""
    sums: dict[str, int] = {}
    for transaction in books.of_kind("balance_transaction"):
        currency = transaction["currency"]
        sums[currency] = sums.get(currency, 0) + transaction["net"]
    return sums


def show(call: Call) -> Thing:
    """GET /v1/balance"""
    sums = standing(call.books) or {"usd": 0}
    available = [{"amount": amount, "currency": code} for code, amount in sums.items()]
    pending = [{"amount": 0, "currency": code} for code in sums]
    return {
        "object": "balance",
        "livemode": False,
        "available": available,
        "pending": pending,
    }
