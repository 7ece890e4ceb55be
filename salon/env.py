"""Every environment variable that the program reads, declared once.

The table below is what docs/settings.md is compared with; reading a name that is not in it is an
error. Only the standard library is used here, so that the tools that run before anything is
installed can read the same table.
"""

from __future__ import annotations

import os
from typing import NamedTuple


class Variable(NamedTuple):
    """One environment variable: its default as one would type it, and what it is for."""

    name: str
    default: str
    help: str


class MissingVariableError(Exception):
    """A variable without which the program cannot start is empty; the message names it."""


_DECLARED = [
    Variable("DEBUG", "0", "Development mode: error pages with details, no security redirects."),
    Variable("DEMO", "0", "The demo salon: e-mail goes to /outbox/, demo logins exist."),
    Variable("SECRET_KEY", "", "Signs sessions and links. Required unless DEBUG is on."),
    Variable(
        "PUBLIC_URL", "http://127.0.0.1:8000", "The address people type; with https HSTS is on."
    ),
    Variable("ALLOWED_HOSTS", "", "Host names served, comma separated. Empty: PUBLIC_URL's."),
    Variable("HOST", "127.0.0.1", "The address gunicorn listens on."),
    Variable("PORT", "8000", "The port gunicorn listens on."),
    Variable(
        "FORWARDED_ALLOW_IPS",
        "127.0.0.1",
        "Proxies whose X-Forwarded-Proto and X-Forwarded-For are believed.",
    ),
    Variable("WEB_WORKERS", "2", "Processes of gunicorn."),
    Variable("WEB_THREADS", "4", "Threads in each process of gunicorn."),
    Variable("DATABASE_URL", "", "The web's login to PostgreSQL. Empty: the server under var/."),
    Variable("DATABASE_OWNER_URL", "", "The owner's login, used by migrate alone."),
    Variable("DATABASE_ROLE", "web", "Which login this process uses; set by manage.py."),
    Variable("DATABASE_POOL_SIZE", "8", "Connections each process keeps at most; 0: no pool."),
    Variable(
        "DATABASE_PREPARED_STATEMENTS",
        "1",
        "Bind parameters in the server and prepare statements; turn off behind a pooler that "
        "shares connections between transactions.",
    ),
    Variable("SALON_PG_BIN", "", "Folder with initdb, pg_ctl, psql for the server under var/."),
    Variable("TIME_ZONE", "America/New_York", "Zone of new locations and of the admin."),
    Variable("CURRENCY", "USD", "The business's currency, an ISO 4217 code."),
    Variable("PHONE_REGION", "US", "Country of phone numbers typed without a country code."),
    Variable("EMAIL_HOST", "", "SMTP server. Empty: the outbox in the demo, else this machine."),
    Variable("EMAIL_PORT", "587", "Port of the SMTP server."),
    Variable("EMAIL_HOST_USER", "", "Login at the SMTP server."),
    Variable("EMAIL_HOST_PASSWORD", "", "Password at the SMTP server."),
    Variable("EMAIL_USE_TLS", "1", "STARTTLS at the SMTP server."),
    Variable("EMAIL_FROM", "salon@localhost", "From address of what the program sends."),
    Variable("STRIPE_SECRET_KEY", "", "Key of the card processor. Empty: cards are recorded only."),
    Variable("STRIPE_WEBHOOK_SECRET", "", "Signs the processor's events; comes with the key."),
    Variable("STRIPE_API_BASE", "https://api.stripe.com", "Another address: the demo's alone."),
    Variable("LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR."),
]

VARIABLES: dict[str, Variable] = {variable.name: variable for variable in _DECLARED}


def text(name: str) -> str:
    """The variable as text, its declared default when unset."""
    return os.environ.get(name, "").strip() or VARIABLES[name].default


def required(name: str) -> str:
    """The variable as text; MissingVariableError, saying what it is for, when it is empty."""
    value = text(name)
    if not value:
        raise MissingVariableError(f"{name} is not set. {VARIABLES[name].help}")
    return value


def flag(name: str) -> bool:
    """True for 1, true, yes or on."""
    return text(name).lower() in {"1", "true", "yes", "on"}


def number(name: str) -> int:
    """The variable as a whole number."""
    return int(text(name))


def listing(name: str) -> list[str]:
    """A comma separated list, empty parts dropped."""
    return [part.strip() for part in text(name).split(",") if part.strip()]
