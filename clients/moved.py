"""The address of a client who was merged leads to the one who stays.

Views with a client in their address look it up with `client_or_404`; the middleware answers.
"""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from clients.models import Client
from salon import clock, said
from salon.http import DeskRequest

NAMED = ("pk", "client")
"""What addresses call their client."""


class MergedAway(Exception):
    """The address is of a client who was merged into another."""

    def __init__(self, client: Client) -> None:
        super().__init__(f"{client.name} was merged")
        self.client = client


def client_or_404(pk: int) -> Client:
    """The client of an address. One query; MergedAway is answered with a redirect."""
    client = get_object_or_404(Client.objects.select_related("location", "merged_into"), pk=pk)
    if client.merged_into_id:
        raise MergedAway(client)
    return client


class MergedClientMiddleware:
    """Answers MergedAway: the same page of the client who stays, with a word about it.

    A form that was sent to the old address does nothing there, and leads to the client.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: DeskRequest, error: Exception) -> HttpResponseBase | None:
        if not isinstance(error, MergedAway):
            return None
        told = _told(error.client)
        if request.method not in ("GET", "HEAD"):
            messages.error(request, f"{told} Nothing was done. Do it here, where it belongs now.")
            page = reverse("clients:detail", args=[error.client.survivor_id])
            return HttpResponseClientRedirect(page) if request.htmx else redirect(page)
        if not request.htmx:
            messages.info(request, told)
        return redirect(_address(request, error.client))


def _address(request: HttpRequest, client: Client) -> str:
    """The same address with the other client in it."""
    match = request.resolver_match
    assert match is not None  # nosec B101 - a view has raised it
    kwargs = {
        name: client.survivor_id if name in NAMED else value for name, value in match.kwargs.items()
    }
    query = request.META.get("QUERY_STRING", "")
    return reverse(match.view_name, kwargs=kwargs) + (f"?{query}" if query else "")


def _told(client: Client) -> str:
    today = timezone.localtime(clock.now()).date()
    day = said.day(timezone.localtime(client.archived_at).date(), today)
    return f"{client.name} was merged into {client.survivor.name} on {day}."
