"""What the desk does with a membership: each dialog shows its quote, and only that is done."""

import datetime as dt
import re

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from memberships.models import Membership, Period
from salon import clock
from tests.factories import make_browser, make_client, make_role, make_staff
from tests.harness.processor import DECLINED_LATER, PAYS
from tests.ledger.books import assert_well
from tests.memberships.members import make_card, make_member, make_plan, period_of
from tests.memberships.test_desk_pages import owing, text_of

pytestmark = pytest.mark.django_db
Of = Membership.Status


@pytest.fixture
def jo(member):
    return make_browser("Jo")


@pytest.fixture
def marcus(member):
    return make_browser("Marcus")


def address(membership, code):
    return reverse("memberships:act", args=[membership.uuid, code])


def dialog(browser, membership, code, **asked):
    return text_of(browser.get(address(membership, code), asked, headers={"HX-Request": "true"}))


def hidden(text):
    """What the form of this dialog or page sends along."""
    return {
        name: found[1]
        for name in ("uuid", "seen", "when", "plan")
        if (found := re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', text))
    }


def press(browser, membership, code, asked=None, **typed):
    """The page, then its button."""
    shown = text_of(browser.get(address(membership, code), asked or {}))
    return browser.post(address(membership, code), hidden(shown) | typed)


def said_by(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def now(membership):
    return Membership.objects.get(pk=membership.pk)


# --- Cancel and keep ----------------------------------------------------------------------------


def test_a_membership_is_canceled_to_the_end_of_what_is_paid_and_kept_after_all(jo, member):
    paid_until = member.next_charge_on
    shown = dialog(jo, member, "cancel")
    assert "At the end of what is paid" in shown
    assert "Nothing is charged any more." in shown
    done = press(jo, member, "cancel", reason="Moves to Boston")
    assert done.status_code == 302
    assert now(member).ends_on == paid_until
    assert "Clara Nuñez ends on" in said_by(done)[0]
    assert "Moves to Boston" in text_of(jo.get(reverse("memberships:one", args=[member.uuid])))

    assert "The cancellation is taken back." in dialog(jo, member, "keep")
    press(jo, member, "keep")
    assert now(member).ends_on is None
    assert now(member).next_charge_on == paid_until
    assert_well()


def test_canceling_now_shows_what_it_means_first(jo, member):
    assert "It ends at once." in dialog(jo, member, "cancel", when="now")
    done = press(jo, member, "cancel", {"when": "now"})
    assert now(member).status == Of.ENDED
    assert "has ended" in said_by(done)[0]


def test_one_that_runs_out_can_still_be_ended_now(jo, member):
    press(jo, member, "cancel")
    shown = dialog(jo, member, "cancel")
    assert "It is canceled already" in shown
    assert "End the membership now" in shown
    press(jo, member, "cancel")
    assert now(member).status == Of.ENDED


def test_a_form_sent_twice_cancels_once_and_never_ends_it_at_once(jo, member):
    sent = hidden(text_of(jo.get(address(member, "cancel")))) | {"reason": ""}
    jo.post(address(member, "cancel"), sent)
    again = jo.post(address(member, "cancel"), sent)
    assert "canceled already" in text_of(again, 422)
    without_quote = jo.post(address(member, "cancel"), sent | {"seen": "", "when": "end"})
    assert without_quote.status_code == 422
    assert now(member).status == Of.ACTIVE


def test_before_the_minimum_term_the_front_desk_is_told_why_not(clara):
    bound = make_member(clara, make_plan("Bound", minimum_periods=6))
    shown = dialog(make_browser("Jo"), bound, "cancel", when="now")
    assert "This cannot be done now" in shown
    assert "End the membership now" not in shown
    assert "End the membership now" in dialog(make_browser("Marcus"), bound, "cancel", when="now")


# --- Pause and resume ---------------------------------------------------------------------------


def test_it_is_paused_until_a_day_and_resumed_before(jo, member):
    until = member.next_charge_on + dt.timedelta(days=5)
    shown = dialog(jo, member, "pause", until=until.isoformat(), reason="Abroad")
    assert "Pause until" in shown
    assert 'value="Abroad"' in shown
    done = press(
        jo, member, "pause", {"until": until.isoformat()}, until=until.isoformat(), reason="Abroad"
    )
    assert done.status_code == 302
    assert now(member).status == Of.PAUSED
    page = text_of(jo.get(reverse("memberships:one", args=[member.uuid])))
    assert "Nothing until it resumes on" in page
    assert "Nothing is charged today: what was paid is not over." in dialog(jo, member, "resume")
    press(jo, member, "resume")
    assert now(member).status == Of.ACTIVE


def test_another_day_than_the_quote_was_for_shows_its_quote_first(jo, member):
    day = (member.next_charge_on + dt.timedelta(days=5)).isoformat()
    answer = press(jo, member, "pause", until=day, reason="Abroad")
    shown = text_of(answer, 422)
    assert "Look at the figures again" in shown
    assert day in shown
    assert 'value="Abroad"' in shown
    assert now(member).status == Of.ACTIVE
    jo.post(address(member, "pause"), hidden(shown) | {"until": day, "reason": ""})
    assert now(member).status == Of.PAUSED


@pytest.mark.parametrize("day", ["soon", "2026-13-45", "0000-00-00", "2000-01-01"])
def test_a_day_that_is_none_or_over_is_refused_at_its_field(jo, member, day):
    answer = press(jo, member, "pause", until=day, reason="")
    assert answer.status_code == 422
    assert now(member).status == Of.ACTIVE


# --- Another plan -------------------------------------------------------------------------------


def test_another_plan_is_chosen_quoted_and_taken_from_the_next_charge_on(jo, member):
    silver = make_plan("Silver", 50, 55)
    choosing = dialog(jo, member, "plan")
    assert "Gold is $100.00 a month" in choosing
    assert "$50.00 a month, adds $55.00" in choosing
    assert '<button class="button button-primary' not in choosing
    assert "Nothing is charged today." in dialog(jo, member, "plan", plan=silver.pk)
    done = press(jo, member, "plan", {"plan": silver.pk})
    assert said_by(done) == ["Silver from the next charge on."]
    assert now(member).next_plan == silver
    page = text_of(jo.get(reverse("memberships:one", args=[member.uuid])))
    assert "Silver from the next charge on" in page
    assert "$50.00 on" in page
    press(jo, member, "plan-back")
    assert now(member).next_plan is None


def test_a_plan_that_became_dearer_meanwhile_is_shown_again(jo, member):
    silver = make_plan("Silver", 50, 55)
    sent = hidden(text_of(jo.get(address(member, "plan"), {"plan": silver.pk})))
    silver.price = 2 * silver.price
    silver.save()
    answer = jo.post(address(member, "plan"), sent)
    assert "Look at the figures again" in text_of(answer, 422)
    assert now(member).next_plan is None


def test_a_cheaper_plan_is_not_had_now(jo, member):
    silver = make_plan("Silver", 50, 55)
    shown = dialog(jo, member, "plan", plan=silver.pk, when="now")
    assert "This cannot be done now" in shown
    crafted = {"uuid": str(member.uuid), "plan": silver.pk, "when": "now"}
    assert jo.post(address(member, "plan"), crafted).status_code == 422
    assert now(member).plan == member.plan


@pytest.mark.parametrize(
    ("number", "told", "plan"),
    [
        (PAYS, "Platinum from now on: $80.00 was charged, and $100.00 added.", "Platinum"),
        (DECLINED_LATER, "Nothing was charged, and the plan is still the same.", "Gold"),
    ],
)
def test_a_dearer_plan_now_is_charged_to_the_card(clara, processor, number, told, plan):
    jo = make_browser("Jo")
    member = make_member(clara, make_plan(), make_card(clara, processor, number))
    platinum = make_plan("Platinum", 180, 220)
    asked = {"plan": platinum.pk, "when": "now"}
    assert "Charge $80.00" in dialog(jo, member, "plan", **asked)
    assert told in said_by(press(jo, member, "plan", asked))[0]
    assert str(now(member).plan) == plan
    assert_well()


def test_a_retry_that_pays_says_what_was_added(clara, processor):
    jo = make_browser("Jo")
    member = make_member(clara, make_plan(), make_card(clara, processor))
    owed = owing(member)
    done = jo.post(reverse("memberships:retry", args=[owed.uuid]))
    assert said_by(done) == ["$100.00 was charged. $120.00 was added to the balance."]
    assert now(member).status == Of.ACTIVE
    assert jo.post(reverse("memberships:retry", args=[owed.uuid])).status_code == 302
    assert_well()


@pytest.mark.parametrize("plan", ["0", "999999", "x", "٣", "1" * 40])
def test_a_plan_that_is_none_asks_for_one(jo, member, plan):
    assert "There is no other plan" in dialog(jo, member, "plan", plan=plan)


# --- Cards --------------------------------------------------------------------------------------


def test_another_card_is_chosen_by_its_button(jo, member):
    other = make_card(member.client, last4="4444", brand="Mastercard")
    shown = dialog(jo, member, "card")
    assert "Charge Mastercard •••• 4444" in shown
    assert "Is charged now" in shown
    done = press(jo, member, "card", card=other.pk)
    assert said_by(done) == ["Mastercard •••• 4444 pays Gold from now on."]
    assert now(member).card == other


def test_somebody_else_s_card_is_refused(jo, member, ben_card):
    answer = press(jo, member, "card", card=ben_card.pk)
    assert "That card was removed." in text_of(answer, 422)
    assert now(member).card == member.card
    assert "Choose a card." in text_of(press(jo, member, "card"), 422)


@pytest.fixture
def ben_card(db):
    return make_card(make_client("Ben Okafor"))


# --- A charge that failed -----------------------------------------------------------------------


def test_a_charge_is_let_go_with_a_reason_by_who_may(jo, marcus, member):
    owing(member)
    assert "let-go" not in text_of(jo.get(reverse("memberships:one", args=[member.uuid])))
    assert jo.get(address(member, "let-go")).status_code == 403
    assert jo.post(address(member, "let-go"), {"reason": "x"}).status_code == 403
    assert "Let $100.00 go" in dialog(marcus, member, "let-go")
    assert "Say why" in text_of(press(marcus, member, "let-go", reason=""), 422)
    done = press(marcus, member, "let-go", reason="Her card was stolen")
    assert "is let off $100.00" in said_by(done)[0]
    assert period_of(member, 1).status == Period.Status.WAIVED
    assert now(member).status == Of.ACTIVE


def test_taking_it_here_opens_a_sale_of_it_and_nobody_retries_meanwhile(jo, member):
    owed = owing(member)
    done = jo.post(reverse("memberships:take", args=[owed.uuid]))
    assert re.fullmatch(r"/sales/[0-9a-f-]{36}/", done["Location"])
    page = text_of(jo.get(reverse("memberships:one", args=[member.uuid])))
    assert "Being paid on sale #" in page
    assert "Retry" not in page
    sale = text_of(jo.get(done["Location"]))
    assert "Adds $120.00" in sale
    again = jo.post(reverse("memberships:take", args=[owed.uuid]))
    assert again["Location"] == done["Location"]


def test_retrying_without_a_card_says_what_to_do_and_goes_back(jo, member):
    owed = owing(member)
    member.card.removed_at, member.card.is_default = clock.now(), False
    member.card.save()
    back = reverse("clients:detail", args=[member.client_id])
    done = jo.post(reverse("memberships:retry", args=[owed.uuid]), {"back": back})
    assert done["Location"] == back
    assert said_by(done)
    assert period_of(member, 1).status == Period.Status.PAST_DUE


def test_nobody_is_sent_to_another_site(jo, member):
    owed = owing(member)
    done = jo.post(
        reverse("memberships:retry", args=[owed.uuid]), {"back": "https://evil.example/"}
    )
    assert done["Location"] == reverse("memberships:one", args=[member.uuid])


def test_a_missed_period_is_skipped(jo, member):
    missed = owing(member)
    Period.objects.filter(pk=missed.pk).update(status="asked", next_try_on=None)
    Membership.objects.filter(pk=member.pk).update(status="active")
    page = text_of(jo.get(reverse("memberships:one", args=[member.uuid])))
    assert "was missed" in page
    assert "Charge $100.00" in page
    done = jo.post(reverse("memberships:skip", args=[missed.uuid]))
    assert said_by(done) == ["It is skipped: nothing is charged or added."]
    assert period_of(member, 1).status == Period.Status.SKIPPED
    assert jo.post(reverse("memberships:skip", args=[missed.uuid])).status_code == 302
    assert period_of(member, 1).status == Period.Status.SKIPPED


# --- Who may ------------------------------------------------------------------------------------


def test_who_may_not_manage_memberships_is_offered_and_allowed_nothing(member):
    hana = make_staff("Hana", role=make_role("Assistant", view_balances=True))
    browser = make_browser(hana)
    owed = owing(member)
    for code in ("cancel", "pause", "plan", "card", "keep", "resume"):
        assert browser.get(address(member, code)).status_code == 403
        assert browser.post(address(member, code), {}).status_code == 403
    for name in ("retry", "charge", "skip", "take"):
        assert browser.post(reverse(f"memberships:{name}", args=[owed.uuid])).status_code == 403


def test_an_act_that_is_none_is_not_found(jo, member):
    assert jo.get(address(member, "no-such-act")).status_code == 404


def test_an_act_on_a_page_of_its_own_works_without_script(jo, member):
    shown = text_of(jo.get(address(member, "pause")))
    assert "<h1>Pause until it is resumed</h1>" in shown
    assert "Leave it as it is" in shown
