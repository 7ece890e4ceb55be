"""What the desk is asked when something happens to a visit that money is held for, or a fee is due.

One question for every occasion; the sheet shows it, the form parses the answer, the act carries it
out. Reading only.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from djmoney.money import Money

from appointments.changes import Change
from appointments.models import Appointment
from appointments.times import say_day, say_time
from cards.models import CardOnFile
from clients.models import Client
from deposits.fates.carrying import Carry, carry_of
from deposits.fates.consequences import Consequence, consequence_from
from deposits.fates.held import Held, held_for
from deposits.fees.cards import card_for, why_no_card
from deposits.models import Decision, Fate
from deposits.own.telling import address_for
from ledger.owing import limit_of
from salon import permissions
from salon.desk import Desk
from salon.money import money
from salon.policy import Policy

Kind, Occasion = Fate.Kind, Decision.Occasion

CARRY = "carry"
SPLIT = "split"
TRANSFER = "transfer"

_TOLD = (Occasion.CANCELED, Occasion.LATE, Occasion.NO_SHOW)
"""Of these the client gets an e-mail."""


@dataclass(frozen=True)
class Question:
    """About one visit and one occasion. `becomes`: whose the visit becomes."""

    visit: Appointment
    occasion: Decision.Occasion
    held: Held
    consequence: Consequence
    desk: Desk
    becomes: Client | None = None
    carry: Carry | None = field(default=None)
    """Where the visit is moved further, or more often, than a deposit may be carried."""

    @property
    def amount(self) -> Money:
        return self.held.amount

    @property
    def fee(self) -> Money:
        return self.consequence.fee

    @property
    def own(self) -> str:
        """What stands for "it stays with this visit": carried along, or given with it; or empty."""
        if self.carry is not None:
            return CARRY
        return TRANSFER if self.becomes is not None else ""

    @cached_property
    def may_decide(self) -> bool:
        return _may(self.desk, permissions.DECIDE_DEPOSITS)

    @cached_property
    def may_refund(self) -> bool:
        return _may(self.desk, permissions.REFUND_SALES)

    @cached_property
    def may_waive(self) -> bool:
        return _may(self.desk, permissions.WAIVE_FEES)

    @cached_property
    def targets(self) -> list[Appointment]:
        """Other visits of the same client that it can be held for, the next one first."""
        visits = Appointment.objects.filter(
            client=self.visit.client_id,
            status__in=[Appointment.Status.BOOKED, Appointment.Status.CHECKED_IN],
            starts_at__gt=self.desk.at,
        ).exclude(pk=self.visit.pk)
        return list(
            visits.select_related("location").prefetch_related("services__staff")[:20]
            if self.held
            else []
        )

    @cached_property
    def card(self) -> CardOnFile | None:
        """The card that would pay what the deposit does not cover of a fee."""
        return card_for(self.visit)

    @cached_property
    def why_no_card(self) -> str:
        """Why no card would."""
        return why_no_card(self.visit)

    @cached_property
    def may_owe(self) -> bool:
        """Whether a fee that no card pays may go on the client's account."""
        return limit_of(self.visit.client, Policy.of(self.visit.location)) is not None

    @cached_property
    def email(self) -> str:
        """Where the client would be told; empty where nobody is, or nothing is told."""
        return address_for(self.visit) if self.is_told else ""

    @property
    def is_told(self) -> bool:
        """Whether this occasion is one that clients are told of."""
        return self.occasion in _TOLD

    @cached_property
    def preselected(self) -> str:
        """The policy's choice, as far as whoever stands at the desk may choose it."""
        if self.own == TRANSFER:
            return TRANSFER
        kinds = [kind for kind, _ in self.consequence.parts]
        if Kind.REFUNDED in kinds:
            return str(Kind.REFUNDED if self.may_refund else Kind.KEPT)
        return kinds[0] if len(kinds) == 1 else SPLIT

    @property
    def why(self) -> str:
        """Why that is preselected."""
        if self.carry is not None:
            return self.carry.why_not
        why = self.consequence.why
        if self.occasion == Occasion.BY_HAND and self.visit.is_open:
            why = why.replace("Canceled in time", "If it is canceled in time")
        elif self.occasion == Occasion.CANCELED and self.desk.at >= self.consequence.deadline_at:
            zone = self.visit.location.zone
            ended = self.consequence.deadline_at
            late = f"{say_day(ended.astimezone(zone).date())}, {say_time(ended, zone)}"
            why = why.replace(
                "Canceled in time", f"Taken as in time, though it was free only until {late}"
            )
        if self.consequence.amount_of(Kind.REFUNDED) and not self.may_refund:
            why += "; your role may not refund, so ask a manager, or keep it as balance"
        return f"{why}."


def question_of(change: Change) -> Question | None:
    """What is to be asked about a change; None where nothing is held, and no fee is due.

    Nothing is asked where a deposit just follows its visit. Two queries then at most, but for late
    cancellations and no-shows.
    """
    visit, occasion = change.appointment, Occasion(change.kind.value)
    carry = None
    if occasion == Occasion.MOVED:
        if change.starts_at in (None, visit.starts_at):
            return None
        carry = carry_of(visit, change.starts_at, by=change.desk.staff)
        if carry.may:
            return None
    question = ask(visit, occasion, change.desk, becomes=change.client, carry=carry)
    if not question.held and not question.fee:
        return None
    return question


def ask(
    visit: Appointment,
    occasion: Decision.Occasion,
    desk: Desk,
    *,
    becomes: Client | None = None,
    carry: Carry | None = None,
) -> Question:
    """The question, whether or not anything is held."""
    held = held_for(visit)
    if not held and occasion not in (Occasion.LATE, Occasion.NO_SHOW):
        consequence = Consequence(
            str(occasion), False, visit.starts_at, money(0), money(0), [], money(0), "", ""
        )
    else:
        policy = Occasion.CANCELED if occasion == Occasion.MOVED else occasion
        consequence = consequence_from(held, occasion=policy, at=desk.at)
    if occasion == Occasion.BY_HAND:
        # The visit ended long ago: a fee was charged then, or not.
        consequence = replace(consequence, fee=money(0), fee_rest=money(0))
    return Question(visit, occasion, held, consequence, desk, becomes, carry)


def _may(desk: Desk, permission: str) -> bool:
    return desk.by_itself or (desk.staff is not None and desk.staff.has_perm(permission))
