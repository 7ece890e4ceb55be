"""Sales, receipts, refunds and voids, walked in a browser."""

import uuid

import pytest
from playwright.sync_api import Page, expect
from procrastinate.contrib.django.models import ProcrastinateJob

from checkout.closing import close_order
from checkout.models import Order
from checkout.refunding import refund_lines
from tests.checkout.helpers import books, has, order_with, pay, remaining, sell_credit
from tests.factories import dollars, make_client, make_credit, make_desk, make_tax_rate
from tests.harness.browser import Wire, arrive, is_clean, log_in, press
from tests.ledger.books import assert_well

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_desk):
    return make_desk("Marcus")


@pytest.fixture
def clara(desk):
    return make_client("Clara Nuñez")


@pytest.fixture
def sold(desk, clara):
    """$85 service and $30 product with tax, paid with $40 credit and the rest in cash."""
    make_credit(clara, 100)
    order = order_with(desk, clara, service=85, product=30, tax_rate=make_tax_rate("10"))
    pay(order, "credits", 40, desk)
    pay(order, "cash", remaining(order), desk, cash_given=dollars(100))
    return close_order(order=order, desk=desk)


@pytest.fixture
def web(page: Page, desk) -> Page:
    """A page that is logged in, and says nothing in its console that it should not."""
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    yield log_in(page, "Marcus")
    # A refused form answers 422 or 409, and htmx notes each request that a newer one replaced.
    expected = ("422", "409", "htmx:afterRequest", "htmx:sendAbort")
    assert [said for said in problems if not any(word in said for word in expected)] == []


def outcome(page: Page):
    return page.locator("#outcome")


def test_a_sale_is_found_and_a_part_of_a_line_refunded_twice(web, desk, clara, sold):
    press(web, "g")
    press(web, "s")
    arrive(web.get_by_role("heading", name="Sales", exact=True))
    web.get_by_label("Sale number, client or date").fill("clara")
    expect(web.locator("#sales").get_by_role("heading", name="Found")).to_be_visible()
    is_clean(web)
    web.get_by_role("link", name=f"#{sold.number}").click()
    arrive(web.get_by_role("heading", name=f"Sale #{sold.number}"))
    is_clean(web)
    press(web, "r")
    expect(outcome(web)).to_contain_text("Choose what to refund")
    web.wait_for_load_state()

    web.get_by_label("Service at 85").first.check()
    expect(outcome(web)).to_contain_text("Refund $93.50")
    amount = web.get_by_label("Amount to refund for Service at 85")
    amount.fill("40.00")
    expect(outcome(web).get_by_role("button")).to_have_text("Refund $40.00")
    expect(outcome(web)).to_contain_text("$12.65 returns to Clara Nuñez’s account credit.")
    expect(outcome(web)).to_contain_text("$27.35 in cash from Front till.")
    is_clean(web)
    outcome(web).get_by_label("Account balance").check()
    expect(outcome(web)).to_contain_text("$27.35 goes to Clara Nuñez’s account balance.")
    expect(outcome(web)).to_contain_text("$100.00 credit")
    web.get_by_label("Reason").fill("Too short")
    outcome(web).get_by_role("button", name="Refund $40.00").click()
    expect(web.get_by_text("Refunded $40.00: $12.65 to account credit")).to_be_visible()
    expect(web.get_by_text("Closed (Partly refunded)")).to_be_visible()
    assert has(clara, desk).available == dollars(100)

    web.get_by_role("link", name="Refund", exact=True).click()
    arrive(web.get_by_role("link", name="Choose all"))
    web.get_by_role("link", name="Choose all").click()
    outcome(web).get_by_role("button", name="Refund $86.50").click()
    expect(web.get_by_text("Closed (Refunded)")).to_be_visible()
    assert books()["cash"] == 2735
    assert_well()


def test_a_wrong_amount_is_told_beside_it_while_typing_and_kept_when_sent(web, sold):
    web.goto(f"/sales/{sold.uuid}/refund/")
    web.get_by_label("Olaplex Product at 30").first.check()
    amount = web.get_by_label("Amount to refund for Olaplex Product at 30")
    amount.fill("33.01")
    expect(web.get_by_text("Only $33.00 of this can go back.")).to_be_visible()
    expect(outcome(web)).to_contain_text("look at what is marked in red")
    expect(amount).to_be_focused()
    amount.press("Enter")
    arrive(web.get_by_role("heading", name="Nothing was refunded"))
    expect(web.get_by_role("alert").first).to_contain_text("Only $33.00 of this can go back.")
    expect(amount).to_have_value("33.01")
    web.get_by_role("button", name="All $33.00").click()
    expect(outcome(web)).to_contain_text("Refund $33.00")
    is_clean(web)


def test_enter_before_the_outcome_is_drawn_refunds_nothing_unseen(web, sold):
    outcomes = Wire(web, "**/preview/")
    web.goto(f"/sales/{sold.uuid}/refund/?all")
    expect(outcome(web)).to_contain_text("Refund $126.50")
    outcomes.takes = lambda route: None
    amount = web.get_by_label("Amount to refund for Service at 85")
    amount.fill("10.00")
    amount.press("Enter")
    expect(web.get_by_text("has changed since you looked, so nothing was done")).to_be_visible()
    expect(outcome(web)).to_contain_text("Refund $43.00")
    assert not sold.refunds.exists()


def test_the_other_tills_refund_is_told_before_anything_is_done(web, desk, sold):
    web.goto(f"/sales/{sold.uuid}/refund/?all")
    refund_lines(
        order=sold,
        amounts={sold.lines.get(kind="product"): dollars(33)},
        destinations={},
        desk=desk,
        uuid=uuid.uuid4(),
    )
    outcome(web).get_by_role("button", name="Refund $126.50").click()
    expect(web.get_by_role("alert").first).to_contain_text("Nothing was refunded")
    expect(web.get_by_role("alert").first).to_contain_text("has nothing left to refund")
    assert sold.refunds.count() == 1
    assert_well()


def test_a_walk_ins_cash_goes_to_the_balance_of_a_client_found_on_the_page(web, desk, clara):
    order = order_with(desk, None, product=30)
    pay(order, "cash", 30, desk)
    close_order(order=order, desk=desk)
    web.goto(f"/sales/{order.uuid}/refund/")
    web.get_by_label("A payment").check()
    web.get_by_label("Cash").first.check()
    outcome(web).get_by_label("Account balance").check()
    expect(outcome(web).get_by_role("button")).to_have_text("Choose a client first")
    find = outcome(web).get_by_label("Find a client")
    find.press_sequentially("nunez")
    outcome(web).get_by_label("Clara Nuñez").check()
    expect(find).to_have_value("nunez")
    is_clean(web)
    outcome(web).get_by_role("button", name="Refund $30.00").click()
    expect(web.get_by_text("Refunded $30.00 to account balance.")).to_be_visible()
    assert has(clara, desk).available == dollars(30)


def test_a_half_spent_top_up_says_what_it_was_spent_on(web, desk, clara):
    top_up = sell_credit(clara, 100, desk)
    visit = order_with(desk, clara, service=40)
    pay(visit, "credits", 40, desk)
    close_order(order=visit, desk=desk)
    web.goto(f"/sales/{top_up.uuid}/refund/")
    expect(web.get_by_role("link", name=f"sale #{visit.number}")).to_be_visible()
    expect(outcome(web)).to_contain_text("$60.00 is taken out of Clara Nuñez’s account credit.")
    is_clean(web)
    outcome(web).get_by_role("button", name="Refund $60.00").click()
    expect(web.get_by_text("Refunded $60.00 in cash.")).to_be_visible()
    assert has(clara, desk).is_empty


def test_a_receipt_is_looked_at_and_e_mailed(web, sold):
    web.goto(f"/sales/{sold.uuid}/")
    press(web, "p")
    arrive(web.get_by_text("Account balance after"))
    is_clean(web)
    web.evaluate("window.print = () => {}")
    web.get_by_role("button", name="Print 80 mm").click()
    assert web.evaluate("document.body.dataset.paper") == "roll"
    web.get_by_role("link", name="E-mail").click()
    expect(web.get_by_label("E-mail", exact=True)).to_have_value("clara@example.com")
    is_clean(web)
    web.get_by_role("button", name="Send receipt").click()
    expect(web.get_by_text("The receipt is on its way to clara@example.com.")).to_be_visible()
    assert ProcrastinateJob.objects.get().args["to"] == "clara@example.com"


def test_an_open_sale_is_voided_after_saying_what_goes_back(web, desk, clara):
    make_credit(clara, 40)
    order = order_with(desk, clara, service=85)
    pay(order, "credits", 40, desk)
    pay(order, "card", 20, desk, reference="Visa 4242")
    web.goto(f"/sales/{order.uuid}/void/")
    expect(web.get_by_text("The card terminal is not connected.")).to_be_visible()
    is_clean(web)
    web.get_by_role("button", name="Void and give back $60.00").click()
    expect(web.get_by_text("Say why the sale is voided.").first).to_be_visible()
    web.get_by_label("Reason").fill("Rang up twice")
    web.get_by_label("Reason").press("Enter")
    expect(web.get_by_text("$60.00 was given back.")).to_be_visible()
    assert Order.objects.get(pk=order.pk).status == Order.Status.VOIDED
    assert has(clara, desk).available == dollars(40)
    assert_well()
