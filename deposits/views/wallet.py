"""A client's wallet, by a link that they ask for by e-mail; the desk's button sends one too."""

from __future__ import annotations

import uuid as uuids
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checkout.models import Order
from checkout.receipts import receipt_of
from checkout.sale import Sale, find_sale
from clients.models import Client
from clients.moved import client_or_404
from deposits.errors import Refused
from deposits.models import DepositRequest
from deposits.own import links, telling
from deposits.own.forms import WalletForm
from deposits.own.visit import OwnVisit, own_visit
from deposits.own.wallet import Wallet, history_of
from deposits.payments.paying import pay_from_balance
from deposits.rules.cancellation import accept, accepted_for
from deposits.views.own import by_the_client, device_of, of_wallet, page
from ledger.statement_steps import Cursor
from salon import permissions
from salon.access import permission_required
from salon.guessing import Tries, connection_of
from salon.http import DeskRequest
from salon.models import Location

HOUR = 60 * 60
_BY_DEVICE = Tries("wallet-link-from", 10, HOUR)
_BY_EMAIL = Tries("wallet-link-to", 3, HOUR)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Have a link to one's wallet e-mailed. The answer is the same whether the salon knows the
    address or not; ten an hour from one device, three to one address.
    """
    form = WalletForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return page(request, "wallet_ask", {"form": form})
    if not form.is_valid():
        return page(request, "wallet_ask", {"form": form}, status=422)
    if not _BY_DEVICE.take(connection_of(request)):
        return page(request, "wallet_ask", {"form": form, "is_paused": True}, status=429)
    email = form.cleaned_data["email"]
    if _BY_EMAIL.take(email.casefold()):
        telling.send_wallet_links_to(email)
    return page(request, "wallet_asked", {"email": email})


@of_wallet
@require_safe
def wallet(request: HttpRequest, client: Client, place: Location) -> HttpResponse:
    """What the client has, what is ahead, what was; never anybody else's."""
    return _of(request, "wallet", client, place)


@of_wallet
@require_safe
def history(request: HttpRequest, client: Client, place: Location) -> HttpResponse:
    """All that moved the balance, page by page."""
    if not Wallet(client, place).is_on:
        raise Http404("Account balances are off.")
    before = Cursor.parse(request.GET.get("before"))
    context: dict[str, Any] = {"history": history_of(client, before), "is_first": before is None}
    return _of(request, "wallet_history", client, place, **context)


@of_wallet
@require_safe
def receipt(
    request: HttpRequest, client: Client, place: Location, order: uuids.UUID
) -> HttpResponse:
    """The receipt of a sale of the client's own."""
    sale = find_sale(order)
    if sale is None or sale.order.client_id != client.pk or not _is_closed(sale):
        raise Http404("There is no such receipt.")
    return _of(request, "wallet_receipt", client, place, receipt=receipt_of(sale), sale=sale)


@of_wallet
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, client: Client, place: Location, asked: uuids.UUID) -> HttpResponse:
    """Set so much of the balance aside as a deposit, where the owner allows it.

    Here alone and not by the visit's link: only a wallet's link says for certain whose money it is.
    """
    mine = DepositRequest.objects.select_related("appointment__client", "appointment__location")
    found = mine.filter(uuid=asked, appointment__client=client).first()
    if found is None:
        raise Http404("There is no such deposit.")
    facts, refusal = own_visit(found.appointment), ""
    if request.method == "POST":
        try:
            _pay(request, found, facts)
        except Refused as refused:
            refusal = refused.message
        else:
            return redirect("deposits:visit", token=links.visit_token(found.appointment))
    context: dict[str, Any] = {"asked": found, "facts": facts, "notice": refusal}
    context["pay_token"] = links.payment_token(found)
    status = 409 if refusal else 200
    return _of(request, "wallet_pay", client, place, status=status, **context)


@transaction.atomic
def _pay(request: HttpRequest, asked: DepositRequest, facts: OwnVisit) -> None:
    """With the policy that the page showed, where it was not agreed to yet."""
    visit, desk, device = asked.appointment, by_the_client(facts.location), device_of(request)
    if accepted_for(visit) is None:
        accept(
            visit=visit,
            request=asked,
            terms=facts.terms,
            address=device.address,
            device=device.words,
            at=desk.at,
        )
    pay_from_balance(request=asked, desk=desk)


@require_POST
@permission_required(permissions.EDIT_CLIENTS)
def send_link(request: DeskRequest, client: int) -> HttpResponse:
    """From the desk: e-mail the client a link to their wallet."""
    found = client_or_404(client)
    if found.is_archived:
        messages.error(request, "This client is archived. Nothing was sent. Restore them first.")
    elif not found.email:
        messages.error(request, "There is no e-mail address yet. Nothing was sent. Add one first.")
    else:
        telling.send_wallet_link(found)
        messages.success(request, f"The link to the wallet is on its way to {found.email}.")
    return redirect("clients:detail", pk=found.pk)


def _is_closed(sale: Sale) -> bool:
    return sale.order.status == Order.Status.CLOSED


def _of(
    request: HttpRequest,
    template: str,
    client: Client,
    place: Location,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    token = request.token  # type: ignore[attr-defined]
    shown = {"client": client, "token": token, "wallet": Wallet(client, place), "location": place}
    return page(request, template, {**shown, **more}, status=status)
