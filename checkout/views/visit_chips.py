""" "Sale open" on Today: one answer for all visits of the page, out of band."""

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.decorators.http import require_safe

from checkout.models import Order
from ledger.chips import numbers
from salon.http import DeskRequest


@require_safe
def visit_chips(request: DeskRequest) -> HttpResponse:
    """Fills `#sale-of-<visit's uuid>` for visits with an open sale. One query."""
    visits = numbers(request.GET.get("visits", ""))
    if visits is None:
        return HttpResponseBadRequest("Send ids, parted by commas.")
    orders = Order.objects.open().filter(appointment__in=visits).select_related("appointment")
    return render(request, "checkout/_visit_chips.html", {"orders": orders})
