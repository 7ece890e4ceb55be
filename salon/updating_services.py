"""Changing what is sold: a service, who gives it, and what places and people do differently.

All of it is one act with one record: no price changes without the trace of who did it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.forms import Form
from djmoney.money import Money

from salon import clock
from salon.changing_settings import record_changes, subject
from salon.errors import Refused, StaleService
from salon.forms import MOST
from salon.models import (
    Location,
    Service,
    ServiceCategory,
    ServiceOverride,
    StaffMember,
    TaxRate,
    Till,
)
from salon.money import currency
from salon.service_parts import Holder, Part, prefix_of
from salon.service_record import differences_of, last_hand, mark, stand_of
from salon.terms import LONGEST, LONGEST_BUFFER

PLAIN = ("name", "price", "minutes", "tax_rate", "buffer_before", "buffer_after", "books_online")
"""What a card says of the service itself, by the same names as its row."""


@dataclass(frozen=True)
class Own:
    """What one location or person does differently; None follows."""

    price: Money | None = None
    minutes: int | None = None

    def __bool__(self) -> bool:
        return self.price is not None or self.minutes is not None


@dataclass(frozen=True)
class ServiceCard:
    """A service as somebody wants it. `staff`: who gives it; nobody means everybody."""

    name: str
    category: ServiceCategory
    price: Money
    minutes: int
    tax_rate: TaxRate | None = None
    buffer_before: int = 0
    """Minutes that are kept free before it, and after it."""
    buffer_after: int = 0
    books_online: bool = True
    staff: frozenset[StaffMember] = frozenset()
    own: Mapping[Location | StaffMember, Own] = field(default_factory=dict)
    """Who is not in here keeps what they have."""
    parts: Mapping[Part, Mapping[Holder, Form]] = field(default_factory=dict)
    """Valid forms of upper floors."""


@transaction.atomic
def update_service(
    *,
    service: Service,
    card: ServiceCard,
    by: StaffMember,
    till: Till | None = None,
    seen: str = "",
) -> Service:
    """Make a service as the card says. The same card sent twice changes and records once.

    `seen` is the fingerprint (`service_record`) of what the person saw: StaleService when somebody
    else changed it meanwhile. Visits in the book and lines on open sales stay as they are. Locks
    the service.
    """
    locked = _lock(service)
    before = stand_of(locked)
    if (locked.name.lower(), locked.category_id) != (card.name.lower(), card.category.pk):
        _refuse_twin(card.name, card.category)
    _refuse_unfit(card, locked)
    _write(locked, card)
    after = stand_of(locked)
    if after != before and seen and seen != mark(before):
        raise StaleService(
            f"{locked} was changed by {last_hand(locked)} after this page was opened. Nothing was "
            "saved. Look at it as it is now and change it again."
        )
    gone = dict.fromkeys(before.keys() - after.keys(), "")
    new = dict.fromkeys(after.keys() - before.keys(), "")
    record_changes(
        subject=subject(locked), before=before | new, after=after | gone, staff=by, till=till
    )
    return locked


@transaction.atomic
def add_service(*, card: ServiceCard, by: StaffMember, till: Till | None = None) -> Service:
    """A new service. The same card sent twice adds one; another of the same name is refused.

    Locks the category.
    """
    ServiceCategory.objects.select_for_update().get(pk=card.category.pk)
    twin = _twin(card.name, card.category)
    if twin is not None and _is_as(twin, card):
        return twin
    _refuse_twin(card.name, card.category)
    _refuse_unfit(card, None)
    service = Service()
    _write(service, card)
    added = {"added": str(service)} | differences_of(service)
    record_changes(subject=subject(service), before={}, after=added, staff=by, till=till)
    return service


@transaction.atomic
def archive_service(*, service: Service, by: StaffMember, till: Till | None = None) -> Service:
    """No longer offer it; what has it keeps it. Archiving twice is archiving once. Locks it."""
    locked = _lock(service)
    if not locked.is_archived:
        _set_archived(locked, by, till, archived=True)
    return locked


@transaction.atomic
def restore_service(*, service: Service, by: StaffMember, till: Till | None = None) -> Service:
    """Offer it again. Refused when another service has its name by now. Locks it."""
    locked = _lock(service)
    if locked.is_archived:
        _refuse_twin(locked.name, locked.category)
        _set_archived(locked, by, till, archived=False)
    return locked


def _lock(service: Service) -> Service:
    return Service.objects.select_for_update().get(pk=service.pk)


def _set_archived(service: Service, by: StaffMember, till: Till | None, *, archived: bool) -> None:
    service.archived_at = clock.now() if archived else None
    service.save(update_fields=["archived_at"])
    before, after = ("no", "yes") if archived else ("yes", "no")
    record_changes(
        subject=subject(service),
        before={"archived": before},
        after={"archived": after},
        staff=by,
        till=till,
    )


def _write(service: Service, card: ServiceCard) -> None:
    service.category = card.category
    for name in PLAIN:
        setattr(service, name, getattr(card, name))
    service.save()
    service.staff.set(card.staff)
    rows = {row.location or row.staff: row for row in _rows_of(service)}
    for holder, own in card.own.items():
        _write_own(service, holder, own, rows.get(holder))
    for part, forms in card.parts.items():
        part.save(service, forms)


def _write_own(
    service: Service, holder: Location | StaffMember, own: Own, row: ServiceOverride | None
) -> None:
    if not own:
        if row is not None:
            row.delete()
        return
    if row is None:
        whose = "location" if isinstance(holder, Location) else "staff"
        row = ServiceOverride(service=service, **{whose: holder})
    if row.pk is None or (row.price, row.minutes) != (own.price, own.minutes):
        row.price, row.minutes = own.price, own.minutes
        row.save()


def _rows_of(service: Service) -> list[ServiceOverride]:
    rows = ServiceOverride.objects.filter(service=service)
    return list(rows.select_related("location", "staff"))


def _twin(name: str, category: ServiceCategory) -> Service | None:
    return Service.objects.active().filter(name__iexact=name, category=category).first()


def _is_as(service: Service, card: ServiceCard) -> bool:
    """Whether the card was written already."""
    known = {row.location or row.staff: Own(row.price, row.minutes) for row in _rows_of(service)}
    return (
        all(getattr(service, name) == getattr(card, name) for name in PLAIN)
        and set(service.staff.all()) == card.staff
        and known == {holder: own for holder, own in card.own.items() if own}
    )


def _refuse_twin(name: str, category: ServiceCategory) -> None:
    if _twin(name, category) is not None:
        raise Refused(
            f"There is a service called “{name}” under {category} already. Nothing was saved. "
            "Change that one, archive it, or choose another name.",
            field="name",
        )


def _refuse_unfit(card: ServiceCard, service: Service | None) -> None:
    """What no form of the page would send, and what changed while it was open."""
    if not card.name.strip():
        raise Refused("Enter what the service is called. Nothing was saved.", field="name")
    rate = card.tax_rate
    if rate and rate.is_archived and (service is None or service.tax_rate_id != rate.pk):
        raise Refused(f"{rate} is archived. Nothing was saved. Choose another.", field="tax_rate")
    had = set(service.staff.all()) if service and service.pk else set()
    for person in card.staff - had:
        _refuse_who_gives_none(person, "staff")
    for holder in card.own:
        if isinstance(holder, Location) and holder.is_archived:
            raise Refused(f"{holder} is archived. Nothing was saved. Restore it first.")
        if isinstance(holder, StaffMember) and holder not in had:
            _refuse_who_gives_none(holder, "")
    for prefix, price, minutes in _figures(card):
        _refuse_figures(prefix, price, minutes)
    for name, minutes in (("before", card.buffer_before), ("after", card.buffer_after)):
        if not 0 <= minutes <= LONGEST_BUFFER:
            told = f"Keep at most {LONGEST_BUFFER} minutes free {name} it. Nothing was saved."
            raise Refused(told, field=f"buffer_{name}")


def _refuse_who_gives_none(person: StaffMember, field: str) -> None:
    if not (person.is_active and person.is_provider):
        raise Refused(
            f"{person} does not give services any more. Nothing was saved. Load the page again.",
            field=field,
        )


def _figures(card: ServiceCard) -> Iterator[tuple[str, Money | None, int | None]]:
    yield "", card.price, card.minutes
    for holder, own in card.own.items():
        yield f"{prefix_of(holder)}-", own.price, own.minutes


def _refuse_figures(prefix: str, price: Money | None, minutes: int | None) -> None:
    if price is not None and price.amount < 0:
        raise Refused("A price cannot be below zero. Nothing was saved.", field=f"{prefix}price")
    dearest = Money(MOST, currency())
    if price is not None and price > dearest:
        raise Refused(
            f"That is more than {dearest}. Nothing was saved. Check the price.",
            field=f"{prefix}price",
        )
    if minutes is not None and not 1 <= minutes <= LONGEST:
        raise Refused(
            f"Enter between 1 and {LONGEST} minutes. Nothing was saved.", field=f"{prefix}minutes"
        )
