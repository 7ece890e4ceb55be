"""Who is asked before a visit is canceled or moved: upper apps register themselves here.

An app that has something at stake in a visit (an open sale, a deposit) calls `ask` in its
AppConfig.ready(). It is then called inside the transaction of the change, with the visit locked and
not yet written. It may raise `Refused`, with words for the desk, and the change does not happen; or
write what has to go with the change, in the same transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from appointments.models import Appointment
from clients.models import Client
from salon.desk import Desk


class Kind(StrEnum):
    CANCELED = "canceled"
    NO_SHOW = "no_show"
    LATE = "late"
    MOVED = "moved"
    CLIENT = "client"
    """It becomes somebody else's."""


@dataclass(frozen=True)
class Change:
    """What is about to happen to a visit. `appointment` still says how it was."""

    kind: Kind
    appointment: Appointment
    desk: Desk
    starts_at: dt.datetime | None = None
    """The new start, when it is moved."""
    client: Client | None = None
    """Whose it becomes, when its client changes."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """What the person chose about it on the sheet, by the names that the asked app gave."""


Asked = Callable[[Change], None]
_asked: dict[str, Asked] = {}


def ask(name: str, function: Asked) -> None:
    """Register who is asked. `name` is the app's own; registering again replaces."""
    _asked[name] = function


def forget(name: str) -> None:
    """Take an app out again."""
    _asked.pop(name, None)


def announce(change: Change) -> None:
    """Ask everybody, by name. The first `Refused` stops the change."""
    for name in sorted(_asked):
        _asked[name](change)
