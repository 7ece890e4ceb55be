"""What has to fit before a decision about a deposit is written. The visit is locked."""

from __future__ import annotations

import uuid as uuids
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import OperationalError, transaction
from djmoney.money import Money

from appointments.models import Appointment
from clients.models import Client
from deposits.errors import Refused
from deposits.fates.held import Held
from deposits.models import Decision, Fate
from salon import permissions, said
from salon.desk import Desk
from salon.money import minor, money
from salon.waiting import locked_row

Kind = Fate.Kind


@dataclass(frozen=True)
class Wish:
    """So much of what is held, and what becomes of it. `to`: the visit that it moves to."""

    kind: str
    amount: Money
    to: Appointment | None = None


@dataclass(frozen=True)
class Answer:
    """What was said of all that is held: by a form, once, whose name is `uuid`.

    `policy`: what the policy says and why; `reason`: why not so; `told`: what the client is told.
    """

    occasion: str
    wishes: Sequence[Wish]
    uuid: uuids.UUID
    reason: str = ""
    policy: str = ""
    told: str = ""

    def decision(self, visit: Appointment, held: Money, client_id: int, desk: Desk) -> Decision:
        """As a row, not written yet. `client_id`: whose money it is."""
        return Decision(
            uuid=self.uuid,
            appointment=visit,
            client_id=client_id,
            occasion=self.occasion,
            held=held,
            policy=self.policy[:300],
            reason=self.reason.strip()[:240],
            told=self.told,
            at=desk.at,
            by=desk.staff,
            location=desk.location,
        )


Wanted = dict[tuple[str, int | None], int]
"""Minor units by what becomes of them and the id of the visit that they move to."""


def require(desk: Desk, permission: str, doing: str) -> None:
    """Refuse unless whoever stands at the desk may do this, or the program does it by itself."""
    if desk.by_itself:
        return
    if desk.staff is None or not desk.staff.has_perm(permission):
        raise Refused(f"Your role may not {doing}. Ask a manager or an owner. Nothing was changed.")


def summed(wishes: Sequence[Wish]) -> Wanted:
    """By what becomes of them. Refused for what no sheet would send."""
    wanted: Wanted = defaultdict(int)
    for wish in wishes:
        if wish.kind not in Kind.values or (wish.kind == Kind.MOVED) != (wish.to is not None):
            raise Refused("Say what becomes of each part. Nothing was changed.", field="fate-how")
        if minor(wish.amount) <= 0:
            raise Refused("Enter amounts above zero. Nothing was changed.", field="fate-how")
        wanted[(str(wish.kind), wish.to.pk if wish.to else None)] += minor(wish.amount)
    return wanted


def same(twin: Decision, visit: Appointment, wanted: Wanted) -> Decision:
    """What the same form decided already. Refused where that was something else."""
    made: Wanted = defaultdict(int)
    for fate in twin.fates.all():
        made[(fate.kind, fate.to_appointment_id)] += minor(fate.amount)
    if twin.appointment_id != visit.pk or made != wanted:
        raise Refused(
            "This form was used for another decision already. Nothing was changed. Load the page "
            "again: it shows what became of the deposit."
        )
    return twin


def check(held: Held, wanted: Wanted, desk: Desk) -> None:
    """Refuse unless the parts are all that is held, and the cards' part fits."""
    if not held:
        raise Refused("Nothing is held for this visit any more. Nothing was changed.")
    total = money(sum(wanted.values()))
    if total != held.amount:
        raise Refused(
            f"{said.amount(held.amount)} is held for this visit, and the parts make "
            f"{said.amount(total)}. Nothing was changed. Make them add up.",
            field="fate-how",
        )
    back = money(sum(cents for (kind, _), cents in wanted.items() if kind == Kind.REFUNDED))
    if not back:
        return
    require(desk, permissions.REFUND_SALES, "refund a deposit to the card")
    if back > held.to_card:
        most = f"Only {said.amount(held.to_card)} of it can" if held.to_card else "None of it can"
        raise Refused(
            f"{most} go back to a card. Nothing was changed. Keep the rest as account balance.",
            field="fate-refunded",
        )


def whose(held: Held) -> int:
    """Whose money it is, by id."""
    owner = held.lots[0].account.client_id
    assert owner is not None  # nosec B101 - only clients' accounts have lots that are held
    return owner


def target(to: int, visit: Appointment, held: Held, becomes: Client | None) -> Appointment:
    """The visit that a part moves to, locked."""
    if to == visit.pk:
        if becomes is None:
            raise Refused(
                "It is held for this visit already. Nothing was changed. Choose another visit.",
                field="fate-to",
            )
        return visit
    target = _lock_other(to, visit)
    owners = {lot.account.client_id for lot in held.lots}
    if {target.client_id} != owners:
        raise Refused(
            f"That visit is {target.client}’s, and so is not what is held here. Nothing was "
            "changed. Choose a visit of the same client.",
            field="fate-to",
        )
    if not target.is_open:
        raise Refused(
            f"That visit is {target.get_status_display().lower()}, so nothing can be held for it. "
            "Nothing was changed. Choose another one.",
            field="fate-to",
        )
    _check_not_at_checkout(target)
    return target


def _check_not_at_checkout(target: Appointment) -> None:
    """Whoever closes that sale holds the account and waits for this visit: no ring of waits."""
    sale = target.orders.filter(status="open").first()
    if sale is not None:
        raise Refused(
            f"That visit is at checkout: sale #{sale.number} is open. Nothing was changed. Keep "
            "the deposit as account balance, and the sale can use it.",
            field="fate-to",
        )


def _lock_other(to: int, visit: Appointment) -> Appointment:
    """Visits are locked by id; one that comes before the locked one is not waited for."""
    rows = Appointment.objects.select_for_update(of=("self",), nowait=to < visit.pk)
    try:
        with transaction.atomic():
            return locked_row(rows.select_related("client", "location"), pk=to)
    except Appointment.DoesNotExist:
        raise Refused("There is no such visit. Nothing was changed.", field="fate-to") from None
    except OperationalError as error:
        raise Refused(
            "The visit that it should move to is being changed at another desk. Nothing was "
            "changed. Try again in a moment.",
            field="fate-to",
        ) from error
