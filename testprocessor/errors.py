"""Answers that are no success, in Stripe's words and shape."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """An error answer. `is_kept`: the endpoint had begun to work, so its key replays the answer."""

    def __init__(self, status: int, error: dict[str, Any], *, is_kept: bool) -> None:
        super().__init__(error.get("message", ""))
        self.status = status
        self.body = {"error": {name: value for name, value in error.items() if value}}
        self.is_kept = is_kept


def invalid(message: str, param: str = "", code: str = "") -> ApiError:
    """Parameters that do not pass: nothing was done, and the key may be used again."""
    error = {"type": "invalid_request_error", "message": message, "param": param, "code": code}
    return ApiError(400, error, is_kept=False)


def missing(kind: str, wanted: str) -> ApiError:
    """No such thing."""
    error = {
        "type": "invalid_request_error",
        "code": "resource_missing",
        "message": f"No such {kind}: '{wanted}'",
        "param": "id",
    }
    return ApiError(404, error, is_kept=False)


def refused(message: str, code: str = "", **more: Any) -> ApiError:
    """The thing is not in a state for that. The answer is kept for its key."""
    error = {"type": "invalid_request_error", "message": message, "code": code, **more}
    return ApiError(400, error, is_kept=True)


def unauthorized(message: str) -> ApiError:
    """A key that is none, or not for tests."""
    error = {"type": "invalid_request_error", "message": message}
    return ApiError(401, error, is_kept=False)


def broken() -> ApiError:
    """The answer of a server that fell over."""
    error = {"type": "api_error", "message": "An unknown error occurred."}
    return ApiError(500, error, is_kept=True)


def too_many() -> ApiError:
    """Asked too often; nothing was done."""
    error = {"type": "invalid_request_error", "code": "rate_limit", "message": "Too many requests."}
    return ApiError(429, error, is_kept=False)


def key_reused(key: str) -> ApiError:
    """One key, two different requests."""
    message = (
        "Keys for idempotent requests can only be used with the same parameters they were "
        f"first used with. Try using a key other than '{key}' if you meant to execute a different "
        "request."
    )
    return ApiError(400, {"type": "idempotency_error", "message": message}, is_kept=False)
