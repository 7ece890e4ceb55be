"""Manage > Hours: when a location is open, when each person works, and who is off."""

from __future__ import annotations

import uuid as uuids
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appointments.errors import Refused
from appointments.hours_forms import TimeOffForm, WeekForm
from appointments.hours_page import hours_page, providers
from appointments.models import TimeOff
from appointments.setting_hours import fingerprint, set_hours, week_at
from appointments.taking_off import HasVisits, add_time_off, remove_time_off
from appointments.times import say_span
from appointments.weeks import say_week
from salon import clock, permissions
from salon.access import permission_required
from salon.http import DeskRequest
from salon.models import Location, StaffMember

may_manage = permission_required(permissions.MANAGE_HOURS)


@may_manage
@require_safe
def hours(request: DeskRequest) -> HttpResponse:
    """The current location's week, everybody's, and the time off to come. Three queries."""
    page = hours_page(request.desk.location, clock.now())
    return render(request, "appointments/manage/hours.html", {"page": page})


@may_manage
@require_http_methods(["GET", "HEAD", "POST"])
def week(request: DeskRequest, pk: int | None = None) -> HttpResponseBase:
    """The week of the current location; with `pk`, of one person there."""
    location = request.desk.location
    person = get_object_or_404(providers().select_related("location"), pk=pk) if pk else None
    known = week_at(location, person)
    is_home = person is not None and person.location_id in (location.pk, None)
    opening = week_at(location, None) if is_home else {}
    form = WeekForm(
        request.POST if request.method == "POST" else None,
        week=known,
        seen=fingerprint(known),
        follows=_without_own(person, location) if person else "",
        usual=opening,
    )
    if request.method == "POST" and form.is_valid():
        try:
            set_hours(
                location=location,
                staff=person,
                week=form.week,
                by=request.user,
                till=request.desk.till,
                seen=form.cleaned_data["seen"],
            )
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            whose = person or location
            messages.success(
                request, f"The hours of {whose} are saved. Visits in the book stay as they are."
            )
            return redirect("appointments:hours")
    context = {"form": form, "person": person, "opening": say_week(opening), "is_home": is_home}
    status = 422 if form.is_bound else 200
    return render(request, "appointments/manage/week.html", context, status=status)


@may_manage
@require_http_methods(["GET", "HEAD", "POST"])
def new_time_off(request: DeskRequest) -> HttpResponseBase:
    """Add time off for somebody who works here."""
    location = request.desk.location
    form = TimeOffForm(
        request.POST if request.method == "POST" else None,
        location=location,
        people=providers(location),
        initial={"uuid": uuids.uuid4(), "staff": request.GET.get("staff", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            off = _add(request, form)
        except Refused as refused:
            form.add_error(_field(refused, form), refused.message)
        else:
            when = say_span(off.starts_at, off.ends_at, location.zone)
            messages.success(request, f"{off.staff} is off {when}.")
            return redirect("appointments:hours")
    status = 422 if form.is_bound else 200
    return render(request, "appointments/manage/time_off.html", {"form": form}, status=status)


@may_manage
@require_POST
def end_time_off(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """Remove time off; once more changes nothing."""
    off = TimeOff.objects.filter(uuid=uuid).select_related("staff").first()
    if off is None:
        messages.success(request, "This time off was removed already.")
    else:
        remove_time_off(time_off=off, desk=request.desk)
        when = say_span(off.starts_at, off.ends_at, request.desk.location.zone)
        messages.success(request, f"{off.staff} can be booked again {when}.")
    return redirect("appointments:hours")


def _add(request: DeskRequest, form: TimeOffForm) -> TimeOff:
    typed: dict[str, Any] = form.cleaned_data
    assert form.starts_at is not None and form.ends_at is not None
    return add_time_off(
        staff=typed["staff"],
        starts_at=form.starts_at,
        ends_at=form.ends_at,
        desk=request.desk,
        reason=typed["reason"],
        beside_visits=typed["beside_visits"],
        uuid=typed["uuid"],
    )


def _field(refused: Refused, form: TimeOffForm) -> str | None:
    if isinstance(refused, HasVisits):
        return "beside_visits"
    return refused.field if refused.field in form.fields else None


def _without_own(person: StaffMember, location: Location) -> str:
    """What it means for somebody to have no hours of their own here."""
    is_home = person.location_id in (location.pk, None)
    return f"Follows {location}" if is_home else "Does not work here"
