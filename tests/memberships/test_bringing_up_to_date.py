"""The owner raises a price: a plan's members get its present terms from their next charge on."""

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from memberships.changing.bringing_up_to_date import BroughtUp, bring_up_to_date, terms_quote
from memberships.changing.canceling import cancel
from memberships.changing.pausing import pause
from memberships.changing.plans import change_next, take_back_change
from memberships.errors import Refused
from memberships.models import Event, Membership, MembershipSettings, Plan
from memberships.own.mails import send
from salon import clock
from tests.checkout.charges.helpers import charged
from tests.checkout.helpers import has
from tests.factories import dollars, make_browser, make_client, make_desk
from tests.ledger.books import assert_well
from tests.memberships.members import make_plan
from tests.memberships.renewing import day, fresh, make_payer, on, renewed, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def payer(processor) -> Membership:
    """Clara, Gold since Jan 15: $100.00 on the 15th of each month, which adds $120.00."""
    payer = make_payer(processor)
    ProcrastinateJob.objects.all().delete()
    return payer


def raised(plan: Plan, price: int = 110, adds: int = 135) -> Plan:
    Plan.objects.filter(pk=plan.pk).update(price=price, adds=adds)
    return Plan.objects.get(pk=plan.pk)


def brought(plan: Plan) -> BroughtUp:
    return bring_up_to_date(plan=plan, desk=make_desk("Olivia"))


def test_the_next_charge_is_by_the_present_terms(processor, payer):
    """$100.00 that add $120.00 become $110.00 that add $135.00: with February's, not before."""
    plan = raised(payer.plan)
    with on("2027-01-20"):
        quote = terms_quote(plan, now=clock.now())
        assert quote.lines == [
            "From the next charge on, every month: $110.00, which adds $135.00, $25.00 of it as a "
            "bonus.",
            "1 member is given them, and told by e-mail what changes and when.",
            "The days of their charges and the minimum term stay as they are.",
        ]
        assert brought(plan) == BroughtUp(changed=1)
    assert fresh(payer).price == dollars(100)
    assert text_of(payer, "plan") == (
        "Gold from the next charge on, Feb 15, 2027: $110.00, which adds $135.00, $25.00 of it as "
        "a bonus. So far $100.00, which adds $120.00, $20.00 of it as a bonus."
    )
    renewed("2027-02-15")
    member = fresh(payer)
    assert (member.price, member.adds, member.next_plan) == (dollars(110), dollars(135), None)
    assert member.next_charge_on == day("2027-03-15")
    assert text_of(payer, "plan").startswith("Gold with its present terms: each month $110.00")
    renewed("2027-03-15")
    assert charged(processor) == [11000, 11000]
    assert has(payer.client, make_desk("Olivia")).available == dollars(120 + 135 + 135)
    assert_well()


def test_the_member_is_told_what_changes_and_when(payer, mailoutbox):
    with on("2027-01-20"):
        brought(raised(payer.plan))
        (job,) = ProcrastinateJob.objects.filter(task_name="memberships.tell")
        assert send(**job.args)
    (mail,) = mailoutbox
    assert mail.subject.startswith("From Feb 15, 2027 on, Gold is $110.00 a month")
    for written in (mail.body, mail.alternatives[0][0]):
        assert "$100.00, which adds $120.00" in written
        assert "$110.00, which adds $135.00" in written
        assert "Feb 15, 2027" in written
    with on("2027-01-21"):
        take_back_change(membership=payer, desk=make_desk("Olivia"))
        assert not send(**job.args)


def test_once_more_changes_nothing(payer):
    plan = raised(payer.plan)
    with on("2027-01-20"):
        brought(plan)
        with pytest.raises(Refused, match="Nothing was changed"):
            brought(plan)
    assert payer.events.filter(kind=Event.Kind.PLAN).count() == 1


def test_who_was_told_another_price_is_told_anew(processor, payer):
    """$110.00 was told; then the owner makes it $115.00, which is what February is charged by."""
    with on("2027-01-20"):
        brought(raised(payer.plan))
        again = raised(payer.plan, price=115)
        assert brought(again) == BroughtUp(changed=1)
        with pytest.raises(Refused):
            brought(again)
    assert ": $115.00" in text_of(payer, "plan")
    renewed("2027-02-15")
    assert charged(processor) == [11500]


def test_who_is_charged_within_the_days_of_notice_keeps_the_old_terms(processor, payer):
    MembershipSettings.objects.update(notice_days=7)
    plan = raised(payer.plan)
    with on("2027-02-09"):
        quote = terms_quote(plan, now=clock.now())
        assert quote.why_not
        assert quote.lines[-1] == (
            "1 member is charged within 7 days by the old terms, and left as they are: do this "
            "again afterwards."
        )
        with pytest.raises(Refused):
            brought(plan)
    renewed("2027-02-15")
    with on("2027-02-16"):
        assert brought(plan) == BroughtUp(changed=1)
    renewed("2027-03-15")
    assert charged(processor) == [10000, 11000]


def test_seven_days_before_is_early_enough(payer):
    MembershipSettings.objects.update(notice_days=7)
    with on("2027-02-08"):
        assert brought(raised(payer.plan)) == BroughtUp(changed=1)


def test_who_chose_another_plan_or_canceled_is_left_alone(payer):
    olivia = make_desk("Olivia")
    plan = raised(payer.plan)
    with on("2027-01-20"):
        change_next(membership=payer, plan=make_plan("Silver", 80, 90), desk=olivia)
        assert terms_quote(plan, now=clock.now()).why_not
        take_back_change(membership=payer, desk=olivia)
        cancel(membership=payer, at_once=False, reason="", desk=olivia)
        assert terms_quote(plan, now=clock.now()).why_not


def test_a_paused_member_has_them_once_it_goes_on(payer):
    with on("2027-01-20"):
        pause(membership=payer, until=None, reason="", desk=make_desk("Olivia"))
        assert brought(raised(payer.plan)) == BroughtUp(changed=1)
    assert fresh(payer).next_plan == payer.plan


def test_who_has_no_address_is_counted(payer):
    type(payer.client).objects.update(email="")
    plan = raised(payer.plan)
    with on("2027-01-20"):
        assert brought(plan) == BroughtUp(changed=1, not_told=1)


def test_who_enrolled_with_them_has_them(processor, payer):
    plan = raised(payer.plan)
    make_payer(processor, plan, client=make_client("Ben Ito"))
    with on("2027-01-20"):
        assert brought(plan) == BroughtUp(changed=1)


def test_the_owner_sees_it_in_figures_before(payer):
    plan = raised(payer.plan)
    here = reverse("admin:memberships_plan_present_terms", args=[plan.pk])
    with on("2027-01-20"):
        olivia = make_browser("Olivia")
        edit = olivia.get(reverse("admin:memberships_plan_change", args=[plan.pk]))
        assert here in edit.content.decode()
        seen = olivia.get(here).context["quote"]
        raised(plan, price=120)
        stale = olivia.post(here, {"seen": seen.stamp}, follow=True).content.decode()
        assert "Nothing was changed" in stale
        assert fresh(payer).next_plan is None
        seen = olivia.get(here).context["quote"]
        done = olivia.post(here, {"seen": seen.stamp}, follow=True).content.decode()
    assert "Gold: 1 member from their next charge on." in done
    assert fresh(payer).next_plan == plan


def test_a_manager_who_may_not_change_plans_may_not(payer):
    plan = raised(payer.plan)
    with pytest.raises(Refused):
        bring_up_to_date(plan=plan, desk=make_desk("Marcus"))
    here = reverse("admin:memberships_plan_present_terms", args=[plan.pk])
    assert make_browser("Marcus").get(here).status_code in (302, 403)
    assert fresh(payer).next_plan is None
