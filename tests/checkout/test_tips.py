"""Tips: lines of their own by staff member, owed to them, refunded only when named."""

import uuid
from decimal import Decimal

import pytest

from checkout import tips
from checkout.closing import close_order
from checkout.errors import CannotAllocate, Refused, StaleOrder
from checkout.lines import add_custom, add_product, remove_line
from checkout.models import LineItem
from checkout.refundable import Refundable
from checkout.refunding import refund_lines, refund_tender
from checkout.tips import set_tips, share_tip
from checkout.voiding import void_order
from ledger import accounts
from ledger.models import Account, Posting
from salon.models import BusinessSettings
from tests.checkout.helpers import books, has, pay, remaining, sale_of, tips_of
from tests.factories import (
    dollars,
    make_credit,
    make_desk,
    make_product,
    make_role,
    make_staff,
    make_tax_rate,
)
from tests.ledger.books import assert_trial_balance, assert_well

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(desk, clara, maya):
    """Clara's cut with Maya, $85.00."""
    return sale_of(desk, clara, (85, maya))


def owed_to(staff):
    """Cents of tips that the salon owes to somebody."""
    account = Account.objects.filter(name=accounts.tips(staff)).first()
    return -sum(Posting.objects.filter(account=account).values_list("amount", flat=True))


def allow_tips_from_balance(on=True):
    BusinessSettings.objects.update(tips_from_balance=on)


# --- Worked examples --------------------------------------------------------------------------


def test_a_tip_on_the_card_is_owed_to_maya_and_is_no_income(desk, clara, maya):
    order = sale_of(desk, clara, (85, maya), tax_rate=make_tax_rate("10"))
    share_tip(order=order, total=dollars(17), desk=desk)
    assert remaining(order) == dollars("110.50")
    pay(order, "card", "110.50", desk)
    close_order(order=order, desk=desk)
    assert_trial_balance(
        debit={"card": "110.50"}, credit={"income": "85.00", "tax": "8.50", "tips": "17.00"}
    )
    assert owed_to(maya) == 1700
    assert_well()


def test_a_tip_for_two_is_shared_by_what_their_services_cost(desk, clara, maya, theo):
    order = sale_of(desk, clara, (100, maya), (50, theo))
    share_tip(order=order, total=dollars("20.00"), desk=desk)
    # 13.333 and 6.667: the cent goes where the remainder is largest.
    assert tips_of(order) == {"Maya": "13.33", "Theo": "6.67"}
    pay(order, "cash", 170, desk)
    close_order(order=order, desk=desk)
    assert (owed_to(maya), owed_to(theo)) == (1333, 667)
    assert books() == {"cash": 17000, "income": -15000, "tips": -2000}
    assert_well()


def test_credit_pays_the_services_and_not_the_tip(desk, clara, maya, order):
    make_credit(clara, 200)
    share_tip(order=order, total=dollars(17), desk=desk)
    with pytest.raises(Refused, match=r"at most \$85\.00.*Tip for Maya has to be paid another way"):
        pay(order, "credits", 102, desk)
    pay(order, "credits", 85, desk)
    with pytest.raises(Refused, match=r"at most \$0\.00.*Tip for Maya has to be paid another way"):
        pay(order, "credits", 17, desk)
    pay(order, "cash", 17, desk)
    close_order(order=order, desk=desk)
    tip = order.lines.get(kind="tip")
    assert [a.tender.kind for a in tip.allocations.all()] == ["cash"]
    assert has(clara, desk).available == dollars(115)
    assert_well()


def test_credit_pays_the_tip_where_the_owner_allows_it(desk, clara, maya, order):
    allow_tips_from_balance()
    make_credit(clara, 200)
    share_tip(order=order, total=dollars(17), desk=desk)
    pay(order, "credits", 102, desk)
    close_order(order=order, desk=desk)
    assert_trial_balance(
        debit={"opening": "200.00"},
        credit={"client_credit": "98.00", "income": "85.00", "tips": "17.00"},
    )
    assert_well()


def test_a_location_may_say_otherwise_than_the_business(desk, clara, maya, order):
    make_credit(clara, 200)
    desk.location.tips_from_balance = True
    share_tip(order=order, total=dollars(17), desk=desk)
    assert order.lines.get(kind="tip").refuses == ""
    desk.location.tips_from_balance = False
    allow_tips_from_balance()
    share_tip(order=order, total=dollars(18), desk=desk)
    assert "credits" in order.lines.get(kind="tip").refused


def test_credit_for_services_only_never_pays_a_tip(desk, clara, maya, order):
    allow_tips_from_balance()
    make_credit(clara, 200, source="goodwill", restriction="services")
    share_tip(order=order, total=dollars(17), desk=desk)
    with pytest.raises(Refused, match=r"\$85\.00 available"):
        pay(order, "credits", 102, desk)


def test_what_may_pay_a_tip_is_settled_when_it_is_set(desk, clara, maya, order):
    allow_tips_from_balance()
    make_credit(clara, 200)
    share_tip(order=order, total=dollars(17), desk=desk)
    allow_tips_from_balance(on=False)
    pay(order, "credits", 102, desk)
    assert remaining(order) == dollars(0)
    # Setting the same tip again asks the setting again.
    share_tip(order=order, total=dollars(17), desk=desk)
    with pytest.raises(CannotAllocate, match=r"Credits may not pay \$17\.00.*Tip for Maya has"):
        close_order(order=order, desk=desk)
    assert remaining(order) == dollars(0)


def test_a_void_gives_a_tip_back_with_the_rest(desk, clara, order):
    share_tip(order=order, total=dollars(17), desk=desk)
    pay(order, "card", 102, desk)
    void_order(order=order, desk=desk, reason="Rang up twice")
    assert books() == {}
    assert_well()


# --- Refunds ----------------------------------------------------------------------------------


@pytest.fixture
def closed(desk, order):
    """$85.00 and a tip of $17.00, all on one card."""
    share_tip(order=order, total=dollars(17), desk=desk)
    pay(order, "card", 102, desk)
    return close_order(order=order, desk=desk)


def refund_card(order, amount, desk):
    return refund_tender(
        tender=order.tenders.get(), amount=dollars(amount), destination="card", desk=desk,
        uuid=uuid.uuid4(),
    )  # fmt: skip


def test_refunding_a_payment_leaves_its_tip_alone(desk, closed, maya):
    refundable = Refundable(closed)
    tender = closed.tenders.get()
    assert refundable.of_tender(tender) == dollars(85)
    assert refundable.by_name_only(tender) == dollars(17)
    with pytest.raises(Refused, match=r"Only \$85\.00"):
        refund_card(closed, 102, desk)
    refund_card(closed, 85, desk)
    assert books() == {"card": 1700, "tips": -1700}
    with pytest.raises(Refused, match=r"Only \$0\.00"):
        refund_card(closed, 1, desk)
    assert_well()


def test_a_part_of_a_payment_never_touches_the_tip(desk, closed, maya):
    refund_card(closed, "33.33", desk)
    assert books() == {"card": 6867, "income": -5167, "tips": -1700}


def test_a_tip_is_refunded_when_its_line_is_named(desk, closed, maya):
    tip = closed.lines.get(kind="tip")
    key = uuid.uuid4()
    for _ in range(2):
        refund_lines(order=closed, amounts={tip: dollars(7)}, destinations={}, desk=desk, uuid=key)
    assert owed_to(maya) == 1000
    assert books() == {"card": 9500, "income": -8500, "tips": -1000}
    with pytest.raises(Refused, match=r"Only \$10\.00"):
        refund_lines(
            order=closed, amounts={tip: dollars(17)}, destinations={}, desk=desk, uuid=uuid.uuid4()
        )
    assert_well()


def test_a_tip_that_credit_paid_goes_back_as_credit(desk, clara, order):
    allow_tips_from_balance()
    make_credit(clara, 102)
    share_tip(order=order, total=dollars(17), desk=desk)
    pay(order, "credits", 102, desk)
    closed = close_order(order=order, desk=desk)
    tip = closed.lines.get(kind="tip")
    refund_lines(
        order=closed, amounts={tip: dollars(17)}, destinations={}, desk=desk, uuid=uuid.uuid4()
    )
    assert has(clara, desk).available == dollars(17)
    assert_well()


# --- Setting them -----------------------------------------------------------------------------


def test_a_percentage_is_of_services_only_after_discounts_and_before_tax(desk, clara, maya):
    order = sale_of(desk, clara, (85, maya), tax_rate=make_tax_rate("10"))
    add_product(order=order, product=make_product(price=30), desk=desk)
    add_custom(order=order, description="Extra", amount=dollars(10), desk=desk)
    lines = list(order.lines.select_related("staff"))
    assert tips.basis(lines) == dollars(85)
    assert tips.by_percent(Decimal(20), lines) == dollars(17)
    # Half a cent is rounded up: 18 % of $85.25 is $15.345.
    lines[0].amount = dollars("85.25")
    assert tips.by_percent(Decimal(18), lines) == dollars("15.35")


def test_setting_them_again_replaces_them(desk, order, maya, theo):
    set_tips(order=order, tips={maya: dollars(10), theo: dollars(5)}, desk=desk)
    set_tips(order=order, tips={theo: dollars(8)}, desk=desk)
    assert tips_of(order) == {"Theo": "8.00"}
    share_tip(order=order, total=dollars(0), desk=desk)
    assert tips_of(order) == {}


def test_a_tip_set_twice_by_one_form_is_one_tip(desk, order, maya):
    key, revision = uuid.uuid4(), order.revision
    order.refresh_from_db()
    revision = order.revision
    for _ in range(2):
        share_tip(order=order, total=dollars(17), desk=desk, uuid=key, revision=revision)
    assert order.lines.filter(kind="tip").count() == 1
    order.refresh_from_db()
    assert order.revision == revision + 1


def test_a_page_older_than_the_sale_is_told(desk, order, maya):
    order.refresh_from_db()
    seen = order.revision
    add_custom(order=order, description="Extra", amount=dollars(10), desk=desk)
    with pytest.raises(StaleOrder, match="Nothing was done"):
        set_tips(order=order, tips={maya: dollars(5)}, desk=desk, revision=seen)
    assert tips_of(order) == {}


def test_a_form_of_another_sale_sets_nothing(desk, clara, order, maya):
    key = uuid.uuid4()
    set_tips(order=order, tips={maya: dollars(5)}, desk=desk, uuid=key)
    other = sale_of(desk, clara, (30, maya))
    with pytest.raises(Refused, match="used before"):
        set_tips(order=other, tips={maya: dollars(5)}, desk=desk, uuid=key)


def test_where_nobody_gave_a_service_somebody_has_to_be_named(desk, clara, maya):
    order = sale_of(desk, clara, (85, None))
    with pytest.raises(Refused, match="Choose whose tip it is"):
        share_tip(order=order, total=dollars(17), desk=desk)
    set_tips(order=order, tips={maya: dollars(17)}, desk=desk)
    assert tips_of(order) == {"Maya": "17.00"}


def test_a_service_that_nobody_is_named_for_counts_and_its_tip_goes_to_the_others(
    desk, clara, maya
):
    order = sale_of(desk, clara, (85, maya), (15, None))
    lines = list(order.lines.select_related("staff"))
    assert tips.basis(lines) == dollars(100)
    assert tips.shares(dollars(20), lines) == {maya: dollars(20)}


def test_services_that_cost_nothing_share_a_tip_evenly(desk, clara, maya, theo):
    order = sale_of(desk, clara, (0, maya), (0, theo))
    assert tips.shares(dollars("5.01"), order.lines.select_related("staff")) == {
        maya: dollars("2.51"),
        theo: dollars("2.50"),
    }


def test_what_no_form_would_send_is_refused(desk, order, maya, theo):
    with pytest.raises(Refused, match="below zero"):
        set_tips(order=order, tips={maya: dollars("-5")}, desk=desk)
    with pytest.raises(Refused, match="Check the amount"):
        set_tips(order=order, tips={maya: dollars("1000000.01")}, desk=desk)
    theo.is_active = False
    with pytest.raises(Refused, match="no longer works here"):
        set_tips(order=order, tips={theo: dollars(5)}, desk=desk)
    maya.is_active = False
    set_tips(order=order, tips={maya: dollars(5)}, desk=desk)
    assert tips_of(order) == {"Maya": "5.00"}


def test_who_may_not_modify_sales_sets_no_tip(desk, order, maya):
    reader = make_desk(make_staff("Reader", role=make_role("Nobody")), desk.location)
    with pytest.raises(Refused, match="Your role may not"):
        set_tips(order=order, tips={maya: dollars(5)}, desk=reader)
    with pytest.raises(Refused, match="Your role may not"):
        share_tip(order=order, total=dollars(5), desk=reader)


def test_a_closed_sale_takes_no_tip(desk, closed, maya):
    with pytest.raises(StaleOrder, match="already closed"):
        share_tip(order=closed, total=dollars(30), desk=desk)


def test_the_service_may_go_and_the_tip_stays(desk, order, maya):
    share_tip(order=order, total=dollars(17), desk=desk)
    remove_line(line=order.lines.get(kind="service"), desk=desk)
    assert tips_of(order) == {"Maya": "17.00"}
    assert LineItem.objects.get(order=order).tax == dollars(0)


def test_the_example_of_the_documentation(desk, clara, maya, theo):
    make_credit(clara, 150)
    order = sale_of(desk, clara, (100, maya), (50, theo))
    lines = order.lines.select_related("staff")
    share_tip(order=order, total=tips.by_percent(Decimal(20), lines), desk=desk)
    assert tips_of(order) == {"Maya": "20.00", "Theo": "10.00"}
    pay(order, "credits", 150, desk)
    pay(order, "cash", 30, desk)
    close_order(order=order, desk=desk)
    assert (owed_to(maya), owed_to(theo)) == (2000, 1000)
    assert Refundable(order).of_tender(order.tenders.get(kind="cash")) == dollars(0)
    assert_trial_balance(
        debit={"opening": "150.00", "cash": "30.00"}, credit={"income": "150.00", "tips": "30.00"}
    )
    assert_well()
