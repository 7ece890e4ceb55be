"""The card readers that the desk may ask for a card."""

from django.core.cache import cache

from cards import gateways
from cards.gateway import GatewayError, ReaderState

_KEPT = 24 * 3600
"""Seconds for which a reader's label is known without asking."""


def readers_online() -> list[ReaderState] | None:
    """Those that can be asked now; None where the processor does not answer.

    Never inside a transaction. One query for each.
    """
    gateway = gateways.current()
    if gateway is None:
        return []
    try:
        found = [reader for reader in gateway.readers() if reader.is_online]
    except GatewayError:
        return None
    for reader in found:
        cache.set(_key(reader.id), reader.label, _KEPT)
    return found


def label_of(reader_id: str) -> str:
    """What it was called when it was chosen; empty where that is forgotten. One query."""
    return str(cache.get(_key(reader_id), ""))


def _key(reader_id: str) -> str:
    return f"card-reader:{reader_id}"
