"""What happened to a membership, as the desk reads it."""

import datetime as dt

from memberships.models import Event, Membership
from salon.models import StaffMember, Till

_LONGEST = 300


def write(
    membership: Membership,
    kind: str,
    text: str,
    *,
    at: dt.datetime,
    by: StaffMember | None = None,
    till: Till | None = None,
) -> Event:
    """Add to the history. `by` is empty for the program, and for the client online. One query.

    `till`: where somebody stood who did it at the desk.
    """
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST - 1]}…"
    return Event.objects.create(
        membership=membership, kind=kind, text=text, at=at, by=by, till=till
    )
