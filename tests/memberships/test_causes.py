"""What memberships did to a balance, as lines of its statement."""

import pytest

from ledger import causes
from ledger.narrating import tell
from ledger.statement import statement
from memberships.purposes import CAUSE
from tests.checkout.helpers import sell_credit
from tests.memberships.members import make_member

pytestmark = pytest.mark.django_db


def test_a_line_says_that_a_membership_added_it(desk, clara, gold):
    make_member(clara, gold)
    sell_credit(clara, 40, desk)
    lines = tell(clara, statement(clara).rows)
    assert [line.title for line in lines] == ["Account credit bought", "Added by a membership"]
    assert lines[1].detail.startswith("Sale #")


def test_what_a_membership_caused_opens_its_page(member):
    name = causes.names_of([_Entry(str(member.uuid)), _Entry("not one")])
    assert name == {(CAUSE, str(member.uuid)): "Gold membership"}
    assert causes.url_of(CAUSE, str(member.uuid)) == f"/memberships/{member.uuid}/"
    assert causes.url_of(CAUSE, "not one") is None


class _Entry:
    """As much of an entry as names its cause."""

    cause_kind = CAUSE

    def __init__(self, cause_id: str) -> None:
        self.cause_id = cause_id
