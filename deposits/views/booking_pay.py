"""Booking online, from the time on: who comes, looking it over, booking it and going on to pay."""

import uuid as uuids
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from appointments.errors import Busy
from cards.views.saving import address_for_record
from deposits.booking.forms import AgreeForm, DetailsForm
from deposits.booking.holds import holds_too_many
from deposits.booking.online import book_online
from deposits.booking.review import Review, reviewed, still_free, swapped
from deposits.booking.shop import Shop
from deposits.booking.steps import Walk, read_walk
from deposits.booking.sums import summed, sums_of
from deposits.errors import Refused
from deposits.models import DepositRequest
from deposits.own.links import payment_token
from deposits.own.visit import said_at
from deposits.views.booking import show_times
from deposits.views.booking_done import card_page
from deposits.views.booking_gate import at_shop, done_path, page, said
from salon import said as said_words
from salon.guessing import Tries, connection_of
from salon.models import BusinessSettings
from salon.public_pages import SeeOther, uuid_in

_BOOKINGS = Tries("booked-online", 20, 60 * 60)
_FOR_ONE = Tries("booked-online-for", 8, 60 * 60)
"""Whoever types somebody else's address fills neither their mailbox nor their days."""
_LOOKS = Tries("looked-over-online", 60, 60 * 60)
"""What is asked of whom is nobody's to try out by the thousand."""

TOO_MANY = (
    "Too many bookings came from your connection within an hour. Nothing was booked, and nothing "
    "charged. Try again later, or call us."
)
TOO_MANY_FOR_ONE = (
    "Several bookings came for this e-mail address within an hour. Nothing was booked, and nothing "
    "charged. Try again later, or call us."
)
TOO_MANY_HELD = (
    "Several times are held for your connection already, and not paid yet. Nothing was booked, and "
    "nothing charged. Pay for one of them first, try again in some minutes, or call us."
)
TAKEN = "That time was taken a moment ago. Nothing was booked, and nothing charged. Choose another."
STILL_FREE = (
    "Somebody was at this time a moment ago, so nothing was booked, and nothing charged. It is "
    "free now: go on, or choose another."
)
_FIRST = uuids.UUID("7d1c7c0e-55a1-4c39-9a4e-6f8f6a1f0b52")
"""Derives the first attempt to pay from the request: a form sent twice finds it again."""


@at_shop
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Who comes; once that is said, all of it to look over."""
    walk = _summed(read_walk(request, shop))
    if not walk.is_staffed:
        return SeeOther(walk.address("services"))
    if request.method != "POST":
        if not walk.pairs:
            return HttpResponseRedirect(walk.address("times"))
        return _details(request, walk, DetailsForm(initial={"uuid": uuids.uuid4()}))
    form = DetailsForm(request.POST)
    if "change" in request.POST:
        known = dict(form.typed) | {"uuid": uuid_in(request)}
        return _details(request, walk, DetailsForm(initial=known))
    if made := _made_before(uuid_in(request)):
        # Back from the card page: the time is held for nobody else than for them.
        return SeeOther(done_path(payment_token(made), walk.site))
    if not form.is_valid():
        return _details(request, walk, form, status=422)
    return _look_over(request, walk, form)


@at_shop
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Book it, and on to the card page; where nothing is asked, it is booked."""
    walk = _summed(read_walk(request, shop))
    if request.method != "POST":
        return HttpResponseRedirect(walk.address("services"))
    form, agree = DetailsForm(request.POST), _agree_form(request, walk)
    agreed, known = agree.is_valid(), form.is_valid()
    if made := _made_before(uuid_in(request)):
        return _go_on(made, walk)
    if not known or not walk.is_staffed:
        return _details(request, walk, form, status=422)
    if not agreed:
        return _look_over(request, walk, form, agree=agree, status=422)
    if holds_too_many(address_for_record(request)):
        return _look_over(request, walk, form, agree=agree, notice=TOO_MANY_HELD, status=429)
    if not _BOOKINGS.take(connection_of(request)):
        return _look_over(request, walk, form, agree=agree, notice=TOO_MANY, status=429)
    if not _FOR_ONE.take(form.booker.email.casefold()):
        return _look_over(request, walk, form, agree=agree, notice=TOO_MANY_FOR_ONE, status=429)
    return _book(request, walk, form, agree)


def _book(request: HttpRequest, walk: Walk, form: DetailsForm, agree: AgreeForm) -> HttpResponse:
    if not walk.pairs or walk.at is None:
        return show_times(request, walk, notice=TAKEN, status=409)
    try:
        made = book_online(
            booker=form.booker,
            services=walk.wanted,
            starts_at=walk.at,
            location=walk.shop.location,
            uuid=agree.cleaned_data["uuid"],
            keep_card=agree.keeps_card,
            address=address_for_record(request),
            device=request.headers.get("user-agent", "")[:300],
            site=walk.site,
            expected=agree.shown,
        )
    except Busy:
        return _look_over(request, walk, form, notice=STILL_FREE, status=409)
    except Refused as refused:
        return _refused(request, walk, form, refused)
    return _go_on(made, walk)


def _refused(request: HttpRequest, walk: Walk, form: DetailsForm, refused: Refused) -> HttpResponse:
    """Said where it belongs: at what was typed, or above the figures, which are those of now."""
    if refused.field in form.fields:
        form.add_error(refused.field, refused.message)
        return _details(request, walk, form, status=422)
    return _look_over(request, walk, form, notice=refused.message, status=409)


def _go_on(made: DepositRequest, walk: Walk) -> HttpResponse:
    """To the processor's page; where there is none to go to, to what became of the booking."""
    here = done_path(payment_token(made), walk.site)
    if not made.is_waiting:
        return SeeOther(here)
    return SeeOther(card_page(made, here, uuids.uuid5(_FIRST, str(made.uuid))) or here)


def _made_before(uuid: uuids.UUID) -> DepositRequest | None:
    """What this very form made when it was sent before. One query."""
    return DepositRequest.objects.select_related("appointment").filter(uuid=uuid).first()


def _look_over(
    request: HttpRequest,
    walk: Walk,
    form: DetailsForm,
    *,
    agree: AgreeForm | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    """All of it, with the exact deposit; where the time is gone, the times with words.

    Only so often in an hour, whichever form leads here.
    """
    if not _LOOKS.take(connection_of(request)):
        form.add_error(None, TOO_MANY)
        return _details(request, walk, form, status=429)
    free = still_free(walk)
    if free is None:
        return show_times(request, walk, notice=TAKEN, status=409)
    notice = swapped(walk, free) or notice
    try:
        review = reviewed(free, form.booker)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _details(request, walk, form, status=422)
    if not review.can_go_on:
        return said(request, walk.shop, "no_cards", status=503)
    return _review(request, review, form, agree or _fresh_agree(request, review), notice, status)


def _review(
    request: HttpRequest,
    review: Review,
    form: DetailsForm,
    agree: AgreeForm,
    notice: str,
    status: int,
) -> HttpResponse:
    context: dict[str, Any] = {
        "walk": review.walk,
        "fields": [*review.walk.fields(), *form.typed],
        "step": 5,
        "review": review,
        "booker": form.booker,
        "phone": form.cleaned_data["phone"],
        "times_url": review.walk.address("times"),
        "agree": agree,
        "card_terms": BusinessSettings.current().card_terms if "keep_card" in agree.fields else "",
        "notice": notice,
    }
    return page(request, review.walk.shop, "review", context, status=status)


def _details(
    request: HttpRequest, walk: Walk, form: DetailsForm, status: int = 200
) -> HttpResponse:
    context = {
        "walk": walk,
        "fields": walk.fields(),
        "step": 4,
        "sums": sums_of(walk),
        "chosen": _chosen(walk),
        "form": form,
    }
    return page(request, walk.shop, "details", context, status=status)


def _chosen(walk: Walk) -> str:
    """Cut & finish and Gloss, Tue, Nov 24, 3:15 pm."""
    what = said_words.listed(service.name for service in walk.services)
    return f"{what}, {said_at(walk.at, walk.shop.location)}" if walk.at else what


def _summed(walk: Walk) -> Walk:
    """With what it comes to, for the bar; an address that was typed by hand may lack it."""
    return walk if sums_of(walk) or not walk.is_staffed else summed(walk)


def _agree_form(request: HttpRequest, walk: Walk) -> AgreeForm:
    return AgreeForm(request.POST, card_for=walk.shop.settings.card_for_fees)


def _fresh_agree(request: HttpRequest, review: Review) -> AgreeForm:
    """Nothing ticked. The key of the form stays: sent twice it books once, whatever it shows."""
    card_for = review.walk.shop.settings.card_for_fees
    initial = {
        "uuid": uuid_in(request),
        "expected": review.asked.amount,
    }
    return AgreeForm(initial=initial, card_for=card_for)
