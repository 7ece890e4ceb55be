"""One act on a membership: what it would come to, in a dialog or on a page, then doing it."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from checkout.models import Order
from memberships.changing.quotes import Quote
from memberships.desk.acts import Act, act_named
from memberships.desk.finding import membership_or_404, period_or_404
from memberships.desk.forms import ActForm
from memberships.desk.owed_acts import came_of_charging
from memberships.models import Membership, Period
from memberships.own import telling
from memberships.renewing.at_desk import take_at_desk
from memberships.renewing.charging import retry
from memberships.renewing.missed import charge_missed, skip_missed
from salon import permissions
from salon.access import permission_required
from salon.addresses import our_own, uuid_of
from salon.desk import Desk
from salon.errors import Refusal
from salon.http import DeskRequest
from salon.refusing import refusal_told

may_manage = permission_required(permissions.MANAGE_MEMBERSHIPS)
may_sell = permission_required(permissions.MODIFY_SALES)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: DeskRequest, uuid: uuids.UUID, code: str) -> HttpResponseBase:
    """The dialog with its quote, and doing what it says: only what was seen is done."""
    found, named = membership_or_404(uuid), act_named(code)
    if named is None:
        raise Http404("There is no such act.")
    if not request.user.has_perm(named.permission):
        raise PermissionDenied(named.permission)
    asked = request.POST if request.method == "POST" else request.GET
    quote = named.quote(found, asked, _at_home(request, found))
    if request.method != "POST":
        return _shown(request, found, named, quote, named.form(initial=request.GET.dict()))
    form = named.form(request.POST)
    if quote is None or not form.is_valid():
        return _shown(request, found, named, quote, form, status=422)
    try:
        done = named.do(found, form, request.desk, quote)
    except Refusal as refused:
        form.refuse(refused)
        return _shown(request, found, named, quote, form, status=422)
    messages.add_message(request, done.level, done.text)
    return _back(request, found)


@may_manage
@require_POST
def retry_period(request: DeskRequest, uuid: uuids.UUID) -> HttpResponseBase:
    """Ask the card once more, now."""
    period = period_or_404(uuid)
    return _charging(request, period, lambda: retry(period=period, desk=request.desk))


@may_manage
@require_POST
def charge(request: DeskRequest, uuid: uuids.UUID) -> HttpResponseBase:
    """A missed period is charged after all."""
    period = period_or_404(uuid)
    return _charging(request, period, lambda: charge_missed(period=period, desk=request.desk))


@may_manage
@require_POST
def skip(request: DeskRequest, uuid: uuids.UUID) -> HttpResponseBase:
    """A missed period is never charged."""
    period = period_or_404(uuid)
    with refusal_told(request):
        skip_missed(period=period, desk=request.desk)
        messages.success(request, "It is skipped: nothing is charged or added.")
    return _back(request, period.membership)


@may_sell
@require_POST
def take(request: DeskRequest, uuid: uuids.UUID) -> HttpResponseBase:
    """What is owed on a sale, to be paid in any way but credit: on `order`, else on a new one."""
    period = period_or_404(uuid)
    asked = uuid_of(request.POST.get("order"))
    sale = get_object_or_404(Order, uuid=asked) if asked else None
    with refusal_told(request):
        order = take_at_desk(period=period, desk=request.desk, order=sale)
        return _go(request, reverse("checkout:order", args=[order.uuid]))
    return _back(request, period.membership)


@may_manage
@require_POST
def send_link(request: DeskRequest, uuid: uuids.UUID) -> HttpResponseBase:
    """E-mail the client the link to their own page."""
    found = membership_or_404(uuid)
    if not found.is_standing:
        messages.error(request, "This membership has ended. Nothing was sent.")
    elif not (address := telling.address_for(found)):
        messages.error(request, "There is no e-mail address yet. Nothing was sent. Add one first.")
    else:
        telling.send_link(found)
        messages.success(request, f"The link is on its way to {address}.")
    return _back(request, found)


def _charging(request: DeskRequest, period: Period, ask: Callable[[], Period]) -> HttpResponseBase:
    with refusal_told(request):
        done = came_of_charging(ask())
        messages.add_message(request, done.level, done.text)
    return _back(request, period.membership)


def _shown(
    request: DeskRequest,
    membership: Membership,
    act: Act,
    quote: Quote | None,
    form: ActForm,
    *,
    status: int = 200,
) -> HttpResponseBase:
    asked = request.POST if request.method == "POST" else request.GET
    context = {
        "membership": membership,
        "client": membership.client.survivor,
        "act": act,
        "quote": quote,
        "form": form,
        "here": reverse("memberships:act", args=[membership.uuid, act.code]),
        "back": _back_to(request, membership),
        **act.shows(membership, asked, request.desk),
    }
    template = "memberships/_act_dialog.html" if request.htmx else "memberships/act.html"
    return render(request, template, context, status=status)


def _at_home(request: DeskRequest, membership: Membership) -> Desk:
    """The desk as if it stood where the membership was sold: its days count."""
    return Desk(staff=request.desk.staff, location=membership.location, at=request.desk.at)


def _back(request: DeskRequest, membership: Membership) -> HttpResponseBase:
    return _go(request, _back_to(request, membership))


def _back_to(request: DeskRequest, membership: Membership) -> str:
    """The page that the act was begun on, else the membership's own."""
    asked = request.POST if request.method == "POST" else request.GET
    back = our_own(request, asked.get("back"))
    return back or reverse("memberships:one", args=[membership.uuid])


def _go(request: DeskRequest, address: str) -> HttpResponseBase:
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
