"""Answers over HTTP."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs


@dataclass(frozen=True)
class Request:
    """What came in, as far as anybody looks at it."""

    method: str
    path: str
    query: str = ""
    body: str = ""
    key: str = ""
    """Idempotency-Key."""
    authorization: str = ""


@dataclass(frozen=True)
class Answer:
    """What goes out."""

    status: int
    body: bytes = b""
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


def as_json(status: int, value: Any, **headers: str) -> Answer:
    """An answer of data."""
    return Answer(status, json.dumps(value, indent=2).encode(), headers=headers)


def as_page(text: str, status: int = 200) -> Answer:
    """An answer for people."""
    return Answer(status, text.encode(), "text/html; charset=utf-8")


def elsewhere(url: str) -> Answer:
    """Go there now."""
    return Answer(303, headers={"Location": url})


def form(request: Request, name: str) -> str:
    """One field of a form that was sent, empty where it is not."""
    return parse_qs(request.body).get(name, [""])[0]
