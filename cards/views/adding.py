"""Adding a card at the desk: the terms and the two ways, the code for the phone, the way back."""

import uuid as uuids

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from cards.forms_on_file import PHONE, AddCardForm
from cards.gateway import Unclear
from cards.links import link_to_saving
from cards.models import CardSaving
from cards.saving import accept_terms, begin_saving, is_over, open_saving
from cards.saving_end import cancel_saving, finish_saving
from cards.views.on_file import may_manage, show_block
from cards.views.saving import address_for_record
from clients.models import Client
from clients.moved import client_or_404
from salon import qr
from salon.errors import Refused
from salon.http import DeskRequest
from salon.models import BusinessSettings


@may_manage
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: DeskRequest, pk: int) -> HttpResponse:
    """The terms and the two ways; then the code, or on to the processor's page."""
    client = client_or_404(pk)
    if request.method != "POST":
        return _form(request, client, AddCardForm(initial={"uuid": uuids.uuid4()}))
    form = AddCardForm(request.POST)
    if not form.is_valid():
        return _form(request, client, form)
    try:
        return _begun(request, client, form)
    except Refused as refused:
        form.add_error(None, refused.message)
        return _form(request, client, form)


@may_manage
@require_safe
@never_cache
def code(request: DeskRequest, saving: uuids.UUID) -> HttpResponse:
    """The code for the client's phone. Asked whether it is still wanted, it closes its dialog."""
    found = _saving_or_404(saving)
    is_asked = "look" in request.GET
    if is_over(found):
        if not is_asked:
            return redirect("ledger:payment_methods", pk=found.client_id)
        done = trigger_client_event(HttpResponse(status=204), "close-sheet", {})
        return trigger_client_event(done, "cards-changed", {})
    if is_asked and (request.GET["look"] == "agreed") == bool(found.consented_at):
        return HttpResponse(status=204)
    return _code(request, found)


@may_manage
@require_safe
@never_cache
def back(request: DeskRequest, saving: uuids.UUID) -> HttpResponse:
    """From the processor's page back to this screen: what came of it."""
    found = _saving_or_404(saving)
    try:
        card = finish_saving(found)
    except Unclear:
        messages.warning(
            request,
            "The card processor did not answer. If the card was kept, it shows here in a moment.",
        )
    else:
        if card:
            messages.success(request, f"{card} is on file.")
        else:
            messages.info(request, "No card was kept yet: go on with it below, or cancel.")
    return redirect("ledger:payment_methods", pk=found.client_id)


@may_manage
@require_POST
def cancel(request: DeskRequest, saving: uuids.UUID) -> HttpResponse:
    """Nobody is asked any more; where the client was faster, the card is there."""
    found = _saving_or_404(saving)
    try:
        card = cancel_saving(found)
    except (Refused, Unclear) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request, f"{card} was kept before this." if card else "Canceled. No card was kept."
        )
    return show_block(request, found.client)


def _begun(request: DeskRequest, client: Client, form: AddCardForm) -> HttpResponse:
    uuid = form.cleaned_data["uuid"]
    is_phone = form.cleaned_data["way"] == PHONE
    here = request.build_absolute_uri(reverse("cards:saving_back", args=[uuid]))
    saving = begin_saving(
        client=client,
        desk=request.desk,
        terms=_terms(),
        uuid=uuid,
        back_url=link_to_saving(uuid) if is_phone else here,
    )
    if is_phone:
        return _code(request, saving) if request.htmx else redirect("cards:code", saving=uuid)
    accept_terms(saving=saving, address=address_for_record(request))
    opened = open_saving(saving)
    return HttpResponseClientRedirect(opened.url) if request.htmx else redirect(opened.url)


def _form(request: DeskRequest, client: Client, form: AddCardForm) -> HttpResponse:
    context = {
        "client": client,
        "active": "payment_methods",
        "form": form,
        "terms": _terms(),
    }
    template = "_on_file_add_dialog" if request.htmx else "on_file_add"
    status = 422 if form.is_bound else 200
    return render(request, f"cards/{template}.html", context, status=status)


def _code(request: DeskRequest, saving: CardSaving) -> HttpResponse:
    link = link_to_saving(saving.uuid)
    context = {
        "client": saving.client,
        "active": "payment_methods",
        "saving": saving,
        "link": link,
        "qr": qr.svg(link),
    }
    template = "_on_file_code_dialog" if request.htmx else "on_file_code"
    response = render(request, f"cards/{template}.html", context)
    return trigger_client_event(response, "cards-changed", {}) if request.htmx else response


def _terms() -> str:
    return BusinessSettings.current().card_terms


def _saving_or_404(uuid: uuids.UUID) -> CardSaving:
    return get_object_or_404(CardSaving.objects.select_related("client"), uuid=uuid)
