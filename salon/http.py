"""The request as a view gets it; for annotations only, nothing makes one of these."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from salon.desk import Desk
from salon.models import Location, StaffMember, Till


class DeskRequest(HttpRequest):
    """What the middlewares have put on the request of somebody who is signed in."""

    user: StaffMember
    desk: Desk
    locations: list[Location]
    tills: list[Till]
    htmx: HtmxDetails
