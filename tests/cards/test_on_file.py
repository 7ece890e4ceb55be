"""Cards on file: whose they are, which one is charged, and how one goes."""

import datetime as dt
import uuid

import pytest
from django.db import transaction

from cards.errors import NotConnected
from cards.gateway import Unclear
from cards.models import Attempt, CardOnFile, ProcessorCustomer
from cards.on_file import (
    customer_of,
    default_card,
    expires_before,
    forget_removed,
    hold_card,
    make_default,
    remove_card,
)
from cards.saving import accept_terms, open_saving
from clients.models import Client
from salon.desk import Desk
from salon.errors import Refused
from tests.cards.on_file_helpers import fresh, in_days, make_card, make_saving
from tests.factories import dollars, make_client, make_desk, make_location
from tests.harness.processor import MASTERCARD

pytestmark = pytest.mark.django_db


@pytest.fixture
def visa(processor, clara, desk):
    return make_card(processor, clara, desk)


@pytest.fixture
def mastercard(processor, clara, desk, visa):
    return make_card(processor, clara, desk, MASTERCARD)


def kept_there(processor):
    """The tokens that the processor still keeps for somebody."""
    return {method["id"] for method in processor.books()["methods"] if method["customer"]}


def pay_with(card, desk):
    """A payment that is under way, as an attempt writes it down."""
    return Attempt.objects.create(
        uuid=uuid.uuid4(),
        purpose="test",
        reference="1",
        way=Attempt.Way.ON_FILE,
        amount=dollars(40),
        client=card.client,
        card=card,
        customer=card.customer,
        location=desk.location,
        started_at=desk.at,
        expires_at=in_days(1),
    )


# --- Who the client is at the processor -----------------------------------------------------------


def test_a_client_is_made_at_the_processor_once(processor, clara):
    first, again = customer_of(clara), customer_of(clara)
    assert first == again
    (there,) = processor.books()["customers"]
    assert (there["id"], there["name"], there["email"]) == (
        first.gateway_id,
        "Clara Nuñez",
        "clara@example.com",
    )


def test_a_lost_answer_makes_no_second_customer(processor, clara):
    processor.fault("/v1/customers", "lost")
    with pytest.raises(Unclear):
        customer_of(clara)
    assert not ProcessorCustomer.objects.exists()
    made = customer_of(clara)
    assert [there["id"] for there in processor.books()["customers"]] == [made.gateway_id]


def test_a_name_that_was_mended_after_a_lost_answer_is_no_conflict(processor, clara):
    processor.fault("/v1/customers", "lost")
    with pytest.raises(Unclear):
        customer_of(clara)
    Client.objects.filter(pk=clara.pk).update(first_name="Klara")
    assert customer_of(clara).client == clara


def test_a_merged_clients_customer_is_the_survivors(processor, clara):
    twin = make_client("Clara N.")
    Client.objects.filter(pk=twin.pk).update(merged_into=clara)
    assert customer_of(twin) == customer_of(clara)
    assert customer_of(twin).client == clara


def test_a_page_that_nobody_of_the_salon_opened_tells_nothing_of_the_client(processor, clara):
    """Its processor shows what it knows of its customer to whoever typed a name and a number."""
    known = customer_of(clara)
    alone = Desk(staff=None, location=make_location(), by_itself=True)
    saving = make_saving(clara, alone)
    accept_terms(saving=saving, address=None)
    opened = open_saving(saving)
    assert opened.customer != known
    assert opened.customer.client == clara
    there = {each["id"]: each for each in processor.books()["customers"]}
    assert not there[opened.customer.gateway_id].get("name")
    assert not there[opened.customer.gateway_id].get("email")
    again = open_saving(fresh(saving))
    assert again.customer == opened.customer


def test_without_a_processor_nobody_is_made(clara):
    with pytest.raises(NotConnected, match="No card was kept"):
        customer_of(clara)


# --- The default ----------------------------------------------------------------------------------


def test_the_first_card_becomes_the_default_and_stays_it(clara, visa, mastercard):
    assert (fresh(visa).is_default, mastercard.is_default) == (True, False)
    assert default_card(clara) == visa


def test_another_card_can_be_the_default(clara, visa, mastercard, desk):
    make_default(card=mastercard, desk=desk)
    make_default(card=mastercard, desk=desk)
    assert default_card(clara) == mastercard
    assert not fresh(visa).is_default


def test_a_client_without_cards_has_no_default(clara):
    assert default_card(clara) is None


def test_a_merged_client_is_charged_on_the_survivors_card(clara, visa):
    twin = make_client("Clara N.")
    Client.objects.filter(pk=twin.pk).update(merged_into=clara)
    assert default_card(fresh(twin)) == visa


def test_a_removed_card_is_not_made_the_default(clara, visa, mastercard, desk):
    remove_card(card=mastercard, desk=desk)
    with pytest.raises(Refused, match="was removed"):
        make_default(card=mastercard, desk=desk)
    assert default_card(clara) == visa


def test_a_card_that_has_expired_is_neither_made_the_default_nor_becomes_it(
    clara, visa, mastercard, desk
):
    CardOnFile.objects.filter(pk=mastercard.pk).update(exp_month=1, exp_year=2025)
    with pytest.raises(Refused, match="has expired"):
        make_default(card=mastercard, desk=desk)
    remove_card(card=visa, desk=desk)
    assert default_card(clara) is None


# --- Removing -------------------------------------------------------------------------------------


def test_a_removed_card_is_forgotten_here_and_at_the_processor(processor, clara, visa, desk):
    removed = remove_card(card=visa, desk=desk)
    assert (removed.removed_by, removed.removed_at) == (desk.staff, desk.at)
    assert removed.forgotten_at is not None
    assert default_card(clara) is None
    assert kept_there(processor) == set()


def test_removing_the_default_makes_the_newest_other_one_the_default(clara, visa, mastercard, desk):
    remove_card(card=visa, desk=desk)
    assert default_card(clara) == mastercard


def test_removing_another_card_leaves_the_default(clara, visa, mastercard, desk):
    remove_card(card=mastercard, desk=desk)
    assert default_card(clara) == visa


def test_a_card_is_removed_though_the_processor_is_down_and_forgotten_later(
    processor, clara, visa, desk
):
    with processor.down():
        removed = remove_card(card=visa, desk=desk)
        assert removed.removed_at is not None
        assert removed.forgotten_at is None
        assert default_card(clara) is None
        assert forget_removed() == 1
    assert kept_there(processor) == {visa.method}
    assert forget_removed() == 0
    assert fresh(visa).forgotten_at is not None
    assert kept_there(processor) == set()


def test_a_lost_answer_of_forgetting_is_found_out(processor, visa, desk):
    processor.fault("/v1/payment_methods/*", "lost")
    assert remove_card(card=visa, desk=desk).forgotten_at is None
    assert forget_removed() == 0
    assert fresh(visa).forgotten_at is not None


def test_removing_twice_changes_nothing_more(visa, desk):
    first = remove_card(card=visa, desk=desk)
    again = remove_card(card=visa, desk=make_desk("Marcus"))
    assert (again.removed_at, again.removed_by) == (first.removed_at, first.removed_by)


def test_a_card_with_a_payment_under_way_is_not_removed(processor, clara, visa, desk):
    attempt = pay_with(visa, desk)
    with pytest.raises(Refused, match=r"\$40\.00 with Visa •••• 4242 is under way"):
        remove_card(card=visa, desk=desk)
    assert default_card(clara) == visa
    assert kept_there(processor) == {visa.method}
    Attempt.objects.filter(pk=attempt.pk).update(status=Attempt.Status.CANCELED, ended_at=desk.at)
    assert remove_card(card=visa, desk=desk).forgotten_at is not None


def test_the_processor_is_not_told_to_forget_while_a_payment_is_under_way(processor, visa, desk):
    pay_with(visa, desk)
    CardOnFile.objects.filter(pk=visa.pk).update(removed_at=desk.at)
    assert forget_removed() == 0
    assert fresh(visa).forgotten_at is None
    assert kept_there(processor) == {visa.method}


def test_a_removed_card_cannot_be_held_for_a_payment(visa, desk):
    with transaction.atomic():
        assert hold_card(visa) == visa
    remove_card(card=visa, desk=desk)
    with transaction.atomic(), pytest.raises(Refused, match="Choose another card"):
        hold_card(visa)


# --- Expiry ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "month", "day", "expires"),
    [
        (2026, 11, dt.date(2026, 11, 30), False),
        (2026, 11, dt.date(2026, 12, 1), True),
        (2026, 12, dt.date(2026, 12, 31), False),
        (2026, 12, dt.date(2027, 1, 1), True),
        (2028, 2, dt.date(2028, 2, 29), False),
    ],
)
def test_a_card_is_good_until_the_last_day_of_its_month(year, month, day, expires):
    card = CardOnFile(exp_year=year, exp_month=month)
    assert expires_before(card, day) is expires
