"""The tip sheet, the tip in the totals, on the receipt and on the refund page."""

import uuid

import pytest

from checkout.closing import close_order
from checkout.lines import add_service
from checkout.models import LineItem
from checkout.opening import open_order
from checkout.tips import share_tip
from salon.models import BusinessSettings
from tests.checkout.helpers import pay, tips_of
from tests.checkout.reading import plain
from tests.checkout.till import Till, says
from tests.factories import (
    dollars,
    make_credit,
    make_product,
    make_service,
    make_staff,
    make_tax_rate,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(desk, clara, maya):
    """Clara's cut with Maya, $85.00 and 10 % tax."""
    order = open_order(desk=desk, client=clara)
    cut = make_service(tax_rate=make_tax_rate("10"))
    add_service(order=order, service=cut, staff=maya, desk=desk)
    return order


@pytest.fixture
def till(order, desk):
    return Till(order, desk.staff)


def sheet(till):
    return plain(till.get("add_line", kind="tip").content.decode())


def test_the_sheet_offers_percentages_of_services_and_says_so(till, desk):
    shown = sheet(till)
    for offered in ("18 % $15.30", "20 % $17.00", "25 % $21.25"):
        assert offered in shown
    assert "Of services only: $85.00, after discounts and before tax." in shown
    assert "Account credit does not pay tips here." in shown


def test_one_press_sets_the_tip(till, order):
    assert till.add("tip", how="percent", percent="20").status_code == 200
    assert tips_of(order) == {"Maya": "17.00"}
    page = plain(till.page())
    assert "Tip for Maya $17.00" in page
    assert "Subtotal $85.00 Tax" in page or "Subtotal $85.00" in page
    assert "Tip $17.00 Total $110.50" in page


def test_two_people_share_one_amount_or_get_their_own(till, order, desk, maya, theo):
    add_service(order=order, service=make_service("Trim", 15), staff=theo, desk=desk)
    assert "Share it out by hand" in sheet(till)
    till.add("tip", how="total", total="10.00")
    assert tips_of(order) == {"Maya": "8.50", "Theo": "1.50"}
    till.add("tip", how="each", **{f"tip_{maya.pk}": "5", f"tip_{theo.pk}": ""})
    assert tips_of(order) == {"Maya": "5.00"}
    response = till.get("add_line", kind="tip")
    assert 'value="5.00"' in response.content.decode()


def test_somebody_else_may_have_a_part(till, order, desk, maya):
    jo = make_staff("Jo")
    till.add("tip", how="each", **{f"tip_{maya.pk}": "5", "other": jo.pk, "other_amount": "2.50"})
    assert tips_of(order) == {"Maya": "5.00", "Jo": "2.50"}


def test_where_nobody_is_named_the_sheet_asks_whose(desk, maya):
    order = open_order(desk=desk)
    till = Till(order, desk.staff)
    till.add("product", product=make_product().pk)
    assert "Choose whose tip it is" in sheet(till)
    response = till.add("tip", how="total", total="5")
    assert response.status_code == 422
    till.add("tip", how="each", other=maya.pk, other_amount="5")
    assert tips_of(order) == {"Maya": "5.00"}


def test_its_row_opens_the_sheet_again_and_no_tip_takes_it_off(till, order):
    till.add("tip", how="percent", percent="20")
    tip = LineItem.objects.get(kind="tip")
    response = till.get("line", line=tip.uuid)
    assert response.headers["Location"] == till.url("add_line", kind="tip")
    assert "No tip" in sheet(till)
    till.add("tip", how="total", total="0")
    assert tips_of(order) == {}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "Choose a tip."),
        ({"how": "all"}, "Choose a tip."),
        ({"how": "percent", "percent": "21"}, "Choose one of the percentages"),
        ({"how": "percent", "percent": "NaN"}, "Choose one of the percentages"),
        ({"how": "percent", "percent": ""}, "Choose one of the percentages"),
        ({"how": "total", "total": ""}, "Enter a tip, or 0 for none."),
        ({"how": "total", "total": "-5"}, "without a minus sign"),
        ({"how": "each", "other": "999999", "other_amount": "5"}, "Choose one of those"),
        ({"how": "each", "other_amount": "5"}, "Choose whose tip it is."),
    ],
)
def test_what_no_form_would_send_is_told_and_sets_nothing(till, order, data, message):
    response = till.add("tip", **data)
    assert response.status_code == 422
    assert message in says(response)
    assert tips_of(order) == {}


def test_a_stale_sheet_is_told(till, order, desk):
    act = till.act(how="total", total="9")
    till.add("custom", description="Extra", amount="10")
    response = till.send("add_line", act, kind="tip")
    assert response.status_code == 409
    assert tips_of(order) == {}


def test_a_form_sent_twice_sets_one_tip(till, order):
    act = till.act(how="percent", percent="20")
    for _ in range(2):
        assert till.send("add_line", act, kind="tip").status_code == 200
    assert tips_of(order) == {"Maya": "17.00"}


def test_credit_says_that_the_tip_is_paid_another_way(till, order, desk):
    make_credit(order.client, 200)
    till.add("tip", how="percent", percent="20")
    panel = plain(till.get("pay", kind="credits").content.decode())
    assert "Tip for Maya has to be paid another way." in panel
    till.pay("credits", amount="93.50")
    assert "Tip for Maya has to be paid another way. Account credit does not" in plain(till.page())
    BusinessSettings.objects.update(tips_from_balance=True)
    till.add("tip", how="percent", percent="25")
    assert "has to be paid another way" not in plain(till.page())


def test_the_receipt_names_the_tip_below_the_tax(till, order, desk):
    share_tip(order=order, total=dollars(17), desk=desk)
    pay(order, "card", "110.50", desk)
    close_order(order=order, desk=desk)
    page = plain(till.get("receipt").content.decode())
    assert "Subtotal $85.00" in page
    assert "$8.50 Tip for Maya $17.00 Total $110.50" in page


def test_the_refund_page_leaves_the_tip_unticked_and_says_so(till, order, desk):
    share_tip(order=order, total=dollars(17), desk=desk)
    pay(order, "card", "110.50", desk)
    close_order(order=order, desk=desk)
    tip = order.lines.get(kind="tip")
    for query in ({}, {"all": ""}):
        html = till.browser.get(till.url("refund"), query).content.decode()
        assert f'id="pick_line_{tip.pk}">' in html
        assert f'id="pick_line_{tip.pk}" checked' not in html
        assert "Goes back only when you tick it" in html
        assert "Choose all but tips" in html
        assert "Refund $93.50" in html
    card = order.tenders.get()
    html = till.browser.get(till.url("refund"), {"payment": card.pk}).content.decode()
    assert "$17.00 of it paid tips" in html


def test_the_sheet_costs_a_fixed_number_of_queries(
    till, order, desk, theo, django_assert_max_num_queries
):
    for _ in range(3):
        add_service(order=order, service=make_service("Trim", 15), staff=theo, desk=desk)
    share_tip(order=order, total=dollars(17), desk=desk, uuid=uuid.uuid4())
    with django_assert_max_num_queries(30):
        till.get("add_line", kind="tip")
