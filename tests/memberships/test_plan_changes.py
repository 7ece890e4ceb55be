"""Another plan: the difference at once, or from the next charge on."""

import uuid

import pytest

from cards.models import Attempt
from memberships.changing.plan_quotes import plan_quote, take_back_quote
from memberships.changing.plans import change_next, change_now, take_back_change
from memberships.enrolling.members import why_not_again
from memberships.errors import Refused
from memberships.models import Membership, Period, Plan
from memberships.renewing.settling import let_go
from salon.money import money
from tests.cards.killing import killed_after
from tests.cards.paying import settle_everything
from tests.checkout.charges.helpers import charged
from tests.checkout.helpers import books, has
from tests.factories import dollars, make_client, make_desk, make_location, make_tax_rate
from tests.harness.processor import DECLINED_LATER
from tests.ledger.books import assert_well
from tests.memberships.changing import today_of, upgraded
from tests.memberships.members import make_member, make_plan, period_of
from tests.memberships.renewing import (
    another_card,
    day,
    each_period_is_charged_once,
    fresh,
    kinds,
    make_payer,
    on,
    periods,
    renewed,
    text_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def olivia():
    return make_desk("Olivia")


@pytest.fixture
def payer(processor) -> Membership:
    """Clara, Gold since Jan 15: $100.00 on the 15th of each month, which adds $120.00."""
    return make_payer(processor)


@pytest.fixture
def platinum() -> Plan:
    return make_plan("Platinum", 150, 190)


# --- At once ----------------------------------------------------------------------------------


def test_the_difference_is_charged_and_added_at_once(processor, payer, platinum, olivia):
    """Gold to Platinum in the middle of the month: $50.00 is charged, $70.00 added."""
    with on("2027-01-20"):
        quote = plan_quote(payer, platinum, at_once=True, on=today_of(payer))
        assert (quote.due_now, quote.adds_now) == (dollars(50), dollars(70))
        assert quote.lines == [
            "Today the difference until Feb 15, 2027: $50.00, which adds $70.00, $20.00 of it as a "
            "bonus.",
            "From Feb 15, 2027 on, on the 15th of each month: $150.00, which adds $190.00, $40.00 "
            "of it as a bonus.",
            "It is charged to Visa •••• 4242. If that does not pay, nothing changes.",
        ]
        assert quote.button == "Charge $50.00"
        period = upgraded(payer, platinum)
    assert (period.status, period.number, period.step) == ("paid", 0, 1)
    assert (period.starts_on, period.until_on) == (day("2027-01-20"), day("2027-02-15"))
    assert (period.paid_lot.amount, period.bonus_lot.amount) == (5000, 2000)
    payer = fresh(payer)
    assert (payer.plan, payer.price, payer.adds) == (platinum, dollars(150), dollars(190))
    assert (payer.next_charge_on, payer.next_number) == (day("2027-02-15"), 1)
    assert has(payer.client, olivia).available == dollars(190)
    assert text_of(payer, "plan") == (
        "Platinum instead of Gold: $50.00 paid for the difference, each month $150.00, which adds "
        "$190.00, $40.00 of it as a bonus."
    )
    renewed("2027-02-15")
    assert charged(processor) == [5000, 15000]
    assert has(payer.client, olivia).available == dollars(380)
    now = books()
    assert (now["card"] + now["fees"], now["goodwill"], now["client_credit"]) == (
        20000, 8000, -38000,
    )  # fmt: skip
    each_period_is_charged_once()
    assert_well()


def test_in_a_part_of_a_month_it_is_a_part_of_the_difference(processor):
    """Gold from Jan 15, charged on the 1st: 17 of 31 days, $27.42 of $50.00, $38.39 of $70.00."""
    payer = make_payer(processor, make_plan(billing_day=1))
    platinum = make_plan("Platinum", 150, 190, billing_day=1)
    with on("2027-01-20"):
        period = upgraded(payer, platinum)
    assert (period.price, period.adds) == (dollars("27.42"), dollars("38.39"))
    renewed("2027-02-01")
    assert charged(processor) == [2742, 15000]
    assert fresh(payer).next_charge_on == day("2027-03-01")
    assert_well()


def test_tax_comes_on_top_of_the_difference(processor):
    rate = make_tax_rate("8.875")
    payer = make_payer(processor, make_plan(tax_rate=rate))
    with on("2027-01-20"):
        period = upgraded(payer, make_plan("Platinum", 150, 190, tax_rate=rate))
    assert charged(processor) == [5444]
    assert period.order.lines.get().tax == dollars("4.44")
    assert_well()


def test_a_dearer_plan_that_adds_less_adds_nothing_now(processor, payer):
    with on("2027-01-20"):
        period = upgraded(payer, make_plan("Lounge", 130, 80))
    assert (period.price, period.adds, period.paid_lot) == (dollars(30), dollars(0), None)
    assert books()["income"] == -3000
    assert_well()


def test_twice_in_one_month_each_is_the_difference_to_the_plan_before(
    processor, payer, platinum, olivia
):
    with on("2027-01-20"):
        upgraded(payer, platinum)
    with on("2027-01-21"):
        second = upgraded(fresh(payer), make_plan("Diamond", 200, 260))
    assert (second.step, second.price, second.adds) == (2, dollars(50), dollars(70))
    assert has(payer.client, olivia).available == dollars(260)
    assert_well()


def test_a_card_that_declines_changes_nothing(processor, platinum, olivia):
    payer = make_payer(processor, number=DECLINED_LATER)
    with on("2027-01-20"):
        period = upgraded(payer, platinum)
        assert (period.status, period.order) == ("declined", None)
        assert "declined" in period.failure
        payer = fresh(payer)
        assert (payer.plan.name, payer.status, payer.price) == ("Gold", "active", dollars(100))
        another_card(processor, payer)
        again = upgraded(fresh(payer), platinum)
    assert (again.status, again.step) == ("paid", 2)
    assert charged(processor) == [5000]
    assert fresh(payer).plan == platinum
    assert_well()


def test_without_a_card_it_is_refused_before_anything_is_written(payer, platinum):
    payer.card = None
    payer.save(update_fields=["card"])
    payer.client.cards_on_file.update(removed_at="2027-01-16T12:00Z", is_default=False)
    with on("2027-01-20"), pytest.raises(Refused, match=r"There is no card on file. Nothing was"):
        upgraded(payer, platinum)
    assert not Period.objects.filter(step__gt=0).exists()


def test_the_same_form_sent_twice_charges_once(processor, payer, platinum, olivia):
    key = uuid.uuid4()
    with on("2027-01-20"):
        first = upgraded(payer, platinum, key=key)
        values = {"membership": payer, "desk": olivia, "uuid": key, "expected": dollars(50)}
        assert change_now(plan=platinum, **values).pk == first.pk
        with pytest.raises(Refused, match="used for another change"):
            change_now(plan=make_plan("Diamond", 300, 300), **values)
    assert charged(processor) == [5000]


def test_what_the_page_showed_is_what_is_charged_or_nothing(processor, payer, platinum):
    """The owner makes it dearer between the page and the button."""
    with on("2027-01-20"):
        values = {"membership": payer, "plan": platinum, "desk": make_desk("Olivia")}
        quote = plan_quote(payer, platinum, at_once=True, on=today_of(payer))
        Plan.objects.filter(pk=platinum.pk).update(price=dollars(160))
        with pytest.raises(Refused, match="has changed since the page was loaded"):
            change_now(uuid=uuid.uuid4(), expected=quote.due_now, **values)
        with pytest.raises(Refused, match="has changed since"):
            change_now(uuid=uuid.uuid4(), expected=money(0), **values)
        later = plan_quote(payer, platinum, at_once=False, on=today_of(payer))
        Plan.objects.filter(pk=platinum.pk).update(adds=dollars(100))
        with pytest.raises(Refused, match="has changed since"):
            change_next(seen=later.stamp, **values)
    assert charged(processor) == []
    assert fresh(payer).next_plan is None


def test_what_cannot_change_now_says_why(payer, platinum):
    def why_not(plan=platinum, **state) -> str:
        row = fresh(payer)
        for name, value in state.items():
            setattr(row, name, value)
        return plan_quote(row, plan, at_once=True, on=day("2027-01-20")).why_not

    assert why_not() == ""
    assert why_not(make_plan("Silver", 80, 90)).startswith("Silver is not dearer")
    assert why_not(make_plan("Yearly", 1000, 1200, every="year")).startswith(
        "Yearly is charged every year."
    )
    assert why_not(make_plan("Uptown", 200, 200, locations=[make_location("Uptown")])) == (
        "Uptown is not sold at Midtown."
    )
    assert "is paused" in why_not(status="paused", next_charge_on=None)
    assert "still owed" in why_not(status="past_due")
    assert "still owed" in why_not(status="unpaid")
    assert "is canceled and ends on Feb 15, 2027" in why_not(ends_on=day("2027-02-15"))
    assert "ended on Jan 20" in why_not(status="ended", ended_on=day("2027-01-20"))
    assert "Today is in no period that was paid" in why_not(next_number=2)
    make_member(payer.client, platinum)
    assert why_not() == "Clara Nuñez is a member of Platinum already."


def test_in_a_trial_it_waits_for_the_first_charge(processor):
    """The trial ends on Jan 29; the first charge is by the new plan."""
    payer = make_payer(processor, make_plan(trial_days=14))
    platinum = make_plan("Platinum", 150, 190, trial_days=14)
    with on("2027-01-20"):
        with pytest.raises(Refused, match="in its trial"):
            upgraded(payer, platinum)
        change_next(membership=payer, plan=platinum, desk=make_desk("Olivia"))
    renewed("2027-01-29")
    assert charged(processor) == [15000]
    assert period_of(payer, 0).adds == dollars(190)
    assert_well()


def test_while_the_card_is_charged_nothing_else_begins(processor, payer, platinum, olivia):
    processor.fault("/v1/payment_intents", "lost")
    with on("2027-01-20"):
        period = upgraded(payer, platinum)
        assert period.status == "charging"
        for at_once in (True, False):
            quote = plan_quote(
                payer, make_plan("Diamond", 200, 200), at_once=at_once, on=day("2027-01-20")
            )
            assert quote.why_not.startswith("The card is being charged at this moment.")


def test_an_answer_that_is_lost_is_found_and_then_the_plan_changes(processor, payer, platinum):
    """The card was charged, and nobody heard: the plan waits for the sweep, and changes once."""
    processor.fault("/v1/payment_intents/*", "lost")
    with on("2027-01-20"):
        assert upgraded(payer, platinum).status == "charging"
        assert fresh(payer).plan.name == "Gold"
        settle_everything()
        period = period_of(payer, 0, 1)
    assert (period.status, fresh(payer).plan) == ("paid", platinum)
    assert charged(processor) == [5000]
    each_period_is_charged_once()
    assert_well()


def test_the_terms_that_were_confirmed_are_taken_over_whatever_the_owner_edits_meanwhile(
    processor, payer, platinum
):
    """Platinum becomes quarterly, at $500.00, taxed and restricted, while the card is asked."""
    processor.fault("/v1/payment_intents/*", "lost")
    with on("2027-01-20"):
        assert upgraded(payer, platinum).status == "charging"
        edited = {"price": dollars(500), "adds": dollars(500), "every": "quarter"}
        limits = {"buys": "services", "lasts_days": 30, "stays": False}
        Plan.objects.filter(pk=platinum.pk).update(**edited, **limits, tax_rate=make_tax_rate())
        settle_everything()
    payer = fresh(payer)
    assert (payer.plan, payer.price, payer.adds) == (platinum, dollars(150), dollars(190))
    assert (payer.every, payer.buys, payer.lasts_days) == ("month", "any", None)
    assert (payer.stays, payer.tax_rate, payer.next_charge_on) == (True, None, day("2027-02-15"))
    renewed("2027-02-15")
    assert charged(processor) == [5000, 15000]
    assert_well()


def test_a_renewal_waits_for_a_difference_that_is_being_charged(processor, payer, platinum):
    """Asked on the last day of a period, answered on the next: $150.00, no more $100.00."""
    processor.fault("/v1/payment_intents/*", "lost")
    with on("2027-02-14"):
        assert upgraded(payer, platinum).status == "charging"
    assert str(renewed("2027-02-15")) == "nothing was due"
    with on("2027-02-15"):
        settle_everything()
    assert renewed("2027-02-15").charged == 1
    assert charged(processor) == [5000, 15000]
    assert periods(payer) == [(0, "2027-01-15", "paid"), (1, "2027-02-15", "paid")]
    assert_well()


def test_who_is_being_charged_a_difference_does_not_enrol_in_that_plan(processor, payer, platinum):
    processor.fault("/v1/payment_intents/*", "lost")
    with on("2027-01-20"):
        assert upgraded(payer, platinum).status == "charging"
    assert why_not_again(payer.client, platinum) == (
        "Another membership of Clara Nuñez’s becomes Platinum already."
    )


def test_who_became_a_member_by_a_merge_gets_the_difference_back(processor, payer, platinum):
    processor.fault("/v1/payment_intents/*", "lost")
    with on("2027-01-20"):
        assert upgraded(payer, platinum).status == "charging"
        make_member(make_client("Ines Duarte"), platinum)
        Membership.objects.filter(plan=platinum).update(client=payer.client)
        settle_everything()
    assert fresh(payer).plan != platinum
    assert Period.objects.get(step=1).status == "declined"
    assert Attempt.objects.get().refunds.get().amount == dollars(50)


def test_who_became_a_member_by_a_merge_stays_with_the_plan(payer, platinum, olivia):
    with on("2027-01-20"):
        change_next(membership=payer, plan=platinum, desk=olivia)
        make_member(make_client("Ines Duarte"), platinum)
    Membership.objects.filter(plan=platinum).update(client=payer.client)
    assert renewed("2027-02-15").charged == 1
    assert (fresh(payer).plan.name, fresh(payer).next_plan) == ("Gold", None)
    assert text_of(payer, "plan") == ("It stays Gold: there is a membership of Platinum already.")


@pytest.mark.parametrize("steps", range(4))
def test_killed_in_the_middle_it_is_charged_and_changed_or_neither(
    processor, payer, platinum, steps
):
    with on("2027-01-20"):
        with killed_after(steps):
            upgraded(payer, platinum)
        settle_everything()
        period, row = period_of(payer, 0, 1), fresh(payer)
    if period.status == "paid":
        assert (charged(processor), row.plan) == ([5000], platinum)
    else:
        assert (period.status, charged(processor), row.plan.name) == ("declined", [], "Gold")
    each_period_is_charged_once()
    assert_well()


def test_a_plan_chosen_for_later_is_dropped_by_one_that_comes_now(payer, platinum, olivia):
    with on("2027-01-20"):
        change_next(membership=payer, plan=make_plan("Silver", 80, 90), desk=olivia)
        quote = plan_quote(fresh(payer), platinum, at_once=True, on=today_of(payer))
        assert "The change to Silver that was chosen before is dropped." in quote.lines
        upgraded(fresh(payer), platinum)
    assert fresh(payer).next_plan is None


# --- From the next charge on ------------------------------------------------------------------


def test_from_the_next_charge_on_the_days_stay(processor, payer, olivia):
    silver = make_plan("Silver", 80, 90, buys="services", lasts_days=60, stays=False)
    with on("2027-01-20"):
        quote = plan_quote(payer, silver, at_once=False, on=today_of(payer))
        assert quote.lines == [
            "Nothing is charged today.",
            "From Feb 15, 2027 on, on the 15th of each month: $80.00, which adds $90.00, $10.00 of "
            "it as a bonus.",
            "The money can be spent on services only.",
            "It can be spent for 60 days.",
            "What is not spent when the membership ends is lost.",
        ]
        changed = change_next(membership=payer, plan=silver, desk=olivia, seen=quote.stamp)
    assert (changed.plan.name, changed.next_plan, changed.price) == ("Gold", silver, dollars(100))
    assert text_of(payer, "plan") == (
        "Silver instead of Gold from the next charge on, on Feb 15, 2027."
    )
    renewed("2027-02-15")
    period = period_of(payer, 1)
    assert (period.plan, period.price, period.adds) == (silver, dollars(80), dollars(90))
    assert (period.paid_lot.restriction, period.paid_lot.expires_on) == (
        "services",
        day("2027-04-16"),
    )
    payer = fresh(payer)
    assert (payer.plan, payer.next_plan, payer.stays) == (silver, None, False)
    assert payer.next_charge_on == day("2027-03-15")
    assert charged(processor) == [8000]
    assert_well()


def test_upgraded_now_and_down_again_from_the_next_charge(processor, payer, platinum, olivia):
    gold = payer.plan
    with on("2027-01-20"):
        upgraded(payer, platinum)
    with on("2027-01-25"):
        change_next(membership=payer, plan=gold, desk=olivia)
    renewed("2027-02-15")
    assert charged(processor) == [5000, 10000]
    assert (fresh(payer).plan, fresh(payer).price) == (gold, dollars(100))
    each_period_is_charged_once()
    assert_well()


@pytest.mark.parametrize(
    ("every", "then"),
    [("week", "2027-02-22"), ("quarter", "2027-05-15"), ("year", "2028-02-15")],
)
def test_another_rhythm_begins_with_the_next_charge(processor, payer, olivia, every, then):
    with on("2027-01-20"):
        change_next(membership=payer, plan=make_plan("Other", 50, 60, every=every), desk=olivia)
    renewed("2027-02-15")
    assert charged(processor) == [5000]
    assert fresh(payer).next_charge_on == day(then)
    renewed(day(then))
    assert [number for number, _, status in periods(payer) if status == "paid"] == [0, 1, 2]
    assert_well()


def test_a_day_of_the_month_stays_where_there_is_one(processor, olivia):
    """Charged on the 31st; by the quarter from Feb 28 on, so on May 31 next."""
    payer = make_payer(processor, make_plan(billing_day=31))
    with on("2027-02-01"):
        renewed("2027-01-31")
        change_next(
            membership=payer, plan=make_plan("Season", 250, 300, every="quarter"), desk=olivia
        )
    renewed("2027-02-28")
    assert fresh(payer).next_charge_on == day("2027-05-31")


def test_from_the_31st_a_change_keeps_the_last_days(processor, olivia):
    payer = make_payer(processor, start=day("2027-01-31"))
    with on("2027-02-01"):
        change_next(membership=payer, plan=make_plan("Silver", 80, 90), desk=olivia)
    renewed("2027-02-28")
    assert fresh(payer).next_charge_on == day("2027-03-31")


def test_the_change_can_be_taken_back_and_chosen_only_once(payer, olivia):
    silver = make_plan("Silver", 80, 90)
    with on("2027-01-20"):
        change_next(membership=payer, plan=silver, desk=olivia)
        with pytest.raises(Refused, match="Silver is chosen from the next charge on already"):
            change_next(membership=payer, plan=silver, desk=olivia)
        with pytest.raises(Refused, match="Take back the change to Silver instead"):
            change_next(membership=payer, plan=payer.plan, desk=olivia)
        quote = take_back_quote(fresh(payer))
        assert quote.lines == [
            "The change to Silver is taken back.",
            "From Feb 15, 2027 on, on the 15th of each month: $100.00, which adds $120.00, $20.00 "
            "of it as a bonus.",
        ]
        take_back_change(membership=payer, desk=olivia, seen=quote.stamp)
        assert fresh(payer).next_plan is None
        with pytest.raises(Refused, match=r"No other plan is chosen. Nothing was changed."):
            take_back_change(membership=payer, desk=olivia)
        with pytest.raises(Refused, match="It is Gold already"):
            change_next(membership=payer, plan=payer.plan, desk=olivia)
    assert kinds(payer)[-2:] == ["plan", "plan"]


def test_who_enrolled_long_ago_can_take_over_todays_terms_of_their_own_plan(payer, olivia):
    Plan.objects.filter(pk=payer.plan_id).update(price=dollars(110))
    with on("2027-01-20"):
        change_next(membership=payer, plan=payer.plan, desk=olivia)
    renewed("2027-02-15")
    assert fresh(payer).price == dollars(110)


def test_what_is_owed_keeps_its_terms(processor, olivia):
    """$100.00 failed; then Silver is chosen. What is paid late is $100.00, then $80.00."""
    payer = make_payer(processor, number=DECLINED_LATER)
    renewed("2027-02-15")
    with on("2027-02-16"):
        quote = plan_quote(
            fresh(payer), make_plan("Silver", 80, 90), at_once=False, on=day("2027-02-16")
        )
        assert "What is owed already stays owed." in quote.lines
        change_next(membership=payer, plan=make_plan("Silver", 80, 90), desk=olivia)
        another_card(processor, payer)
    renewed("2027-02-18")
    renewed("2027-03-15")
    assert charged(processor) == [10000, 8000]
    assert_well()


def test_letting_a_charge_go_leaves_the_chosen_plan(processor, olivia):
    payer = make_payer(processor, number=DECLINED_LATER)
    renewed("2027-02-15")
    with on("2027-02-16"):
        change_next(membership=payer, plan=make_plan("Silver", 80, 90), desk=olivia)
        let_go(period=period_of(payer, 1), reason="a gesture", desk=olivia)
    assert fresh(payer).next_plan.name == "Silver"


# --- Who may ----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["Maya", None])
def test_it_takes_the_permission(payer, platinum, who):
    desk = make_desk(who)
    values = {"membership": payer, "desk": desk}
    acts = [
        lambda: change_now(plan=platinum, uuid=uuid.uuid4(), expected=dollars(50), **values),
        lambda: change_next(plan=platinum, **values),
        lambda: take_back_change(**values),
    ]
    with on("2027-01-20"):
        for act in acts:
            with pytest.raises(Refused, match="Your role may not change memberships"):
                act()
    assert kinds(payer) == ["started", "paid"]


def test_no_client_gets_two_memberships_of_one_plan(payer, platinum):
    make_member(make_client("Ben Okafor"), platinum)
    second = make_member(payer.client, make_plan("Silver", 80, 90))
    with on("2027-01-20"):
        desk = make_desk("Olivia")
        assert not plan_quote(payer, platinum, at_once=False, on=today_of(payer)).why_not
        change_next(membership=second, plan=platinum, desk=desk)
        for at_once in (True, False):
            quote = plan_quote(payer, platinum, at_once=at_once, on=today_of(payer))
            assert quote.why_not == "Another membership of Clara Nuñez’s becomes Platinum already."
        quote = plan_quote(payer, second.plan, at_once=False, on=today_of(payer))
        assert quote.why_not == "Clara Nuñez is a member of Silver already."


def test_a_quote_costs_so_many_queries_however_long_it_has_been(
    payer, platinum, django_assert_max_num_queries
):
    for month in ("02", "03", "04", "05"):
        renewed(f"2027-{month}-15")
    row = Membership.objects.select_related("client", "plan", "location", "card").get(pk=payer.pk)
    with on("2027-05-20"):
        for at_once in (True, False):
            with django_assert_max_num_queries(11):
                assert plan_quote(row, platinum, at_once=at_once, on=today_of(payer)).lines
