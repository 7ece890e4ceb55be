"""What one press does to a visit: canceled, checked in, put back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_http_methods, require_POST

from appointments.cancel_form import CancelForm
from appointments.canceling import cancel, mark_late, mark_no_show, restore
from appointments.changes import Change, Kind, outcomes, prompts
from appointments.checking_in import check_in, undo_check_in
from appointments.errors import Refused
from appointments.models import Appointment
from appointments.times import when
from appointments.views.back import back_to_day, go, is_in_book
from appointments.views.sheets import form_alone, sheet_or_page
from salon import permissions
from salon.access import permission_required
from salon.http import DeskRequest
from salon.refusing import refusal_told

KINDS = {
    "client": Kind.CANCELED,
    "salon": Kind.CANCELED,
    "mistake": Kind.CANCELED,
    CancelForm.LATE: Kind.LATE,
    CancelForm.NO_SHOW: Kind.NO_SHOW,
}
VERBS: dict[Kind, Callable[..., Appointment]] = {
    Kind.LATE: mark_late,
    Kind.NO_SHOW: mark_no_show,
}
BUTTONS = {CancelForm.LATE: "Cancel it as late", CancelForm.NO_SHOW: "Mark as no-show"}

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
    """Asks what happened, in a sheet or on a page of its own; nothing is canceled by opening it.

    `?kind=` says which kind is asked about. What upper floors have to ask about it (`changes`)
    stands in the same form.
    """
    visit = visit_or_404(uuid)
    if not (visit.is_open or visit.is_pending):
        return go(request, reverse("appointments:edit", args=[visit.uuid]))
    if request.method == "POST":
        return _answer_cancel(request, visit)
    kind = request.GET.get("kind") or request.GET.get("reason") or "client"
    typed = {"reason": kind, "detail": request.GET.get("detail", "")[:240]}
    return _cancel_sheet(request, visit, CancelForm(initial=typed, visit=visit))


def _answer_cancel(request: DeskRequest, visit: Appointment) -> HttpResponseBase:
    form = CancelForm(request.POST, visit=visit)
    shown = request.POST.get("shown", "")
    if form.is_valid() and shown and shown != form.chosen:
        # Without script another kind was chosen than the one that the questions were about.
        return _cancel_sheet(request, visit, form, is_fresh=True)
    if form.is_valid():
        try:
            ended = _end(request, visit, form)
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _told(request, visit, ended, KINDS[form.chosen]))
            return back_to_day(request, ended)
    return _cancel_sheet(request, visit, form)


def _cancel_sheet(
    request: DeskRequest, visit: Appointment, form: CancelForm, *, is_fresh: bool = False
) -> HttpResponseBase:
    """The sheet for the kind that is chosen. `is_fresh`: its questions are asked anew."""
    data = None if is_fresh or not form.is_bound else request.POST
    asked = prompts(KINDS[form.chosen], visit, request.desk, data) if form.chosen else []
    context = {
        "visit": visit,
        "when": when(visit),
        "page_title": "Cancel this visit?",
        "form": form,
        "prompts": asked,
        "button": BUTTONS.get(form.chosen, "Cancel the visit"),
    }
    status = 422 if form.errors or is_fresh else 200
    if request.htmx.target == "cancel-form":
        return form_alone(request, "appointments/_cancel_form.html", context)
    return sheet_or_page(request, "appointments/_cancel.html", context, status=status)


@may_edit
@require_POST
def check_in_visit(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """The client is here; with `undo`, not after all."""
    visit = visit_or_404(uuid)
    undo = bool(request.POST.get("undo"))
    with refusal_told(request):
        visit = undo_check_in(appointment=visit) if undo else check_in(appointment=visit)
        words = "is booked again, not checked in" if undo else "is checked in"
        messages.success(request, f"{visit.client} {words}.")
    return back_to_day(request, visit)


@may_edit
@require_POST
def restore_visit(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """Puts a canceled visit back, if its time is still free."""
    visit = visit_or_404(uuid)
    with refusal_told(request):
        visit = restore(appointment=visit, desk=request.desk)
        messages.success(request, f"{visit.client} is back in the book: {when(visit)}.")
        return back_to_day(request, visit)
    if is_in_book(request):
        return back_to_day(request, visit)
    return redirect("appointments:edit", uuid=visit.uuid)


def _end(request: DeskRequest, visit: Appointment, form: CancelForm) -> Appointment:
    verb = VERBS.get(KINDS[form.chosen], cancel)
    return verb(appointment=visit, reason=form.said, desk=request.desk, answers=request.POST.dict())


def _told(request: DeskRequest, before: Appointment, visit: Appointment, kind: Kind) -> str:
    """What happened, what became of money, and the way back."""
    change = Change(kind, before, request.desk, answers=request.POST.dict())
    return format_html(
        "{}, {}: {}. {}<a href='{}'>Put it back</a>",
        visit.client,
        when(visit),
        visit.get_status_display().lower(),
        format_html_join("", "{} ", ((words,) for words in outcomes(change))),
        reverse("appointments:edit", args=[visit.uuid]),
    )
