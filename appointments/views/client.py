"""A client's visits, for a slot on the client's page."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from appointments.models import Appointment
from appointments.times import when
from clients.moved import client_or_404
from salon import clock
from salon.http import DeskRequest

AT_MOST = 20
"""The latest visits; an older one is in the client's sales."""


@require_safe
def client_visits(request: DeskRequest, pk: int) -> HttpResponse:
    """What is coming, the next one first, then what was, the latest first; at every location."""
    client = client_or_404(pk)
    visits = list(
        Appointment.objects.filter(client=client)
        .select_related("location")
        .prefetch_related("services__service", "services__staff")
        .order_by("-starts_at", "-id")[:AT_MOST]
    )
    # A visit that began this morning and is not checked out is still to be dealt with.
    since = clock.now() - dt.timedelta(hours=12)
    parts: dict[bool, list[dict[str, object]]] = {True: [], False: []}
    for is_coming, group in groupby(
        visits, key=lambda v: v.status in Appointment.AHEAD and v.starts_at > since
    ):
        parts[is_coming] += [{"visit": visit, "when": when(visit)} for visit in group]
    context = {"client": client, "coming": parts[True][::-1], "past": parts[False]}
    return render(request, "appointments/_client_visits.html", context)
