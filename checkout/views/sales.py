"""Sales that are made: the list, a client's own, and one of them."""

import datetime as dt
from collections.abc import Iterable
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from checkout.charges.to_cards import shown
from checkout.models import Order
from checkout.receipts import receipt_of
from checkout.sale import Sale, find_sale
from checkout.sale_story import payment_rows, story_of
from checkout.sales_list import (
    DayTotal,
    Page,
    Row,
    besides_holding,
    day_totals,
    holding_money,
    of_client,
    page_of,
)
from checkout.sales_search import Wanted, matching, understand
from checkout.sending_receipts import sent_receipts
from clients.moved import client_or_404
from clients.opened import opened
from ledger.balances import Balance, balance_of
from salon import permissions
from salon.access import permission_required
from salon.http import DeskRequest
from salon.money import money


@require_safe
@permission_required(permissions.MODIFY_SALES)
def sales(request: DeskRequest) -> HttpResponse:
    """This location's sales by day, open ones that hold money on top; or those searched for.

    A search by number or client looks at all locations.
    """
    query = request.GET.get("q", "").strip()
    day = _day(request.GET.get("day", ""))
    location = request.desk.location
    keys = {name: request.GET.get(name, "") for name in ("before", "after")}
    wanted = understand(query, request.desk.business_date)
    if day is None and wanted.day:
        day, wanted = wanted.day, Wanted()
    holding: list[Row] = []
    if query and wanted != Wanted():
        page = page_of(matching(wanted, _on(day, Order.objects.all())), **keys)
    elif day:
        page = page_of(Order.objects.filter(location=location, business_date=day), **keys)
    else:
        page = page_of(besides_holding(location), **keys)
        holding = [] if any(keys.values()) else holding_money(location)
    is_searched = wanted != Wanted()
    context = {
        "q": query,
        "day": day,
        "holding": holding,
        "held": sum((row.held for row in holding), money(0)),
        "days": _by_day(page.rows, {} if is_searched else _totals(request, page.rows, day)),
        "is_searched": is_searched,
        **_neighbors(request, page),
    }
    is_partial = request.htmx and request.htmx.target == "sales"
    return render(request, "checkout/_sales.html" if is_partial else "checkout/sales.html", context)


@require_safe
@permission_required(permissions.MODIFY_SALES)
def client_sales(request: DeskRequest, client: int) -> HttpResponse:
    """The Sales tab of a client: own sales, whichever location."""
    found = client_or_404(client)
    opened(request, found)
    keys = {name: request.GET.get(name, "") for name in ("before", "after")}
    page = page_of(of_client(found), **keys)
    context = {"client": found, "active": "sales", "page": page, **_neighbors(request, page)}
    return render(request, "checkout/client_sales.html", context)


def made(request: DeskRequest, order: Order) -> HttpResponse:
    """One sale that is closed or voided: what was sold, paid and given back, and what to do."""
    sale = find_sale(order.uuid) or Sale(order)
    rows = payment_rows(sale)
    is_closed = sale.order.status == Order.Status.CLOSED
    context = {
        "sale": sale,
        "order": sale.order,
        "receipt": receipt_of(sale),
        "payments": rows,
        "story": story_of(sale, sent_receipts(sale.order)),
        "to_cards": shown(sale.card_refunds),
        "may_refund": request.user.has_perm(permissions.REFUND_SALES)
        and is_closed
        and bool(sale.left),
        "back": sum((row.amount - row.left for row in rows), money(0)),
        "kept": sum((row.left for row in rows), money(0)),
        "change": sum((t.change_due for t in sale.tenders if t.change_due), money(0)),
        "balance": _balance(request, sale),
    }
    return render(request, "checkout/sale.html", context)


def _balance(request: DeskRequest, sale: Sale) -> Balance | None:
    """What the sale's client has now, for who may see it."""
    client = sale.order.client
    if client is None or not request.user.has_perm(permissions.VIEW_BALANCES):
        return None
    return balance_of(client, request.desk.business_date)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _on(day: dt.date | None, orders: Any) -> Any:
    return orders.filter(business_date=day) if day else orders


def _totals(request: DeskRequest, rows: list[Row], day: dt.date | None) -> dict[dt.date, DayTotal]:
    days = {row.order.business_date for row in rows} | ({day} if day else set())
    return day_totals(request.desk.location, days)


def _by_day(
    rows: Iterable[Row], totals: dict[dt.date, DayTotal]
) -> list[tuple[dt.date, DayTotal | None, list[Row]]]:
    grouped = groupby(rows, key=lambda row: row.order.business_date)
    return [(day, totals.get(day), list(of_day)) for day, of_day in grouped]


def _neighbors(request: DeskRequest, page: Page) -> dict[str, str]:
    """The addresses of the pages before and after, with what was searched for."""
    kept = {name: request.GET[name] for name in ("q", "day") if request.GET.get(name)}

    def address(name: str, key: str) -> str:
        return f"?{urlencode({**kept, name: key})}" if key else ""

    return {
        "newer_url": address("after", page.newer),
        "older_url": address("before", page.older),
    }
