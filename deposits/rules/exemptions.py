"""Who pays no deposit, as a registry: upper floors and apps beside this one add their reasons.

    exemptions.add("members", reason_of)        # in AppConfig.ready()

Each is asked with every deposit that the policy works out, so it answers in few queries. What it
returns is told to the client and to the desk: "Gold members pay no deposit".
"""

import datetime as dt
from collections.abc import Callable, Sequence

from clients.models import Client
from salon.models import Location, Service

Exemption = Callable[[Client | None, Sequence[Service], Location, dt.datetime], str]
"""(client or None for somebody new, services, location, start of the visit) -> reason, or empty."""

_exemptions: dict[str, Exemption] = {}


def add(name: str, exemption: Exemption) -> None:
    """Ask it from now on. Twice the same name is a programming error."""
    if name in _exemptions:
        raise ValueError(f"exemption {name} is added already")
    _exemptions[name] = exemption


def remove(name: str) -> None:
    """Ask it no more; one that was never added is no error."""
    _exemptions.pop(name, None)


def reason_for(
    *, client: Client | None, services: Sequence[Service], location: Location, at: dt.datetime
) -> str:
    """Why this client pays none, in the order in which the exemptions were added; else empty."""
    for exemption in _exemptions.values():
        if reason := exemption(client, services, location, at):
            return reason
    return ""
