"""Taking an import in, taking it back, leaving it."""

import uuid as uuids

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from imports.confirming import confirm, discard, start_again
from imports.finding import import_or_404
from imports.forms import ConfirmForm
from imports.models import Import, Status
from imports.taking_back import outlook, take_back
from imports.views.gate import NOT_YET_IN, may_import, moved_on, to_where_it_is
from imports.views.one import shown
from salon.errors import Refusal
from salon.http import DeskRequest
from salon.refusing import refusal_told


@may_import
@require_POST
def take_in(request: DeskRequest, uuid: uuids.UUID) -> HttpResponseBase:
    """The control total; where it is right, the worker takes all of it in."""
    import_ = import_or_404(uuid)
    if import_.status in (Status.IMPORTING, Status.DONE):
        return to_where_it_is(request, import_)  # The same press again.
    if import_.status != Status.READY:
        return moved_on(request, import_)
    form = ConfirmForm(request.POST, import_=import_)
    if not form.is_valid():
        return shown(request, import_, form, status=422)
    try:
        confirm(
            import_=import_,
            control_total=form.cleaned_data["control_total"],
            desk=request.desk,
            leave_out_errors=form.cleaned_data.get("leave_out_errors", False),
            again=form.cleaned_data.get("again", False),
        )
    except Refusal as refused:
        import_.refresh_from_db()
        if import_.status != Status.READY:
            return moved_on(request, import_)
        form.refuse(refused)
        return shown(request, import_, form, status=422)
    return to_where_it_is(request, import_)


@may_import
@require_POST
def leave(request: DeskRequest, uuid: uuids.UUID) -> HttpResponseBase:
    """Discard it: its rows go, a line in the list stays."""
    import_ = import_or_404(uuid)
    if import_.status not in NOT_YET_IN:
        return moved_on(request, import_)
    with refusal_told(request):
        discard(import_=import_, desk=request.desk)
        messages.success(request, f"{import_.file_name} was discarded. Nothing was taken in.")
        return redirect("imports:list")
    return to_where_it_is(request, import_)


@may_import
@require_POST
def ask_again(request: DeskRequest, uuid: uuids.UUID) -> HttpResponseBase:
    """The worker is asked once more for a job that has told nothing for a while."""
    import_ = import_or_404(uuid)
    if not import_.is_at_work:
        return moved_on(request, import_)
    with refusal_told(request):
        start_again(import_=import_, desk=request.desk)
        messages.success(request, "It was asked for again.")
    return to_where_it_is(request, import_)


@may_import
@require_http_methods(["GET", "HEAD", "POST"])
def take_out(request: DeskRequest, uuid: uuids.UUID) -> HttpResponseBase:
    """What taking it back means and who is in the way; then having the worker do it."""
    import_ = import_or_404(uuid)
    if request.method == "POST" and import_.status in (Status.TAKING_BACK, Status.TAKEN_BACK):
        return to_where_it_is(request, import_)
    if import_.status != Status.DONE:
        return moved_on(request, import_)
    if request.method != "POST":
        return _outlook(request, import_)
    try:
        take_back(import_=import_, desk=request.desk)
    except Refusal as refused:
        import_.refresh_from_db()
        if import_.status != Status.DONE:
            return moved_on(request, import_)
        return _outlook(request, import_, refused, status=409)
    return to_where_it_is(request, import_)


def _outlook(
    request: DeskRequest, import_: Import, refused: Refusal | None = None, *, status: int = 200
) -> HttpResponseBase:
    context = {"import": import_, "outlook": outlook(import_), "refused": refused}
    return render(request, "imports/take_back.html", context, status=status)
