"""Calls of the API, once for each idempotency key."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from testprocessor import forms
from testprocessor.answers import Answer, Request, as_json
from testprocessor.books import Books, new_id, shown
from testprocessor.calls import Call, expanded
from testprocessor.errors import ApiError, broken, key_reused, unauthorized
from testprocessor.routes import endpoint_for


def answer(books: Books, request: Request) -> Answer:
    """Do what is asked, or replay what was answered; the books are written when this returns."""
    with books.lock:
        try:
            return _answer(books, request)
        except ApiError as problem:
            return _said(problem.status, problem.body, request)
        finally:
            books.database.commit()


def _answer(books: Books, request: Request) -> Answer:
    _check_login(request)
    has_key = bool(request.key) and request.method == "POST"
    if has_key:
        earlier = _replayed(books, request)
        if earlier:
            return earlier
    status, body, is_kept = _executed(books, request)
    if has_key and is_kept:
        keep(books, request, status, body)
    return _said(status, body, request)


def _executed(books: Books, request: Request) -> tuple[int, Any, bool]:
    """Status, body, and whether the key keeps it: not what failed before it began."""
    try:
        endpoint, ids = endpoint_for(request.method, request.path)
        params = forms.decode(request.query) | forms.decode(request.body)
        call = Call(books, params)
        done = expanded(books, endpoint(call, *ids), list(params.get("expand") or []))
        return 200, shown(done), True
    except ApiError as problem:
        return problem.status, problem.body, problem.is_kept


def _check_login(request: Request) -> None:
    token = request.authorization.removeprefix("Bearer ").strip()
    if not token.startswith(("sk_test_", "rk_test_")):
        raise unauthorized("Invalid API Key provided. The test processor takes sk_test_ keys only.")


def _replayed(books: Books, request: Request) -> Answer | None:
    query = "SELECT fingerprint, status, body FROM keys WHERE key = ?"
    row = books.database.execute(query, (request.key,)).fetchone()
    if row is None:
        return None
    if row[0] != _fingerprint(request):
        raise key_reused(request.key)
    return _said(row[1], json.loads(row[2]), request, **{"Idempotent-Replayed": "true"})


def keep(books: Books, request: Request, status: int, body: Any) -> None:
    """Answer this key so from now on."""
    row = (request.key, _fingerprint(request), status, json.dumps(body))
    books.database.execute("INSERT OR REPLACE INTO keys VALUES (?, ?, ?, ?)", row)


def keep_broken(books: Books, request: Request) -> Answer:
    """The server fell over while it worked: its key is answered with 500 for good, as Stripe's."""
    problem = broken()
    if request.key:
        with books.lock:
            keep(books, request, problem.status, problem.body)
            books.database.commit()
    return _said(problem.status, problem.body, request)


def failed(problem: ApiError, request: Request) -> Answer:
    """An error that comes before the call is looked at; nothing is kept."""
    return _said(problem.status, problem.body, request)


def _fingerprint(request: Request) -> str:
    params = sorted(part for part in request.body.split("&") if part)
    text = "\n".join([request.method, request.path, *params])
    return hashlib.sha256(text.encode()).hexdigest()


def _said(status: int, body: Any, request: Request, **headers: str) -> Answer:
    headers["Request-Id"] = new_id("req")
    if request.key:
        headers["Idempotency-Key"] = request.key
    return as_json(status, body, **headers)
