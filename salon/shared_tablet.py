"""A tablet that several people use: after so many idle minutes it asks who is there.

The owner sets the minutes (BusinessSettings.pin_minutes; 0 is never). What a page asks by itself
every few seconds does not count as somebody being there: such views are `passive`.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from salon import switching
from salon.addresses import our_own
from salon.http import DeskRequest

STEP = 15
"""Seconds: the session is not written more often than that."""
ALWAYS_OPEN = {"login", "logout", "switch"}
"""Names of addresses that a locked tablet still answers."""

NOTHING_SAVED = (
    "The desk asked for a PIN first, because nobody had used it for a while. "
    "What you pressed was not done: look it over and press it again."
)
NEEDS_PASSWORD = "Settings and catalog open with your password, not with a PIN."  # nosec B105


View = TypeVar("View", bound=Callable[..., Any])


def passive(view: View) -> View:
    """Mark a view that pages ask by themselves: it does not show that anybody is there."""
    view.is_passive = True  # type: ignore[attr-defined]
    return view


class SharedTabletMiddleware:
    """After DeskMiddleware, whose query brings the owner's minutes: no query of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: DeskRequest, view: Callable, args: tuple, kwargs: dict
    ) -> HttpResponse | None:
        """Ask for a PIN, or note that somebody is there."""
        match = request.resolver_match
        if match is None or not request.user.is_authenticated:
            return None
        if match.namespace == "admin" and switching.is_by_pin(request):
            messages.warning(request, NEEDS_PASSWORD)
            return redirect(f"{reverse('login')}?{urlencode({'next': request.get_full_path()})}")
        minutes = minutes_of(request)
        if not minutes:
            return None
        unseen = switching.seconds_unseen(request)
        is_public = not getattr(view, "login_required", True)
        if unseen is not None and unseen >= minutes * 60:
            is_open = is_public or match.view_name in ALWAYS_OPEN
            return None if is_open else ask(request)
        shows_somebody = not is_public and not getattr(view, "is_passive", False)
        if shows_somebody and (unseen is None or unseen >= STEP):
            switching.see(request)
        return None


def minutes_of(request: HttpRequest) -> int:
    """Idle minutes until the desk asks; 0: never. No query: it came with the locations."""
    desk = getattr(request, "desk", None)
    return desk.location.pin_minutes if desk else 0


def is_locked(request: DeskRequest) -> bool:
    """Whether the desk waits for a PIN."""
    minutes, unseen = minutes_of(request), switching.seconds_unseen(request)
    return bool(minutes and unseen is not None and unseen >= minutes * 60)


def ask(request: DeskRequest) -> HttpResponse:
    """To the page that asks who is there, and from there back to this one."""
    back = request.get_full_path()
    if request.htmx:
        back = request.htmx.current_url_abs_path or "/"
    elif request.method not in ("GET", "HEAD"):
        came_from = our_own(request, request.headers.get("Referer"))
        parts = urlsplit(came_from)
        back = parts._replace(scheme="", netloc="").geturl() or "/"
    if request.method not in ("GET", "HEAD"):
        messages.warning(request, NOTHING_SAVED)
    address = f"{reverse('switch')}?{urlencode({'next': back})}"
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
