"""What a quote says is what the act then does, to the cent and to the day, in many situations."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from memberships.changing import quotes
from memberships.changing.canceling import cancel, keep
from memberships.changing.pausing import pause, resume
from memberships.changing.plans import change_next, take_back_change
from memberships.changing.quotes import Quote
from memberships.errors import Refused
from memberships.models import Membership, Period
from salon import said
from salon.money import money
from tests.checkout.charges.helpers import charged
from tests.checkout.helpers import has
from tests.factories import make_desk, make_tax_rate
from tests.harness.processor import DECLINED_LATER, PAYS
from tests.ledger.books import assert_well
from tests.memberships.changing import spend, today_of, upgraded
from tests.memberships.members import make_plan
from tests.memberships.renewing import day, fresh, make_payer, on, renewed

pytestmark = pytest.mark.django_db

Step = Callable[[Membership], object]


# --- How a membership came to where it is ---------------------------------------------------------


def desk():
    return make_desk("Olivia")


def at(when: str, act: Step) -> Step:
    """That act at noon of a day."""

    def step(membership: Membership) -> None:
        with on(when):
            act(fresh(membership))

    return step


def runs(*days: str) -> Step:
    """The job runs on these days."""
    return lambda membership: [renewed(when) for when in days]


def pauses(until: str = "") -> Step:
    return lambda it: pause(
        membership=it, until=day(until) if until else None, reason="", desk=desk()
    )


def cancels(*, at_once: bool = False) -> Step:
    return lambda it: cancel(membership=it, at_once=at_once, reason="", desk=desk())


def chooses(name: str, *terms, **more) -> Step:
    return lambda it: change_next(membership=it, plan=plan(name, *terms, **more), desk=desk())


def spends(amount: int) -> Step:
    return lambda it: spend(it, amount)


def plan(name: str, price: int, adds: int, **more):
    rate = {"tax_rate": make_tax_rate("8.875")} if more.pop("taxed", False) else {}
    return make_plan(name, price, adds, **rate, **more)


# --- The acts -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Act:
    """How it is quoted, and how it is done."""

    quote: Callable[[Membership], Quote]
    do: Step


def upgrade(*terms, **more) -> Act:
    return Act(
        lambda it: quotes.plan_quote(it, plan(*terms, **more), at_once=True, on=today_of(it)),
        lambda it: upgraded(it, plan(*terms, **more)),
    )


def change(*terms, **more) -> Act:
    return Act(
        lambda it: quotes.plan_quote(it, plan(*terms, **more), at_once=False, on=today_of(it)),
        chooses(*terms, **more),
    )


def a_pause(until: str = "") -> Act:
    return Act(
        lambda it: quotes.pause_quote(it, day(until) if until else None, today_of(it)),
        pauses(until),
    )


def a_cancel(*, at_once: bool) -> Act:
    return Act(
        lambda it: quotes.cancel_quote(it, at_once=at_once, on=today_of(it), desk=desk()),
        cancels(at_once=at_once),
    )


a_resume = Act(
    lambda it: quotes.resume_quote(it, today_of(it)),
    lambda it: resume(membership=it, desk=desk()),
)
a_keep = Act(
    lambda it: quotes.keep_quote(it, today_of(it)), lambda it: keep(membership=it, desk=desk())
)
a_change_of_mind = Act(
    quotes.take_back_quote, lambda it: take_back_change(membership=it, desk=desk())
)

TAXED = {"taxed": True}
ON_THE_1ST = {"billing_day": 1}
TRIAL = {"trial_days": 14}
MORTAL = {"stays": False}
FROM_31 = {"start": day("2027-01-31")}
POOR = {"number": DECLINED_LATER}

# What it is (Gold, from Jan 15 unless said), what came before, the day and the act.
SITUATIONS = {
    "dearer": ({}, [], "2027-01-20", upgrade("Platinum", 150, 190)),
    "dearer, with tax": (TAXED, [], "2027-01-20", upgrade("Platinum", 150, 190, taxed=True)),
    "dearer, in a part": (ON_THE_1ST, [], "2027-01-20", upgrade("Platinum", 151, 190)),
    "dearer, in a part, with tax": (
        ON_THE_1ST | TAXED, [], "2027-01-20", upgrade("Platinum", 151, 190, taxed=True),
    ),
    "dearer, adding less": ({}, [], "2027-01-20", upgrade("Lounge", 130, 80)),
    "dearer, after months": ({}, [runs("2027-02-15", "2027-03-15")], "2027-03-20",
        upgrade("Platinum", 150, 190)),
    "dearer, but the charge is due": ({}, [], "2027-02-15", upgrade("Platinum", 150, 190)),
    "dearer, in a trial": (TRIAL, [], "2027-01-20", upgrade("Platinum", 150, 190)),
    "dearer, owing": (POOR, [runs("2027-02-15")], "2027-02-16", upgrade("Platinum", 150, 190)),
    "cheaper now": ({}, [], "2027-01-20", upgrade("Silver", 80, 90)),
    "cheaper later": ({}, [], "2027-01-20", change("Silver", 80, 90)),
    "by the year": ({}, [], "2027-01-20", change("Yearly", 900, 1200, every="year")),
    "by the week": ({}, [], "2027-01-20", change("Weekly", 25, 30, every="week")),
    "in a trial, later": (TRIAL, [], "2027-01-20", change("Silver", 80, 90)),
    "from the 31st": (FROM_31, [], "2027-02-02", change("Silver", 80, 90)),
    "the same": ({}, [], "2027-01-20", change("Gold", 100, 120)),
    "changed their mind": ({}, [at("2027-01-18", chooses("Silver", 80, 90))], "2027-01-20",
        a_change_of_mind),
    "no mind to change": ({}, [], "2027-01-20", a_change_of_mind),
    "pause": ({}, [], "2027-01-20", a_pause()),
    "pause until a day": ({}, [], "2027-01-20", a_pause("2027-03-10")),
    "pause for nothing": ({}, [], "2027-01-20", a_pause("2027-02-10")),
    "pause, owing": (POOR, [runs("2027-02-15")], "2027-02-16", a_pause()),
    "resume in time": ({}, [at("2027-01-20", pauses())], "2027-02-10", a_resume),
    "resume late": ({}, [at("2027-01-20", pauses())], "2027-03-10", a_resume),
    "resume late, with tax": (TAXED, [at("2027-01-20", pauses())], "2027-03-10", a_resume),
    "resume late, in a part": (ON_THE_1ST, [at("2027-01-20", pauses())], "2027-03-10", a_resume),
    "resume late, another plan": ({},
        [at("2027-01-20", pauses()), at("2027-01-21", chooses("Silver", 80, 90))],
        "2027-03-10", a_resume),
    "resume late, in a part, by the year": (ON_THE_1ST,
        [at("2027-01-20", pauses()),
         at("2027-01-21", chooses("Yearly", 900, 1200, every="year"))],
        "2027-03-10", a_resume),
    "resume in a trial": (TRIAL, [at("2027-01-20", pauses())], "2027-02-10", a_resume),
    "resume, not paused": ({}, [], "2027-01-20", a_resume),
    "cancel to the end": ({}, [], "2027-01-20", a_cancel(at_once=False)),
    "cancel to the end, mortal": (MORTAL, [at("2027-01-18", spends(56))], "2027-01-20",
        a_cancel(at_once=False)),
    "cancel now, mortal": (MORTAL, [at("2027-01-18", spends(56))], "2027-01-20",
        a_cancel(at_once=True)),
    "cancel now, all spent": (MORTAL, [at("2027-01-18", spends(120))], "2027-01-20",
        a_cancel(at_once=True)),
    "cancel, mortal, after months": (MORTAL, [runs("2027-02-15", "2027-03-15")], "2027-03-20",
        a_cancel(at_once=False)),
    "cancel in a trial": (TRIAL, [], "2027-01-20", a_cancel(at_once=False)),
    "cancel, owing": (POOR | MORTAL, [runs("2027-02-15")], "2027-02-16", a_cancel(at_once=False)),
    "cancel, paused": (MORTAL, [at("2027-01-20", pauses())], "2027-01-25", a_cancel(at_once=False)),
    "cancel twice": ({}, [at("2027-01-18", cancels())], "2027-01-20", a_cancel(at_once=False)),
    "now after all": (MORTAL, [at("2027-01-18", cancels())], "2027-01-20", a_cancel(at_once=True)),
    "keep": ({}, [at("2027-01-18", cancels())], "2027-01-20", a_keep),
    "keep, from the 31st": (FROM_31, [at("2027-02-02", cancels())], "2027-02-20", a_keep),
    "keep what is not canceled": ({}, [], "2027-01-20", a_keep),
}  # fmt: skip


@pytest.mark.parametrize("name", SITUATIONS)
def test_what_is_quoted_is_what_happens(processor, name):
    what, before, when, act = SITUATIONS[name]
    what = dict(what)
    start, number = what.pop("start", day("2027-01-15")), what.pop("number", PAYS)
    membership = make_payer(processor, plan("Gold", 100, 120, **what), number, start=start)
    for step in before:
        step(membership)
    with on(when):
        membership = fresh(membership)
        quote, was = act.quote(membership), figures(processor, membership)
        if quote.why_not:
            with pytest.raises(Refused) as refused:
                act.do(membership)
            assert refused.value.message == f"{quote.why_not} Nothing was changed."
            assert figures(processor, membership) == was
            return
        act.do(membership)
        now = figures(processor, membership)
    assert now["charged"] - was["charged"] == quote.due_now
    lost_now = quote.lost if fresh(membership).ended_on else money(0)
    assert now["balance"] - was["balance"] == quote.adds_now - lost_now
    the_end_is_as_quoted(membership, quote)
    assert_well()


def the_end_is_as_quoted(membership: Membership, quote: Quote) -> None:
    """Canceled to a day: on that day so much is lost, and nothing is charged."""
    row = fresh(membership)
    if row.ends_on is None or row.ended_on is not None:
        return
    with on(row.ends_on):
        was = has(row.client, desk()).available
        assert renewed(row.ends_on).charged == 0
        assert was - has(row.client, desk()).available == quote.lost


@pytest.mark.parametrize(
    "name",
    ["cheaper later", "by the year", "by the week", "in a trial, later", "from the 31st", "keep",
     "keep, from the 31st", "dearer, in a part, with tax", "changed their mind"],
)  # fmt: skip
def test_the_next_charge_is_as_the_quote_says(processor, name):
    """Its last word but for what limits the money: "From Feb 15, 2027 on … $80.00"."""
    what, before, when, act = SITUATIONS[name]
    what = dict(what)
    start = what.pop("start", day("2027-01-15"))
    membership = make_payer(processor, plan("Gold", 100, 120, **what), start=start)
    for step in before:
        step(membership)
    with on(when):
        membership = fresh(membership)
        lines = act.quote(membership).lines
        act.do(membership)
    row = fresh(membership)
    renewed(row.next_charge_on)
    period = Period.objects.filter(membership=row, step=0).latest("number")
    (told,) = [line for line in lines if line.startswith("From ")]
    assert told.startswith(f"From {row.next_charge_on:%b %-d, %Y} on, ")
    assert f": {said.amount(period.order.lines.get().total)}" in told
    assert f"which adds {said.amount(period.adds)}" in told


def figures(processor, membership: Membership):
    """What cards paid, what is there to spend, and where the schedule stands."""
    return {
        "charged": money(sum(charged(processor))),
        "balance": has(membership.client, desk()).available,
        "status": fresh(membership).status,
        "next": fresh(membership).next_charge_on,
    }
