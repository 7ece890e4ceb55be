"""Clients that an import made go with it, where nothing else came to them meanwhile."""

from typing import Any

from django.db.models import Q
from django.db.models.fields.reverse_related import ForeignObjectRel

from clients.models import Client
from imports.models import Decision, Import, Row, Status
from ledger.models import Account
from salon import clock

NAMED = 500
"""So many clients who stay are kept by name."""


def archive_made(import_: Import) -> list[list[object]]:
    """Archive the clients that it made or restored, but those who have anything else: [id, why].

    A fixed number of queries: one for each kind of row that names a client. Who has nothing that
    names them has nothing either that archiving would ask for. Call it with the clients locked.
    """
    stay: dict[int, str] = {}
    made = _made(import_)
    for relation in Client._meta.related_objects:
        for client in _named_by(relation, import_, made):
            stay.setdefault(client, _why(relation))
    Client.objects.filter(pk__in=made, archived_at__isnull=True).exclude(pk__in=list(stay)).update(
        archived_at=clock.now()
    )
    return [[client, why] for client, why in sorted(stay.items())[:NAMED]]


def _why(relation: ForeignObjectRel) -> str:
    """In words: "Has appointments."."""
    model = relation.related_model
    return _WORDS.get(model, f"Has {model._meta.verbose_name_plural}.")


_WORDS = {
    Account: "Has a balance from elsewhere, or owes.",
    Client: "Somebody was merged into this client.",
    Row: "Came with another import, too.",
}


def _made(import_: Import) -> Any:
    return (
        import_.rows.filter(same_as__isnull=True, client__isnull=False)
        .filter(Q(decision=Decision.NEW) | Q(filled__has_key="archived_at"))
        .values("client")
    )


def _named_by(relation: ForeignObjectRel, import_: Import, made: Any) -> list[int]:
    """Of these clients, those whom rows of this kind name."""
    model, name = relation.related_model, relation.field.name
    rows = model._default_manager.filter(**{f"{name}__in": made})
    if model is Row:
        # What was taken back before says nothing any more.
        rows = rows.filter(of__status=Status.DONE).exclude(of=import_)
    if model is Account:
        rows = rows.exclude(balance=0)
    return list(rows.order_by().values_list(name, flat=True).distinct())
