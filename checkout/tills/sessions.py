"""The sessions that were: found, listed by till and day, in pages."""

import datetime as dt
import uuid as uuids
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from checkout.models import CashMovement, TillSession
from salon.addresses import uuid_of
from salon.models import Location, Till

PAGE = 25


@dataclass(frozen=True)
class Page:
    """Sessions, the newest first; `older`: the id to go on before, None at the end."""

    sessions: list[TillSession]
    older: int | None


def sessions_of(
    location: Location,
    *,
    till: Till | None = None,
    day: dt.date | None = None,
    before: int | None = None,
    limit: int,
) -> Page:
    """The sessions of a location's tills, archived ones too. One query."""
    rows = _with_names().filter(till__location=location)
    if till is not None:
        rows = rows.filter(till=till)
    if day is not None:
        rows = rows.filter(business_date=day)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: limit + 1])
    return Page(found[:limit], found[limit - 1].pk if len(found) > limit else None)


def open_sessions(tills: Iterable[Till]) -> dict[int, TillSession]:
    """What is open now, by the till's id. One query."""
    rows = _with_names().filter(till__in=list(tills), closed_at__isnull=True)
    return {session.till_id: session for session in rows}


def find_session(uuid: uuids.UUID) -> TillSession:
    """One session with everybody's names. One query; Http404 where there is none."""
    found = _with_names().filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def url_of(cause_id: str) -> str | None:
    """The page of a session, as the cause of its entries."""
    uuid = uuid_of(cause_id)
    return reverse("checkout:till_session", args=[uuid]) if uuid else None


def url_of_movement(cause_id: str) -> str | None:
    """The page of the session that cash was moved in by hand, or of the till where none was open.

    One query.
    """
    uuid = uuid_of(cause_id)
    moved = (
        CashMovement.objects.select_related("session").filter(uuid=uuid).first() if uuid else None
    )
    if moved is None:
        return None
    if moved.session is None:
        return reverse("checkout:till_of", args=[moved.till_id])
    return url_of(str(moved.session.uuid))


def _with_names() -> QuerySet[TillSession]:
    return TillSession.objects.select_related("till__location", "opened_by", "closed_by")
