"""What is on an order: adding, changing, removing."""

import uuid as uuids

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from checkout.forms.base import ActForm
from checkout.forms.lines import ChangeLineForm
from checkout.line_kinds import kind_of
from checkout.lines import change_line, remove_line
from checkout.models import LineItem
from checkout.offering import LineOffer, line_offer
from checkout.presenting import OrderPage
from checkout.views.answering import done, line_on, on_open_order, revision_of, sheet, tried
from salon import said
from salon.http import DeskRequest


@require_http_methods(["GET", "HEAD", "POST"])
@on_open_order
def add_line(request: DeskRequest, page: OrderPage, kind: str) -> HttpResponseBase:
    """The sheet for one kind of line, and adding it."""
    offer = line_offer(kind)
    if request.method != "POST":
        initial = offer.initial(page, request.GET)
        form = offer.form(order=page.order, desk=page.desk, initial=initial)
        return _adding(request, page, offer, form)
    form = offer.form(request.POST, order=page.order, desk=page.desk)
    made: list[LineItem | list[LineItem]] = []
    if tried(form, lambda: made.append(offer.add(page, form))):
        return done(request, page.order, say=offer.told(made[0]))
    return _adding(request, page, offer, form)


def _adding(
    request: DeskRequest, page: OrderPage, offer: LineOffer, form: ActForm
) -> HttpResponseBase:
    shows = offer.shows(page, form, request.GET)
    return sheet(request, page, offer.template, form, offer=offer, **shows)


@require_http_methods(["GET", "HEAD", "POST"])
@on_open_order
def line(request: DeskRequest, page: OrderPage, line: uuids.UUID) -> HttpResponseBase:
    """The sheet for one line, and changing its quantity, price or staff member."""
    found = line_on(page, line)
    offer = line_offer(found.kind)
    if offer.is_changed_where_added and request.method != "POST":
        return redirect("checkout:add_line", order=page.order.uuid, kind=offer.kind)
    form = ChangeLineForm(
        request.POST if request.method == "POST" else None,
        order=page.order,
        desk=page.desk,
        line=found,
        changes=offer.changes,
        needs_staff=offer.needs_staff,
    )
    made: list[LineItem] = []
    if form.is_bound and tried(form, lambda: made.append(_change(page, found, form))):
        return done(request, page.order, say=_told(found, made[0]))
    may = page.may_discount and kind_of(found).discountable
    return sheet(request, page, "checkout/_change_line.html", form, line=found, may_discount=may)


def _change(page: OrderPage, line: LineItem, form: ChangeLineForm) -> LineItem:
    return change_line(
        line=line, desk=page.desk, revision=form.cleaned_data["revision"], **form.wanted
    )


def _told(before: LineItem, after: LineItem) -> str:
    """Another person may have brought another price."""
    if after.staff and before.staff != after.staff and before.unit_price != after.unit_price:
        return f"{after.description} changed: {said.amount(after.unit_price)} with {after.staff}."
    return f"{after.description} changed."


@require_POST
@on_open_order
def remove(request: DeskRequest, page: OrderPage, line: uuids.UUID) -> HttpResponseBase:
    """Take a line off the order."""
    found = line_on(page, line)
    remove_line(line=found, desk=page.desk, revision=revision_of(request, page))
    return done(request, page.order, say=f"{found.description} removed.")
