"""Whose order it is."""

from django.http import HttpResponseBase
from django.views.decorators.http import require_http_methods

from checkout.forms.client import ChooseClientForm
from checkout.opening import set_client
from checkout.picking import with_figures
from checkout.presenting import OrderPage
from checkout.views.answering import done, on_open_order, sheet, tried
from clients.models import Client
from salon.addresses import whole_number
from salon.http import DeskRequest


@require_http_methods(["GET", "HEAD", "POST"])
@on_open_order
def client(request: DeskRequest, page: OrderPage) -> HttpResponseBase:
    """The sheet that finds a client, and putting the order on them, or on nobody."""
    data = request.POST if request.method == "POST" else None
    form = ChooseClientForm(data, order=page.order, desk=page.desk)
    if data is not None and tried(form, lambda: _set_client(page, form)):
        chosen = form.cleaned_data["client"]
        return done(request, page.order, say=f"The sale is {chosen}’s." if chosen else "Walk-in.")
    added = Client.objects.active().filter(pk=whole_number(request.GET.get("client")) or 0).first()
    rows = with_figures(form.found, request.desk)
    return sheet(request, page, "checkout/_choose_client.html", form, added=added, rows=rows)


def _set_client(page: OrderPage, form: ChooseClientForm) -> None:
    set_client(
        order=page.order,
        client=form.cleaned_data["client"],
        desk=page.desk,
        revision=form.cleaned_data["revision"],
    )
