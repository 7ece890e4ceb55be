"""Adding, changing and removing lines by the order page's forms, right ones and crafted ones."""

import uuid

import pytest
from django.utils import timezone

from checkout.closing import close_order
from checkout.models import LineItem
from checkout.opening import open_order
from salon.models import BusinessSettings
from tests.checkout.helpers import order_with, pay
from tests.checkout.till import Till, says
from tests.factories import (
    make_client,
    make_desk,
    make_location,
    make_product,
    make_service,
    make_staff,
    make_tax_rate,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk("Jo")


@pytest.fixture
def till(desk, clara):
    return Till(open_order(desk=desk, client=clara), desk.staff)


def test_a_service_is_added_with_who_gave_it(till):
    maya = make_staff("Maya")
    service = make_service("Cut & finish", 85, tax_rate=make_tax_rate("10"))
    answer = till.add("service", service=service.pk, staff=maya.pk)
    assert answer.status_code == 200
    assert answer["HX-Retarget"] == "#sale"
    assert "close-sheet" in answer["HX-Trigger-After-Swap"]
    line = till.order.lines.get()
    assert (line.staff, str(line.amount), str(line.tax)) == (maya, "$85.00", "$8.50")
    assert "$93.50" in says(answer)


def test_the_service_sheet_offers_the_catalog_by_category_and_the_providers_of_the_location(till):
    make_service("Cut & finish", 85)
    old = make_service("Perm", 60)
    old.archived_at = timezone.now()
    old.save()
    make_staff("Maya")
    make_staff("Theo", location=make_location("Old Town"))
    sheet = says(till.get("add_line", kind="service"))
    assert "Cut &amp; finish" in sheet
    assert "Perm" not in sheet
    assert "Maya" in sheet
    assert "Theo" not in sheet
    assert "Jo</span>" not in sheet


def test_the_staff_member_of_the_line_before_is_chosen_already(till):
    maya = make_staff("Maya")
    make_staff("Theo")
    till.add("service", service=make_service().pk, staff=maya.pk)
    sheet = till.get("add_line", kind="service")
    assert sheet.context["form"].initial["staff"] == maya.pk


def test_a_service_without_its_staff_member_is_refused(till):
    make_staff("Maya")
    answer = till.add("service", service=make_service().pk)
    assert answer.status_code == 422
    assert "Choose who gave it." in says(answer)
    assert till.lines() == []


def test_an_archived_service_is_refused(till):
    service = make_service("Perm", 60)
    service.archived_at = timezone.now()
    service.save()
    answer = till.add("service", service=service.pk, staff=make_staff("Maya").pk)
    assert answer.status_code == 422
    assert "Perm is no longer offered." in says(answer)
    assert till.lines() == []


@pytest.mark.parametrize("pk", ["", "0", "999999", "-1", "abc", "9" * 40, "1;drop", "1\x00"])
def test_a_service_that_is_not_there_is_refused_and_the_staff_member_stays_chosen(till, pk):
    maya = make_staff("Maya")
    answer = till.add("service", service=pk, staff=maya.pk)
    assert answer.status_code == 422
    assert "Choose" in says(answer)
    assert answer.context["form"]["staff"].value() == str(maya.pk)
    assert till.lines() == []


def test_a_staff_member_who_gives_no_services_is_refused(till):
    answer = till.add("service", service=make_service().pk, staff=make_staff("Jo").pk)
    assert answer.status_code == 422
    assert "Choose one of those that are offered." in says(answer)
    assert till.lines() == []


def test_a_product_is_found_by_brand_name_and_sku(till):
    make_product("No. 3 Hair Perfector", 30, brand="Olaplex", sku="850018802123")
    make_product("OI Oil", 46, brand="Davines", sku="8004608242185")
    for typed in ("olaplex", "perfector", "olap no. 3", "8500"):
        found = says(till.get("add_line", {"q": typed}, kind="product"))
        assert "No. 3 Hair Perfector" in found
        assert "OI Oil" not in found


def test_a_scanned_sku_and_enter_add_the_product(till):
    make_product("No. 3 Hair Perfector", 30, brand="Olaplex", sku="8500")
    make_product("Other", 31, brand="Olaplex", sku="85001")
    assert till.add("product", q="8500").status_code == 200
    assert till.lines() == [("Olaplex No. 3 Hair Perfector", "$30.00")]


def test_enter_on_words_that_several_products_match_asks_to_choose(till):
    make_product("Shampoo", 30)
    make_product("Dry shampoo", 22)
    answer = till.add("product", q="shampoo")
    assert answer.status_code == 422
    assert "Choose from the list." in says(answer)
    assert 'value="shampoo"' in says(answer)
    assert till.lines() == []


def test_enter_without_a_word_is_refused(till):
    make_product()
    assert "scan the barcode" in says(till.add("product", q=" "))
    assert till.lines() == []


def test_an_archived_product_is_refused(till):
    product = make_product("Old comb", 5, brand="")
    product.archived_at = timezone.now()
    product.save()
    answer = till.add("product", product=product.pk)
    assert "Old comb is no longer offered." in says(answer)
    assert till.lines() == []


def test_a_custom_amount_with_tax(till):
    rate = make_tax_rate("8.875")
    till.add("custom", description="Head massage", amount="$1,040.00", tax_rate=rate.pk)
    assert till.lines() == [("Head massage", "$1,132.30")]


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        ("", "Enter an amount"),
        ("-5", "without a minus"),
        ("0", "above zero"),
        ("0.00", "above zero"),
        ("12.345", "at most 2 digits"),
        ("1e5", "Enter an amount like"),
        ("NaN", "Enter an amount like"),
        ("Infinity", "Enter an amount like"),
        ("forty", "Enter an amount like"),
        ("99999999999999999999", "at most $1,000,000"),
        ("1000000.01", "at most $1,000,000"),
    ],
)
@pytest.mark.parametrize("kind", ["custom", "account_credit"])
def test_amounts_that_are_none_are_refused_and_kept(till, clara, kind, amount, message):
    answer = till.add(kind, description="Extra", beneficiary=clara.pk, amount=amount)
    assert answer.status_code == 422
    assert message in says(answer)
    assert answer.context["form"]["amount"].value() == amount
    assert till.lines() == []


def test_a_custom_amount_says_what_it_is_for(till):
    answer = till.add("custom", description="   ", amount="5")
    assert "Say what it is for" in says(answer)
    assert till.add("custom", description="x" * 500, amount="5").status_code == 422
    assert till.lines() == []


def test_account_credit_for_the_same_client_by_default(till, clara):
    sheet = till.get("add_line", kind="account_credit")
    assert sheet.context["form"].initial["beneficiary"] == clara.pk
    assert "The client of this sale" in says(sheet)
    for amount in ("$25", "$50", "$100", "$200"):
        assert amount in says(sheet)
    till.add("account_credit", beneficiary=clara.pk, amount="100")
    assert till.lines() == [("Account Credit - Clara Nuñez", "$100.00")]


def test_account_credit_for_another_client(till, clara):
    ines = make_client("Ines Duarte")
    picker = says(till.get("add_line", {"other": "1"}, kind="account_credit"))
    assert "Find the client to credit" in picker
    chosen = till.get("add_line", {"client": ines.pk, "amount": "60"}, kind="account_credit")
    assert "Ines Duarte" in says(chosen)
    assert 'value="60"' in says(chosen)
    till.add("account_credit", beneficiary=ines.pk, amount="60")
    line = till.order.lines.get()
    assert (line.beneficiary, till.order.client) == (ines, clara)


def test_account_credit_on_a_walk_in_asks_whom_to_credit(desk):
    till = Till(open_order(desk=desk), desk.staff)
    assert "Find the client to credit" in says(till.get("add_line", kind="account_credit"))
    answer = till.add("account_credit", amount="50")
    assert answer.status_code == 422
    assert "Choose whom to credit." in says(answer)
    assert till.lines() == []


def test_account_credit_on_an_order_of_products_and_on_one_that_is_partly_paid(desk, clara):
    order = order_with(desk, clara, product=30)
    pay(order, "cash", 10, desk)
    till = Till(order, desk.staff)
    assert till.add("account_credit", beneficiary=clara.pk, amount="25").status_code == 200
    assert till.lines()[-1] == ("Account Credit - Clara Nuñez", "$25.00")


@pytest.mark.parametrize("client", ["9" * 30, "9" * 4400, "²", "-1", "moon"])
def test_account_credit_for_a_client_that_nobody_is_just_asks(till, client):
    answer = till.get("add_line", {"client": client}, kind="account_credit")
    assert answer.status_code == 200
    assert answer.context["other"] is None


def test_account_credit_for_an_archived_client_is_refused(till):
    gone = make_client("Ben Okafor", archived_at=timezone.now())
    answer = till.add("account_credit", beneficiary=gone.pk, amount="5")
    assert "Ben Okafor is archived." in says(answer)
    assert till.lines() == []


def test_account_credit_is_hidden_and_refused_where_balances_are_off(till, clara):
    BusinessSettings.objects.update(client_account_balances=False)
    assert "+ Account Credits" not in till.page()
    assert "Account Credits</span>" not in till.page()
    answer = till.add("account_credit", beneficiary=clara.pk, amount="50")
    assert answer.status_code == 422
    assert "switched off" in says(answer)
    assert till.lines() == []


@pytest.mark.parametrize("kind", ["gift", "subscription", "SERVICE", "service-", "0"])
def test_a_kind_of_line_that_nobody_offers_is_refused(till, kind):
    answer = till.add(kind, amount="5")
    assert answer.status_code == 422
    assert "There is nothing of that kind to add." in says(answer)
    assert till.lines() == []


def test_quantity_price_and_staff_of_a_line_change(till):
    theo = make_staff("Theo")
    till.add("service", service=make_service("Cut", 80).pk, staff=make_staff("Maya").pk)
    line = till.order.lines.get()
    answer = till.change(line, quantity="2", unit_price="75.50", staff=theo.pk)
    assert answer.status_code == 200
    line.refresh_from_db()
    assert (line.quantity, str(line.amount), line.staff) == (2, "$151.00", theo)


def test_tax_follows_the_new_price(till):
    till.add("custom", description="Extra", amount="100", tax_rate=make_tax_rate("10").pk)
    till.change(till.order.lines.get(), quantity="1", unit_price="33.33")
    assert till.lines() == [("Extra", "$36.66")]


@pytest.mark.parametrize("quantity", ["0", "-1", "1000", "1.5", "two", "", "9" * 30])
def test_a_quantity_that_is_none_is_refused(till, quantity):
    till.add("product", product=make_product(price=30).pk)
    line = till.order.lines.get()
    answer = till.change(line, quantity=quantity, unit_price="30")
    assert answer.status_code == 422
    assert "Enter a quantity from 1 to 999." in says(answer)
    assert answer.context["form"]["quantity"].value() == quantity
    line.refresh_from_db()
    assert line.quantity == 1


@pytest.mark.parametrize("price", ["-1", "1.234", "x", "", "1000000.01"])
def test_a_price_that_is_none_is_refused(till, price):
    till.add("product", product=make_product(price=30).pk)
    line = till.order.lines.get()
    assert till.change(line, quantity="1", unit_price=price).status_code == 422
    line.refresh_from_db()
    assert str(line.amount) == "$30.00"


def test_a_price_times_a_quantity_that_is_absurd_is_refused(till):
    till.add("product", product=make_product(price=30).pk)
    answer = till.change(till.order.lines.get(), quantity="999", unit_price="999999")
    assert answer.status_code == 422
    assert "Check the amount." in says(answer)


def test_a_free_service_is_fine_but_account_credit_of_nothing_is_not(till, clara):
    till.add("account_credit", beneficiary=clara.pk, amount="50")
    line = till.order.lines.get()
    assert till.change(line, unit_price="0").status_code == 422
    till.add("product", product=make_product(price=30).pk)
    free = till.order.lines.last()
    assert till.change(free, quantity="1", unit_price="0").status_code == 200


def test_account_credit_lets_only_its_amount_change(till, clara):
    till.add("account_credit", beneficiary=clara.pk, amount="50")
    line = till.order.lines.get()
    till.change(line, unit_price="80", quantity="3", staff=make_staff("Maya").pk)
    line.refresh_from_db()
    assert (str(line.amount), line.quantity, line.staff) == ("$80.00", 1, None)


def test_what_is_said_aloud_is_what_was_done(till):
    maya = make_staff("Maya")
    cut = make_service("Cut & finish", 85)
    added = till.add("service", staff=maya.pk, service=cut.pk)
    assert added.context["say"] == "Added."
    assert till.add("tip", how="percent", percent="20").context["say"] == "Tip set."
    assert till.add("tip", how="total", total="0").context["say"] == "No tip."


def test_somebody_of_no_location_can_have_a_part_in_a_tip(till):
    till.add("service", staff=make_staff("Maya").pk, service=make_service().pk)
    rosa = make_staff("Rosa", location=None)
    elsewhere = make_staff("Theo", location=make_location("Riverside"))
    others = till.get("add_line", kind="tip").context["form"].fields["other"].queryset
    assert rosa in others
    assert elsewhere not in others
    till.add("tip", how="each", other=rosa.pk, other_amount="5")
    assert ("Tip for Rosa", "$5.00") in till.lines()


def test_a_sheet_works_out_nothing_of_the_sale_behind_it(till):
    assert "adders" not in till.get("add_line", kind="service").context
    assert "adders" in till.add("service").context


def test_a_line_is_removed(till):
    till.add("product", product=make_product().pk)
    answer = till.remove(till.order.lines.get())
    assert answer.status_code == 200
    assert "Nothing on this sale yet" in says(answer)


def test_what_was_paid_too_much_after_a_removal_is_said(desk, clara):
    order = order_with(desk, clara, service=85, product=30)
    pay(order, "cash", 115, desk)
    till = Till(order, desk.staff)
    answer = says(till.remove(order.lines.get(kind="product")))
    assert "$30.00 more was paid than the sale costs" in answer
    assert "Close sale" not in answer


def test_a_line_of_another_order_is_left_alone(till, desk):
    other = order_with(desk, service=85)
    line = other.lines.get()
    for answer in (till.change(line, quantity="1", unit_price="1"), till.remove(line)):
        assert answer.status_code == 409
        assert "That line is no longer on this sale. Nothing was changed." in says(answer)
    line.refresh_from_db()
    assert str(line.amount) == "$85.00"
    assert till.get("line", line=line.uuid).status_code == 409
    assert till.get("line", line=uuid.uuid4()).status_code == 409


def test_the_same_form_sent_twice_adds_one_line(till):
    form = till.act(product=make_product().pk)
    assert till.send("add_line", form, kind="product").status_code == 200
    assert till.send("add_line", form, kind="product").status_code == 200
    assert len(till.lines()) == 1


def test_the_name_of_a_line_of_another_order_is_refused(till, desk):
    other = order_with(desk, service=85)
    form = till.act(product=make_product().pk) | {"uuid": other.lines.get().uuid}
    answer = till.send("add_line", form, kind="product")
    assert "This form belongs to another sale." in says(answer)
    assert till.lines() == []


def test_the_same_change_sent_twice_changes_once(till):
    till.add("product", product=make_product(price=30).pk)
    line = till.order.lines.get()
    form = till.act(quantity="2", unit_price="30")
    for _ in range(2):
        assert till.send("line", form, line=line.uuid).status_code == 200
    assert LineItem.objects.get().quantity == 2


def test_a_stale_form_is_told_shows_the_sale_of_now_and_keeps_what_was_typed(till, desk):
    form = till.act(description="Head massage", amount="15.00")
    Till(till.order, desk.staff).add("product", product=make_product(price=30).pk)
    answer = till.send("add_line", form, kind="custom")
    assert answer.status_code == 409
    text = says(answer)
    assert "was changed at another till a moment ago. Nothing was done." in text
    assert 'value="Head massage"' in text
    assert 'value="15.00"' in text
    assert 'id="sale" hx-swap-oob="outerHTML"' in text
    assert "Olaplex No. 3 Hair Perfector" in text
    assert len(till.lines()) == 1
    # The form that came back is of now: the second press goes through.
    again = form | {"revision": answer.context["order"].revision}
    assert till.send("add_line", again, kind="custom").status_code == 200


@pytest.mark.parametrize(
    "broken", [{"revision": ""}, {"revision": "x"}, {"uuid": ""}, {"uuid": "1"}, {"revision": "-1"}]
)
def test_a_form_without_its_revision_or_name_does_nothing(till, broken):
    form = till.act(product=make_product().pk) | broken
    answer = till.send("add_line", form, kind="product")
    assert answer.status_code == 422
    assert "came in incomplete" in says(answer)
    assert till.lines() == []


def test_nothing_is_added_to_a_closed_order(desk, clara):
    order = order_with(desk, clara, service=85)
    pay(order, "cash", 85, desk)
    close_order(order=order, desk=desk)
    line = order.lines.get()
    till = Till(order, desk.staff, htmx=False)
    for answer in (
        till.add("product", product=make_product().pk),
        till.change(line, quantity="2", unit_price="85"),
        till.remove(line),
    ):
        assert answer.status_code == 302
    assert "is already closed. Nothing was changed." in till.page()
    assert till.lines() == [("Service at 85", "$85.00")]


def test_without_script_a_sheet_is_a_page_and_a_success_leads_back(desk, clara):
    till = Till(open_order(desk=desk, client=clara), desk.staff, htmx=False)
    page = says(till.get("add_line", kind="custom"))
    assert "<html" in page
    assert "Back to the sale" in page
    refused = till.add("custom", description="Extra", amount="-1")
    assert refused.status_code == 422
    assert "<html" in says(refused)
    assert 'value="-1"' in says(refused)
    assert till.add("custom", description="Extra", amount="1").url == till.url()


def test_the_longest_names_fit_a_line(till):
    long = make_client("x" * 80 + " " + "y" * 80)
    assert till.add("account_credit", beneficiary=long.pk, amount="5").status_code == 200
    product = make_product("n" * 120, 5, brand="b" * 80)
    assert till.add("product", product=product.pk).status_code == 200


def test_an_order_of_another_location_is_shown_but_not_changed(desk, clara):
    there = make_desk("Marcus", location=make_location("Old Town"))
    order = open_order(desk=there, client=clara)
    till = Till(order, desk.staff)
    assert "This sale is open at Old Town" in till.page()
    answer = till.add("product", product=make_product().pk)
    assert answer.status_code == 422
    assert "Switch to that location" in says(answer)
    assert till.lines() == []


def test_who_may_not_modify_sales_sees_and_changes_nothing(desk, clara):
    maya = make_staff("Maya", location=desk.location)
    till = Till(open_order(desk=desk, client=clara), maya)
    assert till.get().status_code == 403
    assert till.add("product", product=make_product().pk).status_code == 403
    assert till.get("add_line", kind="product").status_code == 403
    assert till.lines() == []
