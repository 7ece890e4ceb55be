"""A balance goes in twice only where somebody was told and asked for it."""

from functools import partial

import pytest

from clients.models import Client
from imports.deciding import choices_for, decide
from imports.errors import Refused
from imports.models import Decision, Status
from imports.running import run_take_in
from tests.clients.helpers import merge
from tests.factories import dollars, make_client
from tests.harness.at_once import at_once
from tests.imports.helpers import (
    BEN,
    CLARA,
    INES,
    balance,
    check_again,
    checked,
    confirmed,
    csv_of,
    fresh,
    named,
    owner_s_desk,
    taken_back,
    taken_in,
    uploaded,
)
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db
OTHER_BYTES = "Shoe size"
SAVED_ANEW = ["First name", "Last name", "Email", "Mobile", "Account balance", OTHER_BYTES]
NAME_ALONE = ["Theo", "Brandt", "", "", "15.00"]


def saved_anew(*rows, **options):
    """The same people in other bytes: the file's hash says nothing."""
    content = csv_of(*([*row, "38"] for row in rows), header=SAVED_ANEW)
    return check_again(uploaded(content, "resaved.csv"), **options)


def test_a_file_that_was_saved_anew_doubles_nothing_and_says_what_is_there():
    taken_in(CLARA, INES)
    second = saved_anew(CLARA, INES, BEN)
    clara, ines, ben = second.rows.order_by("number")
    assert (clara.decision, ines.decision) == (Decision.ERROR, Decision.ERROR)
    assert ben.decision == Decision.NEW
    assert clara.problems[0].startswith(
        "The client already has $40.00 credit from the import “clients.csv” of "
    )
    assert "The client already owes $12.00 from the import “clients.csv”" in ines.problems[0]
    assert second.credit == dollars("1250.50")
    run_take_in(confirmed(second).pk)
    assert balance(named("Clara")).total == dollars(40)
    assert balance(named("Ines")).owes == dollars(12)
    assert_well()


def test_one_row_goes_on_top_where_somebody_asks_for_it():
    taken_in(CLARA, BEN)
    second = saved_anew(CLARA, BEN)
    row = decide(import_=second, number=2, decision=Decision.MATCH)
    assert row.problems == []
    assert "would come on top" in row.warnings[-1]
    second = fresh(second)
    assert (second.rows_match, second.rows_error, second.credit) == (1, 1, dollars(40))
    run_take_in(confirmed(second).pk)
    assert fresh(second).status == Status.DONE
    assert balance(named("Clara")).total == dollars(80)
    assert balance(named("Ben")).total == dollars("1250.50")
    assert_well()


def test_all_go_on_top_where_the_whole_file_is_said_to():
    taken_in(CLARA)
    second = saved_anew(CLARA, had_before="on_top")
    assert (second.rows_match, second.rows_warned) == (1, 1)
    run_take_in(confirmed(second).pk)
    assert balance(named("Clara")).total == dollars(80)
    assert taken_back(fresh(second)).status == Status.TAKEN_BACK
    assert balance(named("Clara")).total == dollars(40)
    assert_well()


def test_left_out_is_left_out():
    taken_in(CLARA)
    second = saved_anew(CLARA, BEN)
    assert choices_for(second.rows.get(number=2)) == [
        Decision.MATCH,
        Decision.NEW,
        Decision.SKIP,
    ]
    assert decide(import_=second, number=2, decision=Decision.SKIP).decision == Decision.SKIP
    assert fresh(second).rows_error == 0


def test_all_rows_of_a_person_share_their_fate():
    taken_in(CLARA)
    second = saved_anew(CLARA, [*CLARA[:4], ""], BEN, twice="add")
    assert [row.decision for row in second.rows.order_by("number")] == ["error", "error", "new"]
    decide(import_=second, number=2, decision=Decision.MATCH)
    run_take_in(confirmed(fresh(second)).pk)
    assert balance(named("Clara")).total == dollars(80)
    assert_well()


def test_who_comes_without_a_balance_or_whose_balance_was_taken_back_is_no_problem():
    first = taken_in(CLARA, BEN)
    assert saved_anew([*CLARA[:4], ""]).rows_match == 1
    taken_back(first)
    assert saved_anew(CLARA, BEN).rows_match == 2


def test_a_name_without_e_mail_or_phone_and_the_same_balance_is_named():
    taken_in(NAME_ALONE)
    row = saved_anew(NAME_ALONE).rows.get()
    assert row.decision == Decision.ERROR
    assert "second client with the same balance" in row.problems[0]
    assert choices_for(row) == [Decision.NEW, Decision.SKIP]
    assert saved_anew([*NAME_ALONE[:4], "16.00"]).rows_new == 1


def test_what_went_in_since_the_check_was_not_seen_by_it():
    second = saved_anew(CLARA)
    first = taken_in(CLARA)
    with pytest.raises(Refused, match=r"“clients\.csv” was taken in, and was not when this"):
        confirmed(second)
    assert check_again(second).rows_error == 1
    taken_back(first)
    assert confirmed(check_again(second)).status == Status.IMPORTING


def test_what_is_still_going_in_was_not_seen_either():
    first = confirmed(checked(CLARA))
    second = saved_anew(CLARA)
    with pytest.raises(Refused, match="is being taken in"):
        confirmed(second)
    run_take_in(first.pk)
    with pytest.raises(Refused, match="was taken in"):
        confirmed(second)
    assert Client.objects.count() == 1


def test_a_merge_after_the_check_brings_no_balance_on_top_unseen():
    taken_in(CLARA)
    ben = make_client("Ben Okafor")
    second = saved_anew(BEN)
    merge(named("Clara"), ben, owner_s_desk())
    with pytest.raises(Refused, match=r"row 2 has a balance from the import “clients\.csv”"):
        confirmed(second)


def test_a_merge_after_confirming_stops_it_and_nothing_is_in():
    taken_in(CLARA)
    ben = make_client("Ben Okafor")
    second = confirmed(saved_anew(BEN))
    merge(named("Clara"), ben, owner_s_desk())
    run_take_in(second.pk)
    failed = fresh(second)
    assert failed.status == Status.FAILED
    assert "would come on top" in failed.error
    assert balance(ben).total == dollars(40)
    assert_well()


@pytest.mark.parametrize("decision", ["error", "on_top", "", "add"])
def test_a_crafted_decision_leaves_the_row_as_it_is(decision):
    taken_in(CLARA)
    second = saved_anew(CLARA)
    if decision == "error":
        assert decide(import_=second, number=2, decision=decision).decision == Decision.ERROR
    else:
        with pytest.raises(Refused, match="nothing of that kind"):
            decide(import_=second, number=2, decision=decision)
    assert fresh(second).rows_error == 1


@pytest.mark.usefixtures("committing_db")
def test_of_two_files_with_the_same_people_confirmed_at_once_one_goes_in():
    both = [checked(CLARA), saved_anew(CLARA)]
    outcomes = at_once(*(partial(_is_confirmed, import_) for import_ in both))
    assert sorted(outcomes) == [False, True]


def _is_confirmed(import_) -> bool:
    try:
        confirmed(import_)
    except Refused as refused:
        return "same people could be in both" not in refused.message
    return True
