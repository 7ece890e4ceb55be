"""Deposits: what is held for visits, how it came to that, what was applied and forfeited."""

import datetime as dt
from collections.abc import Sequence

from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from ledger.kinds import AccountKind, Flow
from ledger.sums import total
from ledger.trial_balance import trial_balance
from reports.deposit_tables import HELD, OVER, held_table, rolled_table, summed, used_table
from reports.deposits import held_by_day, roll_forward, uses
from reports.held_visits import held_on
from salon import permissions, said
from salon.access import permission_required
from salon.drawing import drawn
from salon.http import DeskRequest
from salon.money import minor, money
from salon.reporting.page import Figure, Page, form_for, show
from salon.reporting.periods import Period, PeriodForm
from salon.reporting.registry import Tie

KEY = "deposits"
POINTS, WEEK = 60, 7
"""Points of the drawing, at most; days that are worth one."""


@permission_required(permissions.VIEW_REPORTS)
@require_safe
def page(request: DeskRequest) -> HttpResponseBase:
    """Twenty-five queries at most, besides those of the frame."""
    form: PeriodForm = form_for(request, PeriodForm)
    period = form.value
    rolled, held = roll_forward(period), held_on(period.end, period.place)
    ahead = [each for each in held if each.is_ahead]
    over = [each for each in held if not each.is_ahead]
    applied = uses(period, Flow.USED)
    figures = [
        Figure("Held for visits", money(rolled.closing), is_main=True),
        Figure("For future visits", summed(ahead)),
        Figure("Of visits that are over", summed(over)),
        Figure("Applied in these days", money(-rolled.applied)),
    ]
    tables = [
        rolled_table(rolled),
        held_table("ahead", "For future visits", ahead, period.end, HELD),
        held_table("over", "Of visits that are over: decide", over, period.end, OVER),
        used_table("applied", "Applied, taken in these days", [u for u in applied if u.is_new]),
        used_table("earlier", "Applied, taken earlier", [u for u in applied if not u.is_new]),
        used_table("forfeited", "Forfeited", uses(period, Flow.FORFEITED)),
    ]
    # What there was nothing of is said once, by "Applied".
    shown = [table for table in tables if table.lines or table.key not in ("earlier", "forfeited")]
    parts = {"chart": _drawing(period, rolled.opening), "held": money(rolled.closing)}
    return show(request, Page(KEY, form, shown, figures, "reports/deposits.html", parts))


def _drawing(period: Period, opening: int) -> dict[str, object] | None:
    """What was held, day by day; weeks or more apart where there are many."""
    values = held_by_day(period, opening)
    step = -(-len(values) // POINTS)
    # The last day is always among them.
    places = [*range((len(values) - 1) % step, len(values), step)]
    if len(values) <= WEEK or not any(values):
        return None
    plot = drawn([max(values[place], 0) for place in places], 10_000)
    marks = {places[0], places[len(places) // 2], places[-1]}
    days = [period.before + dt.timedelta(place) if place in marks else None for place in places]
    return {
        "plot": plot,
        "ticks": [
            (said.amount(money(tick.value)).removesuffix(".00"), tick.y) for tick in plot.ticks
        ],
        "marks": [f"{day:%b} {day.day}" if day else "" for day in days],
    }


def ties(on: dt.date) -> Sequence[Tie]:
    books = {row.kind: -minor(row.net) for row in trial_balance(on, by="kind").rows}
    rolled = roll_forward(Period(on.replace(day=1), on))
    free = -total(end=on, kind=AccountKind.CLIENT_CREDIT, is_held=False)
    credit = books.get(AccountKind.CLIENT_CREDIT, 0)
    listed = sum(each.amount for each in held_on(on))
    return [
        Tie("Held for visits with free credit", rolled.closing + free, credit),
        Tie("Held for visits, visit by visit", listed, credit - free),
    ]
