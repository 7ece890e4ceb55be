"""Two clients' money becomes one's: worked examples, and any lots and debts at all."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients import merge_parts
from clients.errors import StaleMerge
from clients.merge_parts import Pair
from clients.merging import Proposal, merge_clients
from clients.models import Client
from ledger import accounts
from ledger.balances import balance_of, open_lots
from ledger.errors import LotMoved
from ledger.expiring import expire_lots
from ledger.kinds import EntryKind, Restriction, Source
from ledger.legs import Draw, Move, Take
from ledger.merging import MoneyPart, Plan, _noon
from ledger.models import Account, Entry, Lot
from ledger.reversing import reverse
from salon import clock
from tests.clients.helpers import merge
from tests.factories import (
    dollars,
    make_appointment,
    make_client,
    make_credit,
    make_debt,
    make_desk,
)
from tests.ledger.books import act, assert_trial_balance, assert_well, lots_left, nets


@pytest.fixture
def desk(db):
    return make_desk("Marcus")


@pytest.fixture
def twin(db):
    """Clara, entered a second time."""
    return make_client("Clara N.", phone="+12125550199")


@pytest.fixture(autouse=True)
def well_kept(db):
    yield
    assert_well()


def shown(gone, kept, desk):
    """The money's rows as the page has them: label to (gone, kept, result)."""
    preview = MoneyPart().preview(Pair(gone, kept, desk))
    return {row.label: (row.gone, row.kept, row.result) for row in preview.rows}


def figures(client, desk):
    balance = balance_of(client, desk.business_date)
    return tuple(
        str(amount) for amount in (balance.available, balance.held, balance.owes, balance.stored)
    )


def is_empty(client):
    return not any(Account.objects.filter(client=client).values_list("balance", flat=True))


def test_credit_and_credit(desk, clara, twin):
    """Clara has $40.00, and as Clara N. $15.00 more: she has $55.00, and nothing was earned."""
    make_credit(clara, 40, desk=desk)
    lot = make_credit(twin, 15, desk=desk, source=Source.GOODWILL)
    before = {"debit": {"opening": "55.00"}, "credit": {"client_credit": "55.00"}}
    assert_trial_balance(**before)
    assert shown(twin, clara, desk) == {"Available": ("$15.00", "$40.00", "$55.00")}

    merge(twin, clara, desk)

    assert_trial_balance(**before)
    assert figures(clara, desk) == ("$55.00", "$0.00", "$0.00", "$55.00")
    child = Lot.objects.get(parent=lot)
    assert (child.source, child.is_paid, child.since) == ("goodwill", False, lot.since)
    assert child.opened_by.kind == EntryKind.MERGE
    assert is_empty(twin)


def test_credit_comes_in_and_pays_what_the_other_owes(desk, clara, twin):
    """Clara owes $12.00; Clara N. has $20.00, and a cut to come for $30.00 that stays held."""
    make_debt(clara, 12, desk=desk)
    make_credit(twin, 20, desk=desk)
    make_credit(twin, 30, desk=desk, source=Source.DEPOSIT, visit=make_appointment(twin).pk)
    assert shown(twin, clara, desk) == {
        "Available": ("$20.00", "$0.00", "$8.00"),
        "Held for visits": ("$30.00", "$0.00", "$30.00"),
        "Owes": ("$0.00", "$12.00", "$0.00"),
    }
    merge(twin, clara, desk)
    assert_trial_balance(debit={"opening": "38.00"}, credit={"client_credit": "38.00"})
    assert figures(clara, desk) == ("$8.00", "$30.00", "$0.00", "$38.00")
    assert is_empty(twin)


def test_a_debt_comes_in_and_is_paid_out_of_what_is_there(desk, clara, twin):
    """Clara N. owes $12.00; Clara has a $5.00 gift until Friday and $40.00 of her own."""
    gift = make_credit(
        clara,
        5,
        desk=desk,
        source=Source.GOODWILL,
        expires_on=desk.business_date + dt.timedelta(days=3),
    )
    own = make_credit(clara, 40, desk=desk)
    make_debt(twin, 12, desk=desk)
    assert shown(twin, clara, desk)["Owes"] == ("$12.00", "$0.00", "$0.00")
    merge(twin, clara, desk)
    assert_trial_balance(debit={"opening": "33.00"}, credit={"client_credit": "33.00"})
    assert lots_left([gift.pk, own.pk]) == [0, 3300]
    assert is_empty(twin)


def test_debts_of_both_are_one_debt(desk, clara, twin):
    make_debt(clara, 5, desk=desk)
    make_debt(twin, 12, desk=desk)
    merge(twin, clara, desk)
    assert_trial_balance(debit={"receivable": "17.00"}, credit={"opening": "17.00"})
    assert figures(clara, desk) == ("$0.00", "$0.00", "$17.00", "$0.00")


def test_what_is_held_restricted_or_expired_pays_no_debt(desk, clara, twin):
    today = desk.business_date
    visit = make_appointment(twin)
    terms = [
        {"visit": visit.pk, "source": Source.DEPOSIT, "card_ceiling": 3000},
        {"restriction": Restriction.SERVICES},
        {"expires_on": today - dt.timedelta(days=1)},
    ]
    lots = [make_credit(twin, 30, desk=desk, **term) for term in terms]
    make_debt(clara, 12, desk=desk)
    assert shown(twin, clara, desk) == {
        "Available": ("$30.00", "$0.00", "$30.00"),
        "Held for visits": ("$30.00", "$0.00", "$30.00"),
        "Owes": ("$0.00", "$12.00", "$12.00"),
        "Expired": ("$30.00", "$0.00", "$30.00"),
    }
    merge(twin, clara, desk)
    assert figures(clara, desk) == ("$30.00", "$30.00", "$12.00", "$90.00")
    held, services, expired = (Lot.objects.get(parent=lot) for lot in lots)
    assert (held.appointment, held.card_ceiling, held.source) == (visit, 3000, "deposit")
    assert services.restriction == "services"
    assert expired.expires_on == today - dt.timedelta(days=1)
    visit.refresh_from_db()
    assert visit.client == clara

    # The expired lot is breakage on the next daily run, as it would have been.
    expire_lots(clock.now())
    assert nets()["breakage"] == -3000


def test_half_a_lot_moves_with_what_may_go_back_to_its_card(desk, clara, twin):
    """Of $100.00 by card, $70.00 are spent: $30.00 move, and at most they go back to the card."""
    lot = make_credit(twin, 100, desk=desk, card_ceiling=10000)
    act(desk, Take(lot.pk, 7000), Move(accounts.OPEN_ORDERS, -7000))
    merge(twin, clara, desk)
    child = Lot.objects.get(parent=lot)
    assert (child.amount, child.card_ceiling) == (3000, 3000)


def test_nothing_to_move_writes_no_entry(desk, clara, twin):
    merge(twin, clara, desk)
    assert not Entry.objects.exists()
    assert twin.merged_into == clara


def test_a_chain_ends_at_the_last_one(desk, clara, twin, ben):
    """Clara N. into Clara, Clara into Ben: what comes for Clara N. reaches Ben."""
    lot = make_credit(twin, 20, desk=desk)
    merge(twin, clara, desk)
    merge(clara, ben, desk)
    twin.refresh_from_db()
    assert twin.merged_into == ben
    assert accounts.credit_of(twin) == accounts.credit_of(ben)
    assert accounts.owed_by(twin) == accounts.owed_by(ben)
    lot.refresh_from_db()
    assert accounts.standing_for(lot.account) == accounts.credit_of(ben)
    grandchild = Lot.objects.get(account__client=ben)
    assert grandchild.parent is not None
    assert grandchild.parent.parent == lot
    assert figures(ben, desk)[0] == "$20.00"


def test_the_entry_of_credit_that_was_merged_away_is_not_reversed(desk, clara, twin):
    lot = make_credit(twin, 20, desk=desk)
    merge(twin, clara, desk)
    with pytest.raises(LotMoved) as refusal:
        reverse(entry=lot.opened_by, desk=desk)
    assert refusal.value.figures["remaining"] == 0


# --- Money that moves between showing and doing ---------------------------------------------------


@pytest.mark.parametrize("whose", ["gone", "kept"])
def test_what_was_spent_since_it_was_shown_is_told_and_nothing_is_done(desk, clara, twin, whose):
    make_credit(clara, 40, desk=desk)
    make_credit(twin, 15, desk=desk)
    seen = Proposal(Pair(twin, clara, desk)).stamp
    spender = {"gone": twin, "kept": clara}[whose]
    act(desk, Draw(accounts.credit_of(spender), 500), Move(accounts.OPEN_ORDERS, -500))
    with pytest.raises(StaleMerge):
        merge_clients(gone=twin, kept=clara, desk=desk, seen=seen)
    twin.refresh_from_db()
    assert not twin.is_archived
    assert not Entry.objects.filter(kind=EntryKind.MERGE).exists()


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda desk, gone, kept: make_credit(gone, 3, desk=desk),
        lambda desk, gone, kept: make_debt(gone, 3, desk=desk),
        lambda desk, gone, kept: make_debt(kept, 3, desk=desk),
        lambda desk, gone, kept: act(
            desk, Draw(accounts.credit_of(gone), 500), Move(accounts.OPEN_ORDERS, -500)
        ),
    ],
    ids=["credit comes in", "a debt comes in", "the other owes", "some is spent"],
)
def test_what_changes_between_reading_and_posting_is_noticed(desk, clara, twin, meanwhile):
    """The plan is read before the accounts are locked; the entry's versions give it away."""
    make_credit(twin, 15, desk=desk)
    make_debt(twin, 2, desk=desk)
    pair = Pair(twin, clara, desk)
    part = MoneyPart()
    preview = part.preview(pair)
    meanwhile(desk, twin, clara)
    with pytest.raises(StaleMerge), transaction.atomic():
        part.merge(pair, preview)
    assert not Entry.objects.filter(kind=EntryKind.MERGE).exists()


def test_a_debt_made_meanwhile_where_the_entry_does_not_post_is_noticed(desk, clara, twin):
    """The entry opens credit for services only, and touches no account of what is owed."""
    make_credit(twin, 15, desk=desk, restriction=Restriction.SERVICES)
    make_credit(clara, 20, desk=desk)
    pair = Pair(twin, clara, desk)
    part = MoneyPart()
    preview = part.preview(pair)
    make_debt(clara, 3, desk=desk)
    with pytest.raises(StaleMerge), transaction.atomic():
        part.merge(pair, preview)
    assert not Entry.objects.filter(kind=EntryKind.MERGE).exists()


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/New_York"])
def test_lots_are_told_as_of_the_day_at_the_salon(desk, zone):
    with timezone.override(zone):
        assert timezone.localtime(_noon(desk.business_date)).date() == desk.business_date


# --- Whatever they have -------------------------------------------------------------------------

LOT = st.fixed_dictionaries(
    {
        "cents": st.integers(1, 20_000),
        "terms": st.sampled_from(
            [
                {},
                {"source": Source.GOODWILL},
                {"restriction": Restriction.SERVICES},
                {"restriction": Restriction.PRODUCTS},
                {"days": 3},
                {"days": 0},
                {"days": -1},
                {"visit": True},
                {"visit": True, "days": -1},
            ]
        ),
    }
)
SIDE = st.fixed_dictionaries(
    {"lots": st.lists(LOT, max_size=5), "owes": st.sampled_from([0, 0, 1, 500, 15_000, 60_000])}
)


def furnish(client, side, desk, visit):
    for lot in side["lots"]:
        terms = dict(lot["terms"])
        if "days" in terms:
            terms["expires_on"] = desk.business_date + dt.timedelta(days=terms.pop("days"))
        if terms.pop("visit", False):
            terms["visit"] = visit.pk
        make_credit(client, dollars(lot["cents"]) / 100, desk=desk, **terms)
    if side["owes"]:
        make_debt(client, dollars(side["owes"]).amount / 100, desk=desk)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(gone=SIDE, kept=SIDE)
def test_the_result_is_what_was_shown(desk, visit, gone, kept):
    """Any lots, any debts: the balance afterwards is the preview's; not a cent is lost."""
    one, other = Client.objects.create(first_name="Clara"), make_client()
    furnish(one, gone, desk, visit)
    furnish(other, kept, desk, visit)
    before = nets()
    plan = Plan.of(Pair(one, other, desk))

    merge(one, other, desk)

    after = balance_of(other, desk.business_date)
    assert after == plan.result
    assert is_empty(one)
    stored, owed = before.get("client_credit", 0), before.get("receivable", 0)
    now = nets()
    assert now.get("client_credit", 0) == stored + plan.settled
    assert now.get("receivable", 0) == owed - plan.settled
    free = [
        lot
        for lot in open_lots(other)
        if lot.appointment_id is None
        and lot.restriction == "any"
        and (lot.expires_on is None or lot.expires_on >= desk.business_date)
    ]
    assert not (free and after.owes)


@pytest.fixture
def visit(desk):
    return make_appointment(make_client("Ines Duarte"))


def test_the_money_is_read_in_four_queries(desk, clara, twin, django_assert_num_queries):
    for client in (clara, twin):
        for _ in range(3):
            make_credit(client, 10, desk=desk)
    with django_assert_num_queries(4):
        MoneyPart().preview(Pair(twin, clara, desk))
    assert len(merge_parts.parts()) >= 4
