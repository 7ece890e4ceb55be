"""The demo's e-mail: nothing is sent, every message becomes a file, /outbox/ shows them."""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMessage
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

NAME = re.compile(r"\d{8}T\d{12}-[0-9a-f]{8}")
SHOWN = 200


class EmailBackend(BaseEmailBackend):
    """Writes each message to OUTBOX_DIR as an .eml file, named by the moment of sending."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many were written; all of them."""
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:8]}"
            (folder / f"{name}.eml").write_bytes(message.message().as_bytes())
        return len(email_messages)


@dataclass(frozen=True)
class Mail:
    """One message as the outbox shows it; `html` is empty when it has only text."""

    name: str
    sent_at: datetime
    sender: str
    to: str
    subject: str
    text: str
    html: str


def newest_mails() -> list[Mail]:
    """The newest messages first, at most 200."""
    paths = sorted(_folder().glob("*.eml"), reverse=True)[:SHOWN]
    return [_read(path) for path in paths if NAME.fullmatch(path.stem)]


def mail_named(name: str) -> Mail | None:
    """One message; None when there is none of that name."""
    path = _folder() / f"{name}.eml"
    return _read(path) if NAME.fullmatch(name) and path.exists() else None


def _folder() -> Path:
    return Path(settings.OUTBOX_DIR)


def _read(path: Path) -> Mail:
    parsed = message_from_bytes(path.read_bytes(), policy=policy.default)
    return Mail(
        name=path.stem,
        sent_at=datetime.strptime(path.stem[:21], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC),
        sender=str(parsed["From"] or ""),
        to=str(parsed["To"] or ""),
        subject=str(parsed["Subject"] or ""),
        text=_body(parsed, "plain"),
        html=_body(parsed, "html"),
    )


def _body(parsed: ParsedMessage, kind: str) -> str:
    part = parsed.get_body(preferencelist=(kind,))
    return _with_pictures(str(part.get_content()), parsed) if part else ""


def _with_pictures(html: str, parsed: ParsedMessage) -> str:
    """A mail program shows the message's own pictures (cid:…); the frame knows data: only."""
    for part in parsed.walk():
        name = str(part["Content-ID"] or "").strip("<>")
        if name and part.get_content_maintype() == "image":
            payload = part.get_payload(decode=True)
            picture = base64.b64encode(payload if isinstance(payload, bytes) else b"").decode()
            html = html.replace(f"cid:{name}", f"data:{part.get_content_type()};base64,{picture}")
    return html
