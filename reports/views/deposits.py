"""Deposits: what is held for visits, how it came to that, what was applied and forfeited."""

import datetime as dt
from collections.abc import Sequence

from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from ledger.kinds import Flow
from ledger.trial_balance import stored_on
from reports.deposit_tables import HELD, OVER, held_table, rolled_table, summed, used_table
from reports.deposits import held_by_day, roll_forward, uses
from reports.held_visits import held_on
from salon import permissions, said
from salon.access import permission_required
from salon.drawing import drawn
from salon.http import DeskRequest
from salon.models import Location
from salon.money import money
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


def ties(on: dt.date, place: Location | None = None) -> Sequence[Tie]:
    """Two ways to reckon it, beside the postings of the lots that are set aside."""
    held = stored_on(on, place=place, appointment__isnull=False)
    rolled = roll_forward(Period(on.replace(day=1), on, place)).closing
    listed = sum(each.amount for each in held_on(on, place))
    return [
        Tie("Held for visits, as it moved", rolled, held),
        Tie("Held for visits, visit by visit", listed, held),
    ]
