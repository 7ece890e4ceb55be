"""Enrolling at the desk: what is kept and what is refused, until the sale closes."""

import datetime as dt
import uuid

import pytest

from checkout.closing import close_order
from checkout.discounting import add_discount
from checkout.errors import Refused, StaleOrder
from checkout.lines import change_line, remove_line
from checkout.models import LineItem, Order
from checkout.opening import open_order
from checkout.receipts import receipt_of
from checkout.refunding import refund_lines
from checkout.sale import find_sale
from checkout.voiding import void_order
from memberships.changing.plans import change_next
from memberships.enrolling.enrolling import enrol
from memberships.enrolling.starting import start
from memberships.enrolling.waiting import lapse_due
from memberships.errors import Refused as MembershipRefused
from memberships.models import Enrolment, Event, Membership, Plan
from salon import clock
from salon.models import BusinessSettings
from tests.checkout.helpers import books, has, pay
from tests.factories import (
    dollars,
    make_client,
    make_credit,
    make_desk,
    make_location,
    make_role,
    make_staff,
)
from tests.ledger.books import assert_well
from tests.memberships.members import (
    enrolled,
    make_card,
    make_member,
    make_plan,
    pay_and_close,
    set_memberships,
)

pytestmark = pytest.mark.django_db


def refused(match, *, field="", **changed):
    """Enrol, be refused, and find nothing written."""
    before = (LineItem.objects.count(), Enrolment.objects.count())
    with pytest.raises(Refused, match=match) as caught:
        enrol(**changed)
    assert caught.value.field == field
    assert (LineItem.objects.count(), Enrolment.objects.count()) == before


@pytest.fixture
def asked(desk, clara, gold):
    """What the sheet sends."""
    return {
        "order": open_order(desk=desk, client=clara),
        "plan": gold,
        "client": clara,
        "card": make_card(clara),
        "consented": True,
        "desk": desk,
        "uuid": uuid.uuid4(),
    }


def test_the_terms_and_the_consent_are_kept_word_by_word(asked, desk, clara, gold):
    set_memberships(consent="I allow it.")
    line = enrol(**asked)
    enrolment = line.enrolment
    Plan.objects.update(price=500, adds=1, name="Platinum", lasts_days=1)
    set_memberships(consent="Something else.")
    pay_and_close(line.order, desk)
    enrolment.refresh_from_db()
    member = Membership.objects.get()
    assert enrolment.consent.startswith("Today $100.00; adds $120.00, $20.00 of it as a bonus.\n")
    assert enrolment.consent.endswith("\n\nI allow it.")
    assert (enrolment.asked_by, enrolment.consented_at) == (desk.staff, desk.at)
    for kept in (enrolment, member, member.periods.get()):
        assert (kept.price, kept.adds, kept.lasts_days) == (dollars(100), dollars(120), None)
    assert (enrolment.status, member.card, member.client) == ("started", asked["card"], clara)
    assert (member.location, member.started_on) == (desk.location, desk.business_date)
    kinds = list(member.events.order_by("id").values_list("kind", flat=True))
    assert kinds == [Event.Kind.STARTED, Event.Kind.PAID]
    assert_well()


def test_the_same_form_again_answers_with_its_line(asked):
    line = enrol(**asked)
    assert enrol(**asked) == line
    assert (LineItem.objects.count(), Enrolment.objects.count()) == (1, 1)


def test_a_stale_page_is_told(asked):
    stale = asked["order"].revision
    enrol(**asked, revision=stale)
    with pytest.raises(StaleOrder):
        enrol(**asked | {"uuid": uuid.uuid4(), "plan": make_plan("Silver")}, revision=stale)


def test_without_consent_nothing_is_added(asked):
    refused("Read out what Clara agrees to", field="consented", **asked | {"consented": False})


@pytest.mark.parametrize("kind", ["none", "anothers", "removed", "expired"])
def test_only_a_card_of_theirs_that_can_be_charged_will_do(asked, clara, kind):
    card = {
        "none": lambda: None,
        "anothers": lambda: make_card(make_client("Ben Okafor")),
        "removed": lambda: make_card(clara, removed_at=clock.now()),
        "expired": lambda: make_card(clara, exp_year=2020),
    }[kind]()
    told = "has expired" if kind == "expired" else "is charged to a card on file of Clara’s"
    refused(told, field="card", **asked | {"card": card})


def test_a_plan_that_is_not_sold_here_is_refused(asked, gold):
    gold.locations.set([make_location("Harbor")])
    refused("Gold is not sold at Midtown", field="plan", **asked)
    gold.locations.clear()
    gold.archived_at = clock.now()
    refused("Gold is no longer offered", field="plan", **asked)
    gold.archived_at = None
    BusinessSettings.objects.update(client_account_balances=False)
    refused("Client Account Balances are switched off", field="plan", **asked)


def test_who_is_archived_cannot_enrol(asked, clara):
    type(clara).objects.filter(pk=clara.pk).update(archived_at=clock.now())
    clara.refresh_from_db()
    refused("Clara Nuñez is archived", field="client", **asked)


def test_a_role_that_may_not_sell_enrols_nobody(asked, desk):
    nobody = make_desk(make_staff("Jo", role=make_role("Trainee")))
    refused("Your role may not start a checkout", **asked | {"desk": nobody})


def test_once_at_a_time(asked, desk, clara, gold):
    """On one sale, on two sales, or as a member already."""
    line = enrol(**asked)
    refused("is on sale #.* already", field="plan", **asked | {"uuid": uuid.uuid4()})
    other = asked | {"uuid": uuid.uuid4(), "order": open_order(desk=desk, client=clara)}
    refused("is on sale #.* already", field="plan", **other)
    pay_and_close(line.order, desk)
    refused("Clara Nuñez is a member of Gold already", field="plan", **other)
    assert enrol(**other | {"plan": make_plan("Silver", 50, 50)})


def test_somebody_else_may_pay_for_it(asked, desk, clara):
    """Ines pays; Clara is the member, and her balance grows."""
    ines = make_client("Ines Duarte")
    line = enrol(**asked | {"order": open_order(desk=desk, client=ines)})
    pay_and_close(line.order, desk)
    assert Membership.objects.get().client == clara
    assert (has(clara, desk).total, has(ines, desk).total) == (dollars(120), dollars(0))


@pytest.mark.parametrize("kind", ["credits", "gift_card"])
def test_credit_buys_no_membership(desk, clara, gold, kind):
    make_credit(clara, 500)
    line = enrolled(clara, gold, desk)
    with pytest.raises(Refused):
        pay(line.order, kind, 100, desk, reference="4242424242424242")
    assert not line.order.tenders.exists()


def test_no_discount_is_taken_off(desk, clara, gold):
    line = enrolled(clara, make_plan(joining_fee=25), desk)
    with pytest.raises(Refused):
        add_discount(
            order=line.order,
            line=line,
            amount=dollars(10),
            reason="Because",
            desk=desk,
            uuid=uuid.uuid4(),
        )


@pytest.mark.parametrize(
    "changed", [{"unit_price": dollars(1)}, {"quantity": 3}], ids=["price", "quantity"]
)
def test_a_price_or_number_that_nobody_agreed_to_does_not_close(desk, clara, gold, changed):
    """A request that no form sends; the payment stands, and the sale can be mended."""
    line = enrolled(clara, gold, desk)
    change_line(line=line, desk=desk, **changed)
    with pytest.raises(Refused, match=r"costs \$100.00, once. The sale stays open"):
        pay_and_close(line.order, desk)
    assert not Membership.objects.exists()


def test_a_fee_and_its_membership_are_sold_together(desk, clara):
    line = enrolled(clara, make_plan(joining_fee=25), desk)
    fee = line.order.lines.get(kind="joining_fee")
    remove_line(line=fee, desk=desk)
    with pytest.raises(Refused, match="The joining fee of Gold was taken off"):
        pay_and_close(line.order, desk)
    void_order(order=Order.objects.get(pk=line.order_id), desk=desk, reason="Once more")
    again = enrolled(clara, make_plan(), desk)
    fee = again.order.lines.get(kind="joining_fee")
    change_line(line=fee, desk=desk, unit_price=dollars(1))
    with pytest.raises(Refused, match=r"joining fee costs \$25.00, once"):
        pay_and_close(again.order, desk)
    change_line(line=fee, desk=desk, unit_price=dollars(25))
    remove_line(line=again, desk=desk)
    with pytest.raises(Refused, match="its membership is no longer on the sale"):
        close_order(order=again.order, desk=desk)


def test_a_line_that_is_removed_takes_the_enrolment_along(desk, clara, gold):
    line = enrolled(clara, gold, desk)
    remove_line(line=line, desk=desk)
    assert not Enrolment.objects.exists()
    assert enrolled(clara, gold, desk)


def test_a_sale_that_is_voided_makes_no_member(desk, clara, gold):
    line = enrolled(clara, gold, desk)
    pay(line.order, "cash", 100, desk)
    void_order(order=line.order, desk=desk, reason="Changed her mind")
    assert (Enrolment.objects.get().status, books()) == ("waiting", {})
    assert not Membership.objects.exists()
    make_member(clara, gold)
    assert_well()


def test_who_became_a_member_meanwhile_does_not_become_one_twice(desk, clara, gold):
    """Two lines that were on two sales before anybody looked: the second does not close."""
    first = enrolled(clara, gold, desk)
    Enrolment.objects.update(status="lapsed")
    second = enrolled(clara, gold, desk)
    Enrolment.objects.update(status="waiting")
    pay_and_close(first.order, desk)
    with pytest.raises(Refused, match=r"is a member of Gold already\. The sale stays open"):
        pay_and_close(second.order, desk)
    assert Membership.objects.count() == 1


def test_with_a_sale_that_is_voided_the_enrolment_is_over(desk, clara, gold):
    line = enrolled(clara, gold, desk)
    assert lapse_due() == 0
    void_order(order=line.order, desk=desk, reason="Changed her mind")
    assert lapse_due() == 1
    enrolment = Enrolment.objects.get()
    assert (enrolment.status, enrolment.ended_at is None) == ("lapsed", False)
    assert lapse_due() == 0


def test_who_becomes_a_member_with_the_next_charge_does_not_become_one_twice(desk, clara, gold):
    """Neither by another enrolment, nor by one whose sale was open when the change was chosen."""
    line = enrolled(clara, gold, desk)
    silver = make_member(clara, make_plan("Silver", 50, 50))
    change_next(membership=silver, plan=gold, desk=desk)
    with pytest.raises(Refused, match=r"Clara Nuñez’s becomes Gold already\. The sale stays open"):
        pay_and_close(line.order, desk)
    with pytest.raises(Refused, match="becomes Gold already"):
        enrolled(clara, gold, desk)
    assert Membership.objects.count() == 1


def test_a_card_that_was_removed_meanwhile_is_told(desk, clara, gold):
    card = make_card(clara)
    line = enrolled(clara, gold, desk, card)
    type(card).objects.update(removed_at=clock.now())
    with pytest.raises(Refused, match="was removed, so Gold could not be charged"):
        pay_and_close(line.order, desk)


def test_an_enrolment_that_is_over_does_not_close(desk, clara, gold):
    line = enrolled(clara, gold, desk)
    Enrolment.objects.update(status="lapsed")
    with pytest.raises(Refused, match=r"this enrolment is over \(not paid in time\)"):
        pay_and_close(line.order, desk)


def test_a_line_that_sells_nothing_does_not_close(desk, clara, gold):
    line = enrolled(clara, gold, desk)
    Enrolment.objects.update(uuid=uuid.uuid4())
    with pytest.raises(Refused, match="sells no membership"):
        pay_and_close(line.order, desk)


def test_a_sale_that_was_left_open_for_a_month_does_not_close(desk, clara, gold):
    line = enrolled(clara, gold, desk)
    later = make_desk("Olivia", at=desk.at + dt.timedelta(days=32))
    with pytest.raises(Refused, match="The first period of Gold would be over by now"):
        pay_and_close(line.order, later)


def test_a_plan_that_was_archived_meanwhile_is_what_they_agreed_to(desk, clara, gold):
    line = enrolled(clara, gold, desk)
    Plan.objects.update(archived_at=clock.now())
    pay_and_close(line.order, desk)
    assert Membership.objects.get().plan == gold


def test_nobody_starts_twice(desk, clara, gold):
    member = make_member(clara, gold)
    with pytest.raises(MembershipRefused, match="over already"):
        start(enrolment=member.enrolment, at=desk.at, line=None, opened=())
    assert close_order(order=member.enrolment.line.order, desk=desk).status == "closed"
    assert Membership.objects.count() == 1


def test_a_trial_without_a_fee_may_start_without_a_sale(desk, clara):
    """As online, once the card is kept."""
    line = enrolled(clara, make_plan(trial_days=14), desk)
    enrolment = line.enrolment
    member = start(enrolment=enrolment, at=desk.at, line=None, opened=())
    assert (member.next_charge_on, member.next_number) == (enrolment.first_from, 0)


def test_the_receipt_says_what_it_adds(desk, clara):
    line = enrolled(clara, make_plan(), desk)
    pay_and_close(line.order, desk)
    receipt = receipt_of(find_sale(line.order.uuid))
    assert [item.note for item in receipt.lines] == [
        "Adds $120.00 to Clara’s account balance, $20.00 of it as a bonus"
    ]


def test_a_refund_never_goes_to_the_balance(desk, clara):
    line = make_member(clara, make_plan()).enrolment.line
    tender = line.order.tenders.get()
    for way in ("balance", "credits"):
        with pytest.raises(Refused, match="cannot go to the balance"):
            refund_lines(
                order=line.order,
                amounts={line: dollars(10)},
                destinations={tender.pk: way},
                desk=desk,
                uuid=uuid.uuid4(),
            )
    assert has(clara, desk).total == dollars(120)
