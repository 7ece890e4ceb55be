"""The cancellation policy in sentences, with the figures of one visit."""

import datetime as dt
import zoneinfo

from djmoney.money import Money

from deposits.models import BookingSettings, Fate
from salon import said


def figures(
    settings: BookingSettings,
    deadline_at: dt.datetime,
    late_fee: Money,
    no_show_fee: Money,
    *,
    now: dt.datetime,
    zone: zoneinfo.ZoneInfo,
) -> str:
    """Free of charge until Mon, Nov 23, 3:15 pm. After that $42.50, also if you do not come."""
    is_past = deadline_at <= now
    free = f"Free of charge until {until(deadline_at, now=now, zone=zone)}."
    begins = _not_free(settings.deadline_hours) if is_past else free
    has_fees = bool(late_fee or no_show_fee)
    return " ".join(
        [begins, _costs(late_fee, no_show_fee, is_past), _deposit(settings, has_fees, is_past)]
    )


def until(moment: dt.datetime, *, now: dt.datetime, zone: zoneinfo.ZoneInfo) -> str:
    """Mon, Nov 23, 3:15 pm; with the zone in the hour that a clock change repeats."""
    local = moment.astimezone(zone)
    told = f"{said.day(local.date(), now.astimezone(zone).date())}, {said.clock_time(local.time())}"
    is_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{told} {local.tzname()}" if is_twice else told


def _not_free(hours: int) -> str:
    if not hours:
        return "This visit has begun: canceling it is not free of charge any more."
    away = f"{hours} hour{'' if hours == 1 else 's'}"
    return f"This visit is less than {away} away: canceling it is not free of charge any more."


def _costs(late_fee: Money, no_show_fee: Money, is_past: bool) -> str:
    late, missed = said.amount(late_fee), said.amount(no_show_fee)
    then = "It costs" if is_past else "After that"
    if not late_fee and not no_show_fee:
        return "There is no fee." if is_past else "After that there is no fee."
    if late_fee == no_show_fee:
        return f"{then} {late}, also if you do not come."
    if not no_show_fee:
        return f"{then} {late}, and nothing if you do not come."
    if not late_fee:
        return f"{then} nothing to cancel, but {missed} if you do not come."
    return f"{then} {late}, or {missed} if you do not come."


def _deposit(settings: BookingSettings, has_fees: bool, is_past: bool) -> str:
    if settings.late_fate == Fate.Kind.FORFEITED:
        then = "A deposit is not given back" if is_past else "Then a deposit is not given back"
        return f"{then}; it counts towards the fee." if has_fees else f"{then}."
    if has_fees:
        return "The fee is taken from the deposit first; the rest is kept as your account credit."
    return "A deposit is kept as your account credit."
