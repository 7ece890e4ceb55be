"""Two new clients, one who is known, one who owes, one bad row: the story of an import."""

import pytest

from clients.models import Client
from imports.confirming import confirm
from imports.errors import Refused
from imports.models import Decision, Status
from imports.running import run_take_in
from imports.taking_back import outlook, take_back
from ledger import accounts
from ledger.kinds import AccountKind
from ledger.legs import Move
from tests.clients.helpers import merge
from tests.factories import dollars, make_appointment, make_client
from tests.imports.helpers import (
    BEN,
    CLARA,
    INES,
    balance,
    checked,
    confirmed,
    fresh,
    named,
    owner_s_desk,
    spend,
    taken_back,
    taken_in,
)
from tests.ledger.books import act, assert_trial_balance, assert_well

pytestmark = pytest.mark.django_db

BAD = ["", "", "nobody@example.com", "", "abc"]


def test_two_new_one_known_one_who_owes_and_a_bad_row():
    clara = make_client("Clara Nuñez")
    import_ = checked(CLARA, BEN, INES, BAD)
    assert import_.status == Status.READY
    assert (import_.rows_new, import_.rows_match, import_.rows_error) == (2, 1, 1)
    assert import_.credit == dollars("1290.50")
    assert import_.owed == dollars("12.00")
    bad = import_.rows.get(decision=Decision.ERROR)
    assert bad.number == 5
    assert bad.problems[0] == "There is no name."
    assert bad.problems[1].startswith("“abc” is no amount.")

    run_take_in(confirmed(import_).pk)
    done = fresh(import_)
    assert done.status == Status.DONE
    assert Client.objects.count() == 3
    assert balance(clara).total == dollars("40.00")
    assert balance(named("Ben")).total == dollars("1250.50")
    assert balance(named("Ines")).owes == dollars("12.00")
    assert_trial_balance(
        debit={"opening": "1278.50", "receivable": "12.00"}, credit={"client_credit": "1290.50"}
    )
    assert_well()


def test_a_control_total_that_differs_is_refused_with_the_difference():
    import_ = checked(CLARA, BEN, INES)
    with pytest.raises(Refused) as refused:
        confirmed(import_, "1300.00")
    assert refused.value.field == "control_total"
    assert "$1,278.50" in refused.value.message
    assert "$21.50 more" in refused.value.message
    assert fresh(import_).status == Status.READY


def test_rows_with_errors_are_left_out_only_when_somebody_says_so():
    import_ = checked(CLARA, BAD)
    with pytest.raises(Refused, match="1 row has an error") as refused:
        confirm(import_=import_, control_total=import_.net, desk=owner_s_desk())
    assert refused.value.field == "leave_out_errors"


def test_taking_back_leaves_the_books_as_they_were():
    clara = make_client("Clara Nuñez")
    import_ = taken_back(taken_in(CLARA, BEN, INES))
    assert import_.status == Status.TAKEN_BACK
    assert import_.stayed == []
    assert balance(clara).total == dollars(0)
    assert list(Client.objects.active()) == [clara]
    assert_trial_balance(debit={}, credit={})
    assert_well()


def test_once_something_is_spent_it_is_not_taken_back_and_the_client_is_named():
    import_ = taken_in(CLARA, BEN)
    spend(named("Clara"), 1500)
    found = outlook(import_)
    assert found.how_many == 1
    assert (found.in_the_way[0].name, found.in_the_way[0].why) == (
        "Clara Nuñez",
        "Some of the credit was spent or moved.",
    )
    with pytest.raises(Refused, match="1 client has spent or moved"):
        take_back(import_=import_, desk=owner_s_desk())
    assert fresh(import_).status == Status.DONE
    assert_well()


def test_a_debt_that_was_paid_is_in_the_way():
    import_ = taken_in(INES)
    ines = named("Ines")
    act(
        owner_s_desk(),
        Move(accounts.OPENING, 500),
        Move(accounts.owed_by(ines), -500),
        kind="tender",
    )
    assert outlook(import_).in_the_way[0].why == "What was owed has been paid."


def test_imported_credit_settles_what_a_known_client_owes():
    ines = make_client("Ines Duarte")
    act(owner_s_desk(), Move(accounts.owed_by(ines), 3000), Move(accounts.OPENING, -3000))
    import_ = taken_in([*INES[:4], "50.00"])
    assert (balance(ines).owes, balance(ines).stored) == (dollars(0), dollars("20.00"))
    taken_back(import_)
    assert balance(ines).owes == dollars("30.00")
    assert_well()


def test_who_has_something_else_meanwhile_stays_and_is_named():
    import_ = taken_in(CLARA, BEN)
    ben = named("Ben")
    act(
        owner_s_desk(),
        *[Move(accounts.owed_by(ben), 700), Move(f"{AccountKind.INCOME}/custom", -700)],
    )
    import_ = taken_back(import_)
    assert import_.stayed == [[ben.pk, "Has a balance from elsewhere, or owes."]]
    assert list(Client.objects.active()) == [ben]
    assert_well()


def test_what_was_taken_back_goes_in_again_and_finds_its_clients():
    taken_back(taken_in(CLARA, BEN))
    again = taken_in(CLARA, BEN)
    assert (again.rows_new, again.rows_match, again.rows_warned) == (0, 2, 2)
    assert Client.objects.active().count() == 2
    assert taken_back(again).stayed == []
    assert not Client.objects.active().exists()
    assert_well()


def test_who_came_with_a_second_import_or_has_a_visit_stays():
    first = taken_in(CLARA, BEN, INES)
    second = taken_in([*CLARA[:4], ""])
    make_appointment(named("Ben"))
    stayed = taken_back(first).stayed
    assert dict(stayed) == {
        named("Clara").pk: "Came with another import, too.",
        named("Ben").pk: "Has appointments.",
    }
    assert taken_back(second).stayed == []
    assert_well()


def test_a_client_who_was_merged_since_is_in_the_way():
    import_ = taken_in(CLARA, BEN)
    clara, ben = named("Clara"), named("Ben")
    merge(clara, ben, owner_s_desk())
    assert [(it.name, it.why) for it in outlook(import_).in_the_way] == [
        ("Clara Nuñez", "Merged into another client.")
    ]
    assert_well()
