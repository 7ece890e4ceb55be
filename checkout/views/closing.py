"""Closing the order."""

import uuid as uuids

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from checkout.closing import close_order
from checkout.errors import Refused
from checkout.finding_orders import find_order
from checkout.models import Order
from checkout.outcome import Outcome
from checkout.presenting import OrderPage
from checkout.views.answering import go, on_open_order, refused, revision_of
from salon import permissions
from salon.access import permission_required
from salon.http import DeskRequest


@require_POST
@permission_required(permissions.MODIFY_SALES)
def close(request: DeskRequest, order: uuids.UUID) -> HttpResponseBase:
    """Close it and go on to what came of it; once closed, the same press leads there again."""
    if Order.objects.filter(uuid=order, status=Order.Status.CLOSED).exists():
        return go(request, outcome_of(order))
    return _close(request, order=order)


@on_open_order
def _close(request: DeskRequest, page: OrderPage) -> HttpResponseBase:
    try:
        close_order(
            order=page.order,
            desk=page.desk,
            revision=revision_of(request, page),
            left_over=request.POST.get("left_over", ""),
        )
    except Refused as refusal:
        return refused(request, page.order, refusal, is_paying=True)
    return go(request, outcome_of(page.order.uuid))


@require_safe
@permission_required(permissions.MODIFY_SALES)
def closed(request: DeskRequest, order: uuids.UUID) -> HttpResponseBase:
    """What came of it: change due, the receipt, the client's balance now, the next sale."""
    found = find_order(order)
    if found.status != Order.Status.CLOSED:
        return redirect("checkout:order", order=order)
    may_see = request.user.has_perm(permissions.VIEW_BALANCES)
    outcome = Outcome(found, request.desk, with_balances=may_see)
    return render(request, "checkout/order_closed.html", {"outcome": outcome, "order": found})


def outcome_of(order: uuids.UUID) -> str:
    return reverse("checkout:closed", args=[order])
