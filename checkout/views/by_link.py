"""What every page of self checkout shares: the order by its signed address, and how it answers."""

import uuid as uuids
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from checkout.charges.links import read
from checkout.finding_orders import find_order
from salon.links import LinkExpired, NoSuchLink
from salon.models import BusinessSettings


def by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the order that the address names; an old one says so, a forged one is 404."""

    @login_not_required
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        try:
            link = read(token)
        except NoSuchLink:
            raise Http404("There is no such page.") from None
        except LinkExpired:
            return page_of(request, "self_said", {"stand": "expired"}, status=410)
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
    response = render(request, f"checkout/{template}.html", context, status=status)
    # The address is the key: it goes to no search engine.
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def done_url(token: str, payment: uuids.UUID) -> str:
    """The path of what came of a payment."""
    return f"{reverse('checkout:self_done', args=[token])}?{urlencode({'payment': payment})}"
