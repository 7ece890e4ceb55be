"""What this floor refuses, in the desk's words."""

from collections.abc import Iterator
from contextlib import contextmanager

from ledger.errors import LedgerError
from salon import errors as salon_errors

__all__ = ["Refused", "as_refused"]


class Refused(salon_errors.Refusal):
    """This floor refuses it."""


@contextmanager
def as_refused() -> Iterator[None]:
    """What floors below refuse comes out as this floor's Refused."""
    try:
        yield
    except Refused:
        raise
    except salon_errors.Refusal as refused:
        raise Refused(refused.message, field=refused.field) from refused
    except LedgerError as error:
        raise Refused(f"{error} Nothing was changed.") from error
