"""Putting a deposit on an order: for which visit, by which payments; and the visits to choose."""

import uuid as uuids
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from djmoney.money import Money

from appointments.models import Appointment, AppointmentService
from appointments.times import when
from checkout.errors import Refused
from checkout.line_kinds import KINDS as LINE_KINDS
from checkout.lines import add_line
from checkout.models import LineItem, Order
from checkout.tender_kinds import KINDS as TENDER_KINDS
from clients.models import Client
from clients.standing import why_not_served
from salon import clock
from salon.desk import Desk
from salon.policy import Policy

DEPOSIT = "deposit"
SHOWN = 20
"""Visits to choose from; nobody has more ahead."""


@transaction.atomic
def add_deposit(
    *,
    order: Order,
    beneficiary: Client | None,
    visit: Appointment | None,
    amount: Money,
    desk: Desk,
    uuid: uuids.UUID | None = None,
    revision: int | None = None,
) -> LineItem:
    """A deposit for a visit of a client, who need not be the one who pays. Never taxed.

    It is held once the order closes. Where earmarks are off it names no visit, and is free credit.
    Which payments may not pay it is kept on the line, as the settings stand now. Refused where
    Client Account Balances are off: what is held already stays, nothing new comes.
    """
    if beneficiary is None:
        raise Refused("Choose whose deposit it is.", field="beneficiary")
    if refusal := why_not_served(beneficiary):
        raise Refused(refusal, field="beneficiary")
    policy = Policy.of(desk.location)
    if not policy.balances:
        raise Refused(
            "Client Account Balances are switched off at this location. Nothing was added."
        )
    _check_visit(order, beneficiary, visit, policy, desk)
    line = deposit_line(beneficiary, visit, amount, refuses=_refused(policy))
    line.order = order
    return add_line(line=line, desk=desk, uuid=uuid, revision=revision)


def deposit_line(
    beneficiary: Client, visit: Appointment | None, amount: Money, refuses: str = ""
) -> LineItem:
    """The line of a deposit, on no order yet and not saved. `refuses`: payments by their codes.

    The visit comes with its location.
    """
    of_visit = f" · {when(visit)}" if visit else ""
    # The name gives way, never the visit.
    name = beneficiary.name[: 160 - len(f"Deposit - {of_visit}")]
    return LineItem(
        kind=DEPOSIT,
        description=f"Deposit - {name}{of_visit}",
        beneficiary=beneficiary,
        appointment=visit,
        unit_price=amount,
        refuses=refuses,
    )


def visits_ahead(client: Client, order: Order) -> QuerySet[Appointment]:
    """The client's visits that a deposit can be held for, the next one first. Two queries.

    Booked or checked in and not over; not the one whose own sale this is.
    """
    ahead = Appointment.objects.filter(
        client=client,
        status__in=[Appointment.Status.BOOKED, Appointment.Status.CHECKED_IN],
        services__ends_at__gt=clock.now(),
    )
    if order.appointment_id is not None:
        ahead = ahead.exclude(pk=order.appointment_id)
    services = AppointmentService.objects.select_related("service", "staff")
    named = ahead.select_related("location").prefetch_related(Prefetch("services", services))
    return named.distinct()[:SHOWN]


def _check_visit(
    order: Order,
    beneficiary: Client,
    visit: Appointment | None,
    policy: Policy,
    desk: Desk,
) -> None:
    if not policy.earmark_deposits:
        if visit is not None:
            raise Refused(
                "Deposits are not held for visits here: they are account balance at once. Nothing "
                "was added. Add it again without a visit.",
                field="visit",
            )
        return
    if visit is None:
        raise Refused("Choose the visit that the deposit is for.", field="visit")
    if why := _why_not(visit, order, beneficiary, desk):
        raise Refused(f"{why} Nothing was added. Choose one of the visits offered.", field="visit")


def _why_not(visit: Appointment, order: Order, beneficiary: Client, desk: Desk) -> str:
    if visit.client_id != beneficiary.pk:
        return f"That visit is not {beneficiary}’s."
    if not visit.is_open:
        return f"That visit is {visit.get_status_display().lower()}."
    if visit.pk == order.appointment_id:
        return "This is that visit’s own sale: what is paid here pays it already."
    if not _is_ahead(visit.services.all(), desk):
        return "That visit is over."
    return ""


def _is_ahead(services: Iterable[AppointmentService], desk: Desk) -> bool:
    return any(service.ends_at > desk.at for service in services)


def _refused(policy: Policy) -> str:
    """Beside what no deposit is paid with: all that is no card, unless the owner takes it."""
    if not policy.deposits_by_card_only:
        return ""
    always = LINE_KINDS[DEPOSIT].refuses
    return ",".join(
        sorted(
            code for code, kind in TENDER_KINDS.items() if not kind.is_card and code not in always
        )
    )
