"""Clients to pick from, as clients/_options.html draws them."""

from collections.abc import Sequence
from typing import Any

from clients.figures import figures_of
from clients.models import Client
from salon.desk import Desk


def with_figures(clients: Sequence[Client], desk: Desk) -> list[dict[str, Any]]:
    """Each client with what stands beside the name. No queries for nobody."""
    figures = figures_of(clients, desk)
    return [{"client": client, "figures": figures.get(client.pk, [])} for client in clients]
