"""Short words for tests of clients."""

from clients.merge_parts import Pair
from clients.merging import Proposal, merge_clients
from clients.models import Client
from salon.desk import Desk


def merge(gone: Client, kept: Client, desk: Desk, **choices) -> None:
    """Merge `gone` into `kept` as the page that was just seen says; both are read anew."""
    seen = Proposal(Pair(gone, kept, desk)).stamp
    merge_clients(gone=gone, kept=kept, desk=desk, seen=seen, choices=choices)
    gone.refresh_from_db()
    kept.refresh_from_db()
