"""What the pages for strangers share: nobody is logged in, an address may be the key."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from memberships.models import Enrolment
from memberships.own.links import read_enrolment
from salon.models import BusinessSettings, Location
from salon.public_pages import View, by_signed_address, kept_for_back


def stranger(view: View) -> View:
    """A page for anybody, which a browser may show again on Back."""

    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest, **named: Any) -> HttpResponse:
        return kept_for_back(view(request, **named))

    return guarded


def by_token(view: View) -> View:
    """Give the view the enrolment that the signed address names; an old one says so."""

    @by_signed_address(read_enrolment, lambda request: said(request, "expired", status=410))
    @wraps(view)
    def guarded(request: HttpRequest, token: str, enrolment: Enrolment) -> HttpResponse:
        with in_time_of(enrolment.location):
            return view(request, token, enrolment)

    return guarded


@contextmanager
def in_time_of(place: Location) -> Iterator[None]:
    """Days and times are those of the location."""
    with timezone.override(place.zone):
        yield


def page(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """One of templates/memberships/join_*.html."""
    context = {"location": None, "business": BusinessSettings.current().name} | context
    return render(request, f"memberships/join_{name}.html", context, status=status)


def said(
    request: HttpRequest, stand: str, place: Location | None = None, status: int = 200
) -> HttpResponse:
    """A page of words alone; see templates/memberships/join_said.html."""
    return page(request, "said", {"stand": stand, "location": place}, status=status)
