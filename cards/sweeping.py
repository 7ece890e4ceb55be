"""Finishing what a crash, a lost answer or a lost event left open, by asking the processor.

Each row by itself: one that fails does not stop the others. What is left under way afterwards is
told, a line for each; who waits for a client, a reader or a bank is not: that has no end yet.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from cards import attempts, gateways
from cards.events import TRIES, apply_event
from cards.gateway import Rejected, Unclear
from cards.models import Attempt, CardOnFile, CardRefund, ProcessorEvent, Transfer
from cards.on_file import forget_removed
from cards.refund_sending import settle_refund
from cards.saving_end import settle_savings
from cards.transfer_sending import settle_transfer
from salon import clock

log = logging.getLogger(__name__)

A_MINUTE = dt.timedelta(minutes=1)
"""A row that was written just now is being sent by whoever wrote it."""
FEES_COME_WITHIN = dt.timedelta(days=2)


@dataclass(frozen=True)
class Kind:
    """One kind of rows that may be under way."""

    rows: Callable[[], models.QuerySet[Any]]
    began: Callable[[Any], dt.datetime]
    """Since when it is under way; younger ones are left to who began them."""
    settle: Callable[[Any], Any]
    why_open: Callable[[Any], str]
    """Why the processor's end for it is not known, empty when that is known, or there is none."""


def sweep(older_than: dt.timedelta = A_MINUTE) -> list[str]:
    """Ask after everything that is under way; a line for each row that still is, and why."""
    return [*_lines(clock.now() - older_than), *_cards_to_forget(), *_savings()]


def _lines(since: dt.datetime) -> Iterator[str]:
    for name, kind in KINDS.items():
        for row in list(kind.rows()):
            why = _settled(kind, row) if kind.began(row) <= since else kind.why_open(row)
            if why:
                yield f"{name} {_id_of(row)}, {row}: {why}"


def _settled(kind: Kind, row: Any) -> str:
    """Settle one row; why it is still open."""
    if not gateways.connected():
        return "no card processor is connected"
    try:
        return kind.why_open(kind.settle(row))
    except (Unclear, Rejected) as error:
        return str(error)
    except Exception as error:
        log.exception("%s could not be settled", row)
        return f"{type(error).__name__}: {error}"


def _cards_to_forget() -> Iterable[str]:
    """Removed cards that the processor still keeps; one whose payment is under way waits for it."""
    removed = CardOnFile.objects.filter(removed_at__isnull=False, forgotten_at=None)
    if not removed.exists():
        return []
    kept = _quietly(forget_removed)
    return [f"removed cards: the processor still keeps {kept} of them"] if kept else []


def _savings() -> Iterable[str]:
    """Pages that keep a card wait for the client: never told as open."""
    _quietly(settle_savings)
    return []


def _quietly(act: Callable[[], int]) -> int:
    if not gateways.connected():
        return 0
    try:
        return act()
    except Exception:
        log.exception("%s failed", act.__name__)
        return 1


def _id_of(row: Any) -> str:
    return str(getattr(row, "uuid", None) or row.gateway_id)


def _open_attempts() -> models.QuerySet[Attempt]:
    return Attempt.objects.open()


def _attempt_began(attempt: Attempt) -> dt.datetime:
    """One that waits was heard of: it may be asked after at any moment."""
    is_heard = attempt.status == Attempt.Status.WAITING
    return dt.datetime.min.replace(tzinfo=dt.UTC) if is_heard else attempt.started_at


def _why_attempt_open(attempt: Attempt) -> str:
    if attempt.status == Attempt.Status.STARTED:
        return f"not known at the processor yet; canceled after {attempt.expires_at:%H:%M:%S} UTC"
    if attempt.is_open and attempt.cancel_asked_at:
        return "it was canceled here, and not yet at the processor"
    return ""


def _without_fee() -> models.QuerySet[Attempt]:
    since = clock.now() - FEES_COME_WITHIN
    return Attempt.objects.filter(
        status=Attempt.Status.SUCCEEDED, fee_entry=None, ended_at__gte=since
    )


def _why_refund_open(refund: CardRefund) -> str:
    return "not sent yet" if refund.status == CardRefund.Status.WAITING else ""


def _why_transfer_open(transfer: Transfer) -> str:
    return "not sent yet" if transfer.status == Transfer.Status.WAITING else ""


def _events_to_apply() -> models.QuerySet[ProcessorEvent]:
    to_do = (ProcessorEvent.Status.NEW, ProcessorEvent.Status.FAILED)
    return ProcessorEvent.objects.filter(status__in=to_do).order_by("id")


def _apply_again(event: ProcessorEvent) -> ProcessorEvent:
    return event if event.tries >= TRIES else apply_event(event)


def _why_event_open(event: ProcessorEvent) -> str:
    if event.status == ProcessorEvent.Status.NEW:
        return "not applied yet"
    return event.note if event.status == ProcessorEvent.Status.FAILED else ""


KINDS = {
    "attempt": Kind(_open_attempts, _attempt_began, attempts.settle, _why_attempt_open),
    "fee of": Kind(_without_fee, lambda row: row.ended_at, attempts.settle, lambda row: ""),
    "refund": Kind(
        CardRefund.objects.under_way, lambda row: row.asked_at, settle_refund, _why_refund_open
    ),
    "transfer": Kind(
        lambda: Transfer.objects.filter(status=Transfer.Status.WAITING),
        lambda row: row.asked_at,
        settle_transfer,
        _why_transfer_open,
    ),
    "event": Kind(_events_to_apply, lambda row: row.received_at, _apply_again, _why_event_open),
}
