"""One membership as the desk reads it: status, card, next charge in words, what waits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property

from djmoney.money import Money

from cards.models import CardOnFile
from cards.on_file import expires_before
from checkout.models import Order
from memberships.changing.coming import Coming, coming
from memberships.enrolling import words
from memberships.models import Membership, Pause, Period, Terms
from salon import said
from salon.money import money

Of = Membership.Status
NOTHING = money(0)


@dataclass(frozen=True)
class Status:
    """A chip: `look` is its class, for color alone says nothing."""

    code: str
    label: str
    look: str


@dataclass(frozen=True)
class Asked:
    """A period that the desk is asked about, and what charging it comes to with tax."""

    period: Period
    due: Money


@dataclass(frozen=True)
class Seen:
    """One membership with what stands around it."""

    membership: Membership
    today: dt.date
    card: CardOnFile | None
    """The one that is charged: its own, or the client's default where that was removed."""
    owed: Period | None
    """A period whose charge failed."""
    charging: Period | None
    """A period whose card is being asked."""
    missed: list[Asked] = field(default_factory=list)
    pause: Pause | None = None
    paid: Money = NOTHING
    """For periods of this calendar year, with tax; without what was refunded."""
    added: Money = NOTHING

    @property
    def status(self) -> Status:
        return status_of(self.membership)

    @cached_property
    def coming(self) -> Coming | None:
        """The next charge as it will be made; None where nothing is to come."""
        return coming(self.membership)

    @property
    def owed_sum(self) -> Money:
        """What the failed charge was, with tax."""
        return due_of(self.owed) if self.owed else money(0)

    @property
    def sale(self) -> Order | None:
        """The open sale on which the failed charge is being paid; nobody retries it meanwhile."""
        order = self.owed.order if self.owed else None
        return order if order and order.is_open else None

    @property
    def card_is_of_no_use(self) -> bool:
        """There is none, or it has expired."""
        return self.card is None or expires_before(self.card, self.today)

    @property
    def next_charge(self) -> str:
        """$100.00 on Tue, Dec 22; empty where nothing is to come."""
        if self.coming is None or self.membership.owes_a_period:
            return ""
        return f"{said.amount(self.coming.total)} on {self._day(self.coming.on)}"

    @property
    def next_said(self) -> str:
        """One sentence for who stands at the desk: what is charged next, or why nothing is."""
        ours = self.membership
        if ours.status == Of.ENDED:
            return f"Nothing: it ended on {self._day(ours.ended_on)}"
        if self.charging:
            return f"{said.amount(due_of(self.charging))} is being charged now"
        if self.owed:
            return f"Nothing until the charge of {said.amount(self.owed_sum)} is settled"
        if ours.status == Of.PAUSED:
            return self._paused()
        if self.coming is None:
            return f"Nothing more: it ends on {self._day(ours.ends_on)}"
        return f"{self.next_charge} to {self.card or 'a card, but none is on file'}"

    @property
    def every_said(self) -> str:
        return words.every_said(self.membership)

    @property
    def adds_said(self) -> str:
        return words.adds_said(self.membership)

    @property
    def uses_said(self) -> list[str]:
        return words.uses_said(self.membership)

    @property
    def trial_said(self) -> str:
        """That the first charge is still to come."""
        until = self.membership.trial_until
        return f"Trial until {self._day(until)}" if until and until > self.today else ""

    @property
    def change_said(self) -> str:
        """That another plan was chosen for the next charge."""
        ours = self.membership
        if ours.next_plan is None:
            return ""
        if ours.next_plan_id == ours.plan_id:
            return f"{words.every_said(ours.next_plan)} from the next charge on"
        return f"{ours.next_plan} from the next charge on"

    def _paused(self) -> str:
        until = self.pause.until_on if self.pause else None
        return f"Nothing until it resumes{f' on {self._day(until)}' if until else ''}"

    def _day(self, day: dt.date | None) -> str:
        return said.day(day, self.today) if day else ""


def due_of(terms: Terms) -> Money:
    """What a card is asked for: the price with its tax. No queries for rates that are known."""
    return words.priced(terms.price, terms.tax_rate).total


def status_of(membership: Membership) -> Status:
    """Ending soon is what a desk needs to know of one that is active."""
    if membership.ends_on and membership.status in (Of.ACTIVE, Of.PAUSED):
        return Status("canceled", "Canceled", "chip-back")
    look = {
        Of.ACTIVE: "chip-done",
        Of.PAST_DUE: "chip-held chip-dot",
        Of.UNPAID: "chip-lost",
        Of.PAUSED: "chip-back",
    }
    code = Of(membership.status)
    return Status(code.value, code.label, look.get(code, ""))
