"""One till, one writer at a time; cash of sales and refunds goes on side by side."""

import datetime as dt
from typing import NamedTuple

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from moneyed import get_currency

from checkout.errors import Refused
from checkout.models import TillSession
from ledger.models import Entry
from salon import said
from salon.desk import Desk
from salon.forms import MOST
from salon.models import Till
from salon.money import currency

# One query also says whether cash has to ask for a session at all. Not FOR KEY SHARE, which would
# not stop whoever counts.
_SHARE = """
select t.archived_at is not null, s.cash_needs_open_till
from salon_till t, salon_businesssettings s where t.id = %s and s.id = 1
for share of t"""


class Shared(NamedTuple):
    """What is said of a till whose row is shared."""

    is_archived: bool
    needs_session: bool


def hold(till: Till) -> Till:
    """The till as it is now, locked until the transaction ends: no cash comes or goes meanwhile.

    One query. Waits for sales that are taking cash there.
    """
    rows = Till.objects.select_for_update(of=("self",), no_key=True).select_related("location")
    return rows.get(pk=till.pk)


def share(till: Till) -> Shared:
    """Lock the till against being opened, counted or closed, beside others who do the same.

    Until the transaction ends. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SHARE, [till.pk])
        return Shared(*cursor.fetchone())


def check_here(till: Till, desk: Desk, nothing: str) -> None:
    """Refuse a till of another location. `nothing`: what did not happen, as a sentence."""
    if till.location_id != desk.location.pk:
        raise Refused(
            f"{till} is a till at {till.location}. Switch to that location first. {nothing}"
        )


def check_in_use(till: Till, nothing: str) -> None:
    """Refuse an archived till."""
    if till.is_archived:
        raise Refused(f"{till} is no longer used. Choose another till. {nothing}")


def check_amount(amount: int, field: str, nothing: str) -> None:
    """Refuse what no drawer holds: less than nothing, or a typing error. Minor units."""
    if amount < 0:
        raise Refused(f"Enter an amount without a minus sign. {nothing}", field=field)
    if amount > MOST * get_currency(currency()).sub_unit:
        raise Refused(f"That is more than a till can hold. {nothing}", field=field)


def open_session(till: Till) -> TillSession | None:
    """The session that is open at a till. One query."""
    sessions = TillSession.objects.filter(till=till, closed_at__isnull=True)
    return sessions.select_related("opened_by").first()


def last_entry() -> int:
    """The id of the last entry; under `hold`, all of this till's are up to it. One query."""
    return Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0


def counted_since(till: Till, entry: int) -> bool:
    """Whether a float or a close counted the till after this entry; under `hold`. One query."""
    counts = Q(opened_after__gte=entry) | Q(closed_after__gte=entry)
    return TillSession.objects.filter(counts, till=till).exists()


def by_whom(session: TillSession, desk: Desk) -> str:
    """by Jo at 9:02 am with $100.00 in it."""
    when = _when(session.opened_at, desk)
    return f"by {session.opened_by} {when} with {said.amount(session.float)} in it"


def _when(moment: dt.datetime, desk: Desk) -> str:
    same_day = timezone.localtime(moment).date() == timezone.localtime(desk.at).date()
    return f"at {said.clock_time(moment)}" if same_day else f"on {said.moment(moment, desk.at)}"
