"""The list of memberships: by status, searched, in pages by key. Its cost is that of one page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from clients.searching import find_clients
from memberships.desk.seeing import seen
from memberships.desk.shown import Seen
from memberships.models import Membership, Period, Plan
from memberships.models.memberships import MembershipQuerySet
from salon.models import Location

PAGE = 40
CLIENTS = 50
"""Memberships of at most so many clients who match."""
ACTIVE, PAST_DUE, PAUSED, MISSED, ENDED = "active", "past-due", "paused", "missed", "ended"
_STATUSES = {
    ACTIVE: (Membership.Status.ACTIVE,),
    PAST_DUE: (Membership.Status.PAST_DUE, Membership.Status.UNPAID),
    PAUSED: (Membership.Status.PAUSED,),
    ENDED: (Membership.Status.ENDED,),
}
TABS = {
    ACTIVE: "Active",
    PAST_DUE: "Past due",
    PAUSED: "Paused",
    MISSED: "Missed",
    ENDED: "Ended",
}


@dataclass(frozen=True)
class Page:
    """Newest first; `newer` and `older` are keys, 0 at the ends."""

    rows: list[Seen]
    newer: int = 0
    older: int = 0


def counts(place: Location | None = None) -> dict[str, int]:
    """How many stand on each tab, of those sold at that location. Two queries."""
    rows = _sold_at(place).order_by().values_list("status").annotate(Count("pk"))
    by_status = dict(rows)
    found = {
        tab: sum(by_status.get(status, 0) for status in statuses)
        for tab, statuses in _STATUSES.items()
    }
    asked = Period.objects.filter(status=Period.Status.ASKED)
    if place:
        asked = asked.filter(membership__location=place)
    return found | {MISSED: asked.aggregate(n=Count("membership", distinct=True))["n"]}


def page_of(
    today: dt.date,
    *,
    tab: str,
    text: str = "",
    place: Location | None = None,
    before: int = 0,
    after: int = 0,
) -> Page:
    """PAGE memberships older than `before`, or newer than `after`; of all tabs and locations where
    searched.

    Fourteen queries at most, those of finding clients where searched besides.
    """
    rows = matching(text) if text else _of_tab(tab, place)
    if after:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: PAGE + 1])
        more, found = len(found) > PAGE, found[:PAGE][::-1]
        has_newer, has_older = more, True
    else:
        found = list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: PAGE + 1])
        has_newer, has_older = bool(before), len(found) > PAGE
        found = found[:PAGE]
    if not found:
        return Page([])
    return Page(
        seen(found, today), found[0].pk if has_newer else 0, found[-1].pk if has_older else 0
    )


def matching(text: str) -> MembershipQuerySet:
    """Those of clients whose name, phone or e-mail fits, and of plans that are called so."""
    words = " ".join(text.replace("\x00", "").split())[:100]
    clients = [client.pk for client in find_clients(words, CLIENTS)]
    plans = list(Plan.objects.filter(name__icontains=words).values_list("pk", flat=True))
    rows: MembershipQuerySet = Membership.objects.all()
    return rows.filter(Q(client__in=clients) | Q(plan__in=plans))


def _sold_at(place: Location | None) -> MembershipQuerySet:
    rows: MembershipQuerySet = Membership.objects.all()
    return rows.filter(location=place) if place else rows


def _of_tab(tab: str, place: Location | None) -> MembershipQuerySet:
    rows = _sold_at(place)
    if tab == MISSED:
        # From the periods: few are asked about, memberships are many.
        asked = Period.objects.filter(status=Period.Status.ASKED)
        return rows.filter(pk__in=asked.order_by().values("membership"))
    return rows.filter(status__in=_STATUSES[tab])
