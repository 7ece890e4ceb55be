"""What one call of the ledger writes, in which order it draws, and what it refuses."""

import datetime as dt
import json

import pytest
from django.db import IntegrityError, transaction

from ledger import accounts
from ledger.errors import (
    BadAmount,
    KeyConflict,
    LedgerError,
    LotMoved,
    MoreThanTaken,
    NotEnoughCredit,
    Unbalanced,
    UnknownLot,
)
from ledger.kinds import EntryKind, Restriction, Source
from ledger.legs import Draw, Move, Open, Restore, Take, Terms, as_text
from ledger.models import Account, Entry, Lot, Posting
from ledger.posting import Cause, post
from tests.factories import (
    make_appointment,
    make_client,
    make_credit,
    make_debt,
    make_desk,
    make_merchant_account,
    make_staff,
)
from tests.ledger.books import act, assert_well, lots_left

GIFT = Terms(source=Source.GOODWILL, is_paid=False)
PAID = Terms(source=Source.PURCHASE, is_paid=True)
TODAY = dt.date(2026, 11, 20)
NOON = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)


@pytest.fixture
def desk(db):
    return make_desk(at=NOON)


def gift(client, cents, terms=GIFT, **more):
    return Open(accounts.credit_of(client), cents, terms, **more), Move(accounts.GOODWILL, cents)


def spend(client, cents, **more):
    return Draw(accounts.credit_of(client), cents, **more), Move(accounts.OPEN_ORDERS, -cents)


def give_back(client, lot, cents, terms=None):
    back = Open(accounts.credit_of(client), cents, terms or Terms(), parent=lot)
    return back, Move(accounts.OPEN_ORDERS, cents)


# --- What is written ----------------------------------------------------------------------------


def test_a_gift_opens_a_lot(desk, clara):
    posted = act(desk, *gift(clara, 5000))

    lot = Lot.objects.get(pk=posted.opened[0])
    assert (lot.amount, lot.remaining, lot.is_open) == (5000, 5000, True)
    assert (lot.source, lot.is_paid, lot.restriction) == ("goodwill", False, "any")
    assert (lot.since, lot.expires_on, lot.holder, lot.card_ceiling) == (TODAY, None, None, 0)
    assert lot.opened_by_id == posted.entry_id
    assert lot.account.name == f"client_credit/client:{clara.pk}"
    assert lot.account.client == clara
    assert_well()


def test_a_client_s_posting_carries_the_balance_after_it_and_the_version(desk, clara):
    act(desk, *gift(clara, 5000))
    act(desk, *spend(clara, 2000))

    rows = Posting.objects.filter(account__client=clara).order_by("version")
    assert [(row.amount, row.balance_after, row.version) for row in rows] == [
        (-5000, -5000, 1),
        (2000, -3000, 2),
    ]
    account = Account.objects.get(client=clara)
    assert (account.balance, account.version) == (-3000, 2)


def test_a_house_account_keeps_no_balance(desk, clara):
    act(desk, *gift(clara, 5000))
    account = Account.objects.get(name=accounts.GOODWILL)
    assert (account.balance, account.version) == (None, None)
    assert account.postings.get().version is None


def test_an_entry_says_who_where_when_and_why(desk, clara):
    posted = act(
        desk,
        *gift(clara, 100),
        reason="reward",
        note="Ten visits",
        cause=Cause("client", "7"),
    )
    entry = Entry.objects.get(pk=posted.entry_id)
    assert (entry.staff, entry.location) == (desk.staff, desk.location)
    assert (entry.occurred_at, entry.business_date) == (NOON, TODAY)
    assert (entry.reason, entry.note) == ("reward", "Ten visits")
    assert (entry.cause_kind, entry.cause_id) == ("client", "7")
    assert entry.recorded_at > NOON


def test_before_the_day_starts_it_still_counts_for_the_day_before(db, clara):
    two_at_night = dt.datetime(2026, 11, 21, 7, tzinfo=dt.UTC)
    posted = act(make_desk(at=two_at_night), *gift(clara, 100))
    entry = Entry.objects.get(pk=posted.entry_id)
    assert entry.business_date == TODAY
    assert {row.business_date for row in entry.postings.all()} == {TODAY}


def test_an_entry_is_one_query(desk, clara, django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(1):
        post(key="one", kind=EntryKind.ADJUSTMENT, legs=gift(clara, 100), desk=desk)


def test_legs_act_in_their_order_on_one_account(desk, clara):
    old = make_credit(clara, 30, desk=desk)
    act(desk, Take(old.pk, 3000), Open(accounts.credit_of(clara), 3000, parent=old.pk))
    account = Account.objects.get(client=clara)
    assert (account.balance, account.version) == (-3000, 3)
    assert_well()


# --- The same call again --------------------------------------------------------------------------


def test_the_same_key_answers_with_the_first_entry(desk, clara):
    first = act(desk, *gift(clara, 5000), key="form")
    again = act(desk, *gift(clara, 5000), key="form")
    assert (first.is_new, again.is_new) == (True, False)
    assert again.entry_id == first.entry_id
    assert Account.objects.get(client=clara).balance == -5000


def test_another_time_place_note_or_hand_is_still_the_same_act(desk, clara):
    first = act(desk, *gift(clara, 5000), key="form", note="hello")
    later = make_desk(make_staff("Olivia"), at=NOON + dt.timedelta(days=3))
    again = act(later, *gift(clara, 5000), key="form", note="good-bye")
    assert again.entry_id == first.entry_id
    assert Entry.objects.get(pk=first.entry_id).note == "hello"


@pytest.mark.parametrize("change", ["amount", "terms", "client", "kind", "order"])
def test_the_same_key_for_another_act_is_a_conflict(desk, clara, ben, change):
    first = act(desk, *gift(clara, 5000), key="form")
    others = {
        "amount": gift(clara, 5001),
        "terms": gift(clara, 5000, Terms(source=Source.GOODWILL, is_paid=True)),
        "client": gift(ben, 5000),
        "kind": gift(clara, 5000),
        "order": gift(clara, 5000)[::-1],
    }
    kind = EntryKind.OPENING if change == "kind" else EntryKind.ADJUSTMENT
    with pytest.raises(KeyConflict) as refusal:
        act(desk, *others[change], key="form", kind=kind)
    assert refusal.value.figures["entry"] == first.entry_id
    assert Account.objects.get(client=clara).balance == -5000


def test_a_replay_succeeds_even_when_the_act_itself_would_not_any_more(desk, clara):
    act(desk, *gift(clara, 5000))
    first = act(desk, *spend(clara, 5000), key="tender")
    again = act(desk, *spend(clara, 5000), key="tender")
    assert again.entry_id == first.entry_id


@pytest.mark.parametrize(
    "hashed",
    [
        "sha256(convert_to('adjustment USD ' || legs, 'UTF8'))",
        "sha256(convert_to('adjustment USD ' || legs::jsonb::text, 'UTF8'))",
    ],
)
def test_what_earlier_versions_recorded_is_still_the_same_act(committing_db, connect, hashed):
    clara, desk = make_client("Clara Nuñez"), make_desk(at=NOON)
    first = act(desk, *gift(clara, 5000), key="form")
    superuser = connect(committing_db.superuser_url)
    superuser.execute("set session_replication_role = replica")
    superuser.execute(
        f"update ledger_entry set content_hash = {hashed} from (values (%s)) as told (legs)",
        [as_text(gift(clara, 5000))],
    )
    assert act(desk, *gift(clara, 5000), key="form").entry_id == first.entry_id
    with pytest.raises(KeyConflict):
        act(desk, *gift(clara, 5001), key="form")


@pytest.mark.parametrize(
    ("leg", "text"),
    [
        (Move('a"\\ü', -5), r'{"do":"move","account":"a\"\\\u00fc","amount":-5}'),
        (
            Open("c", 1, Terms(Source.DEPOSIT, True, 2, TODAY, 3, Restriction.ANY, 0)),
            '{"do":"open","account":"c","amount":1,"source":"deposit","is_paid":true,"holder":2,'
            '"visit":3,"restriction":"any","card_ceiling":0,"expires_on":"2026-11-20"}',
        ),
        (
            Open("c", 1, Terms(cleared=("visit",)), parent=4, settles="r"),
            '{"do":"open","account":"c","amount":1,"visit":null,"parent":4,"settles":"r"}',
        ),
        (
            Draw("c", 1, visit=2, caps={"services": 3, "products": 0}, short=("r", 5)),
            '{"do":"draw","account":"c","amount":1,"services":3,"products":0,"visit":2,'
            '"short":{"account":"r","limit":5}}',
        ),
        (Take(1, 2, whole=True), '{"do":"take","lot":1,"amount":2,"whole":true}'),
        (Restore(1, 2), '{"do":"restore","lot":1,"amount":2}'),
    ],
)
def test_a_leg_is_told_to_the_letter(leg, text):
    """Replays are known by it: where a letter changes, each key of before becomes a conflict."""
    assert as_text([leg]) == f"[{text}]"
    assert json.dumps(json.loads(text), separators=(",", ":")) == text


# --- The order of drawing -------------------------------------------------------------------------


def test_lots_are_drawn_in_the_order_that_the_salon_promises(desk, clara):
    visit = make_appointment(clara)
    soon, later = TODAY + dt.timedelta(days=3), TODAY + dt.timedelta(days=30)
    yesterday = make_desk(at=NOON - dt.timedelta(days=1))
    promised = [
        {"visit": visit.pk, "is_paid": False},
        {"expires_on": soon, "is_paid": False},
        {"expires_on": later, "restriction": Restriction.SERVICES, "is_paid": False},
        {"expires_on": later},
        {"restriction": Restriction.PRODUCTS, "is_paid": False},
        {"desk": yesterday},
        {},
        {"desk": yesterday, "is_paid": False},
        {"is_paid": False},
    ]
    # Opened the other way round: it is the promise that decides, not the order of opening.
    opened = [make_credit(clara, 1, **{"desk": desk} | terms) for terms in reversed(promised)]
    posted = act(desk, *spend(clara, 900, visit=visit.pk))
    drawn = Posting.objects.filter(entry=posted.entry_id, lot__isnull=False).order_by("line")
    assert [row.lot_id for row in drawn] == [lot.pk for lot in reversed(opened)]


def test_the_last_lot_is_drawn_in_part(desk, clara):
    first, second = make_credit(clara, 30, desk=desk), make_credit(clara, 30, desk=desk)
    act(desk, *spend(clara, 4000))
    assert lots_left([first.pk, second.pk]) == [0, 2000]


def test_a_draw_of_several_lots_gives_each_its_version(desk, clara):
    for _ in range(3):
        make_credit(clara, 10, desk=desk)
    act(desk, *spend(clara, 2500))
    rows = Posting.objects.filter(account__client=clara).order_by("version")
    assert [(row.version, row.balance_after) for row in rows][3:] == [
        (4, -2000),
        (5, -1000),
        (6, -500),
    ]
    assert Account.objects.get(client=clara).version == 6
    assert_well()


def test_what_is_held_lacks_though_the_account_has_it(desk, clara):
    """The balance would do; what may be drawn does not, and the rest is owed."""
    make_credit(clara, 50, desk=desk, visit=make_appointment(clara).pk)
    make_credit(clara, 10, desk=desk)
    act(desk, *spend(clara, 2000, short=(accounts.owed_by(clara), 1000)))
    assert Account.objects.get(name=accounts.credit_of(clara)).balance == -5000
    assert Account.objects.get(name=accounts.owed_by(clara)).balance == 1000
    assert_well()


def test_what_is_held_for_another_visit_is_never_drawn(desk, clara):
    make_credit(clara, 50, desk=desk, visit=make_appointment(clara).pk)
    make_credit(clara, 10, desk=desk)
    for visit in [None, make_appointment(clara, starts_at=NOON + dt.timedelta(days=1)).pk]:
        with pytest.raises(NotEnoughCredit) as refusal:
            act(desk, *spend(clara, 2000, visit=visit))
        assert refusal.value.figures == {"available": 1000, "wanted": 2000}


def test_the_last_day_is_a_day_on_which_it_can_be_spent(desk, clara):
    make_credit(clara, 10, desk=desk, expires_on=TODAY)
    tomorrow = make_desk(at=NOON + dt.timedelta(days=1))
    with pytest.raises(NotEnoughCredit):
        act(tomorrow, *spend(clara, 1))
    act(desk, *spend(clara, 1000))


def test_restricted_lots_pay_only_so_much(desk, clara):
    services = make_credit(clara, 50, desk=desk, restriction=Restriction.SERVICES)
    products = make_credit(clara, 50, desk=desk, restriction=Restriction.PRODUCTS)
    free = make_credit(clara, 50, desk=desk)
    act(desk, *spend(clara, 6000, caps={"services": 4000, "products": 0}))
    assert lots_left([services.pk, products.pk, free.pk]) == [1000, 5000, 3000]


def test_caps_count_over_all_lots_of_a_restriction(desk, clara):
    lots = [make_credit(clara, 10, desk=desk, restriction=Restriction.SERVICES) for _ in range(3)]
    act(desk, *spend(clara, 1500, caps={"services": 1500, "products": 0}))
    assert lots_left([lot.pk for lot in lots]) == [0, 500, 1000]
    with pytest.raises(NotEnoughCredit):
        act(desk, *spend(clara, 1000, caps={"services": 999, "products": 0}))


def test_not_enough_leaves_everything_as_it_was(desk, clara):
    lot = make_credit(clara, 10, desk=desk)
    with pytest.raises(NotEnoughCredit):
        act(desk, *spend(clara, 1001))
    assert lots_left([lot.pk]) == [1000]
    assert not Entry.objects.filter(kind=EntryKind.TENDER).exists()
    assert_well()


# --- Below zero ---------------------------------------------------------------------------------


def test_past_what_is_there_one_tender_has_two_legs(desk, clara):
    make_credit(clara, 10, desk=desk)
    posted = act(desk, *spend(clara, 2500, short=(accounts.owed_by(clara), 1500)))
    legs = Posting.objects.filter(entry=posted.entry_id).order_by("line")
    assert [(leg.account.kind, leg.amount, leg.balance_after) for leg in legs] == [
        ("client_credit", 1000, 0),
        ("receivable", 1500, 1500),
        ("open_orders", -2500, None),
    ]
    assert_well()


def test_the_limit_counts_what_is_owed_already(desk, clara):
    make_debt(clara, "5.00", desk=desk)
    with pytest.raises(NotEnoughCredit) as refusal:
        act(desk, *spend(clara, 1001, short=(accounts.owed_by(clara), 1500)))
    assert refusal.value.figures["available"] == 0
    act(desk, *spend(clara, 1000, short=(accounts.owed_by(clara), 1500)))


def test_money_that_comes_in_settles_what_is_owed_first(desk, clara):
    make_debt(clara, "12.00", desk=desk)
    money_in = gift(clara, 2000, PAID, settles=accounts.owed_by(clara))
    posted = act(desk, *money_in)
    lot = Lot.objects.get(pk=posted.opened[0])
    assert (lot.amount, lot.remaining) == (800, 800)
    assert Account.objects.get(name=accounts.owed_by(clara)).balance == 0
    assert_well()


def test_no_lot_opens_when_all_of_it_settles(desk, clara):
    make_debt(clara, "12.00", desk=desk)
    posted = act(desk, *gift(clara, 1200, PAID, settles=accounts.owed_by(clara)))
    assert posted.opened == [None]
    assert not Lot.objects.exists()
    assert_well()


def test_nobody_pays_more_than_is_owed(desk, clara):
    make_debt(clara, "12.00", desk=desk)
    with pytest.raises(NotEnoughCredit):
        act(desk, Move(accounts.owed_by(clara), -1201), Move(accounts.cash(desk.till), 1201))


# --- One lot -------------------------------------------------------------------------------------


def test_a_lot_can_be_taken_in_part_and_put_back(desk, clara):
    lot = make_credit(clara, 10, desk=desk)
    act(desk, Take(lot.pk, 1000), Move(accounts.BREAKAGE, -1000))
    assert lots_left([lot.pk]) == [0]
    act(desk, Restore(lot.pk, 400), Move(accounts.BREAKAGE, 400))
    assert lots_left([lot.pk]) == [400]
    assert Lot.objects.get(pk=lot.pk).is_open
    assert_well()


def test_more_than_remains_has_moved_on(desk, clara):
    lot = make_credit(clara, 10, desk=desk)
    with pytest.raises(LotMoved) as refusal:
        act(desk, Take(lot.pk, 1001), Move(accounts.BREAKAGE, -1001))
    assert refusal.value.figures["remaining"] == 1000


def test_whole_means_that_nothing_has_gone_from_it(desk, clara):
    lot = make_credit(clara, 10, desk=desk)
    act(desk, *spend(clara, 1))
    with pytest.raises(LotMoved):
        act(desk, Take(lot.pk, 999, whole=True), Move(accounts.BREAKAGE, -999))


def test_a_lot_never_holds_more_than_it_was_opened_with(desk, clara):
    lot = make_credit(clara, 10, desk=desk)
    act(desk, *spend(clara, 300))
    with pytest.raises(LotMoved):
        act(desk, Restore(lot.pk, 301), Move(accounts.OPEN_ORDERS, 301))


def test_there_is_no_such_lot(desk, clara):
    for leg in [Take(404, 1), Restore(404, 1), Open(accounts.credit_of(clara), 1, parent=404)]:
        with pytest.raises(UnknownLot):
            act(desk, leg, Move(accounts.BREAKAGE, -1))


# --- Children ------------------------------------------------------------------------------------


def test_a_child_has_its_parent_s_terms_but_for_what_is_named(desk, clara, ben):
    visit = make_appointment(clara)
    holder = make_merchant_account()
    parent = make_credit(
        clara,
        50,
        source=Source.DEPOSIT,
        desk=make_desk(at=NOON - dt.timedelta(days=40)),
        holder=holder.pk,
        expires_on=TODAY + dt.timedelta(days=9),
        visit=visit.pk,
        restriction=Restriction.SERVICES,
        card_ceiling=5000,
    )
    released = Terms(cleared=("visit",), restriction=Restriction.ANY)
    posted = act(
        desk,
        Take(parent.pk, 2000),
        Open(accounts.credit_of(ben), 2000, released, parent=parent.pk),
        kind=EntryKind.LOT_CHANGE,
    )
    child = Lot.objects.get(pk=posted.opened[0])
    assert child.parent == parent
    assert (child.source, child.is_paid, child.holder) == ("deposit", True, holder)
    assert (child.since, child.expires_on) == (parent.since, parent.expires_on)
    assert (child.appointment, child.restriction) == (None, "any")
    assert child.card_ceiling == 2000
    assert child.account.client == ben
    assert_well()


def test_children_get_no_more_than_went_out_of_their_parent(desk, clara):
    lot = make_credit(clara, 50, desk=desk)
    act(desk, *spend(clara, 3000))
    act(desk, *give_back(clara, lot.pk, 1000))
    with pytest.raises(MoreThanTaken) as refusal:
        act(desk, *give_back(clara, lot.pk, 2001))
    assert refusal.value.figures == {"lot": lot.pk, "wanted": 2001, "left": 2000}
    act(desk, *give_back(clara, lot.pk, 2000))
    assert_well()


def test_what_children_got_cannot_be_restored_as_well(desk, clara):
    lot = make_credit(clara, 50, desk=desk)
    act(desk, *spend(clara, 3000))
    act(desk, *give_back(clara, lot.pk, 2000))
    with pytest.raises(LotMoved):
        act(desk, Restore(lot.pk, 1001), Move(accounts.OPEN_ORDERS, 1001))
    act(desk, Restore(lot.pk, 1000), Move(accounts.OPEN_ORDERS, 1000))
    assert_well()


def test_all_children_together_have_their_parent_s_card_ceiling(desk, clara):
    """$100.00 of which a card paid $40.00: wherever it moves, no more goes back to the card."""
    parent = make_credit(clara, 100, desk=desk, card_ceiling=4000)
    ceilings = []
    for _ in range(3):
        posted = act(
            desk,
            Take(parent.pk, 3000),
            Open(accounts.credit_of(clara), 3000, Terms(card_ceiling=9999), parent=parent.pk),
        )
        ceilings.append(Lot.objects.get(pk=posted.opened[0]).card_ceiling)
    assert ceilings == [3000, 1000, 0]
    assert_well()


def test_a_ceiling_is_never_more_than_the_lot(desk, clara):
    assert make_credit(clara, 10, desk=desk, card_ceiling=9999).card_ceiling == 1000


# --- What is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize("cents", [0, -1, 10**16, 10**30])
def test_amounts_that_are_no_amounts(desk, clara, cents):
    lot = make_credit(clara, 10, desk=desk)
    for leg in [
        Open(accounts.credit_of(clara), cents, GIFT),
        Draw(accounts.credit_of(clara), cents),
        Take(lot.pk, cents),
        Restore(lot.pk, cents),
    ]:
        with pytest.raises(BadAmount):
            act(desk, leg, Move(accounts.GOODWILL, cents))
    assert lots_left([lot.pk]) == [1000]


def test_the_largest_amounts_do_not_overflow(desk, clara):
    for _ in range(3):
        act(desk, *gift(clara, 9_999_999_999_999_999))
    assert Account.objects.get(client=clara).balance == -29_999_999_999_999_997
    assert_well()


def test_legs_have_to_add_up(desk, clara):
    open_leg, _ = gift(clara, 5000)
    for legs in [[open_leg], [open_leg, Move(accounts.GOODWILL, 4999)], []]:
        with pytest.raises(Unbalanced):
            act(desk, *legs)
    assert not Entry.objects.exists()


def test_stored_value_moves_by_lots_alone(desk, clara):
    account = accounts.credit_of(clara)
    make_credit(clara, 10, desk=desk)
    with pytest.raises(BadAmount):
        act(desk, Move(account, 100), Move(accounts.GOODWILL, -100))


@pytest.mark.parametrize(
    "name",
    [
        "client_credit/client:999999",
        "client_credit/",
        "receivable/",
        "gift_card/",
        "client_credit/till:1",
        "cash/client:1",
        "cash",
        "Cash/till:1",
        "no such kind/",
        "slush/",
        "",
    ],
)
def test_there_can_be_no_such_account(desk, clara, name):
    for legs in [
        [Move(name, 100), Move(accounts.GOODWILL, -100)],
        [Open(name, 100, GIFT), Move(accounts.GOODWILL, 100)],
    ]:
        with pytest.raises(BadAmount):
            act(desk, *legs)
    assert not Account.objects.filter(name=name).exists()


def test_a_client_has_one_account_however_its_number_is_written(desk, clara):
    for name in [f"client_credit/client:0{clara.pk}", f"client_credit/client:{clara.pk}/2"]:
        with pytest.raises(BadAmount):
            act(desk, Open(name, 100, GIFT), Move(accounts.GOODWILL, 100))


def test_only_stored_value_stands_in_lots(desk, clara):
    make_debt(clara, 50, desk=desk)
    for name in [accounts.owed_by(clara), accounts.cash(desk.till), accounts.GOODWILL]:
        for leg in [Open(name, 100, GIFT), Draw(name, 100)]:
            with pytest.raises(BadAmount):
                act(desk, leg, Move(accounts.GOODWILL, 100))


def test_only_a_receivable_settles_or_is_owed(desk, clara, ben):
    make_credit(ben, 50, desk=desk)
    for name in [accounts.credit_of(ben), accounts.cash(desk.till)]:
        for leg in [
            Open(accounts.credit_of(clara), 100, GIFT, settles=name),
            Draw(accounts.credit_of(clara), 100, short=(name, 10**9)),
        ]:
            with pytest.raises(BadAmount):
                act(desk, leg, Move(accounts.GOODWILL, 100))


def test_after_a_refusal_the_transaction_can_only_be_rolled_back(desk, clara):
    with pytest.raises(transaction.TransactionManagementError), transaction.atomic():
        with pytest.raises(LedgerError):
            post(key="x", kind=EntryKind.TENDER, legs=spend(clara, 1), desk=desk)
        make_client("Ines Duarte")


@pytest.mark.parametrize("words", [{"source": "theft"}, {"restriction": "hats"}])
def test_an_unknown_source_or_restriction_is_refused(desk, clara, words):
    with pytest.raises(BadAmount):
        act(desk, *gift(clara, 100, Terms(**{"source": Source.GOODWILL, "is_paid": False} | words)))


@pytest.mark.parametrize("terms", [Terms(is_paid=False), Terms(source=Source.GOODWILL)])
def test_a_lot_of_no_origin_is_refused(desk, clara, terms):
    with pytest.raises(IntegrityError):
        act(desk, *gift(clara, 100, terms))
