"""Finding sales: by number ("1042", "#1042", "R1042-7"), by day ("Nov 21"), by client ("clara")."""

import datetime as dt
import re
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from checkout.models import Order
from checkout.sales_list import rows_of
from clients.searching import find_clients
from salon import permissions, said, search
from salon.desk import Desk

CLIENTS = 50
"""Sales of at most so many clients who match."""

_NUMBER = re.compile(r"(?:sale)?\s*#?\s*r?\s*(\d{1,15})(?:-\d+)?", re.ASCII | re.IGNORECASE)
_FORMATS = (
    "%Y-%m-%d",
    "%m/%d/%Y",
    "%m/%d/%y",
    "%b %d %Y",
    "%B %d %Y",
    "%d %b %Y",
    "%d %B %Y",
)
_WITHOUT_YEAR = ("%m/%d %Y", "%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y")


@dataclass(frozen=True)
class Wanted:
    """What somebody typed, understood: one of the three, the others are empty."""

    number: int | None = None
    day: dt.date | None = None
    words: str = ""


def understand(text: str, today: dt.date) -> Wanted:
    """A number, a day, or else words. A day without its year is the last one that has been."""
    text = " ".join(text.replace("\x00", "").split())[:100]
    if match := _NUMBER.fullmatch(text):
        return Wanted(number=int(match[1]))
    if day := _day(text.lower(), today):
        return Wanted(day=day)
    return Wanted(words=text)


def matching(wanted: Wanted, orders: QuerySet[Order]) -> QuerySet[Order]:
    """Of `orders`, those that were asked for. A number that no sale has may be a phone's."""
    if wanted.day is not None:
        return orders.filter(business_date=wanted.day)
    if wanted.number is not None and (numbered := _numbered(wanted.number, orders)).exists():
        return numbered
    words = wanted.words or ("" if wanted.number is None else str(wanted.number))
    if not words:
        return orders
    return orders.filter(client__in=[client.pk for client in find_clients(words, CLIENTS)])


def find_sales(query: str, desk: Desk, limit: int) -> list[search.Hit]:
    """Sales by number, for the search over everything. One query, none for other words."""
    wanted = understand(query, desk.business_date)
    may_see = desk.staff is not None and desk.staff.has_perm(permissions.MODIFY_SALES)
    if wanted.number is None or not may_see:
        return []
    return [
        search.Hit(
            url=reverse("checkout:order", args=[row.order.uuid]),
            name=f"Sale #{row.order.number}",
            note=" · ".join(
                [
                    str(row.order.client or "Walk-in"),
                    said.day(row.order.business_date, desk.business_date),
                    row.status.label,
                ]
            ),
            end=said.amount(row.total),
        )
        for row in rows_of(_numbered(wanted.number, Order.objects.all())[:limit])
    ]


def ids_of_sales(words: str) -> list[str]:
    """The sale whose number was typed ("#1042", "R1042-7"), as entries name it. One query."""
    match = _NUMBER.fullmatch(words.strip())
    if match is None:
        return []
    return [str(order.uuid) for order in _numbered(int(match[1]), Order.objects.all())]


def _numbered(number: int, orders: QuerySet[Order]) -> QuerySet[Order]:
    return orders.filter(pk=number - Order.FIRST_NUMBER)


def _day(text: str, today: dt.date) -> dt.date | None:
    if text in ("today", "yesterday"):
        return today - dt.timedelta(days=("today", "yesterday").index(text))
    plain = text.replace(",", " ").replace(".", " ").replace("  ", " ")
    for pattern in _FORMATS:
        if found := _parsed(plain, pattern):
            return found
    for pattern in _WITHOUT_YEAR:
        for year in (today.year, today.year - 1):
            found = _parsed(f"{plain} {year}", pattern)
            if found and found <= today:
                return found
    return None


def _parsed(text: str, pattern: str) -> dt.date | None:
    try:
        return dt.datetime.strptime(text, pattern).date()
    except ValueError:
        return None
