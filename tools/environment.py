"""The environment of the demo: what is not said is filled in for the server under var/."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping

from tools import VAR, ToolError, postgres, processor


def demo_environment(given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What to add to `given` so that the program starts on this machine without being told more.

    With DATABASE_URL nothing of our database is used; DATABASE_OWNER_URL has to come with it. With
    any STRIPE_ variable, or without DEMO, there is no test processor.
    """
    added = {"SECRET_KEY": _secret_key(), "DEMO": "1"}
    if not given.get("DATABASE_URL"):
        added |= postgres.urls()
    elif not given.get("DATABASE_OWNER_URL"):
        raise ToolError(
            "DATABASE_URL is set and DATABASE_OWNER_URL is not. The ledger is protected by two "
            "logins: the web's, and the owner's that migrate uses. Set both, or neither."
        )
    host, port = given.get("HOST") or "127.0.0.1", given.get("PORT") or "8000"
    if not given.get("PUBLIC_URL"):
        added |= _address(host, port)
    if processor.is_wanted(given):
        public_url = given.get("PUBLIC_URL") or added["PUBLIC_URL"]
        added |= processor.environment(host, int(port), public_url)
    return {name: value for name, value in added.items() if not given.get(name)}


def _address(host: str, port: str) -> dict[str, str]:
    """Where people find it; on all interfaces the demo answers to any name."""
    if host in {"0.0.0.0", "::"}:  # nosec B104
        return {"PUBLIC_URL": f"http://127.0.0.1:{port}", "ALLOWED_HOSTS": "*"}
    return {"PUBLIC_URL": f"http://{host}:{port}"}


def _secret_key() -> str:
    """A key of this copy of the project, made once and readable by its user only."""
    path = VAR / "secret_key"
    if not path.exists():
        VAR.mkdir(exist_ok=True)
        with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(50))
    return path.read_text()
