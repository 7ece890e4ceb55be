"""The ground floor's pages: logging in, the location, search over everything, errors."""

import sys

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.csrf import csrf_failure as djangos_csrf_failure
from django.views.decorators.http import require_POST, require_safe
from django.views.defaults import server_error as djangos_server_error

from salon import access, chosen_till, outage, search, switching
from salon.addresses import our_own, whole_number
from salon.http import DeskRequest
from salon.logging_in import LogInForm
from salon.middleware import SESSION_LOCATION
from salon.models import Location, Till


class LogIn(LoginView):
    """Django's; a password opens what a PIN does not (salon.switching)."""

    authentication_form = LogInForm

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        switching.came_by_password(self.request)
        return response


log_in = LogIn.as_view()


@login_not_required
def admin_log_in(request: HttpRequest) -> HttpResponse:
    """The admin has no door of its own: it would be one more to guard against guessing."""
    if request.user.is_authenticated:
        raise PermissionDenied("Settings and catalog")
    return redirect(f"{reverse('login')}?next={reverse('admin:index')}")


@require_POST
def switch_location(request: HttpRequest) -> HttpResponse:
    """Work at another location from here on, until the session ends."""
    chosen = whole_number(request.POST.get("location"))
    location = get_object_or_404(Location.objects.active(), pk=chosen)
    request.session[SESSION_LOCATION] = location.pk
    return redirect(our_own(request, request.POST.get("next")) or "/")


@require_POST
def switch_till(request: DeskRequest) -> HttpResponse:
    """Take and give cash at another till of this location on this device, until it is switched."""
    chosen = whole_number(request.POST.get("till"))
    here = request.desk.location.tills.active() if request.desk else Till.objects.none()
    till = get_object_or_404(here, pk=chosen)
    response = redirect(our_own(request, request.POST.get("next")) or "/")
    chosen_till.remember(response, till)
    messages.success(request, f"Cash on this device now goes to {till}, and comes from there.")
    return response


@require_safe
def search_everything(request: DeskRequest) -> HttpResponse:
    """Clients, sales and what else there is: a popover while typing, or a page."""
    query = request.GET.get("q", "").strip()
    limit = search.SHORT if request.htmx else search.LONG
    groups = search.find(query, request.desk, limit) if request.desk else []
    if request.htmx and not query:
        return HttpResponse()
    template = "components/search_results.html" if request.htmx else "salon/search.html"
    return render(request, template, {"q": query, "groups": groups})


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, naming the permission that is missing where it is known."""
    missing = access.words_for(str(exception))
    return render(request, "403.html", {"missing": missing}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page from before somebody logged in, out or took over: not sent. To htmx, a mark."""
    response = djangos_csrf_failure(request, reason)
    response.headers["X-Out-Of-Date"] = "1"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database is what failed: before any view, or in the session."""
    if outage.is_behind(sys.exc_info()[1]):
        return outage.page()
    return djangos_server_error(request)
