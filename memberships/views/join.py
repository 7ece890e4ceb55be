"""Enrolling online: the plans, one plan with who it is and what they agree to, and on to pay."""

import uuid as uuids
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cards import attempts, gateways
from cards.views.saving import address_for_record
from memberships.enrolling.forms_online import JoinForm
from memberships.enrolling.offer import Offer, offer_of
from memberships.enrolling.offered import Sold, find_sold, plans_online
from memberships.enrolling.online import enrol_online
from memberships.enrolling.paying import begin_payment, open_attempts, open_card_page
from memberships.errors import Refused
from memberships.models import Enrolment
from memberships.own.links import enrolment_token
from memberships.views.join_gate import in_time_of, page, said, stranger
from salon import clock
from salon.guessing import Tries, connection_of
from salon.links import whole
from salon.models import Location
from salon.public_pages import SeeOther, uuid_in

_FORMS = Tries("joined-online", 20, 60 * 60)
"""Whoever types contacts by the hundred may want to know who is a client."""
TOO_MANY = (
    "Too many of these came from your connection within an hour. Nothing was charged. Try again "
    "later, or call us."
)
_FIRST = uuids.UUID("0c5fd1c4-86a1-4a0b-9f0e-7ac2b2d1f0e3")
"""Derives the first attempt to pay from the enrolment: a form sent twice finds it again."""


@stranger
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """What one can be a member of."""
    sold = plans_online()
    if not sold:
        return said(request, "off")
    return page(request, "plans", {"sold": sold})


@stranger
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """One plan: where, what it costs and adds, who enrols, what they agree to."""
    sold = find_sold(slug)
    if sold is None:  # Whether there is such a plan at all is nobody's to know.
        return said(request, "off", status=404)
    place = sold.at(request.GET.get("at", ""))
    if place is None:
        return page(request, "places", {"sold": sold, "plan": sold.plan})
    if not gateways.connected():
        return said(request, "no_cards", place, status=503)
    with in_time_of(place):
        if request.method == "POST":
            return _sent(request, sold, place)
        return _show(request, sold, place)


def go_on(made: Enrolment, uuid: uuids.UUID) -> str:
    """The processor's page, the one that is open already if any; where there is none to go to, the
    page of how it stands.
    """
    here = reverse("memberships:join_done", args=[enrolment_token(made)])
    back = whole(here)
    if not made.is_waiting:
        return here
    try:
        if page := open_attempts(made).exclude(url="").filter(expires_at__gt=clock.now()).last():
            return page.url
        if made.card_saving:
            return open_card_page(enrolment=made, back_url=back).url or here
        attempt = attempts.send(begin_payment(enrolment=made, back_url=back, uuid=uuid))
    except Refused:
        # Its page says how it stands, and what can be done.
        return here
    return attempt.url if attempt.is_open and attempt.url else here


def _sent(request: HttpRequest, sold: Sold, place: Location) -> HttpResponse:
    uuid = _of_what_was_typed(request, sold, place)
    made = Enrolment.objects.filter(uuid=uuid, came_from="online").first()
    if made:  # Back from the card page, or pressed twice.
        return _to_pay(made)
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _show(request, sold, place, form, status=422)
    if not _FORMS.take(connection_of(request)):
        return _show(request, sold, place, form, notice=TOO_MANY, status=429)
    return _enrol(request, sold, place, form, uuid)


def _of_what_was_typed(request: HttpRequest, sold: Sold, place: Location) -> uuids.UUID:
    """The enrolment of this form: sent again it is the same, and another one with another name or
    address, which somebody came back from the card page to mend.
    """
    names = ("first_name", "last_name", "phone", "email")
    typed = [request.POST.get(name, "").strip() for name in names]
    return uuids.uuid5(uuid_in(request), repr((sold.plan.pk, place.pk, *typed)))


def _enrol(
    request: HttpRequest, sold: Sold, place: Location, form: JoinForm, uuid: uuids.UUID
) -> HttpResponse:
    try:
        made = enrol_online(
            joiner=form.joiner,
            plan=sold.plan,
            location=place,
            uuid=uuid,
            consented=form.cleaned_data["consent"],
            expected=form.cleaned_data["expected"],
            seen=form.cleaned_data["seen"],
            address=address_for_record(request),
            device=request.headers.get("user-agent", ""),
        )
    except Refused as refused:
        if refused.field in form.fields:
            form.add_error(refused.field, refused.message)
            return _show(request, sold, place, form, status=422)
        # What is shown now was not agreed to: nothing is ticked.
        fresh = JoinForm(initial=form.typed | _shown(_offer(sold, place), uuid_in(request)))
        return _show(request, sold, place, fresh, notice=refused.message, status=409)
    return _to_pay(made)


def _to_pay(made: Enrolment) -> HttpResponse:
    return SeeOther(go_on(made, uuids.uuid5(_FIRST, str(made.uuid))))


def _offer(sold: Sold, place: Location) -> Offer:
    return offer_of(plan=sold.plan, location=place, on=clock.business_date(place))


def _shown(offer: Offer, uuid: uuids.UUID) -> dict[str, Any]:
    """What the form carries of the page that it is on."""
    return {"uuid": uuid, "expected": offer.due_now, "seen": offer.stamp}


def _show(
    request: HttpRequest,
    sold: Sold,
    place: Location,
    form: JoinForm | None = None,
    *,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    offer = _offer(sold, place)
    context = {
        "plan": sold.plan,
        "several": len(sold.places) > 1,
        "location": place,
        "offer": offer,
        "form": form or JoinForm(initial=_shown(offer, uuids.uuid4())),
        "notice": notice,
    }
    return page(request, "plan", context, status=status)
