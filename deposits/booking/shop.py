"""The location that somebody books at, with what the owner set about booking online."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, QuerySet, Subquery
from django.db.models.functions import JSONObject

from deposits.models import BookingSettings, BookingSite
from salon.models import BusinessSettings, Location

_ASKED = (
    "online_booking",
    "start_every",
    "earliest_minutes",
    "latest_days",
    "hold_minutes",
    "deposit_from_balance",
    "card_for_fees",
    "terms_url",
)


@dataclass(frozen=True)
class Shop:
    """What every booking page needs. `origins`: the sites that may frame it.

    `settings` has only what `_ASKED` names; the rest of it are defaults.
    """

    location: Location
    settings: BookingSettings
    business: str
    origins: Sequence[str]

    @property
    def is_closed(self) -> bool:
        """Nobody books here online now."""
        return self.location.is_archived or not self.settings.online_booking


def find_shop(slug: str) -> Shop | None:
    """The shop at an address, archived ones too; None for one that never was. One query."""
    found = _locations().filter(slug=slug).first()
    return _shop(found) if found else None


def shop_at(location: Location) -> Shop:
    """The shop of a location. One query."""
    return _shop(_locations().get(pk=location.pk))


def open_shops() -> list[Shop]:
    """Where one can book now. One query."""
    shops = [_shop(found) for found in _locations().filter(archived_at=None)]
    return [shop for shop in shops if not shop.is_closed]


def _locations() -> QuerySet[Any]:
    """Locations with the business's name, the settings and the sites: one query for each page."""
    asked = JSONObject(**{name: F(name) for name in _ASKED})
    return Location.objects.annotate(
        business_name=Subquery(BusinessSettings.objects.filter(pk=1).values("name")),
        booking=Subquery(BookingSettings.objects.filter(pk=1).values(json=asked)),
        site_origins=ArraySubquery(BookingSite.objects.values("origin")),
    )


def _shop(found: Any) -> Shop:
    settings = BookingSettings(pk=1, **found.booking)
    return Shop(found, settings, found.business_name, found.site_origins)
