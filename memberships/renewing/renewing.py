"""Renewing: whatever is due by now, on any number of workers at once, killed at any point.

    what is due        a batch of ids at a time (due.py)
    each of them       under its own lock, where nobody else has it: the period and its attempt,
                       and the membership's next place in the schedule, in one transaction
                       (beginning.py)
    the card           asked outside of it; what it says ends the attempt, and the period with it

So whatever was done stays done, and is not due any more. What was cut off between the transaction
and the card is an open attempt: it is canceled at the processor by the cards' own sweep, and then
the period is tried again at once (failing.py).
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from memberships.models import Membership, Period
from memberships.renewing import due
from memberships.renewing.beginning import Begun, begin_renewal, begin_retry, sent
from salon import clock

log = logging.getLogger(__name__)

Status = Period.Status
Say = Callable[[str], object]


_SAID = {
    "waiting": "waiting for an answer",
    "retried": "of these tried before",
    "noticed": "told beforehand",
    "troubles": "could not be done",
}


@dataclass
class Renewed:
    """What one run did. Periods, but for `ended`, `resumed` and `noticed`: memberships."""

    charged: int = 0
    retried: int = 0
    """Of those that were paid, so many had failed before."""
    failed: int = 0
    waiting: int = 0
    """The processor has not answered yet: its answer, or the sweep, ends them."""
    skipped: int = 0
    ended: int = 0
    resumed: int = 0
    noticed: int = 0
    troubles: int = 0
    """Could not be done, each in the log: the next run tries them again."""

    def __str__(self) -> str:
        said = [f"{many} {_SAID.get(name, name)}" for name, many in vars(self).items() if many]
        return ", ".join(said) or "nothing was due"

    def count(self, period: Period) -> None:
        """Add how a period stands that a card was asked for."""
        if period.status == Status.PAID:
            self.charged += 1
            self.retried += period.tries > 1
        elif period.status == Status.CHARGING:
            self.waiting += 1
        else:
            self.failed += 1


def renew_due(
    *, now: dt.datetime | None = None, say: Say | None = None, batch: int = 200
) -> Renewed:
    """End, resume, charge, try again and tell of charges, as far as due. Never in a transaction.

    Any number of workers at once, killed anywhere, run again, run late. One membership's trouble
    stops no other's. `now` says what is due; what is done is done by the clock. `say` is given a
    line after each batch. One renewal takes so many queries however many memberships there are.
    """
    run = _Run(now or clock.now(), say or (lambda line: None), batch)
    run.everything()
    return run.done


def renew(membership: Membership, *, now: dt.datetime | None = None) -> Period | None:
    """Charge one membership's period that has begun; None where none is due, or somebody else is at
    it. Never inside a transaction.
    """
    found = begin_renewal(membership.pk, now or clock.now())
    return sent(found) if found else None


BeginOne = Callable[[int, dt.datetime], Begun | None]


class _Run:
    def __init__(self, now: dt.datetime, say: Say, batch: int) -> None:
        self.now, self.say, self.batch = now, say, batch
        self.done = Renewed()

    def everything(self) -> None:
        """In this order: what ends today is not charged, what resumes today is."""
        from memberships.changing.ending import end_due
        from memberships.changing.pausing import resume_due
        from memberships.own.noticing import notice_due

        self._count(_finish_cards)
        self.done.ended = self._count(end_due, self._trouble)
        self.done.resumed = self._count(resume_due, self._trouble)
        days = due.Days(self.now)
        self._each(due.renewals(days), begin_renewal)
        self._each(due.retries(days), begin_retry)
        self.done.noticed = self._count(notice_due)

    def _count(self, act: Callable[..., int], *more: object) -> int:
        try:
            return act(self.now, *more)
        except Exception:
            log.exception("%s failed", act.__name__)
            self._trouble()
            return 0

    def _trouble(self) -> None:
        self.done.troubles += 1

    def _each(self, rows: QuerySet[Any], begin_one: BeginOne) -> None:
        many, looked_at = rows.count(), 0
        for ids in due.batches(rows, self.batch):
            for pk in ids:
                self._one(pk, begin_one)
            looked_at += len(ids)
            self.say(f"{looked_at} of {max(many, looked_at)}: {self.done}")

    def _one(self, pk: int, begin_one: BeginOne) -> None:
        try:
            found = begin_one(pk, self.now)
            if found is not None:
                self.done.skipped += found.skipped
                self.done.count(sent(found))
        except Exception:
            log.exception("%s of %s failed", begin_one.__name__, pk)
            self._trouble()


def _finish_cards(now: dt.datetime) -> int:
    """Cards that clients typed on their own pages, and did not come back from."""
    from memberships.changing.cards import finish_due

    return finish_due()
