"""All that is known of one visit's deposit: what is held and how it was paid, what is asked."""

from dataclasses import dataclass, field

from django.db.models import QuerySet
from djmoney.money import Money

from appointments.models import Appointment
from clients.models import Client
from deposits.desk.paid_how import Origin, origins
from deposits.desk.worklists import services_named
from deposits.fates.carrying import carried_words
from deposits.fates.held import HELD_LOTS
from deposits.models import DepositRequest, Fee, PolicyAcceptance
from ledger.models import Lot
from salon import clock
from salon.money import money

Status = DepositRequest.Status


@dataclass(frozen=True)
class Part:
    """A lot that is held, and the sale that sold it."""

    lot: Lot
    amount: Money
    origin: Origin


@dataclass(frozen=True)
class VisitDeposit:
    """One visit's deposit as the desk sees it."""

    visit: Appointment
    parts: list[Part]
    carried: str
    """ "moved 1 of 1"; empty where it never was."""
    waiting: DepositRequest | None
    fee: Fee | None
    """One that is to be collected."""
    is_over: bool
    requests: list[DepositRequest] = field(default_factory=list)
    acceptances: list[PolicyAcceptance] = field(default_factory=list)

    @property
    def held(self) -> Money:
        return sum((part.amount for part in self.parts), money(0))

    @property
    def can_be_asked(self) -> bool:
        """Whether a deposit can be taken, or a link sent."""
        return self.visit.is_open and not self.is_over

    @property
    def is_stranded(self) -> bool:
        """Money is held for what will not come to pass."""
        return bool(self.parts) and not (
            self.visit.is_pending or (self.visit.is_open and not self.is_over)
        )

    @property
    def is_empty(self) -> bool:
        """Nothing was ever asked, paid or due."""
        return not (self.parts or self.waiting or self.fee)


def deposit_of(visit: Appointment, *, in_full: bool = False) -> VisitDeposit:
    """What the visit's own panel shows: thirteen queries at most. In full, with evidence: two more.

    `visit` comes with its client, location and services.
    """
    lots = list(HELD_LOTS.filter(appointment=visit).order_by("pk"))
    paid = origins(lots)
    requests = list(_requests(visit)) if in_full else []
    return VisitDeposit(
        visit=visit,
        parts=[Part(lot, money(lot.remaining), paid[lot.pk]) for lot in lots],
        carried=carried_words([visit]).get(visit.pk, ""),
        waiting=_requests(visit).filter(status=Status.WAITING).first(),
        fee=visit.fees.filter(status__in=Fee.TO_COLLECT).first(),
        is_over=all(part.ends_at <= clock.now() for part in visit.services.all()),
        requests=requests,
        acceptances=list(visit.policy_acceptances.order_by("-id")) if in_full else [],
    )


def deposits_of(client: Client) -> list[tuple[Appointment, Money, str]]:
    """The visits that money of this client's is held for, how much, how often moved. Nine queries.

    The earliest first.
    """
    held: dict[int, int] = {}
    for lot in HELD_LOTS.filter(account__client=client.survivor_id):
        held[lot.appointment_id or 0] = held.get(lot.appointment_id or 0, 0) + lot.remaining
    visits = list(
        Appointment.objects.filter(pk__in=held)
        .select_related("location", "client")
        .prefetch_related(services_named())
        .order_by("starts_at", "pk")
    )
    carried = carried_words(visits)
    return [(visit, money(held[visit.pk]), carried.get(visit.pk, "")) for visit in visits]


def _requests(visit: Appointment) -> QuerySet[DepositRequest]:
    """The newest first."""
    return visit.deposit_requests.select_related("asked_by", "order").order_by("-id")
