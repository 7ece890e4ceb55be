"""Manage > Deposits: the policy in sentences, its rules, and which of them wins for whom."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deposits.models import BookingSettings, BookingSite, DepositRule
from deposits.rules.finding import in_order
from deposits.rules.forms import QuestionForm, RuleForm, client_named
from deposits.rules.policy import asked_of
from deposits.rules.ruling import archive_rule, restore_rule, save_rule
from deposits.rules.sentences import sentences
from deposits.rules.words import how, whom
from salon import clock, permissions
from salon.access import permission_required
from salon.errors import Refused
from salon.http import DeskRequest
from salon.models import BusinessSettings, Location
from salon.refusing import refusal_told

may_manage = permission_required(permissions.MANAGE_BOOKING)


@may_manage
@require_safe
def policy(request: DeskRequest) -> HttpResponse:
    """All of it on one page; only the answer when htmx asks which rule wins."""
    context = _answered(request)
    if request.htmx.target == "wins":
        return render(request, "deposits/manage/_wins.html", context)
    rules = in_order(DepositRule.objects.select_related("location"))
    settings = BookingSettings.current()
    context |= {
        "is_online": settings.online_booking,
        "policy": sentences(settings, BusinessSettings.current(), list(Location.objects.active())),
        "sites": BookingSite.objects.all(),
        "rules": [(rule, whom(rule), how(rule)) for rule in rules if not rule.is_archived],
        "archived": [(rule, whom(rule), how(rule)) for rule in rules if rule.is_archived],
    }
    return render(request, "deposits/manage/policy.html", context)


@may_manage
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: DeskRequest, pk: int | None = None) -> HttpResponse:
    """Add a rule, or change one."""
    known = DepositRule.objects.select_related("location")
    found = get_object_or_404(known, pk=pk) if pk else None
    form = RuleForm(request.POST if request.method == "POST" else None, rule=found)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_rule(rule=found, card=form.card, desk=request.desk)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{whom(saved)}: {how(saved)}. It counts from now on.")
            return redirect("deposits:policy")
    context = {"form": form, "rule": found, "words": whom(found) if found else ""}
    status = 422 if form.errors else 200
    return render(request, "deposits/manage/rule.html", context, status=status)


@may_manage
@require_POST
def archive(request: DeskRequest, pk: int) -> HttpResponse:
    """A rule counts no more."""
    done = archive_rule(rule=get_object_or_404(DepositRule, pk=pk), desk=request.desk)
    messages.success(request, f"“{whom(done)}” is archived: it counts no more.")
    return redirect("deposits:policy")


@may_manage
@require_POST
def restore(request: DeskRequest, pk: int) -> HttpResponse:
    """A rule counts again."""
    with refusal_told(request):
        done = restore_rule(rule=get_object_or_404(DepositRule, pk=pk), desk=request.desk)
        messages.success(request, f"“{whom(done)}” counts again.")
    return redirect("deposits:policy")


def _answered(request: DeskRequest) -> dict[str, object]:
    """The question as it stands in the address, and what the policy says."""
    form = QuestionForm(request.GET.dict(), location=request.desk.location)
    client = client_named(request.GET.get("client", ""))
    asked = None
    if form.services:
        asked = asked_of(
            client=client,
            services=form.services,
            location=form.cleaned_data["location"],
            at=clock.now(),
        )
    winners = {part.by for part in asked.parts if part.by} if asked else set()
    return {
        "question": form,
        "client": client,
        "asked": asked,
        "tried": [(each, each in winners) for each in asked.tried] if asked else [],
    }
