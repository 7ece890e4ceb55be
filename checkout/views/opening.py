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
from checkout.starting import open_with
from clients.models import Client
from clients.moved import client_or_404
from salon import permissions
from salon.access import permission_required
from salon.addresses import our_own, uuid_of, whole_number
from salon.http import DeskRequest
from salon.models import Product, Service


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(permissions.MODIFY_SALES)
def new(request: DeskRequest) -> HttpResponseBase:
    """An empty sale, for `client` where one is named; or one with a `service` or `product` on it.

    A GET opens nothing: it leads to the list.
    """
    if request.method != "POST":
        return redirect("checkout:list")
    asked = request.POST.get("client") or request.GET.get("client")
    client = get_object_or_404(Client, pk=whole_number(asked)) if asked else None
    if client is not None:
        client = client.survivor
    thing = _thing(request)
    try:
        if thing is None:
            order = open_or_resume(desk=request.desk, client=client, uuid=_uuid(request))
        else:
            order = open_with(thing=thing, desk=request.desk, uuid=_uuid(request))
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
    # A phone shows the payments first: most visits are only paid.
    return redirect(f"{reverse('checkout:order', args=[order.uuid])}#pay")


@require_POST
@permission_required(permissions.MODIFY_SALES)
def add_to_balance(request: DeskRequest, client: int) -> HttpResponseBase:
    """A sale for this client, with the Account Credits sheet open."""
    found = client_or_404(client)
    try:
        order = open_or_resume(desk=request.desk, client=found, uuid=_uuid(request))
    except Refused as refusal:
        return _refused(request, refusal)
    address = reverse("checkout:order", args=[order.uuid])
    return redirect(f"{address}?open=account_credit")


def _thing(request: DeskRequest) -> Service | Product | None:
    """What the search found and somebody pressed."""
    if asked := request.GET.get("service"):
        return get_object_or_404(Service, pk=whole_number(asked))
    if asked := request.GET.get("product"):
        return get_object_or_404(Product, pk=whole_number(asked))
    return None


def _uuid(request: DeskRequest) -> uuids.UUID | None:
    """The form's own name for the new sale, where it has one: sent twice, it opens one."""
    return uuid_of(request.POST.get("uuid") or request.GET.get("uuid"))


def _refused(request: DeskRequest, refusal: Refused) -> HttpResponseBase:
    """Back to where it was asked, with the reason."""
    messages.error(request, refusal.message)
    return redirect(our_own(request, request.POST.get("next")) or "/")
