"""What becomes of a deposit, and what is charged, if a visit does not happen: said beforehand.

The policy only proposes: the desk sees it preselected, a client who cancels online is told it and
agrees. Nothing is written here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from djmoney.money import Money

from appointments.models import Appointment
from deposits.fates.held import Held, held_for
from deposits.fees.cards import card_for
from deposits.fees.finding import standing_fee
from deposits.models import BookingSettings, Decision, Fate
from deposits.rules.cancellation import CancellationTerms, terms_of
from salon import said
from salon.money import minor, money

Occasion, Kind = Decision.Occasion, Fate.Kind

_BY_STATUS = {
    Appointment.Status.LATE: Occasion.LATE,
    Appointment.Status.NO_SHOW: Occasion.NO_SHOW,
}
"""What decides about a deposit that is looked at by hand afterwards."""


@dataclass(frozen=True)
class Consequence:
    """What the policy says about one visit now. `parts` add up to `held`: (Fate.Kind, amount)."""

    occasion: str
    is_late: bool
    deadline_at: dt.datetime
    held: Money
    fee: Money
    """All of the fee; the deposit pays what it can of it. Zero where one was charged already."""
    parts: list[tuple[str, Money]]
    fee_rest: Money
    """What the card on file would pay, beyond the deposit."""
    sentence: str
    """For the client: "You get $20.00 back as account credit; $15.00 is kept."."""
    why: str
    """Which rule says so, for the desk."""

    def amount_of(self, kind: str) -> Money:
        """What of the deposit goes that way."""
        return sum((amount for what, amount in self.parts if what == kind), money(0))


def consequence_of(visit: Appointment, *, occasion: str, at: dt.datetime) -> Consequence:
    """What the policy would do. `occasion`: a Decision.Occasion.

    "late" before the deadline is told as canceled in time; "by_hand" goes by what the visit is by
    now. Sixteen queries at most, and three for each sale that sold what is held.
    """
    return consequence_from(held_for(visit), occasion=occasion, at=at)


def consequence_from(held: Held, *, occasion: str, at: dt.datetime) -> Consequence:
    """As `consequence_of`, for who knows already what is held."""
    visit = held.visit
    terms = terms_of(visit)
    if occasion == Occasion.BY_HAND:
        occasion = _BY_STATUS.get(Appointment.Status(visit.status), Occasion.CANCELED)
    elif occasion == Occasion.LATE and at < terms.deadline_at:
        occasion = Occasion.CANCELED
    is_late = occasion in (Occasion.LATE, Occasion.NO_SHOW)
    charged_already = is_late and standing_fee(visit) is not None
    fee = money(0) if charged_already else _fee(terms, occasion)
    parts, why = _parts(held, occasion, fee)
    forfeited = sum((amount for kind, amount in parts if kind == Kind.FORFEITED), money(0))
    rest = max(fee - forfeited, money(0))
    return Consequence(
        occasion=str(occasion),
        is_late=is_late,
        deadline_at=terms.deadline_at,
        held=held.amount,
        fee=fee,
        parts=parts,
        fee_rest=rest,
        sentence=sentence_of(visit, held, parts, rest),
        why=why,
    )


def _fee(terms: CancellationTerms, occasion: str) -> Money:
    if occasion == Occasion.LATE:
        return terms.late_fee
    return terms.no_show_fee if occasion == Occasion.NO_SHOW else money(0)


def _parts(held: Held, occasion: str, fee: Money) -> tuple[list[tuple[str, Money]], str]:
    """What the policy makes of the deposit, and the rule in words."""
    if occasion in (Occasion.MOVED, Occasion.CLIENT):
        return _told(held, {Kind.MOVED: minor(held.amount)}), "The deposit follows the visit"
    settings = BookingSettings.current()
    if occasion in (Occasion.LATE, Occasion.NO_SHOW):
        return _late(held, settings, fee, Occasion(occasion).label)
    if settings.on_time_fate == Kind.REFUNDED and held.to_card:
        back = minor(held.to_card)
        parts = {Kind.REFUNDED: back, Kind.KEPT: minor(held.amount) - back}
        return _told(held, parts), "Canceled in time: refunded to the card"
    return _told(held, {Kind.KEPT: minor(held.amount)}), "Canceled in time: kept as account balance"


def _late(
    held: Held, settings: BookingSettings, fee: Money, what: str
) -> tuple[list[tuple[str, Money]], str]:
    """The fee out of the deposit; without a fee the deposit is all or nothing."""
    cents = minor(held.amount)
    if fee:
        taken = min(cents, minor(fee))
        why = f"{what}: the fee of {said.amount(fee)} comes out of the deposit first"
    elif settings.late_fate == Kind.FORFEITED:
        taken, why = cents, f"{what}: the deposit is forfeited"
    else:
        taken, why = 0, f"{what}: the deposit is kept as account balance"
    return _told(held, {Kind.FORFEITED: taken, Kind.KEPT: cents - taken}), why


def _told(held: Held, cents: dict[Fate.Kind, int]) -> list[tuple[str, Money]]:
    return [(kind.value, money(part)) for kind, part in cents.items() if part] if held else []


def sentence_of(visit: Appointment, held: Held, parts: list[tuple[str, Money]], rest: Money) -> str:
    """For the client: You get $20.00 back as account credit; $15.00 is kept.

    `rest`: what of a fee the deposit does not cover. One query where there is any.
    """
    in_order = sorted(parts, key=lambda part: part[0] == Kind.FORFEITED)
    words = [_words_of(kind, amount, held) for kind, amount in in_order]
    if rest:
        card = card_for(visit)
        more = " more" if any(kind == Kind.FORFEITED for kind, _ in parts) else ""
        due = f"is charged to your card ({card})" if card else "is due as a fee"
        words.append(f"{said.amount(rest)}{more} {due}")
    text = "; ".join(words) or "It costs you nothing"
    return f"{text[:1].upper()}{text[1:]}."


def _words_of(kind: str, amount: Money, held: Held) -> str:
    how_much = said.amount(amount)
    return {
        Kind.KEPT: f"you get {how_much} back as account credit",
        Kind.REFUNDED: f"you get {how_much} back to {held.card}",
        Kind.FORFEITED: f"{how_much} is kept",
        Kind.MOVED: f"{how_much} is held for another visit",
    }[Kind(kind)]
