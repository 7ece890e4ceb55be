"""The demo salon's book: who comes when, to whom, for what."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from appointments.models import Appointment, AppointmentService
from appointments.segments import Wanted, lay_out
from appointments.times import at_wall
from clients.models import Client
from demo.clients import Clientele, Regular
from demo.places import BARBER, Shop
from salon.models import Service, StaffMember

OPENS, CLOSES = 9 * 60, 19 * 60
"""Minutes after midnight."""
ANYBODY = {"Short cut", "Scalp facial", "Express facial", "Manicure", "Pedicure", "Brow shaping"}
EXTRAS = {"Olaplex treatment", "Gloss", "Beard trim", "Brow shaping", "Hot-towel shave"}
BY_WEEKDAY = [0.6, 0.9, 0.95, 1.1, 1.3, 1.45, 0.75]
"""Monday to Sunday: how much of a usual day's trade."""


@dataclass
class Visit:
    """One visit that is going to be in the book."""

    shop: Shop
    client: Client
    starts_at: dt.datetime
    services: list[Wanted]
    regular: Regular | None = None
    """Whose ways decide how it is paid; None where a story tells it."""
    row: Appointment = field(default_factory=Appointment)

    @property
    def ends_at(self) -> dt.datetime:
        return self.starts_at + sum((wanted.length for wanted in self.services), dt.timedelta())

    @property
    def staff(self) -> StaffMember:
        return self.services[0].staff

    @property
    def price(self) -> Decimal:
        """Of all its services, without tax."""
        return sum((wanted.service.price.amount for wanted in self.services), Decimal(0))

    def overlaps(self, other: "Visit") -> bool:
        return other.starts_at < self.ends_at and other.ends_at > self.starts_at


def moment(shop: Shop, day: dt.date, minutes: int) -> dt.datetime:
    """The moment so many minutes after midnight by the shop's clock."""
    return at_wall(day, dt.time(minutes // 60, minutes % 60), shop.location.zone)


APART = dt.timedelta(days=6)
"""Nobody comes more often than that."""


class Book:
    """Fills days, in order of time. `busyness` is the chance that a free slot is taken."""

    def __init__(self, rng: Random, clientele: Clientele, scale: float) -> None:
        self.rng = rng
        self.clientele = clientele
        self.scale = scale
        self.last_visit: dict[int, dt.date] = {}

    def fill(self, shop: Shop, day: dt.date, busyness: float, kept: Sequence[Visit]) -> list[Visit]:
        """Visits for every provider of the shop, around the `kept` ones."""
        visits: list[Visit] = []
        for staff, services in shop.providers.items():
            minutes = OPENS + self.rng.choice([0, 0, 15, 30])
            mine = [visit for visit in kept if visit.staff == staff]
            while minutes < CLOSES:
                if self.rng.random() > busyness * shop.pace:
                    minutes += self.rng.choice([15, 30, 45, 60])
                    continue
                starts_at = moment(shop, day, minutes)
                visit = Visit(shop, Client(), starts_at, self._services(staff, services))
                length = (visit.ends_at - starts_at).seconds // 60
                if minutes + length > CLOSES or any(map(visit.overlaps, mine)):
                    minutes += 30
                    continue
                minutes += length + self.rng.choice([0, 0, 0, 15])
                if self.rng.random() < self.scale and self._give_client(visit, day):
                    visits.append(visit)
        return visits

    def _services(self, staff: StaffMember, services: Sequence[Service]) -> list[Wanted]:
        # What is cheap is wanted more often.
        weights = [float(service.price.amount) ** -0.6 for service in services]
        chosen = self.rng.choices(services, weights)
        extras = [
            service for service in services if service.name in EXTRAS and service != chosen[0]
        ]
        if extras and self.rng.random() < 0.22:
            chosen.append(self.rng.choice(extras))
        return [Wanted(service, staff) for service in chosen]

    def _give_client(self, visit: Visit, day: dt.date) -> bool:
        """Somebody whom it fits and who was not here lately; False where nobody is left."""
        names = {wanted.service.name for wanted in visit.services}
        barber, anybody = bool(names & set(BARBER)), names <= ANYBODY
        fitting = [
            known
            for known in self.clientele.regulars[visit.shop.location.pk]
            if known.weight
            and day - self.last_visit.get(known.client.pk, dt.date.min) >= APART
            and (anybody or known.barbered == barber)
        ]
        if not fitting:
            return False
        visit.regular = self.rng.choices(fitting, [known.weight for known in fitting])[0]
        visit.client = visit.regular.client
        self.last_visit[visit.client.pk] = day
        return True


def write(visits: Iterable[Visit]) -> None:
    """Put the visits in the book, all at once."""
    visits = list(visits)
    rows: list[AppointmentService] = []
    for visit in visits:
        visit.row = Appointment(
            client=visit.client,
            location=visit.shop.location,
            starts_at=visit.starts_at,
            created_by=visit.shop.desk_staff[0],
        )
    Appointment.objects.bulk_create((visit.row for visit in visits), batch_size=500)
    for visit in visits:
        rows += lay_out(visit.row, visit.starts_at, visit.services)
    AppointmentService.objects.bulk_create(rows, batch_size=500)
