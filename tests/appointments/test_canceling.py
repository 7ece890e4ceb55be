import pytest

from appointments import changes
from appointments.booking import book
from appointments.canceling import cancel, mark_late, mark_no_show, restore
from appointments.checking_in import check_in, undo_check_in
from appointments.errors import Busy, Refused
from appointments.finishing import finish
from appointments.models import Appointment
from appointments.pending import lapse, retake
from tests.appointments.conftest import at
from tests.factories import make_client, make_desk, make_time_off

Status = Appointment.Status


@pytest.fixture
def visit(desk, wanted):
    return book(client=make_client(), starts_at=at(15), services=wanted, desk=desk)


@pytest.fixture
def someone_objects():
    def refuse(change):
        raise Refused("A sale is open for this visit. Void it first.")

    changes.ask("checkout-of-a-test", refuse)
    yield
    changes.forget("checkout-of-a-test")


def test_canceling_frees_the_time_and_keeps_the_reason(desk, wanted, visit):
    cancel(appointment=visit, reason="The client is ill", desk=desk)
    visit.refresh_from_db()
    assert visit.status == Status.CANCELED
    assert visit.note == "Canceled by Jo, Tue, Nov 24 9:00 am: The client is ill"
    assert [row.occupies for row in visit.services.all()] == [False]
    book(client=make_client("Ben Okafor"), starts_at=at(15), services=wanted, desk=desk)


def test_canceling_twice_says_so_once(desk, visit):
    cancel(appointment=visit, reason="Ill", desk=desk)
    again = cancel(appointment=visit, reason="Ill again", desk=desk)
    assert again.note.count("Canceled by") == 1


def test_a_note_stays_above_the_reason(desk, visit):
    Appointment.objects.update(note="Allergic to lavender")
    ended = cancel(appointment=visit, reason="Ill", desk=desk)
    assert ended.note.splitlines()[0] == "Allergic to lavender"


def test_who_has_a_stake_may_refuse_and_nothing_changes(desk, visit, someone_objects):
    with pytest.raises(Refused, match="A sale is open"):
        cancel(appointment=visit, reason="Ill", desk=desk)
    visit.refresh_from_db()
    assert (visit.status, visit.note) == (Status.BOOKED, "")
    assert visit.services.get().occupies


def test_who_never_came_is_no_show(desk, visit):
    ended = mark_no_show(appointment=visit, desk=desk)
    assert ended.status == Status.NO_SHOW
    assert ended.note == "No-show by Jo, Tue, Nov 24 9:00 am."
    assert not visit.services.get().occupies


def test_canceled_too_late_says_so(desk, visit):
    ended = mark_late(appointment=visit, reason="Woke up late", desk=desk)
    assert (ended.status, ended.is_gone) == (Status.LATE, True)
    assert ended.note == "Canceled late by Jo, Tue, Nov 24 9:00 am: Woke up late"
    assert not visit.services.get().occupies


def test_a_client_who_cancels_online_is_named_so(desk, visit):
    nobody = make_desk(None, desk.location, at=desk.at)
    ended = cancel(appointment=visit, reason="", desk=nobody)
    assert ended.note == "Canceled by the client, online, Tue, Nov 24 9:00 am."


def test_a_visit_whose_deposit_is_being_paid_can_be_canceled_but_not_missed(desk, wanted):
    visit = book(client=make_client(), starts_at=at(11), services=wanted, desk=desk, pending=True)
    with pytest.raises(Refused, match="waiting for the deposit"):
        mark_no_show(appointment=visit, desk=desk)
    assert cancel(appointment=visit, reason="A slip", desk=desk).status == Status.CANCELED


def test_nobody_is_put_back_into_time_off(desk, maya, visit):
    cancel(appointment=visit, reason="Ill", desk=desk)
    make_time_off(maya, at(15, 30), at(18), "Dentist")
    with pytest.raises(Busy, match=r"Maya is off on Tue, Nov 24 from 3:30 pm to 6:00 pm"):
        restore(appointment=visit, desk=desk)
    visit.refresh_from_db()
    assert visit.status == Status.CANCELED


def test_a_lapsed_visit_is_not_put_back_and_retaking_it_heeds_time_off(desk, maya, wanted):
    visit = book(client=make_client(), starts_at=at(11), services=wanted, desk=desk, pending=True)
    lapse(appointment=visit)
    with pytest.raises(Refused, match="not paid in time"):
        restore(appointment=visit, desk=desk)
    off = make_time_off(maya, at(11), at(12))
    with pytest.raises(Busy, match="Maya is off"):
        retake(appointment=visit)
    off.delete()
    assert retake(appointment=visit).status == Status.BOOKED


def test_what_is_checked_out_is_not_canceled(desk, visit):
    finish(appointment=visit)
    with pytest.raises(Refused, match="This visit is checked out"):
        cancel(appointment=visit, reason="Ill", desk=desk)


@pytest.mark.parametrize("end", [cancel, mark_late, mark_no_show])
def test_a_canceled_visit_can_be_put_back(desk, visit, end):
    end(appointment=visit, reason="A slip", desk=desk)
    back = restore(appointment=visit, desk=desk)
    assert back.status == Status.BOOKED
    assert back.note.endswith("Put back by Jo, Tue, Nov 24 9:00 am.")
    assert visit.services.get().occupies


def test_a_time_given_away_is_not_taken_back(desk, wanted, visit):
    cancel(appointment=visit, reason="Ill", desk=desk)
    book(client=make_client("Ben Okafor"), starts_at=at(15, 30), services=wanted, desk=desk)
    with pytest.raises(Busy, match="Maya is with Ben Okafor from 3:30 pm to 4:30 pm"):
        restore(appointment=visit, desk=desk)
    visit.refresh_from_db()
    assert visit.status == Status.CANCELED
    assert not visit.services.get().occupies


def test_putting_back_what_was_never_gone_changes_nothing(desk, visit):
    assert restore(appointment=visit, desk=desk).note == ""
    finish(appointment=visit)
    with pytest.raises(Refused, match="Only a canceled visit"):
        restore(appointment=visit, desk=desk)


def test_checking_in_and_its_way_back(desk, visit):
    assert check_in(appointment=visit).status == Status.CHECKED_IN
    assert check_in(appointment=visit).status == Status.CHECKED_IN
    assert undo_check_in(appointment=visit).status == Status.BOOKED


def test_who_canceled_is_not_checked_in(desk, visit):
    cancel(appointment=visit, reason="Ill", desk=desk)
    with pytest.raises(Refused, match="This visit is canceled"):
        check_in(appointment=visit)


def test_a_closed_sale_finishes_the_visit_with_one_query(visit, django_assert_num_queries):
    with django_assert_num_queries(1):
        finish(appointment=visit)
    visit.refresh_from_db()
    assert visit.status == Status.DONE
