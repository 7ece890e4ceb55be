"""What an import allows, by where it stands and what went in before."""

from functools import partial

import pytest

from imports import taking_back
from imports.confirming import discard
from imports.errors import Refused
from imports.mapping import Options, map_columns
from imports.models import Row, Status
from imports.running import run_take_in
from imports.uploading import earlier
from tests.harness.at_once import at_once
from tests.imports.helpers import (
    CLARA,
    INES,
    check_again,
    checked,
    confirmed,
    csv_of,
    fresh,
    owner_s_desk,
    taken_back,
    taken_in,
    uploaded,
)


@pytest.mark.django_db
def test_acts_come_in_their_order_only():
    import_ = uploaded(csv_of(CLARA))
    with pytest.raises(Refused, match="columns to be named"):
        confirmed(import_, 40)
    with pytest.raises(Refused):
        taking_back.take_back(import_=import_, desk=owner_s_desk())
    import_ = taken_in(CLARA)
    for act in (lambda: confirmed(import_), lambda: check_again(import_)):
        with pytest.raises(Refused, match="“taken in” meanwhile"):
            act()
    with pytest.raises(Refused):
        discard(import_=import_, desk=owner_s_desk())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        (["first_name"], "for each column"),
        (["first_name", "", "", "", "shoes"], "for each column"),
        (["", "", "email", "phone", "balance"], "clients’ names"),
        (["name", "", "email", "email", "balance"], "Two columns are “E-mail”"),
    ],
)
def test_columns_that_make_no_sense_are_refused(mapping, said):
    with pytest.raises(Refused, match=said) as refused:
        map_columns(
            import_=uploaded(csv_of(CLARA)),
            mapping=mapping,
            options=Options(),
            desk=owner_s_desk(),
        )
    assert refused.value.field == "mapping"


@pytest.mark.django_db
def test_what_is_left_goes_and_its_line_stays():
    import_ = discard(import_=checked(CLARA), desk=owner_s_desk())
    assert fresh(import_).status == Status.DISCARDED
    assert not Row.objects.exists()


@pytest.mark.django_db
def test_a_file_that_came_before_is_found_and_its_columns_remembered():
    odd = ["Who", "Surname", "Mail", "Nr", "Has"]
    first = uploaded(csv_of(CLARA, header=odd))
    first.mapping = ["first_name", "last_name", "email", "phone", "balance"]
    first.save()
    assert earlier(first) is None
    run_take_in(confirmed(check_again(first)).pk)
    second = uploaded(csv_of(CLARA, header=odd))
    assert earlier(second) == first
    assert second.mapping == first.mapping


@pytest.mark.django_db
def test_the_very_same_file_goes_in_twice_only_where_somebody_says_so():
    first, second = checked(CLARA), checked(CLARA)
    confirmed(first)
    with pytest.raises(Refused, match="imported before") as refused:
        confirmed(second)
    assert refused.value.field == "again"
    run_take_in(first.pk)
    again = check_again(second, had_before="on_top")
    run_take_in(confirmed(again, again=True).pk)
    taken_back(fresh(again))
    taken_back(first)
    assert confirmed(checked(CLARA, INES)).status == Status.IMPORTING


@pytest.mark.usefixtures("committing_db")
def test_of_two_who_confirm_the_same_file_at_once_one_is_told():
    both = [checked(CLARA), checked(CLARA)]
    outcomes = at_once(*(partial(_refusal_of, import_) for import_ in both))
    assert sorted(outcomes) == ["", "again"]


def _refusal_of(import_) -> str:
    try:
        confirmed(import_)
    except Refused as refused:
        return refused.field
    return ""
