"""A client's own visit, by the link in their e-mail: see it, move it, cancel it."""

from __future__ import annotations

import uuid as uuids
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe
from djmoney.money import Money

from appointments.errors import Refused, StaleVisit
from appointments.models import Appointment
from deposits.booking import calendar_file
from deposits.models import Fate, Fee
from deposits.own import links
from deposits.own.canceling import cancel_online, consequence_now, print_of
from deposits.own.forms import CancelForm
from deposits.own.standing import NotOnline, Stand, stand_of, why_not_moved
from deposits.own.visit import OwnVisit, own_visit
from deposits.own.wallet import to_pay_for
from deposits.views.own import by_the_client, of_visit, page
from salon import clock, said
from salon.money import money


@dataclass(frozen=True)
class ToPay:
    """A deposit that waits for its client, where it is paid, and for how long.

    `rest`: what remains for the salon then.
    """

    amount: Money
    rest: Money
    url: str
    minutes_left: int


CALL = "This visit can’t be canceled online. Nothing was changed. Please call us."


@of_visit
@require_safe
def visit(request: HttpRequest, visit: Appointment) -> HttpResponse:
    """The visit as it stands: when, who, where, what is paid, and what can be done with it."""
    now = clock.now()
    facts, stand = own_visit(visit), stand_of(visit, now)
    ahead = stand == Stand.AHEAD
    context = {
        "token": links.visit_token(visit),
        "facts": facts,
        "location": visit.location,
        "stand": stand.value,
        "why_not": why_not_moved(visit, facts.terms.deadline_at, now) if ahead else "",
        "is_late": now >= facts.terms.deadline_at,
        "to_pay": _to_pay(facts),
        "told": _told(visit),
    }
    return page(request, "visit", context)


@of_visit
@require_safe
def calendar(request: HttpRequest, visit: Appointment) -> HttpResponse:
    """The visit for the client's own calendar."""
    text = calendar_file.calendar_file(visit, url=links.visit_link(visit))
    name = f'attachment; filename="{calendar_file.NAME}"'
    return HttpResponse(
        text, content_type=calendar_file.CONTENT_TYPE, headers={"Content-Disposition": name}
    )


@of_visit
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, visit: Appointment) -> HttpResponse:
    """What canceling does with the money; then, if the client says so, just that."""
    if request.method != "POST":
        return _ask(request, visit)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _ask(request, visit, form, status=422)
    try:
        cancel_online(visit=visit, desk=by_the_client(visit.location), **form.cleaned_data)
    except StaleVisit:
        # With what was typed, but the figures of now.
        kept = {"reason": form.cleaned_data["reason"]}
        return _ask(request, links.read_visit(links.visit_token(visit)), kept=kept, status=409)
    except Refused as refused:
        # What others refuse is said to the desk.
        form.add_error(None, refused.message if isinstance(refused, NotOnline) else CALL)
        return _ask(request, visit, form, status=409)
    return redirect("deposits:visit", token=links.visit_token(visit))


def _ask(
    request: HttpRequest,
    visit: Appointment,
    form: CancelForm | None = None,
    *,
    kept: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The sheet before canceling; for a visit that can't be canceled, its own page."""
    now = clock.now()
    if stand_of(visit, now) != Stand.AHEAD:
        return redirect("deposits:visit", token=links.visit_token(visit))
    consequence = consequence_now(visit, now)
    known = {"uuid": uuids.uuid4(), "seen": print_of(visit, consequence)}
    facts = own_visit(visit)
    context = {
        "token": links.visit_token(visit),
        "facts": facts,
        "location": visit.location,
        "consequence": consequence,
        "costs": consequence.amount_of(Fate.Kind.FORFEITED) + consequence.fee_rest,
        "may_move": not why_not_moved(visit, facts.terms.deadline_at, now),
        "form": form or CancelForm(initial=known | (kept or {})),
        "is_changed": kept is not None,
    }
    return page(request, "visit_cancel", context, status=status)


def _to_pay(facts: OwnVisit) -> ToPay | None:
    """What the client is asked to pay for it now, if anything. One query."""
    request = to_pay_for([facts.visit]).order_by("-id").first()
    if request is None:
        return None
    request.appointment = facts.visit
    rest = max(facts.remains - request.amount, money(0))
    return ToPay(request.amount, rest, links.payment_link(request), request.minutes_left)


def _told(visit: Appointment) -> str:
    """What was said of the money when it was canceled, if something was. At most two queries."""
    if not visit.is_gone:
        return ""
    decisions = visit.deposit_decisions.exclude(told="").order_by("-id")
    if said_then := decisions.values_list("told", flat=True).first():
        return said_then
    fee = visit.fees.exclude(status=Fee.Status.WAIVED).first()
    return f"The fee is {said.amount(fee.amount)}." if fee else ""
