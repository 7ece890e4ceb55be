"""Cards on file at the desk: the block on Payment Methods, and what can be done with a card."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from cards import gateways
from cards.kept_cards import Block, ask_about, block_of
from cards.models import CardOnFile
from cards.on_file import default_card, make_default, next_default, remove_card
from clients.models import Client
from clients.moved import client_or_404
from salon import permissions
from salon.access import permission_required
from salon.errors import Refused
from salon.http import DeskRequest
from salon.refusing import refusal_told

may_see = permission_required(permissions.VIEW_BALANCES)
may_manage = permission_required(permissions.MANAGE_CARDS)


@may_see
@require_safe
def of_client(request: DeskRequest, pk: int) -> HttpResponse:
    """Fills the slot on Payment Methods; asked again with what it shows, it answers news only.

    Empty where no processor is connected. While somebody is asked for a card, it asks the
    processor how far that is.
    """
    client = client_or_404(pk)
    if not gateways.connected():
        return HttpResponse()
    ask_about(client)
    block, seen = block_of(client, request.desk), request.GET.get("seen", "")
    if seen == block.stamp:
        return HttpResponse(status=204)
    for card in block.added_since(seen):
        messages.success(request, f"{card} is on file.")
    return show_block(request, client, block)


@may_manage
@require_POST
def choose_default(request: DeskRequest, pk: int, card: int) -> HttpResponse:
    """Charge this one where no other was chosen."""
    client = client_or_404(pk)
    with refusal_told(request):
        chosen = make_default(card=_card_or_404(client, card), desk=request.desk)
        messages.success(request, f"{chosen} is the default card.")
    return show_block(request, client)


@may_manage
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: DeskRequest, pk: int, card: int) -> HttpResponse:
    """Ask first, then take the card off: a page, or a dialog for htmx."""
    client = client_or_404(pk)
    found = _card_or_404(client, card)
    if request.method != "POST":
        return _ask(request, client, found)
    try:
        remove_card(card=found, desk=request.desk)
    except Refused as refused:
        return _ask(request, client, found, refused)
    messages.success(request, _removed(client, found))
    if not request.htmx:
        return redirect("ledger:payment_methods", pk=client.pk)
    # Nothing stays in the dialog, which closes it.
    done = render(request, "components/toasts.html", {"oob": True})
    return trigger_client_event(done, "cards-changed", {})


def show_block(request: DeskRequest, client: Client, block: Block | None = None) -> HttpResponse:
    """The block as it stands, with the messages; without script the page that it stands on."""
    if not request.htmx:
        return redirect("ledger:payment_methods", pk=client.pk)
    context = {"client": client, "block": block or block_of(client, request.desk)}
    return render(request, "cards/_on_file.html", context)


def _ask(
    request: DeskRequest, client: Client, card: CardOnFile, refused: Refused | None = None
) -> HttpResponse:
    template = "_on_file_remove_dialog" if request.htmx else "on_file_remove"
    others = CardOnFile.objects.standing().filter(client=client).exclude(pk=card.pk)
    context = {
        "client": client,
        "active": "payment_methods",
        "card": card,
        "refused": refused,
        "others": others,
        "next_default": next_default(others, request.desk.business_date),
    }
    return render(request, f"cards/{template}.html", context, status=422 if refused else 200)


def _removed(client: Client, card: CardOnFile) -> str:
    told = f"{card} was removed."
    now = default_card(client)
    return f"{told} {now} is the default card now." if card.is_default and now else told


def _card_or_404(client: Client, card: int) -> CardOnFile:
    """Of this client, and not removed before."""
    return get_object_or_404(CardOnFile.objects.standing(), pk=card, client=client)
