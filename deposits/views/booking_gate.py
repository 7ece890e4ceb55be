"""What every public booking page shares: the shop, who may frame it, what is said when it is shut.

These views take posts without a CSRF token, and that is by design: they carry no authority that
another site could borrow. Nobody is logged in here, no cookie is set or read, everything an act
needs is in the form itself; whoever can forge such a form could as well send their own. In a frame
on another site the token's cookie would not even arrive.
"""

import uuid as uuids
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from deposits.booking.embedding import PARAMETER, framed_by, site_of
from deposits.booking.shop import Shop, find_shop, open_shops, shop_at
from deposits.own.links import read_payment
from salon.addresses import uuid_of
from salon.links import LinkExpired, NoSuchLink
from salon.models import BusinessSettings

Answer = Callable[..., HttpResponse]


class SeeOther(HttpResponseRedirect):
    """After a post: go and get that page, whatever the post was."""

    status_code = 303


def at_shop(view: Answer) -> Answer:
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
            return _kept_for_back(framed_by(shop.origins, view(request, shop)))

    return guarded


def by_token(view: Answer) -> Answer:
    """Give the view the request and the shop that the signed address names; an old one says so."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        try:
            asked = read_payment(token)
        except NoSuchLink:
            raise Http404("There is no such page.") from None
        except LinkExpired:
            return not_indexed(_said_alone(request, "expired", status=410))
        shop = shop_at(asked.appointment.location)
        with timezone.override(shop.location.zone):
            response = framed_by(shop.origins, view(request, token, asked, shop))
        response["Cache-Control"] = "no-store"
        return not_indexed(response)

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


def not_indexed(response: HttpResponse) -> HttpResponse:
    """The address is the key: it goes to no search engine."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _kept_for_back(response: HttpResponse) -> HttpResponse:
    """A browser may show the page again on Back, what was typed included, and asks anew otherwise.

    So it is not `no-store`: then Back from the card page would end at an error of the browser's.
    """
    response["Cache-Control"] = "private, no-cache"
    return response


def done_path(token: str, site: str = "") -> str:
    """The page of what became of a booking. `site`: where it is framed."""
    path = reverse("deposits:book_done", args=[token])
    return f"{path}?{urlencode({PARAMETER: site})}" if site else path


def uuid_in(request: HttpRequest) -> uuids.UUID:
    """The form's own key; a new one for what is none."""
    return uuid_of(request.POST.get("uuid")) or uuids.uuid4()
