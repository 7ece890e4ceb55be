"""Who is asked before a visit changes: in which order, and what they may put on the sheet."""

import pytest

from appointments import changes
from appointments.booking import book, change
from appointments.canceling import cancel, mark_late, mark_no_show, restore
from appointments.changes import Kind, Prompt
from appointments.errors import Refused
from appointments.giving import give_to
from appointments.moving import move, swap
from tests.appointments.conftest import at
from tests.factories import make_client


@pytest.fixture
def visit(desk, wanted):
    return book(client=make_client(), starts_at=at(15), services=wanted, desk=desk)


@pytest.fixture
def told():
    """What two apps were asked, in order."""
    heard = []

    def listen(name):
        changes.ask(
            name,
            lambda change: heard.append((name, change.kind.value)),
            first=lambda visit: heard.append((name, "first")),
        )

    # Registered the other way round than they are asked.
    listen("zz-second")
    listen("zz-first")
    yield heard
    changes.forget("zz-first")
    changes.forget("zz-second")


def ends(name):
    return [("zz-first", "first"), ("zz-second", "first"), ("zz-first", name), ("zz-second", name)]


def test_everybody_locks_first_and_is_asked_then_by_name(desk, visit, told):
    for verb, kind in ((cancel, "canceled"), (mark_late, "late"), (mark_no_show, "no_show")):
        told.clear()
        verb(appointment=visit, reason="", desk=desk)
        assert told == ends(kind)
        told.clear()
        restore(appointment=visit, desk=desk)
        assert told == ends("")[:2]


def test_moving_and_giving_ask_too(desk, visit, wanted, told):
    change(appointment=visit, starts_at=at(16), services=wanted, desk=desk)
    assert told == ends("moved")
    told.clear()
    move(appointment=visit, starts_at=at(17), desk=desk)
    assert told == ends("moved")
    told.clear()
    give_to(appointment=visit, client=make_client("Ben Okafor"), desk=desk)
    assert told == ends("client")


def test_a_swap_locks_for_both_before_it_asks_for_either(desk, visit, wanted, told):
    other = book(client=make_client(), starts_at=at(9), services=wanted, desk=desk)
    swap(first=visit, second=other, desk=desk)
    assert [what for _, what in told] == ["first"] * 4 + ["moved"] * 4


def test_what_an_app_asks_on_the_sheet(desk, visit):
    def prompt(change, data):
        if change.kind == Kind.MOVED:
            return None
        return Prompt("a.html", {"kind": change.kind, "typed": (data or {}).get("fate")})

    changes.ask("zz-asking", lambda change: None, prompt=prompt)
    try:
        (found,) = changes.prompts(Kind.LATE, visit, desk, {"fate": "keep"})
        assert changes.prompts(Kind.MOVED, visit, desk, starts_at=at(9)) == []
    finally:
        changes.forget("zz-asking")
    assert (found.template, found.context["typed"]) == ("a.html", "keep")


def test_what_was_chosen_arrives_and_a_refusal_keeps_the_visit(desk, visit):
    heard = []

    def refuse(change):
        heard.append(change.answers)
        raise Refused("Decide about the deposit first.")

    changes.ask("zz-refusing", refuse)
    try:
        with pytest.raises(Refused, match="Decide about the deposit"):
            mark_late(appointment=visit, reason="", desk=desk, answers={"fate": "keep"})
    finally:
        changes.forget("zz-refusing")
    visit.refresh_from_db()
    assert heard == [{"fate": "keep"}]
    assert visit.is_open
