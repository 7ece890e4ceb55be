"""All reports, in groups; and whether one ties to the trial balance."""

import datetime as dt
from itertools import groupby

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from salon import permissions
from salon.addresses import YEARS, whole_number
from salon.database import one_moment
from salon.http import DeskRequest
from salon.money import money
from salon.reporting import registry


@require_safe
def index(request: DeskRequest) -> HttpResponse:
    """What this person may open: some may see one report alone. No query but those of the frame."""
    mine = [each for each in registry.reports() if request.user.has_perm(each.permission)]
    if not mine:
        raise PermissionDenied(permissions.VIEW_REPORTS)
    groups = [(name, list(rows)) for name, rows in groupby(mine, key=lambda each: each.group)]
    return render(request, "reports/index.html", {"groups": groups})


@require_safe
def ties(request: DeskRequest, key: str) -> HttpResponse:
    """Fills a slot of a report: its figures and the books', added up now. `?on=&location=`."""
    report = registry.find(key)
    if report is None or report.ties is None or not request.user.has_perm(report.permission):
        raise Http404("There is no such report.")
    try:
        on = dt.date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        raise Http404("There is no such day.") from None
    if on.year not in YEARS:
        raise Http404("Nothing is reckoned so far away.")
    chosen = whole_number(request.GET.get("location"))
    place = next((each for each in request.locations if each.pk == chosen), None)
    parted = place if report.ties_by_place else None
    # Whoever pays in between would make the two differ.
    with one_moment():
        found = report.ties(on, place=parted)
    context = {
        "on": on,
        "place": parted,
        "is_whole": place is not None and parted is None,
        "wrong": [tie for tie in found if not tie.is_well],
        "ties": [
            {
                "what": tie.what,
                "is_well": tie.is_well,
                "amount": money(tie.report),
                "there": money(tie.books),
            }
            for tie in found
        ],
    }
    return render(request, "reporting/_ties.html", context)
