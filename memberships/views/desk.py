"""The list of memberships, one of them, and the slots on a client's page and at checkout."""

from __future__ import annotations

import uuid as uuids
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from clients.moved import client_or_404
from memberships.desk import listing
from memberships.desk.acts import acts_for
from memberships.desk.finding import membership_or_404
from memberships.desk.seeing import seen
from memberships.desk.shown import due_of
from memberships.models import Membership, Plan
from memberships.own.links import membership_link
from memberships.own.telling import address_for
from salon import permissions
from salon.access import permission_required
from salon.addresses import whole_number
from salon.choosing_place import place_asked, places_to_choose
from salon.http import DeskRequest

may_see = permission_required(permissions.VIEW_BALANCES)
may_sell = permission_required(permissions.MODIFY_SALES)
EVENTS = 200
"""So much of the history is shown."""


@may_see
@require_safe
def memberships(request: DeskRequest) -> HttpResponse:
    """By status and location, or those searched for, in all of them. Twenty queries at most."""
    text = request.GET.get("q", "").strip()[:100]
    tab = request.GET.get("tab", "")
    tab = tab if tab in listing.TABS else listing.ACTIVE
    keys = {name: whole_number(request.GET.get(name)) or 0 for name in ("before", "after")}
    place = place_asked(request)
    page = listing.page_of(request.desk.business_date, tab=tab, text=text, place=place, **keys)
    counted = listing.counts(place)

    def address(**more: object) -> str:
        at = request.GET.get("at", "")
        asked = {"at": at, "q": text, **({} if text else {"tab": tab}), **more}
        return f"?{urlencode({name: value for name, value in asked.items() if value})}"

    context = {
        "q": text,
        "tab": tab,
        "page": page,
        "counts": counted,
        "tabs": [
            {
                "label": label,
                "url": address(q="", tab=code),
                "current": code == tab and not text,
                "count": counted[code],
            }
            for code, label in listing.TABS.items()
        ],
        "newer_url": address(after=page.newer) if page.newer else "",
        "older_url": address(before=page.older) if page.older else "",
        "place": place,
        "at": request.GET.get("at", ""),
        "places": [] if text else places_to_choose(request, place, lambda at: address(at=at)),
        "has_plans": any(counted.values()) or Membership.objects.exists() or _is_any_sold(),
        "back": f"{reverse('memberships:list')}{address()}",
    }
    is_partial = request.htmx and request.htmx.target == "memberships"
    template = "memberships/_list.html" if is_partial else "memberships/list.html"
    return render(request, template, context)


def _is_any_sold() -> bool:
    return Plan.objects.active().exists()


@may_see
@require_safe
def one(request: DeskRequest, uuid: uuids.UUID) -> HttpResponse:
    """All about one: what comes next, its periods with their sales, what happened. Fourteen
    queries at most."""
    found = membership_or_404(uuid)
    [shown] = seen([found], request.desk.business_date, year=True)
    periods = found.periods.select_related("order", "plan", "tax_rate", "line").order_by(
        "-number", "-step"
    )
    context = {
        "seen": shown,
        "membership": found,
        "client": found.client.survivor,
        "acts": acts_for(found, request.user),
        "periods": [
            (period, due_of(period)) for period in periods.prefetch_related("tax_rate__parts")
        ],
        "events": found.events.select_related("by")[:EVENTS],
        "link": membership_link(found),
        "email": address_for(found),
        "back": reverse("memberships:one", args=[found.uuid]),
    }
    return render(request, "memberships/one.html", context)


@may_see
@require_safe
def of_client(request: DeskRequest, pk: int) -> HttpResponse:
    """Fills the slot on the client's page: those that stand, then the last that ended. Twelve
    queries at most."""
    client = client_or_404(pk)
    rows = list(Membership.objects.filter(client=client).order_by("-pk")[:20])
    standing = [row for row in rows if row.is_standing]
    shown = seen(standing or rows[:1], request.desk.business_date, year=True)
    context = {
        "client": client,
        "rows": [(each, acts_for(each.membership, request.user)) for each in shown],
        "more": len(rows) - len(shown),
        "has_plans": bool(rows) or Plan.objects.active().exists(),
        "back": reverse("clients:detail", args=[client.pk]),
    }
    return render(request, "memberships/_of_client.html", context)


@may_sell
@require_safe
def at_checkout(request: DeskRequest, pk: int, order: uuids.UUID) -> HttpResponse:
    """Fills the slot at checkout: charges of this client's that failed. One query where none did,
    seven at most."""
    owing = Membership.objects.filter(
        client=pk, status__in=(Membership.Status.PAST_DUE, Membership.Status.UNPAID)
    )
    context = {
        "rows": seen(owing, request.desk.business_date),
        "order": order,
        "back": reverse("checkout:order", args=[order]),
    }
    return render(request, "memberships/_at_checkout.html", context)
