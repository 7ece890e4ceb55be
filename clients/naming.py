"""How clients are ordered: by last name, then first name, without case and accents."""

from django.db.models import F, Func, QuerySet, TextField
from django.db.models.functions import Collate

from clients.models import Client


class ListName(Func):
    """The expression of the index clients_by_name; without parameters, so that it is met."""

    function = "salon_search_text"
    arg_joiner = " || ' ' || "
    output_field = TextField()


LIST_NAME = Collate(ListName(F("last_name"), F("first_name")), "C")
FIRST_NAME = Collate(F("search"), "C")

LAST_CHARACTER = "\U0010ffff"
"""Sorts behind every text in byte order: a prefix p is the range from p to p + this."""


def by_name(clients: QuerySet[Client]) -> QuerySet[Client]:
    """In the order of the list."""
    return clients.order_by(LIST_NAME, "id")
