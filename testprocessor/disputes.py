"""A client asks their bank for the money back."""

from __future__ import annotations

from testprocessor import later
from testprocessor.balance import DISPUTE_FEE, move
from testprocessor.books import Books, Thing
from testprocessor.events import tell

DAYS_TO_ANSWER = 7


@later.act
def open_dispute(books: Books, charge_id: str) -> None:
    """The bank takes the money and a fee; told as created and funds_withdrawn."""
    charge = books.find(charge_id)
    if charge is None or charge["disputed"] or not charge["paid"]:
        return
    amount = charge["amount"] - charge["amount_refunded"]
    if not amount:
        return  # It went back already.
    dispute = books.add(
        "dispute",
        "du",
        amount=amount,
        currency=charge["currency"],
        charge=charge_id,
        payment_intent=charge["payment_intent"],
        reason="fraudulent",
        status="needs_response",
        metadata={},
        is_charge_refundable=False,
        evidence_details={"due_by": books.now() + DAYS_TO_ANSWER * 86400},
        balance_transactions=[],
    )
    charge["disputed"] = True
    books.save(charge)
    tell(books, "charge.dispute.created", dispute)
    _move(books, dispute, -amount, DISPUTE_FEE)
    tell(books, "charge.dispute.funds_withdrawn", dispute)


def close_dispute(books: Books, dispute: Thing, *, won: bool) -> Thing:
    """The bank decides; where the salon wins the money comes back, the fee does not."""
    dispute["status"] = "won" if won else "lost"
    books.save(dispute)
    if won:
        _move(books, dispute, dispute["amount"], 0)
        tell(books, "charge.dispute.funds_reinstated", dispute)
    tell(books, "charge.dispute.closed", dispute)
    return dispute


def _move(books: Books, dispute: Thing, amount: int, fee: int) -> None:
    transaction = move(books, "adjustment", amount, dispute["currency"], dispute["id"], fee)
    dispute["balance_transactions"].append(books.find(transaction))
    books.save(dispute)
