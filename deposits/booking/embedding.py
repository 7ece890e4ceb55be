"""Which sites may show the booking pages in a frame, and which one a page is in.

The pages answer strangers and carry no login: they set no cookie and read none, so a frame around
them gains nobody anything. All the same only the sites that the owner lists may frame them.
"""

from collections.abc import Iterable

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, HttpResponseBase

PARAMETER = "from"
"""In the address of a framed page: the origin of the site around it."""


def framed_by(origins: Iterable[str], response: HttpResponse) -> HttpResponse:
    """The response, which these sites alone may frame; none of them: nobody may."""
    listed = sorted(origins)
    if not listed:
        return response
    response.xframe_options_exempt = True

    # The policy differs from answer to answer; the decorator knows how to say it.
    @csp_replace({"frame-ancestors": listed})
    def answer(request: HttpRequest) -> HttpResponseBase:
        return response

    answer(HttpRequest())
    return response


def site_of(request: HttpRequest, origins: Iterable[str]) -> str:
    """The listed site that this page is in, as its address says; empty where it is a page alone."""
    said = request.GET.get(PARAMETER) or request.POST.get(PARAMETER, "")
    return said if said in origins else ""
