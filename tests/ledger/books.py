"""Short ways to post, and to say what the books should show."""

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal

from django.db import connection, transaction

from appointments.models import Appointment
from clients.models import Client
from ledger.kinds import EntryKind
from ledger.legs import Leg
from ledger.models import Lot
from ledger.posting import Posted, post
from ledger.trial_balance import trial_balance
from ledger.verifying import verify
from salon import clock
from salon.desk import Desk
from tests.factories import make_appointment


def act(
    desk: Desk,
    *legs: Leg,
    kind: str = EntryKind.ADJUSTMENT,
    key: str = "",
    reverses: int | None = None,
    **why: str,
) -> Posted:
    """Post these legs under a key of their own, in a transaction that is over afterwards."""
    with transaction.atomic():
        return post(
            key=key or f"test:{uuid.uuid4()}",
            kind=kind,
            legs=legs,
            desk=desk,
            reverses=reverses,
            **why,
        )


def nets() -> dict[str, int]:
    """The trial balance by kind, debit positive, in minor units; zeros left out."""
    balance = trial_balance(by="kind")
    assert balance.is_balanced
    return {row.kind.value: int(row.net.amount * 100) for row in balance.rows}


def assert_trial_balance(*, debit: dict[str, str], credit: dict[str, str]) -> None:
    """The books' two columns by kind of account, in dollars; they add up to the same."""
    expected = {kind: _cents(figure) for kind, figure in debit.items()}
    expected |= {kind: -_cents(figure) for kind, figure in credit.items()}
    assert nets() == expected
    assert sum(expected.values()) == 0


def _cents(dollars: str) -> int:
    return int(Decimal(dollars) * 100)


def assert_well() -> None:
    """Every deferred guard and every check of verify_ledger is content."""
    connection.check_constraints()
    wrong = [sentence for result in verify() for sentence in result.named]
    assert not wrong, wrong


def make_visits(client: Client, how_many: int) -> list[Appointment]:
    """Visits ahead, each on a day of its own: Maya is in one place at a time."""
    now, booked = clock.now(), Appointment.objects.count()
    return [
        make_appointment(client, starts_at=now + dt.timedelta(days=booked + day + 1))
        for day in range(how_many)
    ]


def lots_left(lots: Sequence[int | None]) -> list[int]:
    """What remains of these lots, in their order."""
    left = dict(Lot.objects.filter(pk__in=lots).values_list("pk", "remaining"))
    return [left[lot] for lot in lots]
