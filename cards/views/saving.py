"""The page at which a client agrees, on their own phone, that a card is kept."""

import ipaddress
import uuid as uuids

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from cards.forms_on_file import AgreeForm
from cards.gateway import Unclear
from cards.links import is_ours
from cards.models import CardSaving
from cards.saving import SavingOver, accept_terms, card_of, is_over, open_saving
from cards.saving_end import finish_saving
from salon.errors import Refused
from salon.guessing import address_of
from salon.models import BusinessSettings


class ClientRequest(HttpRequest):
    """A request of somebody who is not of the staff; for annotations only."""

    htmx: HtmxDetails


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: ClientRequest, saving: uuids.UUID, signature: str) -> HttpResponse:
    """The terms, the tick, and the way to the processor's page, which leads back to here.

    Only by its signed address. It says the first name, and nothing else of the client.
    """
    found = CardSaving.objects.select_related("client").filter(uuid=saving).first()
    if found is None or not is_ours(saving, signature):
        raise Http404("There is no such page.")
    if request.method == "POST":
        return _agree(request, found)
    try:
        finish_saving(found)
    except Unclear:
        return _page(request, found, is_unclear=True)
    return _page(request, found)


def address_for_record(request: HttpRequest) -> str | None:
    """Where the box was ticked, as the consent keeps it; None where that is no address."""
    try:
        return str(ipaddress.ip_address(address_of(request)))
    except ValueError:
        return None


def _agree(request: ClientRequest, saving: CardSaving) -> HttpResponse:
    form = AgreeForm(request.POST)
    if not form.is_valid():
        return _page(request, saving, form, status=422)
    try:
        accept_terms(saving=saving, address=address_for_record(request))
        opened = open_saving(saving)
    except SavingOver:
        return _page(request, saving)
    except Refused as refused:
        form.add_error(None, refused.message)
        return _page(request, saving, form, status=422)
    return HttpResponseClientRedirect(opened.url) if request.htmx else redirect(opened.url)


def _page(
    request: ClientRequest,
    saving: CardSaving,
    form: AgreeForm | None = None,
    *,
    is_unclear: bool = False,
    status: int = 200,
) -> HttpResponse:
    saving.refresh_from_db()
    card = card_of(saving)
    context = {
        "saving": saving,
        "first_name": saving.client.first_name,
        "business": BusinessSettings.current().name,
        "form": form or AgreeForm(initial={"agreed": bool(saving.consented_at)}),
        "is_kept": card is not None and not card.removed_at,
        "was_removed": card is not None and card.removed_at,
        "is_over": is_over(saving),
        "is_unclear": is_unclear,
    }
    # By script the answer to a form takes no place in the history, which Back would ask to repeat.
    template = "cards/_saving.html" if request.htmx else "cards/saving.html"
    response = render(request, template, context, status=status)
    # The address is the key. (No stricter referrer policy: forms are believed by their origin.)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
