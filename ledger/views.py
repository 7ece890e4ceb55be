"""A client's money at the desk: Payment Methods, the statement, an entry, adjusting."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect
from djmoney.money import Money

from clients.models import Client
from clients.moved import client_or_404
from clients.opened import opened
from ledger import causes
from ledger.adjusting import AdjustmentRefused, adjust_balance
from ledger.balances import balance_of, open_lots
from ledger.errors import KeyConflict, NotEnoughCredit
from ledger.forms import ADD, TAKE, AdjustForm, StatementFilter
from ledger.kinds import AdjustReason
from ledger.lot_words import ending_soon
from ledger.narrating import reason_of, tell, title_of, url_of
from ledger.owing import owing_of
from ledger.showing import entry_of
from ledger.statement import statement
from ledger.statement_steps import Cursor
from ledger.wallet import wallet_of
from salon import permissions, said
from salon.access import permission_required
from salon.http import DeskRequest
from salon.money import money
from salon.policy import Policy
from salon.toggles import balances_enabled

may_see = permission_required(permissions.VIEW_BALANCES)

_NOTHING = "No entry is of this kind and these days. Widen the filter."
_NOTHING_MORE = "Nothing in the newest part of this long history. Older entries are one page back."


@may_see
@require_safe
def payment_methods(request: DeskRequest, pk: int) -> HttpResponse:
    """What the client has, from where, until when, for what."""
    client = client_or_404(pk)
    opened(request, client)
    policy = Policy.of(request.desk.location)
    is_on = policy.balances
    wallet = wallet_of(client, request.desk.business_date) if is_on else None
    context = {"client": client, "active": "payment_methods", "is_on": is_on, "wallet": wallet}
    if wallet is not None:
        context["owing"] = owing_of(client, wallet.balance.owes, policy)
    return render(request, "ledger/payment_methods.html", context)


@may_see
@require_safe
def summary(request: DeskRequest, pk: int) -> HttpResponse:
    """The balance alone: fills a slot of the client's overview."""
    client = client_or_404(pk)
    today, policy = request.desk.business_date, Policy.of(request.desk.location)
    is_on = policy.balances
    balance = balance_of(client, today) if is_on else None
    context = {"client": client, "is_on": is_on, "balance": balance}
    if balance is not None:
        context["ending"] = ending_soon(open_lots(client), today) if balance.stored else []
        context["owing"] = owing_of(client, balance.owes, policy)
    return render(request, "ledger/_summary.html", context)


@may_see
@require_safe
def history(request: DeskRequest, pk: int) -> HttpResponse:
    """The statement with its running balance: filtered, page by page, to print."""
    client = client_or_404(pk)
    others = Client.objects.filter(merged_into=client, ledger_accounts__isnull=False)
    here = reverse("ledger:history", args=[client.pk])
    context = {"client": client, "merged": others.distinct().order_by("archived_at"), "here": here}
    return render(request, "ledger/history.html", context | _statement(request, client))


@may_see
@require_safe
def merged_history(request: DeskRequest, pk: int, merged: int) -> HttpResponse:
    """What a client had until being merged into this one: their own statement, as it was left."""
    client = client_or_404(pk)
    other = get_object_or_404(Client, pk=merged, merged_into=client)
    here = reverse("ledger:merged_history", args=[client.pk, other.pk])
    context = {"client": client, "until_merge": other, "here": here}
    return render(request, "ledger/history.html", context | _statement(request, other))


def _statement(request: DeskRequest, client: Client) -> dict[str, object]:
    """A page of this client's statement, as the address filters it."""
    form = StatementFilter(request.GET)
    wanted = form.wanted()
    page = statement(client, before=Cursor.parse(request.GET.get("before")), wanted=wanted)
    chosen = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    return {
        "active": "history",
        "form": form,
        "rows": tell(client, page.rows),
        "is_filtered": not wanted.is_all,
        "nothing": _NOTHING_MORE if page.older else _NOTHING,
        "is_first": "before" not in request.GET,
        "newest_url": f"?{urlencode(chosen)}",
        "older_url": f"?{urlencode({**chosen, 'before': page.older})}" if page.older else "",
    }


@may_see
@require_safe
def entry(request: DeskRequest, pk: int, entry_id: int) -> HttpResponse:
    """One entry: who, when, why, and what it did to which credit."""
    client = client_or_404(pk)
    shown, whose = entry_of(client, entry_id), client
    if shown is None:
        # Of a client who was merged into this one, whose addresses lead here.
        merged = Client.objects.filter(merged_into=client)
        whose = merged.filter(ledger_accounts__postings__entry=entry_id).first() or client
        shown = entry_of(whose, entry_id)
    if shown is None:
        raise Http404("This entry is not of this client.")
    row = shown.entry
    context = {
        "client": client,
        "whose": whose,
        "active": "history",
        "shown": shown,
        "title": title_of(row, shown.amount),
        "reason": reason_of(row),
        "cause_url": url_of(client, row) if causes.is_known(row.cause_kind) else "",
    }
    return render(request, "ledger/entry.html", context)


@require_safe
def cause(request: DeskRequest, cause_kind: str, cause_id: str) -> HttpResponse:
    """From a row of a statement to what caused it."""
    url = causes.url_of(cause_kind, cause_id)
    if url is None:
        raise Http404("What caused this has no page.")
    return redirect(url)


@permission_required(permissions.ADJUST_BALANCES)
@require_http_methods(["GET", "HEAD", "POST"])
def adjust(request: DeskRequest, pk: int) -> HttpResponse:
    """Add a gift to the balance, or take some away: a page, or a dialog for htmx."""
    client = client_or_404(pk)
    limit = request.user.role.adjustment_limit if request.user.role else None
    if request.method != "POST":
        return _adjust_form(request, client, AdjustForm(limit=limit, initial=_wished(request)))
    form = AdjustForm(request.POST, limit=limit)
    if form.is_valid() and _adjusted(request, client, form):
        url = reverse("ledger:payment_methods", args=[client.pk])
        return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
    return _adjust_form(request, client, form, status=422)


@permission_required(permissions.ADJUST_BALANCES)
@require_safe
def adjust_preview(request: DeskRequest, pk: int) -> HttpResponse:
    """What the balance becomes with what has been typed so far."""
    client = client_or_404(pk)
    form = AdjustForm(request.GET)
    form.is_valid()
    amount = getattr(form, "cleaned_data", {}).get("amount")
    return render(request, "ledger/_becomes.html", _becomes(request, client, amount))


def _adjusted(request: DeskRequest, client: Client, form: AdjustForm) -> bool:
    """Do it; what the ledger refuses goes next to its field."""
    typed = form.cleaned_data
    try:
        adjust_balance(
            client=client,
            amount=typed["amount"],
            reason=typed["reason"],
            note=typed["note"],
            desk=request.desk,
            key=typed["key"],
            expires_on=typed["expires_on"],
            restriction=typed["restriction"],
        )
    except AdjustmentRefused as refused:
        form.add_error(refused.field or None, str(refused))
    except NotEnoughCredit as refused:
        there = said.amount(money(refused.figures.get("available", 0)))
        form.add_error("amount", f"Only {there} is available. Nothing was taken away.")
    except KeyConflict:
        form.add_error(None, "This form was sent before with other figures. Open it again.")
    else:
        _say_done(request, client, typed["amount"])
        return True
    return False


def _say_done(request: DeskRequest, client: Client, amount: Money) -> None:
    """And offer the way back: the same form, begun with the opposite."""
    was_added = amount.amount > 0
    opposite = {
        "direction": TAKE if was_added else ADD,
        "amount": f"{abs(amount).amount}",
        "reason": AdjustReason.CORRECTION,
    }
    message = format_html(
        "{} was {} {}’s balance. It is now {}. <a href='{}?{}'>{}</a>",
        said.amount(abs(amount)),
        "added to" if was_added else "taken from",
        client.name,
        said.balance(balance_of(client, request.desk.business_date).total),
        reverse("ledger:adjust", args=[client.pk]),
        urlencode(opposite),
        "Take it away again" if was_added else "Add it again",
    )
    messages.success(request, message)


def _adjust_form(
    request: DeskRequest, client: Client, form: AdjustForm, status: int = 200
) -> HttpResponse:
    amount = getattr(form, "cleaned_data", {}).get("amount")
    context = {
        "client": client,
        "active": "payment_methods",
        "form": form,
        "is_on": balances_enabled(request.desk.location),
        **_becomes(request, client, amount),
    }
    template = "ledger/_adjust_dialog.html" if request.htmx else "ledger/adjust.html"
    return render(request, template, context, status=status)


def _becomes(request: DeskRequest, client: Client, amount: Money | None) -> dict[str, object]:
    balance = balance_of(client, request.desk.business_date)
    lacking = amount is not None and -amount > balance.available
    becomes = None if amount is None or lacking else balance.total + amount
    return {"balance": balance, "becomes": becomes, "lacking": lacking}


def _wished(request: DeskRequest) -> dict[str, str]:
    """What a link asks for, as the start of the form: the way back of an adjustment is one."""
    wished = {}
    if request.GET.get("direction") in (ADD, TAKE):
        wished["direction"] = request.GET["direction"]
    if request.GET.get("reason") in AdjustReason.values:
        wished["reason"] = request.GET["reason"]
    if amount := request.GET.get("amount"):
        wished["amount"] = amount[:20]
    return wished
