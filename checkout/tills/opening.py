"""Opening a till: somebody counted the float."""

import uuid as uuids

from django.db import transaction
from djmoney.money import Money

from checkout.errors import Refused
from checkout.locking import require
from checkout.models import TillSession
from checkout.tills.figures import expected_in
from checkout.tills.locking import (
    by_whom,
    check_amount,
    check_here,
    check_in_use,
    hold,
    last_entry,
    open_session,
)
from ledger import accounts
from ledger.kinds import EntryKind
from ledger.legs import Move
from ledger.posting import Cause, post
from ledger.sealing import counts_for
from salon import permissions, said
from salon.desk import Desk
from salon.models import Till
from salon.money import minor

NOTHING = "Nothing was opened."


@transaction.atomic
def open_till(*, till: Till, counted: Money, desk: Desk, uuid: uuids.UUID) -> TillSession:
    """Open a till with the float that was counted in it.

    What the books say more or less than was counted comes from the safe or goes there, so that from
    now on the ledger's balance is what should be in the drawer. `uuid` comes with the form: sent
    twice, it opens once. Locks the till's row. Raises Refused.
    """
    require(desk, permissions.COUNT_TILLS, "open a till")
    held = hold(till)
    twin = TillSession.objects.filter(uuid=uuid).select_related("opened_by", "till").first()
    if twin is not None:
        return _same(twin, held, counted)
    check_here(held, desk, NOTHING)
    check_in_use(held, NOTHING)
    check_amount(minor(counted), "counted", NOTHING)
    other = open_session(held)
    if other is not None:
        raise Refused(f"{held} was already opened {by_whom(other, desk)}. {NOTHING}")
    entry_id = _true_up(held, minor(counted), desk, uuid)
    return TillSession.objects.create(
        uuid=uuid,
        till=held,
        opened_at=desk.at,
        opened_by=desk.person,
        float=counted,
        opening_entry_id=entry_id,
        opened_after=entry_id or last_entry(),
        business_date=counts_for(held.location, desk.business_date),
    )


def _same(twin: TillSession, till: Till, counted: Money) -> TillSession:
    if (twin.till_id, twin.float) != (till.pk, counted):
        raise Refused(
            f"This form already opened {twin.till} with {said.amount(twin.float)}. "
            f"Load the page again. {NOTHING}"
        )
    return twin


def _true_up(till: Till, counted: int, desk: Desk, uuid: uuids.UUID) -> int | None:
    """Post what was counted beyond the books; the entry, or None where both agree."""
    difference = counted - expected_in(till)
    if not difference:
        return None
    posted = post(
        key=f"till:{uuid}:open",
        kind=EntryKind.TILL,
        legs=[
            Move(accounts.cash(till), difference),
            Move(accounts.safe(till.location), -difference),
        ],
        desk=desk,
        note="Float",
        cause=Cause("till", str(uuid)),
    )
    return posted.entry_id
