"""What one press does to a visit: canceled, checked in, put back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from appointments.canceling import cancel, mark_no_show, restore
from appointments.checking_in import check_in, undo_check_in
from appointments.errors import Refused
from appointments.forms import CancelForm
from appointments.models import Appointment
from appointments.times import when
from appointments.views.back import back_to_day
from salon import permissions
from salon.access import permission_required
from salon.http import DeskRequest

may_edit = permission_required(permissions.EDIT_APPOINTMENTS)


def visit_or_404(uuid: UUID) -> Appointment:
    """A visit with what its pages show. Two queries."""
    visits = Appointment.objects.select_related("client", "location")
    return get_object_or_404(
        visits.prefetch_related("services__service__category", "services__staff"), uuid=uuid
    )


@may_edit
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_visit(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """Asks why, in a sheet or on a page of its own; nothing is canceled by opening it."""
    visit = visit_or_404(uuid)
    if not visit.is_open:
        return redirect("appointments:edit", uuid=visit.uuid)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ended = _end(request, visit, form)
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _told(ended))
            return back_to_day(request, ended)
    is_sheet = request.htmx.target == "sheet"
    template = "appointments/_cancel.html" if is_sheet else "appointments/cancel.html"
    context = {"visit": visit, "when": when(visit), "form": form}
    return render(request, template, context, status=422 if form.errors else 200)


@may_edit
@require_POST
def check_in_visit(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """The client is here; with `undo`, not after all."""
    visit = visit_or_404(uuid)
    undo = bool(request.POST.get("undo"))
    try:
        visit = undo_check_in(appointment=visit) if undo else check_in(appointment=visit)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        words = "is booked again, not checked in" if undo else "is checked in"
        messages.success(request, f"{visit.client} {words}.")
    return back_to_day(request, visit)


@may_edit
@require_POST
def restore_visit(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """Puts a canceled visit back, if its time is still free."""
    visit = visit_or_404(uuid)
    try:
        visit = restore(appointment=visit, desk=request.desk)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("appointments:edit", uuid=visit.uuid)
    messages.success(request, f"{visit.client} is back in the book: {when(visit)}.")
    return back_to_day(request, visit)


def _end(request: DeskRequest, visit: Appointment, form: CancelForm) -> Appointment:
    verb = mark_no_show if form.is_no_show else cancel
    return verb(appointment=visit, reason=form.said, desk=request.desk, answers=request.POST.dict())


def _told(visit: Appointment) -> str:
    return format_html(
        "{}, {}: {}. <a href='{}'>Put it back</a>",
        visit.client,
        when(visit),
        visit.get_status_display().lower(),
        reverse("appointments:edit", args=[visit.uuid]),
    )
