"""What the processor tells by itself: each event is kept as it came, then applied once or more.

    events.on("payout.paid", note_paid)         # in AppConfig.ready()

A handler is given the event's row, runs outside of any transaction, and may be called again with
the same event, or with events in any order: it looks at how things stand, or notes a fact. It
raises NotOurs for what this program has no row for; anything else that it raises leaves the event
FAILED, and the sweep tries again.
"""

import logging
from collections import defaultdict
from collections.abc import Callable

from django.db.models import F

from cards.gateway import Event, Unclear
from cards.models import ProcessorEvent
from salon import clock

log = logging.getLogger(__name__)

Handler = Callable[[ProcessorEvent], None]
TRIES = 30
"""So often the sweep applies an event that fails; after that somebody has to look."""
_Status = ProcessorEvent.Status


class NotOurs(Exception):
    """The event is about nothing that this program knows; str() says what, for the admin."""


_handlers: dict[str, list[Handler]] = defaultdict(list)


def on(kind: str, *handlers: Handler) -> None:
    """Have events of this type handled. Several may ask for one type: each takes its own."""
    _handlers[kind] += [handler for handler in handlers if handler not in _handlers[kind]]


def receive(event: Event) -> ProcessorEvent:
    """Keep an event, whose signature was checked, and apply it. One that was kept before is not.

    Never inside a transaction.
    """
    row, is_new = ProcessorEvent.objects.get_or_create(
        gateway_id=event.id,
        defaults={
            "type": event.type[:80],
            "happened_at": event.at,
            "received_at": clock.now(),
            "object": dict(event.object),
        },
    )
    return apply_event(row) if is_new else row


def apply_event(row: ProcessorEvent) -> ProcessorEvent:
    """Apply it, again where it was applied before. Never inside a transaction."""
    notes = []
    status = _Status.IGNORED
    try:
        for handler in _handlers.get(row.type, ()):
            try:
                handler(row)
                status = _Status.APPLIED
            except NotOurs as error:
                notes.append(str(error))
    except Unclear as error:
        return _noted(row, _Status.FAILED, f"No answer from the processor: {error}")
    except Exception as error:
        log.exception("event %s (%s) could not be applied", row.gateway_id, row.type)
        return _noted(row, _Status.FAILED, f"{type(error).__name__}: {error}", tries=1)
    return _noted(row, status, "" if status == _Status.APPLIED else " ".join(notes))


def _noted(row: ProcessorEvent, status: str, note: str, tries: int = 0) -> ProcessorEvent:
    """Write down how it went. Another hand may have applied it meanwhile: that stands."""
    standing = ProcessorEvent.objects.filter(pk=row.pk)
    if status == _Status.FAILED:
        standing = standing.exclude(status=_Status.APPLIED)
    applied_at = clock.now() if status == _Status.APPLIED else None
    standing.update(status=status, note=note[:300], applied_at=applied_at, tries=F("tries") + tries)
    row.refresh_from_db()
    return row
