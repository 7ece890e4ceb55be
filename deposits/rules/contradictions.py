"""Settings of booking and deposits that cannot stand together, with the reason an owner reads."""

from collections.abc import Iterator

from deposits.models import BookingSettings
from deposits.models.settings import CardFor, FeeKind
from salon.models import Location
from salon.policy import Policy

MINUTES_A_DAY = 24 * 60


def in_settings(settings: BookingSettings) -> Iterator[tuple[str, str]]:
    """The field, and why it cannot be so. At most two queries."""
    if settings.deposit_from_balance and not _balances_anywhere():
        yield (
            "deposit_from_balance",
            "Deposits from the account balance need Client Account Balances, which is off "
            "everywhere. Nothing was saved. Switch that on in Advanced Settings first, or leave "
            "this off.",
        )
    if settings.earliest_minutes >= settings.latest_days * MINUTES_A_DAY:
        yield (
            "latest_days",
            "Nobody could book: the earliest time is after the last one. Nothing was saved. Allow "
            "more days ahead, or fewer minutes.",
        )
    yield from _fees(settings)


def _fees(settings: BookingSettings) -> Iterator[tuple[str, str]]:
    for name in ("late_fee", "no_show_fee"):
        kind = getattr(settings, f"{name}_kind")
        if kind == FeeKind.AMOUNT and not getattr(settings, f"{name}_amount"):
            yield f"{name}_amount", "Enter an amount above zero, or choose No fee."
        if kind == FeeKind.PERCENT and not getattr(settings, f"{name}_percent"):
            yield f"{name}_percent", "Enter a percentage above zero, or choose No fee."
    has_fees = {settings.late_fee_kind, settings.no_show_fee_kind} != {FeeKind.NONE}
    if settings.card_for_fees != CardFor.NEVER and not has_fees:
        yield (
            "card_for_fees",
            "There is no fee that a card could be kept for. Nothing was saved. Set a fee below, "
            "or choose Never asked.",
        )


def _balances_anywhere() -> bool:
    places = list(Location.objects.active())
    if not places:
        return True
    business = Policy.of(places[0]).business
    return any(Policy.of(place, business).balances for place in places)
