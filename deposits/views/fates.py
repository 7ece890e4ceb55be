"""Deciding by hand what becomes of a deposit, and taking that back; what became of a visit's."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from appointments.models import Appointment
from appointments.times import when
from deposits.errors import Refused
from deposits.fates.deciding import decide
from deposits.fates.form import FateForm
from deposits.fates.history import history_of
from deposits.fates.question import ask
from deposits.fates.undoing import undo
from deposits.fates.visit_changes import shown
from deposits.fates.words import sentences_of
from deposits.models import Decision, Fate
from salon import permissions, said
from salon.access import permission_required
from salon.http import DeskRequest
from salon.refusing import refusal_told

may_decide = permission_required(permissions.DECIDE_DEPOSITS)


@may_decide
@require_http_methods(["GET", "HEAD", "POST"])
def decide_by_hand(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """What is held for a visit and what becomes of it; below it what became of it before."""
    visit = get_object_or_404(
        Appointment.objects.select_related("client", "location").prefetch_related(
            "services__service", "services__staff"
        ),
        uuid=uuid,
    )
    question = ask(visit, Decision.Occasion.BY_HAND, request.desk)
    refused = ""
    if request.method == "POST":
        form = FateForm(request.POST, question=question)
        if form.is_valid():
            try:
                decision = decide(visit=visit, answer=form.answer, desk=request.desk)
            except Refused as refusal:
                refused = refusal.message
                question = ask(visit, Decision.Occasion.BY_HAND, request.desk)
            else:
                for sentence in sentences_of(decision):
                    messages.success(request, sentence)
                return redirect("deposits:decide", uuid=visit.uuid)
    context = {
        "visit": visit,
        "when": when(visit),
        "staff": said.listed(dict.fromkeys(str(part.staff) for part in visit.services.all())),
        "refused": refused,
        "history": history_of(visit),
        **shown(question, request.POST if request.method == "POST" else None),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "deposits/decide.html", context, status=status)


@may_decide
@require_POST
def undo_fate(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """The part is held for its visit again."""
    fate = get_object_or_404(Fate.objects.select_related("decision__appointment"), uuid=uuid)
    with refusal_told(request):
        undone = undo(fate=fate, desk=request.desk)
        messages.success(request, f"{said.amount(undone.amount)} is held for the visit again.")
    return redirect("deposits:decide", uuid=fate.decision.appointment.uuid)
