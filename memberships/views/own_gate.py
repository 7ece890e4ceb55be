"""What the pages of a member's own link share: how an address is read, and how it answers."""

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from memberships.models import Membership
from memberships.own.links import membership_token, read_membership
from memberships.own.page import OwnPage
from salon.desk import Desk
from salon.models import BusinessSettings
from salon.public_pages import View, by_signed_address


def of_membership(view: View) -> View:
    """Give the view the membership that the address names, and speak its location's time."""

    @by_signed_address(read_membership, lambda request: page(request, "own_over", {}, 410))
    @wraps(view)
    def guarded(
        request: HttpRequest, token: str, membership: Membership, **named: Any
    ) -> HttpResponse:
        with timezone.override(membership.location.zone):
            return view(request, membership, **named)

    return guarded


def show(
    request: HttpRequest,
    membership: Membership,
    template: str = "own",
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """One of the member's pages, as it stands now."""
    facts = OwnPage(membership)
    token = membership_token(membership)
    context = {"own": facts, "membership": membership, "location": facts.location, "token": token}
    return page(request, template, context | more, status)


def by_the_member(membership: Membership) -> Desk:
    """Where an act of a member online happens: nobody's desk, where the membership was sold."""
    return Desk(staff=None, location=membership.location, by_itself=True)


def page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """One of templates/memberships/own*.html, whether of a membership or not."""
    name = BusinessSettings.current().name
    context = {"business": name, "business_name": name} | context
    return render(request, f"memberships/{template}.html", context, status=status)
