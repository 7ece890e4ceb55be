"""Many hands on one balance: never below its bound, nothing lost, nobody waits for ever."""

from functools import partial

import pytest
from django.db import OperationalError, transaction

from ledger import accounts
from ledger.balances import balance_of
from ledger.errors import LotMoved, MoreThanTaken, NotEnoughCredit
from ledger.expiring import expire_lots
from ledger.kinds import EntryKind
from ledger.legs import Draw, Move, Open, Take, Terms
from ledger.models import Account, Entry, Lot
from ledger.posting import post
from ledger.reversing import reverse
from salon import clock
from tests.factories import dollars, make_client, make_credit, make_debt, make_desk
from tests.harness.at_once import LIMIT, at_once, start, until_waiting
from tests.ledger.books import act, assert_well, nets

HANDS = 8
pytestmark = pytest.mark.usefixtures("committing_db")


@pytest.fixture
def desk(committing_db):
    return make_desk()


@pytest.fixture
def clara(committing_db):
    return make_client("Clara Nuñez")


@pytest.fixture
def ben(committing_db):
    return make_client("Ben Okafor")


def all_at_once(work, hands=HANDS):
    """Run work(0), work(1), … in threads of their own that start together; their answers."""
    return at_once(*[partial(work, number) for number in range(hands)], told=())


def spend(desk, client, cents, **more):
    draw = Draw(accounts.credit_of(client), cents, **more)
    return act(desk, draw, Move(accounts.OPEN_ORDERS, -cents), kind=EntryKind.TENDER)


def count_successes(attempts, act):
    """How many of the attempts were not refused for want of credit."""
    done = 0
    for _ in range(attempts):
        try:
            act()
        except NotEnoughCredit:
            continue
        done += 1
    return done


def test_one_balance_is_never_overdrawn_by_many_tills(desk, clara):
    for _ in range(10):
        make_credit(clara, 10, desk=desk)

    spent = sum(all_at_once(lambda _: count_successes(25, lambda: spend(desk, clara, 100))))

    assert spent == 100  # of 200 attempts: every dollar once
    assert nets() == {"opening": 10000, "open_orders": -10000}
    assert_well()


def test_spending_and_topping_up_at_once_loses_nothing(desk, clara):
    make_credit(clara, 5, desk=desk)

    def work(number):
        if number % 2:
            for _ in range(20):
                make_credit(clara, 1, desk=desk)
            return 0
        return count_successes(30, lambda: spend(desk, clara, 130))

    spent = sum(all_at_once(work))
    balance = balance_of(clara, desk.business_date)
    assert balance.stored == dollars(85) - spent * dollars("1.30")
    account = Account.objects.get(client=clara)
    assert account.version == account.postings.count()
    assert_well()


def test_nobody_owes_more_than_the_limit(desk, clara):
    make_credit(clara, 10, desk=desk)
    short = (accounts.owed_by(clara), 2000)
    spent = sum(
        all_at_once(lambda _: count_successes(8, lambda: spend(desk, clara, 100, short=short)))
    )
    assert spent == 30
    balance = balance_of(clara, desk.business_date)
    assert (balance.stored, balance.owes) == (dollars(0), dollars(20))
    assert_well()


def test_two_clients_giving_to_each_other_do_not_lock_each_other_out(desk, clara, ben):
    """Both accounts are locked in one order, whichever leg comes first."""
    lots = {client: make_credit(client, 100, desk=desk).pk for client in (clara, ben)}

    def work(number):
        giver, taker = (clara, ben) if number % 2 else (ben, clara)
        for _ in range(15):
            given = Open(accounts.credit_of(taker), 100, parent=lots[giver])
            act(desk, Take(lots[giver], 100), given, kind=EntryKind.LOT_CHANGE)

    all_at_once(work)

    for client in (clara, ben):
        assert balance_of(client, desk.business_date).stored == dollars(100)
    assert_well()


def crosswise(desk, gate, *entries):
    """Post the entries one after the other, all held up half-way until the gate is committed."""
    with transaction.atomic():
        gate()
        posted = []
        for legs in entries:
            posted.append(start(act, desk, *legs))
            until_waiting(len(posted))
    return [entry.result(LIMIT) for entry in posted]


def test_accounts_are_locked_in_one_order_whatever_the_order_of_legs(desk, clara, ben):
    """Each of two entries holds one end and waits for the middle: neither holds what the other
    needs next."""
    ines = make_client("Ines Duarte")
    lots = {client: make_credit(client, 100, desk=desk).pk for client in (clara, ben, ines)}

    def pass_on(giver, *takers):
        children = [Open(accounts.credit_of(to), 100, parent=lots[giver]) for to in takers]
        return [Take(lots[giver], 100 * len(takers)), *children]

    crosswise(
        desk,
        lambda: make_credit(ben, 1, desk=desk),
        pass_on(clara, ben, ines),
        pass_on(ines, ben, clara),
    )
    assert balance_of(ben, desk.business_date).stored == dollars(103)
    assert_well()


def test_so_are_two_accounts(desk, clara, ben):
    lot = make_credit(clara, 10, desk=desk).pk
    make_debt(ben, 10, desk=desk)
    crosswise(
        desk,
        lambda: make_credit(clara, 1, desk=desk),
        [Take(lot, 100), Move(accounts.owed_by(ben), -100)],
        [Move(accounts.owed_by(ben), -100), Take(lot, 100)],
    )
    assert balance_of(ben, desk.business_date).owes == dollars(8)
    assert_well()


def test_accounts_that_nobody_had_yet_are_made_in_one_order(desk):
    first, middle, last = (accounts.income(f"new_{letter}") for letter in "abc")
    crosswise(
        desk,
        lambda: act(desk, Move(middle, 1), Move(accounts.OPENING, -1)),
        [Move(last, 1), Move(middle, 1), Move(first, -2)],
        [Move(first, 1), Move(middle, 1), Move(last, -2)],
    )
    assert Account.objects.filter(name__in=[first, middle, last]).count() == 3
    assert_well()


def test_a_form_that_is_sent_many_times_at_once_posts_once(desk, clara):
    legs = [Open(accounts.credit_of(clara), 100, GIFT), Move(accounts.GOODWILL, 100)]
    posted = all_at_once(lambda _: act(desk, *legs, key="form"))
    assert len({entry.entry_id for entry in posted}) == 1
    assert sum(entry.is_new for entry in posted) == 1
    assert balance_of(clara, desk.business_date).stored == dollars(1)


GIFT = Terms(source="goodwill", is_paid=False)


def test_a_lot_is_refunded_once_over_however_many_ask(desk, clara):
    lot = make_credit(clara, 50, desk=desk)
    spend(desk, clara, 1000)

    def work(_):
        child = Open(accounts.credit_of(clara), 600, parent=lot.pk)
        try:
            act(desk, child, Move(accounts.OPEN_ORDERS, 600), kind=EntryKind.REFUND)
        except MoreThanTaken:
            return 0
        return 1

    assert sum(all_at_once(work)) == 1
    assert_well()


def test_taken_back_and_refunded_at_once_it_comes_back_once(desk, clara):
    """The reversal would fill the lot again, the refund would open a child of it: one of them."""
    for _ in range(6):
        lot = make_credit(clara, 10, desk=desk)
        tender = Entry.objects.get(pk=spend(desk, clara, 1000).entry_id)

        def work(number, lot=lot, tender=tender):
            try:
                if number % 2:
                    reverse(entry=tender, desk=desk)
                else:
                    child = Open(accounts.credit_of(clara), 1000, parent=lot.pk)
                    act(desk, child, Move(accounts.OPEN_ORDERS, 1000), kind=EntryKind.REFUND)
            except (LotMoved, MoreThanTaken):
                return False
            return True

        all_at_once(work, hands=4)
        assert balance_of(clara, desk.business_date).stored == dollars(10)
        spend(desk, clara, 1000)
    assert_well()


def test_one_reversal_of_many(desk, clara):
    lot = make_credit(clara, 10, desk=desk)
    entries = all_at_once(lambda _: reverse(entry=lot.opened_by, desk=desk).entry_id)
    assert len(set(entries)) == 1
    assert nets() == {}


def test_expiry_runs_at_once_with_itself(desk, clara):
    past = desk.business_date.replace(year=2020)
    for _ in range(12):
        make_credit(clara, 1, desk=desk, expires_on=past)
    posted = all_at_once(lambda _: len(expire_lots(clock.now())), hands=4)
    assert sum(posted) == 12
    assert not Lot.objects.filter(is_open=True).exists()
    assert nets() == {"opening": 1200, "breakage": -1200}


def test_who_waits_sees_what_was_spent_meanwhile(desk, clara):
    """The second till stood in line while the first took most of it: it reads the lots after."""
    make_credit(clara, 10, desk=desk)

    def second():
        with pytest.raises(NotEnoughCredit) as refusal:
            spend(desk, clara, 600)
        return refusal.value.figures

    with transaction.atomic():
        spend(desk, clara, 700)
        other = start(second)
        until_waiting(1)
    assert other.result(LIMIT) == {"available": 300, "wanted": 600}


def test_a_rolled_back_payment_leaves_the_balance_to_the_next(desk, clara):
    make_credit(clara, 10, desk=desk)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        legs = [Draw(accounts.credit_of(clara), 1000), Move(accounts.OPEN_ORDERS, -1000)]
        post(key="gone", kind=EntryKind.TENDER, legs=legs, desk=desk)
        raise ZeroDivisionError
    assert spend(desk, clara, 1000).is_new
    assert not Entry.objects.filter(key="gone").exists()
    assert_well()


def test_verifying_goes_on_while_the_desk_works(desk, clara):
    make_credit(clara, 100, desk=desk)

    def work(number):
        if number == 0:
            for _ in range(3):
                assert_well()
        else:
            for _ in range(20):
                spend(desk, clara, 10)

    try:
        all_at_once(work, hands=4)
    except OperationalError as error:  # pragma: no cover
        pytest.fail(f"Somebody waited for ever: {error}")
    assert balance_of(clara, desk.business_date).stored == dollars(94)
