"""What happened to a membership, as the desk reads it."""

import datetime as dt

from memberships.models import Event, Membership
from salon.models import StaffMember

_LONGEST = 300


def write(
    membership: Membership, kind: str, text: str, *, at: dt.datetime, by: StaffMember | None = None
) -> Event:
    """Add to the history. `by` is empty for the program, and for the client online. One query."""
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST - 1]}…"
    return Event.objects.create(membership=membership, kind=kind, text=text, at=at, by=by)
