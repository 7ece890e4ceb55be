"""What becomes of one row, where the person who looks at it knows better than the check."""

from django.db import transaction
from django.db.models import Q

from imports.counting import recount
from imports.errors import Refused
from imports.mapping import lock
from imports.models import Decision, Import, Row, Status, Twice

WORDS = {
    Decision.MATCH: "It is the same person",
    Decision.NEW: "Make a new client",
    Decision.SKIP: "Leave out",
}
ON_TOP = "Add it on top"


def words_for(row: Row, decision: Decision) -> str:
    """What the button says: that a balance would be there twice is asked for by its name."""
    return ON_TOP if row.had and decision == Decision.MATCH else WORDS[decision]


def choices_for(row: Row) -> list[Decision]:
    """What may be decided of it instead of what is.

    Nothing where it has an error, or goes with an earlier row. A balance on top of one from an
    earlier import is an error that may be decided of.
    """
    if (row.decision == Decision.ERROR and not row.had) or row.same_as is not None:
        return []
    known = [Decision.MATCH] if row.match_id else []
    return [each for each in (*known, Decision.NEW, Decision.SKIP) if each != row.decision]


@transaction.atomic
def decide(*, import_: Import, number: int, decision: str) -> Row:
    """Decide of the row with this number, and of those that are added to it; count anew.

    Locks the import. Refused once it is no longer READY, and for what the row does not allow.
    """
    import_ = lock(import_, [Status.READY])
    row = import_.rows.filter(number=number).select_related("match").first()
    if row is not None and row.decision == decision:
        return row  # The same press again.
    if row is None or decision not in choices_for(row):
        raise Refused("This row leaves nothing of that kind to decide. Nothing was changed.")
    _become(row, decision)
    if import_.twice == Twice.ADD:
        may_be_decided = ~Q(decision=Decision.ERROR) | ~Q(had=[])
        for follower in import_.rows.filter(may_be_decided, same_as=number):
            _become(follower, decision)
    recount(import_)
    return row


def _become(row: Row, decision: str) -> None:
    """What was a problem stays to be read, as a remark."""
    row.decision = decision
    row.warnings, row.problems = [*row.warnings, *row.problems], []
    row.save(update_fields=["decision", "warnings", "problems"])
