"""Enrolling online in one line, paying on the processor's page, and a member's phone."""

import uuid as uuids

from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse
from djmoney.money import Money
from procrastinate.contrib.django.models import ProcrastinateJob

from cards import attempts
from cards.models import Attempt
from memberships.enrolling.joiner import Joiner
from memberships.enrolling.online import enrol_online
from memberships.enrolling.paying import begin_payment
from memberships.models import Enrolment, Membership, Plan
from memberships.own import links
from memberships.own.mails import send
from tests.factories import dollars, make_location
from tests.harness.processor import PAYS, TestProcessor
from tests.memberships.members import make_plan, set_memberships

HERE = "203.0.113.9"
PHONE = "Mozilla/5.0 (iPhone)"
CLARA = Joiner("Clara", "Nuñez", "clara@example.com", "+12125550142")
BEN = Joiner("Ben", "Okafor", "ben@example.com", "+12125550107")


def sold_online(**terms) -> Plan:
    """Gold, sold online at Midtown."""
    make_location()
    set_memberships(online_enrolment=True)
    return make_plan(sold_online=True, **terms)


def joined(plan: Plan, joiner: Joiner = CLARA, expected: Money | int = 100, **more) -> Enrolment:
    """Clara agrees to $100.00 now, and has not paid yet."""
    values = {
        "joiner": joiner,
        "plan": plan,
        "location": make_location(),
        "uuid": uuids.uuid4(),
        "consented": True,
        "expected": expected if isinstance(expected, Money) else dollars(expected),
        "address": HERE,
        "device": PHONE,
    }
    return enrol_online(**values | more)


def opened(enrolment: Enrolment) -> Attempt:
    """The processor's page is open, to pay it."""
    back = f"https://salon.example/join/done/{links.enrolment_token(enrolment)}/"
    return attempts.send(begin_payment(enrolment=enrolment, back_url=back, uuid=uuids.uuid4()))


def paid(processor: TestProcessor, enrolment: Enrolment, number: str = PAYS) -> Attempt:
    """Paid on a page of its own, and heard of."""
    attempt = opened(enrolment)
    processor.pay_page(attempt.url, number)
    return attempts.look(attempt)


def fresh(row):
    """The row as it is now."""
    return type(row).objects.get(pk=row.pk)


def own_url(membership: Membership, name: str = "own", **more) -> str:
    """An address of the member's own pages."""
    token = links.membership_token(membership)
    return reverse(f"memberships:{name}", kwargs={"token": token, **more})


def own(membership: Membership, name: str = "own") -> HttpResponse:
    """What the member's phone shows there."""
    return Browser().get(own_url(membership, name))


def jobs() -> list[dict[str, str]]:
    """What is to be told, in order."""
    waiting = ProcrastinateJob.objects.filter(task_name="memberships.tell").order_by("id")
    return [job.args for job in waiting]


def send_all() -> list[bool]:
    """As the worker does."""
    return [send(**job) for job in jobs()]
