"""Canceling, the end, and what is lost by it."""

import uuid

import pytest
from django.db import transaction

from checkout.refunding import refund_lines
from ledger import accounts
from ledger.kinds import EntryKind
from ledger.legs import Open, Take, Terms
from ledger.models import Entry, Lot
from ledger.releasing import release
from memberships.changing.cancel_quotes import cancel_quote, keep_quote
from memberships.changing.canceling import cancel, keep
from memberships.changing.ending import end_due
from memberships.changing.pausing import pause
from memberships.changing.plans import change_next
from memberships.errors import Refused
from memberships.models import Membership, Pause
from memberships.renewing.at_desk import take_at_desk
from tests.checkout.charges.helpers import charged
from tests.checkout.helpers import books, has
from tests.factories import dollars, make_appointment, make_desk
from tests.harness.processor import DECLINED_LATER
from tests.ledger.books import act, assert_well
from tests.memberships.changing import spend, today_of, upgraded
from tests.memberships.members import make_plan, noon, pay_and_close, period_of, set_memberships
from tests.memberships.renewing import (
    day,
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
def payer(processor) -> Membership:
    """Clara, Gold since Jan 15: $100.00 on the 15th of each month, which adds $120.00."""
    return make_payer(processor)


@pytest.fixture
def mortal(processor) -> Membership:
    """The same, but what it added is lost when it ends."""
    return make_payer(processor, make_plan(stays=False))


def canceled(
    membership: Membership, when: str, *, at_once: bool = False, who: str = "Olivia", **more
) -> Membership:
    """As its page shows it."""
    with on(when):
        row = fresh(membership)
        desk = make_desk(who)
        by_client = more.get("by_client", False)
        quote = cancel_quote(row, at_once=at_once, on=today_of(row), desk=desk, by_client=by_client)
        more = {"reason": "moves away", "seen": quote.stamp} | more
        return cancel(membership=row, at_once=at_once, desk=desk, **more)


def kept(membership: Membership, when: str, who: str = "Olivia", **more) -> Membership:
    with on(when):
        return keep(membership=membership, desk=make_desk(who), **more)


def spent(membership: Membership, amount: int, when: str):
    """A product at that price, paid from the balance at noon of that day."""
    with on(when):
        return spend(membership, amount)


# --- To the end of what is paid ---------------------------------------------------------------


def test_it_runs_to_the_end_of_what_is_paid_and_is_charged_no_more(processor, payer):
    with on("2027-01-20"):
        quote = cancel_quote(payer, at_once=False, on=today_of(payer))
    assert (quote.title, quote.button) == ("Cancel to Feb 15, 2027", "Cancel to Feb 15, 2027")
    assert quote.lines == [
        "It ends on Feb 15, 2027. Nothing is charged any more.",
        "What it added stays on the account balance.",
    ]
    row = canceled(payer, "2027-01-20")
    assert (row.status, row.ends_on, row.next_charge_on) == ("active", day("2027-02-15"), None)
    assert text_of(payer, "canceled") == "Canceled to Feb 15, 2027: moves away"
    assert str(renewed("2027-02-14")) == "nothing was due"
    done = renewed("2027-02-15")
    assert (done.ended, done.charged) == (1, 0)
    row = fresh(payer)
    assert (row.status, row.ended_on, row.end_reason) == ("ended", day("2027-02-15"), "moves away")
    assert str(renewed("2027-05-15")) == "nothing was due"
    assert charged(processor) == []
    assert has(payer.client, make_desk("Olivia")).available == dollars(120)
    assert kinds(payer) == ["started", "paid", "canceled", "ended"]
    assert_well()


def test_it_can_be_taken_back_until_then_and_is_charged_on_its_day(processor, payer):
    canceled(payer, "2027-01-20")
    with on("2027-02-14"):
        quote = keep_quote(fresh(payer), today_of(payer))
    assert quote.lines == [
        "The cancellation is taken back.",
        "From Feb 15, 2027 on, on the 15th of each month: $100.00, which adds $120.00, $20.00 of "
        "it as a bonus.",
    ]
    row = kept(payer, "2027-02-14", seen=quote.stamp)
    assert (row.ends_on, row.next_charge_on, row.end_reason) == (None, day("2027-02-15"), "")
    renewed("2027-02-15")
    assert charged(processor) == [10000]
    with pytest.raises(Refused, match=r"This membership is not canceled."):
        kept(payer, "2027-02-16")


def test_on_its_last_day_it_is_too_late_to_take_it_back(payer):
    canceled(payer, "2027-01-20")
    with pytest.raises(Refused, match=r"ends today. That cannot be taken back any more"):
        kept(payer, "2027-02-15")
    end_due(noon(day("2027-02-15")))
    with pytest.raises(Refused, match=r"This membership ended on Feb 15, 2027."):
        kept(payer, "2027-02-15")


def test_a_trial_ends_when_it_is_over_and_costs_nothing(processor):
    payer = make_payer(processor, make_plan(trial_days=14))
    row = canceled(payer, "2027-01-20")
    assert row.ends_on == day("2027-01-29")
    assert renewed("2027-01-29").ended == 1
    assert (charged(processor), periods(payer)) == ([], [])
    assert_well()


def test_a_paused_one_ends_when_what_was_paid_is_over(payer):
    with on("2027-01-20"):
        pause(membership=payer, until=day("2027-03-01"), reason="", desk=make_desk("Olivia"))
    row = canceled(payer, "2027-02-01")
    assert (row.status, row.ends_on) == ("paused", day("2027-02-15"))
    with on("2027-02-02"):
        quote = keep_quote(fresh(payer), today_of(payer))
        assert quote.lines[1] == "It stays paused: nothing is charged meanwhile."
    assert renewed("2027-02-15").ended == 1
    assert Pause.objects.get().resumed_on == day("2027-02-15")
    assert str(renewed("2027-03-01")) == "nothing was due"


def test_a_paused_one_whose_paid_time_is_over_ends_at_once(payer):
    with on("2027-01-20"):
        pause(membership=payer, until=None, reason="", desk=make_desk("Olivia"))
    assert canceled(payer, "2027-02-20").ended_on == day("2027-02-20")


def test_one_that_was_not_charged_yet_today_ends_today(processor, payer):
    assert canceled(payer, "2027-02-15").status == "ended"
    assert charged(processor) == []


# --- At once ----------------------------------------------------------------------------------


def test_at_once_it_is_over_and_nothing_is_refunded_by_it(processor, payer):
    with on("2027-01-20"):
        quote = cancel_quote(payer, at_once=True, on=today_of(payer))
    assert quote.button == "End the membership now"
    assert quote.lines == [
        "It ends at once. Nothing is charged any more.",
        "It is paid until Feb 15, 2027. Nothing is refunded by this: refunds are made on the sale.",
        "What it added stays on the account balance.",
    ]
    row = canceled(payer, "2027-01-20", at_once=True)
    assert (row.status, row.ended_on, row.next_charge_on) == ("ended", day("2027-01-20"), None)
    assert text_of(payer, "ended") == "Ended: moves away"
    assert books() == {"cash": 10000, "goodwill": 2000, "client_credit": -12000}
    assert_well()


def test_one_that_is_canceled_to_a_day_may_still_be_ended_now(payer):
    canceled(payer, "2027-01-20")
    with pytest.raises(Refused, match=r"canceled already: it ends on Feb 15, 2027. Nothing was"):
        canceled(payer, "2027-01-21")
    assert canceled(payer, "2027-01-22", at_once=True).ended_on == day("2027-01-22")
    with pytest.raises(Refused, match=r"This membership ended on Jan 22, 2027."):
        canceled(payer, "2027-01-23", at_once=True)


def test_what_is_owed_is_let_go_and_it_ends_at_once(processor):
    payer = make_payer(processor, number=DECLINED_LATER)
    renewed("2027-02-15")
    with on("2027-02-16"):
        quote = cancel_quote(fresh(payer), at_once=False, on=today_of(payer))
    assert quote.lines[:2] == [
        "It ends at once. Nothing is charged any more.",
        "What is owed is let go.",
    ]
    assert canceled(payer, "2027-02-16").ended_on == day("2027-02-16")
    assert period_of(payer, 1).status == "waived"
    assert str(renewed("2027-02-18")) == "nothing was due"
    assert_well()


def test_while_what_is_owed_is_being_paid_at_a_desk_it_cannot_end(processor):
    payer = make_payer(processor, number=DECLINED_LATER)
    renewed("2027-02-15")
    with on("2027-02-16"):
        order = take_at_desk(period=period_of(payer, 1), desk=make_desk("Olivia"))
    with pytest.raises(Refused, match=rf"Sale #{order.number} of a period that is not paid"):
        canceled(payer, "2027-02-16", at_once=True)
    with on("2027-02-16"):
        pay_and_close(order, make_desk("Olivia"))
    assert canceled(payer, "2027-02-16").ends_on == day("2027-03-15")


def test_while_the_card_is_charged_it_cannot_end(processor, payer):
    processor.fault("/v1/payment_intents", "lost")
    assert renewed("2027-02-15").waiting == 1
    for at_once in (True, False):
        with pytest.raises(Refused, match=r"The card is being charged at this moment. Wait until"):
            canceled(payer, "2027-02-15", at_once=at_once)


# --- What does not stay -----------------------------------------------------------------------


def test_what_is_not_spent_is_lost_paid_and_bonus_apart(mortal):
    """Of $120.00, $20.00 of it a bonus, $56.00 is spent: $44.00 paid and the bonus are lost."""
    spent(mortal, 56, "2027-01-18")
    with on("2027-01-20"):
        now = cancel_quote(mortal, at_once=True, on=today_of(mortal))
        later = cancel_quote(mortal, at_once=False, on=today_of(mortal))
    assert (now.lost, now.lines[2]) == (
        dollars(64),
        "$64.00 that is not spent is lost, $20.00 of it a bonus.",
    )
    assert (later.lost, later.lines[1]) == (
        dollars(64),
        "$64.00 that is not spent by then is lost, $20.00 of it a bonus.",
    )
    canceled(mortal, "2027-01-20", at_once=True)
    assert has(mortal.client, make_desk("Olivia")).available == dollars(0)
    assert books() == {"cash": 10000, "income": -5600, "breakage": -4400}
    entry = Entry.objects.get(key=f"membership:{mortal.uuid}:lapse")
    assert (entry.kind, entry.cause_kind, entry.business_date) == (
        "expiry",
        "membership",
        day("2027-01-20"),
    )
    assert text_of(mortal, "lapsed") == "$64.00 that was not spent is lost, $20.00 of it a bonus."
    assert_well()


def test_what_is_spent_until_the_end_is_not_lost(mortal):
    canceled(mortal, "2027-01-20")
    spent(mortal, 110, "2027-02-10")
    assert renewed("2027-02-15").ended == 1
    assert books() == {"cash": 10000, "goodwill": 1000, "income": -11000}
    assert text_of(mortal, "lapsed") == "$10.00 that was not spent is lost, $10.00 of it a bonus."
    assert_well()


def test_a_page_that_shows_less_lost_than_it_would_be_is_refused(mortal):
    with on("2027-01-20"):
        quote = cancel_quote(mortal, at_once=True, on=today_of(mortal))
    spent(mortal, 20, "2027-01-21")
    with pytest.raises(Refused, match="has changed since the page was loaded"):
        canceled(mortal, "2027-01-22", at_once=True, seen=quote.stamp)
    assert fresh(mortal).status == "active"


def test_nothing_left_is_nothing_lost(mortal):
    spent(mortal, 120, "2027-01-18")
    with on("2027-01-20"):
        quote = cancel_quote(mortal, at_once=True, on=today_of(mortal))
    assert (quote.lost, len(quote.lines)) == (dollars(0), 2)
    canceled(mortal, "2027-01-20", at_once=True)
    assert kinds(mortal)[-1] == "ended"
    assert not Entry.objects.filter(key__endswith=":lapse").exists()


def test_what_a_refund_brings_back_after_the_end_stays(mortal):
    """$50.00 was spent; refunded after the end it is the client's again."""
    order = spent(mortal, 50, "2027-01-18")
    canceled(mortal, "2027-01-20", at_once=True)
    with on("2027-01-25"):
        desk = make_desk("Olivia")
        refund_lines(
            order=order,
            amounts={order.lines.get(): dollars(50)},
            destinations={},
            desk=desk,
            uuid=uuid.uuid4(),
        )
        assert has(mortal.client, desk).available == dollars(50)
    assert renewed("2027-03-01").ended == 0
    assert has(mortal.client, make_desk("Olivia")).available == dollars(50)
    assert_well()


def test_what_is_held_for_a_visit_stays_with_it(mortal):
    """$30.00 of the $100.00 that was paid is held for a visit; released later, it is hers."""
    with on("2027-01-18"):
        desk, lot = make_desk("Olivia"), Lot.objects.get(is_paid=True)
        visit = make_appointment(mortal.client, starts_at=noon(day("2027-02-01")))
        held = Open(accounts.credit_of(mortal.client), 3000, Terms(visit=visit.pk), parent=lot.pk)
        act(desk, Take(lot.pk, 3000), held, kind=EntryKind.LOT_CHANGE)
    with on("2027-01-20"):
        quote = cancel_quote(mortal, at_once=True, on=today_of(mortal))
    assert quote.lost == dollars(90)
    assert quote.lines[3] == "$30.00 is held for a visit and stays with it."
    canceled(mortal, "2027-01-20", at_once=True)
    with on("2027-01-21"):
        desk = make_desk("Olivia")
        assert (has(mortal.client, desk).held, has(mortal.client, desk).available) == (
            dollars(30),
            dollars(0),
        )
        lots = Lot.objects.filter(appointment=visit).select_related("account")
        with transaction.atomic():
            release(lots=lots, desk=desk, key="test:release", reason="not coming")
        assert has(mortal.client, desk).available == dollars(30)
    assert_well()


def test_each_periods_money_goes_by_the_terms_that_it_was_added_by(processor, payer):
    """Gold's money stays; Silver's, from Feb 15 on, does not."""
    silver = make_plan("Silver", 80, 90, stays=False)
    with on("2027-01-20"):
        change_next(membership=payer, plan=silver, desk=make_desk("Olivia"))
    renewed("2027-02-15")
    with on("2027-02-16"):
        quote = cancel_quote(fresh(payer), at_once=True, on=today_of(payer))
    assert quote.lost == dollars(90)
    canceled(payer, "2027-02-16", at_once=True)
    assert has(payer.client, make_desk("Olivia")).available == dollars(120)
    assert_well()


def test_what_a_difference_added_is_lost_too(processor, mortal):
    with on("2027-01-20"):
        upgraded(mortal, make_plan("Platinum", 150, 190, stays=False))
        quote = cancel_quote(fresh(mortal), at_once=True, on=today_of(mortal))
    assert quote.lost == dollars(190)


def test_what_expires_before_the_end_is_not_lost_by_it(processor):
    payer = make_payer(processor, make_plan(stays=False, lasts_days=10))
    with on("2027-01-20"):
        assert cancel_quote(payer, at_once=True, on=today_of(payer)).lost == dollars(120)
        assert cancel_quote(payer, at_once=False, on=today_of(payer)).lost == dollars(0)


# --- Who may ----------------------------------------------------------------------------------


@pytest.fixture
def bound(processor) -> Membership:
    """Three paid months at least: until Apr 15."""
    return make_payer(processor, make_plan(minimum_periods=3))


def test_before_the_minimum_term_is_over_it_takes_a_manager(bound):
    for at_once in (True, False):
        with pytest.raises(Refused, match="minimum term lasts until Apr 15, 2027, and your role"):
            canceled(bound, "2027-01-20", at_once=at_once, who="Jo")
    with on("2027-01-20"):
        quote = cancel_quote(bound, at_once=False, on=today_of(bound))
    assert "That is before its minimum term is over, on Apr 15, 2027." in quote.lines
    assert canceled(bound, "2027-01-20", who="Marcus").ends_on == day("2027-02-15")


def test_the_front_desk_cancels_to_its_last_day(bound):
    renewed("2027-02-15")
    renewed("2027-03-15")
    with pytest.raises(Refused, match="minimum term"):
        canceled(bound, "2027-03-20", at_once=True, who="Jo")
    assert canceled(bound, "2027-03-20", who="Jo").ends_on == day("2027-04-15")


def test_letting_go_what_is_owed_takes_a_manager(processor):
    payer = make_payer(processor, number=DECLINED_LATER)
    renewed("2027-02-15")
    with pytest.raises(Refused, match="A charge is owed, and your role may not let it go"):
        canceled(payer, "2027-02-16", who="Jo")


def test_who_may_not_manage_memberships_cancels_and_keeps_none(payer):
    with pytest.raises(Refused, match="Your role may not cancel memberships"):
        canceled(payer, "2027-01-20", who="Maya")
    canceled(payer, "2027-01-20", who="Jo")
    with pytest.raises(Refused, match="Your role may not cancel memberships"):
        kept(payer, "2027-01-21", who="Maya")


def by_client(membership: Membership, when: str, *, at_once: bool = False) -> Membership:
    return canceled(membership, when, at_once=at_once, who=None, by_client=True)


def test_a_client_cancels_to_the_end_and_takes_it_back(payer):
    row = by_client(payer, "2027-01-20")
    assert row.ends_on == day("2027-02-15")
    assert text_of(payer, "canceled").startswith("Canceled by the client, to Feb 15, 2027")
    row = kept(payer, "2027-01-21", None, by_client=True)
    assert (row.ends_on, row.next_charge_on) == (None, day("2027-02-15"))
    assert text_of(payer, "kept") == (
        "The cancellation was taken back by the client; the next charge is on Feb 15, 2027."
    )


def test_a_client_never_ends_it_at_once_nor_early(bound):
    with pytest.raises(Refused, match=r"This cannot be done online. Please ask the salon."):
        by_client(bound, "2027-01-20", at_once=True)
    with pytest.raises(Refused, match=r"and this would end before it. Please ask the salon."):
        by_client(bound, "2027-01-20")


def test_a_client_who_owes_a_charge_pays_it_first(processor):
    payer = make_payer(processor, number=DECLINED_LATER)
    renewed("2027-02-15")
    with pytest.raises(Refused, match=r"A charge is still owed. Pay it first."):
        by_client(payer, "2027-02-16")


def test_where_the_owner_lets_no_client_cancel(payer):
    set_memberships(clients_cancel=False)
    with pytest.raises(Refused, match="This cannot be done online"):
        by_client(payer, "2027-01-20")
    canceled(payer, "2027-01-20")
    with pytest.raises(Refused, match="This cannot be done online"):
        kept(payer, "2027-01-21", None, by_client=True)


def test_a_quote_costs_so_many_queries_however_long_it_has_been(
    mortal, django_assert_max_num_queries
):
    for month in ("02", "03", "04"):
        renewed(f"2027-{month}-15")
    row = Membership.objects.select_related("client", "plan", "location", "card").get(pk=mortal.pk)
    with on("2027-04-20"):
        for at_once in (True, False):
            with django_assert_max_num_queries(4):
                assert cancel_quote(row, at_once=at_once, on=today_of(row)).lost == dollars(480)
