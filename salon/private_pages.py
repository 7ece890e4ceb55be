"""What staff saw is gone from the browser once they are: after logging out, after a switch."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

KEPT_NOWHERE = "private, no-store"
KEPT_FOR_BACK = "private, no-cache"


class PrivatePagesMiddleware:
    """Says of every page for staff that no browser keeps it. No query.

    Back asks for the page anew then, and whoever has left lands at the log in page. The answer to
    a post is the exception: a browser that may not keep it can only offer to post again, so it
    stays for Back, and logging out or another person's PIN has the browser throw it away. Pages for
    strangers, files and views that say something of their own are left as they are.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        before = request.user.pk
        response = self.get_response(request)
        if before is None:
            return response
        if _is_page_for_staff(request, response):
            is_read = request.method in ("GET", "HEAD")
            response.headers.setdefault("Cache-Control", KEPT_NOWHERE if is_read else KEPT_FOR_BACK)
        if request.user.pk != before:
            response.headers["Clear-Site-Data"] = '"cache"'
        return response


def _is_page_for_staff(request: HttpRequest, response: HttpResponseBase) -> bool:
    match = request.resolver_match
    is_public = match is not None and not getattr(match.func, "login_required", True)
    return not is_public and response.headers.get("Content-Type", "").startswith("text/html")
