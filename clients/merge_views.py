"""Merging two clients at the desk: choose the other, look at both and the result, confirm."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from clients.duplicates import with_same_contacts
from clients.errors import Refused, StaleMerge
from clients.figures import figures_of
from clients.merge_parts import Item, Pair
from clients.merging import Figure, MergeRefused, Proposal, merge_clients
from clients.models import Client
from clients.moved import client_or_404
from clients.searching import find_clients
from clients.standing_forms import MergeForm
from salon import permissions
from salon.access import permission_required
from salon.addresses import whole_number
from salon.http import DeskRequest

FOUND = 8


@dataclass(frozen=True)
class Side:
    """One of the two as its card shows it."""

    client: Client
    fate: str
    figures: list[Figure]
    items: list[Item]


@permission_required(permissions.MERGE_CLIENTS)
@permission_required(permissions.VIEW_BALANCES)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: DeskRequest, pk: int) -> HttpResponse:
    """`?other=` is the second client; `?keep=` says which of the two stays: this one by default."""
    # A form sent twice comes to a client who is merged by now; the verb answers it.
    client = get_object_or_404(Client, pk=pk) if request.method == "POST" else client_or_404(pk)
    other = Client.objects.filter(pk=whole_number(request.GET.get("other")) or 0).first()
    if other is None:
        return _choose(request, client)
    keeps_other = whole_number(request.GET.get("keep")) == other.pk
    gone, kept = (client, other) if keeps_other else (other, client)
    if request.method == "POST":
        return _merge(request, client, Pair(gone, kept, request.desk))
    return _compare(request, client, Proposal(Pair(gone, kept, request.desk)))


def _merge(request: DeskRequest, client: Client, pair: Pair) -> HttpResponse:
    form = MergeForm(request.POST, pair=pair, seen="")
    # Who was merged meanwhile, by this very form sent twice, has nothing left to choose from.
    if not form.is_valid() and not pair.gone.merged_into_id:
        return _compare(request, client, Proposal(pair), form, status=422)
    try:
        kept = merge_clients(
            gone=pair.gone,
            kept=pair.kept,
            desk=request.desk,
            seen=form.cleaned_data.get("seen", ""),
            choices=form.choices,
        )
    except Refused as refused:
        return _refused(request, client, pair, refused)
    figures = ", ".join(map(str, figures_of([kept], request.desk).get(kept.pk, [])))
    told = f"{pair.gone.name} was merged into {kept.name}"
    messages.success(request, f"{told}: {figures}." if figures else f"{told}.")
    return redirect("clients:detail", pk=kept.pk)


def _refused(request: DeskRequest, client: Client, pair: Pair, refused: Refused) -> HttpResponse:
    """Both as they stand now, with what was chosen. 409 when one of them changed meanwhile."""
    for one in (pair.gone, pair.kept):
        one.refresh_from_db()
    proposal = Proposal(pair)
    form = MergeForm(
        {**request.POST.dict(), "seen": proposal.stamp}, pair=pair, seen=proposal.stamp
    )
    # What both had to choose from may be another choice by now.
    if not isinstance(refused, MergeRefused):
        form.add_error(None, refused.message)
    status = 409 if isinstance(refused, StaleMerge) else 422
    return _compare(request, client, proposal, form, status=status)


def _choose(request: DeskRequest, client: Client) -> HttpResponse:
    """Look-alikes first; a search for everybody else."""
    query = request.GET.get("client_q", "").strip()
    found = [c for c in find_clients(query, FOUND) if c != client] if query else []
    twins = list(with_same_contacts(client))
    figures = figures_of([*twins, *found], request.desk)
    context = {
        "client": client,
        "q": query,
        "twins": [{"client": one, "figures": figures.get(one.pk, [])} for one in twins],
        "rows": [{"client": one, "figures": figures.get(one.pk, [])} for one in found],
    }
    return render(request, "clients/merge_choose.html", context)


def _compare(
    request: DeskRequest,
    client: Client,
    proposal: Proposal,
    form: MergeForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    pair = proposal.pair
    context = {
        "client": client,
        "proposal": proposal,
        "kept": pair.kept,
        "gone": pair.gone,
        "form": form or MergeForm(pair=pair, seen=proposal.stamp),
        "sides": [
            Side(pair.kept, "Stays", proposal.kept_figures, proposal.kept_items),
            Side(pair.gone, "Is merged and archived", proposal.gone_figures, proposal.gone_items),
        ],
    }
    return render(request, "clients/merge.html", context, status=status)
