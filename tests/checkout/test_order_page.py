"""The order page: what it shows, what it asks of the database, closing, and the second till."""

import re
import uuid

import pytest
from django.contrib.auth.models import Permission
from django.test import Client as Browser
from django.urls import reverse
from pytest_django.asserts import assertNumQueries

from checkout import line_kinds, offering, tender_kinds
from checkout.closing import close_order
from checkout.forms.lines import CustomForm
from checkout.line_kinds import IncomeLine
from checkout.lines import add_custom
from checkout.models import CustomPayment, Order
from checkout.offering import Button, LineOffer
from checkout.opening import open_order
from checkout.voiding import void_order
from ledger import accounts
from salon.models import BusinessSettings
from tests.checkout.helpers import order_with, pay, sell_credit
from tests.checkout.till import HTMX, Till, says
from tests.factories import (
    dollars,
    make_appointment,
    make_client,
    make_credit,
    make_debt,
    make_desk,
    make_product,
    make_role,
    make_staff,
    make_tax_rate,
)

pytestmark = pytest.mark.django_db

FRAME = 6
"""Session, person, two for permissions, locations, till: every page of the desk asks these."""
DRAWN = 2
"""The business's name and the person's role, where the frame is drawn."""


@pytest.fixture
def desk():
    return make_desk("Jo")


@pytest.fixture
def order(desk, clara):
    return order_with(desk, clara, service=85, product=30)


@pytest.fixture
def till(order, desk):
    return Till(order, desk.staff)


# --- What it shows -----------------------------------------------------------------------------


def test_an_order_shows_its_client_lines_sums_and_what_remains(desk, clara):
    make_credit(clara, 115)
    order = order_with(desk, clara, service=85, product=30, tax_rate=make_tax_rate("10"))
    pay(order, "cash", 20, desk)
    text = says(Till(order, desk.staff, htmx=False).get())
    for part in (
        f"Sale #{order.number}",
        "Clara Nuñez",
        '$115.00 <span class="amount-word">credit',
        "tax $8.50",
        "<dt>Subtotal</dt><dd>$115.00</dd>",
        "<dt>Sales tax 10 %</dt><dd>$11.50</dd>",
        "<dt>Total</dt><dd>$126.50</dd>",
        "−$20.00",
        "$106.50",
    ):
        assert part in text


def test_an_empty_order_says_what_to_do(desk):
    text = says(Till(open_order(desk=desk), desk.staff).get())
    assert "Nothing on this sale yet" in text
    assert "Payments open once something is on the sale." in text
    assert "Close sale" not in text


def test_a_client_who_owes_is_shown_owing(desk):
    ben = make_client("Ben Okafor")
    make_debt(ben, 12)
    page = Till(open_order(desk=desk, client=ben), desk.staff).page()
    assert '<span class="amount-word">owes</span> $12.00' in page


def test_who_may_not_see_balances_sees_none_beside_the_name(desk, clara):
    make_credit(clara, 115)
    role = make_role("Till only")
    role.permissions.set([Permission.objects.get(codename="modify_sales")])
    sam = make_staff("Sam", role, location=desk.location)
    page = Till(open_order(desk=desk, client=clara), sam).page()
    assert "Clara Nuñez" in page
    assert "$115.00" not in page


def test_a_service_whose_staff_member_is_not_said_stands_out(till):
    assert "Who gave it is not said yet" in till.page()


def test_with_balances_off_there_is_no_word_of_credit(till, clara):
    make_credit(clara, 115)
    BusinessSettings.objects.update(client_account_balances=False)
    page = till.page()
    assert "$115.00 available" not in page
    assert "Account Credits" not in page
    assert "Credits" not in page


def test_balances_are_off_at_one_location_only(till, clara, desk):
    make_credit(clara, 115)
    desk.location.client_account_balances = False
    desk.location.save()
    assert "Credits" not in till.page()


def test_void_is_offered_to_who_may(till, order):
    address = till.url("void")
    assert address not in till.page()
    assert address in Till(order, make_staff("Marcus", location=order.location)).page()


def test_keys_are_on_the_buttons(till):
    page = till.page()
    for key in "spamcwdkh":
        assert page.count(f'data-key-press="{key}"') <= 1
    for key in ("s", "p", "a", "m", "w", "k", "d", "h"):
        assert f'data-key-press="{key}"' in page


def test_a_closed_and_a_voided_order_show_what_was_made(order, desk):
    pay(order, "cash", 115, desk)
    close_order(order=order, desk=desk)
    page = Till(order, desk.staff).page()
    assert "Close sale" not in page
    assert "Closed" in page
    marcus = make_desk("Marcus", location=desk.location)
    voided = void_order(order=order_with(desk, service=5), desk=marcus, reason="Rang up twice")
    assert "Voided" in Till(voided, desk.staff).page()


def test_an_order_that_is_not_there(till):
    address = reverse("checkout:order", args=[uuid.uuid4()])
    assert till.browser.get(address).status_code == 404
    assert till.browser.get("/sales/1/").status_code == 404


def test_nothing_of_it_is_shown_without_logging_in(order):
    answer = Browser().get(reverse("checkout:order", args=[order.uuid]))
    assert answer.url.startswith(reverse("login"))


# --- Other floors' kinds -----------------------------------------------------------------------


@pytest.fixture
def fee(monkeypatch):
    """A kind of line that an upper floor adds, with its button."""

    class FeeOffer(LineOffer):
        kind = "parking"
        template = "checkout/_add_custom.html"
        form = CustomForm

        def buttons(self, page):
            return [Button("Late fee", "plus", key="l")]

        def add(self, page, form):
            line = add_custom(
                order=page.order,
                description=form.cleaned_data["description"],
                amount=form.cleaned_data["amount"],
                desk=page.desk,
                **form.identity,
            )
            line.kind = "parking"
            line.save()
            return line

    monkeypatch.setattr(line_kinds, "KINDS", line_kinds.KINDS.copy())
    monkeypatch.setattr(offering, "LINE_KINDS", line_kinds.KINDS)
    monkeypatch.setattr(offering, "_lines", offering._lines.copy())
    line_kinds.register(IncomeLine("parking", "Parking", accounts.income("parking")))
    offering.offer_line(FeeOffer())


def test_a_kind_that_another_floor_registers_is_on_the_page_and_can_be_added(till, fee):
    page = till.page()
    assert "Late fee" in page
    assert 'data-key-press="l"' in page
    assert "What for" in says(till.get("add_line", kind="parking"))
    assert till.add("parking", description="Came late", amount="10").status_code == 200
    assert till.lines()[-1] == ("Came late", "$10.00")


def test_only_registered_kinds_are_offered():
    class Nothing(LineOffer):
        kind = "nothing"

        def buttons(self, page):
            return []

        def add(self, page, form):
            return []

    with pytest.raises(ValueError, match="not registered"):
        offering.offer_line(Nothing())
    # A fee comes onto a sale from its visit alone.
    assert {offer.kind for offer in offering.line_offers()} == set(line_kinds.KINDS) - {"fee"}
    assert {offer.kind for offer in offering.payment_offers()} == set(tender_kinds.KINDS)


# --- What it asks -------------------------------------------------------------------------------


def test_a_full_page_asks_as_much_as_a_short_one(desk, clara):
    make_credit(clara, 1000)
    CustomPayment.objects.create(name="Voucher")
    short = order_with(desk, clara, service=85)
    full = order_with(desk, clara, service=85)
    for number in range(13):
        Till(full, desk.staff).add("product", product=make_product(f"Product {number}").pk)
    for _ in range(4):
        pay(full, "cash", 10, desk)
    # Order, lines, their taxes, discounts, payments, the toggle, what Clara has, its lots, its
    # stand, custom payments.
    for order in (short, full):
        till = Till(order, desk.staff)
        till.page()
        with assertNumQueries(FRAME + DRAWN + 11):
            till.page()


def test_a_credits_payment_costs_two_queries_more(till, clara, desk, order):
    make_credit(clara, 1000)
    pay(order, "credits", 10, desk)
    till.page()
    with assertNumQueries(FRAME + DRAWN + 13):
        till.page()
    pay(order, "credits", 20, desk)
    with assertNumQueries(FRAME + DRAWN + 13):
        till.page()


def test_closing_three_lines_and_two_payments_over_http_takes_few_queries(
    desk, clara, django_assert_max_num_queries
):
    make_credit(clara, 50)
    rate = make_tax_rate("10")
    order = order_with(desk, clara, service=85, product=30, custom=10, tax_rate=rate)
    Order.objects.filter(pk=order.pk).update(appointment=make_appointment(client=clara))
    pay(order, "credits", 50, desk)
    pay(order, "cash", "86.50", desk)
    till = Till(order, desk.staff)
    till.page()
    form = till.act()
    with django_assert_max_num_queries(25):
        answer = till.send("close", form)
    assert answer["HX-Redirect"] == till.url("closed")
    order.refresh_from_db()
    assert order.status == Order.Status.CLOSED


# --- Closing ------------------------------------------------------------------------------------


def test_closing_leads_to_change_receipt_and_the_balance_of_now(desk, clara):
    make_credit(clara, 100)
    order = order_with(desk, clara, service=85)
    pay(order, "credits", 60, desk)
    pay(order, "cash", 25, desk, cash_given=dollars(30))
    till = Till(order, desk.staff)
    assert till.close()["HX-Redirect"] == till.url("closed")
    text = says(till.get("closed"))
    credit = '$40.00 <span class="amount-word">credit'
    for part in ("Change due", "$5.00", "Clara Nuñez", credit, "New sale"):
        assert part in text
    assert till.url("receipt") in text
    assert till.url("email_receipt") in text


def test_the_outcome_names_whom_the_sale_credited(desk, clara):
    order = sell_credit(clara, 60, desk, payer=make_client("Ines Duarte"))
    text = says(Till(order, desk.staff).get("closed"))
    assert "$60.00 account credit added" in text
    assert '$60.00 <span class="amount-word">credit' in text


def test_the_outcome_of_an_open_order_is_the_order(till):
    assert till.get("closed").url == till.url()


def test_pressing_close_twice_closes_once(till, order, desk):
    pay(order, "cash", 115, desk)
    form = till.act()
    for _ in range(2):
        assert till.send("close", form)["HX-Redirect"] == till.url("closed")


def test_an_order_with_something_left_to_pay_stays_open(till, order, desk):
    pay(order, "cash", 100, desk)
    answer = till.close()
    assert answer.status_code == 422
    assert answer["HX-Retarget"] == "#sale"
    assert "$15.00 remains to be paid. The sale stays open." in says(answer)
    order.refresh_from_db()
    assert order.is_open


def test_an_order_that_was_paid_too_much_stays_open(till, order, desk):
    pay(order, "cash", 115, desk)
    till.remove(order.lines.get(kind="product"))
    answer = till.close()
    assert "$30.00 more was paid than the sale costs." in says(answer)


def test_an_empty_order_is_not_closed(desk):
    till = Till(open_order(desk=desk), desk.staff)
    assert "There is nothing on this sale yet." in says(till.close())


def test_closing_a_stale_page_is_told(till, order, desk):
    pay(order, "cash", 115, desk)
    form = till.act()
    till.add("product", product=make_product("Comb", 0).pk)
    answer = till.send("close", form)
    assert answer.status_code == 409
    assert "was changed at another till" in says(answer)


def test_closing_without_a_revision_does_nothing(till, order, desk):
    pay(order, "cash", 115, desk)
    answer = till.send("close", {})
    assert answer.status_code == 422
    assert "came in incomplete" in says(answer)
    order.refresh_from_db()
    assert order.is_open


def test_credit_for_services_whose_service_was_removed_has_no_place(desk, clara):
    make_credit(clara, 40, source="goodwill", restriction="services")
    order = order_with(desk, clara, service=40, product=40)
    pay(order, "credits", 40, desk)
    till = Till(order, desk.staff)
    till.remove(order.lines.get(kind="service"))
    answer = till.close()
    assert answer.status_code == 422
    assert "of the applied credit is for services only" in says(answer)


def test_closing_is_a_press_not_an_address(till):
    assert till.get("close").status_code == 405


# --- The second till ----------------------------------------------------------------------------


def seen(till: Till) -> dict[str, str]:
    """What the page asks with: the revision and the stand that it shows."""
    context = till.browser.get(till.url()).context
    return {"revision": context["order"].revision, "stand": context["page"].stand}


def test_the_light_question_answers_nothing_while_nothing_changed(till):
    query = seen(till)
    with assertNumQueries(FRAME + 2):
        answer = till.get("state", query)
    assert (answer.status_code, answer.content) == (204, b"")


def test_the_light_question_leaves_a_gift_cards_code_out_of_its_address(till):
    [left_out] = re.findall(r'id="watch"[^>]* hx-params="not ([^"]*)"', till.page())
    assert "code" in left_out.split(",")


def test_the_light_question_shows_what_another_till_changed(till, desk):
    query = seen(till)
    Till(till.order, desk.staff).add("product", product=make_product("House comb", 6).pk)
    answer = till.get("state", query)
    assert answer.status_code == 200
    text = says(answer)
    assert "This sale was changed at another till. This is how it stands now." in text
    assert "House comb" in text
    assert "<html" not in text


def test_the_light_question_tells_of_credit_that_was_used_elsewhere(till, desk, clara):
    make_credit(clara, 115)
    query = seen(till)
    other = order_with(desk, clara, service=40)
    pay(other, "credits", 40, desk)
    text = says(till.get("state", query))
    assert f"$40.00 of this balance was just used on sale #{other.number}." in text
    assert "$75.00 is available now." in text
    assert "$75.00 available" in text


def test_an_open_panel_keeps_what_was_typed_and_lets_the_rest_follow(till, desk, clara):
    query = seen(till) | {"panel": "cash", "amount": "115.00", "given": "120"}
    query |= {"prefilled_amount": "115.00", "prefilled_given": "115.00"}
    Till(till.order, desk.staff).pay("card", amount="15")
    form = till.get("state", query).context["panel"]["form"]
    assert form["given"].value() == "120"
    assert form["amount"].value() == dollars(100)


def test_an_open_credits_panel_goes_when_balances_are_switched_off(till, clara):
    make_credit(clara, 115)
    query = seen(till) | {"panel": "credits", "amount": "40"}
    assert till.get("state", query).status_code == 204
    BusinessSettings.objects.update(client_account_balances=False)
    answer = till.get("state", query)
    assert answer.context["panel"] is None
    assert "Client Account Balances were switched off here" in says(answer)
    refused = till.pay("credits", amount="40")
    assert refused.status_code in (409, 422)
    assert till.payments() == []


def test_a_forged_credits_panel_of_a_walk_in_is_no_fault(desk):
    till = Till(order_with(desk, None, service=85), desk.staff)
    BusinessSettings.objects.update(client_account_balances=False)
    answer = till.get("state", seen(till) | {"panel": "credits", "amount": "40"})
    assert answer.status_code == 200
    assert answer.context["panel"] is None


@pytest.mark.parametrize("query", [{}, {"revision": "x", "stand": "y", "panel": "moon"}])
def test_the_light_question_forgives_nonsense(till, query):
    assert till.get("state", query).status_code == 200


def test_the_light_question_leads_away_from_an_order_that_is_closed(till, order, desk):
    query = seen(till)
    pay(order, "cash", 115, desk)
    close_order(order=order, desk=desk)
    answer = till.browser.get(till.url("state"), query, headers=HTMX)
    assert answer["HX-Redirect"] == till.url()
