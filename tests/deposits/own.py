"""A client's phone at their own pages: no login, a signed address."""

import datetime as dt

from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from appointments.models import Appointment, WorkingHours
from clients.models import Client
from deposits.models import BookingSettings
from deposits.own import links
from deposits.own.mails import send
from salon.models import Location
from tests.factories import make_credit

NOW = dt.datetime(2026, 11, 16, 15, 0, tzinfo=dt.UTC)
"""Mon, Nov 16, 10:00 am in New York."""
STARTS = dt.datetime(2026, 11, 24, 20, 15, tzinfo=dt.UTC)
"""Tue, Nov 24, 3:15 pm in New York."""


class Phone:
    """At one visit's pages."""

    def __init__(self, visit: Appointment) -> None:
        self.visit = visit
        self.token = links.visit_token(visit)
        self.browser = Browser()

    def url(self, name: str = "visit") -> str:
        return reverse(f"deposits:{name}", args=[self.token])

    def get(self, name: str = "visit", **asked: str) -> HttpResponse:
        self.answer = self.browser.get(self.url(name), asked)
        return self.answer

    def form(self, name: str, **asked: str) -> dict[str, str]:
        """What the page's form would send."""
        form = self.get(name, **asked).context["form"]
        return {field.name: str(field.value() or "") for field in form}

    def post(self, name: str, data: dict[str, str]) -> HttpResponse:
        self.answer = self.browser.post(self.url(name), data)
        return self.answer

    def cancel(self, **more: str) -> HttpResponse:
        return self.post("visit_cancel", self.form("visit_cancel") | more)

    def move(self, starts_at: dt.datetime, who: str = "same") -> HttpResponse:
        form = self.form("visit_move", start=key_of(starts_at), who=who)
        return self.post("visit_move", form)


def key_of(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def make_open(
    location: Location, starts: dt.time = dt.time(9), ends: dt.time = dt.time(19)
) -> None:
    """Open each day of the week, to who books online too."""
    BookingSettings.objects.update(online_booking=True)
    for weekday in WorkingHours.Weekday:
        WorkingHours.objects.create(location=location, weekday=weekday, starts=starts, ends=ends)


def hold_deposit(visit: Appointment, amount: int = 35):
    """So much of a deposit, held for the visit."""
    return make_credit(visit.client, amount, source="deposit", visit=visit.pk)


def jobs() -> list[dict[str, str]]:
    """What is to be told, in order."""
    waiting = ProcrastinateJob.objects.filter(task_name="deposits.tell").order_by("id")
    return [job.args for job in waiting]


def send_all() -> list[bool]:
    """As the worker does."""
    return [send(**job) for job in jobs()]


def wallet_url(client: Client, name: str = "wallet", **more: object) -> str:
    return reverse(f"deposits:{name}", kwargs={"token": links.wallet_token(client), **more})
