"""Owing at the desk: the Credits panel, Settle, what refunds and receipts say, crafted forms."""

import uuid

import pytest
from django.utils import timezone

from checkout.closing import close_order
from checkout.receipts import receipt_of, refund_receipt_of
from checkout.refunding import refund_tender
from checkout.sale import find_sale
from clients.models import Client
from salon.models import BusinessSettings, SettingChange
from tests.checkout.helpers import has, order_with, pay, sell_credit
from tests.checkout.reading import says
from tests.checkout.till import Till
from tests.factories import (
    dollars,
    make_browser,
    make_client,
    make_credit,
    make_debt,
    make_desk,
    make_staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    BusinessSettings.objects.update(negative_balances=True, negative_balance_limit=dollars(100))
    return make_desk("Jo")


@pytest.fixture
def ben(desk):
    return make_client("Ben Okafor")


@pytest.fixture
def order(desk, ben):
    """Ben's trim of $32.00."""
    return order_with(desk, ben, service=32)


@pytest.fixture
def till(order, desk):
    return Till(order, desk.staff)


def manager_at(order):
    return Till(order, make_staff("Marcus"))


# --- The Credits panel --------------------------------------------------------------------------


def test_the_panel_says_what_ben_has_and_may_owe(till, ben):
    make_credit(ben, 20)
    text = says(till.get("pay", kind="credits"))
    assert "Ben has $20.00 credit and may owe up to $100.00 more." in text
    assert "Purchase $20.00" in text
    assert "Ben owes for the rest at most $12.00" in text
    assert "All $32" in text


def test_it_begins_with_his_own_money(till, ben):
    make_credit(ben, 20)
    panel = till.get("pay", kind="credits").context["panel"]
    assert str(panel["form"]["amount"].value()) == "$20.00"
    assert panel["most"] == "32.00"


def test_without_credit_the_button_says_that_he_may_owe(till):
    assert "may owe $32.00" in says(till.get())
    panel = till.get("pay", kind="credits").context["panel"]
    assert str(panel["form"]["amount"].value()) == "$32.00"


def test_the_whole_order_of_drawing_stands_there_before_anything_is_applied(till, ben, desk):
    today = desk.business_date
    make_credit(ben, 10)
    make_credit(ben, 15, source="goodwill", expires_on=today, restriction="services")
    make_credit(ben, 50, source="goodwill", restriction="products")
    text = says(till.get("pay", kind="credits"))
    assert "Uses the $15.00 gift for services that ends today first." in text
    assert "Gift Services only · ends today $15.00 Purchase $10.00 Ben owes" in text


def test_where_nobody_may_owe_the_panel_says_nothing_of_it(till, ben):
    BusinessSettings.objects.update(negative_balances=False)
    make_credit(ben, 20)
    text = says(till.get("pay", kind="credits"))
    assert "$20.00 available." in text
    assert "owe" not in text


def test_who_is_blocked_is_offered_their_credit_alone(till, ben):
    Client.objects.update(blocked_at=timezone.now())
    make_credit(ben, 20)
    assert "owe" not in says(till.get("pay", kind="credits"))
    answer = till.pay("credits", amount="32")
    assert answer.status_code == 422
    assert "Ben is blocked, and may not owe." in says(answer)


def test_he_pays_with_what_he_has_and_owes_the_rest(till, ben):
    make_credit(ben, 20)
    answer = till.pay("credits", amount="32")
    assert answer.status_code == 200
    assert "Purchase · owes $12.00" in says(answer)
    assert "from before" not in says(answer)
    till.close()
    assert has(ben, make_desk("Jo")).owes == dollars(12)


def test_past_the_limit_the_front_desk_is_sent_to_a_manager(order, desk, ben):
    make_debt(ben, 95)
    till = Till(order, desk.staff)
    assert "Let Ben owe more" not in says(till.get("pay", kind="credits"))
    answer = till.pay("credits", amount="32", override_reason="")
    assert answer.status_code == 422
    assert (
        "may owe $5.00 more. Nothing was applied. Apply at most $5.00, or ask a manager."
        in says(answer)
    )
    assert answer.context["panel"]["form"]["amount"].value() == "32"


def test_a_crafted_reason_of_the_front_desk_is_refused(order, desk, ben):
    make_debt(ben, 95)
    answer = Till(order, desk.staff).pay("credits", amount="32", override_reason="He is nice")
    assert answer.status_code == 422
    assert "Your role may not let a client owe more than the limit." in says(answer)
    assert not order.tenders.exists()


def test_a_manager_says_why_ben_may_owe_more(order, ben):
    make_debt(ben, 95)
    till = manager_at(order)
    assert "Let Ben owe more than $100.00" in says(till.get("pay", kind="credits"))
    answer = till.pay("credits", amount="32")
    assert answer.status_code == 422
    assert "say why they may owe more" in says(answer)
    answer = till.pay("credits", amount="32", override_reason="Paid on Monday, always")
    assert answer.status_code == 200
    assert order.tenders.get().override_reason == "Paid on Monday, always"


def test_a_reason_that_is_too_long_is_refused_and_kept(order, ben):
    answer = manager_at(order).pay("credits", amount="32", override_reason="x" * 241)
    assert answer.status_code == 422
    assert "at most 240 characters" in says(answer)
    assert answer.context["panel"]["form"]["override_reason"].value() == "x" * 241


def test_the_limit_reached_and_nothing_there_the_button_rests(desk, ben):
    make_debt(ben, 100)
    order = order_with(desk, ben, service=32)
    assert 'aria-disabled="true"' in Till(order, desk.staff).page()
    assert 'aria-disabled="true"' not in manager_at(order).page()


# --- Settling at the next checkout --------------------------------------------------------------


def settle(till, **data):
    return till.send("settle", till.act(**data))


def test_the_next_checkout_says_it_and_settles_it_with_one_press(till, ben):
    make_debt(ben, 12)
    text = says(till.get())
    assert "owes $12.00 from before" in text
    assert "Settle $12.00" in text
    answer = settle(till, amount="12.00")
    assert answer.status_code == 200
    assert "Settle $12.00" not in says(answer)
    assert "settled with this sale" in says(answer)
    assert ("Account Credit - Ben Okafor", "$12.00") in till.lines()
    till.pay("cash", amount="44", given="44")
    till.close()
    assert has(ben, make_desk("Jo")).is_empty


def test_settle_pressed_twice_adds_one_line(till, ben):
    make_debt(ben, 12)
    form = till.act(amount="12.00")
    till.send("settle", form)
    assert till.send("settle", form).status_code == 200
    assert len(till.lines()) == 2


@pytest.mark.parametrize(("amount", "status"), [("13", 409), ("0", 422), ("x", 422), ("", 422)])
def test_a_crafted_amount_settles_nothing(till, ben, amount, status):
    make_debt(ben, 12)
    assert settle(till, amount=amount).status_code == status
    assert len(till.lines()) == 1


def test_what_was_paid_off_meanwhile_is_told(till, ben, desk):
    make_debt(ben, 12)
    form = till.act(amount="12.00")
    sell_credit(ben, 12, desk)
    answer = till.send("settle", form)
    assert answer.status_code == 409
    assert "Ben Okafor paid off what they owed meanwhile. Nothing was added." in says(answer)


def test_a_stale_page_settles_nothing(till, ben, order, desk):
    make_debt(ben, 12)
    form = till.act(amount="12.00")
    pay(order, "cash", 5, desk)
    assert till.send("settle", form).status_code == 409
    assert len(till.lines()) == 1


def test_what_this_very_sale_lets_him_owe_is_not_from_before(till, order, ben, desk):
    make_debt(ben, 12)
    pay(order, "credits", 20, desk)
    assert "owes $12.00 from before" in says(till.get())
    assert settle(till, amount="32").status_code == 409
    assert settle(till, amount="12").status_code == 200


def test_a_walk_in_and_balances_off_have_nothing_to_settle(till, order, ben):
    make_debt(ben, 12)
    BusinessSettings.objects.update(client_account_balances=False, negative_balances=False)
    assert "Settle" not in says(till.get())
    answer = settle(till, amount="12")
    assert answer.status_code == 422
    order.client = None
    order.save()
    assert settle(till, amount="12").status_code == 422
    assert len(till.lines()) == 1


# --- Receipts and refunds -----------------------------------------------------------------------


@pytest.fixture
def sale(order, ben, desk):
    """Paid with $20.00 of credit; $12.00 are owed."""
    make_credit(ben, 20)
    pay(order, "credits", 32, desk)
    return close_order(order=order, desk=desk)


def test_the_receipt_has_an_owed_line_and_the_balance_after(sale):
    receipt = receipt_of(find_sale(sale.uuid))
    assert [(item.name, str(item.amount)) for item in receipt.payments] == [
        ("Applied Account Debit", "$20.00"),
        ("Owed", "$12.00"),
    ]
    text = says(make_browser("Jo").get(f"/sales/{sale.uuid}/receipt/"))
    assert "Account balance before $20.00 Account balance after owes $12.00" in text


def test_a_receipt_of_settling_counts_both_sides(ben, desk):
    make_debt(ben, 12)
    make_credit(ben, 5, restriction="products")
    sold = sell_credit(ben, 12, desk)
    text = says(make_browser("Jo").get(f"/sales/{sold.uuid}/receipt/"))
    assert "Account balance before owes $7.00 Account balance after $5.00" in text


def test_a_refunds_receipt_says_what_he_still_owes(sale, desk):
    back = refund_tender(
        tender=sale.tenders.get(),
        amount=dollars(10),
        destination="credits",
        desk=make_desk("Olivia"),
        uuid=uuid.uuid4(),
    )
    receipt = refund_receipt_of(find_sale(sale.uuid), back)
    assert [(b.before_said, b.after_said) for b in receipt.balances] == [
        ("owes $12.00", "owes $2.00")
    ]


def test_the_refund_page_says_what_comes_off_the_debt(sale, ben, desk):
    page = make_browser("Olivia").get(f"/sales/{sale.uuid}/refund/?all")
    text = says(page)
    assert "$12.00 comes off what Ben Okafor owes." in text
    assert "$20.00 returns to Ben Okafor’s account credit." in text
    assert "owes $12.00 and then $20.00 credit" in text
    sell_credit(ben, 12, desk)
    text = says(make_browser("Olivia").get(f"/sales/{sale.uuid}/refund/?all"))
    assert "$12.00 was owed and is paid off: it becomes account credit." in text


def test_the_refund_page_says_what_a_top_up_settled(ben, desk):
    make_debt(ben, 12)
    sold = sell_credit(ben, 20, desk)
    text = says(make_browser("Olivia").get(f"/sales/{sold.uuid}/refund/"))
    assert "$8.00 left of $20.00" in text
    assert "Paid off what was owed −$12.00" in text


def test_a_refund_to_the_balance_says_what_it_settles(ben, desk):
    order = order_with(desk, ben, service=30)
    pay(order, "cash", 30, desk)
    close_order(order=order, desk=desk)
    make_debt(ben, 12)
    tender = order.tenders.get()
    browser = make_browser("Olivia")
    answer = browser.post(
        f"/sales/{order.uuid}/refund/preview/",
        {
            "uuid": uuid.uuid4(),
            "mode": "payment",
            "chosen_payment": tender.pk,
            f"amount_{tender.pk}": "30.00",
            f"destination_{tender.pk}": "balance",
        },
        headers={"HX-Request": "true"},
    )
    assert "$12.00 of it settles what Ben Okafor owes." in says(answer)


# --- The client's own limit ---------------------------------------------------------------------


def edit(staff, client, **data):
    first, _, last = client.name.partition(" ")
    names = {"first_name": first, "last_name": last, "seen": ""}
    return make_browser(staff).post(f"/clients/{client.pk}/edit/", names | data)


def test_a_manager_gives_a_client_a_limit_and_it_is_kept_on_record(ben):
    page = make_browser("Marcus").get(f"/clients/{ben.pk}/edit/")
    assert "May owe at most" in says(page)
    assert edit("Marcus", ben, iou_limit="250").status_code == 302
    ben.refresh_from_db()
    assert ben.iou_limit == dollars(250)
    change = SettingChange.objects.get(subject="Client: Ben Okafor")
    assert (change.before, change.after, change.staff.name) == ("", "$250.00", "Marcus")
    edit("Marcus", ben, iou_limit="")
    ben.refresh_from_db()
    assert ben.iou_limit is None


def test_the_front_desk_neither_sees_nor_sets_it(ben):
    assert "May owe at most" not in says(make_browser("Jo").get(f"/clients/{ben.pk}/edit/"))
    edit("Jo", ben, iou_limit="5000")
    ben.refresh_from_db()
    assert ben.iou_limit is None


@pytest.mark.parametrize("limit", ["-5", "many", "2000000"])
def test_a_limit_that_is_none_is_refused(ben, limit):
    answer = edit("Marcus", ben, iou_limit=limit)
    assert answer.status_code == 422
    ben.refresh_from_db()
    assert ben.iou_limit is None


def test_the_clients_pages_say_what_they_may_owe(ben):
    make_debt(ben, 12)
    jo = make_browser("Jo")
    for page in ("balance", "payment-methods"):
        url = f"/clients/{ben.pk}/{page}/"
        text = says(jo.get(url))
        assert "Ben may owe up to $100.00, so $88.00 more." in text, url
    Client.objects.update(iou_limit=dollars(0))
    assert "Ben may not owe anything. This is their own limit." in says(
        jo.get(f"/clients/{ben.pk}/payment-methods/")
    )
