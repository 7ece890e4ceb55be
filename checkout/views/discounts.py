"""Giving discounts, on a line or on the whole order, and taking them off again."""

import uuid as uuids

from django.http import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_POST

from checkout import discount_limits
from checkout.discount_limits import ANY, limit_of
from checkout.discount_offers import DiscountsHere
from checkout.discounting import add_discount, remove_discount
from checkout.errors import StaleOrder
from checkout.forms.discounts import DiscountForm
from checkout.locking import require
from checkout.models import Discount, LineItem
from checkout.presenting import OrderPage
from checkout.views.answering import done, line_on, on_open_order, revision_of, sheet, tried
from salon import permissions, said
from salon.http import DeskRequest


@require_http_methods(["GET", "HEAD", "POST"])
@on_open_order
def discount(
    request: DeskRequest, page: OrderPage, line: uuids.UUID | None = None
) -> HttpResponseBase:
    """The sheet for a discount on one line, or on the whole order, and giving it."""
    require(page.desk, permissions.GIVE_DISCOUNTS, "give discounts")
    found = line_on(page, line, otherwise="No discount was given.") if line else None
    form = DiscountForm(
        request.POST if request.method == "POST" else None, order=page.order, desk=page.desk
    )
    given: list[Discount] = []
    if form.is_bound and tried(form, lambda: given.append(_give(page, found, form))):
        return done(request, page.order, say=f"{said.amount(given[0].taken_off)} taken off.")
    return _sheet(request, page, found, form)


@require_POST
@on_open_order
def remove(request: DeskRequest, page: OrderPage, discount: uuids.UUID) -> HttpResponseBase:
    """Take a discount off again."""
    found = next((given for given in page.discounts if given.uuid == discount), None)
    if found is None:
        raise StaleOrder("That discount is no longer on this sale. Nothing was changed.")
    found.order = page.order
    remove_discount(discount=found, desk=page.desk, revision=revision_of(request, page))
    return done(request, page.order, say=f"{found.label} taken off again.")


def _give(page: OrderPage, line: LineItem | None, form: DiscountForm) -> Discount:
    return add_discount(order=page.order, line=line, desk=page.desk, **form.wanted, **form.identity)


def _sheet(
    request: DeskRequest, page: OrderPage, line: LineItem | None, form: DiscountForm
) -> HttpResponseBase:
    here = DiscountsHere(page.order, line, page.desk)
    limit = limit_of(page.desk.staff)
    return sheet(
        request,
        page,
        "checkout/_discount.html",
        form,
        line=line,
        presets=here.presets,
        left=here.left,
        limit=None if limit == ANY else discount_limits.percent(limit),
    )
