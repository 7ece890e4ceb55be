"""The page of one service: its form, and a row for each location and each person."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.forms import BaseForm, Form

from salon.errors import Refused
from salon.models import Location, Service, ServiceOverride, StaffMember
from salon.service_forms import OwnForm, ServiceForm
from salon.service_parts import Holder, Part, parts, prefix_of
from salon.service_record import fingerprint
from salon.terms import ServiceTerms, TermsBook, Won
from salon.updating_services import Own, ServiceCard


@dataclass
class Row:
    """One location or person: what counts with them and why, and the fields under Customize."""

    holder: Location | StaffMember
    form: OwnForm
    extra: list[Form]
    terms: ServiceTerms | None
    why: str
    is_ticked: bool = False

    @property
    def key(self) -> str:
        """location-3"""
        return prefix_of(self.holder)

    @property
    def is_person(self) -> bool:
        return isinstance(self.holder, StaffMember)

    @property
    def is_own(self) -> bool:
        """Differs from what it would follow."""
        return any(value is not None for value in self.form.initial.values())

    @property
    def told(self) -> list[str]:
        """What upper floors say is customized here."""
        return [text for form in self.extra if (text := getattr(form, "told", ""))]

    @property
    def is_open(self) -> bool:
        """Whether Customize stands open: where something went wrong, it must be seen."""
        return any(form.errors or form.has_changed() for form in self._bound)

    @property
    def _bound(self) -> list[BaseForm]:
        return [form for form in (self.form, *self.extra) if form.is_bound]


@dataclass
class Group:
    """One location with the people who work there; last those who belong to no location."""

    place: Row | None
    people: list[Row] = field(default_factory=list)


class ServicePage:
    """A service, or a new one, as its page draws it; with `data`, as it was sent.

    Six queries, and those of the parts of upper floors, however many locations and people; two
    more beforehand for the service with its staff.
    """

    def __init__(self, service: Service | None, data: Any = None) -> None:
        self.service = service
        self.places = list(Location.objects.active())
        ticked = set(service.staff.all()) if service else set()
        gives = Q(is_active=True, is_provider=True) | Q(pk__in=[person.pk for person in ticked])
        self.people = list(StaffMember.objects.filter(gives).select_related("location"))
        overrides = list(ServiceOverride.objects.filter(service=service)) if service else []
        self._own = {
            (row.location_id, row.staff_id): Own(row.price, row.minutes) for row in overrides
        }
        self._book = TermsBook(overrides)
        # What was sent brings the fingerprint of the page that it was typed on.
        seen = fingerprint(service) if service and data is None else ""
        self.form = ServiceForm(data, service=service, people=self.people, seen=seen)
        holders: list[Holder] = [*self.places, *self.people]
        if service:
            holders.insert(0, None)
        self.parts: dict[Part, dict[Holder, Form]] = {
            part: dict(part.forms(service, holders, data)) for part in parts()
        }
        self._data = data

    @cached_property
    def rows(self) -> dict[Location | StaffMember, Row]:
        """A row for each location and person."""
        chosen = {str(pk) for pk in self.form["staff"].value() or []}
        holders: list[Location | StaffMember] = [*self.places, *self.people]
        return {holder: self._row(holder, chosen) for holder in holders}

    @property
    def groups(self) -> list[Group]:
        """The rows as they are shown: people under the location where they work."""
        shown = [Group(self.rows[place]) for place in self.places]
        at = {place.pk: group for place, group in zip(self.places, shown, strict=True)}
        elsewhere = Group(None)
        for person in self.people:
            at.get(person.location_id or 0, elsewhere).people.append(self.rows[person])
        return [*shown, elsewhere] if elsewhere.people else shown

    @property
    def own_extra(self) -> list[Form]:
        """What upper floors ask of the service itself."""
        return self._extra(None)

    @property
    def is_valid(self) -> bool:
        """Every part of it is checked, so that all errors show at once."""
        checked = [form.is_valid() for form in self._forms]
        return all(checked)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Every error with the id of its field; no id where it is about the whole."""
        return [
            _told(form, name, str(error))
            for form in self._forms
            for name, errors in form.errors.items()
            for error in errors
        ]

    @property
    def card(self) -> ServiceCard:
        """Valid page: the service as it was sent."""
        typed = self.form.cleaned_data
        return ServiceCard(
            name=typed["name"],
            category=typed["category"],
            price=typed["price"],
            minutes=typed["minutes"],
            tax_rate=typed["tax_rate"],
            buffer_before=typed["buffer_before"],
            buffer_after=typed["buffer_after"],
            books_online=typed["books_online"],
            staff=frozenset(typed["staff"]),
            own={holder: row.form.own for holder, row in self.rows.items() if row.form.was_sent},
            parts=self.parts,
        )

    def refuse(self, refusal: Refused) -> None:
        """Put a verb's refusal next to the field that it is about, in whichever row."""
        for row in self.rows.values():
            prefix, _, name = refusal.field.rpartition("-")
            if prefix == row.key:
                row.form.add_error(name, refusal.message)
                return
        self.form.refuse(refusal)

    @property
    def _forms(self) -> Iterator[BaseForm]:
        yield self.form
        for row in self.rows.values():
            yield row.form
        for forms in self.parts.values():
            yield from forms.values()

    def _extra(self, holder: Holder) -> list[Form]:
        return [forms[holder] for forms in self.parts.values() if holder in forms]

    def _row(self, holder: Location | StaffMember, chosen: set[str]) -> Row:
        is_person = isinstance(holder, StaffMember)
        place = holder.location if isinstance(holder, StaffMember) else holder
        own = self._own.get((None, holder.pk) if is_person else (holder.pk, None), Own())
        usual = counts = None
        if self.service:
            base = place if is_person else None
            usual = self._book.terms(self.service, base)
            person = holder if isinstance(holder, StaffMember) else None
            counts = self._book.terms(self.service, place, person)
        whose = f"with {holder}" if is_person else f"at {holder}"
        form = OwnForm(
            self._data,
            holder=holder,
            own=own,
            usual=usual,
            words=(f"Price {whose}", f"Minutes {whose}"),
        )
        return Row(
            holder,
            form,
            self._extra(holder),
            counts,
            why(counts, holder) if counts else "Follows the service",
            is_person and str(holder.pk) in chosen,
        )


def _told(form: BaseForm, name: str, error: str) -> tuple[str, str]:
    """The id of the field that an error is about, and the error as the summary says it."""
    if name not in form.fields:
        return "", error
    whose = "" if isinstance(form, ServiceForm) else f"{form[name].label}: "
    return form[name].id_for_label or f"id_{name}", f"{whose}{error}"


def why(terms: ServiceTerms, holder: Location | StaffMember) -> str:
    """Whose price and time count: Maya’s own price · time follows Riverside."""
    mine = Won.STAFF if isinstance(holder, StaffMember) else Won.LOCATION
    place = holder.location if isinstance(holder, StaffMember) else holder
    names = {Won.SERVICE: "the service", Won.LOCATION: str(place)}
    won = {"price": terms.price_from, "time": terms.minutes_from}
    own = [what for what, whose in won.items() if whose == mine]
    parts = [f"{holder}’s own {' and '.join(own)}"] if own else []
    follows = {what: names[whose] for what, whose in won.items() if whose != mine}
    if len(set(follows.values())) == 1 and len(follows) == 2:
        return f"Follows {follows['price']}"
    told = " · ".join([*parts, *(f"{what} follows {name}" for what, name in follows.items())])
    return told[0].upper() + told[1:]
