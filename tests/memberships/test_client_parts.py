"""Members who turn out to be one person, and members who go: before, during and after."""

import uuid

import pytest

from checkout.refunding import refund_lines
from clients.archiving import ArchiveRefused, archive_client
from clients.merge_parts import Pair
from clients.merging import MergeRefused, Proposal
from clients.models import Client
from memberships.changing.plans import change_next
from memberships.models import Enrolment, Membership
from salon import clock
from tests.checkout.helpers import has
from tests.clients.helpers import merge
from tests.factories import dollars, make_client, make_desk
from tests.ledger.books import assert_trial_balance, assert_well
from tests.memberships.members import enrolled, make_card, make_member, make_plan, pay_and_close

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


def test_the_membership_is_the_survivors_and_is_charged_to_the_same_card(desk, clara, twin, gold):
    card = make_card(twin)
    make_member(twin, gold, card)
    shown = Proposal(Pair(twin, clara, desk))
    row = next(row for row in shown.rows if row.label == "Memberships")
    assert (row.gone, row.kept, row.result) == ("1", "0", "1")
    assert "Gold" in [item.title for item in shown.gone_items]
    merge(twin, clara, desk)
    member = Membership.objects.get()
    assert (member.client, member.card, member.enrolment.client) == (clara, card, clara)
    assert has(clara, desk).total == dollars(120)


def test_the_same_card_kept_twice_is_the_one_that_stays(desk, clara, twin, gold):
    member = make_member(twin, gold, make_card(twin))
    kept = make_card(clara)
    merge(twin, clara, desk)
    member.refresh_from_db()
    assert (member.card, member.enrolment.card) == (kept, kept)


def test_not_while_both_are_members_of_the_same_plan(desk, clara, twin, gold):
    make_member(twin, gold)
    member = make_member(clara, gold)
    make_member(twin, make_plan("Silver", 50, 50))
    with pytest.raises(MergeRefused, match="Both are members of Gold"):
        merge(twin, clara, desk)
    Membership.objects.filter(pk=member.pk).update(
        status="ended", ended_on=desk.business_date, next_charge_on=None
    )
    merge(twin, clara, desk)
    assert Membership.objects.filter(client=clara).count() == 3


def test_not_while_the_one_becomes_what_the_other_is(desk, clara, twin, gold):
    silver = make_plan("Silver", 50, 50)
    make_member(twin, gold)
    change_next(membership=make_member(clara, silver), plan=gold, desk=desk)
    with pytest.raises(MergeRefused, match=r"Both are members of Gold, or will be"):
        merge(twin, clara, desk)


def test_a_line_of_a_client_who_was_merged_before_closing_is_the_survivors(desk, clara, twin, gold):
    line = enrolled(twin, gold, desk)
    merge(twin, clara, desk)
    pay_and_close(line.order, desk)
    assert Membership.objects.get().client == clara
    assert has(clara, desk).total == dollars(120)


def test_a_period_is_refunded_out_of_what_the_merge_made_of_it(desk, clara, twin, gold):
    """The lots are the survivor's now: children of those that were opened."""
    line = make_member(twin, gold).enrolment.line
    merge(twin, clara, desk)
    refund_lines(
        order=line.order,
        amounts={line: dollars(60)},
        destinations={},
        desk=desk,
        uuid=uuid.uuid4(),
    )
    assert_trial_balance(debit={"cash": "40.00"}, credit={"client_credit": "40.00"})
    assert has(clara, desk).total == dollars(40)


def test_a_member_is_not_archived(desk, clara, gold):
    member = make_member(clara, gold)
    with pytest.raises(ArchiveRefused):
        archive_client(client=clara, desk=desk)
    assert "Clara is a member of Gold. End the membership first." in _obstacles(clara, desk)
    Membership.objects.filter(pk=member.pk).update(
        status="ended", ended_on=desk.business_date, next_charge_on=None
    )
    assert not any("member" in told for told in _obstacles(clara, desk))


def test_nor_is_who_enrols_online_at_this_moment(desk, clara, gold):
    line = enrolled(clara, gold, desk)
    Enrolment.objects.update(came_from="online", line=None)
    line.delete()
    assert any("enrolling in Gold online" in told for told in _obstacles(clara, desk))
    Enrolment.objects.update(status="lapsed", ended_at=clock.now())
    assert not any("enrolling" in told for told in _obstacles(clara, desk))


def _obstacles(client, desk):
    from memberships.client_parts import why_not_archive

    return [obstacle.text for obstacle in why_not_archive(Client.objects.get(pk=client.pk), desk)]
