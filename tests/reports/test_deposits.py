"""Deposits: how what is held for visits came about, told with the real verbs on several days."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.models import Appointment
from checkout.closing import close_order
from checkout.opening import open_for_visit
from checkout.taking_back import take_back
from clients.merging import Pair, Proposal, merge_clients
from deposits.fates.undoing import undo
from deposits.models import DepositRequest
from deposits.payments.earmarking import earmark
from ledger.kinds import Flow
from reports.deposits import roll_forward, uses
from reports.held_visits import held_on
from reports.views.deposits import ties
from salon import clock
from salon.reporting.periods import Period
from tests.checkout.helpers import pay, sell_credit
from tests.checkout.reading import says
from tests.deposits.money import by_hand, make_visit, one_fate, take_deposit, wish
from tests.deposits.own import NOW
from tests.factories import (
    dollars,
    make_browser,
    make_client,
    make_desk,
    make_location,
    make_role,
    make_staff,
)
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db
URL = "/reports/deposits/"


def day(days: int) -> dt.date:
    """A business day, so many after the first one."""
    return NOW.date() + dt.timedelta(days=days)


@pytest.fixture
def travel():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield lambda days: traveller.move_to(NOW + dt.timedelta(days=days))


@pytest.fixture
def desk(travel):
    return lambda: make_desk("Olivia")


def rolled(first: int, last: int, place=None) -> dict[str, int]:
    """What is not nothing, from the first to the last day."""
    found = roll_forward(Period(day(first), day(last), place))
    figures = {**vars(found), "closing": found.closing}
    return {name: cents for name, cents in figures.items() if cents}


def listed(days: int) -> list[tuple[str, int, bool]]:
    return [(each.client.first_name, each.amount, each.is_ahead) for each in held_on(day(days))]


def assert_ties(*days: int) -> None:
    assert [tie for each in days for tie in ties(day(each)) if not tie.is_well] == []
    assert_well()


def set_aside(visit, amount, desk):
    """A deposit out of the client's balance."""
    request = DepositRequest.objects.create(
        appointment=visit,
        amount=dollars(amount),
        came_from="link",
        asked_at=clock.now(),
        expires_at=visit.starts_at,
        asked_by=desk.staff,
        status=DepositRequest.Status.CONFIRMED,
    )
    earmark(request=request, desk=desk)


# --- Worked examples ------------------------------------------------------------------------------


def test_a_deposit_is_taken_one_day_and_applied_another(travel, desk):
    clara = make_client("Clara Nuñez")
    visit = make_visit(clara, 3)
    take_deposit(visit, 30, desk())
    travel(3)
    order = open_for_visit(appointment=visit, desk=desk())
    pay(order, "card", 55, desk())
    close_order(order=order, desk=desk())
    assert rolled(0, 0) == {"taken": 3000, "closing": 3000}
    assert rolled(0, 3) == {"taken": 3000, "applied": -3000}
    assert rolled(1, 3) == {"opening": 3000, "applied": -3000}
    assert listed(0) == listed(2) == [("Clara", 3000, True)]
    assert listed(3) == []
    (use,) = uses(Period(day(1), day(3)), Flow.USED)
    assert (use.on, use.client_id, use.visit_id, use.is_new, use.amount) == (
        day(3), clara.pk, visit.pk, False, 3000,
    )  # fmt: skip
    assert [use.is_new for use in uses(Period(day(0), day(3)), Flow.USED)] == [True]
    assert_ties(0, 1, 3)


def test_a_payment_that_is_taken_back_holds_it_again(travel, desk):
    visit = make_visit(make_client("Clara Nuñez"), 3)
    take_deposit(visit, 30, desk())
    travel(3)
    order = open_for_visit(appointment=visit, desk=desk())
    pay(order, "card", 10, desk())
    travel(4)
    tender = order.tenders.get(kind="credits")
    take_back(
        tender=tender,
        amount=dollars(30),
        destination="credits",
        desk=desk(),
        uuid=uuid.uuid4(),
    )
    assert rolled(3, 3) == {"opening": 3000, "applied": -3000}
    assert rolled(4, 4) == {"applied": 3000, "closing": 3000}
    assert_ties(2, 3, 4)


def test_each_fate_has_a_line_of_its_own_and_moving_comes_to_nothing(travel, desk):
    clara = make_client("Clara Nuñez")
    visit, other = make_visit(clara, 3), make_visit(clara, 10)
    take_deposit(visit, 100, desk())
    travel(1)
    by_hand(
        visit,
        desk(),
        wish("moved", 40, other),
        wish("kept", 20),
        wish("refunded", 25),
        wish("forfeited", 15),
    )
    assert rolled(1, 1) == {
        "opening": 10000,
        "moved_out": -4000,
        "moved_in": 4000,
        "kept": -2000,
        "refunded": -2500,
        "forfeited": -1500,
        "closing": 4000,
    }
    assert [use.amount for use in uses(Period(day(0), day(1)), Flow.FORFEITED)] == [1500]
    assert listed(0) == [("Clara", 10000, True)]
    assert listed(1) == [("Clara", 4000, True)]
    assert_ties(0, 1)


def test_what_is_undone_counts_back_on_its_own_day(travel, desk):
    clara = make_client("Clara Nuñez")
    visit = make_visit(clara, 5)
    take_deposit(visit, 50, desk())
    decision = by_hand(visit, desk(), wish("kept", 20), wish("forfeited", 30))
    travel(1)
    for kind in ("kept", "forfeited"):
        undo(fate=one_fate(decision, kind), desk=desk())
    assert rolled(0, 0) == {"taken": 5000, "kept": -2000, "forfeited": -3000}
    assert rolled(1, 1) == {"kept": 2000, "forfeited": 3000, "closing": 5000}
    assert rolled(0, 1) == {"taken": 5000, "closing": 5000}
    assert_ties(0, 1)


def test_a_deposit_out_of_the_balance_is_set_aside_and_keeps_its_age(travel, desk):
    clara = make_client("Clara Nuñez")
    sell_credit(clara, 80, desk())
    travel(2)
    visit = make_visit(clara, 3)
    set_aside(visit, 30, desk())
    assert rolled(2, 2) == {"set_aside": 3000, "closing": 3000}
    (held,) = held_on(day(2))
    assert held.since == day(0)
    assert_ties(0, 1, 2)


def test_what_two_clients_have_held_stays_held_when_they_are_merged(travel, desk):
    clara, twin = make_client("Clara Nuñez"), make_client("Clara Nunez")
    take_deposit(make_visit(twin, 3), 30, desk())
    travel(1)
    seen = Proposal(Pair(twin, clara, desk())).stamp
    merge_clients(gone=twin, kept=clara, desk=desk(), seen=seen)
    assert rolled(1, 1) == {
        "opening": 3000, "moved_out": -3000, "moved_in": 3000, "closing": 3000,
    }  # fmt: skip
    assert_ties(0, 1)


def test_a_location_is_where_the_money_was_taken(travel, desk):
    here, there = make_location("Midtown"), make_location("Old Town")
    take_deposit(make_visit(make_client("Clara Nuñez"), 3), 30, desk())
    assert rolled(0, 0, here) == {"taken": 3000, "closing": 3000}
    assert rolled(0, 0, there) == {}
    assert held_on(day(0), there) == []


def test_a_visit_that_is_over_waits_for_a_decision(travel, desk):
    canceled, missed = (make_visit(make_client(name), 3 + at) for at, name in enumerate("AB"))
    for visit in (canceled, missed):
        take_deposit(visit, 30, desk())
    Appointment.objects.filter(pk=canceled.pk).update(status="canceled")
    assert listed(0) == [("A", 3000, False), ("B", 3000, True)]
    travel(9)
    assert [ahead for *_, ahead in listed(9)] == [False, False]
    # As of a day that is past, a visit goes by its day alone.
    assert [ahead for *_, ahead in listed(1)] == [True, True]


# --- The page -------------------------------------------------------------------------------------


def test_the_page_says_what_is_held_and_leads_to_visit_entry_and_sale(travel, desk):
    clara = make_client("Clara Nuñez")
    visit, applied = make_visit(clara, 3), make_visit(clara, 1)
    take_deposit(visit, 30, desk())
    sale = take_deposit(applied, 20, desk())
    travel(1)
    order = open_for_visit(appointment=applied, desk=desk())
    pay(order, "card", 65, desk())
    close_order(order=order, desk=desk())
    browser = make_browser("Olivia")
    page = browser.get(URL, {"start": day(0), "end": day(1)})
    text = says(page)
    assert "Held at the beginning $0.00" in text
    assert "Applied at checkout −$20.00" in text
    assert "Held at the end $30.00" in text
    assert f"Sale #{order.number}" in text
    assert f"Sale #{sale.number}" not in text
    content = page.content.decode()
    assert f"/visits/{visit.uuid}/" in content
    assert "Applied, taken in these days" in content
    assert "Applied, taken earlier" not in content
    assert "Held for visits, day by day" not in content
    longer = browser.get(URL, {"start": day(-200), "end": day(1)})
    assert "Held for visits, day by day $30.00" in says(longer)
    file = browser.get(URL, {"start": day(0), "end": day(1), "file": "ahead"})
    lines = b"".join(file).decode("utf-8-sig").splitlines()
    assert lines[0] == "Client,Visit,Services,Taken,Days held,Held"
    assert lines[1].startswith("Clara Nuñez,")
    assert lines[-1].endswith(",30.00")


def test_the_page_has_the_same_queries_however_much_is_held(travel, desk):
    clara = make_client("Clara Nuñez")
    browser = make_browser("Olivia")
    browser.get(URL)

    def queries(many: int) -> int:
        for _ in range(many):
            visit, other = (make_visit(clara, 1 + Appointment.objects.count()) for _ in "ab")
            for each in (visit, other):
                take_deposit(each, 30, desk())
            by_hand(visit, desk(), wish("forfeited", 20), wish("kept", 10))
        with CaptureQueriesContext(connection) as found:
            assert browser.get(URL).status_code == 200
        return len(found)

    assert queries(1) == queries(3)


def test_with_nothing_held_it_says_so_and_who_may_not_see_reports_does_not(travel, desk):
    browser = make_browser("Olivia")
    assert "Held at the end $0.00" in says(browser.get(URL))
    assert_ties(0)
    make_role("Front desk")
    assert make_browser(make_staff("Jo")).get(URL).status_code == 403


def test_a_file_tells_a_visit_by_a_moment_that_a_spreadsheet_sorts(travel, desk):
    visit = make_visit(make_client("Clara Nuñez"), 3)
    take_deposit(visit, 30, desk())
    asked = {"start": day(0), "end": day(0), "file": "ahead"}
    answer = make_browser("Olivia").get(URL, asked)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    begins = visit.starts_at.astimezone(visit.location.zone)
    assert f"Clara Nuñez,{begins.isoformat(timespec='seconds')}," in text
