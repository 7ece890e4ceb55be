"""The test processor of `make run`: where it is, its keys, and how it is started.

It stands in where no processor is named, in the demo alone. Its books are under var/.
"""

from __future__ import annotations

import os
import secrets
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from tools import VAR, ToolError

HOME = VAR / "testprocessor"
EVERYWHERE = {"0.0.0.0", "::"}  # nosec B104
EVENTS_PATH = "/cards/events/"
_OFF = {"0", "false", "no", "off"}
_PORTS = 20


def is_wanted(given: Mapping[str, str]) -> bool:
    """True in a demo that names no processor of its own."""
    if (given.get("DEMO") or "1").lower() in _OFF:
        return False
    return not any(name.startswith("STRIPE_") and value for name, value in given.items())


def environment(host: str, port: int, public_url: str, home: Path = HOME) -> dict[str, str]:
    """Its address and keys, as the program's settings name them; nothing is started."""
    return {
        "STRIPE_SECRET_KEY": _kept(home / "key", "sk_test_"),
        "STRIPE_WEBHOOK_SECRET": _kept(home / "webhook_secret", "whsec_"),
        "STRIPE_API_BASE": f"http://{_name(host, public_url)}:{_port(port, home)}",
    }


def choose_port(host: str, port: int, home: Path = HOME) -> None:
    """Take the first free port after the web's; commands run beside it read which it was."""
    for candidate in range(port + 1, port + 1 + _PORTS):
        if _is_free(_listens_on(host), candidate):
            home.mkdir(parents=True, exist_ok=True)
            (home / "port").write_text(str(candidate))
            return
    raise ToolError(f"No port from {port + 1} on is free for the test processor.")


def command(given: Mapping[str, str]) -> list[str]:
    """What starts it, from the program's environment."""
    base = given["STRIPE_API_BASE"]
    return [
        *(sys.executable, "-m", "testprocessor"),
        *("--host", _listens_on(given.get("HOST") or "127.0.0.1")),
        *("--port", str(urlsplit(base).port)),
        *("--public", base),
        *("--state", str(HOME / "books.db")),
        *("--webhook", given["PUBLIC_URL"].rstrip("/") + EVENTS_PATH),
        *("--secret", given["STRIPE_WEBHOOK_SECRET"]),
    ]


def _name(host: str, public_url: str) -> str:
    """The host that browsers know it by: where the web is found, if it listens everywhere."""
    return urlsplit(public_url).hostname or "127.0.0.1" if host in EVERYWHERE else host


def _listens_on(host: str) -> str:
    return "0.0.0.0" if host in EVERYWHERE else host  # nosec B104


def _port(port: int, home: Path) -> int:
    kept = home / "port"
    return int(kept.read_text()) if kept.exists() else port + 1


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _kept(path: Path, prefix: str) -> str:
    """A secret of this copy of the project, made once and readable by its user only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w") as handle:
            handle.write(prefix + secrets.token_hex(24))
    return path.read_text()
