"""Opening the demo salon: everything in one transaction, so that a stop half-way leaves nothing."""

import datetime as dt
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

from django.db import connection, transaction

from demo import book, moving
from demo.book import Book
from demo.booking import ask_deposits, open_for_booking
from demo.campaigns import Campaigns
from demo.catalog import make_catalog
from demo.clients import make_clients
from demo.counter import Counter
from demo.diary import Diary
from demo.gifts import Gifts
from demo.goodwill import Goodwill
from demo.history import DAYS, History
from demo.look_alikes import LookAlikes
from demo.places import make_places
from demo.plans import make_plans
from demo.settle_up import SettleUp
from demo.stories import Stories
from demo.tills import Tills
from demo.tips import TipsPaidOut
from demo.today import Today
from salon import clock
from salon.models import Location

CLIENTS = 310
SEED = 1887
"""The same salon every time, relative to the day."""

Say = Callable[[str], None]


def is_open() -> bool:
    """Whether the salon has a location already, the demo's or a real one."""
    return Location.objects.exists()


def seed(*, scale: float, say: Say) -> None:
    """Write the whole demo salon into an empty database; `say` is told how it goes.

    `scale` 1 is the real size (some 1,250 sales, 310 clients); less makes fewer of both.
    """
    moving.begin_anew()
    now = clock.now()
    with transaction.atomic(), _in_a_hurry():
        say("  Two locations, eight staff, thirty services, forty products")
        diary, today = _plan(Random(SEED), now, scale)
        for month in _months(today):
            say(f"  {month:%B}")
            diary.live_until(min(now, _next_month(month)))
            _check_references()
        ask_deposits()
        make_plans()


def _plan(rng: Random, now: dt.datetime, scale: float) -> tuple[Diary, dt.date]:
    """Write what is there from the start, and note in the diary what is going to happen."""
    diary, catalog = Diary(), make_catalog()
    by_name, staff = make_places(catalog)
    midtown, shops = by_name["Midtown"], list(by_name.values())
    clientele = make_clients(rng, shops, max(24, round(CLIENTS * scale)))
    counter = Counter(rng, catalog, diary)
    goodwill = Goodwill(rng, counter)
    today = clock.business_date(midtown.location, now)

    stories = Stories(midtown, catalog, counter, goodwill, diary, clientele.cast, staff, today)
    told = stories.visits()
    book.write(told.values())
    stories.tell(told)
    Gifts(midtown, catalog, diary, today).plan(clientele.cast)
    LookAlikes(midtown, diary, today).plan(clientele.cast["Ines"])

    kept = list(told.values())
    past = Book(rng, clientele, scale)
    history = History(rng, past, counter, goodwill, diary, clientele)
    history.plan(shops, today, kept)
    Campaigns(Random(SEED + 4), goodwill, diary).plan(shops, today, clientele, scale)
    # Chance of its own, so that the months behind us do not depend on the hour.
    chance = Random(SEED + 1)
    ahead = Book(chance, clientele, max(scale, 0.15))
    ahead.last_visit.update(past.last_visit)
    Today(chance, ahead, counter, diary, now).plan(shops, today, kept)
    Tills(Random(SEED + 2), counter, diary).plan(shops, today, now)
    SettleUp(Random(SEED + 3), counter, diary).plan(midtown, today, DAYS)
    TipsPaidOut(Random(SEED + 4), counter, diary).plan(midtown, today, DAYS)
    open_for_booking(shops, catalog, staff, today)
    return diary, today


def _months(today: dt.date) -> Iterator[dt.date]:
    """The first of each month that the history touches, this one last."""
    month = (today - dt.timedelta(days=DAYS)).replace(day=1)
    while month <= today:
        yield month
        month = _next_month(month).date()


def _next_month(month: dt.date) -> dt.datetime:
    first = (month + dt.timedelta(days=32)).replace(day=1)
    return dt.datetime.combine(first, dt.time(0), tzinfo=dt.UTC)


def _check_references() -> None:
    """Foreign keys and the balance of entries wait for the end of the transaction; not so long."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")


@contextmanager
def _in_a_hurry() -> Iterator[None]:
    """No savepoints inside the one transaction, since any error ends it; no garbage collection."""
    uses_savepoints = connection.features.uses_savepoints
    connection.features.uses_savepoints = False
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        connection.features.uses_savepoints = uses_savepoints
