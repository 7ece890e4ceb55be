"""The till: its figures, opening, paying in and out, counting and closing; what was."""

import datetime as dt
import uuid as uuids
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from checkout.errors import Refused, StaleTill
from checkout.forms.tills import CloseTillForm, OpenTillForm, PayInForm, PayOutForm, TillForm
from checkout.models import TillSession
from checkout.tills.closing import close_till
from checkout.tills.figures import SHOWN_AT_MOST, figures_of, moved_in
from checkout.tills.moving import pay_in, pay_out
from checkout.tills.opening import open_till
from checkout.tills.sessions import PAGE, find_session, sessions_of
from checkout.tills.showing import TillPage
from salon import permissions, said
from salon.access import permission_required
from salon.addresses import our_own, whole_number
from salon.http import DeskRequest
from salon.models import Till
from salon.money import money

View = Callable[..., HttpResponseBase]
may_count = permission_required(permissions.COUNT_TILLS)
may_move = permission_required(permissions.MOVE_CASH)


def at_till(view: View) -> View:
    """Give the view the TillPage of a till of this location; one of another is refused in words."""

    @wraps(view)
    def guarded(request: DeskRequest, till: int, **kwargs: Any) -> HttpResponseBase:
        found = get_object_or_404(Till.objects.select_related("location"), pk=till)
        if found.location_id != request.desk.location.pk:
            messages.error(
                request,
                f"{found} is a till at {found.location}. Switch to that location first. "
                "Nothing was done.",
            )
            return _go(request, reverse("checkout:till"))
        return view(request, TillPage(found, request.tills, request.desk), **kwargs)

    return guarded


@may_count
@require_safe
def till(request: DeskRequest, till: int | None = None) -> HttpResponseBase:
    """What should be in the drawer now and why; this device's till unless another is named."""
    if till is not None:
        return _till(request, till=till)
    if request.desk.till is None:
        return render(request, "checkout/no_till.html")
    return _shown(request, TillPage(request.desk.till, request.tills, request.desk))


def _shown(request: DeskRequest, page: TillPage) -> HttpResponse:
    return render(request, "checkout/till.html", {"page": page, "most": SHOWN_AT_MOST})


_till = at_till(_shown)


@may_count
@require_http_methods(["GET", "HEAD", "POST"])
@at_till
def open_(request: DeskRequest, page: TillPage) -> HttpResponseBase:
    """Count the float, and open."""
    form = OpenTillForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            session = open_till(
                till=page.till,
                counted=form.cleaned_data["counted"],
                desk=request.desk,
                uuid=form.cleaned_data["uuid"],
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"{page.till} is open with {said.amount(session.float)}.")
            return redirect(_came_from(request) or _address(page.till))
    return _counting(request, page, "checkout/till_open.html", form)


@may_move
@require_http_methods(["GET", "HEAD", "POST"])
@at_till
def pay(request: DeskRequest, page: TillPage, direction: str) -> HttpResponseBase:
    """Put cash in or take it out: a page, or a dialog for htmx."""
    kind = PayInForm if direction == "in" else PayOutForm
    form = kind(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            said_done = _paid(request, page, form, direction)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, said_done)
            return _go(request, _address(page.till))
    template = "checkout/_till_pay_dialog.html" if request.htmx else "checkout/till_pay.html"
    context = {"page": page, "form": form, "direction": direction}
    return render(request, template, context, status=422 if form.errors else 200)


def _paid(
    request: DeskRequest, page: TillPage, form: PayInForm | PayOutForm, direction: str
) -> str:
    """Do it; what to say of it."""
    about: dict[str, Any] = {
        "till": page.till,
        "amount": form.cleaned_data["amount"],
        "reason": form.cleaned_data["reason"],
        "desk": request.desk,
        "uuid": form.cleaned_data["uuid"],
    }
    amount = said.amount(form.cleaned_data["amount"])
    if direction == "in":
        pay_in(from_safe=form.is_safe, **about)
        return f"{amount} was paid in{' from the safe' if form.is_safe else ''}."
    pay_out(to_safe=form.is_safe, **about)
    return f"{amount} went to the safe." if form.is_safe else f"{amount} was paid out."


@may_count
@require_http_methods(["GET", "HEAD", "POST"])
@at_till
def close(request: DeskRequest, page: TillPage) -> HttpResponseBase:
    """Count what is there, see what is over or short, and close."""
    if request.method != "POST":
        if page.session is None:
            messages.info(request, f"{page.till} is not open, so there is nothing to close.")
            return redirect(_address(page.till))
        return _counting(
            request, page, "checkout/till_close.html", CloseTillForm.of(page.session, page.expected)
        )
    form = CloseTillForm(request.POST)
    status = 422
    if form.is_valid():
        session = _session_of(form, page.till)
        try:
            closed = _closed(request, form, session)
        except Refused as refusal:
            form.refuse(refusal)
            status = 409 if isinstance(refusal, StaleTill) else 422
        else:
            _say_closed(request, closed, form)
            return redirect("checkout:till_session", session=closed.uuid)
    if page.session is None:
        messages.error(request, f"{page.till} is not open any more. Nothing was closed.")
        return redirect(_address(page.till))
    return _counting(request, page, "checkout/till_close.html", form, status=status)


def _session_of(form: TillForm, till: Till) -> TillSession:
    return get_object_or_404(
        TillSession.objects.select_related("till__location"),
        uuid=form.cleaned_data["uuid"],
        till=till,
    )


def _closed(request: DeskRequest, form: CloseTillForm, session: TillSession) -> TillSession:
    typed = form.cleaned_data
    return close_till(
        session=session,
        counted=typed["counted"],
        left_in=typed["left_in"],
        note=typed["note"],
        shown=money(typed["shown"]),
        desk=request.desk,
    )


def _say_closed(request: DeskRequest, closed: TillSession, form: CloseTillForm) -> None:
    """Done; or, where somebody was faster with another count, whose it is."""
    typed = (form.cleaned_data["counted"], form.cleaned_data["left_in"])
    if typed == (closed.counted, closed.left_in):
        messages.success(request, f"{closed.till} is closed: {_verdict(closed)}.")
        return
    messages.error(
        request,
        f"{closed.till} was already closed by {closed.closed_by} with "
        f"{said.amount(closed.counted or money(0))} counted. Your count changed nothing.",
    )


def _verdict(closed: TillSession) -> str:
    over = closed.over or money(0)
    if not over:
        return "it is right"
    return f"{said.amount(abs(over))} {'over' if over.amount > 0 else 'short'}"


def _counting(
    request: DeskRequest, page: TillPage, template: str, form: TillForm, status: int = 200
) -> HttpResponse:
    """A page with a count on it.

    Only who was told that cash moved meanwhile (409) goes on from the expected of now; after any
    other refusal the form keeps the one that it was counted against.
    """
    if form.errors:
        status = status if status != 200 else 422
    context = {
        "page": page,
        "form": form,
        "next": _came_from(request),
        "is_stale": status == 409,
    }
    return render(request, template, context, status=status)


def _came_from(request: DeskRequest) -> str:
    """The sale that sent us here because the till was not open, to go back to; else nothing."""
    address = our_own(request, request.POST.get("next") or request.headers.get("Referer"))
    path = urlsplit(address).path
    return path if path.startswith(reverse("checkout:list")) else ""


@may_count
@require_safe
def sessions(request: DeskRequest) -> HttpResponse:
    """This location's sessions, by till and day."""
    location = request.desk.location
    everyone = list(location.tills.order_by("archived_at", "id"))
    chosen = whole_number(request.GET.get("till"))
    one = next((till for till in everyone if till.pk == chosen), None)
    day = _day(request.GET.get("day", ""))
    before = whole_number(request.GET.get("before"))
    found = sessions_of(location, till=one, day=day, before=before, limit=PAGE)
    kept = {name: request.GET[name] for name in ("till", "day") if request.GET.get(name)}
    context = {
        "everyone": everyone,
        "one": one,
        "day": day,
        "sessions": found.sessions,
        "is_first": before is None,
        "newest_url": f"?{urlencode(kept)}",
        "older_url": f"?{urlencode({**kept, 'before': found.older})}" if found.older else "",
    }
    return render(request, "checkout/till_sessions.html", context)


@may_count
@require_safe
def session(request: DeskRequest, session: uuids.UUID) -> HttpResponse:
    """The report of one session, to read and to print."""
    found = find_session(session)
    context = {
        "session": found,
        "figures": figures_of(found),
        "moved": moved_in(found),
        "most": SHOWN_AT_MOST,
        "verdict": _verdict(found),
    }
    return render(request, "checkout/till_session.html", context)


def _address(till: Till) -> str:
    return reverse("checkout:till_of", args=[till.pk])


def _go(request: DeskRequest, address: str) -> HttpResponseBase:
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
