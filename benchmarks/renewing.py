"""The salon of the benchmark of memberships: filled, and its renewals timed.

`load` and `probe` each run in a process of their own.
"""

from __future__ import annotations

import datetime as dt
import json
import time
import urllib.request
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cards.models import CardOnFile

DUE, WARM = 100, 10
VISA = "4242424242424242"
PATIENCE_SECONDS = 20


def load(existing: int) -> None:
    """So many members of one plan; the first hundred have cards that the stand-in knows."""
    import django

    django.setup()
    from django.db import transaction

    from memberships.models import Plan
    from salon.models import Location
    from salon.money import money

    terms = {"price": money(10_000), "adds": money(12_000)}
    kept = [_keep_card(number) for number in range(DUE)]
    with transaction.atomic():
        plan = Plan.objects.create(name="Gold", slug="gold", **terms)
        of_all = {"plan": plan, "location": Location.objects.get(), **terms}
        _write_members(existing, _write_cards(kept), of_all)


def _write_cards(kept: list[tuple[str, str]]) -> list[CardOnFile]:
    """One for each of the first clients: a customer of the stand-in, and the card's id there."""
    from cards.models import CardOnFile, ProcessorCustomer
    from salon import clock

    now = clock.now()
    face = {"brand": "Visa", "last4": "4242", "exp_month": 12, "exp_year": now.year + 9}
    customers = ProcessorCustomer.objects.bulk_create(
        ProcessorCustomer(client_id=client, gateway_id=customer)
        for client, (customer, _) in enumerate(kept, start=1)
    )
    return CardOnFile.objects.bulk_create(
        CardOnFile(
            client_id=customer.client_id,
            customer=customer,
            method=method,
            is_default=True,
            consented_at=now,
            added_at=now,
            **face,
        )
        for customer, (_, method) in zip(customers, kept, strict=True)
    )


def _write_members(existing: int, cards: list[CardOnFile], of_all: dict[str, Any]) -> None:
    """Charged in the month to come, and told of it already: nobody is due by chance."""
    from memberships.models import Enrolment, Membership
    from salon import clock

    now, today = clock.now(), clock.business_date(of_all["location"])
    agreed = {
        "came_from": Enrolment.CameFrom.DESK,
        "status": Enrolment.Status.STARTED,
        "first_from": today,
        "first_until": today + dt.timedelta(30),
        "first_price": of_all["price"],
        "first_adds": of_all["adds"],
        "asked_at": now,
        "consented_at": now,
    }
    enrolments = Enrolment.objects.bulk_create(
        (
            Enrolment(client_id=number + 1, card=cards[number % DUE], **agreed, **of_all)
            for number in range(existing)
        ),
        batch_size=1000,
    )
    days = [today + dt.timedelta(10 + number % 20) for number in range(existing)]
    Membership.objects.bulk_create(
        (
            Membership(
                client_id=enrolment.client_id,
                enrolment=enrolment,
                card=enrolment.card,
                started_on=today,
                anchor_on=today,
                next_number=1,
                next_charge_on=day,
                noticed_on=day,
                **of_all,
            )
            for enrolment, day in zip(enrolments, days, strict=True)
        ),
        batch_size=1000,
    )


def _keep_card(number: int) -> tuple[str, str]:
    """A customer of the stand-in with a card; both ids."""
    from cards import gateways

    gateway = gateways.current()
    assert gateway is not None
    customer = gateway.make_customer(
        reference=f"client:{number}", name=f"Client {number}", email="", key=f"{time.time_ns()}"
    )
    asked = urllib.request.Request(
        f"{_base()}/_control/save_card",
        json.dumps({"customer": customer, "number": VISA}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked, timeout=PATIENCE_SECONDS) as answer:
        return customer, json.load(answer)["payment_method"]


def _base() -> str:
    from django.conf import settings

    return str(settings.STRIPE_API_BASE)


def probe() -> None:
    """Renew ten to get warm, then a hundred; prints renewals a second."""
    import django

    django.setup()
    from memberships.renewing.renewing import renew_due

    _make_due(WARM)
    renew_due()
    _make_due(DUE)
    start = time.perf_counter()
    done = renew_due()
    seconds = time.perf_counter() - start
    assert done.charged == DUE, done
    print(json.dumps(done.charged / seconds))


def _make_due(many: int) -> None:
    """The next period of the first `many` begins today."""
    from django.db.models import F

    from memberships.models import Membership
    from salon import clock
    from salon.models import Location

    today = clock.business_date(Location.objects.get())
    due = Membership.objects.filter(client_id__lte=many)
    due.update(next_charge_on=today, anchor_on=today, anchor_number=F("next_number"))
