"""One member at two tills at once, with real connections and real commits."""

import uuid

import pytest

from checkout.closing import close_order
from checkout.errors import Refused
from checkout.models import Order, Refund, Tender
from checkout.refunding import refund_lines
from clients.errors import StaleMerge
from clients.merge_parts import Pair
from clients.merging import Proposal, merge_clients
from memberships.models import Enrolment, Membership
from tests.checkout.helpers import books, has, order_with, pay
from tests.factories import dollars, make_client, make_desk
from tests.harness.at_once import at_once
from tests.ledger.books import assert_well
from tests.memberships.members import enrolled, make_card, make_member, make_plan


@pytest.fixture
def desk(committing_db):
    return make_desk("Olivia")


def test_two_sales_of_one_membership_close_and_one_is_told(desk):
    clara, gold = make_client("Clara Nuñez"), make_plan()
    lines = []
    for _ in range(2):
        lines.append(enrolled(clara, gold, desk, make_card(clara)))
        Enrolment.objects.update(status="lapsed")  # Else the second would not be sold.
    Enrolment.objects.update(status="waiting")
    for line in lines:
        pay(line.order, "cash", 100, desk)
    answers = at_once(
        *[lambda line=line: close_order(order=line.order, desk=desk) for line in lines]
    )
    assert [type(answer) for answer in sorted(answers, key=str)].count(Order) == 1
    (told,) = [answer for answer in answers if isinstance(answer, Refused)]
    assert "is a member of Gold already" in told.message
    assert Membership.objects.count() == 1
    assert (has(clara, desk).total, books()["cash"]) == (dollars(120), 20000)
    assert_well()


def test_the_bonus_is_spent_or_canceled_but_never_both(desk):
    clara = make_client("Clara Nuñez")
    line = make_member(clara, make_plan(), desk=desk).enrolment.line
    visit = order_with(desk, clara, service=110)
    answers = at_once(
        lambda: pay(visit, "credits", 110, desk),
        lambda: refund_lines(
            order=line.order, amounts={line: dollars(100)}, destinations={}, desk=desk,
            uuid=uuid.uuid4(),
        ),
    )  # fmt: skip
    done = [answer for answer in answers if isinstance(answer, Tender | Refund)]
    assert len(done) == 1
    left = {"goodwill": 2000} if isinstance(done[0], Tender) else {}
    assert {kind: cents for kind, cents in books().items() if kind == "goodwill"} == left
    assert_well()


def test_a_sale_that_closes_while_its_client_is_merged_makes_the_survivor_a_member(desk):
    twin, clara = make_client("Clara N."), make_client("Clara Nuñez")
    line = enrolled(twin, make_plan(), desk)
    pay(line.order, "cash", 100, desk)
    seen = Proposal(Pair(twin, clara, desk)).stamp
    at_once(
        lambda: close_order(order=line.order, desk=desk),
        lambda: merge_clients(gone=twin, kept=clara, desk=desk, seen=seen),
        told=(Refused, StaleMerge),
    )
    if Membership.objects.get().client != clara:  # It closed first, and the page was stale.
        seen = Proposal(Pair(twin, clara, desk)).stamp
        merge_clients(gone=twin, kept=clara, desk=desk, seen=seen)
    assert Membership.objects.get().client == clara
    assert has(clara, desk).total == dollars(120)
    assert_well()
