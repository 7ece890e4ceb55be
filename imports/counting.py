"""The figures of an import, added up from its rows."""

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from imports.models import Decision, Import

_GOES_IN = Q(decision__in=[Decision.NEW, Decision.MATCH])
FIGURES = {
    "rows_total": Count("pk"),
    "rows_new": Count("pk", filter=Q(decision=Decision.NEW)),
    "rows_match": Count("pk", filter=Q(decision=Decision.MATCH)),
    "rows_skip": Count("pk", filter=Q(decision=Decision.SKIP)),
    "rows_error": Count("pk", filter=Q(decision=Decision.ERROR)),
    "rows_warned": Count("pk", filter=_GOES_IN & ~Q(warnings=[])),
    "credit_minor": Coalesce(Sum("amount", filter=_GOES_IN & Q(amount__gt=0)), 0),
    "owed_minor": -Coalesce(Sum("amount", filter=_GOES_IN & Q(amount__lt=0)), 0),
}


def recount(import_: Import) -> Import:
    """Write the figures anew, by what is decided of each row. Two queries."""
    for name, value in import_.rows.aggregate(**FIGURES).items():
        setattr(import_, name, value)
    import_.save(update_fields=list(FIGURES))
    return import_
