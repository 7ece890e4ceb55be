"""What became of a booking: back from the card page, another try, the file for the calendar."""

import uuid as uuids
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cards import attempts
from deposits.booking.calendar_file import CONTENT_TYPE, NAME, calendar_file
from deposits.booking.embedding import site_of
from deposits.booking.outcome import Outcome, Stand, other_times, outcome_of
from deposits.booking.shop import Shop
from deposits.errors import Refused
from deposits.models import DepositRequest
from deposits.own.links import visit_link
from deposits.payments.paying import begin_payment, open_card_page
from deposits.views.booking_gate import by_token, done_path, page
from salon import clock, links
from salon.guessing import Tries
from salon.public_pages import SeeOther, uuid_in

_PAYING = Tries("deposit-paid-online", 20, 60 * 60)
"""Each try opens another page at the processor."""
TOO_OFTEN = (
    "Paying this was begun too often within an hour. Nothing was charged just now. Try again "
    "later, or call us."
)


@by_token
@require_safe
def done(request: HttpRequest, token: str, asked: DepositRequest, shop: Shop) -> HttpResponse:
    """Booked; or what is still to be done, and for how long; or why it was not."""
    if asked.came_from != DepositRequest.CameFrom.ONLINE:
        return SeeOther(reverse("deposits:pay", args=[token]))
    return show_outcome(request, token, outcome_of(asked), shop)


@by_token
@require_POST
def again(request: HttpRequest, token: str, asked: DepositRequest, shop: Shop) -> HttpResponse:
    """Another try to pay, while the time is held."""
    here = done_path(token, site_of(request, shop.origins))
    if asked.came_from != DepositRequest.CameFrom.ONLINE:
        return SeeOther(here)
    return go_on_to_pay(request, token, asked, shop, here)


@by_token
@require_safe
def calendar(request: HttpRequest, token: str, asked: DepositRequest, shop: Shop) -> HttpResponse:
    """The visit for the client's own calendar."""
    visit = asked.appointment
    text = calendar_file(visit, url=visit_link(visit))
    name = f'attachment; filename="{NAME}"'
    return HttpResponse(text, content_type=CONTENT_TYPE, headers={"Content-Disposition": name})


def go_on_to_pay(
    request: HttpRequest, token: str, asked: DepositRequest, shop: Shop, here: str, **more: Any
) -> HttpResponse:
    """To the card page, so often in an hour for one deposit; where there is none, to `here`.

    `more`: what the page of it is drawn with besides, where it says that it was too often.
    """
    if asked.is_waiting and not _PAYING.take(str(asked.uuid)):
        told = more | {"notice": TOO_OFTEN}
        response = show_outcome(request, token, outcome_of(asked), shop, **told)
        response.status_code = 429
        return response
    return SeeOther(card_page(asked, here, uuid_in(request)) or here)


def card_page(asked: DepositRequest, here: str, uuid: uuids.UUID) -> str:
    """Open a card page for it; its address, or empty where there is none to go to.

    The page `here` says how it stands then, and what can be done.
    """
    back = links.whole(here)
    try:
        if not asked.amount:
            return open_card_page(request=asked, back_url=back).url
        attempt = attempts.send(begin_payment(request=asked, back_url=back, uuid=uuid))
    except Refused:
        return ""
    return attempt.url if attempt.is_open else ""


def show_outcome(
    request: HttpRequest, token: str, outcome: Outcome, shop: Shop, **more: Any
) -> HttpResponse:
    """One page for all of them; see templates/deposits/book_done.html."""
    visit = outcome.asked.appointment
    over = outcome.stand in (Stand.LAPSED, Stand.RETURNED) and outcome.is_online
    context = {
        "token": token,
        "outcome": outcome,
        "asked": outcome.asked,
        "stand": outcome.stand.value,
        "facts": outcome.facts,
        "is_free": clock.now() < outcome.facts.terms.deadline_at,
        "visit_url": visit_link(visit),
        "times_url": other_times(outcome.asked, shop) if over and not shop.is_closed else "",
        "uuid": uuids.uuid4(),
        "notice": "",
    }
    return page(request, shop, "done", context | more)
