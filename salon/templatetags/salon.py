"""Filters for every template (they are builtins; nothing to load)."""

import datetime as dt

from django import template
from django.utils import timezone
from djmoney.money import Money

from salon import clock, said

register = template.Library()


@register.filter
def money(value: Money | None) -> str:
    """{{ line.amount|money }}: $85.00. Nothing for None."""
    return "" if value is None else said.amount(value)


@register.filter
def credit(value: Money | None) -> str:
    """{{ balance.total|credit }}: $40.00 credit, owes $12.00, or $0.00."""
    return "" if value is None else said.balance(value)


@register.filter
def credit_kind(value: Money) -> str:
    """The `kind` that components/amount.html colors it by: credit, owes or none."""
    if not value:
        return "none"
    return "credit" if value.amount > 0 else "owes"


@register.filter
def positive(value: Money) -> Money:
    """The amount without its sign, for places where a word says the direction."""
    return abs(value)


@register.filter
def salon_time(value: dt.datetime | None) -> str:
    """{{ visit.starts_at|salon_time }}: Tue 3:15 pm; with the date when it is further away."""
    return "" if value is None else said.moment(value, clock.now())


@register.filter
def clock_time(value: dt.datetime | dt.time | None) -> str:
    """{{ visit.starts_at|clock_time }}: 3:15 pm."""
    return "" if value is None else said.clock_time(value)


@register.filter
def salon_day(value: dt.date | None) -> str:
    """{{ lot.since|salon_day }}: Tue, Nov 24; with the year when it is not this one."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date()
    return said.day(value, timezone.localtime(clock.now()).date())


@register.filter
def keeps_card_whole(text: str) -> str:
    """Visa •••• 4242 in a sentence, never broken before its digits."""
    return text.replace(" •••• ", "\u00a0••••\u00a0")
