"""Other clients with the same phone or e-mail: families share them, so this only warns."""

from django.db.models import Q, QuerySet

from clients.models import Client

SHOWN = 5


def with_same_contacts(client: Client) -> QuerySet[Client]:
    """Active clients, other than this one, with its phone or e-mail. At most five; one query."""
    same = Q()
    if client.phone:
        same |= Q(phone=client.phone)
    if client.email:
        same |= Q(email__iexact=client.email)
    if not same:
        return Client.objects.none()
    return Client.objects.active().filter(same).exclude(pk=client.pk).order_by("id")[:SHOWN]
