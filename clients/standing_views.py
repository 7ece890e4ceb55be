"""Archiving and blocking a client, and the way back from both."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from clients.archiving import (
    ArchiveRefused,
    archive_client,
    obstacles_of,
    restore_client,
    told_of,
)
from clients.blocking import block_client, unblock_client
from clients.errors import Refused
from clients.models import Client
from clients.moved import client_or_404
from clients.standing_forms import BlockForm
from salon import permissions
from salon.access import permission_required
from salon.http import DeskRequest
from salon.refusing import refusal_told

may_merge = permission_required(permissions.MERGE_CLIENTS)


@may_merge
@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: DeskRequest, pk: int) -> HttpResponse:
    """What archiving means, or what stands against it; then do it."""
    client = client_or_404(pk)
    if request.method == "POST":
        try:
            archive_client(client=client, desk=request.desk)
        except ArchiveRefused as refused:
            return _archive_page(request, client, refused, status=422)
        messages.success(
            request, f"{client.name} is archived: not found in searches, nothing was deleted."
        )
        return redirect("clients:detail", pk=client.pk)
    return _archive_page(request, client)


@may_merge
@require_POST
def restore(request: DeskRequest, pk: int) -> HttpResponse:
    """Out of the archive."""
    client = client_or_404(pk)
    with refusal_told(request):
        restore_client(client=client, desk=request.desk)
        messages.success(request, f"{client.name} is restored and found in searches again.")
    return redirect("clients:detail", pk=client.pk)


@may_merge
@require_http_methods(["GET", "HEAD", "POST"])
def block(request: DeskRequest, pk: int) -> HttpResponse:
    """Asks why; blocked already, it changes the reason."""
    client = client_or_404(pk)
    data = request.POST if request.method == "POST" else None
    form = BlockForm(data, initial={"reason": client.blocked_reason})
    if data is not None and form.is_valid():
        try:
            block_client(client=client, reason=form.cleaned_data["reason"], desk=request.desk)
        except Refused as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            messages.success(request, _blocked(client))
            return redirect("clients:detail", pk=client.pk)
    status = 422 if form.errors else 200
    return render(request, "clients/block.html", {"client": client, "form": form}, status=status)


@may_merge
@require_POST
def unblock(request: DeskRequest, pk: int) -> HttpResponse:
    """The client may book online and owe again."""
    client = client_or_404(pk)
    unblock_client(client=client, desk=request.desk)
    messages.success(request, f"{client.name} is not blocked any more.")
    return redirect("clients:detail", pk=client.pk)


def _archive_page(
    request: DeskRequest,
    client: Client,
    refused: ArchiveRefused | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    obstacles = refused.obstacles if refused else obstacles_of(client, request.desk)
    context = {
        "client": client,
        "obstacles": obstacles,
        "refused": refused,
        "goes_along": told_of(client),
    }
    return render(request, "clients/archive.html", context, status=status)


def _blocked(client: Client) -> str:
    return format_html(
        "{} is blocked: no online booking, no owing. <a href='{}'>Change the reason</a>",
        client.name,
        reverse("clients:block", args=[client.pk]),
    )
