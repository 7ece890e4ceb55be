"""One visit's deposit at the desk: its panel, and taking or asking for one."""

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from appointments.models import Appointment
from appointments.times import when
from cards import gateways
from deposits.desk.forms import TakeForm
from deposits.desk.taking import open_deposit_sale
from deposits.desk.visit_deposit import deposit_of
from deposits.desk.worklists import services_named
from deposits.fates.held import held_for_visits
from deposits.fates.history import history_of
from deposits.own.links import payment_link
from deposits.own.telling import address_of_payer
from deposits.payments.asking import ask_by_link
from deposits.rules.policy import asked_for_visit
from salon import permissions, qr
from salon.access import permission_required
from salon.errors import Refusal
from salon.http import DeskRequest
from salon.money import money

may_see = permission_required(permissions.VIEW_BALANCES)
may_take = permission_required(permissions.MODIFY_SALES)


@require_safe
def of_visit(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """All about one visit's deposit; in a slot of another page, what is held and the next step.

    The slot is empty for who may not see balances.
    """
    if request.htmx and not request.user.has_perm(permissions.VIEW_BALANCES):
        return HttpResponse()
    visit = _visit_or_404(uuid)
    if request.htmx:
        context = {"deposit": deposit_of(visit), "visit": visit}
        return render(request, "deposits/_of_visit_slot.html", context)
    return _page(request, visit)


@may_take
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """A deposit for a visit: in a sale at the desk, or by a link that the client pays."""
    visit = _visit_or_404(uuid)
    asked = asked_for_visit(visit)
    data = request.POST if request.method == "POST" else None
    held = held_for_visits([visit]).get(visit.pk, money(0))
    missing = max(asked.amount - held, money(0))
    form = TakeForm(data, amount=missing, email=visit.client.email)
    if data is not None and form.is_valid():
        try:
            return _go(request, _done(request, visit, form))
        except Refusal as refused:
            form.refuse(refused)
    context = {
        "visit": visit,
        "when": when(visit),
        "form": form,
        "asked": asked,
        "held": held,
        "may_link": gateways.connected(),
    }
    template = "deposits/_take_dialog.html" if request.htmx else "deposits/take.html"
    return render(request, template, context, status=422 if form.errors else 200)


@may_see
def _page(request: DeskRequest, visit: Appointment) -> HttpResponse:
    deposit = deposit_of(visit, in_full=True)
    waiting = deposit.waiting
    link = payment_link(waiting) if waiting else ""
    context = {
        "visit": visit,
        "when": when(visit),
        "deposit": deposit,
        "history": history_of(visit),
        "link": link,
        "qr": qr.svg(link) if link else "",
        "email": address_of_payer(waiting) if waiting else "",
        "here": reverse("deposits:of_visit", args=[visit.uuid]),
    }
    return render(request, "deposits/of_visit.html", context)


def _done(request: DeskRequest, visit: Appointment, form: TakeForm) -> str:
    """Do what was pressed; the address that it leads to."""
    typed = form.cleaned_data
    if request.POST.get("act") == "link":
        ask_by_link(
            visit=visit,
            amount=typed["amount"],
            email=typed["email"],
            desk=request.desk,
            uuid=typed["uuid"],
        )
        return reverse("deposits:of_visit", args=[visit.uuid])
    order = open_deposit_sale(
        visit=visit, amount=typed["amount"], desk=request.desk, uuid=typed["uuid"]
    )
    return reverse("checkout:order", args=[order.uuid])


def _go(request: DeskRequest, address: str) -> HttpResponseBase:
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _visit_or_404(uuid: UUID) -> Appointment:
    known = Appointment.objects.select_related("client", "location")
    return get_object_or_404(known.prefetch_related(services_named()), uuid=uuid)
