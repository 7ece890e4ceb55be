"""What this floor refuses: in the book's own class, so that a change of a visit stops with it."""

from collections.abc import Iterator
from contextlib import contextmanager

from appointments.errors import Refused
from checkout import errors as checkout_errors
from ledger.errors import LotMoved, MoreThanTaken
from salon import errors as salon_errors

__all__ = ["Refused", "as_refused"]

MOVED_ON = (
    "The deposit was changed at another desk a moment ago. Nothing was changed. Load the page "
    "again: it shows what is held now."
)


@contextmanager
def as_refused() -> Iterator[None]:
    """What floors below refuse meanwhile comes out as this floor's Refused."""
    try:
        yield
    except (checkout_errors.Refused, salon_errors.Refused) as refused:
        raise Refused(refused.message, field=refused.field) from refused
    except (LotMoved, MoreThanTaken) as moved:
        raise Refused(MOVED_ON) from moved
