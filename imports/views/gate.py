"""Who may, and what an import allows by now: who comes too late is led to where it stands."""

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from imports.models import Import, Status
from salon import permissions
from salon.access import permission_required
from salon.http import DeskRequest

may_import = permission_required(permissions.IMPORT_CLIENTS)

NOT_YET_IN = (Status.MAPPING, Status.READY, Status.FAILED)
"""Nobody is at work on it, and its columns may be named anew, or all of it left."""

_MEANWHILE = {
    Status.MAPPING: "Its columns come first.",
    Status.CHECKING: "It is being checked.",
    Status.READY: "It is ready to be looked at.",
    Status.IMPORTING: "It is being taken in.",
    Status.DONE: "It was taken in.",
    Status.TAKING_BACK: "It is being taken back.",
    Status.TAKEN_BACK: "It was taken back.",
    Status.FAILED: "It did not go in.",
    Status.DISCARDED: "It was discarded.",
}


def to_where_it_is(request: DeskRequest, import_: Import) -> HttpResponseBase:
    """The page of its status; for htmx as a page of its own, never into a part of this one."""
    address = reverse("imports:one", args=[import_.uuid])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def moved_on(request: DeskRequest, import_: Import) -> HttpResponseBase:
    """The page was older than what happened since: say where the import stands, and go there."""
    stands = _MEANWHILE[Status(import_.status)]
    messages.info(request, f"This import has moved on meanwhile. {stands}")
    return to_where_it_is(request, import_)
