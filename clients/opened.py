"""Which client somebody has open: one key away afterwards (salon.recent)."""

from django.urls import reverse

from clients.models import Client
from salon import recent
from salon.http import DeskRequest


def opened(request: DeskRequest, client: Client) -> None:
    """Call on every page of a client. Writes the session only when it is another client's."""
    recent.remember(request, "client", reverse("clients:detail", args=[client.pk]), client.name)
