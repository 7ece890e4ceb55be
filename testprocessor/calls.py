"""One call of the API: what was asked, and the small questions that every endpoint asks of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from testprocessor.books import Books, Thing
from testprocessor.errors import invalid, missing


@dataclass(frozen=True)
class Call:
    """The parameters of a request, and the books that it works on."""

    books: Books
    params: dict[str, Any]

    def text(self, name: str, default: str = "") -> str:
        """An optional parameter."""
        return str(self.params.get(name) or default)

    def required(self, name: str) -> str:
        """A parameter that has to be there."""
        if not self.text(name):
            raise invalid(f"Missing required param: {name}.", name, "parameter_missing")
        return self.text(name)

    def number(self, name: str) -> int:
        """A whole number above zero."""
        return whole(self.required(name), name)

    def tree(self, name: str) -> dict[str, Any]:
        """A parameter with parts, empty where there is none."""
        return self.params.get(name) or {}

    def thing(self, kind: str, wanted: str) -> Thing:
        """A thing that the call names."""
        found = self.books.find(wanted)
        if found is None or found["object"] != kind:
            raise missing(kind, wanted)
        return found


def whole(text: str, name: str) -> int:
    """Minor units, or another whole number above zero."""
    if not text.isdigit() or int(text) <= 0:
        raise invalid(f"Invalid positive integer: {text}", name, "parameter_invalid_integer")
    return int(text)


def listed(things: list[Thing], url: str) -> Thing:
    """A page with everything on it."""
    return {"object": "list", "data": things, "has_more": False, "url": url}


def expanded(books: Books, answer: Thing, paths: list[str]) -> Thing:
    """`answer` with the things in the place of their ids along `paths` (`a.b`, `data.a`)."""
    for path in paths:
        _expand(books, answer, path.split("."))
    return answer


def _expand(books: Books, thing: Any, path: list[str]) -> None:
    if isinstance(thing, list):
        for one in thing:
            _expand(books, one, path)
        return
    if not (path and isinstance(thing, dict)):
        return
    inner = thing.get(path[0])
    if isinstance(inner, str):
        inner = thing[path[0]] = books.find(inner) or inner
    _expand(books, inner, path[1:])
