"""Another plan: at once, for the difference, or from the next charge on.

    quote = plan_quote(membership, plan, at_once=True, on=today)
    period = change_now(..., expected=quote.due_now)    # PAID, DECLINED, or CHARGING still

What is charged at once is a period row of its own (step 1 and more of the running one). The plan
changes when it is paid, in the same transaction (`took_effect`); if it is not, nothing does.
"""

from __future__ import annotations

import copy
import uuid as uuids

from django.db import transaction
from django.db.models import Max
from djmoney.money import Money

from cards import attempts
from checkout.errors import Refused as SaleRefused
from memberships.changing import history
from memberships.changing.acting import allow, locked_at
from memberships.changing.adopting import FIELDS, adopt
from memberships.changing.charge_words import chosen_said, each_said
from memberships.changing.plan_quotes import (
    difference,
    plan_quote,
    running_period,
    take_back_quote,
)
from memberships.changing.quote import stale
from memberships.enrolling.line import period_line, total_of
from memberships.enrolling.members import is_member
from memberships.enrolling.words import day_said
from memberships.errors import Refused
from memberships.models import Event, Membership, Period, Plan
from memberships.own import telling
from memberships.renewing.charging import begin
from salon import clock, said
from salon.desk import Desk

_DOING = "change memberships"


def change_now(
    *,
    membership: Membership,
    plan: Plan,
    desk: Desk,
    uuid: uuids.UUID,
    expected: Money,
    seen: str = "",
) -> Period:
    """Charge the difference to a dearer plan now; the period with it, paid or declined.

    Never inside a transaction: the card is asked. The same `uuid` again answers with the period
    that it wrote. `expected` is what the page said would be charged, with tax; `seen` the stamp of
    its quote. Locks the membership, then the card. Raises Refused: nothing was charged then.
    """
    allow(desk, _DOING)
    with transaction.atomic(durable=True):
        locked, where = locked_at(membership, desk)
        if twin := Period.objects.select_related("plan").filter(uuid=uuid).first():
            return _same(twin, locked, plan)
        period = _step(locked, _fresh(plan), where, expected, seen)
        period.uuid = uuid
        period.save(force_insert=True)
        attempt = begin(period, desk=where)
    if attempt:
        attempts.send(attempt)
    return Period.objects.select_related("membership__client", "plan", "order").get(pk=period.pk)


@transaction.atomic
def change_next(*, membership: Membership, plan: Plan, desk: Desk, seen: str = "") -> Membership:
    """Take over this plan with the next charge. Locks the membership; charges nothing.

    `seen`: the stamp of the quote that the page showed. Raises Refused.
    """
    allow(desk, _DOING)
    locked, where = locked_at(membership, desk)
    chosen = _fresh(plan)
    plan_quote(locked, chosen, at_once=False, on=where.business_date).check(seen)
    locked.next_plan = chosen
    locked.save(update_fields=["next_plan"])
    since = f"on {day_said(locked.next_charge_on)}" if locked.next_charge_on else "when it goes on"
    text = f"{chosen} instead of {locked.plan} from the next charge on, {since}."
    history.write(locked, Event.Kind.PLAN, text, at=desk.at, by=desk.staff, till=desk.till)
    telling.tell_changed(locked)
    return locked


@transaction.atomic
def take_back_change(*, membership: Membership, desk: Desk, seen: str = "") -> Membership:
    """Stay with the plan, where another was chosen for the next charge. Locks the membership."""
    allow(desk, _DOING)
    locked, _ = locked_at(membership, desk)
    take_back_quote(locked).check(seen)
    text = f"It stays {locked.plan}: the change to {chosen_said(locked)} is taken back."
    locked.next_plan = None
    locked.save(update_fields=["next_plan"])
    history.write(locked, Event.Kind.PLAN, text, at=desk.at, by=desk.staff, till=desk.till)
    telling.tell_changed(locked)
    return locked


def took_effect(period: Period) -> None:
    """A difference was paid: its plan is the membership's from this moment on, on the terms that
    were confirmed.

    In the transaction that settles it, with the membership locked. Raises checkout's Refused where
    the client became a member of that plan another way: a merge.
    """
    membership = period.membership
    was = membership.plan
    if is_member(membership.client, period.plan, besides=membership):
        raise SaleRefused(f"{membership.client.name} is a member of {period.plan} by now.")
    adopt(membership, period.plan, _agreed(period))
    membership.save(update_fields=FIELDS)
    paid = said.amount(total_of([period_line(period)]))
    text = f"{period.plan} instead of {was}: {paid} paid for the difference, {_then(membership)}."
    history.write(membership, Event.Kind.PLAN, text, at=clock.now(), by=period.by)
    telling.tell_changed(membership)


def take_over(membership: Membership) -> bool:
    """Before the next charge: the plan that was chosen for it takes effect; whether one did.

    With the membership locked, and before the days of that charge are reckoned.
    """
    if membership.next_plan is None:
        return False
    was = membership.plan
    if is_member(membership.client, membership.next_plan, besides=membership):
        _stay(membership)
        return False
    adopt(membership, membership.next_plan)
    membership.save(update_fields=FIELDS)
    instead = "with its present terms" if membership.plan == was else f"instead of {was}"
    text = f"{membership.plan} {instead}: {_then(membership)}."
    history.write(membership, Event.Kind.PLAN, text, at=clock.now())
    return True


def _stay(membership: Membership) -> None:
    """The client is a member of the other plan by now, by a merge: nobody is twice."""
    text = f"It stays {membership.plan}: there is a membership of {membership.next_plan} already."
    membership.next_plan = None
    membership.save(update_fields=["next_plan"])
    history.write(membership, Event.Kind.PLAN, text, at=clock.now())


def _agreed(period: Period) -> Period:
    """What a whole period costs and adds, as it was confirmed. Not to be saved."""
    whole = copy.copy(period)
    if period.full_price is not None and period.full_adds is not None:
        whole.price, whole.adds = period.full_price, period.full_adds
    return whole


def _step(membership: Membership, plan: Plan, desk: Desk, expected: Money, seen: str) -> Period:
    """The difference as a row that is not saved. Refused where it can't be, or is another."""
    today = desk.business_date
    quote = plan_quote(membership, plan, at_once=True, on=today)
    quote.check(seen)
    if quote.due_now != expected:
        raise stale()
    running = running_period(membership, today)
    assert running is not None  # nosec B101 - the quote would say why not
    period = difference(membership, plan, running, today)
    last = membership.periods.filter(number=running.number).aggregate(Max("step"))
    period.step = last["step__max"] + 1
    period.status, period.made_at, period.by = Period.Status.CHARGING, desk.at, desk.staff
    return period


def _same(twin: Period, membership: Membership, plan: Plan) -> Period:
    if twin.membership_id != membership.pk or twin.plan_id != plan.pk:
        raise Refused(
            "This form was used for another change already. Nothing was changed. Load the page "
            "again."
        )
    return twin


def _fresh(plan: Plan) -> Plan:
    """As the owner has it now: a page may hold it for long."""
    return Plan.objects.select_related("tax_rate").get(pk=plan.pk)


def _then(membership: Membership) -> str:
    return f"each {membership.get_every_display()} {each_said(membership)}"
