"""E-mailing a client's statement: a job is queued with the desk's answer, the worker writes it."""

import datetime as dt
import uuid as uuids

from procrastinate.contrib.django.models import ProcrastinateJob

from clients.models import Client
from ledger.client_statement import client_statement
from ledger.tasks import email_statement
from salon import said
from salon.desk import Desk
from salon.jobs import ask_once
from salon.letters import letter
from salon.models import Location

QUEUE = "statements"


def queue_statement(
    *, client: Client, start: dt.date, end: dt.date, to: str, desk: Desk, uuid: uuids.UUID
) -> None:
    """Have the statement of these days sent to an address, with the desk's location above it.

    The same form (`uuid`) sent twice sends one e-mail, for as long as jobs are kept.
    """
    asked = ProcrastinateJob.objects.filter(task_name=email_statement.name, args__uuid=str(uuid))
    if asked.exists():
        return
    ask_once(
        email_statement,
        lock=f"statement:{uuid}",
        queue=QUEUE,
        uuid=str(uuid),
        client=client.pk,
        start=start.isoformat(),
        end=end.isoformat(),
        to=to,
        location=desk.location.pk,
        by=str(desk.staff or ""),
    )


def send_statement(*, client: Client, start: dt.date, end: dt.date, to: str, at: Location) -> None:
    """Send it now, as plain text and as HTML, with what is true by now."""
    found = client_statement(client, start, end)
    days = f"{start:%b} {start.day}, {start.year} to {end:%b} {end.day}, {end.year}"
    context = {
        "statement": found,
        "days": days,
        "location": at,
        "closing": said.balance(found.closing),
        "opening": said.balance(found.opening),
    }
    title = f"Your account, {days}"
    letter("statement", context, title=title, to=to, at=at).send()
