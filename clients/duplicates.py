"""Other clients with the same phone or e-mail: families share them, so this only warns."""

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from clients.models import Client

SHOWN = 5


def with_same_contacts(client: Client) -> QuerySet[Client]:
    """Active clients, other than this one, with its phone or e-mail. At most five; one query.

    Who had it before being merged counts as the one who stays.
    """
    same = Q()
    if client.phone:
        same |= Q(phone=client.phone)
    if client.email:
        same |= Q(email__iexact=client.email)
    if not same:
        return Client.objects.none()
    found = Client.objects.findable().filter(same).values(stands=Coalesce("merged_into", "pk"))
    return Client.objects.active().filter(pk__in=found).exclude(pk=client.pk).order_by("id")[:SHOWN]
