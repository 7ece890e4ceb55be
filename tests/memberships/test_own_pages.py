"""A member's own page: how it stands, and paying, changing the card, canceling, keeping."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse

from cards.models import Attempt, CardOnFile, CardSaving
from checkout.opening import open_order
from memberships.changing.canceling import cancel
from memberships.models import CardChange, Membership
from memberships.own import links
from memberships.own.mails import send
from memberships.renewing.renewing import renew_due
from salon.links import LinkExpired, NoSuchLink
from salon.models import BusinessSettings
from tests.checkout.reading import says
from tests.clients.helpers import merge
from tests.factories import make_client, make_desk
from tests.harness.processor import DECLINED_LATER
from tests.ledger.books import assert_well
from tests.memberships.members import (
    desk_on,
    enrolled,
    make_card,
    make_member,
    make_plan,
    noon,
    pay_and_close,
    period_of,
    set_memberships,
)
from tests.memberships.online import fresh, jobs, own, own_url

pytestmark = pytest.mark.django_db
BEGAN = dt.date(2026, 11, 2)
NEXT = dt.date(2026, 12, 2)


@pytest.fixture(autouse=True)
def travels():
    cache.clear()
    with time_machine.travel(noon(BEGAN), tick=False) as traveller:
        yield traveller


@pytest.fixture
def member(processor, clara):
    """Clara, since Nov 2, with a card that pays."""
    return make_member(clara, card=make_card(clara, processor), on=BEGAN)


@pytest.fixture
def owing(processor, clara, travels):
    """Clara on Dec 2, whose card did not pay."""
    card = make_card(clara, processor, DECLINED_LATER)
    membership = make_member(clara, card=card, on=BEGAN)
    travels.move_to(noon(NEXT))
    assert renew_due().failed == 1
    return fresh(membership)


def answer_of(membership, name="own", **data):
    return Browser().post(own_url(membership, name), data, follow=True)


def seen(membership, name):
    return own(membership, name).context["quote"].stamp


# --- What it shows --------------------------------------------------------------------------------


def test_it_says_the_next_charge_what_it_adds_the_last_ones_and_the_card(
    member, django_assert_num_queries
):
    text = says(own(member))
    assert "Gold Member since Nov 2, 2026. $100.00 a month, adds $120.00" in text
    assert "Next charge, Wed, Dec 2 $100.00 Adds to your account $120.00" in text
    assert "Visa •••• 4242, good until" in text
    assert "Nov 2 to Dec 1, 2026 · added $120.00" in text
    with django_assert_num_queries(8):
        own(member)


def test_each_charge_has_its_receipt_and_nobody_elses(member, desk):
    period = period_of(member)
    text = says(Browser().get(own_url(member, "own_receipt", order=period.order.uuid)))
    assert "Gold" in text and "$100.00" in text
    other = make_member(make_client("Ben Okafor"), make_plan("Silver", 50, 60))
    theirs = period_of(other).order.uuid
    assert Browser().get(own_url(member, "own_receipt", order=theirs)).status_code == 404


def test_a_sale_that_somebody_else_paid_shows_no_receipt(clara, processor):
    ben = make_client("Ben Okafor")
    desk = desk_on(BEGAN)
    order = open_order(desk=desk, client=ben)
    line = enrolled(clara, make_plan(), desk, make_card(clara), order=order)
    pay_and_close(order, desk)
    membership = Membership.objects.get(enrolment__line=line)
    assert "$100.00" in says(own(membership))
    assert own_url(membership, "own_receipt", order=order.uuid) not in own(membership).text
    url = own_url(membership, "own_receipt", order=order.uuid)
    assert Browser().get(url).status_code == 404


def test_a_paused_and_a_trial_membership_say_so(member, clara):
    Membership.objects.update(status="paused", next_charge_on=None)
    assert "Paused: nothing is charged, and nothing added." in says(own(member))
    Membership.objects.update(
        status="active", next_charge_on=NEXT, trial_until=NEXT, anchor_on=NEXT
    )
    assert "On trial until Dec 2, 2026." in says(own(member))


# --- Its address ----------------------------------------------------------------------------------


def test_an_address_lasts_sixty_days_from_the_end(member, travels):
    token = links.membership_token(member)
    cancel(membership=member, at_once=True, reason="", desk=make_desk("Olivia"))
    travels.shift(dt.timedelta(days=60))
    assert links.read_membership(token) == member
    assert "Over since Nov 2, 2026." in says(own(member))
    travels.shift(dt.timedelta(days=1))
    with pytest.raises(LinkExpired):
        links.read_membership(token)
    answer = own(member)
    assert answer.status_code == 410 and "This link has ended" in says(answer)


def test_a_forged_address_and_one_of_another_kind_are_none(member):
    token = links.membership_token(member)
    for wrong in (token[:-3] + "xxx", "x", links.enrolment_token(member.enrolment)):
        with pytest.raises(NoSuchLink):
            links.read_membership(wrong)
    assert Browser().get(reverse("memberships:own", args=["x"])).status_code == 404


def test_the_address_of_a_client_who_was_merged_leads_on(member, clara):
    token = links.membership_token(member)
    ben = make_client("Ben Okafor")
    merge(clara, ben, make_desk("Olivia"))
    assert links.read_membership(token).client == ben
    assert "Gold" in says(own(fresh(member)))


def test_the_address_of_a_membership_that_became_somebody_elses_ends(member):
    token = links.membership_token(member)
    Membership.objects.update(client=make_client("Ben Okafor"))
    with pytest.raises(LinkExpired):
        links.read_membership(token)


def test_it_goes_to_no_search_engine_and_is_kept_nowhere(member):
    answer = own(member)
    assert "noindex" in answer["X-Robots-Tag"] and "no-store" in answer["Cache-Control"]


# --- Paying what is owed --------------------------------------------------------------------------


def test_what_is_owed_is_said_with_why_and_when_it_is_tried_again(owing):
    text = says(own(owing))
    assert "You owe $100.00 The card was declined." in text
    assert "We try your card again on Sat, Dec 5" in text
    assert "Next charge" not in text


def test_paying_now_asks_the_card_and_says_that_it_did_not_pay(owing):
    text = says(answer_of(owing, "own_pay"))
    assert "The card was declined. Nothing was charged." in text
    assert Attempt.objects.count() == 2 and period_of(owing, 1).status == "past_due"


def test_another_card_pays_at_once_and_the_page_says_so(owing, processor):
    assert "$100.00 is charged to the new card at once" in says(own(owing, "own_card"))
    going = Browser().post(own_url(owing, "own_card"), {"consent": "on"})
    assert going.status_code == 303
    back = processor.pay_page(going.url)
    text = says(Browser().get(back))
    assert "Visa •••• 4242 is charged from now on. $100.00 was paid. Thank you." in text
    period = period_of(owing, 1)
    assert (period.status, fresh(owing).status) == ("paid", "active")
    assert fresh(owing).card == CardOnFile.objects.get(last4="4242")
    assert "is charged from now on." in says(Browser().get(back))
    assert Attempt.objects.filter(status="succeeded").count() == 1
    assert_well()


def test_another_card_that_is_declined_is_kept_and_what_is_owed_stays_owed(owing, processor):
    going = Browser().post(own_url(owing, "own_card"), {"consent": "on"})
    text = says(Browser().get(processor.pay_page(going.url, DECLINED_LATER)))
    assert "is charged from now on." in text and "Nothing was charged." in text
    assert "You owe $100.00" in text


def test_a_card_page_that_was_left_changes_nothing(member):
    Browser().post(own_url(member, "own_card"), {"consent": "on"})
    assert "No other card was kept: Visa •••• 4242 stays" in says(own(member, "own_card_back"))
    assert CardChange.objects.get().done_at is None


def test_a_card_without_consent_is_not_asked_for(member):
    answer = Browser().post(own_url(member, "own_card"), {})
    assert answer.status_code == 422 and "Tick that you agree. No card was kept." in says(answer)
    assert not CardChange.objects.exists()


def test_a_card_is_not_asked_again_and_again(owing):
    answers = [answer_of(owing, "own_pay").status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    assert Attempt.objects.count() == 6


def test_paying_when_nothing_is_owed_charges_nothing(member):
    assert "Nothing is owed. Nothing was charged." in says(answer_of(member, "own_pay"))
    assert not Attempt.objects.exists()


# --- Canceling, and taking that back --------------------------------------------------------------


def test_canceling_shows_what_it_means_and_then_ends_with_what_is_paid(member):
    assert "It ends on Dec 2, 2026. Nothing is charged any more." in says(own(member, "own_cancel"))
    stamp = seen(member, "own_cancel")
    text = says(answer_of(member, "own_cancel", seen=stamp, reason="Moving away"))
    assert "Canceled. It ends on Dec 2, 2026." in text and "Keep the membership" in text
    assert (fresh(member).ends_on, fresh(member).end_reason) == (NEXT, "Moving away")


def test_canceling_by_a_stale_page_changes_nothing_and_shows_what_it_means_now(member):
    answer = answer_of(member, "own_cancel", seen="0" * 16)
    assert answer.status_code == 409 and "has changed since the page was loaded" in says(answer)
    assert fresh(member).ends_on is None


def test_a_cancellation_is_taken_back(member):
    cancel(membership=member, at_once=False, reason="", desk=make_desk("Olivia"))
    text = says(answer_of(member, "own_keep", seen=seen(member, "own_keep")))
    assert "Next charge, Wed, Dec 2 $100.00" in text
    assert fresh(member).ends_on is None


def test_where_the_owner_does_not_let_them_clients_cancel_nothing(member):
    set_memberships(clients_cancel=False)
    assert "Cancel the membership" not in says(own(member))
    for name in ("own_cancel", "own_keep"):
        assert Browser().post(own_url(member, name), {"seen": ""}).status_code == 303
    assert fresh(member).ends_on is None


def test_before_the_minimum_term_is_over_the_page_says_until_when(processor, clara):
    plan = make_plan(minimum_periods=3)
    membership = make_member(clara, plan, make_card(clara, processor), on=BEGAN)
    assert "Feb 2, 2027" in says(own(membership))
    answer = answer_of(membership, "own_cancel", seen="")
    assert answer.status_code == 409 and fresh(membership).ends_on is None


def test_canceling_twice_leads_home(member):
    stamp = seen(member, "own_cancel")
    answer_of(member, "own_cancel", seen=stamp)
    assert Browser().post(own_url(member, "own_cancel"), {"seen": stamp}).status_code == 303


@pytest.mark.parametrize("reason", ["x" * 241, "a\x00b"])
def test_a_reason_that_no_form_would_send_cancels_nothing(member, reason):
    answer = answer_of(member, "own_cancel", seen=seen(member, "own_cancel"), reason=reason)
    assert answer.status_code == 422 and fresh(member).ends_on is None


# --- Paying from a stale page, twice, and after a reload ------------------------------------------


def pressed(membership, page):
    """The Pay button of a page that was loaded before."""
    facts = page.context["own"]
    form = {"of": facts.owed.uuid, "seen": facts.pay_stamp}
    return Browser().post(own_url(membership, "own_pay"), form)


def test_paying_leads_to_a_page_that_can_be_loaded_again(owing, processor, clara):
    page = own(owing)
    Membership.objects.update(card=make_card(clara, processor))
    going = pressed(owing, own(fresh(owing)))
    assert going.status_code == 303
    for _ in range(2):
        assert "$100.00 was paid. Thank you." in says(Browser().get(going.url))
    assert pressed(owing, page).url == going.url, "pressed twice: the first one paid"
    assert Attempt.objects.filter(status="succeeded").count() == 1


def test_a_page_that_showed_another_card_or_an_earlier_try_charges_nothing(owing, processor, clara):
    page = own(owing)
    Membership.objects.update(card=make_card(clara, processor))
    answer = pressed(owing, page)
    assert answer.status_code == 409
    assert "has changed since the page was loaded. Nothing was charged" in says(answer)
    assert period_of(owing, 1).status == "past_due" and Attempt.objects.count() == 1


def test_what_is_no_fault_of_the_card_asks_for_no_other_card(owing):
    BusinessSettings.objects.update(client_account_balances=False)
    text = says(answer_of(owing, "own_pay"))
    assert "This can’t be paid online just now. Nothing was charged. Please call us." in text


def test_a_period_of_somebody_else_is_not_told_of(owing):
    theirs = period_of(make_member(make_client("Ben Okafor"), make_plan("Silver", 50, 60)))
    answer = Browser().get(own_url(owing), {"of": theirs.uuid})
    assert answer.context["told"] is None
    assert Browser().get(own_url(owing), {"of": "x"}).status_code == 200


# --- The link again -------------------------------------------------------------------------------


def test_the_link_is_sent_again_and_strangers_read_the_same(member):
    address = reverse("memberships:own_ask")
    assert "Send me the link" in says(Browser().get(address))
    known = Browser().post(address, {"email": "CLARA@example.com"})
    nobody = Browser().post(address, {"email": "CLARE@example.com"})
    assert says(known).replace("CLARA", "CLARE") == says(nobody)
    asked = [job for job in jobs() if job["what"] == "links"]
    assert [send(**job) for job in asked] == [True, False]
    (message,) = mail.outbox
    assert message.to == ["clara@example.com"]
    assert links.membership_link(member) in message.body


def test_links_are_not_asked_for_by_the_hundred(member):
    address = reverse("memberships:own_ask")
    answers = [Browser().post(address, {"email": "clara@example.com"}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert len([job for job in jobs() if job["what"] == "links"]) == 1
    assert Browser().post(address, {"email": "clara"}).status_code == 422


# --- What is agreed to with another card ----------------------------------------------------------


def test_another_card_is_agreed_to_with_amounts_and_days_and_that_is_kept(member):
    page = own(member, "own_card")
    assert "From Dec 2, 2026 on, on the 2nd of each month: $100.00" in says(page)
    stamp = page.context["own"].consent_print
    Browser().post(own_url(member, "own_card"), {"consent": "on", "seen": stamp})
    terms = CardSaving.objects.get(uuid=CardChange.objects.get().saving).terms
    assert terms == page.context["own"].card_consent and "$100.00" in terms


def test_words_that_changed_meanwhile_are_shown_before_a_card_is_asked_for(member):
    stamp = own(member, "own_card").context["own"].consent_print
    set_memberships(consent="Other words.")
    answer = Browser().post(own_url(member, "own_card"), {"consent": "on", "seen": stamp})
    assert answer.status_code == 409 and "Other words." in says(answer)
    assert not CardChange.objects.exists()
