"""Clients in the admin: to look at. They are added and changed at the desk."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from clients.models import Client
from clients.searching import find_clients
from salon.recording import ReadOnly

FOUND = 100


@admin.register(Client)
class ClientAdmin(ReadOnly):
    list_display = ["name", "phone", "email", "location", "created_at"]
    list_select_related = ["location"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["search"]
    search_help_text = "Name, phone or e-mail."
    exclude = ["search"]
    ordering = ["-id"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Client], search_term: str
    ) -> tuple[QuerySet[Client], bool]:
        """The desk's own search."""
        if not search_term:
            return queryset, False
        found: Any = [client.pk for client in find_clients(search_term, FOUND)]
        return queryset.filter(pk__in=found), False
