"""The deposit that the order proposes: leaving it out of this sale, or using it after all."""

from django.http import HttpResponseBase
from django.views.decorators.http import require_POST

from checkout.presenting import OrderPage
from checkout.proposing import use_deposit
from checkout.views.answering import done, on_open_order, revision_of
from salon.http import DeskRequest


@require_POST
@on_open_order
def deposit(request: DeskRequest, page: OrderPage) -> HttpResponseBase:
    """`use`: 1 to propose what is held, anything else to leave it out. Nothing is posted."""
    use = request.POST.get("use") == "1"
    use_deposit(order=page.order, use=use, desk=page.desk, revision=revision_of(request, page))
    say = "The deposit will be applied." if use else "The deposit is left out of this sale."
    return done(request, page.order, say=say, is_paying=True)
