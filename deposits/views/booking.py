"""Booking online, up to the time: where, what, with whom, when. All of it by addresses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from deposits.booking.embedding import framed_by
from deposits.booking.forms import DetailsForm
from deposits.booking.menu import Menu
from deposits.booking.shop import Shop, open_shops
from deposits.booking.steps import MOST, Walk, read_walk
from deposits.booking.sums import minutes_said, reckon, summed, sums_of
from deposits.booking.times import Calendar, day_of, page_of
from deposits.views.booking_gate import at_shop, nobody_open, page
from salon.models import StaffMember

TOO_MANY = f"Choose at most {MOST} services for one visit. For more, call us."


@login_not_required
@require_safe
def locations(request: HttpRequest) -> HttpResponse:
    """Where: straight on where there is one place alone."""
    shops = open_shops()
    if not shops:
        return nobody_open(request)
    asked = request.META.get("QUERY_STRING", "")
    if len(shops) == 1:
        path = reverse("deposits:book_services", args=[shops[0].location.slug])
        return framed_by(shops[0].origins, HttpResponseRedirect(f"{path}?{asked}".rstrip("?")))
    context = {"shops": shops, "asked": asked, "location": None}
    return framed_by(shops[0].origins, page(request, shops[0], "locations", context))


@at_shop
@require_safe
def services(request: HttpRequest, shop: Shop) -> HttpResponse:
    """What: one service or several."""
    return _services(request, read_walk(request, shop))


@at_shop
@require_safe
def staff(request: HttpRequest, shop: Shop) -> HttpResponse:
    """With whom: the same person for all of it, or somebody for each service."""
    walk = read_walk(request, shop)
    menu = Menu(shop.location)
    if not walk.services or any(one.pk not in menu.dishes for one in walk.services):
        return _services(request, walk, "Choose what you would like first.")
    if len(walk.services) > MOST:
        return _services(request, walk, TOO_MANY)
    all_by = menu.who_gives_all(walk.services)
    several = len(walk.services) > 1
    is_each = several and ("each" in request.GET or not all_by)
    context = {
        "walk": walk,
        "fields": walk.fields("staff"),
        "step": 2,
        "sums": reckon(walk, menu),
        "is_each": is_each,
        "all_by": all_by,
        "options": [] if is_each else _options(walk, menu, all_by),
        "dishes": [(menu.dishes[one.pk], walk.named.get(one.pk)) for one in walk.services],
        "each_url": f"{walk.address('staff')}&each=1" if several else "",
    }
    return page(request, shop, "staff", context)


@at_shop
@require_http_methods(["GET", "HEAD", "POST"])
def times(request: HttpRequest, shop: Shop) -> HttpResponse:
    """When. At most eight queries: what it comes to is in the address, or is put there first."""
    walk = read_walk(request, shop)
    if not walk.services or len(walk.services) > MOST:
        return HttpResponseRedirect(walk.address("services"))
    if not walk.is_staffed:
        return HttpResponseRedirect(walk.address("staff"))
    if request.method == "POST":
        return show_times(request, walk if sums_of(walk) else summed(walk))
    if sums_of(walk) is None:
        day = request.GET.get("day", "")
        address = summed(walk).address("times")
        return HttpResponseRedirect(f"{address}&day={day}" if day_of(request.GET) else address)
    return show_times(request, walk)


def show_times(
    request: HttpRequest, walk: Walk, *, notice: str = "", status: int = 200
) -> HttpResponse:
    """The days and times; after a post with what was typed already, which goes on from here."""
    told = request.POST if request.method == "POST" else request.GET
    day = day_of(told)
    if notice and walk.at:
        day = walk.at.astimezone(walk.shop.location.zone).date()
    context = {
        "walk": walk,
        "fields": walk.fields("times"),
        "typed": DetailsForm(request.POST).typed if request.method == "POST" else [],
        "step": 3,
        "sums": sums_of(walk),
        "calendar": Calendar(walk, day, page_of(told)),
        "notice": notice,
        "staff_url": walk.address("staff"),
    }
    return page(request, walk.shop, "times", context, status=status)


@dataclass(frozen=True)
class Option:
    """Somebody who could give all of it, or anyone."""

    name: str
    note: str
    price: str
    url: str
    initial: str = ""
    is_chosen: bool = False


def _options(walk: Walk, menu: Menu, all_by: Sequence[StaffMember]) -> list[Option]:
    """Each with where pressing it leads: straight on to the times."""

    def with_one(staff: StaffMember | None) -> Walk:
        pk = staff.pk if staff else None
        return replace(walk, named={one.pk: pk for one in walk.services}, sum="")

    anyone = Option(
        name="Anyone",
        note="The most times to choose from",
        price=menu.from_price(walk.services),
        url=with_one(None).address("times"),
        is_chosen=walk.is_staffed and walk.asked_for_anyone,
    )
    people = [
        Option(
            name=str(staff),
            note=minutes_said(menu.minutes(walk.services, staff)),
            price=menu.total(walk.services, staff),
            url=with_one(staff).address("times"),
            initial=str(staff)[:1].upper(),
            is_chosen=set(walk.named.values()) == {staff.pk},
        )
        for staff in all_by
    ]
    return [anyone, *people]


def _services(request: HttpRequest, walk: Walk, notice: str = "") -> HttpResponse:
    menu = Menu(walk.shop.location)
    if not menu.dishes:
        return page(request, walk.shop, "said", {"stand": "empty"})
    context = {
        "walk": walk,
        "fields": walk.fields("services")[:1] if walk.site else [],
        "chosen": {service.pk for service in walk.services},
        "step": 1,
        "menu": menu,
        "sums": reckon(walk, menu) if walk.services else None,
        "notice": notice,
    }
    return page(request, walk.shop, "services", context, status=422 if notice else 200)
