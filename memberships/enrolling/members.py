"""Whether somebody may become a member of a plan: once at a time."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from checkout.models import Order
from clients.models import Client
from memberships.models import Enrolment, Membership, Period, Plan


def why_not_again(client: Client, plan: Plan, besides: Enrolment | None = None) -> str:
    """Why this client cannot enrol in this plan: they are a member, or about to be. Three queries.

    `besides`: an enrolment that does not count, since it is the one that is about to start.
    """
    if why_not := member_already(client, plan):
        return why_not
    selling = waiting_at_a_desk(client, plan)
    if besides is not None:
        selling = selling.exclude(pk=besides.pk)
    if found := selling.select_related("line__order").first():
        assert found.line is not None  # nosec B101 - at a desk it has one
        return f"{plan} for {client.name} is on sale #{found.line.order.number} already."
    return ""


def is_member(client: Client, plan: Plan, besides: Membership) -> bool:
    """Whether they are a member of it by another membership than this. One query."""
    held = Membership.objects.standing().filter(client=client.survivor_id, plan=plan)
    return held.exclude(pk=besides.pk).exists()


def member_already(client: Client, plan: Plan, besides: Membership | None = None) -> str:
    """Why they cannot be members of it once more: they are, or will be from a charge on, be
    it one of these days or one that is under way. One query.

    `besides`: a membership that does not count, since it is the one that changes.
    """
    held = Membership.objects.standing().filter(client=client.survivor_id)
    if besides is not None:
        held = held.exclude(pk=besides.pk)
    paying = Period.objects.filter(
        membership=OuterRef("pk"), plan=plan, step__gt=0, status=Period.Status.CHARGING
    )
    theirs = held.filter(Q(plan=plan) | Q(next_plan=plan) | Exists(paying))
    found = set(theirs.values_list("plan", flat=True))
    if plan.pk in found:
        return f"{client.name} is a member of {plan} already."
    return f"Another membership of {client.name}’s becomes {plan} already." if found else ""


def waiting_at_a_desk(client: Client, plan: Plan) -> QuerySet[Enrolment]:
    """Enrolments of theirs in it that stand on an open sale."""
    return Enrolment.objects.filter(
        status=Enrolment.Status.WAITING,
        client=client.survivor_id,
        plan=plan,
        line__order__status=Order.Status.OPEN,
    )
