"""What this app adds to the frame: an entry in the rail, and clients in the search."""

from django.urls import reverse

from clients.figures import figures_of
from clients.searching import find_clients
from salon import pages, permissions, rail, search
from salon.desk import Desk


def add_to_the_desk() -> None:
    """Called once, when the program starts."""
    rail.add(
        rail.Entry(
            key="clients", label="Clients", icon="clients", url_name="clients:list", position=30
        )
    )
    search.add("Clients", find, position=10)
    pages.add(
        pages.Page(
            "Add client", "clients:new", also="new create", permission=permissions.EDIT_CLIENTS
        )
    )


def find(query: str, desk: Desk, limit: int) -> list[search.Hit]:
    """Clients by name, phone or e-mail, each with what it can spend."""
    clients = find_clients(query, limit)
    figures = figures_of(clients, desk)
    return [
        search.Hit(
            url=reverse("clients:detail", args=[client.pk]),
            name=client.name,
            note=" · ".join(part for part in (str(client.phone), client.email) if part),
            end=next(map(str, figures.get(client.pk, [])), ""),
        )
        for client in clients
    ]
