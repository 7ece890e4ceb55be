"""The deposit's part of the sheets, the page to decide by hand, and what happens to fees there."""

import re
import uuid

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from deposits.fees.charging import charge_fee
from deposits.models import Decision, Fee
from tests.checkout.helpers import has
from tests.deposits.money import (
    answers,
    by_hand,
    held,
    in_days,
    make_visit,
    policy,
    take_deposit,
    wish,
)
from tests.factories import (
    dollars,
    make_appointment,
    make_browser,
)
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db


@pytest.fixture
def soon(clara):
    """Within the 24 hours in which canceling is late."""
    return make_appointment(clara, starts_at=in_days(0, hours=5))


def decide_url(visit) -> str:
    return reverse("deposits:decide", args=[visit.uuid])


def sheet(browser, visit, kind="client") -> str:
    url = reverse("appointments:cancel", args=[visit.uuid])
    return browser.get(url, {"kind": kind}).content.decode()


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def checked(html: str) -> str:
    """The choice that is preselected."""
    [found] = re.findall(r'name="fate-how" value="(\w+)"[^>]* checked', html)
    return found


# --- The sheet -----------------------------------------------------------------------------------


def test_the_cancel_sheet_asks_what_becomes_of_the_deposit(desk, clara, visit):
    take_deposit(visit, 30, desk)
    make_visit(clara, 9)
    html = sheet(make_browser("Olivia"), visit)
    assert checked(html) == "kept"
    said = words(html)
    for part in (
        "$30.00 held for this visit", "Canceled in time: kept as account balance.",
        "Keep $30.00 as account balance Policy", "Move $30.00 to another visit",
        "Refund $30.00 to the card", "by hand", "Forfeit $30.00", "Split it",
        "Tell Clara Nuñez by e-mail", "You get $30.00 back as account credit.",
    ):  # fmt: skip
        assert part in said


def test_nothing_is_asked_where_nothing_is_held(desk, visit):
    assert "data-fates" not in sheet(make_browser("Olivia"), visit)


def test_the_policys_split_is_filled_in(desk, clara, soon):
    policy(late_fee_kind="amount", late_fee_amount=15)
    take_deposit(soon, 35, desk)
    html = sheet(make_browser("Olivia"), soon, "late")
    assert checked(html) == "split"
    assert re.search(r'name="fate-forfeited" value="15\.00"', html)
    assert re.search(r'name="fate-kept" value="20\.00"', html)
    assert re.search(r'name="fate-fee" value="15\.00"', html)
    assert "$15.00 forfeited, $20.00 kept as account balance." in words(html)


def test_who_may_not_refund_sees_why_and_the_next_best_is_chosen(desk, visit):
    policy(on_time_fate="refunded")
    take_deposit(visit, 30, desk)
    html = sheet(make_browser("Jo"), visit)
    assert checked(html) == "kept"
    assert "Your role may not refund. Ask a manager or an owner." in words(html)
    assert checked(sheet(make_browser("Olivia"), visit)) == "refunded"


def test_canceling_from_the_sheet_does_what_was_chosen_and_tells_the_client(desk, clara, visit):
    take_deposit(visit, 30, desk)
    url = reverse("appointments:cancel", args=[visit.uuid])
    told = {"fate-tell": "on", "fate-told": "You get $30.00 back as account credit."}
    make_browser("Olivia").post(url, {"reason": "client", **answers(visit, "forfeited"), **told})
    decision = Decision.objects.get()
    assert decision.fates.get().kind == "forfeited"
    # The words that the sheet proposed were those of its own choice.
    assert decision.told == "$30.00 is kept."
    assert_well()


def test_words_of_the_desks_own_are_kept(desk, clara, visit):
    take_deposit(visit, 30, desk)
    url = reverse("appointments:cancel", args=[visit.uuid])
    told = {"fate-tell": "on", "fate-told": "See you in May."}
    make_browser("Olivia").post(url, {"reason": "client", **answers(visit, "kept"), **told})
    assert Decision.objects.get().told == "See you in May."


def test_what_was_typed_is_kept_where_the_parts_do_not_add_up(desk, visit):
    take_deposit(visit, 30, desk)
    url = reverse("appointments:cancel", args=[visit.uuid])
    given = answers(visit, "split", kept="10.00", forfeited="5.00")
    answer = make_browser("Olivia").post(url, {"reason": "client", **given})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert checked(html) == "split"
    assert re.search(r'name="fate-kept" value="10\.00"', html)
    assert "The parts make $15.00, and $30.00 is held for this visit." in words(html)
    assert held(visit) == "$30.00"


# --- By hand -------------------------------------------------------------------------------------


def test_a_deposit_is_decided_by_hand_and_taken_back(desk, clara, visit):
    take_deposit(visit, 30, desk)
    browser = make_browser("Olivia")
    page = browser.get(decide_url(visit))
    assert page.status_code == 200
    done = browser.post(decide_url(visit), answers(visit, "kept", reason="Moved away"), follow=True)
    said = words(done.content.decode())
    assert "$30.00 is account balance now." in said
    assert "Moved away" in said
    assert has(clara, desk).available == dollars(30)
    fate = Decision.objects.get().fates.get()
    undone = browser.post(reverse("deposits:undo_fate", args=[fate.uuid]), follow=True)
    assert "$30.00 is held for the visit again." in words(undone.content.decode())
    assert held(visit) == "$30.00"


def test_a_refused_decision_shows_the_page_again(desk, visit):
    take_deposit(visit, 30, desk)
    answer = make_browser("Jo").post(decide_url(visit), answers(visit, "refunded"))
    assert answer.status_code == 422
    assert "Your role may not refund a deposit to the card" in words(answer.content.decode())


def test_no_fee_is_charged_by_hand(desk, soon):
    policy(no_show_fee_kind="amount", no_show_fee_amount=15)
    take_deposit(soon, 30, desk)
    type(soon).objects.update(status="no_show")
    html = make_browser("Olivia").get(decide_url(soon)).content.decode()
    assert checked(html) == "split"
    assert "fate-fee" not in html


def test_the_page_needs_its_permission_and_a_visit(desk, visit):
    assert make_browser("Maya").get(decide_url(visit)).status_code == 403
    url = reverse("deposits:decide", args=[uuid.uuid4()])
    assert make_browser("Olivia").get(url).status_code == 404
    assert make_browser("Olivia").get(decide_url(visit)).status_code == 200


def test_the_page_takes_a_fixed_number_of_queries(
    desk, clara, visit, django_assert_max_num_queries
):
    for _ in range(3):
        take_deposit(visit, 30, desk)
    by_hand(visit, desk, wish("kept", 40), wish("forfeited", 50))
    take_deposit(visit, 20, desk)
    browser = make_browser("Olivia")
    with django_assert_max_num_queries(45):
        browser.get(decide_url(visit))


def test_fees_are_collected_taken_or_waived_on_the_page(desk, visit):
    fee = charge_fee(
        visit=visit, occasion="late", amount=dollars(20), from_deposit=dollars(0), desk=desk,
        uuid=uuid.uuid4(),
    )  # fmt: skip
    browser = make_browser("Marcus")
    html = words(browser.get(decide_url(visit)).content.decode())
    assert "Charge $20.00 to the card on file" in html
    asked = browser.post(reverse("deposits:collect_fee", args=[fee.uuid]), follow=True)
    assert "Nothing was charged." in words(asked.content.decode())
    sale = browser.post(reverse("deposits:take_fee", args=[fee.uuid]))
    assert sale.url == reverse("checkout:order", args=[Fee.objects.get().order.uuid])
    Fee.objects.update(order=None)
    browser.post(reverse("deposits:waive_fee", args=[fee.uuid]), {"reason": "She called"})
    assert Fee.objects.get().status == "waived"
    assert make_browser("Jo").post(
        reverse("deposits:waive_fee", args=[fee.uuid]), {"reason": "x"}
    ).status_code == 403  # fmt: skip


# --- Behind the pages ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "attack",
    [
        "update deposits_decision set held = 1",
        "delete from deposits_decision",
        "update deposits_fate set amount = 1",
        "update deposits_fate set kind = 'kept', undone_at = now()",
        "delete from deposits_fate",
        "truncate deposits_decision cascade",
        "delete from deposits_fate_refunds",
    ],
)
def test_what_was_decided_is_not_changed_behind_the_programs_back(desk, visit, attack):
    take_deposit(visit, 30, desk)
    by_hand(visit, desk, wish("forfeited", 20), wish("refunded", 10))
    refused = pytest.raises(DatabaseError, match=r"append-only|permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)
