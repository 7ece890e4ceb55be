"""The day's close: what its page says of a day, and that a press seals it."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checkout.closing import close_order
from checkout.lines import add_product
from checkout.opening import open_order
from checkout.refunding import refund_tender
from checkout.tender_kinds import CASH
from checkout.tills.closing import close_till
from checkout.tills.opening import open_till
from ledger.models import Entry, Seal
from ledger.sealing import SealRefused, seal_day
from reports.day_ties import ties
from tests.checkout.helpers import pay, sell_credit
from tests.checkout.reading import says
from tests.factories import (
    dollars,
    make_browser,
    make_client,
    make_credit,
    make_desk,
    make_location,
    make_product,
)
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db
URL = "/reports/day/"
FRIDAY = dt.date(2026, 11, 20)
SATURDAY = dt.date(2026, 11, 21)
SUNDAY = dt.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def travel():
    with time_machine.travel(at(SATURDAY), tick=False) as traveller:
        yield lambda day: traveller.move_to(at(day))


def at(day: dt.date) -> dt.datetime:
    """Ten in the morning in New York."""
    return dt.datetime.combine(day, dt.time(15), tzinfo=dt.UTC)


@pytest.fixture
def open_drawer():
    desk = make_desk("Olivia")
    return open_till(till=desk.till, counted=dollars(100), desk=desk, uuid=uuid.uuid4())


def live_saturday() -> None:
    """Clara pays $50.00 in advance. Ben had $20.00, and buys for $60.00: the rest by card.

    Ines pays $10.00 on a sale that stays open.
    """
    desk, ben = make_desk("Olivia"), make_client("Ben Okafor")
    sell_credit(make_client("Clara Nuñez"), 50, desk)
    make_credit(ben, 20, desk=make_desk("Olivia", at=at(FRIDAY)))
    order = open_order(desk=desk, client=ben)
    add_product(order=order, product=make_product(price=60), desk=desk)
    pay(order, "credits", 20, desk)
    pay(order, "card", 40, desk)
    close_order(order=order, desk=desk)
    waits = open_order(desk=desk, client=make_client("Ines Duarte"))
    add_product(order=waits, product=make_product(price=30), desk=desk)
    pay(waits, "cash", 10, desk)


def count(session, counted, note="") -> None:
    close_till(
        session=session,
        counted=dollars(counted),
        left_in=dollars(100),
        desk=make_desk("Olivia"),
        note=note,
    )


def file_of(table: str, on=SATURDAY) -> list[str]:
    """The table as its file has it, without the heading."""
    answer = make_browser("Olivia").get(URL, {"on": on, "file": table})
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[1:]


def shown(on=SATURDAY, who="Olivia", **more) -> str:
    answer = make_browser(who).get(URL, {"on": on, **more})
    assert answer.status_code == 200
    return says(answer)


def press(who="Marcus", on=SATURDAY, note="", follow=True, **address):
    return make_browser(who).post(
        URL + (f"?location={address['location']}" if address else ""),
        {"on": on, "note": note},
        follow=follow,
    )


# --- The worked example -------------------------------------------------------------------------


def test_a_day_as_its_page_tells_it(open_drawer):
    live_saturday()
    count(open_drawer, 158, note="Gave too much change")
    assert file_of("payments") == [
        "Cash,60.00,60.00,0.00,60.00",
        "Cards,40.00,40.00,0.00,40.00",
        "Credits,20.00,20.00,0.00,20.00",
        "Total,120.00,120.00,0.00,120.00",
    ]
    assert file_of("drawers") == [
        "Front,100.00,160.00,158.00,-2.00,58.00,Gave too much change",
    ]
    assert file_of("sales") == ["Products,60.00,0.00,60.00", "Total,60.00,0.00,60.00"]
    assert file_of("future") == ["Account credit sold,50.00"]
    assert file_of("past") == ["Account credit used,20.00"]
    page = shown()
    assert "On open sales at the end $10.00" in page
    assert "open now. The day can be sealed" in page
    assert [tie for tie in ties(SATURDAY) if not tie.is_well] == []
    assert_well()


def test_refunds_stand_apart():
    desk = make_desk("Olivia")
    order = open_order(desk=desk, client=make_client("Clara Nuñez"))
    add_product(order=order, product=make_product(price=60), desk=desk)
    tender = pay(order, "cash", 60, desk)
    close_order(order=order, desk=desk)
    refund_tender(tender=tender, amount=dollars(15), destination=CASH, desk=desk, uuid=uuid.uuid4())
    assert file_of("payments")[0] == "Cash,60.00,60.00,-15.00,45.00"
    assert file_of("sales")[0] == "Products,60.00,-15.00,45.00"
    assert [tie for tie in ties(SATURDAY) if not tie.is_well] == []


def test_an_empty_day_and_odd_addresses():
    assert "No payment counts for this day" in shown()
    assert "Seal Saturday, Nov 21" in shown(on="nonsense", location="x")
    assert "still to come" in shown(on=SUNDAY)


def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries, open_drawer):
    browser = make_browser("Olivia")
    live_saturday()
    with CaptureQueriesContext(connection) as once:
        browser.get(URL)
    live_saturday()
    with CaptureQueriesContext(connection) as again:
        browser.get(URL)
    assert len(again) == len(once) <= 42


# --- Sealing ------------------------------------------------------------------------------------


def test_a_press_seals_and_the_page_shows_the_digest(open_drawer):
    live_saturday()
    count(open_drawer, 160)
    page = says(press(note="All counted"))
    sealed = Seal.objects.get(business_date=SATURDAY)
    assert "Sat, Nov 21 was sealed by Marcus" in page
    assert bytes(sealed.digest).hex() in page and bytes(sealed.previous.digest).hex() in page
    assert "All counted" in page
    assert "Seal Saturday" not in page


def test_pressed_twice_it_is_sealed_once():
    first, again = press(), press(note="again")
    assert first.redirect_chain == again.redirect_chain
    assert Seal.objects.count() == 1


def test_an_open_till_is_in_the_way_and_says_where_to_go(open_drawer):
    page = shown(who="Marcus")
    assert "Front is still open: count and close it first." in page
    answer = press(note="Kept words")
    assert answer.status_code == 409
    assert "Nothing was sealed" in says(answer) and "Kept words" in answer.content.decode()
    assert not Seal.objects.exists()


def test_what_comes_late_is_named_where_it_counts(travel):
    press()
    travel(SUNDAY)
    late = sell_credit(make_client(), 50, make_desk("Olivia", at=at(SATURDAY)))
    page = shown(on=SUNDAY)
    assert "2 entries of Sat, Nov 21 came after that day was sealed and count here." in page
    assert "No payment counts for this day" in shown()
    assert {entry.business_date for entry in Entry.objects.all()} == {SUNDAY}
    assert late.entry.occurred_at == at(SATURDAY)
    assert [tie for tie in ties(SUNDAY) if not tie.is_well] == []


@pytest.mark.parametrize(
    ("on", "said"), [(SUNDAY, "still to come"), ("", "This field is required"), ("x", "valid date")]
)
def test_a_crafted_day_is_refused(on, said):
    answer = press(on=on)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Seal.objects.exists()


def test_a_note_that_is_too_long_is_kept():
    answer = press(note="x" * 300)
    assert answer.status_code == 422
    assert "x" * 300 in answer.content.decode()


def test_another_location_is_sealed_by_its_address():
    soho = make_location("SoHo")
    press(location=soho.pk)
    assert Seal.objects.get().location == soho


def test_who_may_not_see_or_seal():
    assert make_browser("Jo").get(URL).status_code == 403
    assert make_browser("Jo").post(URL, {"on": SATURDAY}).status_code == 403


def test_who_may_look_and_not_seal_is_told():
    marcus = make_desk("Marcus").staff
    role = marcus.role
    role.permissions.remove(*role.permissions.filter(codename="seal_days"))
    assert "A manager or an owner seals it" in shown(who="Marcus")
    assert press().status_code == 409
    assert not Seal.objects.exists()


def test_a_day_without_entries_before_a_seal_says_so(travel):
    travel(SUNDAY)
    marcus = make_desk("Marcus")
    seal_day(location=marcus.location, on=SUNDAY, desk=marcus)
    assert "A later day is sealed" in shown(on=FRIDAY)
    with pytest.raises(SealRefused):
        seal_day(location=marcus.location, on=FRIDAY, desk=marcus)
