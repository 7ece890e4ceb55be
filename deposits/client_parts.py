"""What deposits say when a client is merged or archived.

Merged: requests follow their visits, fees are the one's who stays. An exception of
the policy is kept where one of the two has it; where both have one, somebody has to say which.
Archived: not while a deposit is asked for, or a fee is to be collected.
"""

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from appointments.models import Appointment
from appointments.times import when
from clients import archiving, merge_parts
from clients.merge_parts import Obstacle, Pair, Part, Preview, Row
from clients.models import Client
from deposits.models import ClientDeposit, DepositRequest, Fee
from salon import said
from salon.desk import Desk

WAITING = Q(status=DepositRequest.Status.WAITING)
TO_DO = Q(status__in=Fee.TO_COLLECT)


class DepositsPart(Part):
    position = 38
    """Locked after the sales, before the cards' attempts: who records a charge for a deposit holds
    the visit and the request, and then its attempt."""

    def lock(self, pair: Pair) -> None:
        """The visits, what is asked for them, and fees, by id. Three queries."""
        for rows in (
            Appointment.objects.filter(client=pair.gone),
            DepositRequest.objects.filter(appointment__client=pair.gone),
            Fee.objects.filter(client=pair.gone),
        ):
            list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))

    def preview(self, pair: Pair) -> Preview:
        """Two queries."""
        asked = _asked(pair)
        exceptions = _exceptions(pair)
        rows = []
        if any(asked):
            rows.append(Row("Deposits asked for", str(asked[0]), str(asked[1]), str(sum(asked))))
        if exceptions:
            gone, kept = exceptions.get(pair.gone.pk), exceptions.get(pair.kept.pk)
            rows.append(Row("Deposit exception", _said(gone), _said(kept), _said(kept or gone)))
        return Preview(rows=rows, stamp=f"{asked}{sorted(exceptions)}")

    def obstacles(self, pair: Pair) -> Iterable[Obstacle]:
        """One query."""
        if len(_exceptions(pair)) == 2:
            yield Obstacle(
                "Both have an exception from the deposit rules. Take one of them off first, so "
                "that it is clear which counts.",
                url=reverse("clients:detail", args=[pair.gone.pk]),
                link=f"Open {pair.gone.name}",
            )

    def merge(self, pair: Pair, preview: Preview) -> None:
        """Two queries. Decisions stay what they are: they say whose money it was then."""
        for model in (Fee, ClientDeposit):
            model.objects.filter(client=pair.gone).update(client=pair.kept)


def why_not_archive(client: Client, desk: Desk) -> Iterable[Obstacle]:
    """What is still asked of them, and fees that nobody has collected. Two queries."""
    for request in _waiting(client).select_related("appointment__location"):
        yield Obstacle(
            f"A deposit of {said.amount(request.amount)} is asked for {when(request.appointment)}. "
            "Call it off, or wait for it.",
            url=reverse("deposits:of_visit", args=[request.appointment.uuid]),
            link="Open its deposit",
        )
    for fee in Fee.objects.filter(TO_DO, client=client).select_related("appointment__location"):
        yield Obstacle(
            f"A fee of {said.amount(fee.amount)} for {when(fee.appointment)} is to be collected. "
            "Collect it or waive it first.",
            url=reverse("deposits:of_visit", args=[fee.appointment.uuid]),
            link="Open the fee",
        )


def _waiting(client: Client) -> QuerySet[DepositRequest]:
    return DepositRequest.objects.filter(WAITING, appointment__client=client).order_by("pk")


def _asked(pair: Pair) -> list[int]:
    """How many deposits are asked of the one who goes, and of the one who stays."""
    requests = DepositRequest.objects.filter(
        WAITING, appointment__client__in=[pair.gone, pair.kept]
    )
    whose = requests.order_by().values_list("appointment__client")
    many = dict(whose.annotate(many=Count("pk")))
    return [many.get(client.pk, 0) for client in (pair.gone, pair.kept)]


def _exceptions(pair: Pair) -> dict[int, ClientDeposit]:
    found = ClientDeposit.objects.filter(client__in=[pair.gone, pair.kept])
    return {exception.client_id: exception for exception in found}


def _said(exception: ClientDeposit | None) -> str:
    return exception.get_kind_display() if exception else "None"


def register_client_parts() -> None:
    """Take part in merging and archiving."""
    merge_parts.add(DepositsPart())
    archiving.ask("deposits", why_not_archive)
