"""Settings that cannot stand together, and the reason that an owner reads.

One table says which switch needs which other setting. It is held against what is in force in the
business and at each location, so that it does not matter which of the two was changed last.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from djmoney.money import Money

from salon.models import BusinessSettings, Location
from salon.policy import Policy


@dataclass(frozen=True)
class Needs:
    """`switch` may be on only while `needed` is on, or above zero. Both are fields' names."""

    switch: str
    needed: str
    because: str


TABLE = (
    Needs(
        "negative_balances",
        "client_account_balances",
        "what a client owes is their balance below zero",
    ),
    Needs(
        "negative_balances",
        "negative_balance_limit",
        "with a limit of nothing, nobody could owe anything",
    ),
    Needs(
        "tips_from_balance",
        "client_account_balances",
        "without balances there is nothing to pay a tip from",
    ),
    Needs(
        "apply_earmarked_deposits",
        "earmark_deposits",
        "without earmarks nothing is held for a visit that its sale could apply",
    ),
)
"""Which switch needs what, and why. “Deposits by card only” needs nothing: it is not here."""


@dataclass(frozen=True)
class Contradiction:
    """One broken row of the table: the switch that is on, and a reason that names both settings."""

    switch: str
    reason: str


def in_business(business: BusinessSettings) -> list[Contradiction]:
    """What the business's own settings say against each other. No queries."""
    return [
        _told(rule, f"{_needed_on(rule)} {_named(rule.switch)} off.")
        for rule in TABLE
        if getattr(business, rule.switch) and not _is_on(getattr(business, rule.needed))
    ]


def at_location(location: Location, business: BusinessSettings) -> list[Contradiction]:
    """What is in force at a location against each other, be it its own or the business's word.

    No queries.
    """
    return [
        _told(rule, _way_out_at(rule, "here"), _stand_at(rule, location, "Here"))
        for rule in _broken_at(location, business)
    ]


def elsewhere(
    business: BusinessSettings, locations: Iterable[Location]
) -> list[tuple[Location, Contradiction]]:
    """What these settings of the business would break at locations that follow it in part only.

    What the business says against itself is told by `in_business`. No queries.
    """
    return [
        (
            place,
            _told(
                rule,
                f"{_way_out_at(rule, f'at {place}')} That is on the location’s own page.",
                _stand_at(rule, place, f"At {place}"),
            ),
        )
        for place in locations
        for rule in _broken_at(place, business)
        if _follows_in_part(rule, place)
    ]


def _broken_at(location: Location, business: BusinessSettings) -> list[Needs]:
    policy = Policy.of(location, business)
    return [
        rule
        for rule in TABLE
        if policy.in_force(rule.switch) and not _is_on(policy.in_force(rule.needed))
    ]


def _follows_in_part(rule: Needs, location: Location) -> bool:
    """One of the two is the location's own word and the other one the business's."""
    own = [getattr(location, name, None) is not None for name in (rule.switch, rule.needed)]
    return any(own) and not all(own)


def _is_on(value: bool | Money) -> bool:
    return value.amount > 0 if isinstance(value, Money) else value


def _told(rule: Needs, way_out: str, stand: str = "") -> Contradiction:
    above = " above zero" if _is_limit(rule) else ""
    needs = f"{_named(rule.switch)} needs {_named(rule.needed)}{above}: {rule.because}."
    parts = [needs, stand, "Nothing was saved.", way_out]
    return Contradiction(rule.switch, " ".join(filter(None, parts)))


def _stand_at(rule: Needs, location: Location, where: str) -> str:
    """Here “Tips …” is on and “Client Account Balances”, which follows the business, is off."""
    switch, needed = (_named(n) + _following(n, location) for n in (rule.switch, rule.needed))
    return f"{where} {switch} is on and {needed} is {'zero' if _is_limit(rule) else 'off'}."


def _following(name: str, location: Location) -> str:
    if not hasattr(location, name):
        return " for the whole business"
    return "" if getattr(location, name) is not None else ", which follows the business,"


def _way_out_at(rule: Needs, where: str) -> str:
    off = f"{_named(rule.switch)} off {where}"
    if hasattr(Location, rule.needed):
        return f"Switch {_named(rule.needed)} on {where}, or {off}."
    return f"Switch {off}, or change {_named(rule.needed)} in Advanced Settings first."


def _needed_on(rule: Needs) -> str:
    if _is_limit(rule):
        return f"Enter an amount above zero for {_named(rule.needed)}, or switch"
    return f"Switch {_named(rule.needed)} on, or"


def _is_limit(rule: Needs) -> bool:
    return rule.needed.endswith("_limit")


def _named(field: str) -> str:
    meta: Any = BusinessSettings._meta
    return f"“{meta.get_field(field).verbose_name}”"
