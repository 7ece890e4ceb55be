"""Manage > Tips: who is owed what, paying one or all, slips, undoing; and who may."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checkout.models import TipPayout
from checkout.tip_payouts.owed import balance_of
from salon import clock
from salon.models import BusinessSettings, Till
from tests.checkout.reading import plain, says, told
from tests.checkout.tills.acts import closes, opens
from tests.checkout.tip_payouts.acts import owed, pays, pays_one, refund_tip, tipped, undoes
from tests.factories import make_browser, make_client, make_merchant_account, make_staff
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db


@pytest.fixture
def web(desk):
    return make_browser("Marcus")


@pytest.fixture
def sale(desk, maya, theo):
    """$20.00 for Maya and $10.00 for Theo, by card."""
    clara = make_client("Clara Nuñez")
    return tipped(desk, {maya: 20, theo: 10}, kind="card", client=clara)


def form(how="bank", reference="No. 4711", **more):
    return {"uuid": uuid.uuid4(), "how": how, "reference": reference, **more}


def of(person, act=""):
    return f"/manage/tips/{person.pk}/{act}"


def test_the_list_says_who_is_owed_what_and_costs_the_same_with_more(web, desk, sale):
    with CaptureQueriesContext(connection) as few:
        text = says(web.get("/manage/tips/"))
    assert "$30.00 waits to be paid" in text
    assert "Maya $20.00" in text
    for name in ("Ana", "Kim"):
        tipped(desk, {make_staff(name): 1}, kind="card")
    with CaptureQueriesContext(connection) as many:
        text = says(web.get("/manage/tips/"))
    assert "Ana" in text
    assert len(many) == len(few)


def test_without_tips_it_says_when_there_are_some(web):
    text = says(web.get("/manage/tips/"))
    assert "No tips yet" in text
    assert "Pay tips" not in text


def test_until_the_first_payment_it_says_how_to_note_what_was_handed_out_before(web, maya, sale):
    hint = "Handed out already, before tips were paid here?"
    assert hint in says(web.get("/manage/tips/"))
    web.post("/manage/tips/pay/", form("payroll", "Before the upgrade", people=[f"{maya.pk}:2000"]))
    assert hint not in says(web.get("/manage/tips/"))
    assert owed(maya) == 0
    assert_well()


def test_who_left_with_nothing_owed_is_not_on_it(web, desk, maya, sale):
    maya.is_active = False
    maya.save()
    assert "Left" in says(web.get("/manage/tips/"))


def test_manage_the_search_and_the_reports_lead_there(web):
    assert 'href="/manage/tips/"' in web.get("/manage/services/").text
    assert "/manage/tips/" in web.get("/search/", {"q": "tips"}).text
    assert "/reports/tips/" in web.get("/reports/").text


def test_all_are_paid_at_once_and_each_has_a_slip(web, desk, maya, theo, sale):
    sent = form(people=[f"{maya.pk}:2000", f"{theo.pk}:1000"])
    answer = web.post("/manage/tips/pay/", sent)
    text = says(web.get(answer.url))
    for part in ("Tips of Maya", "Tips of Theo", "No. 4711", "Paid $20.00", "Received ____"):
        assert part in text
    assert f"Sale #{sale.number}, Clara Nuñez" in text
    assert web.post("/manage/tips/pay/", sent).url == answer.url
    assert (owed(maya), owed(theo), TipPayout.objects.count()) == (0, 0, 2)
    assert_well()


def test_one_is_paid_a_part_and_the_page_says_so(web, desk, maya, sale):
    assert 'value="20.00"' in web.get(of(maya)).text
    answer = web.post(of(maya, "pay/"), form(amount="15"))
    assert "$15.00 in tips was paid to Maya." in told(answer)
    text = says(web.get(of(maya)))
    assert "Owed now $5.00" in text
    assert "Paid by bank transfer" in text


def test_cash_leaves_the_drawer_and_its_page_says_for_whom(web, desk, maya, sale):
    opens(desk, 100)
    web.post(of(maya, "pay/"), form("cash", "", amount="20"))
    text = says(web.get("/till/"))
    assert "Expected in the drawer now $80.00" in text
    assert "Tips paid out −$20.00" in text
    assert "Tips paid to Maya" in text


def test_what_is_refused_stays_typed(web, maya, sale):
    answer = web.post(of(maya, "pay/"), form(amount="21"))
    assert answer.status_code == 409
    assert "Maya is owed $20.00 now. Nothing was paid." in says(answer)
    assert 'value="21"' in answer.text
    assert "No. 4711" in answer.text
    answer = web.post(of(maya, "pay/"), form(reference="", amount="20"))
    assert "Say which payroll or transfer it goes with." in says(answer)


def test_what_changed_since_the_page_pays_nobody(web, desk, maya, theo, sale):
    pays_one(desk, theo, 4)
    sent = form(people=[f"{maya.pk}:2000", f"{theo.pk}:1000"])
    answer = web.post("/manage/tips/pay/", sent)
    assert answer.status_code == 409
    assert "Theo is owed $6.00 now. Nothing was paid." in says(answer)
    assert owed(maya) == 2000


@pytest.mark.parametrize(
    "people",
    [[], ["x"], ["1"], ["99999:5"], ["{maya}:0"], ["{maya}:-5"], ["{maya}:5", "{maya}:6"]],
)
def test_crafted_people_pay_nobody(web, maya, sale, people):
    sent = form(people=[each.format(maya=maya.pk) for each in people])
    answer = web.post("/manage/tips/pay/", sent)
    assert answer.status_code in (409, 422)
    assert "Nothing was paid" in says(answer)
    assert TipPayout.objects.count() == 0


@pytest.mark.parametrize(
    "crafted",
    [
        {"uuid": "x"},
        {"uuid": ""},
        {"how": "goodwill"},
        {"how": ""},
        {"amount": "-1"},
        {"amount": "0"},
        {"amount": "1e3"},
        {"amount": "20.001"},
        {"reference": "x" * 241},
    ],
)
def test_crafted_payments_pay_nothing(web, maya, sale, crafted):
    answer = web.post(of(maya, "pay/"), {**form(amount="5"), **crafted})
    assert answer.status_code == 422
    assert TipPayout.objects.count() == 0


def test_front_desk_may_not_look_pay_or_undo(desk, maya, sale):
    jo = make_browser("Jo")
    payout = pays_one(desk, maya, 5)
    for address in ("/manage/tips/", of(maya), f"/manage/tips/slips/{payout.act}/"):
        assert jo.get(address).status_code == 403
    for address in ("/manage/tips/pay/", of(maya, "pay/")):
        assert jo.post(address, form(amount="5")).status_code == 403
    assert jo.post(f"/manage/tips/payouts/{payout.uuid}/undo/").status_code == 403
    assert "/manage/tips/" not in jo.get("/sales/").text
    assert owed(maya) == 1500


def test_what_is_not_there_is_not_found(web, maya):
    assert web.get("/manage/tips/99999/").status_code == 404
    assert web.get(f"/manage/tips/slips/{uuid.uuid4()}/").status_code == 404
    assert web.post(f"/manage/tips/payouts/{uuid.uuid4()}/undo/").status_code == 404
    assert web.get(of(maya, "pay/")).status_code == 405
    assert web.get(of(maya), {"before": "x", "payments": "-1"}).status_code == 200


def test_undone_on_the_page_and_refused_once_the_till_was_counted(web, desk, maya, theo, sale):
    session = opens(desk, 100)
    first, second = pays_one(desk, maya, 5, "cash"), pays_one(desk, maya, 6, "cash")
    url = "/manage/tips/payouts/{}/undo/"
    answer = web.post(url.format(first.uuid))
    assert "$5.00 in tips was not paid to Maya after all." in told(answer)
    assert "Undone: not paid" in says(web.get(f"/manage/tips/slips/{first.act}/"))
    assert "Undone" in says(web.get(of(maya)))
    closes(desk, session, 94, 94)
    assert "was counted since Maya was paid" in told(web.post(url.format(second.uuid)))
    assert owed(maya) == 1400


def test_a_form_from_before_an_undoing_says_that_it_pays_nothing(web, desk, maya, theo, sale):
    """Back, and Pay tips once more: nobody takes it for paid, and hands the money over."""
    one = form(amount="5")
    every = form(people=[f"{maya.pk}:1500", f"{theo.pk}:1000"])
    for address, sent in ((of(maya, "pay/"), one), ("/manage/tips/pay/", every)):
        assert "in tips was paid" in told(web.post(address, sent))
    for payout in TipPayout.objects.filter(staff=maya):
        undoes(payout, desk)
    for address, sent in ((of(maya, "pay/"), one), ("/manage/tips/pay/", every)):
        answer = web.post(address, sent)
        text = told(answer)
        assert "Nothing was paid now. This form had paid Maya, and that was undone since." in text
        assert "in tips was paid" not in text
    assert (owed(maya), owed(theo)) == (2000, 0)


def test_who_owes_the_salon_is_said_so(web, desk, maya, sale):
    pays_one(desk, maya, 20)
    refund_tip(sale, maya, 5, desk)
    assert "Maya owes $5.00" in says(web.get("/manage/tips/"))
    text = says(web.get(of(maya)))
    assert "Owes the salon $5.00" in text
    assert "kept back from their next tips" in text
    assert f"Refund {sale.refunds.get().number}, Clara Nuñez Wrong tip" in text


def test_a_slip_has_what_came_since_the_payment_before(web, desk, maya, sale):
    pays_one(desk, maya, 15)
    second = tipped(desk, {maya: 8}, kind="card")
    (payout,) = pays(desk, {maya: 13})
    text = says(web.get(f"/manage/tips/slips/{payout.act}/"))
    assert "Owed from before $5.00" in text
    assert f"Sale #{second.number}" in text
    assert f"Sale #{sale.number}" not in text
    assert "Owed $13.00 Paid $13.00" in text


def test_a_long_slip_says_what_it_leaves_out(web, desk, maya, sale, monkeypatch):
    monkeypatch.setattr("checkout.tip_payouts.slips.MOST", 1)
    tipped(desk, {maya: 8}, kind="card")
    payout = pays_one(desk, maya, 28)
    assert "Later sales, not listed $8.00" in says(web.get(f"/manage/tips/slips/{payout.act}/"))


def test_the_rows_go_on_by_pages(web, desk, maya, monkeypatch):
    monkeypatch.setattr("checkout.tip_payouts.earned.PAGE", 2)
    for tip in (1, 2, 3):
        tipped(desk, {maya: tip}, kind="card")
    page = web.get(of(maya)).text
    assert "$6.00" in plain(page)
    assert 'rel="next"' in page
    older = page.partition('rel="next" href="')[2].partition('"')[0]
    text = says(web.get(of(maya) + older))
    assert "$1.00 $1.00" in text
    assert "Newest" in text


def test_a_provider_of_their_own_is_pointed_to_providers(web, desk, theo, sale):
    theo.merchant_account = make_merchant_account("Theo")
    theo.save()
    assert "New tips go to their own account" in says(web.get("/manage/tips/"))


def test_the_owner_s_way_is_chosen_at_first_and_cash_only_with_a_till(web, maya, sale):
    BusinessSettings.objects.update(tips_paid="payroll")
    page = web.get(of(maya)).text
    (chosen,) = re.findall(r'<input type="radio"[^>]*checked[^>]*>', page)
    assert 'value="payroll"' in chosen
    Till.objects.update(archived_at=clock.now())
    assert "Cash from" not in plain(make_browser("Marcus").get(of(maya)).text)


def test_who_did_what_and_the_trial_balance_name_it(desk, maya, sale):
    olivia = make_browser("Olivia")
    undoes(pays_one(desk, maya, 20), desk)
    text = says(olivia.get("/reports/audit/"))
    assert "Tips paid out" in text
    assert "Undone: tips paid out" in text
    assert "Tips paid to Maya" in text
    assert balance_of(maya).amount == 20
