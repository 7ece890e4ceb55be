"""What was changed last about a membership, for its member: the history is the desk's."""

from memberships.models import Event, Membership

_CHANGES = (
    Event.Kind.PLAN,
    Event.Kind.CARD,
    Event.Kind.PAUSED,
    Event.Kind.RESUMED,
    Event.Kind.KEPT,
)


def change_said(membership: Membership) -> str:
    """Resumed; the next charge is on Dec 2, 2026. Empty of a pause: how it stands says that, and
    why it was paused is not for its member. One query.
    """
    last = membership.events.filter(kind__in=_CHANGES).order_by("-id").first()
    if last is None or last.kind == Event.Kind.PAUSED:
        return ""
    return last.text.replace(" by the client", "")
