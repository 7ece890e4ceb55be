"""What can be booked online at a location, by whom, and what it costs with each."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from djmoney.money import Money

from deposits.booking.steps import bookable_services, bookable_staff
from salon import said
from salon.models import Location, Service, ServiceCategory, StaffMember
from salon.money import money
from salon.terms import ServiceTerms, TermsBook


@dataclass(frozen=True)
class Person:
    """One who gives a service, with what it costs and how long it takes with them."""

    staff: StaffMember
    terms: ServiceTerms


@dataclass(frozen=True)
class Dish:
    """A service on the menu, with everybody who gives it."""

    service: Service
    people: tuple[Person, ...]

    @property
    def cheapest(self) -> Money:
        return min(person.terms.price for person in self.people)

    @property
    def differs(self) -> bool:
        """Somebody takes more for it than somebody else."""
        return len({person.terms.price for person in self.people}) > 1

    @property
    def price(self) -> str:
        """$85.00; from $85.00 where somebody takes more."""
        return f"{'from ' if self.differs else ''}{said.amount(self.cheapest)}"

    @property
    def minutes(self) -> str:
        """60 min; 45–60 min where somebody takes longer."""
        each = sorted({person.terms.minutes for person in self.people})
        return f"{each[0]}–{each[-1]} min" if len(each) > 1 else f"{each[0]} min"

    @property
    def shortest(self) -> int:
        return min(person.terms.minutes for person in self.people)


class Menu:
    """Services that clients may book at a location, as long as somebody there gives them online.

    Four queries: services, who gives them, people, what people and the location do differently.
    """

    def __init__(self, location: Location) -> None:
        self.location = location
        people = list(bookable_staff(location))
        givers = _givers()
        book = TermsBook.at(location)
        dishes = [
            Dish(
                service,
                tuple(
                    Person(one, book.terms(service, location, one))
                    for one in people
                    if one.pk in givers.get(service.pk, {one.pk})
                ),
            )
            for service in bookable_services()
        ]
        self.dishes = {dish.service.pk: dish for dish in dishes if dish.people}

    @cached_property
    def categories(self) -> list[tuple[ServiceCategory, list[Dish]]]:
        """The whole menu in its order."""
        rows = groupby(self.dishes.values(), key=lambda dish: dish.service.category)
        return [(category, list(dishes)) for category, dishes in rows]

    def who_gives_all(self, services: Iterable[Service]) -> list[StaffMember]:
        """Those who give every one of the services, by name."""
        each = [[person.staff for person in self.dishes[one.pk].people] for one in services]
        return [staff for staff in each[0] if all(staff in people for people in each)]

    def total(self, services: Iterable[Service], staff: StaffMember) -> str:
        """What the services cost with one person who gives all of them."""
        found = (self.who(service, staff.pk)[0].terms.price for service in services)
        return said.amount(sum(found, money(0)))

    def from_price(self, services: Iterable[Service]) -> str:
        """What the services cost with whoever: from so much on, where that differs."""
        dishes = [self.dishes[service.pk] for service in services]
        least = said.amount(sum((dish.cheapest for dish in dishes), money(0)))
        return f"from {least}" if any(dish.differs for dish in dishes) else least

    def minutes(self, services: Iterable[Service], staff: StaffMember) -> int:
        """How long the services take with one person who gives all of them."""
        return sum(self.who(service, staff.pk)[0].terms.minutes for service in services)

    def who(self, service: Service, staff: int | None) -> tuple[Person, ...]:
        """Who may give it: the one who was asked for, where they do; else everybody who does."""
        people = self.dishes[service.pk].people
        return tuple(one for one in people if one.staff.pk == staff) or people


def _givers() -> dict[int, set[int]]:
    """Ids of who gives a service; one that names nobody is given by everybody."""
    found: dict[int, set[int]] = {}
    rows = Service.staff.through.objects.values_list("service_id", "staffmember_id")
    for service_id, staff_id in rows:
        found.setdefault(service_id, set()).add(staff_id)
    return found
