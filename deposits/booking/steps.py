"""How far somebody has come in booking: all of it in the address, so that Back loses nothing.

    s=3&s=8                 the services
    w=5 / w=any             who gives all of them, or whoever can
    w3=5&w8=any             who gives each
    sum=8500-2550-…         what that comes to, and about how much deposit is asked (sums.py)
    at=20261124T201500Z-5-7 when it starts, and who gives each of the services then
    from=https://…          the site that the page is framed by

Nothing of a person is in it: name and number go from form to form, and are part of no address.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from appointments.hours import works_at
from appointments.segments import Wanted
from deposits.booking import embedding
from deposits.booking.shop import Shop
from salon.addresses import YEARS
from salon.models import Location, Service, StaffMember

ANY = "any"
MOST = 8
"""So many services in one visit; more is for the telephone."""
_AT = re.compile(r"(\d{8}T\d{6}Z)((?:-\d{1,9}){1,8})", re.ASCII)
_STAMP = "%Y%m%dT%H%M%SZ"
Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class Walk:
    """What somebody chose so far.

    `named`: whom they asked for, by the service's id; None for anyone, and a service is not in it
    before they were asked. `given`: the ids of who gives each service at `at`.
    """

    shop: Shop
    services: tuple[Service, ...] = ()
    named: Mapping[int, int | None] = field(default_factory=dict)
    at: dt.datetime | None = None
    given: tuple[int, ...] = ()
    site: str = ""
    sum: str = ""

    @property
    def is_staffed(self) -> bool:
        """Each service has somebody, or anyone."""
        return bool(self.services) and all(one.pk in self.named for one in self.services)

    @property
    def asked_for_anyone(self) -> bool:
        return None in self.named.values()

    @cached_property
    def staff(self) -> dict[int, StaffMember]:
        """All whom it names, as long as clients may book them there. One query, the first time."""
        ids = {pk for pk in self.named.values() if pk} | set(self.given)
        found = bookable_staff(self.shop.location).filter(pk__in=ids) if ids else ()
        return {person.pk: person for person in found}

    @property
    def wishes(self) -> list[tuple[Service, StaffMember | None]]:
        """The services with whom each was asked for; the people by their ids alone, for
        `free_times`, which brings their rows."""
        people = [self.named.get(service.pk) for service in self.services]
        return [
            (service, StaffMember(pk=pk) if pk else None)
            for service, pk in zip(self.services, people, strict=True)
        ]

    @property
    def asked(self) -> list[tuple[Service, StaffMember | None]]:
        """The same with the people's rows."""
        return [(one, self.staff.get(self.named.get(one.pk) or 0)) for one in self.services]

    @property
    def pairs(self) -> list[tuple[Service, StaffMember]]:
        """Once a time was chosen: the services with who gives them; none where somebody of them
        can't be booked any more."""
        if not self.at or any(pk not in self.staff for pk in self.given):
            return []
        people = [self.staff[pk] for pk in self.given]
        return list(zip(self.services, people, strict=True))

    @property
    def wanted(self) -> list[Wanted]:
        return [Wanted(service, person) for service, person in self.pairs]

    @property
    def target(self) -> str:
        """Where the card page opens: it refuses frames, so around one it takes the whole window."""
        return "_top" if self.site else "_self"

    def fields(self, step: str = "") -> Fields:
        """Names and values of what was chosen before a step, for hidden inputs and addresses."""
        found: Fields = [(embedding.PARAMETER, self.site)] if self.site else []
        found += [("s", str(service.pk)) for service in self.services]
        if step in ("services", "staff"):
            return found
        found += self._whom()
        if self.sum:
            found.append(("sum", self.sum))
        if step != "times" and self.at:
            found.append(("at", _stamp(self.at, self.given)))
        return found

    def address(self, step: str) -> str:
        """The path of a step, with what was chosen before it."""
        path = reverse(f"deposits:book_{step}", args=[self.shop.location.slug])
        fields = self.fields(step)
        return f"{path}?{urlencode(fields)}" if fields else path

    @property
    def trail(self) -> list[tuple[str, str]]:
        """The steps by name, each with the address that leads back to it, if one does."""
        return [
            ("Services", self.address("services")),
            ("Who", self.address("staff")),
            ("When", self.address("times")),
            # What was typed there is in no address: the last step has a button for it.
            ("You", ""),
            ("Book", ""),
        ]

    def at_slot(self, at: dt.datetime, people: Sequence[StaffMember]) -> Walk:
        """The same, at this time and with these."""
        return replace(self, at=at, given=tuple(one.pk for one in people))

    def _whom(self) -> Fields:
        whom = {pk: str(one) if one else ANY for pk, one in self.named.items()}
        if self.is_staffed and len(set(whom.values())) == 1:
            return [("w", next(iter(whom.values())))]
        return [(f"w{pk}", value) for pk, value in whom.items()]


def read_walk(request: HttpRequest, shop: Shop) -> Walk:
    """What the address or the form says; what nobody can book is left out. One query."""
    told: QueryDict = request.POST if request.method == "POST" else request.GET
    services = _services(told)
    when = _AT.fullmatch(told.get("at", ""))
    at = _moment(when[1]) if when else None
    given = tuple(int(pk) for pk in when[2].split("-")[1:]) if when else ()
    if at is None or len(given) != len(services):
        at, given = None, ()
    named = {
        service.pk: int(text) if is_id(text) else None
        for service in services
        if (text := told.get(f"w{service.pk}") or told.get("w", "")) == ANY or is_id(text)
    }
    site = embedding.site_of(request, shop.origins)
    return Walk(shop, services, named, at, given, site, told.get("sum", "")[:120])


def stamp(at: dt.datetime, people: Sequence[StaffMember]) -> str:
    """A start and who gives each service then, as one value of a form."""
    return _stamp(at, [person.pk for person in people])


def bookable_staff(location: Location) -> QuerySet[StaffMember]:
    """Those whom clients may book at a location, by name."""
    return StaffMember.objects.filter(
        works_at(location), is_active=True, is_provider=True, books_online=True
    ).order_by("name", "id")


def bookable_services() -> QuerySet[Service]:
    """Those that clients may book, in the menu's order."""
    rows = Service.objects.active().filter(books_online=True).select_related("category")
    return rows.order_by("category__position", "category__name", "name", "id")


def is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _services(told: QueryDict) -> tuple[Service, ...]:
    ids = [int(pk) for pk in told.getlist("s") if is_id(pk)]
    return tuple(bookable_services().filter(pk__in=ids[: MOST + 1])) if ids else ()


def _stamp(at: dt.datetime, ids: Sequence[int]) -> str:
    return "-".join([f"{at.astimezone(dt.UTC):{_STAMP}}", *map(str, ids)])


def _moment(text: str) -> dt.datetime | None:
    try:
        moment = dt.datetime.strptime(text, _STAMP).replace(tzinfo=dt.UTC)
    except ValueError:
        return None
    return moment if moment.year in YEARS else None
