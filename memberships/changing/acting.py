"""How each act begins: who may do it, the membership locked, the day it is where it was sold."""

from __future__ import annotations

from checkout.locking import require
from memberships.errors import as_refused
from memberships.locking import lock_membership
from memberships.models import Membership
from salon import permissions
from salon.desk import Desk


def allow(desk: Desk, doing: str, permission: str = permissions.MANAGE_MEMBERSHIPS) -> None:
    """Refuse unless whoever stands at the desk may do this, or the program does it by itself."""
    with as_refused():
        require(desk, permission, doing)


def locked_at(membership: Membership, desk: Desk) -> tuple[Membership, Desk]:
    """The membership, locked, and the desk as if it stood where the membership was sold.

    Days are that location's, and so is what is charged and posted. One query.
    """
    locked = lock_membership(membership)
    return locked, Desk(
        staff=desk.staff, location=locked.location, at=desk.at, by_itself=desk.by_itself
    )
