"""At the checkout: from a card's code to what of it can pay."""

from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from checkout.forms.base import ActForm
from checkout.offering import payment_offer
from checkout.presenting import OrderPage
from checkout.views.answering import on_open_order, panel_of, sale, tried
from giftcards.forms import CodeForm, RedeemForm
from giftcards.offers import most_here
from giftcards.selling import KIND
from giftcards.standing import check_usable
from salon.http import DeskRequest


@require_http_methods(["GET", "HEAD", "POST"])
@on_open_order
def find(request: DeskRequest, page: OrderPage) -> HttpResponseBase:
    """The payment panel with what is left on a card; nothing is taken yet. Wrong codes count."""
    if request.method != "POST" or not page.can_pay:
        return redirect("checkout:pay", order=page.order.uuid, kind=KIND)
    asked = CodeForm(request.POST, order=page.order, desk=page.desk)
    if not tried(asked, lambda: _check(asked)):
        asked.card = None
        return _answer(request, page, asked, 422)
    assert asked.card is not None and asked.left is not None  # nosec B101 - looked up by now
    initial = {"code": asked.card.code, "amount": min(asked.left, most_here(page))}
    form = RedeemForm(order=page.order, desk=page.desk, initial=initial)
    form.card = asked.card
    return _answer(request, page, form, 200)


def _check(form: CodeForm) -> None:
    assert form.card is not None  # nosec B101 - a valid form has found it
    form.left = check_usable(form.card, form.desk.business_date)


def _answer(request: DeskRequest, page: OrderPage, form: ActForm, status: int) -> HttpResponseBase:
    panel = panel_of(payment_offer(KIND), page, form, QueryDict())
    return sale(request, page, panel=panel, status=status)
