"""What a client has: Balance, Held, Available, Owes. Reading only; one query each."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    F,
    FilteredRelation,
    Q,
    QuerySet,
    Sum,
)
from djmoney.money import Money

from appointments.models import Appointment
from clients.models import Client
from ledger.kinds import AccountKind, Restriction
from ledger.models import Account, Lot
from salon.money import money


@dataclass(frozen=True)
class Balance:
    """All >= 0 but `total`. `available` is what an order could draw, restrictions aside."""

    stored: Money
    held: Money
    owes: Money
    available: Money

    @property
    def total(self) -> Money:
        """The balance: all lots less what is owed; below zero when the client owes more."""
        return self.stored - self.owes

    @property
    def is_empty(self) -> bool:
        return not (self.stored or self.owes)


def balances_of(
    clients: Iterable[Client | int], on: dt.date, visit: Appointment | None = None
) -> dict[int, Balance]:
    """Each client's Balance by id, on a business date. One query; without lots all are zero.

    `visit`: lots held for it count as available, as its own order would see them.
    """
    ids = [client if isinstance(client, int) else client.pk for client in clients]
    not_expired = Q(open__expires_on__isnull=True) | Q(open__expires_on__gte=on)
    free = Q(open__appointment__isnull=True)
    if visit is not None:
        free |= Q(open__appointment=visit)
    rows = (
        Account.objects.filter(
            client__in=ids, kind__in=[AccountKind.CLIENT_CREDIT, AccountKind.RECEIVABLE]
        )
        # Joined on is_open, so that the lots that are long spent are never read.
        .annotate(open=FilteredRelation("lots", condition=Q(lots__is_open=True)))
        .values("client_id", "kind", "balance")
        .annotate(
            held=Sum("open__remaining", filter=Q(open__appointment__isnull=False)),
            available=Sum("open__remaining", filter=not_expired & free),
        )
    )
    figures = {client_id: {"stored": 0, "held": 0, "owes": 0, "available": 0} for client_id in ids}
    for row in rows:
        figure = figures[row["client_id"]]
        if row["kind"] == AccountKind.RECEIVABLE:
            figure["owes"] = row["balance"] or 0
        else:
            figure["stored"] = -(row["balance"] or 0)
            figure["held"] = row["held"] or 0
            figure["available"] = row["available"] or 0
    return {
        client_id: Balance(**{name: money(value) for name, value in figure.items()})
        for client_id, figure in figures.items()
    }


def balance_of(client: Client, on: dt.date, visit: Appointment | None = None) -> Balance:
    """One client's Balance on a business date. One query."""
    return balances_of([client], on, visit)[client.pk]


def open_lots(client: Client) -> QuerySet[Lot]:
    """The client's lots with something left, in the order of drawing; held and expired ones too."""
    return (
        Lot.objects.filter(
            account__client=client, account__kind=AccountKind.CLIENT_CREDIT, is_open=True
        )
        .select_related("opened_by__staff", "opened_by__location", "appointment")
        .order_by(
            F("appointment").asc(nulls_last=True),
            F("expires_on").asc(nulls_last=True),
            _flag(restriction=Restriction.ANY),
            _flag(is_paid=False),
            "since",
            "id",
        )
    )


def spendable(client: Client, on: dt.date, visit: Appointment | None = None) -> QuerySet[Lot]:
    """The lots that an order may draw on that date, in the order of drawing (MONEY, Spending).

    The same order as `draw` in sql/posting.sql, for showing before applying.
    """
    mine = Q(appointment__isnull=True)
    if visit is not None:
        mine |= Q(appointment=visit)
    return open_lots(client).filter(mine, Q(expires_on__isnull=True) | Q(expires_on__gte=on))


def _flag(**condition: object) -> ExpressionWrapper:
    return ExpressionWrapper(Q(**condition), output_field=BooleanField())
