"""The page that a card's e-mail leads to: the code and what is left, for who has the address."""

import uuid as uuids

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from giftcards import guessing
from giftcards.links import is_ours
from giftcards.listing import row_of
from giftcards.mailing import title_of
from giftcards.models import GiftCard
from giftcards.standing import BLOCKED
from salon import clock, qr
from salon.models import BusinessSettings, Location


@login_not_required
@require_safe
@never_cache
def gift(request: HttpRequest, card: uuids.UUID, signature: str) -> HttpResponse:
    """Only by its signed address; who tries others has to wait. Four queries."""
    business = BusinessSettings.current().name
    who = guessing.from_outside(request)
    context: dict[str, object] = {"business": business, "business_name": business}
    if guessing.is_paused(who):
        return _private(render(request, "giftcards/public_paused.html", context, status=429))
    found = None
    places = list(Location.objects.active().order_by("name"))
    if is_ours(card, signature) and places:
        # The last day of what expires ends where it ends first.
        today = min(clock.business_date(place) for place in places)
        found = GiftCard.objects.issued().standing(today).filter(uuid=card).first()
    if found is None:
        guessing.count_wrong(who)
        raise Http404("There is no such gift card.")
    row = row_of(found)
    context |= {
        "card": found,
        "row": row,
        "title": title_of(found, business),
        "is_blocked": row.status == BLOCKED,
        "qr": qr.svg(found.code),
        "places": places,
    }
    return _private(render(request, "giftcards/public.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    """The address is the key: it goes to no search engine and to no other site."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
