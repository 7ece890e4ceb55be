"""Pages of clients: the list, the search as one types, the form, the overview."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import trigger_client_event

from clients.duplicates import with_same_contacts
from clients.figures import figures_of
from clients.forms import ClientForm, typed_before
from clients.listing import PAGE, page_of_clients
from clients.models import Client
from clients.moved import client_or_404
from clients.opened import opened
from clients.saving import save_client
from clients.searching import find_clients
from salon import permissions
from salon.access import permission_required
from salon.addresses import our_own, whole_number
from salon.http import DeskRequest

PICKED = 12
"""Options that a picker offers."""


@require_safe
def client_list(request: DeskRequest) -> HttpResponse:
    """All clients by name, or the best matches; ?archived=1: the archive. Rows for htmx."""
    query = request.GET.get("q", "").strip()
    archived = bool(request.GET.get("archived"))
    more = None
    if query:
        clients = find_clients(query, PAGE, archived=archived)
    else:
        after = whole_number(request.GET.get("after"))
        clients, more = page_of_clients(after, archived=archived)
    context = {
        "q": query,
        "archived": archived,
        "rows": _with_figures(request, clients),
        "more": more,
        "is_full": bool(query) and len(clients) == PAGE,
    }
    parts = {"client-list": "clients/_list.html", "more": "clients/_rows.html"}
    return render(request, parts.get(request.htmx.target or "", "clients/list.html"), context)


@require_safe
def search(request: DeskRequest) -> HttpResponse:
    """Options for a search box: links, or with ?pick=NAME buttons that send NAME=id."""
    query = (request.GET.get("q") or request.GET.get("client_q") or "").strip()
    pick = request.GET.get("pick", "")
    if not query:
        return HttpResponse()
    rows = _with_figures(request, find_clients(query, PICKED))
    context = {"q": query, "rows": rows, "pick": pick}
    return render(request, "clients/_options.html", context)


@require_safe
def detail(request: DeskRequest, pk: int) -> HttpResponse:
    """Overview: how to reach the client, the note, and slots that upper floors fill."""
    client = client_or_404(pk)
    opened(request, client)
    context = {"client": client, "active": "overview", "twins": _twins(request, client)}
    return render(request, "clients/detail.html", context)


@permission_required(permissions.EDIT_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Add a client: a page, or with ?dialog=1 a dialog that ends with the event client-chosen."""
    if request.method != "POST":
        looked_for = request.GET.get("name") or request.GET.get("client_q") or ""
        return _form(request, ClientForm(initial=typed_before(looked_for)))
    if (used := whole_number(request.POST.get("use"))) is not None:
        return _chosen(request, get_object_or_404(Client.objects.active(), pk=used))
    form = ClientForm(request.POST, instance=Client(location=request.desk.location))
    if not form.is_new_to_us():
        return _form(request, form, status=422)
    client = form.save()
    messages.success(request, f"{client.name} was added.")
    return _chosen(request, client)


@permission_required(permissions.EDIT_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: DeskRequest, pk: int) -> HttpResponse:
    """Change how a client is called and reached; for who may, how much they may owe."""
    client = client_or_404(pk)
    sets_limit = request.user.has_perm(permissions.OVERRIDE_IOU_LIMIT)
    if request.method != "POST":
        form = ClientForm(instance=client, sets_limit=sets_limit)
        return _form(request, form, client=client)
    form = ClientForm(request.POST, instance=client, sets_limit=sets_limit)
    if not form.is_new_to_us():
        # The form has put what was typed into the instance; the page shows the client as it is.
        return _form(request, form, client=Client.objects.get(pk=pk), status=422)
    save_client(form=form, staff=request.user, till=request.desk.till)
    messages.success(request, f"{client.name} was saved.")
    return _chosen(request, client)


def _twins(request: DeskRequest, client: Client) -> list[Client]:
    """Who may be the same person, for who may merge them. One query, none for others."""
    if client.is_archived or not request.user.has_perm(permissions.MERGE_CLIENTS):
        return []
    return list(with_same_contacts(client))


def _form(
    request: DeskRequest, form: ClientForm, *, client: Client | None = None, status: int = 200
) -> HttpResponse:
    template = "clients/_form_dialog.html" if _is_dialog(request) else "clients/form.html"
    context = {"form": form, "client": client, "next": our_own(request, request.GET.get("next"))}
    return render(request, template, context, status=status)


def _chosen(request: DeskRequest, client: Client) -> HttpResponse:
    """Back to where the client was wanted: a dialog's page, the page in ?next=, or the profile."""
    if _is_dialog(request):
        done = HttpResponse(status=204)
        trigger_client_event(done, "client-chosen", {"id": client.pk, "name": client.name})
        return trigger_client_event(done, "close-sheet", {})
    if back := our_own(request, request.GET.get("next")):
        return redirect(f"{back}{'&' if '?' in back else '?'}{urlencode({'client': client.pk})}")
    return redirect(reverse("clients:detail", args=[client.pk]))


def _is_dialog(request: DeskRequest) -> bool:
    return bool(request.GET.get("dialog")) and bool(request.htmx)


def _with_figures(request: DeskRequest, clients: list[Client]) -> list[dict[str, object]]:
    figures = figures_of(clients, request.desk)
    return [{"client": client, "figures": figures.get(client.pk, [])} for client in clients]
