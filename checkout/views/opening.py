"""Starting a sale: for whoever comes, for a client, for a visit, to add to a balance."""

import uuid as uuids

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from appointments.models import Appointment
from checkout.errors import Refused
from checkout.opening import open_for_visit, open_or_resume
from clients.models import Client
from salon import permissions
from salon.access import permission_required
from salon.addresses import our_own, whole_number
from salon.http import DeskRequest


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(permissions.MODIFY_SALES)
def new(request: DeskRequest) -> HttpResponseBase:
    """An empty sale, for `client` where one is named. A GET opens nothing: it leads to the list."""
    if request.method != "POST":
        return redirect("checkout:list")
    asked = request.POST.get("client") or request.GET.get("client")
    client = get_object_or_404(Client, pk=whole_number(asked)) if asked else None
    try:
        order = open_or_resume(desk=request.desk, client=client, uuid=_uuid(request))
    except Refused as refusal:
        return _refused(request, refusal)
    return redirect("checkout:order", order=order.uuid)


@require_POST
@permission_required(permissions.MODIFY_SALES)
def for_visit(request: DeskRequest, visit: uuids.UUID) -> HttpResponseBase:
    """The visit's order: the one that is open already, or a new one with its services."""
    appointment = get_object_or_404(Appointment.objects.select_related("client"), uuid=visit)
    try:
        order = open_for_visit(appointment=appointment, desk=request.desk)
    except Refused as refusal:
        return _refused(request, refusal)
    return redirect("checkout:order", order=order.uuid)


@require_POST
@permission_required(permissions.MODIFY_SALES)
def add_to_balance(request: DeskRequest, client: int) -> HttpResponseBase:
    """A sale for this client, with the Account Credits sheet open."""
    found = get_object_or_404(Client, pk=whole_number(str(client)))
    try:
        order = open_or_resume(desk=request.desk, client=found, uuid=_uuid(request))
    except Refused as refusal:
        return _refused(request, refusal)
    address = reverse("checkout:order", args=[order.uuid])
    return redirect(f"{address}?open=account_credit")


def _uuid(request: DeskRequest) -> uuids.UUID | None:
    """The form's own name for the new sale, where it has one: sent twice, it opens one."""
    try:
        return uuids.UUID(request.POST.get("uuid", ""))
    except ValueError:
        return None


def _refused(request: DeskRequest, refusal: Refused) -> HttpResponseBase:
    """Back to where it was asked, with the reason."""
    messages.error(request, refusal.message)
    return redirect(our_own(request, request.POST.get("next")) or "/")
