"""Deposits on a client's page: what is held for which visit, and an exception from the rules."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from appointments.times import when
from clients.moved import client_or_404
from deposits.desk.visit_deposit import deposits_of
from deposits.rules.excepting import clear_exception, exception_of, set_exception
from deposits.rules.forms import ExceptionForm
from deposits.rules.words import how
from salon import permissions
from salon.access import permission_required
from salon.errors import Refused
from salon.http import DeskRequest

may_see = permission_required(permissions.VIEW_BALANCES)
may_manage = permission_required(permissions.MANAGE_BOOKING)


@may_see
@require_safe
def of_client(request: DeskRequest, pk: int) -> HttpResponse:
    """Fills the slot on the client's page. Ten queries at most."""
    client = client_or_404(pk)
    row = exception_of(client)
    context = {
        "client": client,
        "held": [
            (visit, when(visit), amount, moved) for visit, amount, moved in deposits_of(client)
        ],
        "exception": row,
        "how": how(row) if row else "",
    }
    return render(request, "deposits/_of_client.html", context)


@may_manage
@require_http_methods(["GET", "HEAD", "POST"])
def exception(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Set an exception, change it, or let the rules count again."""
    client = client_or_404(pk)
    row = exception_of(client)
    form = ExceptionForm(request.POST if request.method == "POST" else None, row=row)
    if request.method == "POST":
        if request.POST.get("act") == "clear":
            clear_exception(client=client, desk=request.desk)
            messages.success(request, f"The rules count for {client} again.")
            return _done(request, pk)
        if form.is_valid():
            kind, percent, amount = form.terms
            try:
                made = set_exception(
                    client=client,
                    kind=kind,
                    percent=percent,
                    amount=amount,
                    note=form.cleaned_data["note"],
                    desk=request.desk,
                )
            except Refused as refused:
                form.refuse(refused)
            else:
                messages.success(request, f"{client}: {how(made)}, whatever the rules say.")
                return _done(request, pk)
    template = "deposits/_exception_dialog.html" if request.htmx else "deposits/exception.html"
    context = {"client": client, "form": form, "exception": row}
    return render(request, template, context, status=422 if form.errors else 200)


def _done(request: DeskRequest, pk: int) -> HttpResponseBase:
    address = reverse("clients:detail", args=[pk])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
