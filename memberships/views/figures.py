"""Recurring revenue and churn over the last twelve months: two drawings and the table beneath."""

from collections.abc import Callable, Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from memberships.desk.figures import Month, months_until
from salon import permissions, said
from salon.access import permission_required
from salon.addresses import whole_number
from salon.drawing import Plot, drawn
from salon.http import DeskRequest
from salon.money import minor, money


@permission_required(permissions.VIEW_FIGURES)
@require_safe
def figures(request: DeskRequest) -> HttpResponse:
    """?location=: of memberships that were sold there. Two queries, and those of the frame."""
    places = request.locations
    asked = whole_number(request.GET.get("location"))
    place = next((each for each in places if each.pk == asked), None)
    months = months_until(request.desk.business_date, place.pk if place else None)
    context = {
        "now": months[-1],
        "places": places if len(places) > 1 else [],
        "place": place,
        "revenue": _chart([minor(month.revenue) for month in months], months, _dollars),
        "churn_said": _percent(months[-1].churn),
        "rows": [{"month": month, "churn": _percent(month.churn)} for month in reversed(months)],
        "churn": _chart([month.churn for month in months], months, _percent, least=50),
    }
    return render(request, "memberships/figures.html", context)


def _chart(
    values: Sequence[int],
    months: Sequence[Month],
    label: Callable[[int], str],
    least: int = 10_000,
) -> dict[str, object]:
    plot: Plot = drawn(values, least)
    return {
        "plot": plot,
        "ticks": [(label(tick.value), tick.y) for tick in plot.ticks],
        "marks": [f"{month.first:%b}" for month in months],
    }


def _dollars(cents: int) -> str:
    """$1,250: whole, for a scale."""
    return said.amount(money(cents)).removesuffix(".00")


def _percent(thousandths: int) -> str:
    return f"{thousandths / 10:g} %"
