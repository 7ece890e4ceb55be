"""Sales of two clients who turn out to be one: before, during and after the merge."""

import uuid

import pytest

from checkout.closing import close_order
from checkout.errors import Refused, StaleOrder
from checkout.lines import add_account_credits
from checkout.models import Order
from checkout.opening import open_order, set_client
from checkout.refunding import refund_lines, refund_tender
from checkout.taking_back import take_back
from clients.archiving import ArchiveRefused, archive_client
from clients.merging import MergeRefused
from clients.models import Client
from ledger.models import Lot
from tests.checkout.helpers import books, has, order_with, pay, sell_credit
from tests.clients.helpers import merge
from tests.factories import dollars, make_appointment, make_client, make_credit, make_desk
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk("Olivia")


@pytest.fixture
def twin():
    return make_client("Clara N.")


@pytest.fixture(autouse=True)
def well_kept(db):
    yield
    assert_well()


def fresh(order):
    return Order.objects.get(pk=order.pk)


def refund_all(order, desk, destinations=None):
    order = fresh(order)
    return refund_lines(
        order=order,
        amounts={line: line.total for line in order.lines.all()},
        destinations=destinations or {},
        desk=desk,
        uuid=uuid.uuid4(),
        reason="It went wrong",
    )


def test_what_the_merged_clients_credit_paid_comes_back_to_who_stays(desk, clara, twin):
    """Clara N. had $60.00 and paid a cut for $40.00 with it. She is merged; the cut is refunded."""
    lot = make_credit(twin, 60, desk=desk, card_ceiling=6000)
    cut = order_with(desk, twin, service=40)
    pay(cut, "credits", 40, desk)
    close_order(order=cut, desk=desk)
    assert books() == {"opening": 6000, "client_credit": -2000, "income": -4000}

    merge(twin, clara, desk)
    assert books() == {"opening": 6000, "client_credit": -2000, "income": -4000}
    assert fresh(cut).client == clara

    refund_all(cut, desk)
    assert books() == {"opening": 6000, "client_credit": -6000}
    assert has(clara, desk).available == dollars(60)
    assert has(twin, desk).is_empty
    children = Lot.objects.filter(parent=lot).order_by("id")
    assert [(child.amount, child.card_ceiling) for child in children] == [
        (2000, 2000),
        (4000, 4000),
    ]


def test_and_to_the_last_one_of_a_chain(desk, clara, twin):
    make_credit(twin, 40, desk=desk)
    cut = order_with(desk, twin, service=40)
    pay(cut, "credits", 40, desk)
    close_order(order=cut, desk=desk)
    ines = make_client("Ines Duarte")
    merge(twin, clara, desk)
    merge(clara, ines, desk)
    refund_all(cut, desk)
    assert has(ines, desk).available == dollars(40)


def test_cash_of_an_old_sale_goes_to_the_balance_of_who_stays(desk, clara, twin):
    cut = order_with(desk, twin, service=40)
    pay(cut, "cash", 40, desk)
    close_order(order=cut, desk=desk)
    merge(twin, clara, desk)
    refund = refund_all(cut, desk, {fresh(cut).tenders.get().pk: "balance"})
    assert refund.client == clara
    assert has(clara, desk).available == dollars(40)


def test_a_page_that_still_names_the_merged_client_reaches_who_stays(desk, clara, twin):
    """A walk-in's cash goes to the client whom somebody chose a moment before the merge."""
    sale = order_with(desk, None, product=30)
    pay(sale, "cash", 30, desk)
    close_order(order=sale, desk=desk)
    chosen = Client.objects.get(pk=twin.pk)
    merge(twin, clara, desk)
    refund_tender(
        tender=sale.tenders.get(),
        amount=dollars(30),
        destination="balance",
        client=chosen,
        desk=desk,
        uuid=uuid.uuid4(),
    )
    assert has(clara, desk).available == dollars(30)
    assert has(twin, desk).is_empty


def test_credit_that_was_bought_under_the_old_name_is_still_refunded(desk, clara, twin):
    top_up = sell_credit(twin, 100, desk)
    cut = order_with(desk, twin, service=40)
    pay(cut, "credits", 40, desk)
    close_order(order=cut, desk=desk)
    merge(twin, clara, desk)
    line = fresh(top_up).lines.get()
    refund_lines(
        order=fresh(top_up),
        amounts={line: dollars(60)},
        destinations={},
        desk=desk,
        uuid=uuid.uuid4(),
    )
    assert has(clara, desk).is_empty
    assert books() == {"cash": 4000, "income": -4000}


def test_a_deposit_still_pays_its_own_visit(desk, clara, twin):
    visit = make_appointment(twin)
    make_credit(twin, 30, desk=desk, source="deposit", visit=visit.pk)
    merge(twin, clara, desk)
    visit.refresh_from_db()
    assert has(clara, desk).held == dollars(30)
    assert visit.client == clara
    held = Lot.objects.get(account__client=clara)
    assert held.appointment == visit


# --- Open sales ---------------------------------------------------------------------------------


def test_a_sale_that_holds_the_clients_credit_is_closed_first(desk, clara, twin):
    make_credit(twin, 60, desk=desk)
    order = order_with(desk, twin, service=40)
    tender = pay(order, "credits", 10, desk)
    with pytest.raises(MergeRefused) as refusal:
        merge(twin, clara, desk)
    [obstacle] = refusal.value.obstacles
    assert f"sale #{order.number}, which is open" in obstacle.text
    assert obstacle.url == f"/sales/{order.uuid}/"
    take_back(
        tender=tender, amount=dollars(10), destination="credits", desk=desk, uuid=uuid.uuid4()
    )
    merge(twin, clara, desk)
    assert has(clara, desk).available == dollars(60)


def test_the_other_ones_open_sale_with_credit_is_no_hindrance(desk, clara, twin):
    make_credit(clara, 60, desk=desk)
    order = order_with(desk, clara, service=40)
    tender = pay(order, "credits", 40, desk)
    merge(twin, clara, desk)
    take_back(
        tender=tender, amount=dollars(40), destination="credits", desk=desk, uuid=uuid.uuid4()
    )
    assert has(clara, desk).available == dollars(60)


def test_an_open_sale_changes_its_name_and_its_page_is_told(desk, clara, twin):
    order = order_with(desk, twin, service=40)
    pay(order, "card", 10, desk)
    order.refresh_from_db()
    merge(twin, clara, desk)
    assert fresh(order).client == clara
    with pytest.raises(StaleOrder):
        pay(order, "cash", 30, desk, revision=order.revision)
    pay(order, "cash", 30, desk)
    assert close_order(order=order, desk=desk).status == Order.Status.CLOSED


def test_credit_being_bought_for_the_merged_client_reaches_who_stays(desk, clara, twin):
    """Ines buys $50.00 for Clara N.; she is merged while the sale is open."""
    ines = make_client("Ines Duarte")
    order = order_with(desk, twin, credit=50)
    set_client(order=order, client=ines, desk=desk)
    pay(order, "cash", 50, desk)
    merge(twin, clara, desk)
    close_order(order=order, desk=desk)
    assert fresh(order).client == ines
    assert has(clara, desk).available == dollars(50)


def test_nothing_new_is_begun_for_who_was_merged(desk, clara, twin):
    merge(twin, clara, desk)
    with pytest.raises(Refused, match="was merged into Clara Nuñez"):
        open_order(desk=desk, client=twin)
    with pytest.raises(Refused, match="was merged into Clara Nuñez"):
        set_client(order=open_order(desk=desk), client=twin, desk=desk)


def test_a_client_with_an_open_sale_is_not_archived(desk, clara):
    order = order_with(desk, clara, service=40)
    with pytest.raises(ArchiveRefused) as refusal:
        archive_client(client=clara, desk=desk)
    [obstacle] = refusal.value.obstacles
    assert obstacle.text == f"Sale #{order.number} is open. Close it or void it first."


def test_a_client_whom_somebody_elses_open_sale_sells_credit_is_not_archived(desk, clara, twin):
    order = order_with(desk, twin, service=40)
    for _ in range(2):
        add_account_credits(order=order, beneficiary=clara, amount=dollars(20), desk=desk)
    with pytest.raises(ArchiveRefused) as refusal:
        archive_client(client=clara, desk=desk)
    [obstacle] = refusal.value.obstacles
    assert obstacle.text == f"Sale #{order.number} is open. Close it or void it first."
