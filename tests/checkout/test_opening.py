"""Starting a sale, and whose it is."""

import uuid

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from checkout.lines import add_custom
from checkout.models import Order
from checkout.opening import open_for_visit, open_or_resume, open_order
from tests.checkout.helpers import order_with, pay
from tests.checkout.till import HTMX, Till, says
from tests.factories import (
    dollars,
    make_appointment,
    make_client,
    make_credit,
    make_desk,
    make_product,
    make_staff,
)
from tests.harness.at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk("Jo")


@pytest.fixture
def tablet(desk):
    tablet = Browser()
    tablet.force_login(desk.staff)
    return tablet


def address_of(order: Order) -> str:
    return reverse("checkout:order", args=[order.uuid])


def test_new_sale_opens_an_empty_order_for_a_walk_in(tablet, desk):
    answer = tablet.post(reverse("checkout:new"))
    order = Order.objects.get()
    assert answer.url == address_of(order)
    assert (order.client, order.opened_by, order.location) == (None, desk.staff, desk.location)
    assert "Walk-in" in says(tablet.get(answer.url))


def test_looking_at_the_address_of_new_sale_opens_nothing(tablet):
    assert tablet.get(reverse("checkout:new")).url == reverse("checkout:list")
    assert not Order.objects.exists()


def test_new_sale_for_a_client(tablet, clara):
    tablet.post(f"{reverse('checkout:new')}?client={clara.pk}")
    assert Order.objects.get().client == clara


def test_a_form_that_names_its_sale_opens_one(tablet):
    form = {"uuid": uuid.uuid4()}
    first, second = (tablet.post(reverse("checkout:new"), form) for _ in range(2))
    assert first.url == second.url
    assert Order.objects.count() == 1


@pytest.mark.parametrize("pk", ["999999", "abc", "-1", "9" * 40])
def test_new_sale_for_a_client_who_is_not_there(tablet, pk):
    assert tablet.post(reverse("checkout:new"), {"client": pk}).status_code == 404
    assert not Order.objects.exists()


def test_new_sale_for_an_archived_client_is_refused(tablet, clara):
    clara.archived_at = timezone.now()
    clara.save()
    answer = tablet.post(reverse("checkout:new"), {"client": clara.pk}, follow=True)
    assert "Clara Nuñez is archived." in says(answer)
    assert not Order.objects.exists()


def test_a_visit_opens_a_filled_order(tablet, desk, clara):
    visit = make_appointment(client=clara)
    answer = tablet.post(reverse("checkout:open_for_visit", args=[visit.uuid]))
    order = Order.objects.get()
    assert answer.url == f"{address_of(order)}#pay"
    assert (order.client, order.appointment) == (clara, visit)
    assert [(line.description, line.staff.name) for line in order.lines.all()] == [
        ("Cut & finish", "Maya")
    ]


def test_a_visit_has_one_open_order_whoever_asks(tablet, clara):
    visit = make_appointment(client=clara)
    addresses = {
        tablet.post(reverse("checkout:open_for_visit", args=[visit.uuid])).url for _ in range(2)
    }
    assert len(addresses) == 1


def test_a_canceled_visit_is_not_checked_out(tablet, clara):
    visit = make_appointment(client=clara, status="canceled")
    address = reverse("checkout:open_for_visit", args=[visit.uuid])
    answer = tablet.post(address, {"next": reverse("checkout:list")}, follow=True)
    assert "This visit is canceled; no sale was opened." in says(answer)
    assert not Order.objects.exists()


def test_a_visit_that_is_not_there(tablet):
    address = reverse("checkout:open_for_visit", args=[uuid.uuid4()])
    assert tablet.post(address).status_code == 404
    assert tablet.get(address).status_code == 405


def test_two_tills_open_the_same_order_for_a_visit(committing_db):
    desk = make_desk("Jo")
    visit = make_appointment()
    found = at_once(*[lambda: open_for_visit(appointment=visit, desk=desk)] * 4)
    assert len({order.pk for order in found}) == 1
    assert Order.objects.get().lines.count() == 1


def test_add_to_balance_opens_a_sale_with_the_account_credits_sheet(tablet, clara):
    answer = tablet.post(reverse("checkout:add_to_balance", args=[clara.pk]))
    order = Order.objects.get()
    assert order.client == clara
    assert answer.url == f"{address_of(order)}?open=account_credit"
    page = says(tablet.get(answer.url))
    sheet = reverse("checkout:add_line", kwargs={"order": order.uuid, "kind": "account_credit"})
    assert f'hx-get="{sheet}" hx-trigger="load"' in page


def test_a_sheet_that_is_no_kind_of_line_does_not_open(tablet, desk):
    order = open_order(desk=desk)
    assert 'hx-trigger="load"' not in says(tablet.get(f"{address_of(order)}?open=<script>"))


def test_who_may_not_modify_sales_opens_nothing(desk, clara):
    tablet = Browser()
    tablet.force_login(make_staff("Maya", location=desk.location))
    visit = make_appointment(client=clara)
    for address in (
        reverse("checkout:new"),
        reverse("checkout:open_for_visit", args=[visit.uuid]),
        reverse("checkout:add_to_balance", args=[clara.pk]),
    ):
        assert tablet.post(address).status_code == 403
    assert not Order.objects.exists()


def test_nobody_opens_a_sale_without_logging_in(clara):
    answer = Browser().post(reverse("checkout:new"))
    assert answer.url.startswith(reverse("login"))
    assert not Order.objects.exists()


# --- Whose sale it is -----------------------------------------------------------------------------


def test_a_client_is_chosen_and_removed(desk, clara):
    till = Till(open_order(desk=desk), desk.staff)
    sheet = says(till.get("client"))
    assert "Whose sale is it?" in sheet
    assert f"{reverse('clients:search')}?pick=client" in sheet
    answer = till.send("client", till.act(client=clara.pk))
    assert answer.status_code == 200
    assert "Clara Nuñez" in says(answer)
    till.send("client", till.act(walk_in="1"))
    till.order.refresh_from_db()
    assert till.order.client is None


def test_the_picker_offers_buttons_that_choose(desk, clara):
    till = Till(open_order(desk=desk), desk.staff)
    found = till.browser.get(
        reverse("clients:search"), {"pick": "client", "client_q": "nunez"}, headers=HTMX
    )
    assert f'name="client" value="{clara.pk}"' in says(found)


def test_a_new_client_is_added_from_inside_checkout(desk):
    till = Till(open_order(desk=desk), desk.staff)
    assert f"{reverse('clients:new')}?dialog=1" in says(till.get("client"))
    added = till.browser.post(
        f"{reverse('clients:new')}?dialog=1",
        {"first_name": "Hana", "last_name": "Sato"},
        headers=HTMX,
    )
    assert "client-chosen" in added["HX-Trigger"]


def test_without_script_the_new_client_comes_back_to_be_chosen(desk, clara):
    till = Till(open_order(desk=desk), desk.staff, htmx=False)
    page = says(till.get("client", {"client": clara.pk}))
    assert f'name="client" value="{clara.pk}">Choose Clara Nuñez' in page


@pytest.mark.parametrize("pk", ["0", "999999", "x", "9" * 40])
def test_a_client_who_is_not_there_is_refused(desk, clara, pk):
    till = Till(open_order(desk=desk, client=clara), desk.staff)
    answer = till.send("client", till.act(client=pk))
    assert answer.status_code == 422
    assert "The client was not changed" in says(answer)
    till.order.refresh_from_db()
    assert till.order.client == clara


def test_an_archived_client_is_refused(desk):
    ben = make_client("Ben Okafor", archived_at=timezone.now())
    till = Till(open_order(desk=desk), desk.staff)
    assert "Ben Okafor is archived." in says(till.send("client", till.act(client=ben.pk)))


def test_the_client_is_fixed_while_a_credits_payment_stands(desk, clara):
    make_credit(clara, 40)
    order = order_with(desk, clara, service=85)
    pay(order, "credits", 40, desk)
    till = Till(order, desk.staff)
    assert "Fixed while credit is applied" in till.page()
    answer = till.send("client", till.act(client=make_client("Ben Okafor").pk))
    assert answer.status_code == 422
    assert "credit is applied to this sale" in says(answer)


def test_choosing_the_same_client_twice_is_no_change(desk, clara):
    till = Till(open_order(desk=desk), desk.staff)
    form = till.act(client=clara.pk)
    for _ in range(2):
        assert till.send("client", form).status_code == 200


def test_choosing_a_client_on_a_stale_page_is_told(desk, clara):
    till = Till(open_order(desk=desk), desk.staff)
    form = till.act(client=clara.pk)
    Till(till.order, desk.staff).add("product", product=make_product().pk)
    answer = till.send("client", form)
    assert answer.status_code == 409
    assert "was changed at another till" in says(answer)


def test_enter_before_the_options_came_finds_the_one_who_is_meant(desk, clara):
    make_client("Ben Okafor")
    till = Till(open_order(desk=desk), desk.staff)
    assert till.send("client", till.act(client_q="nunez")).status_code == 200
    till.order.refresh_from_db()
    assert till.order.client == clara


@pytest.mark.parametrize(
    ("typed", "message"),
    [("", "Type a name"), ("zzyzx", "Nobody found for “zzyzx”"), ("clara", "Choose one of")],
)
def test_enter_on_nobody_or_on_several_keeps_the_client(desk, clara, typed, message):
    make_client("Clara Ortiz")
    till = Till(open_order(desk=desk, client=clara), desk.staff)
    answer = till.send("client", till.act(client_q=typed))
    assert answer.status_code == 422
    assert message in says(answer)
    till.order.refresh_from_db()
    assert till.order.client == clara


def test_new_sale_pressed_again_resumes_the_empty_sale_that_was_left(desk, clara):
    first = open_or_resume(desk=desk)
    assert open_or_resume(desk=desk) == first
    assert open_or_resume(desk=desk, client=clara) != first
    add_custom(order=first, description="Extra", amount=dollars(5), desk=desk)
    assert open_or_resume(desk=desk) != first
