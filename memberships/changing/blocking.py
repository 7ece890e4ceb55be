"""Why an act cannot be done as a membership stands, in the desk's words; empty where it can."""

from memberships.enrolling.words import day_said
from memberships.models import Membership, Period

CHARGING = "The card is being charged at this moment. Wait until that has ended."


def ended(membership: Membership) -> str:
    if membership.ended_on is None:
        return ""
    return f"This membership ended on {day_said(membership.ended_on)}."


def owed(membership: Membership) -> str:
    if not membership.owes_a_period:
        return ""
    return "A charge failed and is still owed. Have it paid first, or let it go."


def paused(membership: Membership) -> str:
    is_paused = membership.status == Membership.Status.PAUSED
    return "This membership is paused. Resume it first." if is_paused else ""


def canceled(membership: Membership) -> str:
    if membership.ends_on is None:
        return ""
    ends = day_said(membership.ends_on)
    return f"This membership is canceled and ends on {ends}. Take that back first."


def charging(membership: Membership) -> str:
    """One query."""
    charges = Period.objects.filter(membership=membership, status=Period.Status.CHARGING)
    return CHARGING if charges.exists() else ""


def first_of(*reasons: str) -> str:
    """The first that is one."""
    return next(filter(None, reasons), "")
