"""One press for what a client owes from before."""

from django.http import HttpResponseBase
from django.views.decorators.http import require_POST

from checkout.forms.payments import SettleForm
from checkout.presenting import OrderPage
from checkout.settling import add_settlement
from checkout.views.answering import done, first_error, on_open_order
from salon import said
from salon.http import DeskRequest


@require_POST
@on_open_order
def settle(request: DeskRequest, page: OrderPage) -> HttpResponseBase:
    """Add a line of what the client owes; the sale then costs so much more."""
    form = SettleForm(request.POST, order=page.order, desk=page.desk)
    if not form.is_valid():
        raise first_error(form)
    amount = form.cleaned_data["amount"]
    add_settlement(order=page.order, amount=amount, desk=page.desk, **form.identity)
    return done(request, page.order, say=f"{said.amount(amount)} to settle was added.")
