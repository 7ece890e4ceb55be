"""What a till refuses, in words; forms that are sent twice; requests that no form would send."""

import datetime as dt
import uuid

import pytest

from checkout.errors import Refused, StaleTill
from checkout.models import CashMovement, TillSession
from checkout.tills.figures import expected_in
from checkout.tills.moving import pay_out
from ledger.models import Entry
from salon.desk import Desk
from salon.models import BusinessSettings
from tests.checkout.helpers import order_with, pay
from tests.checkout.tills.acts import closes, opens, pays_in, pays_out
from tests.factories import dollars, make_desk, make_location, make_staff, make_till
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 20, 17, 0, tzinfo=dt.UTC)


@pytest.fixture
def desk():
    return make_desk("Marcus")


def refusal(act, *args, **kwargs) -> str:
    """What is said; nothing was posted."""
    before = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    assert Entry.objects.count() == before
    return refused.value.message


# --- Opening --------------------------------------------------------------------------------------


def test_a_till_that_is_open_is_not_opened_again_and_says_by_whom_and_when(desk):
    opens(make_desk("Jo", at=desk.at), 100)
    said = refusal(opens, desk, 80)
    assert said.startswith("Front was already opened by Jo at ")
    assert said.endswith("with $100.00 in it. Nothing was opened.")


def test_the_form_sent_twice_opens_once(desk):
    key = uuid.uuid4()
    assert opens(desk, 100, uuid=key) == opens(desk, 100, uuid=key)
    assert TillSession.objects.count() == Entry.objects.count() == 1
    assert "already opened Front with $100.00" in refusal(opens, desk, 90, uuid=key)


def test_a_form_sent_again_after_the_close_answers_with_what_it_opened(desk):
    key = uuid.uuid4()
    session = opens(desk, 100, uuid=key)
    closes(desk, session, 100, 100)
    assert opens(desk, 100, uuid=key) == session
    assert TillSession.objects.count() == 1


@pytest.mark.parametrize(
    ("amount", "said"), [("-1", "without a minus sign"), ("99999999", "more than a till can hold")]
)
def test_no_drawer_holds_less_than_nothing_or_millions(desk, amount, said):
    assert said in refusal(opens, desk, amount)
    session = opens(desk, 100)
    assert said in refusal(closes, desk, session, amount)
    assert said in refusal(closes, desk, session, 100, amount)
    assert said in refusal(pays_in, desk, amount)
    assert said in refusal(pays_out, desk, amount)


def test_an_archived_till_takes_nothing_but_can_still_be_counted(desk):
    session = opens(desk, 100)
    desk.till.archived_at = desk.at
    desk.till.save()
    for act in (opens, pays_in, pays_out):
        assert "Front is no longer used. Choose another till." in refusal(act, desk, 10)
    order = order_with(desk, service=20)
    assert "Front is no longer used" in refusal(pay, order, "cash", 20, desk)
    assert closes(desk, session, 100, 0).closed_at
    assert_well()


def test_another_locations_till_is_refused(desk):
    other = make_desk("Olivia", location=make_location("Old Town"))
    for act in (opens, pays_in, pays_out):
        said = refusal(act, desk, 10, till=other.till)
        assert said.startswith("Front is a till at Old Town. Switch to that location first.")
    session = opens(other, 100)
    assert "is a till at Old Town" in refusal(closes, desk, session, 100)


# --- Who may --------------------------------------------------------------------------------------


def test_the_front_desk_counts_but_moves_no_cash_by_hand(desk):
    jo = make_desk("Jo")
    session = opens(jo, 100)
    assert "Your role may not pay cash in and out of a till" in refusal(pays_out, jo, 10)
    assert "Your role may not pay cash in and out of a till" in refusal(pays_in, jo, 10)
    assert closes(jo, session, 100, 100).closed_by == jo.staff


def test_who_has_no_role_does_nothing_at_a_till(desk):
    maya = make_desk("Maya")
    session = opens(desk, 100)
    assert "may not open a till" in refusal(opens, maya, 100)
    assert "may not count and close a till" in refusal(closes, maya, session, 100)
    nobody = Desk(staff=None, location=desk.location, till=desk.till)
    assert "may not open a till" in refusal(opens, nobody, 100)


# --- Paying in and out ----------------------------------------------------------------------------


def test_no_more_is_paid_out_than_the_till_holds_and_the_figure_is_told(desk):
    opens(desk, 40)
    assert refusal(pays_out, desk, 41) == "Front holds $40.00. Nothing was paid out."
    pays_out(desk, 40)
    assert refusal(pays_out, desk, 1) == "Front holds $0.00. Nothing was paid out."


@pytest.mark.parametrize("reason", ["", "   "])
def test_what_is_spent_needs_a_reason_and_what_goes_to_the_safe_does_not(desk, reason):
    opens(desk, 40)
    assert "Say what it is for. Nothing was paid out." in refusal(pays_out, desk, 5, reason)
    assert "Say what it is for. Nothing was paid in." in refusal(pays_in, desk, 5, reason)
    assert pays_out(desk, 5, reason, to_safe=True).reason == ""
    assert "at most 240 characters" in refusal(pays_out, desk, 5, "x" * 241)


def test_nothing_is_no_amount(desk):
    opens(desk, 40)
    assert "Enter an amount above zero. Nothing was paid out." in refusal(pays_out, desk, 0)


def test_cash_moved_twice_by_one_form_moves_once(desk):
    opens(desk, 40)
    key = uuid.uuid4()
    assert pays_out(desk, 15, uuid=key) == pays_out(desk, 15, uuid=key)
    assert (CashMovement.objects.count(), expected_in(desk.till)) == (1, 2500)
    assert "already used for another amount" in refusal(pays_out, desk, 16, uuid=key)
    assert "already used for another amount" in refusal(pays_in, desk, 15, uuid=key)


def test_without_a_session_cash_can_be_moved_until_the_owner_says_otherwise(desk):
    assert pays_in(desk, 20, "", from_safe=True).session is None
    BusinessSettings.objects.update(cash_needs_open_till=True)
    assert refusal(pays_in, desk, 20) == "Front is not open. Open it first. Nothing was paid in."
    assert pays_in(desk, 20, till=desk.till, uuid=CashMovement.objects.get().uuid, from_safe=True)
    assert_well()


# --- Closing --------------------------------------------------------------------------------------


def test_closing_twice_answers_with_the_closed_one(desk):
    session = opens(desk, 100)
    first = closes(desk, session, 99, 99)
    again = closes(make_desk("Jo"), session, 120, 20)
    assert (again, again.counted, again.closed_by) == (first, dollars(99), desk.staff)
    assert Entry.objects.count() == 2


def test_no_more_stays_in_than_was_counted(desk):
    session = opens(desk, 100)
    assert "Only $90.00 was counted" in refusal(closes, desk, session, 90, 100)


def test_cash_that_came_since_the_count_is_told(desk):
    session = opens(desk, 100)
    pay(order_with(desk, service=40), "cash", 40, desk)
    said = refusal(closes, desk, session, 100, 100, shown=dollars(100))
    assert said.startswith("$40.00 in cash was taken since you counted. Nothing was closed.")
    pays_out(desk, 30)
    with pytest.raises(StaleTill, match=r"\$30\.00 in cash was given out since you counted"):
        closes(desk, session, 140, 100, shown=dollars(140))
    assert closes(desk, session, 110, 100, shown=dollars(110)).over == dollars(0)


def test_an_even_till_that_keeps_all_its_cash_posts_nothing(desk):
    session = opens(desk, 100)
    closed = closes(desk, session, 100, 100)
    assert closed.closing_entry is None
    assert_well()


# --- Cash needs an open till ----------------------------------------------------------------------


def test_cash_waits_for_an_open_till_where_the_owner_says_so(desk):
    BusinessSettings.objects.update(cash_needs_open_till=True)
    order = order_with(desk, service=85)
    said = refusal(pay, order, "cash", 85, desk)
    assert said.startswith("Front is not open, so no cash was taken or given.")
    assert f'<a href="/till/{desk.till.pk}/open/">Open the till</a>' in said
    pay(order, "card", 25, desk)
    opens(desk, 100)
    assert pay(order, "cash", 60, desk).till == desk.till


def test_the_till_of_the_desk_has_to_be_open_not_any(desk):
    BusinessSettings.objects.update(cash_needs_open_till=True)
    opens(desk, 100)
    bar = Desk(
        staff=make_staff("Olivia"),
        location=desk.location,
        till=make_till("<b>Bar", location=desk.location),
    )
    said = refusal(pay, order_with(desk, service=85), "cash", 85, bar)
    assert said.startswith("&lt;b&gt;Bar is not open")


def test_a_crafted_negative_amount_never_reaches_the_ledger(desk):
    opens(desk, 100)
    with pytest.raises(Refused):
        pay_out(
            till=desk.till,
            amount=dollars(-5),
            desk=desk,
            uuid=uuid.uuid4(),
            reason="",
            to_safe=True,
        )
    assert expected_in(desk.till) == 10000
