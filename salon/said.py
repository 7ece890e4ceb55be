"""How amounts, times and days are said at the desk: "$40.00 credit", "Tue 3:15 pm"."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.utils import timezone
from djmoney.money import Money
from moneyed.l10n import format_money


def amount(value: Money) -> str:
    """$1,200.50; below zero with a real minus sign: −$5.00."""
    return format_money(value, locale="en_US").replace("-", "−")


def balance(value: Money) -> str:
    """What a client has, never a bare sign: $40.00 credit, owes $12.00, $0.00."""
    if not value:
        return amount(value)
    return f"{amount(value)} credit" if value.amount > 0 else f"owes {amount(-value)}"


def percent(value: Decimal) -> str:
    """8.875 %: as many digits as it needs."""
    return f"{value.normalize():f} %"


def clock_time(moment: dt.datetime | dt.time) -> str:
    """3:15 pm, in the zone of the current location."""
    if isinstance(moment, dt.datetime):
        moment = timezone.localtime(moment)
    return f"{moment.hour % 12 or 12}:{moment:%M} {'am' if moment.hour < 12 else 'pm'}"


def day(value: dt.date, today: dt.date) -> str:
    """Tue, Nov 24; with the year when it is not this one."""
    said = f"{value:%a}, {value:%b} {value.day}"
    return said if value.year == today.year else f"{said}, {value.year}"


def moment(value: dt.datetime, now: dt.datetime) -> str:
    """Tue 3:15 pm within six days, else Tue, Nov 24, 3:15 pm; in the current location's zone."""
    local, today = timezone.localtime(value), timezone.localtime(now).date()
    if abs((local.date() - today).days) <= 6:
        return f"{local:%a} {clock_time(value)}"
    return f"{day(local.date(), today)}, {clock_time(value)}"


def listed(names: Iterable[str]) -> str:
    """Maya; Maya and Theo; Maya, Theo and Priya; empty for nobody."""
    *most, last = [*names] or [""]
    return f"{', '.join(most)} and {last}" if most else last
