"""What a card that was typed on a page of a Checkout Session does to it."""

from __future__ import annotations

from testprocessor import setups
from testprocessor.books import Books, Thing
from testprocessor.charging import charge, refuse
from testprocessor.customers import new_method
from testprocessor.events import tell
from testprocessor.numbers import NOT_CONFIRMED, TestCard, card_for
from testprocessor.payments import new_intent


def pay(books: Books, session: Thing, card: TestCard) -> Thing:
    """Somebody typed a card on the page to pay; the intent as it stands then."""
    intent = _intent_of(books, session)
    method = new_method(books, card, None)
    if card.asks:
        intent |= {
            "status": "requires_action",
            "payment_method": method["id"],
            "next_action": {"type": "use_stripe_sdk"},
        }
        books.save(intent)
        return intent
    charge(books, intent, method)
    _complete_when_paid(books, session, intent)
    return intent


def answer_bank(books: Books, session: Thing, *, confirmed: bool) -> Thing:
    """The client confirmed to the bank, or did not; the intent as it stands then."""
    intent = _intent_of(books, session)
    method = books.find(intent["payment_method"] or "")
    if intent["status"] != "requires_action" or method is None:
        return intent
    if confirmed:
        charge(books, intent, method)
    else:
        refuse(books, intent, method, NOT_CONFIRMED)
    _complete_when_paid(books, session, intent)
    return intent


def keep(books: Books, session: Thing, card: TestCard) -> Thing:
    """Somebody typed a card on the page that keeps it; the setup as it stands then."""
    setup = _setup_of(books, session)
    setups.try_card(books, setup, card)
    _complete_when_kept(books, session, setup)
    return setup


def answer_bank_keeping(books: Books, session: Thing, *, confirmed: bool) -> Thing:
    """The same for a card that is only kept."""
    setup = _setup_of(books, session)
    if setup["status"] == "requires_action":
        setups.answer(books, setup, card_for(setup["_number"]), confirmed=confirmed)
        _complete_when_kept(books, session, setup)
    return setup


def _intent_of(books: Books, session: Thing) -> Thing:
    """The intent of a page to pay. There is none before the first try, as with Stripe."""
    intent = books.find(session["payment_intent"] or "")
    if intent:
        return intent
    data = session["_intent_data"]
    intent = new_intent(
        books,
        session["amount_total"],
        session["currency"],
        customer=session["customer"],
        description=data.get("description"),
        metadata=data.get("metadata") or {},
        setup_future_usage=data.get("setup_future_usage"),
        _session=session["id"],
    )
    session["payment_intent"] = intent["id"]
    books.save(session)
    return intent


def _setup_of(books: Books, session: Thing) -> Thing:
    setup = books.find(session["setup_intent"])
    assert setup is not None
    return setup


def _complete_when_paid(books: Books, session: Thing, intent: Thing) -> None:
    if intent["status"] == "succeeded":
        _keep_what_paid(books, intent)
        session |= {"status": "complete", "payment_status": "paid", "url": None}
        books.save(session)
        tell(books, "checkout.session.completed", session)


def _keep_what_paid(books: Books, intent: Thing) -> None:
    """Where the page was opened to keep it, the card is the customer's once it has paid."""
    method = books.find(intent["payment_method"] or "")
    if method and intent["customer"] and intent["setup_future_usage"]:
        method["customer"] = intent["customer"]
        books.save(method)


def _complete_when_kept(books: Books, session: Thing, setup: Thing) -> None:
    if setup["status"] == "succeeded":
        session |= {"status": "complete", "url": None}
        books.save(session)
        tell(books, "checkout.session.completed", session)
