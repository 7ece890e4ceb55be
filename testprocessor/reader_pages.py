"""The page of the card readers: what they ask for, and a card to hold to them."""

from __future__ import annotations

from contextlib import suppress

from testprocessor.answers import Answer, Request, as_page, elsewhere, form
from testprocessor.books import Books, Thing
from testprocessor.errors import ApiError
from testprocessor.html_parts import card_buttons, money, nothing, page, part
from testprocessor.numbers import card_for
from testprocessor.readers import hold_card


def readers(books: Books, request: Request) -> Answer:
    """Both readers, and cards to hold to the one that asks."""
    found = books.of_kind("terminal.reader")
    parts = "".join(_reader_part(books, reader) for reader in found)
    return as_page(page("readers", "Card readers", raw={"readers": parts}))


def _reader_part(books: Books, reader: Thing) -> str:
    action = reader["action"] or {}
    asks = action.get("status") == "in_progress"
    intent = books.find((action.get("process_payment_intent") or {}).get("payment_intent", ""))
    url = f"/readers/{reader['id']}"
    buttons = f'<form method="post" action="{url}" class="cards">{card_buttons()}</form>'
    return part(
        "reader",
        id=reader["id"],
        label=reader["label"],
        state=_reader_state(reader, action, intent),
        raw={"hold": buttons if asks else ""},
    )


def _reader_state(reader: Thing, action: Thing, intent: Thing | None) -> str:
    if reader["status"] != "online":
        return "Offline."
    if not action or intent is None:
        return "Asks for no card."
    amount = money(intent["amount"], intent["currency"])
    if action["status"] == "in_progress":
        return f"Asks for {amount}."
    if action["status"] == "succeeded":
        return f"Took {amount}."
    return f"Did not take {amount}. {action['failure_message'] or ''}".strip()


def hold(books: Books, request: Request, wanted: str) -> Answer:
    """Hold a card to a reader."""
    reader = books.find(wanted)
    if reader is None or reader["object"] != "terminal.reader":
        return nothing()
    with suppress(ApiError):  # It asks for none any more; the page shows that.
        hold_card(books, reader, card_for(form(request, "number")))
    return elsewhere("/readers")
