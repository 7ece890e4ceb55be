"""Money on its way from the processor to the salon's bank."""

from __future__ import annotations

from testprocessor.balance import move, standing
from testprocessor.books import Books, Thing
from testprocessor.errors import refused
from testprocessor.events import tell


def pay_out(books: Books, currency: str = "usd", amount: int = 0) -> Thing:
    """Send so much (0: all that is there) to the bank, where it arrives at once."""
    amount = amount or standing(books).get(currency, 0)
    if amount <= 0:
        raise refused("There is nothing to pay out.", "balance_insufficient")
    payout = books.add(
        "payout",
        "po",
        amount=amount,
        currency=currency,
        status="in_transit",
        arrival_date=books.now(),
        automatic=True,
        type="bank_account",
        metadata={},
        failure_code=None,
        failure_message=None,
        failure_balance_transaction=None,
    )
    payout["balance_transaction"] = move(books, "payout", -amount, currency, payout["id"])
    payout["status"] = "paid"
    books.save(payout)
    tell(books, "payout.paid", payout)
    return payout


def fail_payout(books: Books, payout: Thing) -> Thing:
    """The bank sends it back, which it may do days after it was paid."""
    if payout["status"] == "failed":
        return payout
    transaction = move(books, "payout_failure", payout["amount"], payout["currency"], payout["id"])
    payout |= {
        "status": "failed",
        "failure_code": "account_closed",
        "failure_message": "The bank account has been closed.",
        "failure_balance_transaction": transaction,
    }
    books.save(payout)
    tell(books, "payout.failed", payout)
    return payout
