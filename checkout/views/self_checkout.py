"""Self checkout: a client pays on their own phone, without a login, by a signed address."""

import uuid as uuids
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from cards import attempts
from cards.models import Attempt
from checkout.charges.charging import begin_charge
from checkout.charges.links import Link
from checkout.charges.self_checkout import SelfCheckout, Stand, charge_of
from checkout.errors import Refused, StaleOrder
from checkout.finding_orders import find_order
from checkout.forms.self_checkout import SelfPayForm
from checkout.models import Order, OrderCharge
from checkout.views.by_link import by_link, done_url, page_of
from salon import links
from salon.addresses import uuid_of
from salon.guessing import Tries

COOKIE = "self-checkout"
"""On the phone: the payment that it began last."""
_PAYING = Tries("sale-paid-on-phone", 20, 60 * 60)
"""Each begun payment opens a page at the processor; many phones may share one sale."""
TOO_OFTEN = (
    "Paying this was begun too often within an hour. Nothing was charged just now. Please pay at "
    "the desk."
)
CHANGED = (
    "The sale was changed at the desk a moment ago. Nothing was charged. "
    "This is how it stands now: look it over and go on."
)


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, token: str, link: Link, order: Order) -> HttpResponse:
    """What is on the sale and what remains, the tip, and on to the card page."""
    own = uuid_of(request.COOKIES.get(COOKIE, ""))
    if request.method != "POST":
        return _show(request, token, SelfCheckout(order, link.cap, own))
    # Sent twice: on to where the first one led.
    if begun := charge_of(order, uuid_of(request.POST.get("uuid", ""))):
        return _go_on(token, begun)
    checkout = SelfCheckout(order, link.cap, own)
    if checkout.stand != Stand.READY:
        return _show(request, token, checkout, status=409)
    return _begin(request, token, checkout)


def _begin(request: HttpRequest, token: str, checkout: SelfCheckout) -> HttpResponse:
    form = SelfPayForm(request.POST, checkout=checkout)
    if not form.is_valid():
        return _show(request, token, checkout, form, status=422)
    if form.cleaned_data["amount"] != checkout.amount:
        return _changed(request, token, checkout)
    if not _PAYING.take(str(checkout.order.uuid)):
        form.add_error(None, TOO_OFTEN)
        return _show(request, token, checkout, form, status=429)
    uuid = form.cleaned_data["uuid"]
    try:
        charge = begin_charge(
            order=checkout.order,
            amount=checkout.amount,
            tip=form.tip,
            way=Attempt.Way.PHONE,
            desk=checkout.page.desk,
            uuid=uuid,
            revision=form.cleaned_data["revision"],
            by_client=True,
            back_url=links.whole(done_url(token, uuid)),
        )
    except StaleOrder:
        return _changed(request, token, checkout)
    except Refused as refusal:
        form.add_error("own_tip" if refusal.field == "tip" else None, refusal.message)
        return _show(request, token, checkout, form, status=422)
    charge.attempt = attempts.send(charge.attempt)
    return _go_on(token, charge)


def _changed(request: HttpRequest, token: str, checkout: SelfCheckout) -> HttpResponse:
    """The page anew, with the tip that was chosen."""
    fresh = SelfCheckout(find_order(checkout.order.uuid), checkout.cap)
    kept = {name: request.POST.get(name, "") for name in ("choice", "own_tip")}
    form = _empty_form(fresh, kept)
    return _show(request, token, fresh, form, notice=CHANGED, status=409)


def _go_on(token: str, charge: OrderCharge) -> HttpResponse:
    """To the processor's page; where there is none, to what became of it."""
    attempt = charge.attempt
    to_card_page = attempt.is_open and attempt.url and not attempt.cancel_asked_at
    response = redirect(attempt.url if to_card_page else done_url(token, attempt.uuid))
    response.set_cookie(
        COOKIE,
        str(attempt.uuid),
        max_age=24 * 3600,
        path="/pay/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _show(
    request: HttpRequest,
    token: str,
    checkout: SelfCheckout,
    form: SelfPayForm | None = None,
    *,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "token": token,
        "checkout": checkout,
        "page": checkout.page,
        "order": checkout.order,
        "stand": checkout.stand.value,
        "notice": notice,
    }
    if checkout.stand != Stand.READY:
        return page_of(request, "self_said", context, status=status)
    context["form"] = form or _empty_form(checkout)
    return page_of(request, "self_pay", context, status=status)


def _empty_form(checkout: SelfCheckout, kept: dict[str, str] | None = None) -> SelfPayForm:
    known = {
        "uuid": uuids.uuid4(),
        "revision": checkout.order.revision,
        "amount": checkout.amount,
    }
    return SelfPayForm(checkout=checkout, initial=known | (kept or {}))
