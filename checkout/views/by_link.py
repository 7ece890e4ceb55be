"""What every page of self checkout shares: the order by its signed address, and how it answers."""

import uuid as uuids
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from checkout.charges.links import Link, read
from checkout.finding_orders import find_order
from salon.models import BusinessSettings
from salon.public_pages import View, by_signed_address


def by_link(view: View) -> View:
    """Give the view the order that the address names; an old one says so, a forged one is 404."""

    @by_signed_address(read, _expired)
    @wraps(view)
    def guarded(request: HttpRequest, token: str, link: Link) -> HttpResponse:
        order = find_order(link.order)
        with timezone.override(order.location.zone):
            return view(request, token, link, order)

    return guarded


def page_of(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of its own, for whoever has the address."""
    name = BusinessSettings.current().name
    context |= {"business": name, "business_name": name}
    return render(request, f"checkout/{template}.html", context, status=status)


def _expired(request: HttpRequest) -> HttpResponse:
    return page_of(request, "self_said", {"stand": "expired"}, status=410)


def done_url(token: str, payment: uuids.UUID) -> str:
    """The path of what came of a payment."""
    return f"{reverse('checkout:self_done', args=[token])}?{urlencode({'payment': payment})}"
