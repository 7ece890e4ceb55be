"""The pages in the place of Stripe's Checkout: to pay, to keep a card, to confirm to the bank."""

from __future__ import annotations

from testprocessor import session_cards, sessions
from testprocessor.answers import Answer, Request, as_page, elsewhere, form
from testprocessor.books import Books, Thing
from testprocessor.html_parts import card_buttons, link, money, nothing, page, problem
from testprocessor.numbers import card_for


def checkout(books: Books, request: Request, wanted: str) -> Answer:
    """The page that takes a card, and what was typed on it."""
    session = _session(books, wanted)
    if session is None:
        return nothing()
    if session["status"] != "open":
        return as_page(_ended(session))
    if request.method == "GET":
        return as_page(_card_page(books, session))
    card = card_for(form(request, "number"))
    if session["mode"] == "payment":
        tried = session_cards.pay(books, session, card)
    else:
        tried = session_cards.keep(books, session, card)
    return _next(books, session, tried)


def confirm(books: Books, request: Request, wanted: str) -> Answer:
    """The bank's page, and what the client answered there."""
    session = _session(books, wanted)
    if session is None:
        return nothing()
    if session["status"] != "open":
        return as_page(_ended(session))
    if request.method == "GET":
        return as_page(_confirm_page(session))
    confirmed = form(request, "answer") == "confirm"
    if session["mode"] == "payment":
        tried = session_cards.answer_bank(books, session, confirmed=confirmed)
    else:
        tried = session_cards.answer_bank_keeping(books, session, confirmed=confirmed)
    return _next(books, session, tried)


def _session(books: Books, wanted: str) -> Thing | None:
    found = books.find(wanted)
    if found is None or found["object"] != "checkout.session":
        return None
    return sessions.current(books, found)


def _next(books: Books, session: Thing, tried: Thing) -> Answer:
    """After a try: back where it came from, to the bank, or the page again with what went wrong."""
    if tried["status"] == "succeeded":
        return elsewhere(_success_url(session))
    here = f"/{'pay' if session['mode'] == 'payment' else 'save'}/{session['id']}"
    return elsewhere(f"{here}/confirm" if tried["status"] == "requires_action" else here)


def _success_url(session: Thing) -> str:
    return str(session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"]))


def _amount(session: Thing) -> str:
    if session["mode"] != "payment":
        return ""
    return money(session["amount_total"], session["currency"])


def _card_page(books: Books, session: Thing) -> str:
    pays = session["mode"] == "payment"
    tried = books.find(session["payment_intent" if pays else "setup_intent"] or "") or {}
    error = tried.get("last_payment_error") or tried.get("last_setup_error")
    then = "Nothing was charged. Try another card." if pays else "Try another card."
    return page(
        "card",
        "Pay" if pays else "Save a card",
        heading="Pay by card" if pays else "Save a card",
        amount=_amount(session),
        description=_description(session),
        button=f"Pay {_amount(session)}" if pays else "Save this card",
        raw={
            "problem": problem(error, then),
            "back": link(session["cancel_url"], "Back without paying" if pays else "Back"),
            "cards": card_buttons(),
        },
    )


def _description(session: Thing) -> str:
    if session["mode"] == "payment":
        return str(session["_name"])
    return "Nothing is charged now."


def _confirm_page(session: Thing) -> str:
    amount, description = _amount(session), _description(session)
    return page("confirm", "Confirm", amount=amount, description=description)


def _ended(session: Thing) -> str:
    if session["status"] == "expired":
        heading, text = "This page has expired", "Nothing was charged."
    elif session["mode"] == "payment":
        heading, text = "This is paid", f"{_amount(session)} was charged once."
    else:
        heading, text = "The card is saved", "Nothing was charged."
    url = session["cancel_url"] if session["status"] == "expired" else _success_url(session)
    return page("ended", heading, heading=heading, text=text, raw={"back": link(url, "Back")})
