"""The owner gives a plan's members its present terms, from their next charge on.

    quote = terms_quote(plan, now=clock.now())
    done = bring_up_to_date(plan=plan, desk=desk, seen=quote.stamp)

A member's `next_plan` is the plan itself then: the next charge takes over its terms as it would
those of another one, and the desk can take that back for one member.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet

from memberships.changing import blocking, history
from memberships.changing.acting import allow, locked_at
from memberships.changing.charge_words import each_said
from memberships.changing.plan_blocking import TERMS
from memberships.changing.quote import Quote
from memberships.enrolling.words import day_said, days_counted
from memberships.models import Event, Membership, MembershipSettings, Plan
from memberships.own import telling
from memberships.renewing.periods import begun
from salon import clock
from salon.desk import Desk

PERMISSION = "memberships.change_plan"
_COMPARED = 290
"""Characters of an event: a very long one was cut."""


@dataclass
class BroughtUp:
    """How many members it came to. Who has the terms, was told of them, canceled or chose another
    plan is in none of these."""

    changed: int = 0
    not_told: int = 0
    """Of those: they have no e-mail address."""
    soon: int = 0
    """Charged before the days of notice are over: that charge is by their old terms."""
    charging: int = 0
    """Their card is being asked at this moment."""


def behind(plan: Plan) -> QuerySet[Membership]:
    """Its members whose terms are not its own, and who neither canceled nor chose another plan;
    also those who get its terms with their next charge already."""
    standing = Membership.objects.standing().filter(plan=plan, ends_on=None)
    standing = standing.filter(Q(next_plan=None) | Q(next_plan=plan))
    return standing.exclude(**{field: getattr(plan, field) for field in TERMS}).order_by("pk")


def terms_quote(plan: Plan, *, now: dt.datetime) -> Quote:
    """What the act would come to. Two queries, three with a tax, and two for each member."""
    found, days = BroughtUp(), MembershipSettings.current().notice_days
    for member in behind(plan).select_related(
        "location", "client__merged_into", "enrolment", "tax_rate"
    ):
        _count(found, member, plan, clock.business_date(member.location, now), days)
    lines = [f"From the next charge on, every {plan.get_every_display()}: {each_said(plan)}."]
    if found.changed:
        lines += [
            f"{_members(found.changed)} given them, and told by e-mail what changes and when.",
            "The days of their charges and the minimum term stay as they are.",
        ]
    return Quote(
        title=f"Give members of {plan} its present terms",
        lines=[*lines, *left_said(found, days)],
        button="Give them the present terms",
        why_not="" if found.changed else "There is no member to whom they can be given now.",
    )


def bring_up_to_date(*, plan: Plan, desk: Desk, seen: str = "") -> BroughtUp:
    """Give all its members the plan's present terms from their next charge on; tell them so.

    `seen`: the stamp of the quote that the page showed. Charges nothing. Each member in a
    transaction of their own, locked: never call it in one. Killed in the middle, or once more, it
    does what is left. Raises Refused: no permission, nobody to give them to, or stale.
    """
    allow(desk, "change plans", PERMISSION)
    plan = Plan.objects.select_related("tax_rate").get(pk=plan.pk)
    terms_quote(plan, now=desk.at).check(seen)
    done, days = BroughtUp(), MembershipSettings.current().notice_days
    for pk in list(behind(plan).values_list("pk", flat=True)):
        _bring(pk, plan, desk, done, days)
    return done


def left_said(found: BroughtUp, days: int) -> list[str]:
    """Whom it does not reach, or not by e-mail: a sentence each, none for nobody."""
    told = []
    if found.not_told:
        has = "has" if found.not_told == 1 else "have"
        told.append(f"{found.not_told} of them {has} no e-mail address: tell them at the salon.")
    if found.soon:
        within = f"within {days_counted(days)}" if days else "today"
        told.append(
            f"{_members(found.soon)} charged {within} by the old terms, and left as they are: do "
            "this again afterwards."
        )
    if found.charging:
        told.append(
            f"{_members(found.charging)} being charged at this moment, and left as they are: do "
            "this again afterwards."
        )
    return told


@transaction.atomic
def _bring(pk: int, plan: Plan, desk: Desk, done: BroughtUp, days: int) -> None:
    locked, where = locked_at(Membership(pk=pk), desk)
    # Whatever happened to it since it was listed: only who is behind still is given them.
    if not behind(plan).filter(pk=pk).exists():
        return
    if not _count(done, locked, plan, where.business_date, days):
        return
    locked.next_plan = plan
    locked.save(update_fields=["next_plan"])
    history.write(
        locked, Event.Kind.PLAN, _text(locked, plan), at=desk.at, by=desk.staff, till=desk.till
    )
    telling.tell_terms(locked)


def _count(found: BroughtUp, member: Membership, plan: Plan, today: dt.date, days: int) -> bool:
    """Whether it is given the terms; counted either way, but for who was told of them already."""
    is_coming = member.next_plan_id == plan.pk
    if is_coming and _is_told(member, plan):
        return False
    if blocking.charging(member):
        found.charging += 1
        return False
    # Who gets the plan's terms in any case is told as early as it can be.
    if not is_coming and _is_soon(member, today, days):
        found.soon += 1
        return False
    found.changed += 1
    found.not_told += not telling.address_for(member)
    return True


def _is_told(member: Membership, plan: Plan) -> bool:
    """Whether what was last said of its plan is what would be said now: an owner may have edited
    the plan once more before the charge. One query."""
    last = member.events.filter(kind=Event.Kind.PLAN).first()
    return last is not None and last.text[:_COMPARED] == _text(member, plan)[:_COMPARED]


def _text(member: Membership, plan: Plan) -> str:
    on = f", {day_said(member.next_charge_on)}" if member.next_charge_on else ""
    said_so = f"{plan} from the next charge on{on}: {each_said(plan)}."
    return f"{said_so} So far {each_said(member)}."


def _is_soon(member: Membership, today: dt.date, days: int) -> bool:
    """Whether it is charged before it would have been told so many days: at least a day ahead."""
    on = member.next_charge_on
    if on is None:
        return False
    if member.owes_a_period and (past := begun(member, today)):
        on = past[-1].days.until_on  # What began meanwhile is skipped.
    return on < today + dt.timedelta(days=max(days, 1))


def _members(many: int) -> str:
    return "1 member is" if many == 1 else f"{many} members are"
