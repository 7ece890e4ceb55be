"""Rows with all that an e-mail says of them."""

from memberships.models import Membership, Period
from memberships.own.page import OwnPage

WITH = ("client__merged_into", "plan", "next_plan", "card", "location", "tax_rate", "enrolment")


def page_of(uuid: str) -> OwnPage | None:
    """What its member sees of it; None where it is gone. One query."""
    membership = Membership.objects.select_related(*WITH).filter(uuid=uuid).first()
    return OwnPage(membership) if membership else None


def period_of(uuid: str) -> Period | None:
    """The period, with all of its membership. Two queries."""
    period = Period.objects.select_related("plan", "tax_rate").filter(uuid=uuid).first()
    if period:
        period.membership = Membership.objects.select_related(*WITH).get(pk=period.membership_id)
    return period
