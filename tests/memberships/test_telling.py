"""E-mails to members: asked for once, written when they are sent, read as a member reads them."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.db import transaction

from cards.models import CardOnFile
from clients.models import Client
from memberships.changing.canceling import cancel, keep
from memberships.changing.pausing import pause, resume
from memberships.models import Enrolment, Membership, Period
from memberships.own import links, telling
from memberships.own.noticing import notice_due
from memberships.renewing.renewing import renew_due
from tests.checkout.reading import plain
from tests.factories import make_client, make_desk, make_location, make_tax_rate
from tests.harness.processor import DECLINED_LATER
from tests.memberships.members import (
    make_card,
    make_member,
    make_plan,
    noon,
    period_of,
    set_memberships,
)
from tests.memberships.online import CLARA, fresh, jobs, joined, paid, send_all, sold_online

pytestmark = pytest.mark.django_db
BEGAN = dt.date(2026, 11, 2)
NEXT = dt.date(2026, 12, 2)


@pytest.fixture(autouse=True)
def travels():
    with time_machine.travel(noon(BEGAN), tick=False) as traveller:
        yield traveller


@pytest.fixture
def owing(processor, clara, travels):
    """Clara on Dec 2, whose card did not pay."""
    membership = make_member(clara, card=make_card(clara, processor, DECLINED_LATER), on=BEGAN)
    travels.move_to(noon(NEXT))
    renew_due()
    return fresh(membership)


def sent():
    """The e-mails of what was asked for, by what it was; each as its text and its HTML reads."""
    for job in jobs():
        telling.tell.func(**job)
    found = {}
    for message in mail.outbox:
        html, kind = message.alternatives[0]
        assert kind == "text/html"
        found[message.subject] = [" ".join(message.body.split()), plain(html)]
    return found


def all_say(texts, *parts):
    return all(part in text for text in texts for part in parts)


# --- Asking ---------------------------------------------------------------------------------------


def test_one_job_waits_however_often_it_is_said_and_none_of_what_is_rolled_back(member):
    before = len(jobs())
    telling.tell_changed(member)
    telling.tell_changed(member)
    try:
        with transaction.atomic():
            telling.tell_canceled(member)
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    assert jobs()[before:] == [{"what": "changed", "row": str(member.uuid)}]


def test_who_has_no_address_is_told_nothing(clara, gold):
    Client.objects.update(email="")
    membership = make_member(fresh(clara), gold)
    period = period_of(membership)
    for tell in (telling.tell_upcoming, telling.tell_changed, telling.tell_canceled):
        tell(membership)
    for tell in (telling.tell_failed, telling.tell_unpaid):
        tell(period)
    telling.tell_ended(membership)
    assert jobs() == []


# --- What they say --------------------------------------------------------------------------------


def test_the_first_one_says_what_was_paid_what_comes_and_where_the_own_page_is(member):
    ((subject, texts),) = sent().items()
    assert subject.startswith("Welcome to Gold · ")
    assert all_say(texts, "Today $100.00 was paid", "$120.00 was added", "$100.00 a month")
    assert all_say(texts, "Dec 2, 2026")
    (message,) = mail.outbox
    assert message.to == ["clara@example.com"]
    assert links.membership_link(member) in message.body
    assert links.membership_link(member) in message.alternatives[0][0]


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ({"joining_fee": 25}, "Today $125.00 was paid, the joining fee included, and $120.00 was"),
        ({"joining_fee": 25, "trial_days": 14}, "Today $25.00 was paid to join. The trial lasts"),
        ({"trial_days": 14}, "You are a member now. The trial lasts until Nov 16, 2026."),
    ],
)
def test_the_first_one_says_all_that_was_paid(clara, terms, told):
    make_member(clara, make_plan(**terms), on=BEGAN)
    ((_, texts),) = sent().items()
    assert all_say(texts, told)


def test_a_change_says_what_was_changed_but_not_why_somebody_paused_it(member):
    pause(membership=member, until=None, reason="Shouts at Maya", desk=make_desk("Olivia"))
    resume(membership=fresh(member), desk=make_desk("Olivia"))
    texts = next(texts for subject, texts in sent().items() if "was changed" in subject)
    assert all_say(texts, "Resumed; the next charge is on Dec 2, 2026.")
    mail.outbox.clear()
    pause(membership=fresh(member), until=None, reason="Shouts at Maya", desk=make_desk("Olivia"))
    texts = next(texts for subject, texts in sent().items() if "was changed" in subject)
    assert all_say(texts, "Paused: nothing is charged")
    assert "Shouts" not in "".join(texts)


def test_a_card_that_will_have_expired_is_asked_for_before_the_charge(member, travels):
    CardOnFile.objects.update(exp_month=11, exp_year=2026)
    travels.move_to(noon(dt.date(2026, 11, 29)))
    notice_due()
    texts = next(texts for subject, texts in sent().items() if "on Dec 2, 2026" in subject)
    assert all_say(texts, "$100.00 is due on Dec 2, 2026, and Visa •••• 4242 is good until 11/26")
    assert all_say(texts, "Please add a card before then")
    assert "You do not have to do anything" not in "".join(texts)


def test_another_address_that_was_typed_hears_of_it_without_the_link(processor):
    make_client("Clara Nuñez")
    other = type(CLARA)("Clara", "Nuñez", "other@example.com", "+12125550142")
    paid(processor, joined(sold_online(), other))
    sent()
    link = links.membership_link(Membership.objects.get())
    told = {message.to[0]: link in message.body for message in mail.outbox}
    assert told == {"clara@example.com": True, "other@example.com": False}
    theirs = next(message for message in mail.outbox if message.to == ["other@example.com"])
    assert link not in theirs.alternatives[0][0]


def test_a_charge_is_told_three_days_before_and_once(member, travels):
    travels.move_to(noon(dt.date(2026, 11, 28)))
    assert notice_due() == 0
    travels.move_to(noon(dt.date(2026, 11, 29)))
    assert (notice_due(), notice_due()) == (1, 0)
    texts = next(texts for subject, texts in sent().items() if "on Dec 2, 2026" in subject)
    assert all_say(texts, "On Dec 2, 2026 we charge $100.00 to Visa •••• 4242", "add $120.00")
    travels.move_to(noon(dt.date(2026, 12, 1)))
    Membership.objects.update(next_charge_on=dt.date(2026, 12, 3))
    assert notice_due() == 1


def test_what_is_charged_is_told_with_its_tax(clara, travels):
    make_member(clara, make_plan(tax_rate=make_tax_rate("10")), on=BEGAN)
    travels.move_to(noon(dt.date(2026, 11, 30)))
    notice_due()
    assert any(subject.startswith("$110.00 on Dec 2, 2026") for subject in sent())


@pytest.mark.parametrize(
    "change",
    [
        lambda member: set_memberships(notice_days=0),
        lambda member: Membership.objects.update(status="paused", next_charge_on=None),
        lambda member: cancel(
            membership=member, at_once=False, reason="", desk=make_desk("Olivia")
        ),
    ],
)
def test_nothing_is_told_where_nothing_comes_or_the_owner_says_so(member, travels, change):
    change(member)
    travels.move_to(noon(dt.date(2026, 11, 30)))
    assert notice_due() == 0


def test_the_day_is_that_of_the_location(clara, gold, travels):
    make_member(clara, gold, on=BEGAN)
    # Sun, Nov 29, 2 am in London is still Saturday in New York.
    travels.move_to(dt.datetime(2026, 11, 29, 2, tzinfo=dt.UTC))
    assert notice_due() == 0
    assert make_location().zone.key == "America/New_York"


def test_a_failed_charge_says_why_when_it_is_tried_again_and_where_to_change_the_card(owing):
    texts = next(texts for subject, texts in sent().items() if "did not pay $100.00" in subject)
    assert all_say(texts, "The card was declined. Nothing was charged", "again on Dec 5")
    assert all_say(texts, "Change the card", "charged at once then")


def test_nothing_of_a_failure_is_told_once_it_is_paid(owing):
    Period.objects.filter(number=1).update(status="waived")
    assert not any("did not pay" in subject for subject in sent())


def test_the_last_failure_says_that_it_is_not_tried_again(owing, travels):
    for day in (5, 8):
        travels.move_to(noon(dt.date(2026, 12, day)))
        renew_due()
    texts = next(texts for subject, texts in sent().items() if "is still not paid" in subject)
    assert all_say(texts, "We do not try it again by ourselves. $100.00 is owed")
    assert all_say(texts, "nothing more is charged or added until it is paid")


def test_a_cancellation_says_the_day_and_what_becomes_of_the_money(clara, travels):
    membership = make_member(clara, make_plan(stays=False), on=BEGAN)
    desk = make_desk("Olivia")
    cancel(membership=membership, at_once=False, reason="", desk=desk)
    texts = next(texts for subject, texts in sent().items() if "Gold ends on" in subject)
    assert all_say(texts, "What is not spent by that day is lost.", "take it back")
    mail.outbox.clear()
    keep(membership=membership, desk=desk)
    subjects = " ".join(sent())
    assert "was changed" in subjects and "ends on" not in subjects


@pytest.mark.parametrize(
    ("stays", "told"), [(True, "What is on your account stays there"), (False, "$120.00 that was")]
)
def test_the_end_says_what_became_of_the_money(clara, stays, told):
    membership = make_member(clara, make_plan(stays=stays), on=BEGAN)
    cancel(membership=membership, at_once=True, reason="", desk=make_desk("Olivia"))
    texts = next(texts for subject, texts in sent().items() if "Gold has ended" in subject)
    assert all_say(texts, told, "Nothing is charged any more.")


def test_who_is_a_member_already_is_told_so_with_their_own_link(member):
    telling.tell_member_already(member)
    texts = next(texts for subject, texts in sent().items() if "already" in subject)
    assert all_say(texts, "nothing was begun, and nothing charged")


def test_what_goes_back_is_told_to_the_address_that_was_typed(clara, processor):
    enrolment = joined(sold_online())
    Enrolment.objects.filter(pk=enrolment.pk).update(status="returned", email="other@example.com")
    telling.tell_sent_back(fresh(enrolment))
    texts = next(texts for subject, texts in sent().items() if "goes back" in subject)
    assert all_say(texts, "All of the $100.00 goes back to your card", "not a member by it")
    assert mail.outbox[0].to == ["other@example.com"]


def test_a_plan_with_a_line_end_in_its_name_does_not_stop_the_mail(clara):
    make_member(clara, make_plan("Gold\nBcc: ben@example.com"), on=BEGAN)
    assert send_all() == [True]
    assert "\n" not in mail.outbox[0].subject
