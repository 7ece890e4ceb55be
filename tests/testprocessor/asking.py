"""Plain HTTP with a test processor, past the gateway: what the API itself answers."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlencode, urlsplit

FORM = "application/x-www-form-urlencoded"


def ask(
    url: str,
    method: str,
    path: str,
    params: dict[str, str] | None = None,
    *,
    key: str = "",
    token: str = "sk_test_x",
) -> tuple[int, Any, dict[str, str]]:
    """Status, body and headers of one call of the API, in Stripe's form encoding."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": FORM}
    if key:
        headers["Idempotency-Key"] = key
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.request(method, path, urlencode(params or {}), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read()), dict(answer.getheaders())
    finally:
        connection.close()


def look(url: str) -> tuple[int, str]:
    """Status and text of a page."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    try:
        connection.request("GET", parts.path or "/")
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()
