"""Closing a sale over HTTP at eight tills at once, against a bare page on the same stack."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from benchmarks import servers
from tools import ROOT
from tools.cluster import Cluster

TILLS = 8
SALES = 25
"""Sales that each till closes in a round."""
ROUNDS = 3
TARGET = 0.2
BARE = "/search/"
"""Signed in, every middleware, the desk's frame, and nothing in it."""
STOPPING = 15
"""Seconds that gunicorn has to stop."""

PREPARE = "import benchmarks.closing as c; c.prepare()"


def measure(cluster: Cluster) -> list[tuple[str, float, str, str]]:
    """Rows of (what, requests a second, ratio, target); medians of the rounds."""
    env = servers.environment(cluster) | {"DEMO": "1", "WEB_WORKERS": "2", "WEB_THREADS": "4"}
    env |= {"DATABASE_POOL_SIZE": "8", "PORT": str(_free_port())}
    prepared = _run(PREPARE, env)
    servers.manage(cluster, "collectstatic", "--noinput", "--verbosity", "0")
    web = subprocess.Popen(
        [f"{sys.prefix}/bin/gunicorn"], cwd=ROOT, env=env, start_new_session=True
    )
    try:
        port = int(env["PORT"])
        _await(web, port)
        bare, closing = [], []
        for number in range(ROUNDS):
            chunk = prepared["orders"][number * TILLS * SALES : (number + 1) * TILLS * SALES]
            bare.append(_rate(port, prepared["session"], [("GET", BARE, "")] * len(chunk)))
            closing.append(
                _rate(
                    port,
                    prepared["session"],
                    [("POST", f"/sales/{uuid}/close/", revision) for uuid, revision in chunk],
                )
            )
        page, close = statistics.median(bare), statistics.median(closing)
    finally:
        _stop(web)
    return [
        ("a bare signed-in page, eight tills", page, "1.00", ""),
        ("closing a sale, eight tills", close, f"{close / page:.2f}", f"≥ {TARGET:.1f}"),
    ]


def _run(code: str, env: dict[str, str]) -> dict:
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def _rate(port: int, session: str, asked: list[tuple[str, str, str]]) -> float:
    """Requests a second over eight connections that stay open; every answer is looked at."""
    token = "b" * 32
    headers = {
        "Cookie": f"sessionid={session}; csrftoken={token}",
        "X-CSRFToken": token,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    wrong: list[str] = []

    def till(number: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for method, path, body in asked[number::TILLS]:
            line.request(method, path, body=body or None, headers=headers)
            answer = line.getresponse()
            body = answer.read()
            went = answer.status == 302 and answer.headers["Location"].endswith("/closed/")
            if not (went if method == "POST" else answer.status == 200):
                wrong.append(f"{method} {path}: {answer.status} {body[:300]!r}")

    start = time.perf_counter()
    with ThreadPoolExecutor(TILLS) as pool:
        list(pool.map(till, range(TILLS)))  # Raises what a till raised.
    took = time.perf_counter() - start
    if wrong:
        raise RuntimeError(f"{len(wrong)} of {len(asked)} went wrong, first: {wrong[0]}")
    return len(asked) / took


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _await(web: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(200):
        if web.poll() is not None:
            raise RuntimeError(f"gunicorn ended with {web.returncode} before it answered")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("gunicorn did not start")


def _stop(web: subprocess.Popen[bytes]) -> None:
    """Politely; after 15 seconds, and for workers that outlive it, not so."""
    with suppress(ProcessLookupError):
        os.killpg(web.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        web.wait(STOPPING)
    with suppress(ProcessLookupError):
        os.killpg(web.pid, signal.SIGKILL)
    web.wait()


def prepare() -> None:
    """In a process of its own: sales of three lines, paid in two ways, ready to be closed."""
    import uuid
    from decimal import Decimal

    import django

    django.setup()
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from checkout.lines import add_product, add_service
    from checkout.models.orders import Totals
    from checkout.opening import open_order
    from checkout.tendering import take_tender
    from clients.models import Client
    from salon.desk import Desk
    from salon.models import Location, Product, Service, ServiceCategory, StaffMember, TaxRate, Till
    from salon.money import money

    staff = StaffMember.objects.get()
    location = Location.objects.get()
    till = Till.objects.filter(location=location).first() or Till.objects.create(
        location=location, name="Front"
    )
    desk = Desk(staff=staff, location=location, till=till)
    rate = TaxRate.objects.create(name="Sales tax", percent=Decimal("8.875"))
    category, _ = ServiceCategory.objects.get_or_create(name="Hair")
    services = [
        Service.objects.create(name=name, category=category, price=money(price), tax_rate=rate)
        for name, price in (("Cut", 8500), ("Color", 12000))
    ]
    product = Product.objects.create(name="Oil", price=money(3000), tax_rate=rate)
    orders = []
    for number in range(TILLS * SALES * ROUNDS):
        order = open_order(desk=desk, client=Client.objects.get(pk=5000 + number))
        for service in services:
            add_service(order=order, service=service, staff=staff, desk=desk)
        add_product(order=order, product=product, desk=desk)
        half = money(10000)
        rest = Totals.of(order).remaining - half
        for kind, amount in (("credits", half), ("cash", rest)):
            take_tender(order=order, kind=kind, amount=amount, desk=desk, uuid=uuid.uuid4())
        order.refresh_from_db()
        orders.append((str(order.uuid), f"revision={order.revision}&uuid={uuid.uuid4()}"))
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(staff.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = staff.get_session_auth_hash()
    store.save()
    print(json.dumps({"orders": orders, "session": store.session_key}))
