"""The list of sales: its rows with all that they show, pages by key, and what a day came to."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import CombinedExpression
from djmoney.money import Money

from checkout.models import LineItem, Order, RefundPart, Tender
from checkout.statuses import SaleStatus, is_going_back, status_of
from clients.models import Client
from salon.models import Location
from salon.money import currency

PAGE = 40
_FIGURE = DecimalField(max_digits=14, decimal_places=2)
_LINE_TOTAL = F("amount") + F("tax")


@dataclass(frozen=True)
class Row:
    """One sale in a list. `held`: what stands on it while it is open; `is_going_back`: of what was
    given back, some is on its way to a card."""

    order: Order
    total: Money
    held: Money
    refunded: Money
    what: str
    is_going_back: bool = False

    @property
    def status(self) -> SaleStatus:
        return status_of(self.order, self.total, self.refunded, is_going_back=self.is_going_back)

    @property
    def key(self) -> str:
        """Its place in the list, for the address of the page before or after it."""
        return f"{self.order.business_date.isoformat()}.{self.order.pk}"


@dataclass(frozen=True)
class Page:
    """Rows, newest day first; `newer` and `older` are keys, empty at the ends."""

    rows: list[Row]
    newer: str = ""
    older: str = ""


@dataclass(frozen=True)
class DayTotal:
    """What was sold on a day, and what was given back on it, of whichever day's sale."""

    sales: int
    sold: Money
    refunded: Money


def rows_of(orders: QuerySet[Order]) -> list[Row]:
    """The rows of these orders, in their order. One query."""
    of_this = {"order": OuterRef("pk")}
    figures = {
        "row_total": _total(LineItem.objects.filter(**of_this), "order", _LINE_TOTAL),
        "row_held": _total(
            Tender.objects.filter(**of_this), "order", F("amount") - F("taken_back")
        ),
        "row_refunded": _total(
            RefundPart.objects.filter(refund__order=OuterRef("pk"), refund__before_close=False),
            "refund__order",
            F("amount"),
        ),
        "row_going_back": is_going_back(),
        "row_what": Subquery(
            LineItem.objects.filter(**of_this)
            .order_by()
            .values("order")
            .annotate(what=StringAgg("description", ", ", order_by="id"))
            .values("what")
        ),
    }
    found = orders.select_related("client", "location", "opened_by", "closed_by")
    return [_row(order) for order in found.annotate(**figures)]


def page_of(orders: QuerySet[Order], *, before: str = "", after: str = "") -> Page:
    """PAGE sales older than `before`, or newer than `after` (keys of rows). One query.

    A key that is none counts as no key.
    """
    older, newer = _key(before), _key(after)
    if newer:
        day, pk = newer
        found = orders.filter(Q(business_date__gt=day) | Q(business_date=day, pk__gt=pk))
        rows = rows_of(found.order_by("business_date", "pk")[: PAGE + 1])
        more = len(rows) > PAGE
        rows = rows[:PAGE][::-1]
        return Page(rows, rows[0].key if more else "", rows[-1].key if rows else "")
    if older:
        day, pk = older
        orders = orders.filter(Q(business_date__lt=day) | Q(business_date=day, pk__lt=pk))
    rows = rows_of(orders.order_by("-business_date", "-pk")[: PAGE + 1])
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return Page(rows, rows[0].key if rows and older else "", rows[-1].key if more else "")


def holding_money(location: Location) -> list[Row]:
    """Open orders of a location on which a payment stands, the oldest first. One query."""
    return rows_of(_holding(location).order_by("pk"))


def besides_holding(location: Location) -> QuerySet[Order]:
    """All other orders of a location."""
    return Order.objects.filter(location=location).exclude(pk__in=_holding(location).values("pk"))


def of_client(client: Client) -> QuerySet[Order]:
    return Order.objects.filter(client=client)


def day_totals(location: Location, days: Iterable[dt.date]) -> dict[dt.date, DayTotal]:
    """What each day came to. Two queries."""
    wanted = set(days)
    sold = {
        row["order__business_date"]: row
        for row in LineItem.objects.filter(
            order__location=location,
            order__business_date__in=wanted,
            order__status=Order.Status.CLOSED,
        )
        .order_by()
        .values("order__business_date")
        .annotate(sales=Count("order", distinct=True), sold=_sum(_LINE_TOTAL))
    }
    refunded = dict(
        RefundPart.objects.filter(
            refund__location=location,
            refund__business_date__in=wanted,
            refund__before_close=False,
        )
        .order_by()
        .values_list("refund__business_date")
        .annotate(refunded=_sum(F("amount")))
    )
    return {
        day: DayTotal(
            sales=sold[day]["sales"] if day in sold else 0,
            sold=_money(sold[day]["sold"] if day in sold else None),
            refunded=_money(refunded.get(day)),
        )
        for day in wanted
    }


def _holding(location: Location) -> QuerySet[Order]:
    """Few at any time: the index of open orders finds them."""
    standing = Tender.objects.filter(order=OuterRef("pk"), returned_at__isnull=True)
    return Order.objects.open().filter(Exists(standing), location=location)


def _total(rows: QuerySet, by: str, figure: F | CombinedExpression) -> Subquery:
    """The sum of a figure over the rows of each order, as a subquery."""
    return Subquery(rows.order_by().values(by).annotate(figure=_sum(figure)).values("figure"))


def _sum(figure: F | CombinedExpression) -> Sum:
    return Sum(figure, output_field=_FIGURE)


def _row(order: Any) -> Row:
    """`order` comes with the figures of rows_of."""
    return Row(
        order=order,
        total=_money(order.row_total),
        held=_money(order.row_held if order.is_open else None),
        refunded=_money(order.row_refunded),
        what=order.row_what or "",
        is_going_back=order.row_going_back,
    )


def _money(value: Decimal | None) -> Money:
    return Money(value or 0, currency())


def _key(text: str) -> tuple[dt.date, int] | None:
    """A row's key as day and number; None for what is no key."""
    day, _, number = text.partition(".")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    try:
        return dt.date.fromisoformat(day), int(number)
    except ValueError:
        return None
