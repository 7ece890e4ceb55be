"""Pages under Manage, for who may change services."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from salon import permissions
from salon.access import permission_required
from salon.errors import Refused, StaleService
from salon.http import DeskRequest
from salon.models import Service
from salon.refusing import refusal_told
from salon.service_list import SHOWS, services_by_category
from salon.service_page import ServicePage
from salon.updating_services import (
    add_service,
    archive_service,
    restore_service,
    update_service,
)

may_manage = permission_required(permissions.MANAGE_SERVICES)


@may_manage
@require_safe
def services(request: DeskRequest) -> HttpResponse:
    """Services by category; `?q=` and `?show=` narrow it down. Only the list when htmx asks."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    shows = request.GET.get("show", "")
    shows = shows if shows in SHOWS else ""
    context = {
        "q": words,
        "shows": shows,
        "choices": SHOWS.items(),
        "categories": services_by_category(words, shows),
    }
    part = request.htmx.target == "service-list"
    template = "salon/manage/_services.html" if part else "salon/manage/services.html"
    return render(request, template, context)


@may_manage
@require_http_methods(["GET", "HEAD", "POST"])
def new_service(request: DeskRequest) -> HttpResponseBase:
    """Add a service with all that is set about it."""
    if request.method != "POST":
        return _shown(request, ServicePage(None))
    page = ServicePage(None, request.POST)
    if page.is_valid:
        try:
            made = add_service(card=page.card, by=request.user, till=request.desk.till)
        except Refused as refused:
            page.refuse(refused)
        else:
            messages.success(request, f"{made} was added. It can be booked and sold from now on.")
            return redirect("manage:service", pk=made.pk)
    return _shown(request, page, status=422)


@may_manage
@require_http_methods(["GET", "HEAD", "POST"])
def service(request: DeskRequest, pk: int) -> HttpResponseBase:
    """A service, and Update Service: all of it in one act."""
    found = _service_or_404(pk)
    if request.method != "POST":
        return _shown(request, ServicePage(found))
    page = ServicePage(found, request.POST)
    status = 422
    if page.is_valid:
        seen = page.form.cleaned_data["seen"]
        try:
            update_service(
                service=found, card=page.card, by=request.user, till=request.desk.till, seen=seen
            )
        except Refused as refused:
            page.refuse(refused)
            status = 409 if isinstance(refused, StaleService) else 422
        else:
            messages.success(
                request, f"{page.card.name} is updated. Booking and checkout use it from now on."
            )
            return redirect("manage:service", pk=pk)
    return _shown(request, page, status=status)


@may_manage
@require_POST
def archive(request: DeskRequest, pk: int) -> HttpResponseBase:
    """No longer offer a service."""
    done = archive_service(service=_service_or_404(pk), by=request.user, till=request.desk.till)
    messages.success(request, f"{done} is archived. Visits and sales that have it keep it.")
    return redirect("manage:service", pk=pk)


@may_manage
@require_POST
def restore(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Offer a service again."""
    with refusal_told(request):
        done = restore_service(service=_service_or_404(pk), by=request.user, till=request.desk.till)
        messages.success(request, f"{done} is offered again.")
    return redirect("manage:service", pk=pk)


def _service_or_404(pk: int) -> Service:
    """Two queries."""
    known = Service.objects.select_related("category", "tax_rate").prefetch_related("staff")
    return get_object_or_404(known, pk=pk)


def _shown(request: DeskRequest, page: ServicePage, *, status: int = 200) -> HttpResponse:
    context = {"page": page, "service": page.service, "is_stale": status == 409}
    return render(request, "salon/manage/service.html", context, status=status)
