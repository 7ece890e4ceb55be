"""What pages for strangers share: nobody is logged in there, and an address may be the key."""

import uuid as uuids
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache

from salon.addresses import uuid_of
from salon.links import LinkExpired, NoSuchLink

View = Callable[..., HttpResponse]


class SeeOther(HttpResponseRedirect):
    """After a post: go and get that page, whatever the post was."""

    status_code = 303


def not_indexed(response: HttpResponse) -> HttpResponse:
    """The address is the key: it goes to no search engine."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def by_signed_address(
    read: Callable[[str], Any], ended: Callable[[HttpRequest], HttpResponse]
) -> Callable[[View], View]:
    """Give the view the token and what `read` finds by it (see salon/links.py).

    A forged address is 404; one that was good once shows the page `ended`. No browser keeps the
    page, no search engine lists it.
    """

    def decorate(view: View) -> View:
        @login_not_required
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, token: str, **named: Any) -> HttpResponse:
            try:
                found = read(token)
            except NoSuchLink:
                raise Http404("There is no such page.") from None
            except LinkExpired:
                return not_indexed(ended(request))
            return not_indexed(view(request, token, found, **named))

        return guarded

    return decorate


def kept_for_back(response: HttpResponse) -> HttpResponse:
    """A browser may show the page again on Back, what was typed included, and asks anew otherwise.

    So it is not `no-store`: then Back from the card page would end at an error of the browser's.
    """
    response["Cache-Control"] = "private, no-cache"
    return response


def uuid_in(request: HttpRequest) -> uuids.UUID:
    """The form's own key; a new one for what is none."""
    return uuid_of(request.POST.get("uuid")) or uuids.uuid4()
