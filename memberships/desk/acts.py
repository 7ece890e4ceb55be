"""What the desk may do with a membership: each act a button, a dialog with its quote, one verb.

An act is a small class, registered below; the page, the menu and the dialog (views/desk_acts.py)
name none of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages

from memberships.changing.quotes import Quote
from memberships.desk.forms import ActForm
from memberships.models import Membership
from salon import permissions
from salon.desk import Desk
from salon.models import StaffMember


@dataclass(frozen=True)
class Done:
    """What came of it, in words; `level` is one of Django's for messages."""

    text: str
    level: int = messages.SUCCESS


class Act(ABC):
    """One act. Stateless; one instance of each."""

    code: ClassVar[str]
    """In its address."""
    label: ClassVar[str]
    icon: ClassVar[str]
    template: ClassVar[str] = "memberships/_act_plain.html"
    """The dialog's inside, between its title and its button."""
    form: ClassVar[type[ActForm]] = ActForm
    permission: ClassVar[str] = permissions.MANAGE_MEMBERSHIPS
    is_danger: ClassVar[bool] = False
    leave: ClassVar[str] = "Leave it as it is"
    """The button that does nothing."""

    @abstractmethod
    def is_offered(self, membership: Membership) -> bool:
        """Whether it makes sense as the membership stands. No queries."""

    @abstractmethod
    def quote(self, membership: Membership, asked: Mapping[str, Any], desk: Desk) -> Quote | None:
        """What it would come to; None while the dialog still has to ask something first.

        `desk` stands where the membership was sold: its day counts.
        """

    def shows(self, membership: Membership, asked: Mapping[str, Any], desk: Desk) -> dict[str, Any]:
        """What its template needs besides."""
        return {}

    @abstractmethod
    def do(self, membership: Membership, form: Any, desk: Desk, quote: Quote) -> Done:
        """Call the verb. Raises Refused. Never in a transaction."""


_acts: dict[str, Act] = {}


def register(*acts: Act) -> None:
    """Offer these, after those already there."""
    for act in acts:
        _acts[act.code] = act


def act_named(code: str) -> Act | None:
    return _acts.get(code)


def acts_for(membership: Membership, staff: StaffMember) -> list[Act]:
    """What this person may do with it now, in order. Asks only for permissions."""
    return [
        act
        for act in _acts.values()
        if act.is_offered(membership) and staff.has_perm(act.permission)
    ]
