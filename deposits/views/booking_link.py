"""The payment link that the desk sent: what for, how much, the policy, and on to the card page."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cards.views.saving import address_for_record
from deposits.booking.forms import PolicyForm
from deposits.booking.outcome import Outcome, Stand, outcome_of
from deposits.booking.shop import Shop
from deposits.models import DepositRequest
from deposits.rules.cancellation import accept, accepted_for
from deposits.views.booking_done import go_on_to_pay, show_outcome
from deposits.views.booking_gate import by_token, done_path
from salon import clock
from salon.public_pages import SeeOther


@by_token
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, token: str, asked: DepositRequest, shop: Shop) -> HttpResponse:
    """What is asked, and paying it; or what became of it."""
    if asked.came_from == DepositRequest.CameFrom.ONLINE:
        return SeeOther(done_path(token))
    outcome = outcome_of(asked)
    if outcome.stand not in (Stand.READY, Stand.UNPAID, Stand.OPEN):
        return show_outcome(request, token, outcome, shop)
    is_accepted = accepted_for(asked.appointment) is not None
    if request.method != "POST":
        return _show(request, token, outcome, shop, None if is_accepted else PolicyForm())
    form = PolicyForm(request.POST)
    if not is_accepted:
        if not form.is_valid():
            return _show(request, token, outcome, shop, form, status=422)
        _accept(request, outcome)
    here = reverse("deposits:pay", args=[token])
    return go_on_to_pay(request, token, asked, shop, here, is_link=True)


def _accept(request: HttpRequest, outcome: Outcome) -> None:
    accept(
        visit=outcome.asked.appointment,
        request=outcome.asked,
        terms=outcome.facts.terms,
        address=address_for_record(request),
        device=request.headers.get("user-agent", "")[:300],
        at=clock.now(),
    )


def _show(
    request: HttpRequest,
    token: str,
    outcome: Outcome,
    shop: Shop,
    form: PolicyForm | None,
    status: int = 200,
) -> HttpResponse:
    response = show_outcome(request, token, outcome, shop, form=form, is_link=True)
    response.status_code = status
    return response
