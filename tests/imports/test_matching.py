"""Who the rows are: known clients, and people who stand in the file twice."""

import pytest

from clients.models import Client
from imports.models import Decision, Row
from imports.running import run_take_in
from salon import clock
from tests.factories import dollars, make_client
from tests.imports.helpers import (
    BEN,
    CLARA,
    INES,
    check_again,
    checked,
    confirmed,
    csv_of,
    fresh,
    taken_in,
    uploaded,
)
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db


def rows(import_) -> list[Row]:
    return list(import_.rows.order_by("number"))


@pytest.mark.parametrize(
    "row",
    [
        ["Clara", "Nunez", "CLARA@example.com", "", ""],
        ["clara", "", "", "212-555-0142", ""],
        ["Clarra", "Nuñez", "", "2125550142", ""],
    ],
)
def test_the_same_contact_and_a_similar_name_is_the_same_person(row):
    clara = make_client("Clara Nuñez")
    [found] = rows(checked(row))
    assert (found.decision, found.match) == (Decision.MATCH, clara)


def test_the_same_contact_and_another_name_is_a_new_client_with_a_warning():
    make_client("Clara Nuñez")
    [found] = rows(checked(["Roberto", "Silva", "clara@example.com", "", ""]))
    assert (found.decision, found.match) == (Decision.NEW, None)
    assert "Clara Nuñez has the same e-mail or phone" in found.warnings[0]


def test_the_same_name_alone_is_nobody_whom_the_salon_knows():
    make_client("Clara Nuñez")
    [found] = rows(checked(["Clara", "Nuñez", "", "", "40"]))
    assert found.decision == Decision.NEW


def test_a_merged_client_leads_to_its_survivor_and_who_is_archived_or_blocked_is_told():
    survivor = make_client("Clara Silva", email="new@example.com", phone="")
    make_client("Clara Nuñez", merged_into=survivor, archived_at=clock.now())
    make_client("Ben Okafor", archived_at=clock.now(), blocked_at=clock.now())
    clara, ben = rows(checked(CLARA, BEN))
    assert clara.match == survivor
    assert ben.warnings == [
        "Ben Okafor is archived, and will be restored.",
        "Ben Okafor is blocked, and stays so.",
    ]


def test_only_what_is_empty_is_filled_in():
    clara = make_client("Clara Nuñez", email="", note="Tea")
    header = ["First name", "Last name", "Email", "Mobile", "Notes"]
    row = ["Clara", "Nuñez", "clara@example.com", "2125550142", "Coffee"]
    for on_match, email in [("leave", ""), ("fill", "clara@example.com")]:
        import_ = uploaded(csv_of(row, header=header))
        run_take_in(confirmed(check_again(import_, on_match=on_match), again=True).pk)
        clara.refresh_from_db()
        assert (clara.email, clara.note) == (email, "Tea")
    assert fresh(import_).rows.get().filled == {"email": "clara@example.com"}


AGAIN = [*CLARA[:4], "2.50"]


def test_the_same_person_twice_is_an_error_on_both_rows_until_somebody_says():
    first, second, ben = rows(checked(CLARA, AGAIN, BEN))
    assert first.problems[0].startswith("The same person as row 3.")
    assert second.problems[0].startswith("The same person as row 2.")
    assert ben.decision == Decision.NEW


def test_later_rows_of_a_person_are_left_out():
    import_ = taken_in(CLARA, AGAIN, twice="skip")
    assert (import_.rows_new, import_.rows_skip, import_.credit) == (1, 1, dollars(40))
    assert Client.objects.count() == 1
    assert_well()


def test_rows_of_a_person_add_up_only_when_that_is_wanted():
    # By e-mail the second is the first, by phone the third is the second.
    by_mail = ["Clara", "Nuñez", "clara@example.com", "2125550199", "2.50"]
    by_phone = ["Clara", "Nuñez", "", "2125550199", "-10"]
    import_ = taken_in(CLARA, by_mail, by_phone, twice="add")
    assert [row.same_as for row in rows(import_)] == [None, 2, 2]
    assert (import_.credit, import_.owed) == (dollars("42.50"), dollars(10))
    assert Client.objects.count() == 1
    assert len({row.client_id for row in rows(import_)}) == 1
    assert_well()


def test_two_rows_that_match_one_client_are_one_person():
    make_client("Clara Nuñez")
    first, second = rows(
        checked(["Clara", "N", "clara@example.com", "", ""], ["Clara", "", "", "2125550142", ""])
    )
    assert first.decision == second.decision == Decision.ERROR


def test_a_number_of_an_earlier_import_finds_its_client():
    header = ["Client ID", "Name", "Balance"]
    first = check_again(uploaded(csv_of(["77", "Ines Duarte", "5"], header=header)))
    run_take_in(confirmed(first).pk)
    again = check_again(uploaded(csv_of(["77", "Inês Duarte", "6"], header=header)))
    assert again.rows.get().match == Client.objects.get()
    assert INES[0] == Client.objects.get().first_name


@pytest.mark.django_db
def test_a_number_alone_says_nothing_of_who_has_another_name():
    header = ["Client ID", "Name", "Balance"]
    first = check_again(uploaded(csv_of(["1", "Ines Duarte", "5"], header=header)))
    run_take_in(confirmed(first).pk)
    again = check_again(uploaded(csv_of(["1", "Theo Brandt", "6"], header=header)))
    row = again.rows.get()
    assert (row.match, row.decision, row.warnings) == (None, "new", [])
