"""What every public booking page shares: the shop, who may frame it, what is said when it is shut.

These views take posts without a CSRF token, and that is by design: they carry no authority that
another site could borrow. Nobody is logged in here, no cookie is set or read, everything an act
needs is in the form itself; whoever can forge such a form could as well send their own. In a frame
on another site the token's cookie would not even arrive.
"""

from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from deposits.booking.embedding import PARAMETER, framed_by, site_of
from deposits.booking.shop import Shop, find_shop, open_shops, shop_at
from deposits.models import DepositRequest
from deposits.own.links import read_payment
from salon.models import BusinessSettings
from salon.public_pages import View, by_signed_address, kept_for_back


def at_shop(view: View) -> View:
    """Give the view the shop that the address names; one that is shut says so with its phone."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest, slug: str) -> HttpResponse:
        shop = find_shop(slug)
        if shop is None:
            raise Http404("There is no such location.")
        with timezone.override(shop.location.zone):
            if shop.is_closed:
                return shut(request, shop)
            return kept_for_back(framed_by(shop.origins, view(request, shop)))

    return guarded


def by_token(view: View) -> View:
    """Give the view the request and the shop that the signed address names; an old one says so."""

    @csrf_exempt
    @by_signed_address(read_payment, lambda request: _said_alone(request, "expired", status=410))
    @wraps(view)
    def guarded(request: HttpRequest, token: str, asked: DepositRequest) -> HttpResponse:
        shop = shop_at(asked.appointment.location)
        with timezone.override(shop.location.zone):
            return framed_by(shop.origins, view(request, token, asked, shop))

    return guarded


def page(
    request: HttpRequest, shop: Shop, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the shop's."""
    known = {
        "shop": shop,
        "location": shop.location,
        "business": shop.business,
        "site": site_of(request, shop.origins),
    }
    return render(request, f"deposits/book_{name}.html", known | context, status=status)


def shut(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Nobody books here online: friendly words, the phone, and where else one can."""
    context = {
        "stand": "archived" if shop.settings.online_booking else "off",
        "others": open_shops(),
    }
    return framed_by(shop.origins, page(request, shop, "said", context))


def said(
    request: HttpRequest, shop: Shop, stand: str, status: int = 200, **more: Any
) -> HttpResponse:
    """A page of words alone; see templates/deposits/book_said.html."""
    return page(request, shop, "said", {"stand": stand, **more}, status=status)


def _said_alone(request: HttpRequest, stand: str, status: int) -> HttpResponse:
    context = {"stand": stand, "business": BusinessSettings.current().name}
    return render(request, "deposits/book_said.html", context, status=status)


def nobody_open(request: HttpRequest) -> HttpResponse:
    """There is no location at which one could book."""
    return _said_alone(request, "nowhere", status=200)


def done_path(token: str, site: str = "") -> str:
    """The page of what became of a booking. `site`: where it is framed."""
    path = reverse("deposits:book_done", args=[token])
    return f"{path}?{urlencode({PARAMETER: site})}" if site else path
