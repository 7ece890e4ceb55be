"""What happened, told to who listens: an event keeps the thing as it was at that moment."""

from __future__ import annotations

from typing import Any

from testprocessor.books import Books, Thing, shown


def tell(books: Books, kind: str, thing: Thing, **before: Any) -> Thing:
    """Write an event and put it in the queue of what is to be sent."""
    data = {"object": shown(thing)} | ({"previous_attributes": before} if before else {})
    event = books.add(
        "event",
        "evt",
        type=kind,
        api_version="2026-10-28.endive",
        data=data,
        pending_webhooks=1,
        request={"id": None, "idempotency_key": None},
    )
    row = (event["id"], books.now())
    books.database.execute("INSERT INTO deliveries (event, due) VALUES (?, ?)", row)
    return event
