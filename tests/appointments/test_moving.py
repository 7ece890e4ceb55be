"""Dragged to another time or another person, swapped, given to another client."""

import pytest

from appointments.booking import book, fingerprint
from appointments.canceling import cancel
from appointments.errors import Busy, Refused, StaleVisit
from appointments.giving import give_to
from appointments.moving import move, swap
from appointments.segments import Wanted
from tests.appointments.conftest import at
from tests.factories import make_client, make_desk, make_service, make_time_off
from tests.harness.at_once import at_once


@pytest.fixture
def ben(db):
    return make_client("Ben Okafor")


@pytest.fixture
def visit(desk, maya, theo, cut, color):
    """Clara: a cut by Maya at three, fifteen minutes longer than usual, then color by Theo."""
    return book(
        client=make_client("Clara Nuñez"),
        starts_at=at(15),
        services=[Wanted(cut, maya, 75), Wanted(color, theo)],
        desk=desk,
        note="Allergic to lavender",
    )


def spans(visit):
    rows = visit.services.select_related("service", "staff")
    return [(row.staff.name, row.starts_at, row.ends_at) for row in rows]


def test_a_move_keeps_services_lengths_people_and_note(desk, visit):
    kept = list(visit.services.values_list("pk", flat=True))
    moved = move(appointment=visit, starts_at=at(10), desk=desk)
    assert spans(moved) == [("Maya", at(10), at(11, 15)), ("Theo", at(11, 15), at(12, 45))]
    assert (moved.starts_at, moved.note) == (at(10), "Allergic to lavender")
    assert list(visit.services.values_list("pk", flat=True)) == kept


def test_a_move_is_written_down_with_who_did_it(desk, visit):
    move(appointment=visit, starts_at=at(10), desk=desk)
    move(appointment=visit, starts_at=at(11), desk=make_desk(None, desk.location))
    rows = [(m.by, m.from_starts_at, m.to_starts_at) for m in visit.moves.all()]
    assert rows == [(desk.staff, at(15), at(10)), (None, at(10), at(11))]


def test_another_person_at_the_same_time_is_no_move(desk, maya, theo, visit):
    first, second = visit.services.all()
    moved = move(
        appointment=visit, starts_at=at(15), staff={first.pk: theo, second.pk: maya}, desk=desk
    )
    assert [name for name, *_ in spans(moved)] == ["Theo", "Maya"]
    assert not visit.moves.exists()


def test_with_somebody_else_what_is_kept_free_is_reckoned_anew(desk, maya, theo):
    color = make_service("Color", 95, minutes=60, buffer_after=15)
    visit = book(
        client=make_client(),
        starts_at=at(15),
        services=[Wanted(color, maya), Wanted(color, theo)],
        desk=desk,
    )
    second = visit.services.last()
    move(appointment=visit, starts_at=at(15), staff={second.pk: maya}, desk=desk)
    assert [row.busy_until for row in visit.services.all()] == [at(16), at(17, 15)]


def test_a_move_onto_another_visit_is_refused_and_changes_nothing(desk, ben, theo, cut, visit):
    book(client=ben, starts_at=at(11), services=[Wanted(cut, theo)], desk=desk)
    with pytest.raises(Busy, match="Theo is with Ben Okafor from 11:00 am to 12:00 pm") as caught:
        move(appointment=visit, starts_at=at(9), desk=desk)
    visit.refresh_from_db()
    assert visit.starts_at == at(15)
    assert not visit.moves.exists()
    move(appointment=visit, starts_at=caught.value.next_free, desk=desk)


def test_a_move_into_time_off_is_refused(desk, maya, visit):
    make_time_off(maya, at(12), at(13), "Lunch")
    with pytest.raises(Busy) as caught:
        move(appointment=visit, starts_at=at(12, 30), desk=desk)
    assert caught.value.message.startswith(
        "Maya is off on Tue, Nov 24 from 12:00 pm to 1:00 pm (Lunch). The next free times are "
        "1:00 pm, 1:30 pm and 2:00 pm. Nothing was saved. To book then all the same, remove"
    )


def test_what_stands_in_time_off_already_may_stay(desk, maya, theo, visit):
    make_time_off(maya, at(15), at(18), "Ill")
    second = visit.services.last()
    move(appointment=visit, starts_at=at(15), staff={second.pk: theo}, desk=desk)
    with pytest.raises(Busy, match="Maya is off"):
        move(appointment=visit, starts_at=at(15, 15), desk=desk)


def test_who_does_not_give_a_service_cannot_be_given_it(desk, maya, theo, cut, visit):
    cut.staff.add(maya)
    with pytest.raises(Refused, match="Theo does not give Cut & finish"):
        move(
            appointment=visit,
            starts_at=at(15),
            staff={visit.services.first().pk: theo},
            desk=desk,
        )


def test_a_service_that_is_not_the_visits_is_refused(desk, theo, visit):
    with pytest.raises(Refused, match="were changed at another desk"):
        move(appointment=visit, starts_at=at(10), staff={0: theo}, desk=desk)


def test_what_was_changed_or_is_over_is_not_moved(desk, visit):
    seen = fingerprint(visit)
    move(appointment=visit, starts_at=at(10), desk=desk, seen=seen)
    with pytest.raises(StaleVisit):
        move(appointment=visit, starts_at=at(11), desk=desk, seen=seen)
    cancel(appointment=visit, reason="", desk=desk)
    with pytest.raises(Refused, match="This visit is canceled"):
        move(appointment=visit, starts_at=at(11), desk=desk)


def test_two_visits_swap_their_times(desk, ben, maya, cut):
    one = book(client=make_client(), starts_at=at(10), services=[Wanted(cut, maya)], desk=desk)
    other = book(client=ben, starts_at=at(11), services=[Wanted(cut, maya)], desk=desk)
    first, second = swap(first=other, second=one, desk=desk)
    assert (first.client, first.starts_at) == (ben, at(10))
    assert (second.pk, second.starts_at) == (one.pk, at(11))
    assert [visit.moves.count() for visit in (one, other)] == [1, 1]


def test_a_swap_that_does_not_fit_changes_nothing(desk, ben, maya, cut, color):
    one = book(client=make_client(), starts_at=at(10), services=[Wanted(cut, maya)], desk=desk)
    long = book(client=ben, starts_at=at(11), services=[Wanted(color, maya)], desk=desk)
    with pytest.raises(Refused, match="not equally long"):
        swap(first=one, second=long, desk=desk)
    book(
        client=make_client("Ines Duarte"), starts_at=at(15), services=[Wanted(cut, maya)], desk=desk
    )
    late = book(client=ben, starts_at=at(14), services=[Wanted(cut, maya)], desk=desk)
    with pytest.raises(Busy, match="Maya is with Ines Duarte"):
        swap(first=late, second=long, desk=desk)
    with pytest.raises(Refused, match="two different"):
        swap(first=late, second=late, desk=desk)
    assert [v.starts_at for v in (one, long)] == [at(10), at(11)]
    assert not one.moves.exists()


@pytest.mark.django_db(transaction=True)
def test_swapping_at_two_desks_at_once_ends_as_it_began(desk, maya, cut):
    one = book(client=make_client(), starts_at=at(10), services=[Wanted(cut, maya)], desk=desk)
    other = book(client=make_client(), starts_at=at(11), services=[Wanted(cut, maya)], desk=desk)
    at_once(
        lambda: swap(first=one, second=other, desk=desk),
        lambda: swap(first=other, second=one, desk=desk),
    )
    one.refresh_from_db()
    assert (one.starts_at, one.moves.count()) == (at(10), 2)


# --- Another client -----------------------------------------------------------------------------


def test_a_visit_given_to_another_client_keeps_all_else_and_says_so(desk, ben, visit):
    before = spans(visit)
    given = give_to(appointment=visit, client=ben, desk=desk, seen=fingerprint(visit))
    assert (given.client, spans(given)) == (ben, before)
    assert given.note.splitlines() == [
        "Allergic to lavender",
        "Given from Clara Nuñez to Ben Okafor by Jo, Tue, Nov 24 9:00 am.",
    ]
    again = give_to(appointment=visit, client=ben, desk=desk)
    assert again.note == given.note


def test_who_cannot_be_served_is_given_none(desk, visit):
    gone = make_client("Ines Duarte", archived_at=desk.at)
    with pytest.raises(Refused, match="Ines Duarte is archived"):
        give_to(appointment=visit, client=gone, desk=desk)


def test_a_visit_that_is_over_or_not_sure_yet_is_not_given_away(desk, ben, visit, wanted):
    pending = book(client=make_client(), starts_at=at(9), services=wanted, desk=desk, pending=True)
    with pytest.raises(Refused, match="is paying the deposit"):
        give_to(appointment=pending, client=ben, desk=desk)
    cancel(appointment=visit, reason="", desk=desk)
    with pytest.raises(Refused, match="This visit is canceled"):
        give_to(appointment=visit, client=ben, desk=desk)


def test_a_visit_changed_meanwhile_is_not_given_away(desk, ben, visit):
    seen = fingerprint(visit)
    move(appointment=visit, starts_at=at(10), desk=desk)
    with pytest.raises(StaleVisit):
        give_to(appointment=visit, client=ben, desk=desk, seen=seen)
