"""Receipts: what they say, to whom they say it, on paper and by e-mail."""

import datetime as dt
import uuid
from email.utils import parseaddr

import pytest
from django.core import mail
from django.test import Client as Browser
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.asserts import assertNumQueries

from checkout.closing import close_order
from checkout.lines import add_account_credits, add_service
from checkout.models import Refund
from checkout.opening import open_order
from checkout.receipts import receipt_of, refund_receipt_of
from checkout.refunding import refund_lines, refund_tender
from checkout.sale import find_sale
from checkout.sending_receipts import queue_receipt, send_receipt, sent_receipts
from checkout.taking_back import take_back
from checkout.tasks import email_receipt
from checkout.voiding import void_order
from salon.models import BusinessSettings
from salon.outbox import newest_mails
from tests.checkout.helpers import order_with, pay, remaining, sell_credit
from tests.checkout.reading import plain
from tests.factories import (
    dollars,
    make_browser,
    make_client,
    make_credit,
    make_desk,
    make_service,
    make_staff,
    make_tax_rate,
)

pytestmark = pytest.mark.django_db

FRAME = 7
"""Session, person, two for permissions, locations, till, and at the end the settings."""


@pytest.fixture
def desk():
    return make_desk("Marcus")


@pytest.fixture
def web(desk):
    return make_browser(desk.staff)


@pytest.fixture
def order(desk, clara):
    """A cut by Maya with tax and credit for Clara; paid with credit and cash, change due."""
    make_credit(clara, 100)
    order = open_order(desk=desk, client=clara)
    cut = make_service("Cut & finish", 85, tax_rate=make_tax_rate("8.875"))
    maya = make_staff("Maya", location=desk.location)
    add_service(order=order, service=cut, staff=maya, desk=desk)
    add_account_credits(order=order, beneficiary=clara, amount=dollars(50), desk=desk)
    pay(order, "credits", 40, desk)
    pay(order, "cash", remaining(order), desk, cash_given=dollars(120))
    return close_order(order=order, desk=desk)


def receipt(order):
    return receipt_of(find_sale(order.uuid))


def pairs(items):
    return [(item.name, str(item.amount.amount)) for item in items]


def balances(found):
    return [(b.label, b.before, b.after) for b in found.balances]


# --- What it says ---------------------------------------------------------------------------------


def test_a_receipt_names_the_salon_the_place_the_sale_and_who_served(order, desk):
    found = receipt(order)
    BusinessSettings.objects.update(name="Marigold Salon", receipt_note="See you soon.")
    assert receipt(order).business == "Marigold Salon"
    assert receipt(order).foot == "See you soon."
    assert (found.title, found.location) == (f"Sale #{order.number}", desk.location)
    assert found.facts == [("Client", "Clara Nuñez"), ("Served by", "Marcus")]
    assert found.at == order.closed_at


def test_it_lists_lines_taxes_payments_and_the_change(order):
    found = receipt(order)
    assert pairs(found.lines) == [
        ("Cut & finish", "85.00"),
        ("Account Credit - Clara Nuñez", "50.00"),
    ]
    assert found.lines[0].note == "Maya · tax $7.54"
    assert pairs(found.sums) == [("Subtotal", "135.00"), ("Sales tax 8.875 %", "7.54")]
    assert pairs([found.total]) == [("Total", "142.54")]
    assert pairs(found.payments) == [
        ("Applied Account Debit", "40.00"),
        ("Cash", "120.00"),
        ("Change", "-17.46"),
    ]
    assert found.payments[0].note == "Account Credit - Clara Nuñez"


def test_it_tells_the_balance_before_and_after(order):
    assert balances(receipt(order)) == [("Account balance", dollars(100), dollars(110))]


def test_what_a_later_sale_does_to_the_balance_is_not_this_receipts(order, desk, clara):
    later = order_with(desk, clara, service=20)
    pay(later, "credits", 20, desk)
    close_order(order=later, desk=desk)
    assert balances(receipt(order)) == [("Account balance", dollars(100), dollars(110))]
    assert balances(receipt(later)) == [("Account balance", dollars(110), dollars(90))]


def test_a_sale_that_leaves_the_balance_alone_says_none(desk, clara):
    make_credit(clara, 100)
    order = order_with(desk, clara, service=20)
    pay(order, "cash", 20, desk)
    assert receipt(close_order(order=order, desk=desk)).balances == []


def test_whoever_pays_for_a_friend_is_told_the_friends_name_and_not_her_balance(desk, clara):
    make_credit(clara, 333)
    ines = make_client("Ines Duarte")
    found = receipt(sell_credit(clara, 60, desk, payer=ines))
    assert pairs(found.lines) == [("Account Credit - Clara Nuñez", "60.00")]
    assert found.balances == []
    assert "393" not in repr(found)


def test_refunds_stand_on_the_receipt_with_their_way(order, desk):
    cash = order.tenders.get(kind="cash")
    refund_tender(tender=cash, amount=dollars(20), destination="cash", desk=desk, uuid=uuid.uuid4())
    found = receipt(order)
    assert pairs(found.payments)[-1] == ("Refund in cash", "-20.00")


def test_an_open_a_voided_and_a_part_paid_sale_say_so(desk, clara):
    order = order_with(desk, clara, service=85)
    pay(order, "cash", 20, desk)
    assert receipt(order).notice == "Open: $65.00 remains to be paid"
    tender = pay(order, "cash", 65, desk)
    assert receipt(order).notice == "Open: not closed yet"
    take_back(tender=tender, amount=dollars(65), destination="cash", desk=desk, uuid=uuid.uuid4())
    void_order(order=order, desk=desk, reason="Mistake")
    found = receipt(order)
    assert found.notice == "Voided"
    assert pairs(found.payments)[-2:] == [
        ("Taken back in cash", "-65.00"),
        ("Taken back in cash", "-20.00"),
    ]


# --- Of a refund ----------------------------------------------------------------------------------


@pytest.fixture
def refund(order, desk):
    line = order.lines.get(kind="service")
    return refund_lines(
        order=order, amounts={line: dollars("46.27")}, destinations={}, desk=desk, uuid=uuid.uuid4()
    )


def test_a_refund_has_a_receipt_of_its_own(order, refund):
    found = refund_receipt_of(find_sale(order.uuid), refund)
    assert found.title == f"Refund R{order.number}-{refund.pk}"
    assert found.facts[0] == ("Of sale", f"#{order.number}")
    assert pairs(found.lines) == [("Cut & finish", "46.27")]
    assert pairs(found.sums) == [("Sales tax 8.875 % in it", "3.77")]
    assert pairs([found.total]) == [("Refunded", "46.27")]
    assert pairs(found.payments) == [
        ("Refund to account credit", "20.00"),
        ("Refund in cash", "26.27"),
    ]
    assert balances(found) == [("Account balance", dollars(110), dollars(130))]


def test_a_walk_ins_refund_to_a_balance_names_whose(desk, clara):
    order = order_with(desk, None, product=30)
    cash = pay(order, "cash", 30, desk)
    close_order(order=order, desk=desk)
    back = refund_tender(
        tender=cash,
        amount=dollars(30),
        destination="balance",
        desk=desk,
        uuid=uuid.uuid4(),
        client=clara,
    )
    found = refund_receipt_of(find_sale(order.uuid), back)
    assert ("Client", "Clara Nuñez") in found.facts
    assert balances(found) == [("Account balance", dollars(0), dollars(30))]
    assert receipt(order).balances == []
    assert "Clara" not in repr(receipt(order))


# --- The page -------------------------------------------------------------------------------------


def test_the_page_shows_it_and_prints_it_on_both_papers(web, order):
    page = web.get(f"/sales/{order.uuid}/receipt/")
    text = plain(page.text)
    for part in ("Account Credit - Clara Nuñez", "Applied Account Debit", "$142.54", "−$17.46"):
        assert part in text
    assert "Account balance before $100.00 Account balance after $110.00" in text
    assert 'data-print="roll"' in page.text
    assert 'data-print="sheet"' in page.text
    assert "css/receipt.css" in page.text


def test_the_page_costs_the_same_whatever_is_on_the_sale(web, order, refund, desk):
    ben = make_client("Ben Okafor")
    make_credit(ben, 20)
    small = order_with(desk, ben, service=20)
    pay(small, "credits", 20, desk)
    for sale in (order, small):
        with assertNumQueries(FRAME + 10):
            web.get(f"/sales/{sale.uuid}/receipt/")


def test_a_refunds_page_is_found_below_its_own_sale_alone(web, order, refund, desk):
    address = f"/sales/{order.uuid}/refund/{refund.uuid}/receipt/"
    assert f"R{order.number}-{refund.pk}" in web.get(address).text
    other = order_with(desk, None, product=30)
    assert web.get(f"/sales/{other.uuid}/refund/{refund.uuid}/receipt/").status_code == 404
    assert web.get(f"/sales/{order.uuid}/refund/{uuid.uuid4()}/receipt/").status_code == 404


def test_nobody_reads_a_receipt_without_logging_in(order):
    assert Browser().get(f"/sales/{order.uuid}/receipt/").status_code == 302


# --- By e-mail ------------------------------------------------------------------------------------


def test_the_form_knows_the_clients_address(web, order):
    page = web.get(f"/sales/{order.uuid}/receipt/email/")
    assert 'value="clara@example.com"' in page.text


def test_sending_queues_one_job_however_often_the_form_arrives(web, order):
    form = {"to": "clara@example.com", "uuid": uuid.uuid4()}
    for _ in range(2):
        response = web.post(f"/sales/{order.uuid}/receipt/email/", form)
        assert response.url == f"/sales/{order.uuid}/"
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.queue_name) == ("checkout.email_receipt", "receipts")
    assert job.args == {
        "order": str(order.uuid),
        "to": "clara@example.com",
        "by": "Marcus",
        "refund": "",
    }
    assert mail.outbox == []
    page = web.get(response.url)
    assert "The receipt is on its way to clara@example.com." in page.text
    assert "Receipt waits to be e-mailed to clara@example.com" in page.text


@pytest.mark.parametrize("to", ["", "clara", "clara@", "a@b.c\nBcc: x@y.z", "x" * 300 + "@y.com"])
def test_an_address_that_is_none_sends_nothing_and_is_kept(web, order, to):
    response = web.post(f"/sales/{order.uuid}/receipt/email/", {"to": to, "uuid": uuid.uuid4()})
    assert response.status_code == 422
    assert "field-error" in response.text
    assert not ProcrastinateJob.objects.exists()


def test_the_job_sends_html_and_plain_text(order):
    assert email_receipt(order=str(order.uuid), to="clara@example.com")
    message = mail.outbox[0]
    assert message.to == ["clara@example.com"]
    assert message.from_email.startswith("The salon <")
    assert message.subject == f"Your receipt from The salon: sale #{order.number}"
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    for body in (message.body, plain(html)):
        for part in (
            f"Sale #{order.number}",
            "12 West 38th Street, New York",
            "Cut & finish",
            "Account Credit - Clara Nuñez",
            "Applied Account Debit",
            "Sales tax 8.875 %",
            "$142.54",
            "−$17.46",
            "Thank you. See you soon.",
        ):
            assert part in body
    assert "&amp;" not in message.body
    assert "Account balance after: $110.00" in message.body
    assert "http" not in html.replace("http-equiv", "")


def test_the_job_tells_the_time_of_the_sales_own_location(order):
    order.location.time_zone = "America/Los_Angeles"
    order.location.save()
    order.closed_at = dt.datetime(2026, 11, 22, 20, 15, tzinfo=dt.UTC)
    order.save()
    send_receipt(order=order.uuid, to="clara@example.com")
    assert "Nov 22, 2026, 12:15 pm" in mail.outbox[0].body


def test_a_refunds_receipt_can_be_sent_too(web, order, refund):
    address = f"/sales/{order.uuid}/receipt/email/?refund={refund.uuid}"
    web.post(address, {"to": "clara@example.com", "uuid": uuid.uuid4()})
    job = ProcrastinateJob.objects.get()
    assert email_receipt(**job.args)
    assert mail.outbox[0].subject.endswith(f"refund r{order.number}-{refund.pk}")
    assert "Refund to account credit: $20.00" in mail.outbox[0].body


def test_the_refund_of_another_sale_is_not_sent(web, order, refund, desk):
    other = order_with(desk, None, product=30)
    address = f"/sales/{other.uuid}/receipt/email/?refund={refund.uuid}"
    assert web.get(address).status_code == 404
    assert web.get(f"/sales/{order.uuid}/receipt/email/?refund=zzz").status_code == 404
    assert not email_receipt(order=str(other.uuid), to="x@y.com", refund=str(refund.uuid))
    assert not email_receipt(order=str(uuid.uuid4()), to="x@y.com")
    assert mail.outbox == []


def test_the_demos_outbox_shows_it_as_it_was_sent(order, settings, tmp_path):
    settings.EMAIL_BACKEND = "salon.outbox.EmailBackend"
    settings.OUTBOX_DIR = tmp_path
    send_receipt(order=order.uuid, to="clara@example.com")
    shown = newest_mails()[0]
    assert shown.to == "clara@example.com"
    assert "Applied Account Debit: $40.00 (Account Credit - Clara Nuñez)" in shown.text
    assert "Account balance after" in plain(shown.html)


def test_a_business_name_cannot_forge_a_header(order, settings):
    BusinessSettings.objects.update(name='Evil" <boss@example.com>, "')
    send_receipt(order=order.uuid, to="clara@example.com")
    sender = parseaddr(str(mail.outbox[0].message()["From"]))[1]
    assert sender == settings.DEFAULT_FROM_EMAIL


def test_a_sales_page_tells_which_receipts_went_out(order, desk, web):
    queue_receipt(order=order, to="clara@example.com", desk=desk, uuid=uuid.uuid4())
    events = sent_receipts(order)
    assert [(event.what, event.who) for event in events] == [
        ("Receipt waits to be e-mailed to clara@example.com", "Marcus")
    ]
    assert sent_receipts(order_with(desk, None, product=30)) == []
    assert Refund.objects.count() == 0
