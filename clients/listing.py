"""The list of all clients by name, in pages by key: each costs the same, the last one too."""

from django.db.models import Q, QuerySet

from clients.models import Client
from clients.naming import SHOWN_NAME, by_name

PAGE = 50


def page_of_clients(
    after: int | None, *, archived: bool = False
) -> tuple[list[Client], int | None]:
    """The clients behind the one with this id, and the id to go on from, if there are more.

    Active ones, or only archived ones. One query, two with `after`. An id that nobody has starts
    over.
    """
    clients = by_name(Client.objects.archived() if archived else Client.objects.active())
    if after is not None:
        clients = _behind(clients, after)
    found = list(clients[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def _behind(clients: QuerySet[Client], after: int) -> QuerySet[Client]:
    name = Client.objects.filter(pk=after).values_list(SHOWN_NAME, flat=True).first()
    if name is None:
        return clients
    # The last condition is what the index is entered by.
    return clients.alias(listed=SHOWN_NAME).filter(
        Q(listed__gt=name) | Q(listed=name, pk__gt=after), listed__gte=name
    )
