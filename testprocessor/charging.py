"""A card is charged, or not: the one place where money comes in."""

from __future__ import annotations

from testprocessor import later
from testprocessor.balance import fee_of, move
from testprocessor.books import Books, Thing, shown
from testprocessor.disputes import open_dispute
from testprocessor.errors import ApiError
from testprocessor.events import tell
from testprocessor.numbers import Refusal, card_for


def charge(books: Books, intent: Thing, method: Thing) -> None:
    """Ask the card for the intent's amount; `intent` is saved as it stands then."""
    card = card_for(method["_number"])
    intent["payment_method"] = method["id"]
    if card.refusal:
        refuse(books, intent, method, card.refusal)
        return
    taken = _add_charge(books, intent, method, status="succeeded", paid=True)
    if books.fees_are_late:
        later.soon(books, settle_charge, taken["id"])
    else:
        _count(books, taken)
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "latest_charge": taken["id"],
        "last_payment_error": None,
        "next_action": None,
    }
    books.save(intent)
    tell(books, "payment_intent.succeeded", intent)
    if card.is_disputed:
        later.soon(books, open_dispute, taken["id"])


@later.act
def settle_charge(books: Books, wanted: str) -> None:
    """What was charged is the account's now, less the fee, which is known from here on."""
    taken = books.find(wanted)
    if taken is None or taken["balance_transaction"]:
        return
    _count(books, taken)
    tell(books, "charge.updated", taken, balance_transaction=None)


def _count(books: Books, taken: Thing) -> None:
    amount = taken["amount"]
    taken["balance_transaction"] = move(
        books, "charge", amount, taken["currency"], taken["id"], fee_of(amount)
    )
    books.save(taken)


def refuse(books: Books, intent: Thing, method: Thing, why: Refusal) -> None:
    """The card was not charged; another try may follow."""
    tried = _add_charge(books, intent, method, status="failed", paid=False)
    tried |= {"failure_code": why.code, "failure_message": why.message}
    books.save(tried)
    intent |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "latest_charge": tried["id"],
        "last_payment_error": card_error(why, method) | {"charge": tried["id"]},
        "next_action": None,
    }
    books.save(intent)
    tell(books, "payment_intent.payment_failed", intent)


def card_error(why: Refusal, method: Thing) -> Thing:
    """A refusal as Stripe shows it inside an intent."""
    return {
        "type": "card_error",
        "code": why.code,
        "decline_code": why.decline_code or None,
        "message": why.message,
        "payment_method": shown(method),
    }


def declined(intent: Thing) -> ApiError:
    """The answer to a confirmation that the card refused; it is kept for its key."""
    error = intent["last_payment_error"] | {"payment_intent": shown(intent)}
    return ApiError(402, error, is_kept=True)


def _add_charge(books: Books, intent: Thing, method: Thing, *, status: str, paid: bool) -> Thing:
    kind = method["type"]
    return books.add(
        "charge",
        "ch",
        amount=intent["amount"],
        amount_captured=intent["amount"] if paid else 0,
        amount_refunded=0,
        balance_transaction=None,
        captured=paid,
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        disputed=False,
        metadata=intent["metadata"],
        paid=paid,
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details={"type": kind, kind: method[kind]},
        refunded=False,
        status=status,
        failure_code=None,
        failure_message=None,
    )
