"""Refunding bought credit: what is spent and on what, what can go back and where to."""

import datetime as dt
import uuid

import pytest
from pytest_django.asserts import assertNumQueries

from checkout.closing import close_order
from checkout.errors import Refused
from checkout.models import Refund
from checkout.refund_page import RefundPage
from checkout.refunding import refund_lines, refund_tender
from checkout.sale import find_sale
from clients.merge_parts import Pair
from clients.merging import Proposal, merge_clients
from ledger import accounts
from ledger.adjusting import adjust_balance
from ledger.legs import Open, Take, Terms
from ledger.models import Lot
from ledger.releasing import release
from tests.checkout.helpers import books, has, order_with, pay, sell_credit
from tests.checkout.reading import says
from tests.checkout.test_refund_pages import Sheet, lines
from tests.factories import dollars, make_appointment, make_client, make_debt, make_desk
from tests.ledger.books import act, assert_well

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk("Olivia")


def spend(client, amount, desk):
    """A service that credit pays, closed."""
    order = order_with(desk, client, service=amount)
    pay(order, "credits", amount, desk)
    return close_order(order=order, desk=desk)


def give_back(order, amount, desk):
    """Refund so much of the sale's one line, the usual way."""
    return refund_lines(
        order=order,
        amounts={order.lines.get(): dollars(amount)},
        destinations={},
        desk=desk,
        uuid=uuid.uuid4(),
    )


def story(order, desk):
    """What the refund page tells of the sale's one line."""
    (sold,) = RefundPage(find_sale(order.uuid), desk).sold.values()
    accounted = sold.spent + sold.settled + sold.refunded + sold.held + sold.left
    assert accounted == sold.bought
    return sold


# --- Worked examples ------------------------------------------------------------------------------


def test_a_quarter_of_a_top_up_is_spent_and_the_rest_goes_back_to_the_card(desk, clara):
    top_up = sell_credit(clara, 100, desk, kind="card")
    visit = spend(clara, 25, desk)
    told = f"$25.00 of $100.00 was spent on sale #{visit.number}; $75.00 can go back to the card."
    assert story(top_up, desk).sentence == told
    with pytest.raises(Refused, match=r"Only \$75\.00"):
        give_back(top_up, 76, desk)
    give_back(top_up, 75, desk)
    assert books() == {"card": 2500, "income": -2500}
    assert has(clara, desk).is_empty
    assert "nothing can go back" in story(top_up, desk).sentence
    assert_well()


def test_credit_that_was_spent_and_refunded_can_go_back_with_its_top_up(desk, clara):
    top_up = sell_credit(clara, 100, desk, kind="card")
    visit = spend(clara, 40, desk)
    give_back(visit, 40, desk)
    assert Lot.objects.filter(is_open=True).count() == 2
    assert story(top_up, desk).sentence == "$100.00 can go back to the card."
    # The child first: it is the youngest.
    give_back(top_up, 45, desk)
    assert list(Lot.objects.order_by("id").values_list("remaining", flat=True)) == [5500, 0]
    give_back(top_up, 55, desk)
    assert books() == {}
    assert_well()


def test_credit_that_was_moved_to_another_client_is_still_found(desk, clara):
    top_up = sell_credit(clara, 100, desk, kind="card")
    ben = make_client("Ben Okafor")
    lot = top_up.lines.get().opened_lot
    act(
        desk,
        Take(lot.pk, 100_00),
        Open(accounts.credit_of(ben), 100_00, Terms(), parent=lot.pk),
        kind="merge",
    )
    visit = spend(ben, 30, desk)
    assert f"spent on sale #{visit.number}; $70.00 can go back" in story(top_up, desk).sentence
    give_back(top_up, 70, desk)
    assert books() == {"card": 3000, "income": -3000}
    assert has(ben, desk).is_empty
    assert_well()


def test_what_is_set_aside_for_a_visit_has_to_be_released_first(desk, clara):
    top_up = sell_credit(clara, 100, desk, kind="card")
    lot = top_up.lines.get().opened_lot
    visit = make_appointment(clara)
    moved = act(
        desk,
        Take(lot.pk, 30_00),
        Open(accounts.credit_of(clara), 30_00, Terms(visit=visit.pk), parent=lot.pk),
        kind="lot_change",
    )
    assert (story(top_up, desk).held, story(top_up, desk).left) == (dollars(30), dollars(70))
    with pytest.raises(Refused, match=r"Only \$70\.00"):
        give_back(top_up, 100, desk)
    held = Lot.objects.get(pk=moved.opened[0])
    release(lots=[held], desk=desk, key="test:release", reason="Asked for it")
    give_back(top_up, 100, desk)
    assert books() == {}
    assert_well()


def test_a_top_up_that_paid_off_a_debt_gives_back_the_rest(desk, clara):
    make_debt(clara, 12)
    top_up = sell_credit(clara, 50, desk)
    told = story(top_up, desk)
    assert (told.settled, told.sentence) == (dollars(12), "$38.00 can go back in cash.")
    give_back(top_up, 38, desk)
    assert has(clara, desk).is_empty
    assert_well()


def test_a_top_up_that_only_paid_off_a_debt_gives_back_nothing(desk, clara):
    make_debt(clara, 60)
    top_up = sell_credit(clara, 50, desk)
    assert story(top_up, desk).sentence == "Nothing of it can go back."
    with pytest.raises(Refused, match=r"Only \$0\.00"):
        give_back(top_up, 1, desk)


def test_what_was_taken_away_by_hand_is_told(desk, clara):
    top_up = sell_credit(clara, 50, desk)
    adjust_balance(
        client=clara, amount=dollars(-5), reason="other", note="", desk=desk, key=uuid.uuid4()
    )
    told = story(top_up, desk)
    assert told.sentence == "$5.00 of $50.00 is gone; $45.00 can go back in cash."
    assert told.uses[0].what == "was taken away by hand"


def test_what_paid_a_debt_when_clients_were_merged_is_told(desk, clara):
    twin = make_client("Clara N.")
    make_debt(twin, 5)
    top_up = sell_credit(clara, 50, desk)
    seen = Proposal(Pair(twin, clara, desk)).stamp
    merge_clients(gone=twin, kept=clara, desk=desk, seen=seen)
    told = story(top_up, desk)
    assert [(use.amount, use.what) for use in told.uses] == [
        (dollars(5), "paid what was owed when clients were merged")
    ]


# --- Cards ----------------------------------------------------------------------------------------


def by_card_and_cash(clara, desk):
    """$60.00 by card and $40.00 in cash."""
    order = order_with(desk, clara, credit=100)
    pay(order, "card", 60, desk)
    pay(order, "cash", 40, desk)
    return close_order(order=order, desk=desk)


def test_a_top_up_keeps_what_its_cards_paid(desk, clara):
    lot = by_card_and_cash(clara, desk).lines.get().opened_lot
    assert lot.card_ceiling == 6000
    cash = sell_credit(clara, 10, desk).lines.get().opened_lot
    assert cash.card_ceiling == 0


def test_card_and_cash_get_back_their_shares_of_what_is_left(desk, clara):
    top_up = by_card_and_cash(clara, desk)
    spend(clara, 50, desk)
    told = story(top_up, desk)
    assert told.ways == [
        (dollars(30), "to the card"), (dollars(20), "in cash"),
    ]  # fmt: skip
    give_back(top_up, 50, desk)
    assert books() == {"card": 3000, "cash": 2000, "income": -5000}
    assert_well()


def test_no_more_goes_to_a_card_than_what_is_left_of_its_ceiling(desk, clara):
    """Of $100.00 ($60.00 by card) a child of $50.00 took $50.00 of the ceiling, and was spent."""
    top_up = by_card_and_cash(clara, desk)
    lot = top_up.lines.get().opened_lot
    act(
        desk,
        Take(lot.pk, 50_00),
        Open(
            accounts.credit_of(clara),
            50_00,
            Terms(expires_on=desk.business_date + dt.timedelta(days=9)),
            parent=lot.pk,
        ),
        kind="lot_change",
    )
    spend(clara, 50, desk)
    card = top_up.tenders.get(kind="card")
    with pytest.raises(Refused, match=r"Only \$10\.00"):
        refund_tender(
            tender=card, amount=dollars(11), destination="card", desk=desk, uuid=uuid.uuid4()
        )
    give_back(top_up, 50, desk)
    assert books() == {"card": 5000, "income": -5000}
    parts = Refund.objects.get().parts.all()
    assert {part.destination: part.amount for part in parts} == {
        "card": dollars(10), "cash": dollars(40),
    }  # fmt: skip
    assert_well()


def test_credit_sold_before_ceilings_were_kept_goes_back_as_its_cards_paid(
    desk, clara, monkeypatch
):
    monkeypatch.setattr("checkout.credit_lines.paid_by_card", lambda line: None)
    top_up = sell_credit(clara, 100, desk, kind="card")
    assert top_up.lines.get().opened_lot.card_ceiling == 0
    give_back(top_up, 100, desk)
    assert books() == {}


# --- The page -------------------------------------------------------------------------------------


def test_the_page_tells_what_is_spent_with_links_and_what_can_go_back(desk, clara):
    top_up = sell_credit(clara, 100, desk, kind="card")
    first, second = spend(clara, 25, desk), spend(clara, 35, desk)
    answer = Sheet(top_up, desk.staff).get()
    text = says(answer)
    assert "$60.00 of $100.00 was spent on 2 sales; $40.00 can go back to the card." in text
    for sale, amount in ((first, "−$25.00"), (second, "−$35.00")):
        assert f'href="/sales/{sale.uuid}/"' in answer.text
        assert f"sale #{sale.number}" in text
        assert amount in text
    assert "Can go back $40.00" in text
    assert "Refund $40.00" in text


def test_a_sale_whose_credit_is_all_spent_still_tells_on_what(desk, clara):
    top_up = sell_credit(clara, 25, desk)
    visit = spend(clara, 25, desk)
    text = says(Sheet(top_up, desk.staff).get())
    assert "Nothing is left to refund" in text
    assert f"$25.00 of $25.00 was spent on sale #{visit.number}; nothing can go back." in text


def test_its_queries_do_not_grow_with_what_became_of_the_credit(
    desk, clara, django_assert_max_num_queries
):
    top_up = sell_credit(clara, 100, desk, kind="card")
    sheet = Sheet(top_up, desk.staff)
    sheet.get()
    with django_assert_max_num_queries(30) as few:
        sheet.get()
    for _ in range(3):
        give_back(spend(clara, 10, desk), 5, desk)
    with assertNumQueries(len(few.captured_queries) + 1):  # The sales that it was spent on.
        sheet.get()


def test_credit_spent_at_another_till_while_the_page_stood_open(desk, clara):
    top_up = sell_credit(clara, 100, desk)
    sheet = Sheet(top_up, desk.staff)
    data = lines((top_up.lines.get(), "100.00"))
    agreed = sheet.agreed(**data)
    spend(clara, 25, desk)
    answer = sheet.post(**data, agreed=agreed)
    assert answer.status_code == 422
    assert "Only $75.00" in says(answer)
    assert not Refund.objects.exists()
    assert has(clara, desk).available == dollars(75)
