"""What a membership costs, adds and allows, in the words of pages and e-mails."""

import datetime as dt

from djmoney.money import Money

from checkout.models import LineItem
from checkout.repricing import price_alone
from clients.models import Client
from ledger.kinds import Restriction
from memberships.enrolling.terms import shares_of
from memberships.models import Every, Terms
from salon import said
from salon.models import TaxRate
from salon.money import minor, money

_LATEST_OF_ALL = 28
"""The last day that every month has."""
_ENDINGS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
_BUYS = {Restriction.SERVICES: "services only", Restriction.PRODUCTS: "products only"}


def every_said(terms: Terms) -> str:
    """$100.00 a month: the price as it was typed, without tax that is added."""
    return f"{said.amount(terms.price)} a {Every(terms.every).label}"


def adds_said(terms: Terms) -> str:
    """$120.00, $20.00 of it as a bonus; nothing. One query for a price with tax."""
    return shares_said(minor(priced(terms.price, terms.tax_rate).amount), minor(terms.adds))


def paid_said(total: Money, adds: Money) -> str:
    """$100.00 paid, $120.00 added. What happened, in a membership's history."""
    added = f", {said.amount(adds)} added" if adds else ""
    return f"{said.amount(total)} paid{added}."


def shares_said(net: int, adds: int, to: str = "") -> str:
    """What a price of `net` adds, the bonus told apart; both minor units, without tax.

    `to` comes after the amount: " to the account balance".
    """
    if not adds:
        return "nothing"
    bonus = shares_of(net, adds).bonus
    added = f"{said.amount(money(adds))}{to}"
    return f"{added}, {said.amount(money(bonus))} of it as a bonus" if bonus else added


def added_to(client: Client, net: int, adds: int) -> str:
    """Adds $120.00 to Clara’s account balance, $20.00 of it as a bonus; empty for nothing."""
    if not adds:
        return ""
    return f"Adds {shares_said(net, adds, f' to {client.first_name}’s account balance')}"


def uses_said(terms: Terms) -> list[str]:
    """What limits the money that is added, a sentence each; none where nothing does."""
    if not terms.adds:
        return []
    limits = []
    if what := _BUYS.get(Restriction(terms.buys)):
        limits.append(f"The money can be spent on {what}.")
    if terms.lasts_days:
        limits.append(f"It can be spent for {days_counted(terms.lasts_days)}.")
    if not terms.stays:
        limits.append("What is not spent when the membership ends is lost.")
    return limits


def when_said(every: str, on: dt.date, billing_day: int | None = None) -> str:
    """On which days it is charged: on the 22nd of each month; every Sunday."""
    if every == Every.WEEK:
        return f"every {on:%A}"
    if every == Every.YEAR:
        leap = " (else on Feb 28)" if (on.month, on.day) == (2, 29) else ""
        return f"on {on:%b} {on.day} of each year{leap}"
    day = billing_day or on.day
    months = "each month" if every == Every.MONTH else "every third month"
    short = " (where there is none, on its last day)" if day > _LATEST_OF_ALL else ""
    return f"on the {day}{_ENDINGS.get(day, 'th')} of {months}{short}"


def day_said(day: dt.date) -> str:
    """Nov 22, 2026"""
    return f"{day:%b} {day.day}, {day.year}"


def days_said(starts_on: dt.date, until_on: dt.date) -> str:
    """Nov 22 to Dec 21, 2026: the first and the last day of a period, `until_on` not in it."""
    last = until_on - dt.timedelta(days=1)
    if starts_on == last:
        return day_said(last)
    year = "" if starts_on.year == last.year else f", {starts_on.year}"
    return f"{starts_on:%b} {starts_on.day}{year} to {day_said(last)}"


def days_counted(days: int) -> str:
    """1 day; 90 days."""
    return "1 day" if days == 1 else f"{days} days"


def priced(price: Money, rate: TaxRate | None) -> LineItem:
    """A price with its tax, as a line of its own would have it. One query for a rate."""
    return price_alone(LineItem(unit_price=price), rate)
