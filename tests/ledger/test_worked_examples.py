"""Accounting stories from a salon's week, with the trial balance after every step.

docs/money.md tells the same stories in words. Here they are told with raw legs: what the desk's
buttons do is written in terms of these.
"""

import datetime as dt

import pytest

from ledger import accounts
from ledger.errors import LotMoved, MoreThanTaken
from ledger.expiring import expire_lots
from ledger.kinds import EntryKind, Source
from ledger.legs import Draw, Move, Open, Take, Terms
from ledger.models import Entry, Lot
from ledger.reversing import reverse
from tests.factories import make_appointment, make_credit, make_debt, make_desk, make_tax_rate
from tests.ledger.books import act, assert_trial_balance, assert_well, lots_left

FRIDAY = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)
GIFT = Terms(source=Source.GOODWILL, is_paid=False)
ORDERS = accounts.OPEN_ORDERS
SERVICES = accounts.income("services")
PRODUCTS = accounts.income("products")


@pytest.fixture
def desk(db):
    return make_desk(at=FRIDAY)


@pytest.fixture(autouse=True)
def well_kept(db):
    yield
    assert_well()


def cash(desk):
    return accounts.cash(desk.till)


def take_tender(desk, cents, account):
    """A payment posts when it is taken: the money is here, the order is still open."""
    return act(desk, Move(account, cents), Move(ORDERS, -cents), kind=EntryKind.TENDER)


def apply_credit(desk, client, cents, **more):
    draw = Draw(accounts.credit_of(client), cents, **more)
    return act(desk, draw, Move(ORDERS, -cents), kind=EntryKind.TENDER)


def take_back(desk, tender):
    entry = Entry.objects.get(pk=tender.entry_id)
    return reverse(entry=entry, desk=desk, kind=EntryKind.TENDER_BACK)


def close(desk, *legs):
    """Closing: the open order's money becomes income, tax, a client's credit."""
    total = sum(leg.amount if isinstance(leg, Open) else -leg.amount for leg in legs)
    return act(desk, Move(ORDERS, total), *legs, kind=EntryKind.SALE)


def earn(account, cents):
    return Move(account, -cents)


def test_a_gift(desk, clara):
    """The owner gives Clara $25.00 for a long wait. It costs the salon goodwill, now; when Clara
    uses it, the cut is earned as any other."""
    act(desk, Open(accounts.credit_of(clara), 2500, GIFT), Move(accounts.GOODWILL, 2500))
    assert_trial_balance(debit={"goodwill": "25.00"}, credit={"client_credit": "25.00"})

    apply_credit(desk, clara, 2500)
    assert_trial_balance(debit={"goodwill": "25.00"}, credit={"open_orders": "25.00"})

    close(desk, earn(SERVICES, 2500))
    assert_trial_balance(debit={"goodwill": "25.00"}, credit={"income": "25.00"})


def test_a_top_up_half_spent_and_then_refunded(desk, clara):
    """Clara pays $100.00 in advance by card, has a cut for $50.00, and wants the rest back."""
    top_up = Terms(source=Source.PURCHASE, is_paid=True, card_ceiling=10000)

    take_tender(desk, 10000, accounts.CARD)
    assert_trial_balance(debit={"card": "100.00"}, credit={"open_orders": "100.00"})

    sale = close(desk, Open(accounts.credit_of(clara), 10000, top_up))
    # Nothing is earned yet: the salon owes Clara a hundred dollars' worth.
    assert_trial_balance(debit={"card": "100.00"}, credit={"client_credit": "100.00"})

    apply_credit(desk, clara, 5000)
    close(desk, earn(SERVICES, 5000))
    assert_trial_balance(
        debit={"card": "100.00"}, credit={"client_credit": "50.00", "income": "50.00"}
    )

    # All hundred cannot go back: half of the lot is spent.
    [lot] = sale.opened
    with pytest.raises(LotMoved) as refusal:
        act(desk, Take(lot, 10000), Move(accounts.CARD, -10000), kind=EntryKind.REFUND)
    assert refusal.value.figures["remaining"] == 5000

    act(desk, Take(lot, 5000), Move(accounts.CARD, -5000), kind=EntryKind.REFUND)
    assert_trial_balance(debit={"card": "50.00"}, credit={"income": "50.00"})


def test_a_third_party_buys_credit_for_a_friend(desk, ines, ben):
    """Ines pays $60.00 in cash for Ben's birthday. The credit is Ben's, and only his."""
    take_tender(desk, 6000, cash(desk))
    terms = Terms(source=Source.PURCHASE, is_paid=True)
    sale = close(desk, Open(accounts.credit_of(ben), 6000, terms))
    assert_trial_balance(debit={"cash": "60.00"}, credit={"client_credit": "60.00"})
    assert Lot.objects.get(pk=sale.opened[0]).account.client == ben

    # Ben has a shave for $40.00 and pays the tip of $5.00 in cash.
    apply_credit(desk, ben, 4000)
    take_tender(desk, 500, cash(desk))
    close(desk, earn(SERVICES, 4000), earn(accounts.tips(desk.staff), 500))
    assert_trial_balance(
        debit={"cash": "65.00"},
        credit={"client_credit": "20.00", "income": "40.00", "tips": "5.00"},
    )


def test_a_void_with_three_payments(desk, clara):
    """$100.00 are on an open order: $40.00 of credit out of two lots, $50.00 by card, $10.00 cash.
    The visit does not happen; every payment goes back where it came from, on its exact terms."""
    expiring = make_credit(clara, 15, desk=desk, expires_on=FRIDAY.date())
    free = make_credit(clara, 30, desk=desk)
    assert_trial_balance(debit={"opening": "45.00"}, credit={"client_credit": "45.00"})

    tenders = [apply_credit(desk, clara, 4000)]
    assert_trial_balance(
        debit={"opening": "45.00"}, credit={"client_credit": "5.00", "open_orders": "40.00"}
    )
    tenders += [take_tender(desk, 5000, accounts.CARD), take_tender(desk, 1000, cash(desk))]
    assert_trial_balance(
        debit={"opening": "45.00", "card": "50.00", "cash": "10.00"},
        credit={"client_credit": "5.00", "open_orders": "100.00"},
    )

    credit_tender, card_tender, cash_tender = tenders
    take_back(desk, cash_tender)
    assert_trial_balance(
        debit={"opening": "45.00", "card": "50.00"},
        credit={"client_credit": "5.00", "open_orders": "90.00"},
    )
    take_back(desk, card_tender)
    assert_trial_balance(
        debit={"opening": "45.00"}, credit={"client_credit": "5.00", "open_orders": "40.00"}
    )
    take_back(desk, credit_tender)
    assert_trial_balance(debit={"opening": "45.00"}, credit={"client_credit": "45.00"})
    assert lots_left([expiring.pk, free.pk]) == [1500, 3000]


def test_a_refund_of_a_sale_that_credit_card_and_cash_paid(desk, clara):
    """A color for $100.00 and a shampoo for $20.00 with $1.60 tax. Credit paid $60.00 ($20.00 of a
    gift, $40.00 paid for), the card $50.00, cash $11.60. It went wrong and is refunded on Saturday.
    The allocations say what paid it: $49.34 credit, $41.12 card, $9.54 cash."""
    rate = accounts.tax(make_tax_rate("8"))
    gift = make_credit(clara, 20, desk=desk, source=Source.GOODWILL, expires_on=FRIDAY.date())
    paid = make_credit(clara, 40, desk=desk, card_ceiling=4000)
    apply_credit(desk, clara, 6000)
    take_tender(desk, 5000, accounts.CARD)
    take_tender(desk, 1160, cash(desk))
    close(desk, earn(SERVICES, 10000), earn(PRODUCTS, 2000), earn(rate, 160))
    sold = {"opening": "60.00", "card": "50.00", "cash": "11.60"}
    assert_trial_balance(debit=sold, credit={"income": "120.00", "tax": "1.60"})

    # Credit goes back to credit alone, the lot drawn last first: $40.00 to a child of the paid
    # lot, $9.34 to a child of the gift, whose last day was Friday: it gets thirty more.
    saturday = make_desk(at=FRIDAY + dt.timedelta(days=1))
    thirty_days = Terms(expires_on=saturday.business_date + dt.timedelta(days=30))
    account = accounts.credit_of(clara)
    refund = act(
        saturday,
        Move(SERVICES, 10000),
        Open(account, 4000, parent=paid.pk),
        Open(account, 934, thirty_days, parent=gift.pk),
        Move(accounts.CARD, -4112),
        Move(cash(desk), -954),
        kind=EntryKind.REFUND,
    )
    assert_trial_balance(
        debit={"opening": "60.00", "card": "8.88", "cash": "2.06"},
        credit={"client_credit": "49.34", "income": "20.00", "tax": "1.60"},
    )
    children = Lot.objects.filter(pk__in=refund.opened).order_by("id")
    assert [(lot.source, lot.is_paid, lot.card_ceiling) for lot in children] == [
        ("purchase", True, 4000),
        ("goodwill", False, 0),
    ]

    # Nothing beyond what credit paid ever comes back as credit.
    with pytest.raises(MoreThanTaken):
        act(saturday, Move(SERVICES, 1067), Open(account, 1067, parent=gift.pk))

    # The rest of the sale, too: tax with its line.
    act(
        saturday,
        Move(PRODUCTS, 2000),
        Move(rate, 160),
        Open(account, 1066, thirty_days, parent=gift.pk),
        Move(accounts.CARD, -888),
        Move(cash(desk), -206),
        kind=EntryKind.REFUND,
    )
    assert_trial_balance(debit={"opening": "60.00"}, credit={"client_credit": "60.00"})


def test_a_deposit_larger_than_the_visit(desk, clara):
    """Clara leaves $30.00 by card for Tuesday. On Tuesday a fringe trim is $22.00; the eight
    dollars that are left become balance, and still nothing but that card's money."""
    visit = make_appointment(clara)
    held = Terms(source=Source.DEPOSIT, is_paid=True, visit=visit.pk, card_ceiling=3000)
    take_tender(desk, 3000, accounts.CARD)
    deposit = close(desk, Open(accounts.credit_of(clara), 3000, held))
    assert_trial_balance(debit={"card": "30.00"}, credit={"client_credit": "30.00"})

    apply_credit(desk, clara, 2200, visit=visit.pk)
    close(desk, earn(SERVICES, 2200))
    assert_trial_balance(
        debit={"card": "30.00"}, credit={"client_credit": "8.00", "income": "22.00"}
    )

    [lot] = deposit.opened
    released = act(
        desk,
        Take(lot, 800),
        Open(accounts.credit_of(clara), 800, Terms(cleared=("visit",)), parent=lot),
        kind=EntryKind.LOT_CHANGE,
    )
    assert_trial_balance(
        debit={"card": "30.00"}, credit={"client_credit": "8.00", "income": "22.00"}
    )
    child = Lot.objects.get(pk=released.opened[0])
    assert (child.source, child.appointment, child.card_ceiling) == ("deposit", None, 800)


def test_an_iou(desk, clara):
    """Clara has $30.00 and a color for $45.00; the owner lets her owe $15.00. The money she brings
    next settles that first."""
    make_credit(clara, 30, desk=desk)
    apply_credit(desk, clara, 4500, short=(accounts.owed_by(clara), 5000))
    close(desk, earn(SERVICES, 4500))
    assert_trial_balance(
        debit={"opening": "30.00", "receivable": "15.00"}, credit={"income": "45.00"}
    )

    take_tender(desk, 2000, cash(desk))
    terms = Terms(source=Source.PURCHASE, is_paid=True)
    close(
        desk,
        Open(accounts.credit_of(clara), 2000, terms, settles=accounts.owed_by(clara)),
    )
    assert_trial_balance(
        debit={"opening": "30.00", "cash": "20.00"},
        credit={"client_credit": "5.00", "income": "45.00"},
    )


def test_a_gift_that_ends_on_friday(desk, clara):
    """A $15.00 gift is good until Friday. On Friday $10.00 of it are used; the rest is the salon's
    on Saturday, as income of its own kind."""
    gift = Terms(source=Source.GOODWILL, is_paid=False, expires_on=FRIDAY.date())
    act(desk, Open(accounts.credit_of(clara), 1500, gift), Move(accounts.GOODWILL, 1500))
    apply_credit(desk, clara, 1000)
    close(desk, earn(SERVICES, 1000))
    assert_trial_balance(
        debit={"goodwill": "15.00"}, credit={"client_credit": "5.00", "income": "10.00"}
    )

    expire_lots(FRIDAY + dt.timedelta(days=1))
    assert_trial_balance(
        debit={"goodwill": "15.00"}, credit={"income": "10.00", "breakage": "5.00"}
    )


def test_two_clients_turn_out_to_be_one(desk, clara, ben):
    """The same person was entered twice. The lots move, each to a child on the account that stays;
    the IOU moves too. No income, no cost: the trial balance is the same, the accounts are not."""
    lots = [make_credit(ben, 20, desk=desk), make_credit(ben, 5, desk=desk, source=Source.GOODWILL)]
    make_debt(ben, 12, desk=desk)
    before = {
        "debit": {"opening": "13.00", "receivable": "12.00"},
        "credit": {"client_credit": "25.00"},
    }
    assert_trial_balance(**before)

    legs = [Move(accounts.owed_by(ben), -1200), Move(accounts.owed_by(clara), 1200)]
    for lot in lots:
        legs.append(Take(lot.pk, lot.remaining))
        legs.append(Open(accounts.credit_of(clara), lot.remaining, parent=lot.pk))
    merged = act(desk, *legs, kind=EntryKind.MERGE)

    assert_trial_balance(**before)
    assert lots_left([lot.pk for lot in lots]) == [0, 0]
    sources = (
        Lot.objects.filter(pk__in=merged.opened).order_by("id").values_list("source", flat=True)
    )
    assert list(sources) == ["purchase", "goodwill"]
