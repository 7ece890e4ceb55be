"""How the order page answers: the sale as it stands now, a sheet over it, or why not.

To htmx the answer is the fragment that changed; to a browser without script, a whole page or a
redirect. A refusal answers 422, a stale page 409, both with the sale as it stands now and what was
typed.
"""

import uuid as uuids
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget, trigger_client_event

from checkout import offering
from checkout.charges.showing import News
from checkout.errors import Refused, StaleOrder
from checkout.finding_orders import find_order
from checkout.forms.base import ActForm
from checkout.models import LineItem, Order
from checkout.presenting import OrderPage
from salon import permissions
from salon.access import permission_required
from salon.http import DeskRequest

View = Callable[..., HttpResponseBase]


def on_open_order(view: View) -> View:
    """Give the view the OrderPage of an open order, and answer what it refuses."""

    @permission_required(permissions.MODIFY_SALES)
    @wraps(view)
    def guarded(request: DeskRequest, order: uuids.UUID, **kwargs: Any) -> HttpResponseBase:
        found = find_order(order)
        if not found.is_open:
            return over(request, found)
        page = OrderPage(found, request.desk)
        try:
            if request.method == "POST" and page.is_elsewhere:
                raise Refused(
                    f"This sale is open at {found.location}. Switch to that location to go on. "
                    "Nothing was done."
                )
            return view(request, page, **kwargs)
        except Refused as refusal:
            return refused(request, found, refusal)

    return guarded


def line_on(page: OrderPage, uuid: uuids.UUID, otherwise: str = "Nothing was changed.") -> LineItem:
    """Raises StaleOrder for a line that is not, or no longer, on this order."""
    found = next((line for line in page.lines if line.uuid == uuid), None)
    if found is None:
        raise StaleOrder(f"That line is no longer on this sale. {otherwise}")
    return found


def first_error(form: ActForm) -> Refused:
    """What a form says first, for where it is not shown itself."""
    return Refused(str(next(iter(form.errors.values()))[0]))


def revision_of(request: DeskRequest, page: OrderPage) -> int:
    """The revision that a form of nothing else was sent with. Raises Refused."""
    form = ActForm(request.POST, order=page.order, desk=page.desk)
    if not form.is_valid():
        raise Refused(str(form.non_field_errors()[0]))
    return form.cleaned_data["revision"]


def tried(form: ActForm, act: Callable[[], object]) -> bool:
    """Whether the form was right and its act went through; else the form says why not."""
    if not form.is_valid():
        return False
    try:
        form.made = act()
    except Refused as refusal:
        form.refuse(refusal)
        form.is_stale = isinstance(refusal, StaleOrder)
        return False
    return True


def afresh(request: DeskRequest, order: Order) -> OrderPage:
    """The order as it stands now, after an act or a refusal."""
    return OrderPage(find_order(order.uuid), request.desk)


def sale(
    request: DeskRequest,
    page: OrderPage,
    *,
    panel: dict[str, Any] | None = None,
    refusal: Refused | None = None,
    news: str = "",
    say: str = "",
    told: Sequence[News] = (),
    is_paying: bool = False,
    open_sheet: str = "",
    status: int = 200,
) -> HttpResponse:
    """The order, with a payment panel open or closed.

    `news`: what happened elsewhere; `say`: what just happened here, for who cannot see it; `told`:
    what became of charges; `open_sheet`: the kind of line whose sheet opens by itself.
    """
    if not page.order.is_open:
        return over(request, page.order, refusal)
    context = context_of(page) | {
        "panel": panel,
        "refusal": refusal,
        "news": news,
        "say": say,
        "told": told,
        "is_paying": is_paying or bool(panel),
        "open_sheet": open_sheet if offering.is_line_offered(open_sheet) else "",
    }
    template = "checkout/_sale.html" if request.htmx else "checkout/order.html"
    return render(request, template, context, status=status)


def context_of(page: OrderPage) -> dict[str, Any]:
    """What _sale.html shows of a page."""
    return {
        "page": page,
        "order": page.order,
        "lines": [offering.shown(line, page.discounts) for line in page.lines],
        "adders": [(offer, offer.buttons(page)) for offer in offering.line_offers()],
        "methods": [(offer, offer.buttons(page)) for offer in offering.payment_offers()]
        if page.can_pay
        else [],
    }


def panel_of(
    offer: offering.PaymentOffer, page: OrderPage, form: ActForm, asked: Mapping[str, str]
) -> dict[str, Any]:
    """A payment panel: what _tendering.html includes."""
    return {"offer": offer, "form": form, **offer.shows(page, form, asked)}


def sheet(
    request: DeskRequest, page: OrderPage, template: str, form: ActForm, **shows: Any
) -> HttpResponse:
    """A form over the sale; without script, a page of its own.

    After a refusal the sale behind it is brought up to date as well.
    """
    status = 200
    fresh = page
    if form.is_bound:
        status = 409 if form.is_stale else 422
        fresh = afresh(request, page.order)
        if not fresh.order.is_open:
            return over(request, fresh.order)
    with_sale = bool(request.htmx) and form.is_bound
    behind = context_of(fresh) if with_sale else {"page": fresh, "order": fresh.order}
    context = behind | {"form": form, "sheet": template, "with_sale": with_sale, **shows}
    if not request.htmx:
        return render(request, "checkout/order_sheet.html", context, status=status)
    return render(request, "checkout/_sheet.html", context, status=status)


def done(
    request: DeskRequest,
    order: Order,
    *,
    say: str = "",
    told: Sequence[News] = (),
    is_paying: bool = False,
) -> HttpResponse:
    """It was done: the sheet closes, the sale shows it."""
    if not request.htmx:
        tell(request, told)
        return redirect("checkout:order", order=order.uuid)
    page = afresh(request, order)
    response = sale(request, page, say=say, told=told, is_paying=is_paying)
    response = reswap(retarget(response, "#sale"), "outerHTML")
    return trigger_client_event(response, "close-sheet", after="swap")


_LEVELS = {"info": messages.SUCCESS, "warning": messages.WARNING, "error": messages.ERROR}


def tell(request: DeskRequest, told: Sequence[News]) -> None:
    """For the next page: what became of charges."""
    for news in told:
        text = f"{news.title} {news.text}".strip()
        messages.add_message(request, _LEVELS[news.kind], text)


def refused(
    request: DeskRequest, order: Order, refusal: Refused, *, is_paying: bool = False
) -> HttpResponse:
    """Nothing was done: the sale as it stands, and why not; beside the payments if it was one."""
    status = 409 if isinstance(refusal, StaleOrder) else 422
    page = afresh(request, order)
    response = sale(request, page, refusal=refusal, is_paying=is_paying, status=status)
    if not request.htmx:
        return response
    response = reswap(retarget(response, "#sale"), "outerHTML")
    return trigger_client_event(response, "close-sheet", after="swap")


def over(request: DeskRequest, order: Order, refusal: Refused | None = None) -> HttpResponse:
    """The order is closed or voided meanwhile: to its page, saying so when something was wanted."""
    if request.method == "POST" or refusal:
        status = order.get_status_display().lower()
        messages.error(request, f"Sale #{order.number} is already {status}. Nothing was changed.")
    return go(request, reverse("checkout:order", args=[order.uuid]))


def go(request: DeskRequest, address: str) -> HttpResponse:
    """Another page, as a whole."""
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
