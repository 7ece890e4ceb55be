"""A client gives their own visit another time: choose a day, choose a time, look it over, move."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from appointments.booking import fingerprint
from appointments.errors import Busy, Refused, StaleVisit
from appointments.models import Appointment
from deposits.own import links
from deposits.own.choosing_time import Time, TimesPage, day_around
from deposits.own.forms import MoveForm, day_of, moment_of
from deposits.own.moving import move_online, terms_at
from deposits.own.standing import NotOnline, why_not_moved
from deposits.own.visit import OwnVisit, own_visit, said_at
from deposits.views.own import by_the_client, device_of, of_visit, page
from salon import clock

GONE = "That time was given away a moment ago. Nothing was changed. These are free now."
CALL = "This visit can’t be moved online. Nothing was changed. Please call us."
CHANGED = "Something changed while you looked. Nothing was changed. This is how it stands now."


@of_visit
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, visit: Appointment) -> HttpResponse:
    """Free times for the same services; a time that is chosen is looked over before it counts."""
    facts = own_visit(visit)
    if request.method == "POST":
        return _move(request, facts)
    if why_not_moved(visit, facts.terms.deadline_at, clock.now()):
        return redirect("deposits:visit", token=links.visit_token(visit))
    anyone = request.GET.get("who") == "anyone"
    if moment := moment_of(request.GET.get("start", "")):
        time = day_around(facts, moment, anyone=anyone).time_at(moment)
        if time is None:
            return _choose(request, facts, anyone, near=moment, notice=GONE, status=409)
        return _look_over(request, facts, time, anyone)
    return _choose(request, facts, anyone)


def _move(request: HttpRequest, facts: OwnVisit) -> HttpResponse:
    visit, form = facts.visit, MoveForm(request.POST)
    if not form.is_valid():
        return _choose(request, facts, anyone=False, notice=CHANGED, status=422)
    start, anyone = form.cleaned_data["start"], form.cleaned_data["who"] == "anyone"
    done = redirect("deposits:visit", token=links.visit_token(visit))
    if visit.starts_at == start:
        return done  # The form arrived twice.
    if why_not_moved(visit, facts.terms.deadline_at, clock.now()):
        return done
    time = day_around(facts, start, anyone=anyone).time_at(start)
    if time is None:
        return _choose(request, facts, anyone, near=start, notice=GONE, status=409)
    if [person.pk for person in time.slot.staff] != form.cleaned_data["staff"]:
        return _look_over(request, facts, time, anyone, notice=CHANGED, status=409)
    try:
        move_online(
            visit=visit,
            slot=time.slot,
            seen=form.cleaned_data["seen"],
            desk=by_the_client(visit.location),
            device=device_of(request),
        )
    except Refused as refused:
        fresh = own_visit(links.read_visit(links.visit_token(visit)))
        return _choose(request, fresh, anyone, near=start, notice=_why(refused), status=409)
    return done


def _why(refused: Refused) -> str:
    """In words for the client: others speak to the desk, and may name other clients."""
    if isinstance(refused, NotOnline):
        return refused.message
    if isinstance(refused, Busy):
        return GONE
    return CHANGED if isinstance(refused, StaleVisit) else CALL


def _choose(
    request: HttpRequest,
    facts: OwnVisit,
    anyone: bool,
    *,
    near: dt.datetime | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    """`near`: a time that was wished for; its day is opened."""
    day = clock.business_date(facts.location, near) if near else day_of(request.GET.get("day", ""))
    start = day_of(request.GET.get("from", "")) or day
    context = {
        "facts": facts,
        "times": TimesPage(facts, start=start, day=day, anyone=anyone),
        "who": "anyone" if anyone else "same",
        "notice": notice,
    }
    return _page(request, "visit_move", facts, context, status)


def _look_over(
    request: HttpRequest,
    facts: OwnVisit,
    time: Time,
    anyone: bool,
    *,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    terms = terms_at(facts, time.slot.starts_at)
    known = {
        "start": time.key,
        "staff": time.staff_key,
        "who": "anyone" if anyone else "same",
        "seen": fingerprint(facts.visit),
    }
    context = {
        "facts": facts,
        "time": time,
        "who": known["who"],
        "when": said_at(time.slot.starts_at, facts.location),
        "terms": terms,
        "form": MoveForm(initial=known),
        "notice": notice,
    }
    return _page(request, "visit_move_confirm", facts, context, status)


def _page(
    request: HttpRequest, template: str, facts: OwnVisit, context: dict[str, Any], status: int
) -> HttpResponse:
    context |= {"token": links.visit_token(facts.visit), "location": facts.location}
    return page(request, template, context, status=status)
