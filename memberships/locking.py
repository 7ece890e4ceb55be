"""One membership, one writer at a time. It is locked after sales and before card attempts."""

import uuid as uuids

from memberships.models import Enrolment, Membership, Period
from salon.waiting import locked_row

_WITH = ("client__merged_into", "location", "plan", "next_plan", "card", "tax_rate")


def lock_membership(membership: Membership) -> Membership:
    """The membership as it is now, locked until the transaction ends. One query."""
    rows = Membership.objects.select_for_update(of=("self",)).select_related(*_WITH)
    return locked_row(rows, pk=membership.pk)


def lock_if_free(pk: int) -> Membership | None:
    """The membership as it is now, locked; None where somebody else is at it. One query."""
    rows = Membership.objects.select_for_update(of=("self",), skip_locked=True)
    return rows.select_related(*_WITH).filter(pk=pk).first()


def lock_period(uuid: uuids.UUID | str) -> Period:
    """The period as it is now, with its membership; both are locked. Two queries.

    DoesNotExist where there is none.
    """
    memberships = Membership.objects.select_for_update(of=("self",)).select_related(*_WITH)
    locked = locked_row(memberships, periods__uuid=uuid)  # A period is never another's.
    rows = Period.objects.select_for_update(of=("self",)).select_related(
        "plan", "tax_rate", "order"
    )
    period = locked_row(rows, uuid=uuid)
    period.membership = locked
    return period


def lock_enrolment(uuid: uuids.UUID | str) -> Enrolment:
    """The enrolment as it is now, locked. DoesNotExist where there is none. One query."""
    rows = Enrolment.objects.select_for_update(of=("self",))
    related = rows.select_related(
        "client__merged_into", "location", "plan", "card", "tax_rate", "order"
    )
    return locked_row(related, uuid=uuid)
