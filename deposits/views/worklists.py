"""Deposits in the rail: held, stranded, waited for, and fees to collect."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from appointments.times import when
from deposits.desk.looking import look_at
from deposits.desk.looking import send_again as send_link_again
from deposits.desk.worklists import counts_of, fees_page, held_page, waiting_page
from deposits.models import DepositRequest
from deposits.own.links import payment_link
from deposits.own.telling import address_of_payer
from deposits.payments.asking import call_off as call_off_request
from salon import permissions, said
from salon.access import permission_required
from salon.addresses import our_own
from salon.choosing_place import place_asked, places_to_choose
from salon.http import DeskRequest
from salon.models import Location
from salon.refusing import refusal_told

may_see = permission_required(permissions.VIEW_BALANCES)
may_take = permission_required(permissions.MODIFY_SALES)
Status = DepositRequest.Status


@may_see
@require_safe
def held(request: DeskRequest) -> HttpResponse:
    """Money that stands with a visit ahead, by the visit's date."""
    return _visits(request, "held")


@may_see
@require_safe
def stranded(request: DeskRequest) -> HttpResponse:
    """Money that stands with a visit which will not use it."""
    return _visits(request, "stranded")


@may_see
@require_safe
def waiting(request: DeskRequest) -> HttpResponse:
    """Who is asked for a deposit and has not paid yet."""
    rows = [
        {
            "request": row,
            "when": when(row.appointment),
            "link": payment_link(row),
            "email": address_of_payer(row),
        }
        for row in waiting_page(place_asked(request))
    ]
    return _shown(request, "waiting", {"rows": rows})


@may_see
@require_safe
def fees(request: DeskRequest) -> HttpResponse:
    """Fees that the deposit and the card did not cover."""
    rows = [{"fee": fee, "when": when(fee.appointment)} for fee in fees_page(place_asked(request))]
    return _shown(request, "fees", {"rows": rows})


@may_take
@require_POST
def send_again(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The link goes out once more."""
    found = _request_or_404(uuid)
    with refusal_told(request):
        sent = send_link_again(request=found)
        messages.success(request, f"The payment link is on its way to {address_of_payer(sent)}.")
    return _back(request)


@may_take
@require_POST
def call_off(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Nobody has to pay it any more."""
    found = _request_or_404(uuid)
    with refusal_told(request):
        ended = call_off_request(request=found, desk=request.desk)
        amount = said.amount(ended.amount)
        messages.success(request, f"{found.appointment.client} is not asked for {amount} any more.")
    return _back(request)


@may_see
@require_POST
def look(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Asks the processor whether it was paid."""
    now = look_at(_request_or_404(uuid))
    amount = said.amount(now.amount)
    if now.is_waiting:
        messages.info(request, f"{amount} was not paid yet.")
    elif now.status == Status.CONFIRMED:
        messages.success(request, f"{amount} was paid and is held for the visit.")
    else:
        messages.warning(request, f"{amount}: {now.get_status_display().lower()}.")
    return _back(request)


def _visits(request: DeskRequest, tab: str) -> HttpResponse:
    after = request.GET.get("after", "")
    page = held_page(place_asked(request), stranded=tab == "stranded", after=after)
    context = {
        "rows": [{"row": row, "when": when(row.visit)} for row in page.rows],
        "first_url": _address(request, tab) if after else "",
        "next_url": _address(request, tab, after=page.next) if page.next else "",
    }
    return _shown(request, tab, context)


def _shown(request: DeskRequest, tab: str, context: Mapping[str, object]) -> HttpResponse:
    place = place_asked(request)
    counts = counts_of(place)
    names = [
        ("held", "Held", counts.held),
        ("stranded", "Stranded", counts.stranded),
        ("waiting", "Waiting", counts.waiting),
        ("fees", "Fees", counts.fees),
    ]
    frame = {
        "tab": tab,
        "counts": counts,
        "place": place,
        "here": _address(request, tab),
        "places": _choices(request, tab, place),
        "tabs": [
            {
                "label": label,
                "url": _address(request, name),
                "current": name == tab,
                "count": count,
            }
            for name, label, count in names
        ],
    }
    return render(request, "deposits/worklists.html", {**context, **frame})


def _choices(request: DeskRequest, tab: str, place: Location | None) -> list[dict[str, object]]:
    here = reverse(f"deposits:{tab}")
    return places_to_choose(request, place, lambda at: f"{here}?at={at}")


def _address(request: DeskRequest, tab: str, **more: str) -> str:
    query = {"at": request.GET.get("at", ""), **more}
    asked = urlencode({name: value for name, value in query.items() if value})
    return f"{reverse(f'deposits:{tab}')}{'?' if asked else ''}{asked}"


def _request_or_404(uuid: UUID) -> DepositRequest:
    return get_object_or_404(
        DepositRequest.objects.select_related("appointment__client"), uuid=uuid
    )


def _back(request: DeskRequest) -> HttpResponse:
    """To the page that the button stood on."""
    return redirect(our_own(request, request.POST.get("back")) or reverse("deposits:waiting"))
