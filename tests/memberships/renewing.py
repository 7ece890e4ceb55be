"""Members whose card the test processor charges, days that pass, and what came of them."""

import datetime as dt
from contextlib import contextmanager

import time_machine

from cards.models import Attempt, CardOnFile
from cards.on_file import make_default
from clients.models import Client
from memberships.changing.cards import choose_card
from memberships.models import Event, Membership, Period, Plan
from memberships.purposes import PERIOD
from memberships.renewing.renewing import Renewed, renew_due
from salon.models import Location
from salon.money import minor
from tests.factories import make_client, make_desk
from tests.harness.processor import PAYS, TestProcessor
from tests.memberships.members import make_card, make_member, make_plan, noon, set_memberships

START = dt.date(2027, 1, 15)
"""The day on which members of these tests enrol, unless said otherwise."""


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@contextmanager
def on(when: str | dt.date, location: Location | None = None):
    """It is noon of that day at the shop."""
    date = day(when) if isinstance(when, str) else when
    with time_machine.travel(noon(date, location), tick=False):
        yield


def make_payer(
    processor: TestProcessor,
    plan: Plan | None = None,
    number: str = PAYS,
    *,
    client: Client | None = None,
    start: dt.date = START,
) -> Membership:
    """A member whose card can be charged; the first period was paid in cash.

    Nobody is told of a charge beforehand, so that the job has nothing else to do.
    """
    client = client or make_client("Clara Nuñez")
    set_memberships(notice_days=0)
    with on(start):
        card = make_card(client, processor, number)
        return make_member(client, plan or make_plan(), card)


def another_card(
    processor: TestProcessor, membership: Membership, number: str = PAYS
) -> CardOnFile:
    """The client's new default card, chosen for the membership."""
    desk = make_desk("Olivia")
    card = make_default(card=make_card(membership.client, processor, number), desk=desk)
    choose_card(membership=membership, card=card, desk=desk)
    return card


def renewed(when: str | dt.date, **more) -> Renewed:
    """The job runs at noon of that day."""
    with on(when):
        return renew_due(**more)


def fresh(row):
    """The row as it is now."""
    return type(row).objects.get(pk=row.pk)


def periods(membership: Membership) -> list[tuple[int, str, str]]:
    """Number, first day and status of each, steps left out."""
    rows = Period.objects.filter(membership=membership, step=0).order_by("number")
    return [(it.number, it.starts_on.isoformat(), it.status) for it in rows]


def states(membership: Membership) -> str:
    """The states of its periods from number 0 on: "paid skipped past_due"."""
    return " ".join(status for _, _, status in periods(membership))


def latest(membership: Membership) -> Period:
    """The last period that was written."""
    return Period.objects.filter(membership=membership).latest("number", "step")


def kinds(membership: Membership) -> list[str]:
    """What happened to it, in order."""
    return [it.kind for it in Event.objects.filter(membership=membership).order_by("pk")]


def text_of(membership: Membership, kind: str) -> str:
    """The last thing of this kind that happened, in the desk's words."""
    return Event.objects.filter(membership=membership, kind=kind).latest("pk").text


def each_period_is_charged_once() -> None:
    """Of what cards paid for periods, each period has one sale and the rest went straight back."""
    paid = Attempt.objects.filter(purpose=PERIOD, status=Attempt.Status.SUCCEEDED)
    kept: dict[str, int] = {}
    for attempt in paid:
        back = sum(minor(it.amount) for it in attempt.refunds.all())
        if not back:
            kept[attempt.reference] = kept.get(attempt.reference, 0) + 1
        else:
            assert back == minor(attempt.amount)
    assert set(kept.values()) <= {1}
    sold = Period.objects.filter(status=Period.Status.PAID, tries__gt=0)
    by_card = {str(it.uuid) for it in sold if it.order.tenders.filter(kind="charge").exists()}
    assert set(kept) == by_card
