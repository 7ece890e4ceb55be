"""SetupIntents: a card that is kept and not charged."""

from __future__ import annotations

from testprocessor.books import Books, Thing
from testprocessor.calls import Call
from testprocessor.charging import card_error
from testprocessor.customers import new_method
from testprocessor.events import tell
from testprocessor.numbers import NOT_CONFIRMED, Refusal, TestCard


def new_setup(books: Books, customer: str | None, metadata: Thing) -> Thing:
    """A setup that waits for its card."""
    return books.add(
        "setup_intent",
        "seti",
        customer=customer,
        metadata=metadata,
        status="requires_payment_method",
        usage="off_session",
        payment_method=None,
        payment_method_types=["card"],
        last_setup_error=None,
        next_action=None,
        _number=None,
    )


def retrieve(call: Call, wanted: str) -> Thing:
    """GET /v1/setup_intents/:id"""
    return call.thing("setup_intent", wanted)


def try_card(books: Books, setup: Thing, card: TestCard) -> None:
    """A card was typed: it is kept, asks the client first, or is refused."""
    if card.refusal and not card.saves:
        _refuse(books, setup, card, card.refusal)
    elif card.asks:
        setup |= {"status": "requires_action", "_number": card.number}
        books.save(setup)
    else:
        keep(books, setup, card)


def answer(books: Books, setup: Thing, card: TestCard, *, confirmed: bool) -> None:
    """The client confirmed to the bank, or did not."""
    if confirmed:
        keep(books, setup, card)
    else:
        _refuse(books, setup, card, NOT_CONFIRMED)


def keep(books: Books, setup: Thing, card: TestCard) -> None:
    """The card belongs to the customer now."""
    method = new_method(books, card, setup["customer"])
    setup |= {"status": "succeeded", "payment_method": method["id"], "last_setup_error": None}
    books.save(setup)
    tell(books, "setup_intent.succeeded", setup)


def _refuse(books: Books, setup: Thing, card: TestCard, why: Refusal) -> None:
    error = card_error(why, new_method(books, card, None))
    setup |= {"status": "requires_payment_method", "last_setup_error": error, "_number": None}
    books.save(setup)
