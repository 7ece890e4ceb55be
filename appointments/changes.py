"""Who is asked before a visit ends, moves or changes hands: upper apps register themselves here.

An app that has something at stake in a visit (an open sale, a deposit) calls `ask` in its
AppConfig.ready(), with up to four functions, called in this order:

    prompt(change, data)   the sheet is drawn: a partial with questions of the app, or None
    first(appointment)     the act begins: lock what comes before a visit (sales), nothing else
    function(change)       the visit is locked and not yet written: refuse, or write along
    told(change)           it is done and committed: what the page after it says of the app's part

`function` may raise `Refused`, with words for the desk, and the change does not happen; or write
what has to go with the change, in the same transaction. What the person chose on the app's partial
arrives in `change.answers`, by the names of its fields.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

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


@dataclass(frozen=True)
class Prompt:
    """An app's part of the sheet: a template included inside the sheet's own form."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    is_question: bool = True
    """False for what is only said: nobody is stopped to read it."""


Data = Mapping[str, Any] | None
Asked = Callable[[Change], None]
First = Callable[[Appointment], None]
Prompting = Callable[[Change, Data], Prompt | None]
Telling = Callable[[Change], Sequence[str]]


@dataclass(frozen=True)
class _Asker:
    function: Asked
    first: First | None = None
    prompt: Prompting | None = None
    told: Telling | None = None


_asked: dict[str, _Asker] = {}


def ask(
    name: str,
    function: Asked,
    *,
    first: First | None = None,
    prompt: Prompting | None = None,
    told: Telling | None = None,
) -> None:
    """Register who is asked. `name` is the app's own; registering again replaces."""
    _asked[name] = _Asker(function, first, prompt, told)


def forget(name: str) -> None:
    """Take an app out again."""
    _asked.pop(name, None)


def prepare(appointment: Appointment) -> None:
    """Every verb that changes a visit calls this in its transaction, before it locks the visit.

    Upper apps lock here what has to be locked before a visit (its sales), so that nobody waits in
    a ring. The rows may change until the visit is locked: nothing is decided here.
    """
    for asker in _in_order():
        if asker.first is not None:
            asker.first(appointment)


def announce(change: Change) -> None:
    """Ask everybody, by name. The first `Refused` stops the change."""
    for asker in _in_order():
        asker.function(change)


def prompts(
    kind: Kind,
    appointment: Appointment,
    desk: Desk,
    data: Data = None,
    *,
    starts_at: dt.datetime | None = None,
    client: Client | None = None,
) -> list[Prompt]:
    """What the apps ask on the sheet of this change, by name; empty when nobody asks anything.

    `data` is what was typed so far (request.POST, or None for a fresh sheet): it is shown again.
    """
    change = Change(kind, appointment, desk, starts_at, client)
    asked = (asker.prompt(change, data) for asker in _in_order() if asker.prompt is not None)
    return [prompt for prompt in asked if prompt is not None]


def outcomes(change: Change) -> list[str]:
    """After a change: what each app's part of it came to, in sentences, by name.

    `change` as it was announced: the visit as it was before, and the answers of the sheet.
    """
    return [words for asker in _in_order() if asker.told for words in asker.told(change)]


def _in_order() -> list[_Asker]:
    return [_asked[name] for name in sorted(_asked)]
