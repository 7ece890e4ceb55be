"""The pages for people, by their addresses."""

from __future__ import annotations

import re
from collections.abc import Callable

from testprocessor.answers import Answer, Request, as_page
from testprocessor.books import Books
from testprocessor.checkout_pages import checkout, confirm
from testprocessor.html_parts import FOLDER, card_rows, nothing, page
from testprocessor.reader_pages import hold, readers


def answer(books: Books, request: Request) -> Answer:
    """Show a page, or do what a form on it asks."""
    for pattern, shown in _ROUTES:
        match = re.fullmatch(pattern, f"{request.method} {request.path}")
        if match:
            with books.lock:
                try:
                    return shown(books, request, *match.groups())
                finally:
                    books.database.commit()
    return nothing()


def _style(books: Books, request: Request) -> Answer:
    return Answer(200, (FOLDER / "style.css").read_bytes(), "text/css; charset=utf-8")


def _numbers(books: Books, request: Request) -> Answer:
    return as_page(page("numbers", "Cards to try", raw={"rows": card_rows()}))


_ROUTES: list[tuple[str, Callable[..., Answer]]] = [
    ("GET /", _numbers),
    ("GET /style.css", _style),
    ("(?:GET|POST) /(?:pay|save)/([A-Za-z0-9_]+)", checkout),
    ("(?:GET|POST) /(?:pay|save)/([A-Za-z0-9_]+)/confirm", confirm),
    ("GET /readers", readers),
    ("POST /readers/([A-Za-z0-9_]+)", hold),
]
