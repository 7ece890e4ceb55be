"""One visit's deposit at the desk: what is held, what was asked and agreed to; taking one."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from appointments.models import Appointment
from checkout.models import Order
from deposits.desk.taking import open_deposit_sale
from deposits.desk.visit_deposit import deposit_of, deposits_of
from deposits.models import DepositRequest
from deposits.rules.cancellation import accept, terms_of
from salon import clock
from salon.models import BusinessSettings
from tests.deposits.money import by_hand, make_visit, take_deposit, wish
from tests.deposits.rules import make_rule, set_booking
from tests.factories import dollars, make_browser, make_client, make_desk, make_role, make_staff
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db
Status = Appointment.Status
HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk():
    return make_desk("Jo")


@pytest.fixture
def jo(desk):
    return make_browser("Jo")


@pytest.fixture
def visit(desk):
    return make_visit(make_client("Clara Nuñez"))


def url(visit, name="of_visit"):
    return reverse(f"deposits:{name}", args=[visit.uuid])


def text(response):
    return " ".join(response.content.decode().split())


def slot(browser, visit):
    return text(browser.get(url(visit), headers=HTMX))


def send(browser, visit, **data):
    sent = {"uuid": uuid.uuid4(), "amount": "25.50", "act": "take", "email": ""} | data
    return browser.post(url(visit, "take"), sent)


# --- Looking ----------------------------------------------------------------------------------


def test_the_page_tells_what_is_held_with_the_sale_that_sold_it(jo, desk, visit):
    sale = take_deposit(visit, 30, desk, reference="Visa •••• 4242")
    page = text(jo.get(url(visit)))
    assert "$30.00" in page
    assert "Visa •••• 4242" in page
    assert reverse("checkout:order", args=[sale.uuid]) in page
    assert reverse("deposits:decide", args=[visit.uuid]) in page


def test_evidence_of_what_was_agreed_to_is_shown_word_by_word(jo, visit):
    set_booking(late_fee_kind="percent", terms="Be kind.", terms_url="https://example.com/policy")
    accept(
        visit=visit,
        request=None,
        terms=terms_of(visit),
        address="203.0.113.7",
        device="Firefox on a phone",
        card_terms="Keep my card.",
        at=clock.now(),
    )
    page = text(jo.get(url(visit)))
    for told in ("203.0.113.7", "Firefox on a phone", "$42.50", "Be kind.", "Keep my card."):
        assert told in page
    assert "https://example.com/policy" in page


def test_without_evidence_it_says_so(jo, visit):
    page = text(jo.get(url(visit)))
    assert "no cancellation policy was accepted for it" in page
    assert "Nothing is held for this visit" in page


def test_decisions_and_their_undo_stand_on_the_page(jo, desk, visit):
    take_deposit(visit, 30, desk)
    decision = by_hand(visit, desk, wish("kept", 30))
    page = text(jo.get(url(visit)))
    assert "What became of it" in page
    assert reverse("deposits:undo_fate", args=[decision.fates.get().uuid]) in page


def test_the_slot_leads_to_the_next_step(jo, desk, visit):
    assert "Take deposit" in slot(jo, visit)
    take_deposit(visit, 30, desk, reference="Visa •••• 4242")
    found = slot(jo, visit)
    assert "$30.00 by Visa •••• 4242" in found
    assert "Take deposit" not in found
    Appointment.objects.filter(pk=visit.pk).update(status=Status.NO_SHOW)
    found = slot(jo, visit)
    assert "$30.00 still held" in found
    assert reverse("deposits:decide", args=[visit.uuid]) in found


def test_the_slot_is_empty_for_a_visit_that_never_had_one_and_is_gone(jo, visit):
    Appointment.objects.filter(pk=visit.pk).update(status=Status.CANCELED)
    assert slot(jo, visit).strip() == ""


def test_who_may_not_see_balances_gets_an_empty_slot_and_no_page(desk, visit):
    take_deposit(visit, 30, desk)
    role = make_role("Assistant")
    role.permissions.clear()
    ada = make_browser(make_staff("Ada", role=role))
    assert slot(ada, visit) == ""
    assert ada.get(url(visit)).status_code == 403
    assert send(ada, visit).status_code == 403


def test_a_client_s_deposits_are_told_by_visit(jo, desk, visit):
    later = make_visit(visit.client, days=5)
    take_deposit(later, 20, desk)
    take_deposit(visit, 30, desk)
    found = deposits_of(visit.client)
    assert [(one, amount) for one, amount, _ in found] == [
        (visit, dollars(30)),
        (later, dollars(20)),
    ]


# --- Taking -----------------------------------------------------------------------------------


def test_the_policy_s_amount_is_filled_in_and_can_be_changed(jo, visit):
    make_rule("30 %")
    page = text(jo.get(url(visit, "take")))
    assert "A deposit of $25.50 is asked: 30 % of $85.00." in page
    assert 'value="25.50"' in page
    done = send(jo, visit, amount="40")
    order = Order.objects.get()
    assert done["Location"] == reverse("checkout:order", args=[order.uuid])
    [line] = order.lines.all()
    assert (line.kind, line.amount, line.appointment) == ("deposit", dollars(40), visit)
    assert order.client == visit.client


def test_what_is_held_already_is_said_and_not_asked_again(jo, desk, visit):
    make_rule("30 %")
    take_deposit(visit, 10, desk)
    page = jo.get(url(visit, "take"))
    assert "$10.00 is held for it already." in page.content.decode()
    assert page.context["form"]["amount"].value() == dollars("15.50")
    take_deposit(visit, 30, desk)
    assert jo.get(url(visit, "take")).context["form"]["amount"].value() is None


def test_where_nothing_is_asked_one_can_be_taken_all_the_same(jo, visit):
    page = text(jo.get(url(visit, "take")))
    assert "No deposit is asked. You can take one all the same." in page
    assert send(jo, visit, amount="10").status_code == 302


def test_the_form_sent_twice_opens_one_sale(jo, visit):
    name = uuid.uuid4()
    first, second = send(jo, visit, uuid=name), send(jo, visit, uuid=name)
    assert first["Location"] == second["Location"]
    assert Order.objects.count() == 1


@pytest.mark.parametrize("amount", ["", "0", "-5", "a lot", "9999999"])
def test_an_amount_that_is_none_is_told_next_to_its_field(amount, jo, visit):
    refused = send(jo, visit, amount=amount)
    assert refused.status_code == 422
    assert "field-invalid" in refused.content.decode()
    assert not Order.objects.exists()


def test_for_a_visit_that_is_gone_or_over_nothing_is_taken(jo, desk, visit):
    Appointment.objects.filter(pk=visit.pk).update(status=Status.CANCELED)
    refused = send(jo, visit)
    assert refused.status_code == 422
    assert "That visit is canceled." in text(refused)
    assert not Order.objects.exists()


def test_where_balances_are_off_nothing_is_taken_and_it_says_why(jo, visit):
    BusinessSettings.objects.update(client_account_balances=False)
    refused = send(jo, visit)
    assert "Client Account Balances are switched off" in text(refused)
    assert not Order.objects.exists()


def test_where_earmarks_are_off_the_deposit_names_no_visit(desk, visit):
    BusinessSettings.objects.update(earmark_deposits=False, apply_earmarked_deposits=False)
    order = open_deposit_sale(visit=visit, amount=dollars(30), desk=desk, uuid=uuid.uuid4())
    assert order.lines.get().appointment is None


def test_a_negative_amount_by_a_crafted_call_is_refused(desk, visit):
    with pytest.raises(Exception, match="above zero"):
        open_deposit_sale(visit=visit, amount=dollars(-5), desk=desk, uuid=uuid.uuid4())


def test_without_a_processor_no_link_is_offered(jo, visit):
    assert "Send payment link" not in text(jo.get(url(visit, "take")))
    refused = send(jo, visit, act="link")
    assert "No card processor is connected" in text(refused)
    assert not DepositRequest.objects.exists()


def test_a_link_is_sent_and_stands_on_the_page_to_scan_or_to_copy(jo, visit, processor):
    assert "Send payment link" in text(jo.get(url(visit, "take")))
    done = send(jo, visit, act="link", email="mother@example.com")
    assert done["Location"] == url(visit)
    request = DepositRequest.objects.get()
    assert (request.amount, request.email) == (dollars("25.50"), "mother@example.com")
    page = text(jo.get(url(visit)))
    assert "The link was sent to mother@example.com." in page
    assert "<svg" in page
    assert "/deposit/" in page
    assert "$25.50 asked" in slot(jo, visit)
    again = send(jo, visit, act="link")
    assert "is asked for this visit already" in text(again)


def test_in_a_sheet_the_answer_leads_on(jo, visit):
    sheet = jo.get(url(visit, "take"), headers=HTMX)
    assert "<html" not in text(sheet)
    sent = {"uuid": uuid.uuid4(), "amount": "20", "act": "take"}
    done = jo.post(url(visit, "take"), sent, headers=HTMX)
    assert done["HX-Redirect"] == reverse("checkout:order", args=[Order.objects.get().uuid])


def test_a_deposit_taken_at_the_desk_is_held_once_the_sale_is_closed(desk, visit):
    take_deposit(visit, 30, desk)
    found = deposit_of(visit, in_full=True)
    assert (found.held, found.carried, found.is_stranded) == (dollars(30), "", False)
    assert found.can_be_asked
    assert_well()


def test_the_page_takes_a_fixed_number_of_queries(jo, desk, visit, django_assert_max_num_queries):
    for _ in range(4):
        take_deposit(visit, 10, desk)
    for _ in range(3):
        DepositRequest.objects.create(
            appointment=visit,
            came_from="link",
            status="canceled",
            amount=dollars(10),
            asked_at=clock.now(),
            expires_at=clock.now() + dt.timedelta(days=1),
        )
    with django_assert_max_num_queries(30):
        jo.get(url(visit))
