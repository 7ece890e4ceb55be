"""Paying providers: what is payable, by hand and by transfer, and the pages that show it."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cards.models import Transfer
from checkout.closing import close_order
from checkout.errors import Refused
from checkout.models import CashMovement
from checkout.providers.earned import month, statement
from checkout.providers.paying import ask_again, mark_paid, transfer_now
from checkout.providers.payments import payments_of
from checkout.providers.standing import providers, standings
from checkout.tills.moving import pay_in
from ledger import accounts
from ledger.models import Posting
from salon.models import MerchantAccount
from tests.checkout.charges.going_back import (
    by_card,
    owed,
    refund_each,
    sold,
    theo_of_his_own,
    transfers,
    with_theo,
)
from tests.checkout.helpers import books, pay
from tests.checkout.reading import plain, says, told
from tests.factories import (
    dollars,
    make_browser,
    make_client,
    make_credit,
    make_desk,
    make_merchant_account,
    make_staff,
    make_tax_rate,
)
from tests.harness.at_once import at_once
from tests.ledger.books import assert_well


@pytest.fixture
def desk(committing_db, processor):
    return make_desk("Olivia")


@pytest.fixture
def clara(desk):
    clara = make_client("Clara Nuñez")
    make_credit(clara, 500)
    return clara


@pytest.fixture
def earned(processor, desk, clara, account):
    """Clara's credit paid Theo $100.00, so that all of it is payable."""
    return by_credit(desk, clara)


def by_credit(desk, clara, price=100):
    order = with_theo(desk, clara, price, 0)
    pay(order, "credits", price, desk)
    return close_order(order=order, desk=desk)


def paid(account, amount, desk, how="bank", **more):
    values = {"uuid": uuid.uuid4(), **more}
    return mark_paid(account=account, amount=dollars(amount), how=how, desk=desk, **values)


def transferred(account, amount, desk, **more):
    values = {"uuid": uuid.uuid4(), **more}
    return transfer_now(account=account, amount=dollars(amount), desk=desk, **values)


def standing(account, desk):
    (row,) = standings([account], desk.business_date)
    return str(row.payable), str(row.on_its_way), str(row.paid)


# --- Paying ---------------------------------------------------------------------------------------


def test_what_the_house_held_is_payable_and_paid_by_hand(desk, account, earned):
    assert standing(account, desk) == ("$100.00", "$0.00", "$0.00")
    paid(account, 60, desk, note="No. 4711")
    assert standing(account, desk) == ("$40.00", "$0.00", "$60.00")
    assert books()["bank"] == -6000
    assert_well()


def test_cash_comes_from_this_desk_s_till_and_never_more_than_is_in_it(desk, account, earned):
    with pytest.raises(Refused, match=r"holds \$0\.00\. Nothing was paid"):
        paid(account, 60, desk, how="cash")
    pay_in(till=desk.till, amount=dollars(80), desk=desk, uuid=uuid.uuid4(), reason="Float")
    paid(account, 60, desk, how="cash")
    assert books()["cash"] == 2000
    assert CashMovement.objects.count() == 1
    assert_well()


def test_another_way_says_which(desk, account, earned):
    with pytest.raises(Refused, match="Say how it was paid"):
        paid(account, 60, desk, how="other")
    assert paid(account, 60, desk, how="other", note="Rent").note == "Rent"
    assert_well()


def test_never_more_than_is_payable(desk, account, earned):
    for act in (paid, transferred):
        with pytest.raises(Refused, match=r"is owed \$100\.00 now"):
            act(account, "100.01", desk)
    assert transfers() == []


@pytest.mark.parametrize("amount", ["0", "-5"])
def test_nothing_below_a_cent_is_paid(desk, account, earned, amount):
    for act in (paid, transferred):
        with pytest.raises(Refused, match="above zero"):
            act(account, amount, desk)


def test_the_same_form_pays_once_and_never_another_amount(desk, account, earned):
    name = uuid.uuid4()
    assert paid(account, 60, desk, uuid=name) == paid(account, 60, desk, uuid=name)
    with pytest.raises(Refused, match="already used for another payment"):
        paid(account, 40, desk, uuid=name)
    assert owed(account) == 4000
    assert_well()


def test_two_hands_pay_what_is_there_once(processor, desk, account, earned):
    sold(processor, desk, amount=150)
    at_once(lambda: paid(account, 100, desk), lambda: transferred(account, 100, desk))
    assert owed(account) == 0
    assert len(transfers()) == 1
    assert_well()


def test_who_may_not_pay_providers_pays_nothing(desk, account, earned):
    jo = make_desk("Jo")
    for act in (paid, transferred):
        with pytest.raises(Refused, match="Your role may not pay providers"):
            act(account, 10, jo)


def test_what_credit_paid_is_transferred_when_somebody_says_so(processor, desk, account, earned):
    sold(processor, desk, amount=150)
    transferred(account, 100, desk)
    assert transfers() == [("100.00", "done")]
    assert standing(account, desk) == ("$0.00", "$0.00", "$100.00")
    assert_well()


def test_who_is_not_connected_is_paid_by_hand(processor, desk, clara):
    account = theo_of_his_own(processor_account="")
    by_credit(desk, clara)
    with pytest.raises(Refused, match="has no account at the card processor"):
        transferred(account, 10, desk)
    assert_well()


def test_a_refused_transfer_is_payable_again_and_asked_anew_once(processor, desk, account, earned):
    refused = transferred(account, 100, desk)
    refused.refresh_from_db()
    assert refused.status == "refused"  # There is nothing at the processor yet.
    assert refused.failure
    assert standing(account, desk)[0] == "$100.00"
    sold(processor, desk, amount=150)
    paid(account, 30, desk)
    again = ask_again(transfer=refused, desk=desk)
    assert ask_again(transfer=refused, desk=desk) == again
    # No more than is payable by now.
    assert transfers(by_hand="") == [("100.00", "refused"), ("70.00", "done")]
    assert owed(account) == 0
    with pytest.raises(Refused, match="did not refuse"):
        ask_again(transfer=again, desk=desk)
    assert_well()


def test_with_nothing_payable_it_is_not_asked_anew(desk, account, earned):
    refused = transferred(account, 100, desk)
    paid(account, 100, desk)
    with pytest.raises(Refused, match="is owed nothing now"):
        ask_again(transfer=refused, desk=desk)


def test_on_its_way_is_not_payable(processor, desk, account, earned):
    with processor.down():
        transferred(account, 70, desk)
        assert standing(account, desk) == ("$30.00", "$70.00", "$0.00")
        with pytest.raises(Refused, match=r"is owed \$30\.00 now"):
            paid(account, 31, desk)
    assert_well()


def test_who_owes_the_house_owes_it(desk, account, earned):
    paid(account, 100, desk)
    refund_each(earned, desk, service=25)
    (row,) = standings([account], desk.business_date)
    assert (str(row.owes), str(row.payable)) == ("$25.00", "-$25.00")
    with pytest.raises(Refused, match=r"is owed \$0\.00 now"):
        paid(account, 1, desk)
    assert_well()


# --- Where it comes from --------------------------------------------------------------------------


def test_the_statement_tells_sales_refunds_and_payments_with_the_balance_after_each(
    processor, desk, clara, account
):
    order = with_theo(desk, clara, 100, 18, make_tax_rate("10"))
    pay(order, "credits", 60, desk)
    by_card(processor, order, 68, desk)
    close_order(order=order, desk=desk)
    refund_each(order, desk, service=11)
    paid(account, 20, desk, note="No. 4711")
    rows = statement(account).rows
    # The refund takes 10.00 from him, and 4.55 of the share comes back.
    assert [(str(row.amount), str(row.balance)) for row in rows] == [
        ("-$20.00", "$29.10"),
        ("$4.55", "$49.10"),
        ("-$10.00", "$44.55"),
        ("-$63.45", "$54.55"),
        ("$118.00", "$118.00"),
    ]
    told = [(row.what, row.lines, row.paid_by) for row in rows]
    number = order.number
    assert told[0] == ("Bank transfer", "No. 4711", "")
    assert told[1][0] == "Taken back"
    assert told[2][0] == f"Refund {order.refunds.get().number}, Clara Nuñez"
    assert told[3] == ("Transfer", f"Sale #{number}", "")
    assert told[4] == (
        f"Sale #{number}, Clara Nuñez",
        "Theo at 100, Tip for Theo",
        "Applied Account Debit $54.55, Visa •••• 4242 $63.45",
    )
    assert_well()


def test_it_goes_on_by_pages_and_costs_the_same_with_more(desk, clara, account, monkeypatch):
    monkeypatch.setattr("checkout.providers.earned.PAGE", 2)
    by_credit(desk, clara, 10)
    with CaptureQueriesContext(connection) as few:
        statement(account)
    for price in (20, 30, 40):
        by_credit(desk, clara, price)
    with CaptureQueriesContext(connection) as many:
        first = statement(account)
    assert len(many) == len(few)
    assert [str(row.balance) for row in first.rows] == ["$100.00", "$60.00"]
    second = statement(account, first.older)
    assert [str(row.balance) for row in second.rows] == ["$30.00", "$10.00"]
    assert second.older is None


def test_a_month_begins_with_what_was_owed_before(desk, account, earned):
    entry = Posting.objects.filter(account__name=accounts.provider(account)).get().entry
    this = month(account, entry.business_date.replace(day=1))
    assert [str(it) for it in (this.opening, this.closing)] == ["$0.00", "$100.00"]
    following = month(account, this.end + dt.timedelta(days=1))
    assert ([str(it) for it in (following.opening, following.closing)], following.rows) == (
        ["$100.00", "$100.00"],
        [],
    )


# --- Pages ----------------------------------------------------------------------------------------


@pytest.fixture
def web(desk):
    return make_browser("Marcus")


def url(account, act=""):
    return f"/manage/providers/{account.pk}/{act}"


def test_the_list_says_what_each_is_owed_and_costs_the_same_with_more(web, desk, account, earned):
    with CaptureQueriesContext(connection) as few:
        text = says(web.get("/manage/providers/"))
    assert "$100.00 waits to be paid" in text
    for name in ("Ana", "Kim"):
        other = make_merchant_account(name)
        make_staff(name, merchant_account=other)
    with CaptureQueriesContext(connection) as many:
        text = says(web.get("/manage/providers/"))
    assert "Ana" in text
    assert len(many) == len(few)
    assert str(MerchantAccount.objects.get(is_house=True)) not in [str(it) for it in providers()]


def test_manage_leads_there_and_so_does_the_search(web, account):
    assert 'href="/manage/providers/"' in web.get("/manage/services/").text
    assert "/manage/providers/" in web.get("/search/", {"q": "payable"}).text


def test_front_desk_may_not_look(desk, account, earned):
    jo = make_browser("Jo")
    payment = paid(account, 10, desk)
    for address in (
        "/manage/providers/",
        url(account),
        url(account, "statement/"),
        f"/manage/providers/payments/{payment.uuid}/",
    ):
        assert jo.get(address).status_code == 403
    for act in ("pay/", "transfer/"):
        assert jo.post(url(account, act), {}).status_code == 403
    assert jo.post(f"/manage/providers/payments/{payment.uuid}/again/").status_code == 403
    assert len(transfers()) == 1


def test_mark_as_paid_on_the_page(web, desk, account, earned):
    page = web.get(url(account)).text
    assert 'value="100.00"' in page
    form = {"hand-uuid": uuid.uuid4(), "hand-amount": "60", "hand-how": "bank", "hand-note": "7"}
    assert "$60.00 was paid to Theo." in told(web.post(url(account, "pay/"), form))
    web.post(url(account, "pay/"), form)
    assert owed(account) == 4000
    assert "Bank transfer" in plain(web.get(url(account)).text)


def test_what_is_refused_is_told_beside_it_and_nothing_is_lost(web, account, earned):
    form = {"hand-uuid": uuid.uuid4(), "hand-amount": "160", "hand-how": "bank", "hand-note": "7"}
    answer = web.post(url(account, "pay/"), form)
    assert answer.status_code == 409
    assert "is owed $100.00 now" in answer.text
    assert 'value="160"' in answer.text
    assert transfers() == []


def test_transfer_now_tells_how_it_ended(processor, web, desk, account, earned):
    form = {"transfer-uuid": uuid.uuid4(), "transfer-amount": "100"}
    text = told(web.post(url(account, "transfer/"), form))
    assert "$100.00 was not transferred to Theo." in text
    refused = Transfer.objects.get()
    assert refused.failure in text
    sold(processor, desk, amount=150)
    text = told(web.post(f"/manage/providers/payments/{refused.uuid}/again/"))
    assert "$100.00 was transferred to Theo." in text
    assert not payments_of(account).payments[1].may_ask


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"hand-uuid": "x", "hand-amount": "1", "hand-how": "bank"},
        {"hand-uuid": str(uuid.uuid4()), "hand-amount": "-1", "hand-how": "bank"},
        {"hand-uuid": str(uuid.uuid4()), "hand-amount": "1", "hand-how": "pocket"},
        {"hand-uuid": str(uuid.uuid4()), "hand-amount": "1e2", "hand-how": "bank"},
        {
            "hand-uuid": str(uuid.uuid4()),
            "hand-amount": "1",
            "hand-how": "bank",
            "hand-note": "x" * 241,
        },
    ],
)
def test_what_no_form_would_send_pays_nothing(web, account, earned, data):
    assert web.post(url(account, "pay/"), data).status_code == 422
    assert transfers() == []


def test_the_house_has_no_page_and_a_month_that_is_none_neither(web, account):
    house = MerchantAccount.objects.get(is_house=True)
    assert web.get(url(house)).status_code == 404
    for text in ("moon", "2026-13", "0001-01", "9999-12"):
        assert web.get(url(account, "statement/"), {"month": text}).status_code == 404
    assert web.get(url(account), {"before": "moon", "payments": "-1"}).status_code == 200


def test_a_payment_and_a_month_are_printed(web, desk, account, earned):
    payment = paid(account, 60, desk, note="No. 4711")
    slip = says(web.get(f"/manage/providers/payments/{payment.uuid}/"))
    for words in ("Payment to Theo", "$60.00", "Bank transfer", "No. 4711", "Received"):
        assert words in slip
    page = says(web.get(url(account, "statement/")))
    assert f"Sale #{earned.number}, Clara Nuñez" in page
    assert "Paid by Applied Account Debit" in page
