"""The statement of one client for some days: to read, to print, to e-mail."""

import uuid as uuids
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from clients.models import Client
from clients.moved import client_or_404
from ledger.client_statement import client_statement
from ledger.sending_statements import queue_statement
from salon import permissions
from salon.access import permission_required
from salon.http import DeskRequest
from salon.reporting.periods import PRESETS, Period, PeriodForm

may_see = permission_required(permissions.VIEW_BALANCES)


class SendForm(forms.Form):
    """`uuid` names the act: the same form sent twice sends one e-mail."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    to = forms.EmailField(
        label="E-mail",
        max_length=254,
        error_messages={
            "required": "Enter the address that the statement goes to.",
            "invalid": "Enter an e-mail address like clara@example.com.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


@may_see
@require_safe
def shown(request: DeskRequest, pk: int, merged: int | None = None) -> HttpResponse:
    """`?start=&end=` or `?period=`, this month by default. `merged`: of who was merged into them,
    until then."""
    client = client_or_404(pk)
    whose = _whose(client, merged)
    form = _period(request)
    period = form.value
    form.fill()
    others = Client.objects.filter(merged_into=client, ledger_accounts__isnull=False)
    context = {
        "client": client,
        "whose": whose,
        "form": form,
        "presets": _presets(form),
        "statement": client_statement(whose, period.start, period.end),
        "email_url": _address("email_statement", client, merged, period),
        "others": [] if merged else others.distinct().order_by("archived_at"),
        "days": urlencode({"start": period.start, "end": period.end}),
    }
    return render(request, "ledger/statement.html", context)


@may_see
@require_http_methods(["GET", "HEAD", "POST"])
def email(request: DeskRequest, pk: int, merged: int | None = None) -> HttpResponse:
    """Ask for the address, then queue it. The days are those of the address."""
    client = client_or_404(pk)
    whose, period = _whose(client, merged), _period(request).value
    back = _address("client_statement", client, merged, period)
    initial = {"to": client.email or whose.email, "uuid": uuids.uuid4()}
    form = SendForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        queue_statement(
            client=whose,
            start=period.start,
            end=period.end,
            desk=request.desk,
            **form.cleaned_data,
        )
        messages.success(request, f"The statement is on its way to {form.cleaned_data['to']}.")
        return redirect(back)
    context = {"client": client, "whose": whose, "period": period, "form": form, "back": back}
    status = 422 if form.errors else 200
    return render(request, "ledger/email_statement.html", context, status=status)


def _whose(client: Client, merged: int | None) -> Client:
    if merged is None:
        return client
    return get_object_or_404(Client, pk=merged, merged_into=client)


def _period(request: DeskRequest) -> PeriodForm:
    return PeriodForm(request.GET or None, today=request.desk.business_date, places=[])


def _presets(form: PeriodForm) -> list[dict[str, object]]:
    return [
        {"label": label, "url": f"?period={key}", "current": key == form.preset}
        for key, label in PRESETS
    ]


def _address(page: str, client: Client, merged: int | None, period: Period) -> str:
    name = f"ledger:{page}" + ("" if merged is None else "_until_merge")
    args = [client.pk] if merged is None else [client.pk, merged]
    days = urlencode({"start": period.start, "end": period.end})
    return f"{reverse(name, args=args)}?{days}"
