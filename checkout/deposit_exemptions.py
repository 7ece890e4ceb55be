"""Who pays no deposit, as a registry: upper floors add their reasons, the deposit policy asks.

    deposit_exemptions.add("staff", reasons_of)        # in AppConfig.ready()

Each is asked with every deposit that the policy works out, so it answers in few queries. What it
returns is told to the client and to the desk: "Gold members pay no deposit".
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from clients.models import Client
from salon.models import Location, Service

Reasons = Callable[[Client | None, Sequence[Service], Location, dt.datetime], Mapping[int, str]]
"""(client or None for somebody new, services, location, start of the visit) -> reason by the id of
each service that is exempt."""


@dataclass(frozen=True)
class _Exemption:
    reasons: Reasons
    for_members: bool


_exemptions: dict[str, _Exemption] = {}


def add(name: str, reasons: Reasons, *, for_members: bool = False) -> None:
    """Ask it from now on. Twice the same name is a programming error.

    `for_members`: it counts only where the owner lets members pay no deposits.
    """
    if name in _exemptions:
        raise ValueError(f"exemption {name} is added already")
    _exemptions[name] = _Exemption(reasons, for_members)


def remove(name: str) -> None:
    """Ask it no more; one that was never added is no error."""
    _exemptions.pop(name, None)


def reasons_for(
    *,
    client: Client | None,
    services: Sequence[Service],
    location: Location,
    at: dt.datetime,
    members_pay: Callable[[], bool],
) -> dict[int, str]:
    """Why this client pays none, by the id of the service; the first that says so counts.

    `members_pay` is asked only where somebody would be exempt as a member.
    """
    found: dict[int, str] = {}
    for exemption in _exemptions.values():
        reasons = exemption.reasons(client, services, location, at)
        if reasons and not (exemption.for_members and members_pay()):
            found = {**reasons, **found}
    return found
