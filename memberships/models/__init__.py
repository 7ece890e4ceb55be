"""The app's rows, by what they are about."""

from memberships.models.enrolments import Enrolment
from memberships.models.memberships import CardChange, Event, Membership, Pause
from memberships.models.periods import Period
from memberships.models.plans import Every, Plan, Terms
from memberships.models.settings import MembershipSettings, Missed

__all__ = [
    "CardChange",
    "Enrolment",
    "Event",
    "Every",
    "Membership",
    "MembershipSettings",
    "Missed",
    "Pause",
    "Period",
    "Plan",
    "Terms",
]
