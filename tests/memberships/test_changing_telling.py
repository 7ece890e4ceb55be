"""Whatever is changed about a membership, its client is told once: what, and how it stands then."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from memberships.changing.canceling import cancel, keep
from memberships.changing.ending import end_due
from memberships.changing.pausing import pause, resume
from memberships.changing.plans import change_next, take_back_change
from memberships.models import Membership
from memberships.own.mails import send
from tests.factories import make_desk
from tests.memberships.changing import upgraded
from tests.memberships.members import make_plan, noon
from tests.memberships.renewing import another_card, day, fresh, make_payer, on

pytestmark = pytest.mark.django_db


@pytest.fixture
def payer(processor) -> Membership:
    payer = make_payer(processor, make_plan(stays=False))
    ProcrastinateJob.objects.all().delete()
    return payer


ACTS = {
    "dearer": lambda it: upgraded(it, make_plan("Platinum", 150, 190)),
    "later": lambda it: change_next(
        membership=it, plan=make_plan("Silver", 80, 90), desk=make_desk("Olivia")
    ),
    "back": lambda it: take_back_change(membership=it, desk=make_desk("Olivia")),
    "pause": lambda it: pause(membership=it, until=None, reason="", desk=make_desk("Olivia")),
    "resume": lambda it: resume(membership=it, desk=make_desk("Olivia")),
    "cancel": lambda it: cancel(membership=it, at_once=False, reason="", desk=make_desk("Olivia")),
    "keep": lambda it: keep(membership=it, desk=make_desk("Olivia")),
    "end": lambda it: cancel(membership=it, at_once=True, reason="", desk=make_desk("Olivia")),
}


def told() -> list[str]:
    """What jobs wait to tell; each is sent, and forgotten."""
    jobs = list(ProcrastinateJob.objects.filter(task_name="memberships.tell").order_by("pk"))
    for job in jobs:
        assert send(**job.args)
    ProcrastinateJob.objects.all().delete()
    return [job.args["what"] for job in jobs]


@pytest.mark.parametrize(
    ("acts", "tells", "says"),
    [
        ("dearer", "changed", "$150.00"),
        ("later", "changed", "$80.00"),
        ("later back", "changed", "$100.00"),
        ("pause", "changed", "Paused"),
        ("pause resume", "changed", "$100.00"),
        ("cancel", "canceled", "Feb 15, 2027"),
        ("cancel keep", "changed", "$100.00"),
        ("end", "ended", "$120.00"),
    ],
)
def test_each_act_is_told_once(payer, mailoutbox, acts, tells, says):
    with on("2027-01-20"):
        for act in acts.split():
            told()
            mailoutbox.clear()
            ACTS[act](fresh(payer))
        assert told() == [tells]
    (mail,) = mailoutbox
    assert mail.to == ["clara@example.com"]
    assert says in mail.subject + mail.body


def test_the_end_that_comes_by_itself_and_another_card_are_told(processor, payer, mailoutbox):
    with on("2027-01-20"):
        another_card(processor, payer)
        assert told() == ["changed"]
        ACTS["cancel"](fresh(payer))
        told()
    with on("2027-02-15"):
        assert end_due(noon(day("2027-02-15"))) == 1
        assert told() == ["ended"]
    assert "$120.00" in mailoutbox[-1].body


def test_who_has_no_address_is_told_nothing(payer):
    payer.client.email = ""
    payer.client.save(update_fields=["email"])
    with on("2027-01-20"):
        ACTS["pause"](fresh(payer))
    assert told() == []
