"""What a card refused to take back, at once or days later: asked again, or given another way."""

import uuid

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cards.models import CardRefund
from checkout.charges.refused import in_cash, to_balance, try_again
from checkout.errors import Refused
from checkout.receipts import receipt_of, refund_receipt_of
from checkout.sale import find_sale
from checkout.sending_receipts import send_receipt
from checkout.taking_back import take_back
from tests.checkout.charges.going_back import (
    at_processor,
    by_card,
    given_back,
    look,
    refund,
    refused,
    sold,
)
from tests.checkout.helpers import books, has, order_with
from tests.checkout.reading import plain, says, told
from tests.factories import dollars, make_browser, make_client, make_debt, make_desk, make_location
from tests.harness.at_once import at_once
from tests.harness.processor import REFUND_FAILS, REFUND_TAKES_A_WHILE
from tests.ledger.books import assert_well


@pytest.fixture
def desk(committing_db, processor):
    return make_desk("Olivia")


@pytest.fixture
def clara(desk):
    return make_client("Clara Nuñez")


@pytest.fixture
def row(processor, desk, clara):
    """$27.35 of Clara's sale, refused by her card days later."""
    return refused(processor, desk, clara)


def order_of(row):
    return row.attempt.order_charge.order


def send(web, row, **data):
    url = f"/sales/{order_of(row).uuid}/to-cards/{row.uuid}/"
    return web.post(url, {"tries": row.tries, **data})


def test_the_books_count_it_as_given_back_until_somebody_decides(processor, row):
    assert row.status == "refused"
    assert at_processor() == 1265 - books()["fees"]
    assert_well()


def test_to_the_balance_it_comes_from_the_processor(desk, clara, row):
    to_balance(refund=row, client=clara, desk=desk)
    assert has(clara, desk).available == dollars("27.35")
    # All $40.00 stand at the processor again, less its fee.
    assert at_processor() == 4000 - books()["fees"]
    lot = clara.ledger_accounts.get(kind="client_credit").lots.get()
    assert (lot.source, lot.card_ceiling) == ("refund", 2735)
    assert_well()


def test_it_settles_first_what_they_owe(desk, clara, row):
    make_debt(clara, 12)
    to_balance(refund=row, client=clara, desk=desk)
    assert (has(clara, desk).owes, has(clara, desk).available) == (dollars(0), dollars("15.35"))


def test_in_cash_it_leaves_this_desk_s_till(desk, row):
    in_cash(refund=row, desk=desk)
    assert books()["cash"] == -2735
    assert_well()


def test_it_is_given_once_however_often_somebody_presses(desk, clara, row):
    for _ in range(2):
        to_balance(refund=row, client=clara, desk=desk)
    with pytest.raises(Refused, match="settled another way a moment ago"):
        in_cash(refund=row, desk=desk)
    with pytest.raises(Refused, match="settled another way meanwhile"):
        try_again(refund=row, tries=0, desk=desk)
    assert has(clara, desk).available == dollars("27.35")
    assert_well()


def test_two_tills_give_it_once(desk, clara, row):
    at_once(
        lambda: to_balance(refund=row, client=clara, desk=desk),
        lambda: in_cash(refund=row, desk=desk),
        lambda: try_again(refund=row, tries=0, desk=desk),
    )
    now = CardRefund.objects.get(pk=row.pk)
    credit = has(clara, desk).available
    given = [credit == dollars("27.35"), books().get("cash") == -2735, now.tries == 1]
    assert given.count(True) == 1
    assert_well()


def test_the_card_is_asked_again_and_may_take_it(processor, desk, row):
    again = try_again(refund=row, tries=0, desk=desk)
    assert again.tries == 1
    assert try_again(refund=row, tries=0, desk=desk).tries == 1
    now = CardRefund.objects.get(pk=row.pk)
    assert now.status in ("done", "pending")
    assert len(processor.books()["refunds"]) == 2
    with pytest.raises(Refused, match="did not refuse this refund"):
        in_cash(refund=now, desk=desk)
    assert_well()


def test_it_may_refuse_again_and_is_then_given_in_cash(processor, desk, row):
    try_again(refund=row, tries=0, desk=desk)
    processor.later()
    now = look(row)
    assert (now.status, now.tries) == ("refused", 1)
    in_cash(refund=now, desk=desk)
    assert given_back(processor) == []
    assert_well()


def test_what_was_given_in_cash_does_not_count_as_gone_to_the_card(processor, desk, row):
    """The other $12.65 may still go there, and not a cent more than was refunded."""
    in_cash(refund=row, desk=desk)
    refund(order_of(row), "12.65", desk)
    with pytest.raises(Refused, match="can still be refunded"):
        refund(order_of(row), "0.01", desk)
    assert_well()


def test_who_may_not_refund_decides_nothing(clara, row):
    jo = make_desk("Jo")
    for act in (
        lambda: try_again(refund=row, tries=0, desk=jo),
        lambda: to_balance(refund=row, client=clara, desk=jo),
        lambda: in_cash(refund=row, desk=jo),
    ):
        with pytest.raises(Refused, match="Your role may not"):
            act()
    assert_well()


def test_a_manager_may_not_give_cash_for_a_card(row):
    with pytest.raises(Refused, match="may not give cash back"):
        in_cash(refund=row, desk=make_desk("Marcus"))


# --- Pages ----------------------------------------------------------------------------------------


def test_the_sale_s_page_says_why_and_what_can_be_done(row):
    text = plain(make_browser("Olivia").get(f"/sales/{order_of(row).uuid}/").text)
    assert "The card refused $27.35" in text
    assert row.failure in text
    for way in ("Try again", "To the account balance", "$27.35 in cash"):
        assert way in text


def test_who_may_not_refund_reads_it_without_buttons(row):
    page = make_browser("Jo").get(f"/sales/{order_of(row).uuid}/").text
    assert "The card refused $27.35" in page
    assert 'value="again"' not in page


def test_a_manager_is_not_offered_cash(row):
    page = make_browser("Marcus").get(f"/sales/{order_of(row).uuid}/").text
    assert 'value="balance"' in page
    assert 'value="cash"' not in page


def test_the_refund_s_receipt_says_it_too(row):
    order = order_of(row)
    given = order.refunds.get()
    page = make_browser("Olivia").get(f"/sales/{order.uuid}/refund/{given.uuid}/receipt/").text
    assert "The card refused $27.35" in page


@pytest.mark.parametrize("how", ["in cash", "to the balance"])
def test_once_it_went_elsewhere_the_receipts_say_where(desk, clara, row, how):
    sale = find_sale(order_of(row).uuid)
    before = [refund_receipt_of(sale, sale.refunds[0]), receipt_of(sale)]
    assert [paper.payments[-1].note[-24:] for paper in before] == ["The card refused $27.35."] * 2
    if how == "in cash":
        in_cash(refund=row, desk=desk)
    else:
        to_balance(refund=row, client=clara, desk=desk)
    words = "refused $27.35. It was given in cash instead."
    if how != "in cash":
        words = "refused $27.35. It went to the account balance instead."
    order, web = order_of(row), make_browser("Olivia")
    refund_page = f"/sales/{order.uuid}/refund/{order.refunds.get().uuid}/receipt/"
    for page in (refund_page, f"/sales/{order.uuid}/receipt/"):
        assert words in plain(web.get(page).text)
    send_receipt(order=order.uuid, to="clara@example.com", refund=order.refunds.get().uuid)
    assert words in mail.outbox[-1].body.replace("\n", " ")


def test_today_lists_what_cards_refused_here(row):
    web = make_browser("Olivia")
    assert "/sales/refused-by-cards/" in web.get("/").text
    text = plain(web.get("/sales/refused-by-cards/").text)
    assert f"from sale #{order_of(row).number} of Clara Nuñez" in text
    elsewhere = make_browser("Olivia", location=make_location("Riverside"))
    assert "refused" not in elsewhere.get("/sales/refused-by-cards/").text


def test_the_worklist_costs_the_same_with_more_on_it(processor, desk, clara, row):
    web = make_browser("Olivia")
    with CaptureQueriesContext(connection) as one:
        web.get("/sales/refused-by-cards/")
    refused(processor, desk, None)
    with CaptureQueriesContext(connection) as two:
        web.get("/sales/refused-by-cards/")
    assert len(two) == len(one)


def test_on_the_page_it_goes_to_the_balance_of_the_sale_s_client(desk, clara, row):
    web = make_browser("Marcus")
    assert "$27.35 went to the account balance of Clara Nuñez." in told(
        send(web, row, how="balance")
    )
    page = web.get(f"/sales/{order_of(row).uuid}/").text
    assert 'value="again"' not in page
    assert "$27.35 went to the account balance instead" in page
    # Sent twice: it is told, and nothing more is given.
    send(web, row, how="balance")
    assert has(clara, desk).available == dollars("27.35")


def test_a_walk_in_s_goes_to_a_client_who_is_found(processor, desk, clara):
    row = refused(processor, desk)
    web = make_browser("Marcus")
    answer = send(web, row, how="balance")
    assert answer.status_code == 409
    assert "Choose the client whose balance takes it." in answer.text
    found = web.get(f"/sales/{order_of(row).uuid}/to-cards/{row.uuid}/", {"q": "nunez"}).text
    assert f'value="{clara.pk}"' in found
    send(web, row, how="balance", client=clara.pk)
    assert has(clara, desk).available == dollars("27.35")


def test_the_other_till_s_decision_is_told(desk, clara, row):
    to_balance(refund=row, client=clara, desk=desk)
    text = told(send(make_browser("Olivia"), row, how="cash"))
    assert "Nothing was given back a second time." in text
    assert_well()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"how": "pocket"},
        {"how": "again", "tries": "-1"},
        {"how": "again", "tries": "x"},
        {"how": "balance", "client": "x"},
        {"how": "balance", "client": "999999"},
    ],
)
def test_what_no_form_would_send_gives_nothing(row, data):
    answer = send(make_browser("Olivia"), row, **data)
    assert answer.status_code == 422
    assert CardRefund.objects.get(pk=row.pk).status == "refused"
    assert_well()


def test_a_refund_of_another_sale_is_not_found(processor, desk, clara, row):
    other = order_with(desk, clara, product=40)
    web = make_browser("Olivia")
    for order, refund_ in ((other.uuid, row.uuid), (order_of(row).uuid, uuid.uuid4())):
        assert web.get(f"/sales/{order}/to-cards/{refund_}/").status_code == 404


def test_of_an_open_sale_it_is_told_on_today(processor, desk, clara):
    order = order_with(desk, clara, product=40)
    tender = by_card(processor, order, 40, desk, REFUND_FAILS)
    take_back(tender=tender, amount=dollars(40), destination="charge", desk=desk, uuid=uuid.uuid4())
    processor.later()
    row = look(CardRefund.objects.get())
    assert "The card refused $40.00" in make_browser("Olivia").get("/sales/refused-by-cards/").text
    in_cash(refund=row, desk=desk)
    assert_well()


def test_while_it_is_on_its_way_the_page_asks_and_then_shows_the_end(processor, desk, clara):
    order = sold(processor, desk, clara, number=REFUND_TAKES_A_WHILE)
    refund(order, 10, desk)
    web = make_browser("Olivia")
    page = web.get(f"/sales/{order.uuid}/").text
    assert "$10.00 is on its way back to Visa •••• 7726." in page
    assert "every 3s" in page
    order.refresh_from_db()
    asked = f"/sales/{order.uuid}/to-cards/?revision={order.revision}"
    assert web.get(asked).status_code == 204
    processor.later()
    assert look(CardRefund.objects.get()).status == "done"
    news = web.get(asked).text
    assert "every 3s" not in news
    assert "has got $10.00 back" in news
    assert web.get(f"/sales/{order.uuid}/to-cards/?revision=moon").status_code == 200
    assert_well()


def test_the_page_of_an_open_sale_says_where_it_is(processor, desk, clara):
    order = order_with(desk, clara, product=40)
    tender = by_card(processor, order, 40, desk, REFUND_FAILS)
    web, address = make_browser(desk.staff), f"/sales/{order.uuid}/"
    assert "The card refused" not in says(web.get(address))
    take_back(tender=tender, amount=dollars(40), destination="charge", desk=desk, uuid=uuid.uuid4())
    processor.later()
    row = look(CardRefund.objects.get())
    page = says(web.get(address))
    assert "The card refused $40.00" in page
    assert "To the account balance" in page
    send(web, row, how="balance")
    assert "The card refused" not in says(web.get(address))
    assert has(clara, desk).available == dollars(40)


def test_the_page_of_an_open_sale_says_what_is_on_its_way(processor, desk, clara):
    order = order_with(desk, clara, product=40)
    tender = by_card(processor, order, 40, desk, REFUND_TAKES_A_WHILE)
    take_back(tender=tender, amount=dollars(15), destination="charge", desk=desk, uuid=uuid.uuid4())
    page = says(make_browser(desk.staff).get(f"/sales/{order.uuid}/"))
    assert "$15.00 is on its way back to Visa" in page
