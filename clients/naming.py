"""How clients are ordered: as their names are shown, first name first, without case and accents."""

from django.db.models import F, Func, QuerySet, TextField
from django.db.models.functions import Collate

from clients.models import Client


class LastNameFirst(Func):
    """The expression of the index clients_by_name; without parameters, so that it is met."""

    function = "salon_search_text"
    arg_joiner = " || ' ' || "
    output_field = TextField()


LAST_NAME = Collate(LastNameFirst(F("last_name"), F("first_name")), "C")
"""What a last name is looked up by."""

SHOWN_NAME = Collate(F("search"), "C")
"""The name as it is shown, then e-mail and phone: the index clients_by_first_name."""

LAST_CHARACTER = "\U0010ffff"
"""Sorts behind every text in byte order: a prefix p is the range from p to p + this."""


def by_name(clients: QuerySet[Client]) -> QuerySet[Client]:
    """In the order of the list."""
    return clients.order_by(SHOWN_NAME, "id")
