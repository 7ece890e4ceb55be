"""Beginning a charge: what it may be, whom it waits for, and what waits for it."""

import uuid

import pytest
from django.contrib.auth.models import Permission

from cards import attempts
from cards.models import Attempt
from checkout.adding_deposits import add_deposit
from checkout.charges.waiting import check_none_open, open_charges, spoken_for
from checkout.closing import close_order
from checkout.errors import Refused, StaleOrder
from checkout.lines import add_account_credits
from checkout.models import Order, OrderCharge
from checkout.opening import open_for_visit
from checkout.voiding import void_order
from tests.cards.on_file_helpers import make_card
from tests.checkout.charges.helpers import (
    ON_FILE,
    PHONE,
    READER,
    SCREEN,
    begin,
    by_client,
    charge,
    charged,
    on_file,
    payments,
    pays,
    sale_for,
)
from tests.checkout.helpers import books, order_with, pay, remaining
from tests.factories import (
    dollars,
    make_appointment,
    make_client,
    make_credit,
    make_desk,
    make_role,
    make_staff,
)
from tests.harness.processor import ASKS, NO_FUNDS

pytestmark = pytest.mark.django_db


# --- It pays -----------------------------------------------------------------------------------


def test_a_card_pays_on_the_processors_page(processor, order, desk):
    made = pays(processor, charge(order, 85, desk))
    assert payments(order) == [("charge", "$85.00", "Visa •••• 4242")]
    assert made.tender.uuid == made.attempt.uuid
    assert (made.tender.taken_by, made.tender.till) == (desk.staff, None)
    assert books()["open_orders"] == -8500
    assert charged(processor) == [8500]
    close_order(order=Order.objects.get(pk=order.pk), desk=desk)


def test_a_card_on_file_pays_at_once(processor, order, clara, desk):
    card = make_card(processor, clara, desk)
    made = on_file(order, "46.40", desk, card)
    assert made.attempt.status == Attempt.Status.SUCCEEDED
    assert payments(order) == [("charge", "$46.40", "Visa •••• 4242")]
    assert remaining(order) == dollars("38.60")


def test_a_reader_asks_and_the_card_pays(processor, order, desk):
    made = charge(order, 85, desk, READER)
    assert made.attempt.status == Attempt.Status.WAITING
    processor.present_card()
    attempts.look(made.attempt)
    assert payments(order) == [("charge", "$85.00", "Visa •••• 4242")]


def test_what_the_client_reads_at_the_card_names_the_sale_and_the_salon(order, desk):
    made = begin(order, 85, desk)
    assert made.attempt.description.startswith(f"Sale #{order.number}, ")
    assert made.attempt.reference == str(order.uuid)


def test_beginning_is_seen_by_pages_that_show_the_order(order, desk):
    before = Order.objects.get(pk=order.pk).revision
    begin(order, 85, desk)
    assert Order.objects.get(pk=order.pk).revision == before + 1


def test_a_deposit_is_paid_by_it_where_deposits_are_for_cards(processor, clara, desk):
    visit = make_appointment(clara, location=desk.location)
    order = order_with(desk, clara)
    add_deposit(order=order, beneficiary=clara, visit=visit, amount=dollars(30), desk=desk)
    pays(processor, charge(order, 30, desk))
    assert not remaining(order)


# --- How much, and when ------------------------------------------------------------------------


@pytest.mark.parametrize("amount", ["0", "-1", "85.01", "99999999.99"])
def test_no_amount_that_makes_no_sense_is_charged(order, desk, amount):
    with pytest.raises(Refused) as refused:
        begin(order, amount, desk)
    assert refused.value.field == "amount"
    assert not OrderCharge.objects.exists()


def test_what_one_charge_speaks_for_no_other_takes(order, desk):
    begin(order, 45, desk)
    assert spoken_for(order) == dollars(45)
    with pytest.raises(Refused, match=r"\$45.00 of this sale is waiting for the card"):
        begin(order, 41, desk)
    begin(order, 40, desk)
    assert len(open_charges(order)) == 2


@pytest.mark.parametrize("kind", ["cash", "card", "check", "credits"])
def test_no_other_payment_takes_what_waits_for_the_card(order, clara, desk, kind):
    make_credit(clara, 100)
    begin(order, 45, desk)
    with pytest.raises(Refused, match=r"waiting for the card\. Nothing was taken\. Cancel that"):
        pay(order, kind, "40.01", desk)
    pay(order, kind, 40, desk)


def test_a_tip_of_the_client_is_not_spoken_for(order, desk):
    made = by_client(order, 45, desk, tip=10)
    assert made.attempt.amount == dollars(55)
    assert spoken_for(order) == dollars(45)


def test_once_it_ends_nothing_is_spoken_for(order, desk):
    attempts.cancel(charge(order, 85, desk).attempt)
    assert not spoken_for(order)
    pay(order, "cash", 85, desk)


def test_an_open_charge_keeps_the_sale_from_being_closed_and_voided(order, desk):
    pay(order, "cash", 40, desk)
    begin(order, 45, desk)
    with pytest.raises(Refused, match=r"\$45.00 is waiting for the card. The sale stays open."):
        close_order(order=order, desk=desk)
    with pytest.raises(Refused, match=r"Nothing was voided. Wait until it is paid, or cancel"):
        void_order(order=order, desk=make_desk("Olivia"), reason="Called off")
    assert Order.objects.get(pk=order.pk).is_open


def test_nothing_waits_where_nothing_is_open(order):
    check_none_open(order, "Nothing was done.")


def test_a_deposit_that_the_sale_proposes_is_left_to_it(processor, clara, desk):
    visit = make_appointment(clara, location=desk.location)
    make_credit(clara, 30, source="deposit", visit=visit.pk)
    order = open_for_visit(appointment=visit, desk=desk)
    due = remaining(order) - dollars(30)
    with pytest.raises(Refused, match="remains to be paid"):
        begin(order, due + dollars("0.01"), desk)
    made = charge(order, due, desk)
    assert books().get("open_orders") is None
    pays(processor, made)
    assert {kind for kind, _, _ in payments(order)} == {"credits", "charge"}
    assert not remaining(order)


def test_a_declined_charge_leaves_a_proposed_deposit_where_it_was(processor, clara, desk):
    visit = make_appointment(clara, location=desk.location)
    make_credit(clara, 30, source="deposit", visit=visit.pk)
    order = open_for_visit(appointment=visit, desk=desk)
    card = make_card(processor, clara, desk, "4000000000000341")
    on_file(order, remaining(order) - dollars(30), desk, card)
    assert payments(order) == []


# --- Who, and which card -----------------------------------------------------------------------


def test_who_may_not_modify_sales_charges_nothing(order, desk):
    role = make_role("Looks on")
    role.permissions.set([Permission.objects.get(codename="view_balances")])
    sam = make_desk(make_staff("Sam", role, location=desk.location))
    with pytest.raises(Refused, match="Your role may not"):
        begin(order, 85, sam)


def test_a_page_that_is_stale_charges_nothing(order, desk):
    pay(order, "cash", 5, desk)
    with pytest.raises(StaleOrder):
        begin(order, 80, desk, revision=0)


def test_the_card_of_another_client_is_refused(processor, order, desk):
    bens = make_card(processor, make_client("Ben Okafor"), desk)
    with pytest.raises(Refused, match=r"is not a card of this sale’s client. Nothing was charged"):
        on_file(order, 85, desk, bens)
    assert charged(processor) == []


def test_a_walk_ins_sale_takes_no_card_on_file(processor, clara, desk):
    card = make_card(processor, clara, desk)
    with pytest.raises(Refused, match="is not a card of this"):
        on_file(sale_for(desk, None), 85, desk, card)


def test_a_card_that_was_removed_meanwhile_is_refused(processor, order, clara, desk):
    from cards.on_file import remove_card

    card = make_card(processor, clara, desk)
    remove_card(card=card, desk=desk)
    with pytest.raises(Refused, match=r"was removed. Nothing was charged"):
        on_file(order, 85, desk, card)


@pytest.mark.parametrize(
    ("way", "more"),
    [("moon", {}), (ON_FILE, {}), (READER, {"reader_id": ""}), (SCREEN, {"reader_id": "tmr_1"})],
)
def test_a_way_that_is_none_is_refused(order, desk, way, more):
    with pytest.raises(Refused) as refused:
        begin(order, 85, desk, way, **more)
    assert refused.value.field == "way"


def test_without_a_processor_nothing_is_begun(order, desk, settings):
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(Refused, match=r"No card processor is connected. Nothing was charged"):
        begin(order, 85, desk)


def test_no_form_makes_such_a_payment_by_itself(order, desk):
    with pytest.raises(Refused, match="The processor charges this card"):
        pay(order, "charge", 85, desk)


# --- Twice -------------------------------------------------------------------------------------


def test_the_same_form_again_finds_its_charge(order, desk):
    key = uuid.uuid4()
    first = charge(order, 85, desk, uuid=key)
    assert charge(order, 85, desk, uuid=key).pk == first.pk
    assert Attempt.objects.count() == 1


def test_a_form_that_is_sent_again_after_it_was_paid_charges_nothing(processor, order, clara, desk):
    card, key = make_card(processor, clara, desk), uuid.uuid4()
    on_file(order, 85, desk, card, uuid=key)
    on_file(order, 85, desk, card, uuid=key)
    assert charged(processor) == [8500]


def test_the_same_name_with_other_particulars_is_refused(order, desk):
    key = uuid.uuid4()
    begin(order, 85, desk, uuid=key)
    for amount, way in ((40, SCREEN), (85, PHONE)):
        with pytest.raises(Refused, match="begun with other particulars"):
            begin(order, amount, desk, way, uuid=key)
    with pytest.raises(Refused, match="begun with other particulars"):
        begin(sale_for(desk, None), 85, desk, uuid=key)


def test_the_name_of_another_payment_is_refused(order, desk):
    tender = pay(order, "cash", 5, desk)
    with pytest.raises(Refused, match=r"This form was used before. Nothing was charged"):
        begin(order, 80, desk, uuid=tender.uuid)


def test_a_payment_that_took_the_charges_name_does_not_hide_the_charge(processor, order, desk):
    made = charge(order, 45, desk)
    pay(order, "cash", 40, desk, key=made.attempt.uuid)
    pays(processor, made)
    assert payments(order) == [
        ("cash", "$40.00", ""),
        ("charge", "$45.00", "Visa •••• 4242"),
    ]


# --- It does not pay ---------------------------------------------------------------------------


def test_a_card_on_file_that_is_declined_says_why(processor, order, clara, desk):
    card = make_card(processor, clara, desk, "4000000000000341")
    made = on_file(order, 85, desk, card)
    assert made.attempt.status == Attempt.Status.FAILED
    assert "Nothing was charged." in made.attempt.failure
    assert (payments(order), spoken_for(order)) == ([], dollars(0))


def test_a_card_on_file_whose_bank_asks_the_client_is_not_charged(processor, order, clara, desk):
    card = make_card(processor, clara, desk, ASKS)
    made = on_file(order, 85, desk, card)
    assert "The bank wants the client to confirm" in made.attempt.failure
    assert charged(processor) == []


def test_a_declined_card_on_the_page_may_be_followed_by_another(processor, order, desk):
    made = pays(processor, charge(order, 85, desk), NO_FUNDS)
    assert made.attempt.is_open
    assert "There is not enough money on the card." in made.attempt.failure
    pays(processor, made)
    assert payments(order) == [("charge", "$85.00", "Visa •••• 4242")]


def test_when_the_processor_is_down_nothing_is_known_and_later_it_is(processor, order, clara, desk):
    card = make_card(processor, clara, desk)
    with processor.down():
        made = on_file(order, 85, desk, card)
    assert made.attempt.is_open
    assert spoken_for(order) == dollars(85)
    attempts.cancel(made.attempt)
    assert (spoken_for(order), charged(processor)) == (dollars(0), [])


def test_credit_is_bought_with_a_card(processor, clara, desk):
    order = order_with(desk, clara)
    add_account_credits(order=order, beneficiary=clara, amount=dollars(100), desk=desk)
    pays(processor, charge(order, 100, desk))
    close_order(order=Order.objects.get(pk=order.pk), desk=desk)
    assert books()["client_credit"] == -10000
