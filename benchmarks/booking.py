"""Free times for four weeks in a full book: how long they take, and with how many queries."""

from __future__ import annotations

import datetime as dt
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from benchmarks import servers
from tools import ROOT
from tools.cluster import Cluster

STAFF, VISITS, A_DAY = 20, 10_000, 8
DAYS = VISITS // (STAFF * A_DAY)
"""As many before today as after it: ten hours a day, eight of them taken."""
AHEAD = 28
CATEGORY = "Booked online"
ROUNDS = 20
MOST_QUERIES = 8
LOAD = "import benchmarks.booking as b; b.load()"
PROBE = "import benchmarks.booking as b; b.probe()"


def measure(cluster: Cluster) -> list[tuple[str, float, str, str]]:
    """Rows of (what, milliseconds, queries, target)."""
    run(cluster, LOAD)
    cluster.sql("vacuum analyze", servers.SALON)
    found = json.loads(run(cluster, PROBE).splitlines()[-1])
    target = f"≤ {MOST_QUERIES} queries"
    return [(what, ms, str(queries), target) for what, (ms, queries) in found.items()]


def run(cluster: Cluster, code: str) -> str:
    """In a process of its own, with the web's login; what it printed."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=servers.environment(cluster),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


def load() -> None:
    """Twenty people at one location, who give two services, and 10,000 visits with them."""
    import django

    django.setup()
    from django.db import transaction

    from appointments.models import Appointment, AppointmentService, WorkingHours
    from appointments.segments import Wanted, lay_out
    from deposits.models import BookingSettings
    from salon.models import Location, Service, ServiceCategory, StaffMember
    from salon.money import money

    location = Location.objects.get()
    hours = {"location": location, "starts": dt.time(9), "ends": dt.time(19)}
    made = [StaffMember(username=f"s{n}", name=f"Stylist {n:02}") for n in range(STAFF)]
    with transaction.atomic():
        staff = StaffMember.objects.bulk_create(made)
        StaffMember.objects.filter(name__startswith="Stylist").update(is_provider=True)
        WorkingHours.objects.bulk_create(WorkingHours(weekday=day, **hours) for day in range(7))
        hair = ServiceCategory.objects.create(name=CATEGORY)
        cut = Service.objects.create(name="Cut", category=hair, price=money(8500), minutes=60)
        Service.objects.create(name="Gloss", category=hair, price=money(4000), minutes=30)
        BookingSettings.objects.update(online_booking=True)
        visits = [
            (Appointment(client_id=1 + n % servers.CLIENTS, location=location), *spread(n))
            for n in range(VISITS)
        ]
        for visit, person, starts_at in visits:
            visit.starts_at, visit.created_by = starts_at, staff[person]
        Appointment.objects.bulk_create((visit for visit, *_ in visits), batch_size=1000)
        AppointmentService.objects.bulk_create(
            (
                row
                for visit, person, starts_at in visits
                for row in lay_out(visit, starts_at, [Wanted(cut, staff[person])])
            ),
            batch_size=1000,
        )


def spread(number: int) -> tuple[int, dt.datetime]:
    """Whose it is and when: each has gaps of an hour at other times than the next one."""
    day, rest = divmod(number, STAFF * A_DAY)
    person, place = divmod(rest, A_DAY)
    gaps = sorted({(person + day) % 10, (person + day + 4) % 10})
    hour = [hour for hour in range(10) if hour not in gaps][place]
    today = dt.datetime.now(dt.UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    return person, today + dt.timedelta(days=day - DAYS // 2, hours=hour)


def probe() -> None:
    """In a process of its own: median milliseconds and queries of each, printed as JSON."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from appointments.free_times import free_times
    from salon.models import Location, Service

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    location, services = (
        Location.objects.get(),
        list(Service.objects.filter(category__name=CATEGORY)),
    )
    today, browser = dt.datetime.now(dt.UTC).date(), Client()
    asked = "".join(f"s={service.pk}&" for service in services) + "w=any"
    address = browser.get(f"/book/{location.slug}/when/?{asked}", follow=True).redirect_chain[-1][0]

    def reckon() -> None:
        found = free_times(
            location=location,
            services=[(service, None) for service in services],
            first=today,
            last=today + dt.timedelta(days=AHEAD - 1),
            every=15,
            online=True,
        )
        assert len(found) == AHEAD and any(found.values())

    def page() -> None:
        answer = browser.get(address)
        assert answer.status_code == 200 and "When suits you?" in answer.content.decode()

    found = {}
    acts: list[tuple[str, Callable[[], None]]] = [
        (f"free times of two services with anyone, {AHEAD} days", reckon),
        ("the page of it at /book/, with a day’s times", page),
    ]
    for what, act in acts:
        with CaptureQueriesContext(connection) as queries:
            act()
        many, times = len(queries), []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            act()
            times.append((time.perf_counter() - start) * 1000)
        found[what] = statistics.median(times), many
    print(json.dumps(found))
