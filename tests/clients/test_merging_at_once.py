"""Two merges, or a merge and a till, in the same moment: one wins, nothing is lost."""

import uuid

import pytest

from checkout.errors import Refused as SaleRefused
from clients.errors import Refused, StaleMerge
from clients.merge_parts import Pair
from clients.merging import MergeRefused, Proposal, merge_clients
from clients.models import Client
from ledger import accounts
from ledger.adjusting import AdjustmentRefused, adjust_balance
from ledger.errors import NotEnoughCredit
from ledger.legs import Draw, Move
from ledger.models import Account
from tests.checkout.helpers import order_with, pay
from tests.factories import dollars, make_client, make_credit, make_desk
from tests.harness import at_once as hands
from tests.ledger.books import act, assert_well, nets

pytestmark = pytest.mark.usefixtures("committing_db")
ROUNDS = 6
TOLD = (Refused, SaleRefused, NotEnoughCredit, AdjustmentRefused)


def at_once(*acts):
    return hands.at_once(*acts, told=TOLD)


@pytest.fixture
def desk(committing_db):
    return make_desk("Olivia")


def merging(gone, kept, desk):
    seen = Proposal(Pair(gone, kept, desk)).stamp
    return lambda: merge_clients(gone=gone, kept=kept, desk=desk, seen=seen)


def left_on(client):
    return sum(abs(a.balance) for a in Account.objects.filter(client=client))


def test_of_two_merges_crosswise_one_wins(desk):
    for _ in range(ROUNDS):
        clara, twin = make_client(), make_client("Clara N.")
        for client in (clara, twin):
            make_credit(client, 10, desk=desk)
            order_with(desk, client, credit=5)
        answers = at_once(merging(clara, twin, desk), merging(twin, clara, desk))
        lost = [answer for answer in answers if isinstance(answer, Exception)]
        assert len(lost) == 1
        assert isinstance(lost[0], MergeRefused)
        clara.refresh_from_db()
        twin.refresh_from_db()
        kept, gone = (clara, twin) if twin.merged_into_id else (twin, clara)
        assert (gone.merged_into, kept.merged_into) == (kept, None)
        assert (left_on(kept), left_on(gone)) == (2000, 0)
    assert_well()


def test_of_one_merge_sent_twice_at_once_one_entry_comes(desk):
    clara, twin = make_client(), make_client("Clara N.")
    make_credit(twin, 10, desk=desk)
    answers = at_once(merging(twin, clara, desk), merging(twin, clara, desk))
    assert answers == [clara, clara]
    assert nets()["client_credit"] == -1000
    assert_well()


def test_a_chain_at_once_loses_nobody(desk):
    """A into B while B goes into C: both, one after the other, or one of them is told."""
    for _ in range(ROUNDS):
        one, two, three = (make_client(name) for name in ("Clara N.", "Clara Nuñez", "Ben Okafor"))
        for client in (one, two, three):
            make_credit(client, 10, desk=desk)
            order_with(desk, client, service=20)
        answers = at_once(merging(one, two, desk), merging(two, three, desk))
        assert any(isinstance(answer, Client) for answer in answers)
        for client in (one, two):
            client.refresh_from_db()
            if client.merged_into_id:
                assert left_on(client) == 0
                assert client.merged_into.merged_into_id is None
    assert_well()


def test_a_till_that_spends_while_two_are_merged(desk):
    """Either the till is first and the merge is told, or the merge is and the till's page is."""
    for _ in range(ROUNDS):
        clara, twin = make_client(), make_client("Clara N.")
        make_credit(twin, 40, desk=desk)
        order = order_with(desk, twin, service=30)
        order.refresh_from_db()
        revision = order.revision
        spent, merged = at_once(
            lambda order=order, revision=revision: pay(
                order, "credits", 30, desk, revision=revision
            ),
            merging(twin, clara, desk),
        )
        assert isinstance(spent, Exception) != isinstance(merged, Exception)
        if isinstance(merged, Client):
            assert (left_on(twin), left_on(clara)) == (0, 4000)
        else:
            assert isinstance(merged, MergeRefused | StaleMerge)
            assert left_on(twin) == 1000
    assert_well()


def test_credit_that_is_drawn_without_a_sale_is_told_to_the_merge(desk):
    for _ in range(ROUNDS):
        clara, twin = make_client(), make_client("Clara N.")
        make_credit(twin, 40, desk=desk)
        draw = [Draw(accounts.credit_of(twin), 3000), Move(accounts.GOODWILL, -3000)]
        at_once(lambda draw=draw: act(desk, *draw), merging(twin, clara, desk))
        twin.refresh_from_db()
        assert (left_on(twin) == 0) == bool(twin.merged_into_id)
    assert_well()


def test_a_gift_in_the_moment_of_the_merge_is_not_lost(desk):
    for _ in range(ROUNDS):
        clara, twin = make_client(), make_client("Clara N.")
        gift = lambda twin=twin: adjust_balance(  # noqa: E731
            client=twin, amount=dollars(5), reason="gift", note="", desk=desk, key=uuid.uuid4()
        )
        given, merged = at_once(gift, merging(twin, clara, desk))
        assert isinstance(given, Exception) or isinstance(merged, Exception)
        twin.refresh_from_db()
        assert (left_on(twin) == 0) == bool(twin.merged_into_id)
    assert_well()
