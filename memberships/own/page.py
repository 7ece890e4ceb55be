"""What a member's own page shows: how it stands, the next charge, the last ones, the card."""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import cached_property

from djmoney.money import Money

from cards.models import CardOnFile
from cards.on_file import default_card
from memberships.changing.charge_words import ahead_said
from memberships.changing.coming import Coming, coming
from memberships.changing.quotes import Quote, cancel_quote, keep_quote
from memberships.enrolling.line import period_line, total_of
from memberships.enrolling.words import (
    adds_said,
    day_said,
    every_said,
    uses_said,
)
from memberships.models import Membership, MembershipSettings, Pause, Period
from memberships.own.charges import OwnCharge, charges_of
from memberships.own.failing_words import failure_said
from salon import clock, said

Status = Membership.Status


class OwnPage:
    """Everything is asked for once, when it is shown. At most nine queries for the page."""

    def __init__(self, membership: Membership, today: dt.date | None = None) -> None:
        self.membership = membership
        self.location = membership.location
        self.client = membership.client.survivor
        self.today = today or clock.business_date(membership.location)

    @cached_property
    def settings(self) -> MembershipSettings:
        """One query."""
        return MembershipSettings.current()

    @property
    def stand(self) -> str:
        """Its key for templates: active, ending, trial, past_due, unpaid, paused, ended."""
        member = self.membership
        if member.status == Status.ACTIVE and member.ends_on:
            return "ending"
        is_trial = member.trial_until is not None and member.trial_until > self.today
        return "trial" if member.status == Status.ACTIVE and is_trial else member.status

    @cached_property
    def stand_said(self) -> str:
        """Where it stands, in a sentence. One query while it is paused."""
        member = self.membership
        match self.stand:
            case "ended":
                return f"Over since {day_said(member.ended_on)}." if member.ended_on else "Over."
            case "ending":
                return f"Canceled. It ends on {day_said(member.ends_on)}."  # type: ignore[arg-type]
            case "trial":
                return f"On trial until {day_said(member.trial_until)}."  # type: ignore[arg-type]
            case "paused":
                return self._paused_said
            case "past_due" | "unpaid":
                return "A charge was not paid."
        return f"Member since {day_said(member.started_on)}."

    @property
    def _paused_said(self) -> str:
        pause = Pause.objects.filter(membership=self.membership, resumed_on=None).first()
        until = f" until {day_said(pause.until_on)}" if pause and pause.until_on else ""
        return f"Paused{until}: nothing is charged, and nothing added."

    @property
    def costs(self) -> str:
        """$100.00 a month"""
        return every_said(self.membership)

    @cached_property
    def adds(self) -> str:
        """$120.00, $20.00 of it as a bonus. One query where the price is taxed."""
        return adds_said(self.membership)

    @property
    def uses(self) -> list[str]:
        """What limits the money that is added, a sentence each."""
        return uses_said(self.membership)

    @cached_property
    def coming(self) -> Coming | None:
        """The next charge; None while none is made. Two queries at most."""
        ends = self.membership.ends_on
        charge = coming(self.membership) if not self.membership.owes_a_period else None
        return None if charge and ends and charge.on >= ends else charge

    @cached_property
    def owed(self) -> Period | None:
        """The period whose charge failed, if any. One query where there is one."""
        if not self.membership.owes_a_period:
            return None
        rows = self.membership.periods.owed().select_related("plan", "tax_rate", "order")
        period = rows.order_by("number", "step").first()
        if period is not None:
            period.membership = self.membership
        return period

    @cached_property
    def charging(self) -> Period | None:
        """What is owed, while its card is asked. One query where something is owed."""
        if not self.membership.owes_a_period or self.owed:
            return None
        return self.membership.periods.filter(status=Period.Status.CHARGING).first()

    @property
    def pay_stamp(self) -> str:
        """Differs as soon as something else is owed or asked, or it was asked once more."""
        card = self.card.pk if self.card else None
        assert self.owed is not None  # nosec B101 - asked by the caller
        shown = (self.owed.uuid, self.owed.tries, self.owed_amount, card)
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]

    @cached_property
    def owed_amount(self) -> Money | None:
        """What has to be paid, tax included. Two queries at most."""
        return total_of([period_line(self.owed)]) if self.owed else None

    @property
    def owed_why(self) -> str:
        """Why the card did not pay, in words for whoever holds it."""
        return failure_said(self.owed) if self.owed else ""

    @cached_property
    def card(self) -> CardOnFile | None:
        """The card that is charged: the member's, or the default where that was removed."""
        card = self.membership.card
        return card if card and not card.removed_at else default_card(self.client)

    @property
    def card_said(self) -> str:
        """Visa •••• 4242, good until 12/30; or that there is none."""
        if self.card is None:
            return "No card is on file."
        if self.card.last_day < self.today:
            return f"{self.card} has expired."
        return f"{self.card}, good until {self.card.expiry}"

    @cached_property
    def card_consent(self) -> str:
        """What is agreed to with another card: what it is charged, then the owner's words."""
        told = ahead_said(self.coming) if self.coming else []
        if owed := self.owed_amount:
            told = [f"{said.amount(owed)} is owed and charged at once."]
        return "\n".join([*told, "", self.settings.consent]).strip()

    @property
    def consent_print(self) -> str:
        """Differs as soon as any of these words does."""
        return hashlib.sha256(self.card_consent.encode()).hexdigest()[:16]

    @property
    def can_pay(self) -> bool:
        """Whether there is a card to ask for what is owed."""
        return self.card is not None and self.card.last_day >= self.today

    @property
    def will_pay(self) -> bool:
        """Whether there is a card that is still good on the day of the next charge."""
        on = self.coming.on if self.coming else self.today
        return self.card is not None and self.card.last_day >= on

    @cached_property
    def charges(self) -> list[OwnCharge]:
        """What was paid, the newest first. One query."""
        return charges_of(self.membership)

    @cached_property
    def cancel(self) -> Quote | None:
        """What canceling to the end would do; None where clients may not, or it is canceled."""
        member = self.membership
        if not self.settings.clients_cancel or not member.is_standing or member.ends_on:
            return None
        return cancel_quote(member, at_once=False, on=self.today, by_client=True)

    @cached_property
    def keep(self) -> Quote | None:
        """What taking a cancellation back would do; None where there is none to take back."""
        if not self.settings.clients_cancel or self.stand != "ending":
            return None
        return keep_quote(self.membership, self.today, by_client=True)
