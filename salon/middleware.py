"""What every request of signed-in staff carries: the desk. And what happens without a database."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.db import Error as DatabaseError
from django.db.models import Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from salon import chosen_till, outage
from salon.desk import Desk
from salon.models import BusinessSettings, Location, StaffMember, Till

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class StaffRequest(HttpRequest):
    """The request while it is being dressed, for annotations; views get it as a DeskRequest."""

    user: StaffMember
    desk: Desk | None
    locations: list[Location]
    tills: list[Till]
    htmx: HtmxDetails


SESSION_LOCATION = "location"

# Comes with the locations, for salon.shared_tablet: a query less on every page.
_PIN_MINUTES = Subquery(BusinessSettings.objects.filter(pk=1).values("pin_minutes"))


class DeskMiddleware:
    """Sets request.desk, .locations and .tills; times on the pages are the location's.

    Two queries: the locations, the tills. On a new installation without a location the desk is
    None, and its pages say what to do first.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: StaffRequest) -> HttpResponseBase:
        request.desk = None
        request.locations = []
        request.tills = []
        if not request.user.is_authenticated:
            return self.get_response(request)
        request.locations = list(Location.objects.active().annotate(pin_minutes=_PIN_MINUTES))
        location = _current(request)
        if location is None:
            return self.get_response(request)
        request.tills = list(location.tills.active().order_by("id"))
        till = chosen_till.among(request, location, request.tills)
        request.desk = Desk(staff=request.user, location=location, till=till)
        is_lost = chosen_till.tell_if_lost(request, location, till)
        with timezone.override(location.zone):
            response = self.get_response(request)
        if is_lost and till is not None and chosen_till.cookie_of(location) not in response.cookies:
            chosen_till.remember(response, till)
        return response

    def process_view(
        self, request: StaffRequest, view: Callable, args: tuple, kwargs: dict
    ) -> HttpResponse | None:
        """Without a location only the ground floor's own pages work: logging in, the admin."""
        app = request.resolver_match.namespace if request.resolver_match else ""
        if request.desk is None and request.user.is_authenticated and app not in ("", "admin"):
            return render(request, "salon/no_location.html", status=503)
        return None


def _current(request: StaffRequest) -> Location | None:
    """The chosen location; else the person's own; else the first."""
    by_id: dict[object, Location] = {location.pk: location for location in request.locations}
    chosen = request.session.get(SESSION_LOCATION)
    first = next(iter(request.locations), None)
    return by_id.get(chosen) or by_id.get(request.user.location_id) or first


class LostLoginMiddleware:
    """Somebody whose login ended presses something: the whole page goes to the log in page.

    htmx would follow the redirect and put that page into a corner of this one.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: StaffRequest) -> HttpResponseBase:
        response = self.get_response(request)
        to_log_in = response.headers.get("Location", "").startswith(settings.LOGIN_URL)
        if request.htmx and to_log_in and not request.user.is_authenticated:
            back = request.htmx.current_url_abs_path or "/"
            return HttpResponseClientRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': back})}")
        return response


class OutageMiddleware:
    """Says so when the database does not answer a view. Elsewhere salon.views.server_error does."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, DatabaseError) and outage.is_behind(error):
            return outage.page()
        return None
