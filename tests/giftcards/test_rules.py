"""What gift cards refuse, whoever asks: crafted requests, the same form twice, missing rights."""

import datetime as dt
import uuid

import pytest

from checkout.closing import close_order
from checkout.errors import Refused, StaleOrder
from checkout.lines import change_line, remove_line
from checkout.models import LineItem
from checkout.opening import open_order
from checkout.refunding import refund_lines
from checkout.tender_kinds import BALANCE, Back, kind_of
from checkout.voiding import void_order
from clients.merge_parts import Pair
from clients.merging import Proposal, merge_clients
from clients.models import Client
from giftcards import codes
from giftcards.blocking import block, unblock
from giftcards.models import GiftCard
from giftcards.selling import Gift, add_gift_card
from ledger import accounts
from ledger.models import Lot
from tests.checkout.helpers import books, order_with, pay, remaining, sell_credit
from tests.factories import dollars, make_appointment, make_client, make_credit, make_desk
from tests.giftcards.helpers import card_of, fresh, order_for_card, sell_card, spend, use
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk("Olivia")


@pytest.fixture
def card(desk):
    return sell_card(desk, 100)


# --- What a card may not pay for ----------------------------------------------------------------


def test_a_gift_card_buys_no_gift_card(desk, card):
    order = order_for_card(desk, 50)
    with pytest.raises(Refused, match=r"at most \$0\.00.*Gift card has to be paid another way"):
        use(card, order, 50, desk)
    assert fresh(card).left == dollars(100)


def test_account_credit_buys_no_gift_card(desk):
    clara = make_client("Clara Nuñez")
    make_credit(clara, 100)
    order = order_for_card(desk, 50, clara)
    with pytest.raises(Refused, match=r"at most \$0\.00"):
        pay(order, "credits", 50, desk)


def test_a_gift_card_buys_no_account_credit(desk, card):
    order = order_with(desk, make_client("Clara Nuñez"), credit=50)
    with pytest.raises(Refused, match=r"at most \$0\.00"):
        use(card, order, 50, desk)


def test_a_gift_card_pays_nothing_that_a_line_refuses(desk, card):
    order = order_with(desk, make_client("Clara Nuñez"), service=40, custom=30)
    order.lines.filter(kind="custom").update(refuses="gift_card,credits")
    with pytest.raises(Refused, match=r"at most \$40\.00"):
        use(card, order, 70, desk)
    use(card, order, 40, desk)
    with pytest.raises(Refused, match=r"at most \$0\.00"):
        use(card, order, 1, desk)
    pay(order, "cash", 30, desk)
    close_order(order=order, desk=desk)
    assert_well()


def test_a_gift_card_pays_no_deposit(desk, card):
    clara = make_client("Clara Nuñez")
    visit = make_appointment(clara)
    order = order_with(desk, clara, credit=30)
    order.lines.update(kind="deposit", appointment=visit, description="Deposit")
    with pytest.raises(Refused, match=r"at most \$0\.00.*Deposit has to be paid another way"):
        use(card, order, 30, desk)
    assert fresh(card).left == dollars(100)


def test_a_card_and_credit_together_pay_no_more_than_either_may(desk, card):
    clara = make_client("Clara Nuñez")
    make_credit(clara, 100)
    order = order_with(desk, clara, service=40, credit=60)
    pay(order, "credits", 30, desk)
    with pytest.raises(Refused, match=r"at most \$10\.00"):
        use(card, order, 40, desk)
    use(card, order, 10, desk)
    with pytest.raises(Refused):
        pay(order, "credits", 10, desk)
    pay(order, "cash", 60, desk)
    close_order(order=order, desk=desk)
    assert_well()


def test_credit_for_services_only_leaves_a_card_what_it_may_pay(desk, card):
    clara = make_client("Clara Nuñez")
    make_credit(clara, 50, restriction="services")
    order = order_with(desk, clara, service=50, product=50)
    use(card, order, 50, desk)
    pay(order, "credits", 50, desk)
    close_order(order=order, desk=desk)
    assert_well()


# --- Not more than there is -----------------------------------------------------------------------


def test_more_than_is_left_is_refused_and_says_where_the_rest_went(desk, card):
    sale = spend(card, 60, desk)
    order = order_with(desk, service=85)
    with pytest.raises(Refused) as refused:
        use(card, order, 85, desk)
    assert refused.value.message == (
        f"Only $40.00 is left on gift card {card.masked}. Nothing was taken. "
        f"$60.00 of it was just used on sale #{sale.number}."
    )
    assert refused.value.field == "amount"


def test_what_was_just_used_is_all_that_the_payment_took(desk, card):
    """A refund made a second lot of the card, and the payment drew both."""
    first = spend(card, 60, desk)
    give_back(first.lines.get(), 60, desk)
    sale = spend(card, 85, desk)
    with pytest.raises(Refused, match=rf"\$85\.00 of it was just used on sale #{sale.number}\."):
        use(card, order_with(desk, service=50), 50, desk)


def test_a_refund_of_the_card_itself_is_no_use_of_it(desk, card):
    give_back(card.line, 40, desk)
    with pytest.raises(Refused) as refused:
        use(card, order_with(desk, service=85), 85, desk)
    assert refused.value.message == (
        f"Only $60.00 is left on gift card {card.masked}. Nothing was taken."
    )


def give_back(line, amount, desk):
    refund_lines(
        order=line.order,
        amounts={line: dollars(amount)},
        destinations={},
        desk=desk,
        uuid=uuid.uuid4(),
    )


def test_what_goes_to_a_client_who_is_merged_in_this_moment_reaches_the_other(desk, card):
    clara, twin = make_client("Clara Nuñez"), make_client("Clara N.", phone="", email="")
    tender = spend(card, 60, desk).tenders.get()
    read_before = Client.objects.get(pk=twin.pk)
    seen = Proposal(Pair(twin, clara, desk)).stamp
    merge_clients(gone=twin, kept=clara, desk=desk, seen=seen)
    parts = [(Lot.objects.get(account=card.account), 6000)]
    (leg,) = kind_of(tender).refund_legs(Back(tender, BALANCE, parts, read_before, desk))
    assert leg.account == accounts.credit_of(clara)
    assert leg.settles == accounts.owed_by(clara)


def test_a_payment_form_sent_twice_takes_once(desk, card):
    order = order_with(desk, service=60)
    key = uuid.uuid4()
    assert use(card, order, 60, desk, key=key) == use(card, order, 60, desk, key=key)
    assert fresh(card).left == dollars(40)


def test_only_the_last_four_characters_of_a_code_are_kept_with_the_payment(desk, card):
    tender = use(card, order_with(desk, service=60), 60, desk)
    tender.refresh_from_db()
    assert tender.reference == f"•••• {card.code[-4:]}"
    assert tender.account == card.account


@pytest.mark.parametrize("code", ["", "ABCD", "NOSUCHCARD22", "x" * 500, "';--"])
def test_a_code_that_no_card_has_is_refused(desk, code):
    order = order_with(desk, service=60)
    with pytest.raises(Refused) as refused:
        pay(order, "gift_card", 60, desk, reference=code)
    assert refused.value.field == "code"
    assert books() == {}


def test_a_card_is_found_however_its_code_is_typed(desk, card):
    order = order_with(desk, service=60)
    typed = codes.in_groups(card.code).lower().replace("-", " - ")
    assert pay(order, "gift_card", 60, desk, reference=typed).account == card.account


def test_a_page_older_than_the_sale_is_told(desk, card):
    order = order_with(desk, service=60)
    pay(order, "cash", 10, desk)
    with pytest.raises(StaleOrder):
        use(card, order, 50, desk, revision=0)


# --- Blocking -------------------------------------------------------------------------------------


def test_a_blocked_card_pays_nothing_until_it_is_unblocked(desk, card):
    block(card=card, reason="Lost on the train", desk=desk)
    order = order_with(desk, service=60)
    with pytest.raises(Refused, match="is blocked: Lost on the train"):
        use(card, order, 60, desk)
    unblock(card=card, reason="Found it", desk=desk)
    use(card, order, 60, desk)
    row = card.blocks.get()
    assert (row.by, row.lifted_by, row.lifted_reason) == (desk.staff, desk.staff, "Found it")


def test_blocking_twice_blocks_once_and_needs_a_reason(desk, card):
    with pytest.raises(Refused) as refused:
        block(card=card, reason=" ", desk=desk)
    assert refused.value.field == "reason"
    first = block(card=card, reason="Stolen", desk=desk)
    assert block(card=card, reason="Again", desk=desk) == first
    unblock(card=card, reason="Found", desk=desk)
    unblock(card=card, reason="Found", desk=desk)
    assert card.blocks.count() == 1


def test_the_front_desk_may_not_block(desk, card):
    jo = make_desk("Jo")
    with pytest.raises(Refused, match="Your role may not block"):
        block(card=card, reason="Lost", desk=jo)
    block(card=card, reason="Lost", desk=desk)
    with pytest.raises(Refused, match="Your role may not unblock"):
        unblock(card=card, reason="Found", desk=jo)


def test_what_a_blocked_card_paid_before_still_goes_back_to_it(desk, card):
    visit = spend(card, 60, desk)
    block(card=card, reason="Lost", desk=desk)
    line = visit.lines.get()
    refund_lines(
        order=visit, amounts={line: dollars(60)}, destinations={}, desk=desk, uuid=uuid.uuid4()
    )
    assert fresh(card).left == dollars(100)
    assert_well()


# --- Selling --------------------------------------------------------------------------------------


def test_a_made_code_has_four_groups_of_an_alphabet_without_look_alikes(desk, card):
    assert len(card.code) == 16
    assert set(card.code) <= set(codes.ALPHABET)
    assert not set("01ILOU") & set(codes.ALPHABET)
    assert len(card.shown_code.split("-")) == 4


def test_a_line_form_sent_twice_makes_one_card(desk):
    order = open_order(desk=desk)
    key = uuid.uuid4()
    lines = [
        add_gift_card(order=order, amount=dollars(50), gift=Gift(), desk=desk, uuid=key)
        for _ in range(2)
    ]
    assert lines[0] == lines[1]
    assert GiftCard.objects.count() == 1


def test_the_number_of_a_plastic_card_is_normalized_and_taken_once(desk):
    card = sell_card(desk, 50, number="gc-0042 7781")
    assert (card.code, card.is_physical, card.shown_code) == ("GC00427781", True, "GC00427781")
    with pytest.raises(Refused, match="belongs to a gift card already") as refused:
        order_for_card(desk, 50, number="GC 0042 7781")
    assert refused.value.field == "number"
    assert LineItem.objects.count() == 1


def test_a_number_on_another_open_sale_is_told_and_free_again_after_a_void(desk):
    order = order_for_card(desk, 50, number="GC00427781")
    with pytest.raises(Refused, match=f"is on sale #{order.number}, still open"):
        order_for_card(desk, 50, number="GC00427781")
    void_order(order=order, desk=desk, reason="Changed their mind")
    assert sell_card(desk, 50, number="GC00427781").left == dollars(50)


@pytest.mark.parametrize("number", ["12345", "x" * 33, "ABC!DEF", "٣٤٥٦٧٨٩"])
def test_a_number_that_no_card_has_is_refused(desk, number):
    with pytest.raises(Refused, match="6 to 32 letters and digits"):
        order_for_card(desk, 50, number=number)


@pytest.mark.parametrize("days", [-1, 400])
def test_an_e_mail_is_not_sent_yesterday_nor_in_two_years(desk, days):
    day = desk.business_date + dt.timedelta(days=days)
    with pytest.raises(Refused) as refused:
        order_for_card(desk, 50, to_email="ben@example.com", send_on=day)
    assert refused.value.field == "send_on"


@pytest.mark.parametrize("amount", [0, -5])
def test_a_card_of_nothing_is_refused(desk, amount):
    with pytest.raises(Refused):
        order_for_card(desk, amount)


def test_the_card_goes_with_its_line_and_follows_its_price(desk):
    order = order_for_card(desk, 50)
    change_line(line=order.lines.get(), unit_price=dollars(80), desk=desk)
    pay(order, "cash", 80, desk)
    close_order(order=order, desk=desk)
    assert card_of(order).left == dollars(80)
    other = order_for_card(desk, 50)
    remove_line(line=other.lines.get(), desk=desk)
    assert GiftCard.objects.count() == 1
    assert remaining(other) == dollars(0)


def test_a_card_bought_with_account_credit_on_other_lines_stays_allowed(desk):
    clara = make_client("Clara Nuñez")
    sell_credit(clara, 40, desk)
    order = order_with(desk, clara, service=40)
    add_gift_card(order=order, amount=dollars(50), gift=Gift(), desk=desk)
    pay(order, "credits", 40, desk)
    pay(order, "cash", 50, desk)
    close_order(order=order, desk=desk)
    assert_well()
