"""Memberships at the desk: the list, one of them, the card on the client's page, the notice."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from checkout.opening import open_order
from checkout.refunding import refund_lines
from clients.models import Client
from memberships.desk.listing import PAGE
from memberships.models import Membership, Period
from memberships.own.links import membership_link
from memberships.own.mails import send
from salon import clock
from tests.factories import (
    dollars,
    make_browser,
    make_client,
    make_desk,
    make_location,
    make_role,
    make_staff,
    make_tax_rate,
)
from tests.memberships.members import make_card, make_member, make_plan, period_of

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 17, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def jo(db):
    return make_browser("Jo")


def text_of(response, status=200):
    assert response.status_code == status
    found = response.content.decode()
    return " ".join(found[found.find("<main") if "<main" in found else 0 :].split())


def the_list(browser, **query):
    return text_of(browser.get(reverse("memberships:list"), query))


def page_of(browser, membership):
    return text_of(browser.get(reverse("memberships:one", args=[membership.uuid])))


def card_of(browser, client):
    return text_of(browser.get(reverse("memberships:of_client", args=[client.pk])))


def owing(membership, status="past_due", failure="The card was declined."):
    """As a failed charge leaves it."""
    Membership.objects.filter(pk=membership.pk).update(status=status, next_number=2)
    days = membership.next_charge_on
    return Period.objects.create(
        membership=membership,
        plan=membership.plan,
        number=1,
        starts_on=days,
        until_on=days + dt.timedelta(days=31),
        status=status,
        made_at=clock.now(),
        price=membership.price,
        adds=membership.adds,
        failure=failure,
        next_try_on=days + dt.timedelta(days=3) if status == "past_due" else None,
    )


# --- The list ---------------------------------------------------------------------------------


def test_without_a_plan_the_list_says_what_to_do_first(jo):
    assert "No plan yet" in the_list(jo)
    assert "Make the first plan" not in the_list(jo)
    assert "Make the first plan" in the_list(make_browser("Olivia"))


def test_with_a_plan_and_nobody_it_says_how_one_is_sold(jo, gold):
    assert "No member yet" in the_list(jo)


def test_a_member_stands_there_with_plan_status_and_next_charge(jo, member):
    found = the_list(jo)
    assert "1 active" in found
    assert "Clara Nuñez" in found
    assert "Gold" in found
    assert "$100.00 on Tue, Dec 22 to Visa •••• 4242" in found


def test_the_next_charge_is_with_its_tax(jo, clara):
    make_member(clara, make_plan(tax_rate=make_tax_rate()))
    assert "$108.88 on Tue, Dec 22" in the_list(jo)


def test_each_tab_has_its_own(jo, member):
    owing(member)
    ben = make_member(make_client("Ben Okafor"), make_plan("Silver", 50, 55))
    assert "Clara Nuñez" not in the_list(jo)
    past_due = the_list(jo, tab="past-due")
    assert "Clara Nuñez" in past_due
    assert "Retry $100.00" in past_due
    assert "Take $100.00 here" in past_due
    Period.objects.filter(membership=ben).update(status="asked")
    missed = the_list(jo, tab="missed")
    assert "Ben Okafor" in missed
    assert "Charge $50.00" in missed
    assert "Nothing is paused" in the_list(jo, tab="paused")
    assert "None has ended" in the_list(jo, tab="ended")
    assert "Ben Okafor" in the_list(jo, tab="no-such-tab")


def test_the_search_finds_members_in_every_status(jo, member):
    owing(member, "unpaid")
    assert "Clara Nuñez" in the_list(jo, q="nunez")
    assert "Clara Nuñez" in the_list(jo, q="gold")
    assert "No membership found" in the_list(jo, q="platinum")
    assert "No membership found" in the_list(jo, q="\x00%_'")


def test_pages_go_on_by_key_and_cost_the_same(jo, gold, django_assert_num_queries):
    first = make_member(make_client("Ines Duarte"), gold)
    copies = []
    for number in range(PAGE + 2):
        client = make_client(f"Client Number{number:02}")
        first.enrolment.pk, first.enrolment.uuid = None, uuid.uuid4()
        first.enrolment.line, first.enrolment._state.adding = None, True
        first.enrolment.client = client
        first.enrolment.save()
        copies.append(
            Membership(
                **{
                    field.attname: getattr(first, field.attname)
                    for field in Membership._meta.concrete_fields
                    if field.attname not in ("id", "uuid", "client_id", "enrolment_id")
                },
                client_id=client.pk,
                enrolment_id=first.enrolment.pk,
            )
        )
    Membership.objects.bulk_create(copies)
    found = the_list(jo)
    assert found.count("row-link") == PAGE
    assert "Ines Duarte" not in found
    oldest = Membership.objects.order_by("-pk")[PAGE - 1].pk
    older = the_list(jo, before=oldest)
    assert "Ines Duarte" in older
    assert older.count("row-link") == 3
    assert the_list(jo, after=first.pk).count("row-link") == PAGE
    address = reverse("memberships:list")
    jo.get(address)
    for query in ({"before": oldest}, {}):
        with django_assert_num_queries(16):
            jo.get(address, query)


def test_who_may_not_see_balances_sees_none_of_it(member):
    hana = make_browser(make_staff("Hana", role=make_role("Assistant")))
    for address in (
        reverse("memberships:list"),
        reverse("memberships:one", args=[member.uuid]),
        reverse("memberships:of_client", args=[member.client_id]),
    ):
        assert hana.get(address).status_code == 403


# --- One of them ------------------------------------------------------------------------------


def test_its_page_says_what_comes_next_what_was_paid_and_what_happened(jo, member):
    found = page_of(jo, member)
    assert "$100.00 on Tue, Dec 22 to Visa •••• 4242" in found
    assert "$100.00 a month, adds $120.00, $20.00 of it as a bonus" in found
    assert "$100.00 paid, $120.00 added" in found
    assert f"Sale #{period_of(member).order.number}" in found
    assert "/membership/" in found
    assert "Copy link" in found


def test_what_came_in_is_with_tax_and_without_what_went_back(jo, clara):
    """$108.88 was paid for $100.00 that are taxed; $58.88 of it went back."""
    desk = make_desk("Olivia")
    member = make_member(clara, make_plan(tax_rate=make_tax_rate()), kind="cash")
    assert "$108.88 paid, $120.00 added" in page_of(jo, member)
    line = member.enrolment.line
    amounts = {line: dollars("58.88")}
    refund_lines(order=line.order, amounts=amounts, destinations={}, desk=desk, uuid=uuid.uuid4())
    assert "$50.00 paid, $120.00 added" in page_of(jo, member)


def test_its_queries_do_not_grow_with_its_past(jo, member, django_assert_max_num_queries):
    address = reverse("memberships:one", args=[member.uuid])
    jo.get(address)
    with django_assert_max_num_queries(24):
        jo.get(address)


def test_a_failed_charge_says_why_and_what_can_be_done(jo, member):
    owing(member)
    found = page_of(jo, member)
    assert "The charge of $100.00 failed" in found
    assert "The card was declined. The card is tried again on Fri, Dec 25." in found
    assert "Nothing until the charge of $100.00 is settled" in found


def test_without_a_card_nobody_is_offered_to_retry(jo, member):
    owing(member)
    member.card.removed_at = clock.now()
    member.card.is_default = False
    member.card.save()
    found = page_of(jo, member)
    assert "No card is on file" in found
    assert "Retry" not in found
    assert "Take $100.00 here" in found
    make_card(member.client, last4="4444", brand="Mastercard")
    assert "Retry $100.00" in page_of(jo, member)


def test_one_that_nobody_has_is_not_found(jo):
    assert jo.get(reverse("memberships:one", args=[uuid.uuid4()])).status_code == 404
    nobody = reverse("memberships:act", args=[uuid.uuid4(), "pause"])
    assert jo.get(nobody).status_code == 404


# --- On the client's page and at checkout -------------------------------------------------------


def test_the_client_s_page_has_the_membership_card(jo, member):
    assert reverse("memberships:of_client", args=[member.client_id]) in text_of(
        jo.get(reverse("clients:detail", args=[member.client_id]))
    )
    found = card_of(jo, member.client)
    assert "Gold" in found
    assert "$100.00 on Tue, Dec 22 to Visa •••• 4242" in found
    assert "$100.00 paid, $120.00 added" in found
    assert "Pause…" in found


def test_who_is_no_member_is_told_how_to_become_one(jo, gold):
    ben = make_client("Ben Okafor")
    assert "Ben is no member. Sell a membership at checkout" in card_of(jo, ben)
    gold.delete()
    assert "No plan yet" in card_of(jo, ben)


def test_checkout_tells_of_a_failed_charge_and_of_nothing_else(
    jo, member, django_assert_max_num_queries
):
    order = open_order(desk=make_desk("Jo"), client=member.client)
    address = reverse("memberships:at_checkout", args=[order.uuid, member.client_id])
    assert address in text_of(jo.get(reverse("checkout:order", args=[order.uuid])))
    assert text_of(jo.get(address)) == ""
    owing(member, "unpaid")
    found = text_of(jo.get(address))
    assert "unpaid, charge of $100.00 failed" in found
    assert "Retry $100.00" in found
    assert reverse("checkout:order", args=[order.uuid]) in found
    take = reverse("memberships:take", args=[member.periods.get(status="unpaid").uuid])
    assert "Add $100.00 to this sale" in found
    assert jo.post(take, {"order": str(order.uuid)}).url == reverse(
        "checkout:order", args=[order.uuid]
    )
    assert order.lines.get().total == dollars(100)
    assert "It is paid with this sale." in text_of(jo.get(address))
    assert jo.post(take, {"order": str(uuid.uuid4())}).status_code == 404


def test_the_search_over_everything_finds_members(jo, member):
    found = text_of(jo.get(reverse("search"), {"q": "Clara"}))
    assert "Gold of Clara Nuñez" in found
    assert "$100.00 on Tue, Dec 22" in found


def test_memberships_stand_in_the_rail_behind_deposits(jo):
    found = jo.get(reverse("memberships:list")).content.decode()
    assert found.index('data-go="d"') < found.index('data-go="m"')
    olivia = make_browser("Olivia").get(reverse("memberships:list")).content.decode()
    assert olivia.count('data-go="m"') == 1
    assert 'data-go="a"' in olivia


def test_the_list_is_of_one_location_or_of_all(jo, member):
    riverside = make_location("Riverside")
    make_member(
        make_client("Ben Okafor"), make_plan("Silver", 50, 55), desk=make_desk("Olivia", riverside)
    )
    here = the_list(jo)
    assert "Clara Nuñez" in here
    assert "Ben Okafor" not in here
    assert "1 active at Midtown." in here
    there = the_list(jo, at=riverside.pk)
    assert "Ben Okafor" in there
    assert f"?at={riverside.pk}&amp;tab=past-due" in there
    everywhere = the_list(jo, at="all")
    assert "2 active." in everywhere
    assert "Clara Nuñez" in everywhere
    assert "Ben Okafor" in the_list(jo, q="Ben")
    Membership.objects.filter(location=riverside).update(location=member.location)
    assert "No member here yet" in the_list(jo, at=riverside.pk)


def test_the_client_is_sent_the_link_to_their_own_page(jo, member, mailoutbox):
    ProcrastinateJob.objects.all().delete()
    address = reverse("memberships:send_link", args=[member.uuid])
    assert address in page_of(jo, member)
    assert "on its way to clara@example.com" in text_of(jo.post(address, follow=True))
    jo.post(address)
    (job,) = ProcrastinateJob.objects.filter(task_name="memberships.tell")
    assert send(**job.args)
    (mail,) = mailoutbox
    for written in (mail.body, mail.alternatives[0][0]):
        assert membership_link(member) in written
    Client.objects.update(email="")
    assert "no e-mail address, so it cannot be sent" in page_of(jo, member)
    assert "Nothing was sent" in text_of(jo.post(address, follow=True))
    assert jo.get(address).status_code == 405
