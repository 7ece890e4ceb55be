"""Self checkout: what came of a client's payment, starting it over, and the receipt."""

import uuid as uuids
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from cards import attempts, gateways
from cards.models import Attempt
from checkout.charges.links import Link
from checkout.charges.self_checkout import charge_of
from checkout.finding_orders import find_order
from checkout.forms.self_checkout import SelfEmailForm
from checkout.models import Order, OrderCharge
from checkout.receipts import receipt_for_phone
from checkout.sale import Sale
from checkout.sending_receipts import queue_receipt
from checkout.views.by_link import by_link, done_url, page_of
from salon.addresses import uuid_of
from salon.desk import Desk
from salon.guessing import Tries

_MAILS = Tries("receipt-from-phone", 5, 60 * 60)


@by_link
@require_safe
def done(request: HttpRequest, token: str, link: Link, order: Order) -> HttpResponse:
    """Back from the processor's page: what came of the payment; once it is paid, the receipt."""
    charge = charge_of(order, uuid_of(request.GET.get("payment", "")))
    if charge is None:
        return redirect("checkout:self_pay", token=token)
    if charge.attempt.is_open and gateways.connected():
        attempts.look(charge.attempt)
        # With the payment that came of it.
        charge = charge_of(order, charge.attempt.uuid) or charge
    return _outcome(request, token, find_order(order.uuid), charge)


@by_link
@require_POST
def start_over(request: HttpRequest, token: str, link: Link, order: Order) -> HttpResponse:
    """Cancel what this phone began; where it was paid already, that is told."""
    charge = charge_of(order, uuid_of(request.POST.get("payment", "")))
    if charge is None or not gateways.connected():
        return redirect("checkout:self_pay", token=token)
    attempt = attempts.cancel(charge.attempt)
    if attempt.status == Attempt.Status.CANCELED:
        return redirect("checkout:self_pay", token=token)
    return redirect(done_url(token, attempt.uuid))


@by_link
@require_POST
def email(request: HttpRequest, token: str, link: Link, order: Order) -> HttpResponse:
    """Send the receipt to who paid; five an hour for one sale."""
    charge = charge_of(order, uuid_of(request.POST.get("payment", "")))
    if charge is None or charge.attempt.status != Attempt.Status.SUCCEEDED:
        return redirect("checkout:self_pay", token=token)
    form = SelfEmailForm(request.POST)
    if form.is_valid() and _MAILS.is_over(str(order.uuid)):
        form.add_error("to", "The receipt was sent several times already. Ask at the desk for it.")
    if not form.is_valid():
        return _outcome(request, token, order, charge, form, status=422)
    _MAILS.count(str(order.uuid))
    nobody = Desk(staff=None, location=order.location)
    queue_receipt(order=order, desk=nobody, from_phone=True, **form.cleaned_data)
    return _outcome(request, token, order, charge, sent_to=form.cleaned_data["to"])


def _outcome(
    request: HttpRequest,
    token: str,
    order: Order,
    charge: OrderCharge,
    form: SelfEmailForm | None = None,
    *,
    sent_to: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "token": token,
        "order": order,
        "charge": charge,
        "attempt": charge.attempt,
        "sent_to": sent_to,
    }
    if charge.attempt.status == Attempt.Status.SUCCEEDED:
        sale = Sale(order)
        context |= {
            "receipt": receipt_for_phone(sale),
            "remaining": sale.totals.remaining if order.is_open else None,
            "form": form or SelfEmailForm(initial={"uuid": uuids.uuid4()}),
        }
    return page_of(request, "self_done", context, status=status)
